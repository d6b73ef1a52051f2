"""Pooling to a given size."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.core.kinds import is_a
from msjax.ops.arrays.reshape import ints
from msjax.ops.call.promotion import array
from msjax.ops.networks.pooling import check_axes
from msjax.ops.table import family, op


def _sizes(shape, n: int, output_size, what: str) -> list[int]:
    """The output's sizes; None keeps the input's."""
    check_axes(shape, n, what)
    wanted = output_size if isinstance(output_size, (tuple, list)) else (output_size,) * n
    if len(wanted) != n:
        raise ValueError(f"For '{what}', the 'output_size' must have {n} elements, but got {output_size}.")
    sizes = [own if w is None else w for own, w in zip(shape[-n:], wanted, strict=True)]
    if not all(is_a(s, "int") for s in sizes):
        raise TypeError(
            f"For '{what}', the 'output_size' must be an int or a tuple of ints or None, but got {output_size}."
        )
    if any(s <= 0 for s in sizes):
        raise ValueError(f"For '{what}', the 'output_size' must be positive, but got {output_size}.")
    return sizes


def _bounds(size: int, out: int):
    """First and last + 1 element that each output covers."""
    i = np.arange(out)
    return i * size // out, -(-(i + 1) * size // out)


def _averaging(size: int, out: int) -> np.ndarray:
    first, last = _bounds(size, out)
    inside = (np.arange(size) >= first[:, None]) & (np.arange(size) < last[:, None])
    return inside / inside.sum(1, keepdims=True)


def adaptive_avg_pool(x, n: int, output_size, what: str):
    x = array(x)
    for axis, out in zip(range(-n, 0), _sizes(x.shape, n, output_size, what), strict=True):
        if out != x.shape[axis]:
            weights = jnp.asarray(_averaging(x.shape[axis], out), x.dtype)
            x = jnp.moveaxis(jnp.tensordot(x, weights, ((axis,), (1,)), precision=lax.Precision.HIGHEST), -1, axis)
    return x


def adaptive_max_pool(x, n: int, output_size, what: str, return_indices: bool = False):
    """The first maximum of each region, and where it is, counted through the pooled axes."""
    x = array(x)
    sizes, front = x.shape[-n:], x.shape[:-n]
    outs = _sizes(x.shape, n, output_size, what)
    places = np.arange(np.prod(sizes)).reshape(sizes)
    for axis, (size, out) in enumerate(zip(sizes, outs, strict=True)):
        first, last = _bounds(size, out)
        window = np.minimum(first[:, None] + np.arange((last - first).max()), last[:, None] - 1)
        places = np.moveaxis(np.take(places, window, axis), axis + 1, -1)
    places = jnp.asarray(places.reshape(*outs, -1))
    flat = lax.collapse(x, len(front))
    winner = jnp.argmax(lax.stop_gradient(flat[..., places]), axis=-1, keepdims=True)
    indices = jnp.take_along_axis(jnp.broadcast_to(places, (*front, *places.shape)), winner, -1)[..., 0]
    values = jnp.take_along_axis(flat, lax.collapse(indices, len(front)), -1).reshape(indices.shape)
    return (values, indices.astype(np.int64)) if return_indices else values


@op(
    *family(
        "n",
        (1, 2, 3),
        "ops.adaptive_avg_pool{n}d(input, output_size)",
        "mint.nn.functional.adaptive_avg_pool{n}d(input, output_size)",
    ),
    *family("n", (2, 3), "ops.AdaptiveAvgPool{n}D(output_size)(x)"),
    "ops.adaptive_avg_pool2d_ext(input, output_size; n=2)",
    name="adaptive_avg_pool{n}d",
)
def average(x, *, output_size, n=2):
    """The means of as many regions of the last {n} axes as `output_size` says; None keeps an axis."""
    return adaptive_avg_pool(x, n, output_size, f"adaptive_avg_pool{n}d")


@op(
    "ops.adaptive_max_pool1d(input, output_size; n=1)",
    *family("n", (2, 3), "ops.adaptive_max_pool{n}d(input, output_size, return_indices=False)"),
    *family("n", (1, 2, 3), "mint.nn.functional.adaptive_max_pool{n}d(input, output_size, return_indices=False)"),
    name="adaptive_max_pool{n}d",
)
def maximum(x, *, output_size, return_indices=False, n=2) -> jax.Array | tuple[jax.Array, ...]:
    """The maxima of as many regions of the last {n} axes as `output_size` says, and where they are if asked."""
    found = adaptive_max_pool(x, n, output_size, f"adaptive_max_pool{n}d", return_indices)
    return (found[0], found[1].astype(np.int32)) if return_indices and n == 3 else found


@op("ops.AdaptiveMaxPool2D(output_size)(input_x)")
def adaptive_max_pool2d(x, *, output_size) -> tuple[jax.Array, jax.Array]:
    """The maxima of as many regions of the last 2 axes as `output_size` says, and where they are.

    Returns:
        A tuple of two Tensors: the values, and their places.
    """
    found, places = adaptive_max_pool(x, 2, output_size, "AdaptiveMaxPool2D", return_indices=True)
    return found, places


@op("ops.AdaptiveMaxPool3D()(x, output_size)")
def adaptive_max_pool3d_primitive(x, *, output_size) -> tuple[jax.Array, jax.Array]:
    """The maxima of as many regions of the last 3 axes as `output_size` says, and where they are.

    Returns:
        A tuple of two Tensors: the values, and their places, as int32.
    """
    found, places = adaptive_max_pool(x, 3, ints(output_size), "AdaptiveMaxPool3D", return_indices=True)
    return found, places.astype(np.int32)
