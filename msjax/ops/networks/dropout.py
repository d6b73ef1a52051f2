"""Dropout, of elements and of channels."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.opaque import Number
from msjax.ops.arrays.creation import shape_of
from msjax.ops.call.promotion import array
from msjax.ops.maths.random import random, unit
from msjax.ops.table import family, op


def _rate(*, x, p, training=True, **_):
    if not 0 <= p <= 1:
        raise ValueError(f"For 'dropout', the probability must be in [0, 1], but got {p}.")
    return x if not training or p == 0 else None


def _dropped(key, x, p, shape=None):
    """The input with elements dropped, of one decision for each element of `shape`, and the mask of what is kept."""
    x = array(x)
    if not jnp.issubdtype(x.dtype, jnp.floating):
        raise TypeError(f"For 'dropout', the input must be of a float type, but got {x.dtype}.")
    bound = 1 - p  # of single precision, as what is drawn; a rate that changes is an array
    bound = array(bound).astype(np.float32) if isinstance(bound, Number) else np.float32(bound)
    kept = unit(key, x.shape if shape is None else shape) < bound
    scale = 1 / (1 - p) if p < 1 else 0.0
    return jnp.where(kept, x * scale, 0).astype(x.dtype), jnp.broadcast_to(kept, x.shape)


@random("ops.dropout(input, p=0.5, training=True, seed=None)",
        "mint.nn.functional.dropout(input, p=0.5, training=True, inplace: _=False)", check=_rate)  # fmt: skip
def dropout(key, x, *, p=0.5, training=True):
    """In training, each element is 0 with probability `p`, else divided by 1 - p.

    Raises:
        TypeError: if the input is not of a float type.
        ValueError: if `p` is not in [0, 1].
    """
    return _dropped(key, x, p)[0]


def _channels(x, axes: int) -> tuple[int, ...]:
    """One decision for each channel: the trailing `axes` axes share it."""
    return x.shape[: x.ndim - axes] + (1,) * axes


@random(*family("axes", (1, 2, 3), "ops.dropout{axes}d(input, p=0.5, training=True)"),
        "mint.nn.functional.dropout2d(input, p=0.5, training=True, inplace: _=False; axes=2)",
        check=_rate, name="dropout{axes}d")  # fmt: skip
def channel_dropout(key, x, *, p=0.5, training=True, axes=2):
    """In training, channels (of {axes} axes) are 0 with probability `p`, else divided by 1 - p."""
    return _dropped(key, x, p, _channels(x, axes))[0]


@random("ops.Dropout(keep_prob=0.5, Seed0: seed=0, Seed1: _=0)(x)")
def dropout_with_mask(key, x, *, keep_prob=0.5) -> tuple[jax.Array, jax.Array]:
    """The input with elements dropped, and the mask of what is kept, in the input's dtype."""
    out, kept = _dropped(key, x, 1 - keep_prob)
    return out, kept.astype(x.dtype)


@random(*family("axes", (2, 3), "ops.Dropout{axes}D(keep_prob=0.5)(x)"), name="dropout_{axes}d_with_mask")
def channel_dropout_with_mask(key, x, *, keep_prob=0.5, axes=2) -> tuple[jax.Array, jax.Array]:
    """The input with channels of {axes} axes dropped, and the mask of what is kept."""
    return _dropped(key, x, 1 - keep_prob, _channels(x, axes))


# -- masks of bits -----------------------------------------------------------------------------------------------------


@random("ops.DropoutGenMask(Seed0: seed=0, Seed1: _=0)(shape, keep_prob)")
def dropout_gen_mask(key, keep_prob, *, shape):
    """A mask for `DropoutDoMask`: a bit for each element, set with probability `keep_prob`, the lowest of a byte first.

    Args:
        keep_prob: the probability that an element is kept.
        shape: the shape of what will be masked.

    Returns:
        A uint8 Tensor of one axis, of 16 bytes for each 128 elements that are begun.
    """
    count = int(np.prod(shape_of(shape), dtype=np.int64))
    kept = unit(key, (-(-count // 128) * 128,)) < keep_prob
    return jnp.packbits(kept, bitorder="little")


@op("ops.DropoutDoMask()(x, mask, keep_prob)", floats=("x",))
def dropout_do_mask(x, mask, keep_prob):
    """The elements whose bit is set, divided by `keep_prob`, and 0 for the others.

    Args:
        mask: as `DropoutGenMask` gives it for the input's shape.
        keep_prob: the probability that an element is kept.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        TypeError: if the input is not of a float dtype, or the mask not of uint8.
        ValueError: if the mask is too short.
    """
    if mask.dtype != np.uint8:
        raise TypeError(f"For 'DropoutDoMask', the mask must be of uint8, but got {mask.dtype}.")
    if mask.ndim != 1 or 8 * mask.size < x.size:
        raise ValueError(f"For 'DropoutDoMask', a mask of {x.size} bits is needed, but its shape is {mask.shape}.")
    kept = jnp.unpackbits(mask, bitorder="little")[: x.size].reshape(x.shape)
    return jnp.where(kept == 1, x / keep_prob, 0).astype(x.dtype)
