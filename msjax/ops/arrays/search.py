"""Searching and counting: places, distinct elements, bins, membership."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.trace import concrete
from msjax.ops.arrays.creation import shape_of
from msjax.ops.call.arguments import hashable
from msjax.ops.call.checks import check_between
from msjax.ops.call.promotion import array, axis_in, inexact
from msjax.ops.table import op

# -- places of what is not 0 -----------------------------------------------------------------------------------------


def places(x) -> tuple[jax.Array, ...]:
    """For each axis, the indices of the elements that are not 0."""
    return tuple(jnp.asarray(i) for i in np.nonzero(concrete(array(x))))


@op("ops.argwhere(input)", "ops.NonZero()(input)", "Tensor.argwhere()", "numpy.argwhere(a)", jit=False)
def argwhere(x):
    """The indices of the elements that are not 0, as rows of int64."""
    return jnp.asarray(np.argwhere(concrete(array(x))))


@op(
    "ops.nonzero(input, *, as_tuple=False)",
    "Tensor.nonzero(*, as_tuple=False)",
    "mint.nonzero(input, *, as_tuple=False)",
    jit=False,
)
def nonzero(x, *, as_tuple=False) -> jax.Array | tuple[jax.Array, ...]:
    """The indices of the elements that are not 0: as rows, or with `as_tuple` one Tensor for each axis."""
    return places(x) if as_tuple else argwhere(x)


@op("ops.is_nonzero(input)", jit=False)
def is_nonzero(x) -> bool:
    """Whether a Tensor of one element is not 0, as a Python bool.

    Raises:
        ValueError: if there is not exactly one element.
    """
    values = concrete(array(x))
    if values.size != 1:
        raise ValueError(f"For 'is_nonzero', the input must have exactly one element, but got shape {values.shape}.")
    return bool(values.reshape(()))


# -- sorted sequences ------------------------------------------------------------------------------------------------


def _search(sorted_sequence, values, right, dtype, sorter=None):
    sequence, values = array(sorted_sequence), array(values)
    common = jnp.result_type(sequence, values)
    sequence, values = sequence.astype(common), values.astype(common)
    if sorter is not None:
        sequence = jnp.take_along_axis(sequence, sorter, -1)
    side = "right" if right else "left"
    if sequence.ndim == 1:
        return jnp.searchsorted(sequence, values, side).astype(dtype)
    if sequence.shape[:-1] != values.shape[:-1]:
        raise ValueError(f"For 'searchsorted', all axes but the last must agree: {sequence.shape} and {values.shape}.")
    rows = jax.vmap(lambda s, v: jnp.searchsorted(s, v, side))
    found = rows(sequence.reshape(-1, sequence.shape[-1]), values.reshape(-1, values.shape[-1]))
    return found.reshape(values.shape).astype(dtype)


@op(
    "ops.searchsorted(sorted_sequence, values, *, out_int32=False, right=False, side=None, sorter=None)",
    "mint.searchsorted(sorted_sequence, values, *, out_int32=False, right=False, side=None, sorter=None)",
)
def searchsorted(sorted_sequence, values, sorter=None, *, out_int32=False, right=False, side=None):
    """Where to insert `values` so that the sequence (the last axis) stays sorted; before equals, or `right` of them.

    Raises:
        ValueError: if `side` is neither "left" nor "right", or contradicts `right`.
    """
    if side not in (None, "left", "right") or (right and side == "left"):
        raise ValueError(f"For 'searchsorted', 'side' must be 'left' or 'right' and agree with 'right', not {side!r}.")
    return _search(sorted_sequence, values, right or side == "right", np.int32 if out_int32 else np.int64, sorter)


@op("ops.SearchSorted(dtype=mstype.int64, right=False)(sorted_sequence, values, sorter=None)")
def search_sorted_primitive(sorted_sequence, values, sorter=None, *, dtype, right=False):
    """Where to insert `values` so that the sequence (the last axis) stays sorted."""
    return _search(sorted_sequence, values, right, dtype.numpy, sorter)


def _boundaries(boundaries, x):
    sequence = jnp.stack(jnp.broadcast_arrays(*boundaries)) if isinstance(boundaries, list) else boundaries
    return sequence.astype(jnp.promote_types(x.dtype, np.float32))


@op("ops.bucketize(input, boundaries, *, right=False)", "ops.Bucketize(boundaries)(input)")
def bucketize(x, boundaries, *, right=False):
    """The index of the bucket, between sorted boundaries, that each element falls into, as int32."""
    return _search(_boundaries(boundaries, x), x, right, np.int32)


# -- distinct elements -----------------------------------------------------------------------------------------------


def _in_order(x):
    """The distinct elements of the flattened `x` in order of appearance, where each is from, and their number."""
    values = concrete(array(x)).ravel()
    _, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    index_dtype = np.int64 if values.dtype == np.int64 else np.int32
    return array(x).ravel()[jnp.asarray(first[order])], rank[inverse.ravel()].astype(index_dtype)


@op("ops.unique(input)", "ops.Unique()(x)", jit=False)
def unique(x) -> tuple[jax.Array, jax.Array]:
    """The distinct elements in order of appearance, and for each element of the input its index among these.

    The indices are int64 for an int64 input, else int32.
    """
    found, inverse = _in_order(x)
    return found, jnp.asarray(inverse.reshape(x.shape))


@op("ops.unique_with_pad(x, pad_num)", "ops.UniqueWithPad()(x, pad_num)", "Tensor.unique_with_pad(pad_num)", jit=False)
def unique_with_pad(x, pad_num) -> tuple[jax.Array, jax.Array]:
    """The distinct elements in order of appearance, padded with `pad_num`, and each element's index among these."""
    found, inverse = _in_order(x)
    return jnp.full(x.shape, pad_num, x.dtype).at[: found.size].set(found), jnp.asarray(inverse, x.dtype)


