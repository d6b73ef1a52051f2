"""Resizing of images and volumes. Every mode is a weighted sum of a few elements, axis by axis."""

from __future__ import annotations

import functools
import math
import operator

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import is_a
from msjax.core.tensor import Tensor
from msjax.ops.call.promotion import array, inexact, is_inexact
from msjax.ops.networks.adaptive_pooling import adaptive_avg_pool
from msjax.ops.table import op

FUNCTIONAL = "mint.nn.functional"

_LARGEST_MATRIX = 2**22  # elements

# mode -> numbers of axes it is for
MODES = {
    "nearest": (3, 4, 5),
    "linear": (3,),
    "bilinear": (4,),
    "bicubic": (4,),
    "area": (3, 4, 5),
    "nearest-exact": (3, 4, 5),
    "trilinear": (5,),
}


def _sources(size: int, out: int, scale, corners: bool, half_pixel: bool) -> np.ndarray:
    """Where each output element lies on the input's axis."""
    i = np.arange(out, dtype=np.float64)
    if corners:
        return i * ((size - 1) / (out - 1) if out > 1 else 0)
    step = size / out if scale is None else 1 / scale
    return (i + 0.5) * step - 0.5 if half_pixel else i * step


def _cubic(distance, a: float):
    """Keys' kernel, which passes through the elements."""
    d = np.abs(distance)
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.where(d <= 1, near, np.where(d < 2, far, 0))


def _cubic_terms(at, size: int, half_pixel: bool):
    """The four elements around each place. With half pixels MindSpore leaves out those beyond the border, and takes
    another kernel; else they are the border's. (Its CPU kernel rounds places to 1 / 1024, which is not imitated.)"""
    around = np.floor(at) + np.array([[-1], [0], [1], [2]])
    weights = _cubic(at - around, -0.5 if half_pixel else -0.75)
    if half_pixel:
        weights = np.where((around >= 0) & (around < size), weights, 0)
        weights = weights / weights.sum(0)
    return list(zip(np.clip(around, 0, size - 1).astype(np.int64), weights, strict=True))


