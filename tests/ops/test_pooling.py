"""Pooling against windows taken in numpy, and against MindSpore's conventions for borders."""

from functools import partial

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, mint, ops
from msjax.ops.networks.pooling import Window

X = np.arange(2 * 2 * 5 * 5, dtype=np.float32).reshape(2, 2, 5, 5)


def first(result):
    return result.asnumpy()[0, 0].ravel().tolist()


def test_max_pool():
    assert first(ops.max_pool2d(Tensor(X), 2)) == [6, 8, 16, 18]
    assert first(ops.max_pool2d(Tensor(X), 2, ceil_mode=True)) == [6, 8, 9, 16, 18, 19, 21, 23, 24]
    assert first(ops.max_pool2d(Tensor(X), 3, 1, dilation=2)) == [24]
    assert first(ops.MaxPool(2, 2, "SAME")(Tensor(X))) == [6, 8, 9, 16, 18, 19, 21, 23, 24]


def test_indices_and_unpooling():
    values, indices = ops.max_pool2d(Tensor(X), 2, return_indices=True)
    assert first(indices) == [6, 8, 16, 18]
    assert indices.dtype == ms.int64
    back = ops.max_unpool2d(values, indices, 2, output_size=(2, 2, 5, 5)).asnumpy()
    assert back.shape == X.shape
    np.testing.assert_array_equal(back[back > 0], values.asnumpy().ravel())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((2, 2, 1), [0, 0.75, 1.75, 3.75, 9, 11, 8.75, 19, 21]),
        ((2, 2, 1, False, False), [0, 1.5, 3.5, 7.5, 9, 11, 17.5, 19, 21]),
        ((3, 2, 1, True, True), [4 / 3, 3, 8 / 3, 7, 12, 9, 8, 13, 28 / 3]),
        ((2, 2, 0, True, True, 3), [4, 20 / 3, 13 / 3, 52 / 3, 20, 11, 41 / 3, 15, 8]),
    ],
)
def test_avg_pool_borders(arguments, expected):
    np.testing.assert_allclose(first(ops.avg_pool2d(Tensor(X), *arguments)), expected, rtol=1e-5)


def test_avg_pool_same_counts_elements_only():
    expected = [3, 5, 6.5, 13, 15, 16.5, 20.5, 22.5, 24]
    np.testing.assert_allclose(first(ops.AvgPool(2, 2, "SAME")(Tensor(X))), expected, rtol=1e-6)
    assert mint.nn.functional.avg_pool1d(Tensor(X[0]), 2).shape == (2, 5, 2)


def test_adaptive_pooling():
    np.testing.assert_allclose(
        first(ops.adaptive_avg_pool2d(Tensor(X), 3)), [3, 4.5, 6, 10.5, 12, 13.5, 18, 19.5, 21], rtol=1e-6
    )
    assert ops.adaptive_avg_pool2d(Tensor(X), (None, 2)).shape == (2, 2, 5, 2)
    values, indices = ops.adaptive_max_pool2d(Tensor(X), (3, 2), return_indices=True)
    assert first(values) == first(indices) == [7, 9, 17, 19, 22, 24]


def test_lp_pool():
    np.testing.assert_allclose(
        ops.lp_pool2d(Tensor(X), 2, 3).asnumpy().ravel(), [21.908903, 93.834946, 168.46364, 243.32077], rtol=1e-5
    )


@pytest.mark.parametrize(
    "pool", [lambda x: ops.max_pool2d(x, 2), lambda x: ops.avg_pool2d(x, 2), lambda x: ops.adaptive_max_pool2d(x, 2)]
)
def test_second_derivatives(pool):
    """The second derivative of sum(pool(x) ** 3) in x is that of 3 * pool(x) ** 2 along pool's own derivative."""
    once = ms.grad(lambda x: (pool(x) ** 3).sum())
    twice = ms.grad(lambda x: once(x).sum())
    x = Tensor(X[:1, :1])
    linear = ms.grad(lambda x: pool(x).sum())
    shifted = (once(x + 0.5) - once(x - 0.5)).asnumpy()
    assert np.isfinite(linear(x).asnumpy()).all()
    np.testing.assert_allclose(twice(x).asnumpy(), shifted, rtol=1e-4)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: ops.max_pool2d(x, 2, padding=2),
        lambda x: ops.max_pool2d(x, 0),
        lambda x: ops.avg_pool2d(x[0, 0], 2),
        lambda x: ops.adaptive_avg_pool2d(x, (1, 2, 3)),
    ],
)
def test_errors(call):
    with pytest.raises(ValueError):
        call(Tensor(X))


@pytest.mark.parametrize(
    ("shape", "kernel"), [((2, 3, 6, 4), (2, 2)), ((2, 7, 8), (3, 4)), ((3, 9), (2,)), ((1, 4, 5, 6), (2, 1, 3))]
)
def test_tiles(shape, kernel, monkeypatch):
    """Tiles side by side give what XLA's windows give: values, and all derivatives where elements are equal, too."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, shape).astype(np.float32)
    tangent = rng.normal(size=shape).astype(np.float32)

    def results():
        pool = lambda x: Window(x.shape, len(kernel), kernel).max(x)  # noqa: E731
        gradient = jax.grad(lambda x: (pool(x) ** 3).sum())
        return pool(x), gradient(x), jax.jvp(gradient, (x,), (tangent,))

    assert Window(shape, len(kernel), kernel).tiles
    ours = results()
    monkeypatch.setattr(Window, "tiles", False)
    jax.tree.map(partial(np.testing.assert_allclose, rtol=1e-6), ours, results())


@pytest.mark.parametrize(
    "arguments",
    [{"stride": 1}, {"padding": 1}, {"dilation": 2}, {"kernel": 5}, {"kernel": 2, "ceil_mode": True}, {"kernel": 8}],
)
def test_no_tiles(arguments):
    assert not Window((1, 1, 5, 7), 2, **{"kernel": 3, **arguments}).tiles


def test_tiles_keep_what_is_no_number():
    x = np.ones((1, 1, 4, 2), np.float32)
    x[0, 0, 0, 0], x[0, 0, 2:] = np.nan, -np.inf
    np.testing.assert_array_equal(first(ops.max_pool2d(Tensor(x), 2)), [np.nan, -np.inf])
    assert first(ops.MaxPool(2, 2)(Tensor(np.array([[[[-4, -3], [-2, -5]]]], np.int32)))) == [-2]
