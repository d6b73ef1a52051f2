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


def item_set(a):
    b = a * 2
    b[0] = 5
    b[1] = a[2]
    return b


def items_of_a_view(a):
    b = a * 2
    view = b[:2]
    view[0] = a[1] * 7
    return b


def augmented(a):
    b = a * 2
    b += a
    b *= 3
    return b


def into_floats(a):
    b = ops.zeros(3)
    b[1:] = a[:2] * 2
    return b


def constant(a):
    with ms._no_grad():
        b = a * a
        c = a.astype(ms.int64) * 5
    return a + b + c


class Seven(ms.nn.Cell):
    def construct(self, a):
        return a * 2

    def bprop(self, a, out, dout):
        assert a.dtype == out.dtype == dout.dtype
        return (dout * 7,)


class Square(ms._Function):
    @staticmethod
    def forward(ctx, a):
        assert ctx.needs_input_grad == (True,)
        ctx.save_for_backward(a)
        return a * a

    @staticmethod
    def backward(ctx, dout):
        (a,) = ctx.saved_tensors
        assert a.dtype == dout.dtype
        return a * dout * 100


def hooked(a):
    b = a * 2
    c = b * 3
    b.register_hook(lambda g: g * 10)
    return c


def hooked_argument(a):
    b = a * 3
    a.register_hook(lambda g: g * 10)
    return b


THROUGH = {
    item_set: [0, 0, 3],
    items_of_a_view: [0, 9, 2],
    augmented: [9, 9, 9],
    into_floats: [2, 2, 0],
    constant: [1, 1, 1],
    hooked: [60, 60, 60],
    hooked_argument: [30, 30, 30],
    (lambda a: Seven()(a * 3)): [21, 21, 21],
    (lambda a: Square.apply(a * 3)): [900, 1800, 2700],
    (lambda a: ms.recompute(Seven(), a)): [7, 7, 7],
    (lambda a: ops.HookBackward(lambda g: (g[0] * 10,))(a * 2)): [20, 20, 20],
    (lambda a: ops.InsertGradientOf(lambda g: g * 10)(a * 2)): [20, 20, 20],
    (lambda a: a.copy() * 3): [3, 3, 3],
    (lambda a: Tensor(a) * 3): [3, 3, 3],
    (lambda a: a[1] * 3): [0, 3, 0],
    (lambda a: a[[2, 0]] * 3): [3, 0, 3],
    (lambda a: ops.cast(a, ms.int16) * 3): [3, 3, 3],
    (lambda a: ops.Cast()(a, ms.uint8) * 3.0): [3, 3, 3],
    (lambda a: a.astype(ms.int64).astype(ms.float32) * 3): [3, 3, 3],
}


@pytest.mark.parametrize("function", THROUGH)
@pytest.mark.parametrize("dtype", [ms.int32, ms.float32])
def test_whatever_happens_to_integers_happens_to_their_derivative(function, dtype):
    for gradient in (ms.grad(function), ms.grad(ms.jit(function))):
        found = gradient(Tensor([1, 2, 3], dtype))
        assert (values(found), found.dtype) == (THROUGH[function], dtype)


def test_hooks_of_integers_get_integers():
    a, seen = i(), []
    a.register_hook(lambda g: seen.append((g.dtype, values(g))))
    assert values(ms.grad(lambda a: a * 3)(a)) == [3, 3, 3]
    assert seen == [(ms.int32, [3, 3, 3])]