@op(
    "mint.unique(input, sorted: _=True, return_inverse=False, return_counts=False, dim=None)",
    "Tensor.unique(sorted: _=True, return_inverse=False, return_counts=False, dim=None)",
    jit=False,
)
def unique_sorted(x, *, return_inverse=False, return_counts=False, dim=None) -> jax.Array | tuple[jax.Array, ...]:
    """The distinct elements (or slices along `dim`), sorted, and if asked the inverse and the counts."""
    x = array(x)
    _, first, inverse, counts = np.unique(concrete(x), True, True, True, dim)
    found = x.ravel()[jnp.asarray(first)] if dim is None else jnp.take(x, jnp.asarray(first), dim)
    extra = (inverse.reshape(x.shape) if dim is None else inverse.ravel(),) if return_inverse else ()
    extra += (counts,) if return_counts else ()
    return (found, *map(jnp.asarray, extra)) if extra else found


@op(
    "ops.unique_consecutive(input, return_inverse=False, return_counts=False, dim=None)",
    "mint.unique_consecutive(input, return_inverse=False, return_counts=False, dim=None)",
    "Tensor.unique_consecutive(return_inverse=False, return_counts=False, dim=None)",
    jit=False,
)
def unique_consecutive(x, *, return_inverse=False, return_counts=False, dim=None) -> jax.Array | tuple[jax.Array, ...]:
    """The elements (or slices along `dim`) without repetitions that follow each other; inverse and counts if asked."""
    x = array(x)
    flat = x.ravel() if dim is None else x
    axis = 0 if dim is None else axis_in(dim, x.ndim, "dim")
    rows = np.moveaxis(concrete(flat), axis, 0).reshape(flat.shape[axis], -1)
    starts = np.concatenate([[True], (rows[1:] != rows[:-1]).any(1)])[: len(rows)]
    where = np.flatnonzero(starts)
    found = jnp.take(flat, jnp.asarray(where), axis)
    inverse = np.cumsum(starts) - 1
    extra = (inverse.reshape(x.shape) if dim is None else inverse,) if return_inverse else ()
    extra += (np.diff(np.append(where, len(rows))),) if return_counts else ()
    return (found, *map(jnp.asarray, extra)) if extra else found


