"""Coordinates of elements from their numbers, and back."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.arrays.reshape import ints
from msjax.ops.call.checks import check_range
from msjax.ops.table import op


@op("numpy.unravel_index(indices, shape, order='C')")
def unravel_index(indices, *, shape, order="C") -> tuple[jax.Array, ...]:
    """The coordinates of elements counted in row-major ("C") or column-major ("F") order."""
    shape = ints(shape)
    if order == "C":
        return jnp.unravel_index(indices, shape)
    return jnp.unravel_index(indices, shape[::-1])[::-1]


def _check_counted(_, indices, *, shape):
    check_range(indices, math.prod(ints(shape)), "UnravelIndex", False, ValueError)


@op("ops.UnravelIndex()(indices, dims: shape)", check=_check_counted)
def unravel_index_stacked(indices, *, shape):
    """The coordinates of elements counted in row-major order, stacked along a first axis.

    Raises:
        ValueError: if an index is out of range.
    """
    return jnp.stack(jnp.unravel_index(indices, ints(shape, "dims")))


@op("numpy.ravel_multi_index(multi_index: indices, dims: shape, mode='clip', order='C')")
def ravel_multi_index(indices, *, shape, mode="clip", order="C"):
    """The numbers of elements given by their coordinates, as float32; what is out of range is clipped or wrapped.

    Raises:
        ValueError: for another mode, or if there are not as many coordinates as axes.
    """
    if mode not in ("clip", "wrap"):
        raise ValueError(f"'mode' must be 'clip' or 'wrap', but got {mode!r}.")
    shape = ints(shape, "dims")
    if len(indices) != len(shape):
        raise ValueError(f"There must be a coordinate for each axis of {shape}, but there are {len(indices)}.")
    return jnp.ravel_multi_index(tuple(jnp.asarray(i) for i in indices), shape, mode, order).astype(np.float32)
