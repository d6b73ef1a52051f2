"""jet and derivative."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.autodiff import taylor
from msjax.core.tensor import raw


def x():
    return Tensor([1.0, 2.0])


def exp_of_sin(a):
    return ops.exp(ops.sin(a))


def test_golden():
    value, series = ops.jet(exp_of_sin, x(), Tensor([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]))
    np.testing.assert_allclose(value.asnumpy(), [2.319777, 2.4825778], rtol=1e-6)
    expected = [[1.2533808, -1.0331169], [-1.2748204, -1.8274732], [-4.0515366, 3.6724353]]
    np.testing.assert_allclose(series.asnumpy(), expected, rtol=1e-5)
    np.testing.assert_allclose(ops.derivative(exp_of_sin, x(), 3)[1].asnumpy(), expected[2], rtol=1e-5)
    np.testing.assert_allclose(ops.jet(exp_of_sin, x(), x())[1].asnumpy(), [[1.2533808, -2.0662338]], rtol=1e-5)


def test_several_primals_are_derived_together():
    value, derived = ops.derivative(lambda a, b: a * a * b, (x(), Tensor([3.0, 4.0])), 2)
    assert value.asnumpy().tolist() == [3, 16]
    assert derived.asnumpy().tolist() == [10, 16]
    _, (first, second) = ops.derivative(lambda a: (a * a, a * a * a), x(), 2)
    assert (first.asnumpy().tolist(), second.asnumpy().tolist()) == ([2, 2], [6, 12])
    _, series = ops.jet(
        lambda a, b: a * b, (x(), x()), (Tensor([[1.0, 1.0], [0.0, 0.0]]), Tensor([[1.0, 2.0], [0.0, 0.0]]))
    )
    assert series.asnumpy().tolist() == [[2, 6], [2, 4]]


FUNCTIONS = [
    *(
        ops.sin,
        ops.tan,
        ops.tanh,
        ops.sinh,
        ops.sqrt,
        ops.rsqrt,
        ops.log,
        ops.log1p,
        ops.expm1,
        ops.erf,
        ops.atan,
        ops.asin,
    ),
    *(ops.relu, ops.gelu, ops.softplus, ops.mish, ops.sigmoid, ops.silu, ops.elu, ops.softmax),
    lambda a: a**2.5,
    lambda a: a / (1 + a),
    lambda a: ops.maximum(a, a * a),
    lambda a: ops.where(a > 0.5, a * a, ops.exp(a)),
    lambda a: ops.cumsum(a, 0),
    lambda a: ops.logsumexp(a, 0),
    lambda a: ops.norm(a),
    lambda a: ops.matmul(a, ops.exp(a)),
    lambda a: ops.cholesky(ops.outer(a, a) + ops.eye(2)),
    ms.jit(exp_of_sin),
    nn.SequentialCell(nn.Dense(2, 3), nn.Tanh()),
]


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_every_operator_agrees_with_derivatives_of_derivatives(fn):
    a = Tensor([0.3, 0.6], ms.float32)
    series = [[1.0, -2.0], [0.5, 1.0], [3.0, 0.25]]
    found = ops.jet(fn, a, Tensor(series))
    wanted = taylor._by_jvp(fn, [raw(a)], [[raw(Tensor(s)) for s in series]], 3)
    np.testing.assert_allclose(found[0].asnumpy(), wanted[0].asnumpy(), rtol=1e-5, atol=1e-6)
    for order in range(3):
        np.testing.assert_allclose(found[1][order].asnumpy(), wanted[1][order].asnumpy(), rtol=2e-3, atol=2e-4)


def test_compositions():
    def third(a):
        return ops.derivative(exp_of_sin, a, 3)[1]

    expected = ms.grad(ms.grad(ms.grad(ms.grad(exp_of_sin))))(x()).asnumpy()
    for gradient in (ms.grad(third), ms.jit(ms.grad(third)), ms.vmap(ms.grad(third))):
        np.testing.assert_allclose(gradient(x()).asnumpy(), expected, rtol=1e-4)


def test_dtypes():
    assert ops.jet(ops.sin, Tensor([1, 2]), Tensor([1, 1]))[1].dtype == ms.float32
    wide = Tensor([1.0], ms.float64)
    assert ops.derivative(ops.sin, wide, 4)[1].dtype == ms.float64
    assert ops.derivative(ops.relu, wide, 3)[1].dtype == ms.float64
    assert ops.derivative(ops.relu, Tensor([1.0]), 3)[1].dtype == ms.float32


@pytest.mark.parametrize(
    ("call", "error", "fragment"),
    [
        (lambda: ops.jet(ops.sin, 1.0, x()), TypeError, "must be both Tensor or tuple"),
        (lambda: ops.jet(ops.sin, x(), (x(),)), TypeError, "must be both Tensor or tuple"),
        (
            lambda: ops.jet(ops.sin, (x(),), (x(), x())),
            ValueError,
            "The lengths of primals and series must be the same",
        ),
        (
            lambda: ops.jet(ops.sin, x(), Tensor([1.0, 2.0, 3.0])),
            ValueError,
            "the shape of each element must be the same",
        ),
        (
            lambda: ops.jet(ops.sin, x().astype(ms.float16), x().astype(ms.float16)),
            TypeError,
            "belong to `mstype.int32",
        ),
        (lambda: ops.jet(ops.sin, x().astype(ms.float64), x()), TypeError, "must be the same"),
        (lambda: ops.derivative(ops.sin, x(), 0), ValueError, "'order' must be int >= 1, but got 0"),
        (lambda: ops.derivative(ops.sin, x(), 1.0), TypeError, "'order' must be int >= 1"),
        (lambda: ops.derivative(ops.sin, 1.0, 1), TypeError, "must be a Tensor"),
    ],
)
def test_errors(call, error, fragment):
    with pytest.raises(error) as caught:
        call()
    assert fragment in str(caught.value)
