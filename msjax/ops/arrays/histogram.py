"""Counting elements: histograms, bins, and places in a sorted vector. Floats are float32, indices int32."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.tensor import raw
from msjax.ops.arrays.creation import shape_of
from msjax.ops.call.promotion import array, single
from msjax.ops.table import op


def numpy_array(values, like=None) -> jax.Array:
    """Host values as an array, with MindSpore's dtypes: float32, and int32 or the dtype of `like`."""
    values = np.asarray(values)
    if like is not None and values.dtype.kind in "if":
        return jnp.asarray(values.astype(like.dtype))
    narrow = {"f": np.float32, "i": np.int32}.get(values.dtype.kind, values.dtype)
    return jnp.asarray(values.astype(narrow))


def same_dtype(x, y) -> tuple[jax.Array, jax.Array]:
    """Both arrays in their common dtype; unlike `pair` without a look at their shapes."""
    dtype = jnp.promote_types(x.dtype, y.dtype)
    return x.astype(dtype), y.astype(dtype)


def _floats(x) -> Any:
    return None if x is None else single(jnp.asarray(x))


def _edges(bins):
    return bins if isinstance(bins, int) else np.asarray(raw(bins), np.float32)


@op("numpy.histogram_bin_edges(a, bins=10, range=None, weights: _ = None)", jit=False)
def histogram_bin_edges(x, *, bins=10, range=None):
    """The borders of equal bins over the range of the elements, or over `range`."""
    return numpy_array(np.histogram_bin_edges(trace.concrete(_floats(x)), _edges(bins), range))


@op("numpy.histogram(a, bins=10, range=None, weights=None, density=False)", jit=False)
def histogram(x, weights=None, *, bins=10, range=None, density=False) -> tuple[jax.Array, jax.Array]:
    """How many elements lie in each bin, and the borders of the bins."""
    edges = histogram_bin_edges(x, bins=bins, range=range) if isinstance(bins, int) else numpy_array(bins)
    counts, _ = jnp.histogram(_floats(x), _floats(edges), weights=_floats(weights), density=density)
    return counts.astype(np.float32), edges


@op("numpy.histogramdd(sample, bins=10, range=None, weights=None, density=False)", jit=False)
def histogramdd(
    sample, weights=None, *, bins: Any = 10, range=None, density=False
) -> tuple[jax.Array, list[jax.Array]]:
    """How many points lie in each cell of a grid, and the list of the borders along each axis.

    Args:
        sample: points as rows, or a list with the coordinates of each axis.
    """
    points = jnp.stack([jnp.asarray(s) for s in sample], 1) if isinstance(sample, list) else sample
    bins = bins if isinstance(bins, int) else [_edges(b) for b in bins]
    edges = [e.astype(np.float32) for e in np.histogramdd(trace.concrete(_floats(points)), bins, range)[1]]
    counts, edges = jnp.histogramdd(_floats(points), [jnp.asarray(e) for e in edges], None, _floats(weights), density)
    return counts.astype(np.float32), list(edges)


@op("numpy.histogram2d(x, y, bins=10, range=None, weights=None, density=False)", jit=False)
def histogram2d(x, y, weights=None, *, bins=10, range=None, density=False) -> tuple[jax.Array, jax.Array, jax.Array]:
    """How many points lie in each cell, and the borders along both axes."""
    if not isinstance(bins, int) and len(bins) not in (1, 2):
        bins = [bins, bins]
    counts, edges = histogramdd([x, y], weights, bins=bins, range=range, density=density)
    return counts, *edges


@op("numpy.digitize(x, bins, right=False)")
def digitize(x, bins, *, right=False):
    """The number of the bin that each element lies in; bins that fall are taken as well as bins that rise."""
    return jnp.digitize(x, jnp.asarray(bins), right).astype(np.int32)


@op("numpy.bincount(x, weights=None, minlength=0, length=None)", jit=False)
def bincount(x, weights=None, *, minlength=0, length=None):
    """How often each number occurs, or the sum of its weights, as float32.

    Args:
        length: the number of counts, if it shall not depend on the values.
    """
    length = max(minlength, int(trace.concrete(x).max(initial=-1)) + 1) if length is None else length
    (length,) = shape_of(length)
    return jnp.bincount(x, weights=_floats(weights), length=length).astype(np.float32)


@op("numpy.searchsorted(a, v, side='left', sorter=None)")
def searchsorted(x, v, sorter=None, *, side="left"):
    """Where elements would be inserted to keep a sorted vector sorted, as int32.

    Raises:
        ValueError: if `side` is neither "left" nor "right".
    """
    if side not in ("left", "right"):
        raise ValueError(f"'side' must be 'left' or 'right', but got {side!r}.")
    return jnp.searchsorted(*same_dtype(x, array(v)), side, sorter).astype(np.int32)
