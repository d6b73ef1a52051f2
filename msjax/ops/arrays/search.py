"""Searching and counting: places, bins, how often."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core.choosing import can_choose, chosen
from msjax.core.trace import concrete
from msjax.ops.arrays.creation import shape_of
from msjax.ops.call.arguments import hashable
from msjax.ops.call.checks import check_between
from msjax.ops.call.promotion import array, inexact, is_float, single
from msjax.ops.table import family, op

# -- places of what is not 0 -----------------------------------------------------------------------------------------


def places(x) -> tuple[jax.Array, ...]:
    """For each axis, the indices of the elements that are not 0."""
    x = array(x)
    if can_choose(x):
        return tuple(chosen(jnp.broadcast_to(i, x.shape), x != 0, x) for i in _grid(x.shape))
    return tuple(jnp.asarray(i) for i in np.nonzero(concrete(x)))


def _grid(shape: tuple[int, ...]) -> list:
    return list(map(jnp.asarray, np.indices(shape, np.int64, sparse=True)))


@op("ops.argwhere(input)", "ops.NonZero()(input)", "Tensor.argwhere()", "numpy.argwhere(a)", jit=False)
def argwhere(x):
    """The indices of the elements that are not 0, as rows of int64."""
    x = array(x)
    return jnp.stack(places(x), -1) if x.ndim and can_choose(x) else jnp.asarray(np.argwhere(concrete(x)))


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
    "Tensor.searchsorted(v: values, side='left', sorter=None; out_int32=True)",
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


@op(
    *family("side", ("lower", "upper"), "ops.{Side}Bound(out_type=mstype.int32)(sorted_x, values)"),
    name="{side}_bound",
)
def bound(sorted_x, values, *, out_type, side):
    """Where to insert `values` so that each row stays sorted, {side|lower: before|upper: behind} equal elements.

    Args:
        sorted_x: sorted rows, (n, m).
        values: numbers for each row, (n, k).
        out_type: the dtype of the result, int32 or int64.

    Returns:
        A Tensor (n, k).
    """
    return _search(sorted_x, values, side == "upper", out_type.numpy)


def _boundaries(boundaries, x):
    sequence = jnp.stack(jnp.broadcast_arrays(*boundaries)) if isinstance(boundaries, list) else boundaries
    return sequence.astype(jnp.promote_types(x.dtype, np.float32))


@op("ops.bucketize(input, boundaries, *, right=False)", "ops.Bucketize(boundaries)(input)")
def bucketize(x, boundaries, *, right=False):
    """The index of the bucket, between sorted boundaries, that each element falls into, as int32."""
    return _search(_boundaries(boundaries, x), x, right, np.int32)


# -- counts in bins --------------------------------------------------------------------------------------------------


@op(
    "ops.bincount(input, weights=None, minlength=0)",
    "mint.bincount(input, weights=None, minlength=0; counts=mstype.int64)",
    "Tensor.bincount(weights=None, minlength=0)",
    jit=False,
)
def bincount(x, weights=None, *, minlength=0, counts=mstype.float32):
    """How often each integer occurs, as {counts}, or the sum of its weights, as floats."""
    values = concrete(array(x))
    if values.ndim != 1 or values.dtype.kind not in "iu":
        raise TypeError(f"For 'bincount', the input must be a vector of integers, not {values.dtype}{values.shape}.")
    if values.size and values.min() < 0:
        raise ValueError("For 'bincount', the input must not be negative.")
    size = shape_of(max(int(values.max(initial=-1)) + 1, minlength))
    weights = jnp.ones(x.shape, counts.numpy) if weights is None else single(weights)
    return jnp.zeros(size, weights.dtype).at[x].add(weights, mode="drop")


def _check_counted(_, x, weights, **__):
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
    "ops.Histogram(bins=100, min=0.0, max=0.0)(x)",
)
def histc(x, *, bins=100, min=0.0, max=0.0):
    """How many elements fall into each of `bins` equal parts of [min, max], by default of the input's range.

    Raises:
        ValueError: if `min` is larger than `max`.
    """
    if min > max:
        raise ValueError(f"For 'Histogram', the 'min' should be <= max: {max}, but got {min}.")
    x = array(x).ravel()
    values = inexact(x)
    of_input = min == max == 0 and x.size > 0
    low, high = (values.min(), values.max()) if of_input else (array(min).astype(values.dtype), max)
    low, high = jnp.where(low == high, low - 1, low), jnp.where(low == high, low + 1, high).astype(values.dtype)
    inside = (values >= low) & (values <= high)
    place = jnp.clip(jnp.floor((values - low) / (high - low) * bins), 0, bins - 1).astype(np.int32)
    dtype = single(x).dtype if is_float(x) else x.dtype
    return jnp.zeros(bins, dtype).at[place].add(inside.astype(dtype))


@op("ops.HistogramFixedWidth(nbins, dtype: _='int32')(x, range)")
def histogram_fixed_width(x, range, *, nbins):
    """How many elements fall into each of `nbins` equal parts of the range; those outside count for the end bins."""
    low, high = range[0], range[1]
    place = jnp.clip(jnp.floor((x.ravel() - low) / (high - low) * nbins), 0, nbins - 1).astype(np.int32)
    return jnp.zeros(nbins, np.int32).at[place].add(1)
