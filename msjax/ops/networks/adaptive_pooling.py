"""Pooling to a given size, and placing pooled elements back."""

from __future__ import annotations

import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.core.kinds import is_a
from msjax.ops.call.checks import check_range
from msjax.ops.call.promotion import array
from msjax.ops.networks.convolution import per_axis
from msjax.ops.table import op

FUNCTIONAL = "mint.nn.functional"


def _sizes(shape, n: int, output_size, what: str) -> list[int]:
    """The output's sizes; None keeps the input's."""
    if len(shape) not in (n + 1, n + 2):
        raise ValueError(
            f"For '{what}', the input must have {n + 2} axes, or {n + 1} without the batch, but got shape {shape}."
        )
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


def _declare(n: int) -> None:
    def average(x, *, output_size):
        return adaptive_avg_pool(x, n, output_size, f"adaptive_avg_pool{n}d")

    average.__name__ = f"adaptive_avg_pool{n}d"
    average.__doc__ = f"The means of as many regions of the last {n} axes as `output_size` says; None keeps an axis."
    others = [] if n == 1 else [f"ops.AdaptiveAvgPool{n}D(output_size)(x)"]
    others += ["ops.adaptive_avg_pool2d_ext(input, output_size)"] if n == 2 else []
    op(
        f"ops.adaptive_avg_pool{n}d(input, output_size)",
        f"{FUNCTIONAL}.adaptive_avg_pool{n}d(input, output_size)",
        *others,
    )(average)

    def maximum(x, *, output_size, return_indices=False) -> jax.Array | tuple[jax.Array, ...]:
        return adaptive_max_pool(x, n, output_size, f"adaptive_max_pool{n}d", return_indices)

    maximum.__name__ = f"adaptive_max_pool{n}d"
    maximum.__doc__ = (
        f"The maxima of as many regions of the last {n} axes as `output_size` says, and where they are if asked."
    )
    indices = ", return_indices=False"
    op(f"ops.adaptive_max_pool{n}d(input, output_size{indices if n > 1 else ''})",
       f"{FUNCTIONAL}.adaptive_max_pool{n}d(input, output_size{indices})")(maximum)  # fmt: skip


for _n in (1, 2, 3):
    _declare(_n)


@op("ops.AdaptiveMaxPool2D(output_size)(input_x)")
def adaptive_max_pool2d(x, *, output_size) -> tuple[jax.Array, jax.Array]:
    """The maxima of as many regions of the last 2 axes as `output_size` says, and where they are.

    Returns:
        A tuple of two Tensors: the values, and their places.
    """
    found, places = adaptive_max_pool(x, 2, output_size, "AdaptiveMaxPool2D", return_indices=True)
    return found, places


# -- unpooling -------------------------------------------------------------------------------------------------------


@partial(jax.jit, static_argnames="sizes")
def _put_back(x, indices, *, sizes: tuple[int, ...]):
    """Zeros of the given last axes with the elements of `x` at `indices`, which count through these."""
    front = x.shape[: x.ndim - len(sizes)]
    empty = jnp.zeros((math.prod(front), math.prod(sizes)), x.dtype)
    rows = jnp.arange(empty.shape[0])[:, None]
    flat = (empty.shape[0], math.prod(x.shape[len(front) :]))
    filled = empty.at[rows, indices.reshape(flat)].set(x.reshape(flat))
    return filled.reshape(*front, *sizes)


def max_unpool(x, indices, n: int, kernel_size, stride, padding, output_size, what: str):
    """Zeros with the elements of `x` at `indices`, which count through the last n axes."""
    x, indices = array(x), array(indices, "indices")
    if x.shape != indices.shape:
        raise ValueError(
            f"For '{what}', 'x' and 'indices' must be of one shape, but got {x.shape} and {indices.shape}."
        )
    kernel = per_axis(kernel_size, n, "kernel_size")
    strides = kernel if stride in (None, 0, ()) else per_axis(stride, n, "stride")
    pads = per_axis(padding, n, "padding")
    sizes = [(i - 1) * s - 2 * p + k for i, s, p, k in zip(x.shape[-n:], strides, pads, kernel, strict=True)]
    if output_size:
        sizes = list(output_size)[-n:]
    check_range(indices, math.prod(sizes), what, negative=False)
    return _put_back(x, indices, sizes=tuple(sizes))


def _declare_unpool(n: int) -> None:
    def unpool(x, indices, *, kernel_size, stride=None, padding=0, output_size=None):
        return max_unpool(x, indices, n, kernel_size, stride, padding, output_size, f"max_unpool{n}d")

    unpool.__name__ = f"max_unpool{n}d"
    unpool.__doc__ = (
        f"The inverse of max_pool{n}d: zeros, with the maxima back at their `indices`.\n\n"
        "Raises:\n    RuntimeError: if an index is out of range."
    )
    faces = [f"ops.max_unpool{n}d(x, indices, kernel_size, stride=None, padding=0, output_size=None)"]
    if n == 2:
        faces += [f"{FUNCTIONAL}.max_unpool2d(input, indices, kernel_size, stride=None, padding=0, output_size=None)"]
    op(*faces, jit=False)(unpool)

    def primitive(x, argmax, *, ksize, strides=0, pads=0, output_shape=()):
        return max_unpool(x, argmax, n, ksize, strides, pads, output_shape, f"MaxUnpool{n}D")

    primitive.__name__, primitive.__doc__ = f"max_unpool{n}d", unpool.__doc__.replace("`indices`", "`argmax`")
    layout = {2: "NCHW", 3: "NCDHW"}.get(n)
    if layout:
        face = f"ops.MaxUnpool{n}D(ksize, strides=0, pads=0, output_shape=(), data_format: _ = '{layout}')(x, argmax)"
        op(face, jit=False)(primitive)


for _n in (1, 2, 3):
    _declare_unpool(_n)