def _terms(mode: str, size: int, out: int, scale, corners: bool, half_pixel: bool):
    """(index, weight) pairs, of which the weighted elements add up to the output."""
    clipped = lambda i: np.clip(i, 0, size - 1).astype(np.int64)  # noqa: E731
    if mode == "nearest":
        step = (lambda i: i * size // out) if scale is None else (lambda i: np.floor(i / scale))
        at = np.floor(_sources(size, out, scale, True, False) + 0.5) if corners else step(np.arange(out))
        return [(clipped(at), np.ones(out))]
    if mode == "nearest-exact":
        return [(clipped(np.floor(_sources(size, out, scale, False, True) + 0.5)), np.ones(out))]
    at = _sources(size, out, scale, corners, half_pixel)
    if mode == "cubic":
        return _cubic_terms(at, size, half_pixel and not corners)
    at = np.clip(at, 0, size - 1)
    first = np.floor(at)
    return [(clipped(first), 1 - (at - first)), (clipped(first + 1), at - first)]


def resize(x, sizes, mode: str, scales=None, corners=False, half_pixel=True):
    """`x` with its last axes resized to `sizes`; mode: "nearest", "nearest-exact", "linear" or "cubic"."""
    n = len(sizes)
    for axis, out, scale in zip(range(x.ndim - n, x.ndim), sizes, scales or (None,) * n, strict=True):
        if out == x.shape[axis] and scale is None:
            continue
        terms = _terms(mode, x.shape[axis], out, scale, corners, half_pixel)
        x = _weighted(x, terms, axis)
    return x


def _weighted(x, terms, axis: int):
    """The sum of the weighted elements of one axis."""
    shape = (-1,) + (1,) * (x.ndim - axis - 1)
    size, out = x.shape[axis], len(terms[0][0])

    def sum_of(x):
        if len(terms) == 1:
            return jnp.take(x, terms[0][0], axis)
        parts = [jnp.take(x, index, axis) * jnp.asarray(weight.reshape(shape), x.dtype) for index, weight in terms]
        return functools.reduce(operator.add, parts)

    if not is_inexact(x) or size * out > _LARGEST_MATRIX:
        return sum_of(x)
    # Tangents go by a matrix, of which the gradient is an order of magnitude faster than that of an index. The elements
    # themselves do not: an infinite one would reach all others, times zero.
    matrix = np.zeros((size, out))
    for index, weight in terms:
        np.add.at(matrix, (index, np.arange(out)), weight)

    def tangent(given, tangents):
        product = jnp.tensordot(tangents[0], jnp.asarray(matrix, x.dtype), (axis, 0), precision="highest")
        return sum_of(*given), jnp.moveaxis(product, -1, axis)

    weighted = jax.custom_jvp(sum_of)
    weighted.defjvp(tangent)
    return weighted(x)


def _numbers(value):
    """A size or scale that may be a Tensor as Python numbers."""
    return value.tolist() if isinstance(value, Tensor) else value


def _sizes(x, size, scale_factor):
    """Output sizes, and scales if they were given as such."""
    n, size, scale_factor = x.ndim - 2, _numbers(size), _numbers(scale_factor)
    if size is not None and scale_factor is not None:
        raise ValueError("For 'interpolate', only one of 'size' and 'scale_factor' can be given.")
    if size is None and scale_factor is None:
        raise ValueError("For 'interpolate', one of 'size' and 'scale_factor' must be given.")
    given, name = (size, "size") if scale_factor is None else (scale_factor, "scale_factor")
    values = tuple(given) if isinstance(given, (tuple, list)) else (given,) * n
    if len(values) != n:
        raise ValueError(
            f"For 'interpolate', '{name}' must have {n} elements for an input of {x.ndim} axes, but got {given}."
        )
    if not all(is_a(v, "number") for v in values):
        raise TypeError(f"For 'interpolate', '{name}' must be a number or a tuple of them, but got {given!r}.")
    if any(v <= 0 for v in values):
        raise ValueError(f"For 'interpolate', '{name}' must be positive, but got {given}.")
    if scale_factor is None:
        return tuple(int(v) for v in values), None
    return tuple(math.floor(i * v) for i, v in zip(x.shape[2:], values, strict=True)), values


INTERPOLATE = "(input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None)"


@op(f"ops.interpolate{INTERPOLATE}", f"ops.upsample{INTERPOLATE}", f"{FUNCTIONAL}.interpolate{INTERPOLATE}", jit=False)
def interpolate(x, *, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None):
    """Resize all axes but the first two.

    Args:
        input: (N, C, L), (N, C, H, W) or (N, C, D, H, W).
        size: the new sizes; or else scale_factor: how many times as large.
        mode: "nearest", "nearest-exact", "area", and "linear" (3 axes), "bilinear", "bicubic" (4), "trilinear" (5).
        align_corners: whether the corners' centres keep their places (else the edges do).
        recompute_scale_factor: take the scale from the resulting sizes.

    Raises:
        TypeError, ValueError: for other modes, numbers of axes or sizes.
    """
    x = array(x)
    if mode not in MODES:
        raise ValueError(f"For 'interpolate', 'mode' must be one of {list(MODES)}, but got {mode!r}.")
    if x.ndim not in MODES[mode]:
        raise ValueError(
            f"For 'interpolate', {mode} takes inputs of "
            f"{' or '.join(map(str, MODES[mode]))} axes, but got shape {x.shape}."
        )
    if align_corners is not None and mode in ("nearest", "area", "nearest-exact"):
        raise ValueError(
            f"For 'interpolate', 'align_corners' must be None for the mode {mode!r}, but got {align_corners}."
        )
    sizes, scales = _sizes(x, size, scale_factor)
    if mode == "area":
        return adaptive_avg_pool(inexact(x), x.ndim - 2, sizes, "interpolate")
    kind = mode if mode.startswith("nearest") else "cubic" if mode == "bicubic" else "linear"
    x = x if kind == mode else inexact(x)
    return resize(x, sizes, kind, None if recompute_scale_factor else scales, bool(align_corners))


# -- primitives: without half_pixel_centers the first elements' edges stay together ----------------------------------


@op(
    "ops.ResizeNearestNeighbor(size, align_corners=False, half_pixel_centers=False)(input_x)",
    "ops.ResizeNearestNeighborV2(align_corners=False, half_pixel_centers=False)(image, size)",
)
def resize_nearest_neighbor(x, *, size, align_corners=False, half_pixel_centers=False):
    """(N, C, H, W) resized to `size`, each element being the nearest one."""
    return resize(array(x), size, "nearest-exact" if half_pixel_centers else "nearest", corners=align_corners)


def _check_centers(align_corners: bool, half_pixel_centers: bool) -> None:
    if align_corners and half_pixel_centers:
        raise ValueError("'align_corners' and 'half_pixel_centers' can not both be True.")


@op("ops.ResizeBilinearV2(align_corners=False, half_pixel_centers=False)(image, size)", jit=False)
def resize_bilinear(x, *, size, align_corners=False, half_pixel_centers=False):
    """(N, C, H, W) resized to `size` linearly along both axes."""
    _check_centers(align_corners, half_pixel_centers)
    return resize(inexact(x), _numbers(size), "linear", corners=align_corners, half_pixel=half_pixel_centers)


@op(
    "ops.ResizeLinear1D(coordinate_transformation_mode='align_corners')(x, size)",
    jit=False,
    kinds={"coordinate_transformation_mode": "'align_corners' or 'half_pixel'"},
)
def resize_linear1d(x, *, size, coordinate_transformation_mode="align_corners"):
    """Sequences (N, C, W) resized to another width, linear between elements.

    Args:
        size: the new width, alone in a tuple, a list or a Tensor.
        coordinate_transformation_mode: "align_corners" for first and last elements that stay; "half_pixel" if elements
            stand for intervals.

    Returns:
        Of shape (N, C, new width).

    Raises:
        TypeError: if the input is not of a float dtype.
        ValueError: if it has other axes, or for another mode.
    """
    size = _numbers(size)
    if not is_inexact(x):
        raise TypeError(f"For 'ResizeLinear1D', the input must be of a float dtype, but got {x.dtype}.")
    if x.ndim != 3 or len(size) != 1:
        raise ValueError(f"For 'ResizeLinear1D', 3 axes and a width are needed, but got shape {x.shape} and {size}.")
    return resize(x, size, "linear", corners=coordinate_transformation_mode == "align_corners")


@op("ops.ResizeBicubic(align_corners=False, half_pixel_centers=False)(image, size)", jit=False)
def resize_bicubic(x, *, size, align_corners=False, half_pixel_centers=False):
    """(N, C, H, W) resized to `size` by cubic convolution along both axes."""
    _check_centers(align_corners, half_pixel_centers)
    return resize(inexact(x), _numbers(size), "cubic", corners=align_corners, half_pixel=half_pixel_centers)


@op("ops.UpsampleNearest3D()(x, output_size=None, scales=None)", jit=False)
def upsample_nearest3d(x, *, output_size=None, scales=None):
    """(N, C, D, H, W) resized, each element being the nearest one."""
    sizes, scales = _sizes(x, output_size, scales)
    return resize(x, sizes, "nearest", scales)


@op("ops.UpsampleTrilinear3D(align_corners=False)(x, output_size=None, scales=None)", jit=False)
def upsample_trilinear3d(x, *, output_size=None, scales=None, align_corners=False):
    """(N, C, D, H, W) resized linearly along the last 3 axes."""
    sizes, scales = _sizes(x, output_size, scales)
    return resize(inexact(x), sizes, "linear", scales, corners=align_corners)
