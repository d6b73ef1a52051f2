"""Programs without any effect: compiled from the second call on."""

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=True)
def gradient():
    f = watch(ms.grad(lambda x: (x * x * x).sum()))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def value_and_gradient():
    f = watch(ms.value_and_grad(lambda x, y: ops.tanh(x * y).sum(), (0, 1)))
    for k in STEPS:
        yield f(X, X - k)


@program(compiles=True)
def gradient_operation():
    f = watch(ms.ops.GradOperation(get_all=True)(lambda x, y: x * y * y))
    for k in STEPS:
        yield f(X, X + k)


@program(compiles=True)
def cotangents():
    f = watch(ms.ops.GradOperation(sens_param=True)(lambda x: x * x))
    for k in STEPS:
        yield f(X, X * k)


@program(compiles=True)
def weights_of_a_network():
    net = nn.SequentialCell(nn.Dense(3, 4), nn.Tanh(), nn.Dense(4, 1))
    f = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for k in STEPS:
        yield f((X + k).reshape((1, 3)))


@program(compiles=True)
def auxiliary_values():
    def forward(x):
        y = x * x
        return y.sum(), y, {"twice": x * 2}

    f = watch(ms.value_and_grad(forward, has_aux=True))
    for k in STEPS:
        yield f(X * k)


@program(compiles=True)
def closure_of_tensors():
    scale = Tensor([2.0, 4.0, 8.0])
    f = watch(ms.grad(lambda x: (scale * x * x).sum()))
    for k in STEPS:
        yield f(X + k), scale


@program(compiles=True)
def module_level_tensor():
    f = watch(ms.grad(lambda x: X * x))
    for _ in STEPS:
        yield f(X), f(X * 2)


@program(compiles=True)
def second_derivative():
    f = watch(ms.grad(ms.grad(lambda x: x * x * x)))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def jacobian():
    f = watch(ms.jacrev(lambda x: ops.sin(x) * x.sum()))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def hessian():
    f = watch(ms.jacfwd(ms.jacrev(lambda x: (x * x * x).sum())))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def python_loop_over_shapes():
    def forward(x):
        total = x.sum() * 0
        for row in range(x.shape[0]):
            total = total + x[row] * (row + 1)
        return total

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def local_containers():
    def forward(x):
        parts = []
        for k in range(3):
            parts.append(x * k)
        table = {"sum": sum(parts), "last": parts[-1]}
        table["both"] = table["sum"] + table["last"]
        return table["both"].sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def local_writes():
    def forward(x):
        y = x * 2
        y[0] = 5.0
        y[1] += x[2]
        return (y * y).sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def parameters_read_and_assigned():
    p = Parameter(Tensor([1.0, 1.0, 1.0]), name="p")
    f = watch(ms.grad(lambda x: (p * x).sum(), None, [p]))
    for _ in STEPS:
        (gradient,) = f(X)
        ops.assign_add(p, gradient)
        yield gradient, p.asnumpy()


@program(compiles=True)
def pinn_residual():
    net = nn.SequentialCell(nn.Dense(1, 4), nn.Tanh(), nn.Dense(4, 1))
    slope = ms.grad(lambda x: net(x).sum())

    def loss(x):
        curvature = ms.grad(lambda a: slope(a).sum())(x)
        return ((curvature + net(x)) ** 2).mean()

    f = watch(ms.value_and_grad(loss, None, net.trainable_params()))
    for k in STEPS:
        yield f(Tensor(np.linspace(0, k + 1, 6, dtype=np.float32).reshape(6, 1)))


@program(compiles=True)
def keyword_arguments():
    f = watch(ms.grad(lambda x, *, scale: (x * x * scale).sum()))
    for k in STEPS:
        yield f(X, scale=X + k)


@program(compiles=True)
def tuple_of_tensors():
    f = watch(ms.grad(lambda x, pair: (x * pair[0] * pair[1]).sum()))
    for k in STEPS:
        yield f(X, (X + k, X * k))
