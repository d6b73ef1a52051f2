"""A gradient never flows through a value that was stored before the transform began, looked at or not."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor


@pytest.fixture(autouse=True)
def eagerly():
    ms.set_compile("off")
    yield
    ms.set_compile("auto")


@pytest.mark.parametrize("looked_at", [False, True])
@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize(
    "make", [lambda w: w.T, lambda w: w.T[0:2], lambda w: w.reshape(2, 2).T], ids=["T", "of-view", "chain"]
)
def test_first_order(looked_at, written, make):
    w = Parameter(Tensor([[1.0, 2.0], [3.0, 4.0]]), name="w")
    stored = make(w)
    if written:
        w.set_data(w * 2.0)
    if looked_at:
        stored.asnumpy()
    gradient = ms.grad(lambda: (w * stored).sum(), None, [w])()[0]
    np.testing.assert_array_equal(gradient.asnumpy(), w.asnumpy().T)


def test_second_order():
    w = Tensor([2.0, 3.0])
    stored = w[0:1]
    w.add_(1.0)

    def inner(v):
        return (v * v * stored).sum()

    second = ms.grad(lambda v: ms.grad(inner)(v).sum())(w)
    np.testing.assert_array_equal(second.asnumpy(), [6.0, 6.0])
    assert stored.tolist() == [3.0]


def test_a_view_made_inside_carries_the_gradient():
    w = Tensor([2.0, 3.0])
    gradient = ms.grad(lambda v: ms.grad(lambda u: (u * v[0:1]).sum())(v).sum())(w)
    np.testing.assert_array_equal(gradient.asnumpy(), [3.0, 1.0])  # of 2 w0 + w1 + w0: u is v, the same Tensor