@op("ops.UniqueConsecutive(return_inverse=False, return_counts=False, dim=None)(input)", jit=False)
def unique_consecutive_primitive(
    x, *, return_inverse=False, return_counts=False, dim=None
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The elements without repetitions that follow each other, inverse and counts; 0 for what is not asked for."""
    found, inverse, counts = unique_consecutive(x, return_inverse=True, return_counts=True, dim=dim)
    nothing = jnp.zeros((), np.int64)
    return found, inverse if return_inverse else nothing, counts if return_counts else nothing


@op("ops.intopk(x1, x2, k)", "ops.InTopK(k)(x1, x2)")
def intopk(x, y, *, k):
    """For each row, whether the element that `x2` names is among the row's `k` largest; not so if there is none."""
    y = y.astype(np.int32)
    chosen = jnp.take_along_axis(x, y[:, None], 1)
    return (y >= 0) & jnp.isfinite(chosen[:, 0]) & (jnp.sum(x > chosen, 1) < k)


# -- counts in bins --------------------------------------------------------------------------------------------------


@op(
    "ops.bincount(input, weights=None, minlength=0)",
    "mint.bincount(input, weights=None, minlength=0)",
    "Tensor.bincount(weights=None, minlength=0)",
    jit=False,
)
def bincount(x, weights=None, *, minlength=0):
    """How often each integer occurs, or the sum of its weights, as floats."""
    values = concrete(array(x))
    if values.ndim != 1 or values.dtype.kind not in "iu":
        raise TypeError(f"For 'bincount', the input must be a vector of integers, not {values.dtype}{values.shape}.")
    if values.size and values.min() < 0:
        raise ValueError("For 'bincount', the input must not be negative.")
    size = shape_of(max(int(values.max(initial=-1)) + 1, minlength))
    weights = jnp.ones(x.shape, np.float32) if weights is None else inexact(weights)
    return jnp.zeros(size, weights.dtype).at[x].add(weights, mode="drop")


def _check_counted(x, weights, **_):
    must = "For 'Bincount', the elements of the array must not be negative"
    check_between(x, 0, None, lambda bad: RuntimeError(must + (bad and f", but got {bad}") + "."))


@op("ops.Bincount()(array, size, weights)", check=_check_counted)
def bincount_primitive(x, weights, *, size):
    """The sum of the weights of each integer below `size`; all weights are 1 if there are none.

    Raises:
        RuntimeError: if an integer is negative.
    """
    size = hashable(size)
    weights = weights if weights.size else jnp.ones(x.shape, weights.dtype)
    return jnp.zeros(size, weights.dtype).at[x].add(weights, mode="drop")


@op(
    "ops.histc(input, bins=100, min=0.0, max=0.0)",
    "Tensor.histc(bins=100, min=0, max=0)",
    "mint.histc(input, bins=100, min=0, max=0)",
)
def histc(x, *, bins=100, min=0.0, max=0.0):
    """How many elements fall into each of `bins` equal parts of [min, max], by default of the input's range."""
    x = array(x).ravel()
    values = inexact(x)
    low, high = (values.min(), values.max()) if min == max == 0 else (array(min).astype(values.dtype), max)
    low, high = jnp.where(low == high, low - 1, low), jnp.where(low == high, low + 1, high).astype(values.dtype)
    inside = (values >= low) & (values <= high)
    place = jnp.clip(jnp.floor((values - low) / (high - low) * bins), 0, bins - 1).astype(np.int32)
    return jnp.zeros(bins, x.dtype).at[place].add(inside.astype(x.dtype))


@op("ops.HistogramFixedWidth(nbins, dtype: _='int32')(x, range)")
def histogram_fixed_width(x, range, *, nbins):
    """How many elements fall into each of `nbins` equal parts of the range; those outside count for the end bins."""
    low, high = range[0], range[1]
    place = jnp.clip(jnp.floor((x.ravel() - low) / (high - low) * nbins), 0, nbins - 1).astype(np.int32)
    return jnp.zeros(nbins, np.int32).at[place].add(1)
