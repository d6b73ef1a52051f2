"""What is replaced from outside, of Python, numpy, JAX and the library itself, between calls and for one of them."""

import builtins

import jax
import numpy as np

import msjax as ms
from contract import STEPS, patched, program
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


def replaced_once(f, owner, name, value, calls):
    """Five calls, of which the last but one finds `owner.name` replaced."""
    for k in STEPS:
        if k == 3:
            with patched(owner, name, value):
                yield f(X), list(calls)
        else:
            yield f(X), list(calls)


@program
def builtin():
    calls, before = [], abs
    f = ms.grad(lambda x: x * abs(-2.0))
    yield from replaced_once(f, builtins, "abs", lambda v: calls.append(v) or before(v) * 3, calls)


@program
def function_in_a_part_of_numpy():
    calls = []
    f = ms.grad(lambda x: x * float(np.linalg.norm(np.array([3.0, 4.0]))))
    yield from replaced_once(f, np.linalg, "norm", lambda v: calls.append(1) or 7.0, calls)


@program
def function_in_a_part_of_jax():
    calls = []
    f = ms.grad(lambda x: x * Tensor(jax.nn.relu(jax.numpy.ones(3))))
    yield from replaced_once(f, jax.nn, "relu", lambda v: calls.append(1) or v * 3, calls)


@program
def method_for_parameters_only():
    calls, w = [], Parameter(Tensor([1.0, 2.0, 3.0]), name="w")
    f = ms.grad(lambda x: x * w.sum())
    yield from replaced_once(f, Parameter, "sum", lambda self: calls.append(1) or Tensor(5.0), calls)


@program
def property_of_tensors():
    calls = []
    f = ms.grad(lambda x: x * x.shape[0])
    yield from replaced_once(f, Tensor, "shape", property(lambda self: (7,)), calls)


@program
def call_of_a_primitive():
    calls, add = [], ops.Add()
    f = ms.grad(lambda x: add(x, x))
    yield from replaced_once(f, ops.Add, "__call__", lambda self, a, b: calls.append(1) or a * 5, calls)


@program
def init_of_a_loss():
    calls, before = [], nn.MSELoss.__init__

    def init(self):
        calls.append(1)
        before(self)

    f = ms.grad(lambda x: nn.MSELoss()(x, x * 2))
    yield from replaced_once(f, nn.MSELoss, "__init__", init, calls)


@program
def bprop_of_a_class():
    class Net(nn.Cell):
        def construct(self, x):
            return x * x

        def bprop(self, x, out, dout):
            return (dout * 3.0,)

    net, calls = Net(), []
    f = ms.grad(lambda x: net(x).sum())
    yield from replaced_once(f, Net, "bprop", lambda self, x, out, dout: calls.append(1) or (dout * 7.0,), calls)


@program
def rule_of_a_function():
    class Square(ms.common._Function):
        @staticmethod
        def forward(ctx, x):
            return x * x

        @staticmethod
        def backward(ctx, dout):
            return dout * 3.0

    calls = []
    f = ms.grad(lambda x: Square.apply(x).sum())
    rule = staticmethod(lambda ctx, dout: calls.append(1) or dout * 7.0)
    for k in STEPS:
        if k == 3:
            Square.backward = rule
        yield f(X), list(calls)
