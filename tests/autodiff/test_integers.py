"""Integers are differentiated as if they were floats, and casts to them as if they were none."""

import jax
import pytest

import msjax as ms
from msjax import Tensor, ops


def values(tree):
    return tuple(map(values, tree)) if isinstance(tree, tuple) else tree.asnumpy().tolist()


def i():
    return Tensor([1, 2, 3], ms.int32)


def x():
    return Tensor([1.5, 2.5, 3.5])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda a: a * a, [2, 4, 6]),
        (lambda a: a**2, [2, 4, 6]),
        (lambda a: a * 1.5, [1, 1, 1]),
        (lambda a: a * 0.5, [0, 0, 0]),
        (lambda a: a // 2, [0, 0, 0]),
        (lambda a: ops.cumsum(a, 0), [3, 2, 1]),
        (lambda a: ops.concat((a, a * a)), [3, 5, 7]),
        (lambda a: ops.where(a > 1, a, a * 2), [2, 1, 1]),
        (lambda a: ops.maximum(a, Tensor([2, 2, 2], ms.int32)), [0, 0, 1]),
        (lambda a: ops.sin(a.astype(ms.float32)) * 10, [5, -4, -9]),
        (lambda a: x()[a - 1], [0, 0, 0]),
    ],
)
def test_arguments(function, expected):
    for gradient in (ms.grad(function), ms.jit(ms.grad(function)), ms.grad(ms.jit(function))):
        for _ in range(3):  # eager, then compiled
            found = gradient(i())
            assert values(found) == expected
            assert found.dtype == ms.int32


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda a: a.astype(ms.int32) * 2.0, [2, 2, 2]),
        (lambda a: a.astype(ms.int32).astype(ms.float32) * a, [2.5, 4.5, 6.5]),
        (lambda a: a * i(), [1, 2, 3]),
    ],
)
def test_casts_are_straight_through(function, expected):
    for gradient in (ms.grad(function), ms.jit(ms.grad(function)), ms.grad(ms.jit(function))):
        for _ in range(3):  # eager, then compiled
            assert values(gradient(x())) == expected


def test_orders_modes_and_values():
    assert values(ms.grad(ms.grad(lambda a: a * a * a))(i())) == [6, 12, 18]
    assert values(ms.jvp(lambda a: a * a, i(), i())) == ([1, 4, 9], [2, 8, 18])
    assert values(ms.vjp(lambda a: a * a, i())[1](i())) == ([2, 8, 18],)
    value, gradient = ms.value_and_grad(lambda a: a * a)(i())
    assert (value.dtype, gradient.dtype) == (ms.int32, ms.int32)
    assert values(ms.grad(lambda a, b: a * b, (0, 1))(i(), x())) == ([1, 2, 3], [1, 2, 3])


def test_nothing_is_left_behind():
    kept, a = [], i()

    def f(b):
        kept.append(b * 2)
        if len(kept) == 2:
            raise KeyError
        return b * kept[-1]

    assert values(ms.grad(f)(a)) == [4, 8, 12]
    with pytest.raises(KeyError):
        ms.grad(f)(a)
    assert all(t._shadow is None and not isinstance(t._array, jax.core.Tracer) for t in (a, *kept))
    assert values(kept[0] + a) == [3, 6, 9]
