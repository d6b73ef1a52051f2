"""Functions that leave the world of Tensors: asnumpy, item, float, bool, str, and come back."""

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=False)
def asnumpy_inside():
    f = watch(ms.grad(lambda x: x * Tensor(np.cumsum(x.asnumpy()))))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def item_and_float():
    f = watch(ms.grad(lambda x: x * x[0].item() * float(x[1]) * int(x[2])))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def tolist_and_index():
    table = [1.0, 10.0, 100.0]
    f = watch(ms.grad(lambda x, i: x * sum(x.tolist()) * table[i]))
    for k in STEPS:
        yield f(X + k, Tensor(k % 3))


@program(compiles=True)
def len_and_shape():
    f = watch(ms.grad(lambda x: x * len(x) * x.shape[0] * x.ndim * x.size))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def string_of_a_tensor():
    f = watch(ms.grad(lambda x: x * len(str(x)) * len(repr(x.sum()))))
    for k in STEPS:
        yield f(X * 10.0**k)


@program(compiles=False)
def numpy_function_of_a_tensor():
    f = watch(ms.value_and_grad(lambda x: x * Tensor(np.sort(np.asarray(x))[::-1].copy())))
    for k in STEPS:
        yield f(X - k)


@program
def float_of_a_parameter():
    scale = ms.Parameter(Tensor(1.0), name="scale", requires_grad=False)
    f = ms.grad(lambda x: x * float(scale))
    for k in STEPS:
        scale.set_data(Tensor(float(k)))
        yield f(X)


@program
def float_of_a_captured_tensor():
    scale = Tensor(1.0)
    f = ms.grad(lambda x: x * float(scale) if scale > 1 else x)
    for k in STEPS:
        scale.copy_(Tensor(float(k)))
        yield f(X)


@program
def best_loss_kept():
    best = {"loss": float("inf")}

    def forward(x):
        loss = (x * x).sum()
        if float(loss) < best["loss"]:
            best["loss"] = float(loss)
        return loss

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X - k), best["loss"]


@program
def iteration_over_a_tensor():
    f = ms.grad(lambda x: sum(row * (k + 1) for k, row in enumerate(x)))
    for k in STEPS:
        yield f(X + k)


@program
def membership():
    f = ms.grad(lambda x: x * 2 if 3.0 in x else x)
    for k in STEPS:
        yield f(X + k)


@program
def non_tensor_results():
    f = ms.value_and_grad(lambda x: (x.sum(), 3, "text", None, x.shape, np.float32(2), float(x[0])), has_aux=True)
    for k in STEPS:
        yield f(X + k)


@program
def mask_and_nonzero():
    f = ms.grad(lambda x: (x[x > 2] ** 2).sum())
    for k in STEPS:
        yield f(X + k)


@program
def gradient_used_as_python_value():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.value_and_grad(lambda x: (net(x) ** 2).sum(), None, net.trainable_params())
    for k in STEPS:
        loss, gradients = f((X + k).reshape((1, 3)))
        norm = sum(float((g * g).sum()) for g in gradients)
        yield float(loss), norm, ops.cast(loss, ms.int32)
