"""Resizing, patches, pixels and grids against figures of MindSpore 2.10."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops

IMAGE = Tensor((np.arange(12, dtype=np.float32) ** 2).reshape(1, 1, 3, 4))
LINE = IMAGE.reshape(1, 1, 12)
VOLUME = IMAGE.reshape(1, 1, 3, 2, 2)
PLACES = Tensor(np.linspace(-1.2, 1.2, 12).reshape(1, 2, 3, 2).astype(np.float32))


@pytest.mark.parametrize(
    ("x", "size", "mode", "corners", "expected"),
    [
        (IMAGE, (2, 3), "bilinear", None, [4.5, 9.5, 17.833335876, 54.5, 75.5, 99.833335876]),
        (IMAGE, (5, 6), "bilinear", True, [0, 0.6, 1.6, 3.4, 6, 9, 8, 11, 14.4]),
        (
            IMAGE,
            (5, 6),
            "bicubic",
            None,
            [-1.2344875, -1.1630815, -0.5516403, 1.0439967, 4.0512967, 6.2686105, 3.2397017],
        ),
        (IMAGE, (5, 6), "bicubic", True, [0, 0.2876721, 1.5044218, 3.0152268, 6.2660618, 9, 3.5, 5.424377]),
        (IMAGE, (5, 6), "nearest", None, [0, 0, 1, 4, 4, 9, 0, 0, 1]),
        (IMAGE, (5, 6), "nearest-exact", None, [0, 1, 1, 4, 9, 9, 0, 1, 1]),
        (IMAGE, (2, 3), "area", None, [10.5, 16.5, 24.5, 46.5, 60.5, 76.5]),
        (LINE, 5, "linear", None, [0.7, 9.7, 30.5, 62.5, 106.3]),
        (LINE, 5, "linear", True, [0, 7.75, 30.5, 68.25, 121]),
        (VOLUME, (2, 3, 4), "trilinear", None, [4, 4.75, 6.25, 7, 8, 9.25, 11.75, 13, 12]),
    ],
)
def test_interpolate(x, size, mode, corners, expected):
    result = ops.interpolate(x, size, mode=mode, align_corners=corners).asnumpy().ravel()
    np.testing.assert_allclose(result[: len(expected)], expected, rtol=3e-3 if mode == "bicubic" else 1e-4, atol=1e-5)


def test_resize_primitives():
    head = lambda t: t.asnumpy().ravel()[:5]  # noqa: E731
    np.testing.assert_allclose(head(ops.ResizeNearestNeighbor((5, 6), True)(IMAGE)), [0, 1, 1, 4, 4])
    np.testing.assert_allclose(head(ops.ResizeBilinearV2()(IMAGE, (5, 6))), [0, 0.6666667, 2, 4, 7.333334], rtol=1e-5)
    np.testing.assert_allclose(
        head(ops.ResizeBicubic()(IMAGE, (5, 6))), [0, 0.3522047, 1.7771268, 4, 7.5941124], rtol=1e-2
    )


def test_patches():
    patches = ops.unfold(IMAGE, 2)
    assert patches.shape == (1, 4, 6)
    assert patches.asnumpy()[0, 0].tolist() == [0, 1, 4, 16, 25, 36]
    assert ops.fold(patches, (3, 4), 2).asnumpy().ravel()[:8].tolist() == [0, 2, 8, 9, 32, 100, 144, 98]
    strided = ops.fold(ops.unfold(IMAGE, (2, 3), 1, 1, 2), Tensor([3, 4], ms.int32), (2, 3), 1, 1, 2)
    assert strided.asnumpy().ravel()[:8].tolist() == [0, 2, 4, 9, 16, 50, 36, 49]


def test_pixels():
    x = Tensor(np.arange(2 * 4 * 5 * 5, dtype=np.float32).reshape(2, 4, 5, 5))
    shuffled = ops.pixel_shuffle(x, 2)
    assert shuffled.shape == (2, 1, 10, 10)
    assert shuffled.asnumpy()[0, 0, :2, :2].tolist() == [[0, 25], [50, 75]]
    np.testing.assert_array_equal(ops.pixel_unshuffle(shuffled, 2).asnumpy(), x.asnumpy())
    assert nn.ChannelShuffle(2)(x).asnumpy()[0, :, 0, 0].tolist() == [0, 50, 25, 75]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), [0, 2.8297513, 19.8841305, 63.2113953, 96.0586929, 12.9799871]),
        (("nearest", "border", True), [0, 0, 25, 36, 100, 121]),
        (("bilinear", "reflection", False), [0, 2.9090900, 19.8841305, 63.2113953, 112.4090881, 121]),
    ],
)
def test_grid_sample(arguments, expected):
    np.testing.assert_allclose(
        ops.grid_sample(IMAGE, PLACES, *arguments).asnumpy().ravel(), expected, rtol=1e-4, atol=1e-4
    )


def test_affine_grid():
    theta = Tensor([[[1.0, 0.5, 0.0], [0.0, 1.0, 0.2]]])
    grid = ops.affine_grid(theta, (1, 1, 2, 3)).asnumpy().ravel()[:6]
    np.testing.assert_allclose(grid, [-0.9166667, -0.3, -0.25, -0.3, 0.4166667, -0.3], rtol=1e-5)
    grid = ops.affine_grid(theta, (1, 1, 2, 3), True).asnumpy().ravel()[:4]
    np.testing.assert_allclose(grid, [-1.5, -0.8, -0.5, -0.8], rtol=1e-5)


def test_embedding_padding_gets_no_gradient():
    table = Tensor(np.eye(3, dtype=np.float32))
    gradient = ms.grad(lambda t: ops.embedding(Tensor([0, 1, 1]), t, padding_idx=0).sum())(table)
    assert gradient.asnumpy()[:, 0].tolist() == [0, 2, 0]


@pytest.mark.parametrize(
    "call",
    [
        lambda: ops.interpolate(IMAGE),
        lambda: ops.interpolate(IMAGE, (2, 3), 2.0),
        lambda: ops.interpolate(IMAGE, (2, 3), mode="other"),
        lambda: ops.interpolate(IMAGE, (2, 3), mode="nearest", align_corners=True),
        lambda: ops.pixel_shuffle(IMAGE, 2),
        lambda: ops.unfold(IMAGE, 5),
        lambda: ops.grid_sample(IMAGE, PLACES, "other"),
    ],
)
def test_errors(call):
    with pytest.raises(ValueError):
        call()


@pytest.mark.parametrize(("mode", "size"), [("nearest", (9, 4)), ("bilinear", (6, 7)), ("bicubic", (9, 5))])
def test_resizing_reaches_only_neighbours_and_pulls_back_what_it_pushes(mode, size):
    resized = lambda x: ops.interpolate(x, size, mode=mode)  # noqa: E731
    spot = np.zeros((1, 1, 3, 4), np.float32)
    spot[0, 0, 0, 0] = np.inf
    assert np.isfinite(resized(Tensor(spot)).asnumpy()[0, 0, -1]).all()
    x, weights = (Tensor(np.random.default_rng(0).standard_normal((1, 1, *s)), ms.float32) for s in ((3, 4), size))
    gradient = ms.grad(lambda x: (resized(x) * weights).sum())(x)
    moved = ms.grad(lambda x, weights: (resized(x) * weights).sum(), 1)(x, weights)
    np.testing.assert_allclose((gradient * x).sum().asnumpy(), (moved * weights).sum().asnumpy(), rtol=1e-4)
    np.testing.assert_allclose(moved.asnumpy(), resized(x).asnumpy(), rtol=1e-6)
