"""Placing pooled elements back."""

from __future__ import annotations

import math
from functools import partial

import jax
import jax.numpy as jnp

from msjax.ops.call.checks import check_range
from msjax.ops.call.promotion import array
from msjax.ops.networks.convolution import not_negative, per_axis
from msjax.ops.table import family, op


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
    not_negative(padding, "padding", what)
    pads = per_axis(padding, n, "padding")
    sizes = [(i - 1) * s - 2 * p + k for i, s, p, k in zip(x.shape[-n:], strides, pads, kernel, strict=True)]
    if output_size:
        sizes = list(output_size)[-n:]
    check_range(indices, math.prod(sizes), what, negative=False)
    return _put_back(x, indices, sizes=tuple(sizes))


SIGNATURE = "indices, kernel_size, stride=None, padding=0, output_size=None"


@op(
    *family("n", (1, 2, 3), f"ops.max_unpool{{n}}d(x, {SIGNATURE})"),
    f"mint.nn.functional.max_unpool2d(input, {SIGNATURE}; n=2)",
    name="max_unpool{n}d",
    jit=False,
)
def unpool(x, indices, *, kernel_size, stride=None, padding=0, output_size=None, n=2):
    """The inverse of max_pool{n}d: zeros, with the maxima back at their `indices`.

    Raises:
        RuntimeError: if an index is out of range.
    """
    return max_unpool(x, indices, n, kernel_size, stride, padding, output_size, f"max_unpool{n}d")


@op(
    "ops.MaxUnpool2D(ksize, strides=0, pads=0, output_shape=(), data_format: _ = 'NCHW')(x, argmax; n=2)",
    "ops.MaxUnpool3D(ksize, strides=0, pads=0, output_shape=(), data_format: _ = 'NCDHW')(x, argmax; n=3)",
    name="max_unpool{n}d",
    jit=False,
)
def unpool_primitive(x, argmax, *, ksize, strides=0, pads=0, output_shape=(), n=2):
    """The inverse of max_pool{n}d: zeros, with the maxima back at their `argmax`.

    Raises:
        RuntimeError: if an index is out of range.
    """
    return max_unpool(x, argmax, n, ksize, strides, pads, output_shape, f"MaxUnpool{n}D")
