"""Functions and methods replaced between calls: on instances, on classes, in the library."""

import functools

import contract_helper as helper
import msjax as ms
from contract import STEPS, patched, program
from msjax import Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


def activation(x):
    return x * x


@program
def method_of_an_instance():
    class Net(nn.Cell):
        def act(self, x):
            return x * x

        def construct(self, x):
            return self.act(x)

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        yield f(X)
        if k == 1:
            net.act = lambda x: x * 3
        if k == 3:
            del net.act


@program
def method_of_a_class():
    class Net(nn.Cell):
        def act(self, x):
            return x * x

        def construct(self, x):
            return self.act(x)

    f = ms.grad(Net())
    for k in STEPS:
        yield f(X)
        if k == 1:
            Net.act = lambda self, x: x * 3


@program
def construct_of_an_instance():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(lambda x: net(x.reshape((1, 3))).sum())
    original = net.construct
    for k in STEPS:
        yield f(X)
        if k == 1:
            net.construct = lambda x: original(x) * 2
        if k == 3:
            net.construct = original


@program
def construct_of_a_library_class():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(lambda x: net(x.reshape((1, 3))).sum())
    yield f(X), f(X), f(X)
    with patched(nn.Dense, "construct", lambda self, x: (x * 5).sum()):
        yield f(X), f(X)
    yield f(X)


@program
def library_function():
    f = ms.grad(lambda x: ops.relu(x - 2))
    yield f(X), f(X), f(X)
    with patched(ops, "relu", lambda x: x * 10):
        yield f(X), f(X)
    yield f(X)


@program
def library_function_called_by_a_layer():
    net = nn.SequentialCell(nn.Tanh())
    f = ms.grad(lambda x: net(x).sum())
    yield f(X), f(X), f(X)
    with patched(nn.Tanh, "construct", lambda self, x: x * 10):
        yield f(X), f(X)
    yield f(X)


@program
def method_of_tensor():
    f = ms.grad(lambda x: (x * x).sum())
    yield f(X), f(X), f(X)
    with patched(Tensor, "sum", lambda self: ops.reduce_sum(self) * 3):
        yield f(X), f(X)
    yield f(X)


@program
def operator_of_tensor():
    f = ms.grad(lambda x: x + x)
    yield f(X), f(X), f(X)
    with patched(Tensor, "__add__", lambda self, other: self * 7):
        yield f(X), f(X)
    yield f(X)


@program
def global_function():
    f = ms.grad(lambda x: activation(x))
    yield f(X), f(X), f(X)
    with patched(__import__("sys").modules[__name__], "activation", lambda x: x * 3):
        yield f(X), f(X)
    yield f(X)


@program
def function_of_another_module():
    f = ms.grad(lambda x: helper.scaled(x))
    yield f(X), f(X), f(X)
    with patched(helper, "scaled", lambda x: x * 30):
        yield f(X), f(X)
    yield f(X)


@program
def code_of_a_function():
    def act(x):
        return x * x

    def other(x):
        return x * 3

    f = ms.grad(lambda x: act(x))
    g = ms.grad(act)
    yield f(X), g(X), f(X), g(X), f(X), g(X)
    act.__code__ = other.__code__
    yield f(X), g(X), f(X), g(X)


@program
def class_of_an_object():
    class Square:
        def act(self, x):
            return x * x

    class Triple:
        def act(self, x):
            return x * 3

    model = Square()
    f = ms.grad(lambda x: model.act(x))
    for k in STEPS:
        yield f(X)
        if k == 2:
            model.__class__ = Triple


@program
def base_class_extended():
    class Base:
        def act(self, x):
            return x * x

    class Model(Base):
        pass

    model = Model()
    f = ms.grad(lambda x: model.act(x))
    for k in STEPS:
        yield f(X)
        if k == 2:
            Model.act = lambda self, x: x * 3


@program
def closure_function_rebound():
    def act(x):
        return x * x

    f = ms.grad(lambda x: act(x))
    for k in STEPS:
        yield f(X)
        if k == 1:
            act = ops.tanh
        if k == 2:
            act = functools.partial(ops.mul, 4)
        if k == 3:
            act = nn.ReLU()


@program
def counting_wrapper_put_around_later():
    calls = []
    relu = ops.relu

    def counting(x):
        calls.append("relu")
        return relu(x)

    f = ms.grad(lambda x: ops.relu(x - 2))
    yield f(X), f(X), f(X), len(calls)
    with patched(ops, "relu", counting):
        yield f(X), f(X), f(X), len(calls)
    yield f(X), len(calls)
