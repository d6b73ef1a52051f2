"""Tensors, arrays and networks that a function reads from outside, replaced or written between calls."""

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])
x = y = None


@program(compiles=True)
def globals_of_a_training_loop():
    global x, y
    net = nn.Dense(3, 1)
    f = watch(ms.value_and_grad(lambda: ((net(x) - y) ** 2).mean(), None, net.trainable_params()))
    for k in STEPS:
        x, y = (X * k).reshape((1, 3)), Tensor([[float(k)]])
        yield f()


@program
def global_tensor_of_another_shape():
    global x
    f = ms.value_and_grad(lambda w: (w * x).sum())
    for k in STEPS:
        x = ops.ones((k + 1, 3), ms.float32)
        yield f(X)


@program
def global_tensor_of_another_dtype():
    global x
    f = ms.value_and_grad(lambda w: (w * x).sum())
    for dtype in (ms.float32, ms.float64, ms.int32, ms.float16, ms.float32):
        x = ops.ones((3,), dtype)
        yield f(X)


@program(compiles=True)
def closure_tensor_rebound():
    scale = X
    f = watch(ms.grad(lambda a: (a * scale).sum()))
    for k in STEPS:
        scale = X + k
        yield f(X)


@program(compiles=True)
def closure_tensor_written():
    scale = Tensor([1.0, 1.0, 1.0])
    f = watch(ms.grad(lambda a: (a * scale).sum()))
    for k in STEPS:
        scale[0] = float(k)
        yield f(X), scale


@program
def tensor_becomes_a_float():
    scale = X
    f = ms.grad(lambda a: (a * scale).sum())
    for value in (X, X, 2.0, None, X):
        scale = value if value is not None else np.float32(3.0)
        yield f(X)


@program
def tensor_in_a_container_replaced():
    tensors, table = [X, X], {"scale": X}
    f = ms.grad(lambda a: (a * tensors[0] * tensors[-1] * table["scale"]).sum())
    for k in STEPS:
        yield f(X)
        tensors[0] = X * k
        table["scale"] = X + k
        if k == 3:
            tensors.append(X * 2)


@program
def tensor_attribute_replaced():
    class Model:
        pass

    model = Model()
    model.scale = X
    f = ms.grad(lambda a: (a * model.scale).sum())
    for k in STEPS:
        yield f(X)
        model.scale = X * k


@program
def one_tensor_for_two_names():
    left = right = X
    f = ms.grad(lambda a: (a * left * right).sum(), 0)
    g = ms.grad(lambda a, b: (a * b).sum(), (0, 1))
    yield f(X * 2), f(X * 2), g(left, right)
    right = Tensor([5.0, 5.0, 5.0])
    yield f(X * 2), f(X * 2), g(left, right)
    left = right
    yield f(X * 2), f(X * 2), g(left, right)


@program
def numpy_array_written():
    table = np.array([1.0, 2.0, 3.0], np.float32)
    f = ms.grad(lambda a: (a * Tensor(table)).sum())
    for k in STEPS:
        table[0] = k
        yield f(X)


@program
def numpy_array_as_operand_written():
    table = np.array([1.0, 2.0, 3.0], np.float32)
    f = ms.grad(lambda a: a * float(table[0]) * int(table.sum()))
    for k in STEPS:
        table[0] = k
        yield f(X)


@program
def tensor_sharing_memory_with_numpy():
    array = np.array([1.0, 2.0, 3.0], np.float32)
    shared = Tensor.from_numpy(array)
    f = ms.grad(lambda a: (a * shared).sum())
    for k in STEPS:
        shared[0] = float(k)
        yield f(X), shared


@program
def network_replaced():
    net = nn.Dense(3, 1)
    f = ms.grad(lambda a: net(a.reshape((1, 3))).sum())
    for k in STEPS:
        yield f(X)
        if k == 1:
            net = nn.Dense(3, 1, weight_init="ones")
        if k == 3:
            net = nn.SequentialCell(nn.Dense(3, 2, weight_init="ones"), nn.ReLU())


@program
def parameter_replaced():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(lambda a: (net(a.reshape((1, 3))) ** 2).sum())
    g = ms.grad(lambda a: (net(a.reshape((1, 3))) ** 2).sum(), None, net.trainable_params())
    for k in STEPS:
        yield f(X), g(X)
        net.weight = Parameter(Tensor([[float(k), 1.0, 2.0]]), name="weight")


@program(compiles=True)
def parameter_set_data():
    net = nn.Dense(3, 1)
    f = watch(ms.grad(lambda a: (net(a.reshape((1, 3))) ** 2).sum(), None, net.trainable_params()))
    for k in STEPS:
        net.weight.set_data(Tensor([[float(k), 1.0, 2.0]]))
        yield f(X)


@program
def parameter_assigned_by_attribute():
    net = nn.Dense(3, 1)
    f = ms.grad(lambda a: (net(a.reshape((1, 3))) ** 2).sum())
    for k in STEPS:
        net.weight = Tensor([[float(k), 1.0, 2.0]])
        yield f(X), net.weight


@program
def list_of_parameters_changes():
    net = nn.Dense(3, 1)
    weights = [net.weight]
    f = ms.grad(lambda a: (net(a.reshape((1, 3))) ** 2).sum(), None, weights)
    for k in STEPS:
        yield f(X)
        if k == 1:
            weights.append(net.bias)
        if k == 3:
            weights.pop(0)


@program
def captured_list_of_parameters():
    weights = [Parameter(X * 1, name=f"w{k}") for k in range(3)]
    f = ms.grad(lambda a: sum((a * w).sum() for w in weights))
    for k in STEPS:
        yield f(X)
        weights[k % 3].set_data(X * k)
        if k == 3:
            weights[0] = Parameter(X * 7, name="w0")


@program
def requires_grad_toggled():
    net = nn.Dense(3, 1, weight_init="ones")
    for k in STEPS:
        net.bias.requires_grad = k % 2 == 0
        f = ms.grad(lambda a: (net(a.reshape((1, 3))) ** 2).sum(), None, net.trainable_params())
        yield f(X), len(net.trainable_params())


@program
def requires_grad_of_a_weight_toggled():
    p = Parameter(X * 1, name="p")
    f = ms.grad(lambda a: (a * p).sum(), (0,), [p])
    for k in STEPS:
        yield f(X)
        p.requires_grad = k % 2 == 1


@program
def weights_tied_later():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.a = nn.Dense(3, 3, weight_init="ones", has_bias=False)
            self.b = nn.Dense(3, 3, weight_init="ones", has_bias=False)

        def construct(self, a):
            return self.b(self.a(a))

    net = Net()
    f = ms.grad(lambda a: net(a).sum(), None, [net.a.weight])
    for k in STEPS:
        yield f(X.reshape((1, 3))), net.b.weight is net.a.weight
        if k == 1:
            net.b.weight = net.a.weight
        if k == 3:
            net.a.weight.set_data(net.a.weight * 2)
