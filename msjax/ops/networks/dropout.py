"""Dropout, of elements and of channels."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.promotion import array
from msjax.ops.maths.random import random, unit
from msjax.ops.table import family


def _rate(*, x, p, training=True, **_):
    if not 0 <= p <= 1:
        raise ValueError(f"For 'dropout', the probability must be in [0, 1], but got {p}.")
    return x if not training or p == 0 else None


def _dropped(key, x, p, shape=None):
    """The input with elements dropped, of one decision for each element of `shape`, and the mask of what is kept."""
    x = array(x)
    if not jnp.issubdtype(x.dtype, jnp.floating):
        raise TypeError(f"For 'dropout', the input must be of a float type, but got {x.dtype}.")
    kept = unit(key, x.shape if shape is None else shape) < np.float32(1 - p)
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
