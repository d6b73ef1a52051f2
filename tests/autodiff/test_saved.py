"""Hooks on what a gradient keeps."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops


def x():
    return Tensor([1.0, 2.0])


def hooked(f, pack, unpack=lambda t: t):
    def run(a):
        with ms.saved_tensors_hooks(pack, unpack):
            return f(a)

    return run


def test_what_is_packed():
    packed = []

    def note(t):
        packed.append(t.asnumpy().tolist())
        return t

    ms.grad(hooked(ops.exp, note))(x())
    np.testing.assert_allclose(packed, [np.exp([1, 2])], rtol=1e-6)
    packed.clear()
    ms.grad(hooked(lambda a: a + a, note))(x())
    hooked(ops.exp, note)(x())
    assert packed == []


def test_kept_as_anything():
    through_numpy = hooked(lambda a: ops.exp(a) * a, lambda t: t.asnumpy(), Tensor)
    expected = ms.grad(lambda a: ops.exp(a) * a)(x()).asnumpy()
    np.testing.assert_allclose(ms.grad(through_numpy)(x()).asnumpy(), expected, rtol=1e-6)
    np.testing.assert_allclose(ms.vjp(through_numpy, x())[1](ops.ones(2))[0].asnumpy(), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("transform", "factor"),
    [
        (ms.grad, 2),
        (lambda f: ms.jit(ms.grad(f)), 2),
        (lambda f: ms.grad(ms.jit(f)), 2),
        (lambda f: ms.vmap(ms.grad(f)), 2),
        (lambda f: ms.grad(ms.vmap(f)), 2),
        (lambda f: ms.jacrev(f), 2),
        (lambda f: ms.grad(ms.grad(f)), 2),
        (lambda f: lambda a: ms.jvp(f, a, ops.ones_like(a))[1], 2),
    ],
)
def test_every_transform_goes_by_what_is_packed(transform, factor):
    found = transform(hooked(ops.exp, lambda t: t * 2))(x()).asnumpy()
    found = found if found.ndim == 1 else found.sum(0)
    np.testing.assert_allclose(found, factor * np.exp([1, 2]), rtol=1e-6)


def test_cells_and_functions():
    class Exp(nn.Cell):
        def construct(self, a):
            return ops.exp(a)

    cell = Exp()
    handle = cell.register_saved_tensors_hooks(lambda t: t * 2, lambda t: t)
    np.testing.assert_allclose(ms.grad(cell)(x()).asnumpy(), 2 * np.exp([1, 2]), rtol=1e-6)
    handle.remove()
    np.testing.assert_allclose(ms.grad(cell)(x()).asnumpy(), np.exp([1, 2]), rtol=1e-6)
    decorated = ms.register_saved_tensors_hooks(lambda t: t * 3, lambda t: t)(ops.exp)
    np.testing.assert_allclose(ms.jit(ms.grad(decorated))(x()).asnumpy(), 3 * np.exp([1, 2]), rtol=1e-6)
    with pytest.raises(TypeError, match="callable"):
        cell.register_saved_tensors_hooks(3, 4)


def test_what_is_unpacked_must_be_a_tensor():
    with pytest.raises(RuntimeError, match="must return a Tensor, but returned int"):
        ms.grad(hooked(ops.exp, lambda t: t, lambda t: 3))(x())


def test_hooks_end_with_their_context():
    def fails(a):
        with ms.saved_tensors_hooks(lambda t: t * 2, lambda t: t):
            raise KeyError

    with pytest.raises(KeyError):
        ms.grad(fails)(x())
    np.testing.assert_allclose(ms.grad(ops.exp)(x()).asnumpy(), np.exp([1, 2]), rtol=1e-6)
