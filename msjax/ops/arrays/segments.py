"""Sums, extremes and products of the rows that belong to one segment."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.ops.arrays.creation import shape_of
from msjax.ops.arrays.gather import array, compiled, gather, indices_of
from msjax.ops.arrays.reshape import ints
from msjax.ops.call.checks import check_between, check_range
from msjax.ops.call.promotion import cast, is_inexact
from msjax.ops.maths.products import products
from msjax.ops.table import family, op


def _lowest(dtype):
    return jnp.finfo(dtype).min if jnp.issubdtype(dtype, jnp.floating) else jnp.iinfo(dtype).min


def _highest(dtype):
    return jnp.finfo(dtype).max if jnp.issubdtype(dtype, jnp.floating) else jnp.iinfo(dtype).max


# meeting -> (method of jax's `x.at[...]`, what an empty segment holds)
MEETINGS = {
    "sum": ("add", lambda dtype: 0),
    "max": ("max", _lowest),
    "min": ("min", _highest),
    "prod": ("multiply", lambda dtype: 1),
}


@compiled
def _reduce(x, ids, *, count: int, meeting: str):
    method, empty = MEETINGS[meeting]
    rows = x.reshape(ids.size, *x.shape[ids.ndim :])
    ids = jnp.where(ids < 0, count, ids).ravel()  # a negative segment is none
    if meeting == "prod":
        return products(rows, ids, count)
    start = jnp.full((count, *rows.shape[1:]), empty(x.dtype), x.dtype)
    return getattr(start.at[ids], method)(rows, mode="drop")


@op(
    *family(
        "meeting",
        MEETINGS,
        "ops.UnsortedSegment{Meeting}()(input_x, segment_ids, num_segments)",
        "Tensor.unsorted_segment_{meeting}(segment_ids, num_segments)",
    ),
    "ops.unsorted_segment_sum(input_x, segment_ids, num_segments; meeting='sum')",
    *family("meeting", ("max", "min", "prod"), "ops.unsorted_segment_{meeting}(x, segment_ids, num_segments)"),
    name="unsorted_segment_{meeting}",
    jit=False,
)
def unsorted_segment(x, segment_ids, *, num_segments, meeting="sum"):
    """The {meeting|prod: product|max: maximum|min: minimum} of the rows of each segment; rows of a negative segment are
    left out.

    Raises:
        ValueError: if the shapes do not fit.
        RuntimeError: if a segment is out of range.
    """
    what = f"UnsortedSegment{meeting.title()}"
    x, ids = array(x), indices_of(segment_ids, "segment_ids")
    (count,) = shape_of(ints(num_segments, "num_segments"))
    if x.shape[: ids.ndim] != ids.shape:
        raise ValueError(
            f"For '{what}', the shape of 'segment_ids', {ids.shape}, must begin that of the input, {x.shape}."
        )
    check_range(jnp.maximum(ids, 0), count, what, negative=False)
    return _reduce(x, ids, count=count, meeting=meeting)


# -- sorted segments: there are as many as the last one says -----------------------------------------------------------


def _count(ids, error: type[Exception] = ValueError) -> int:
    values = trace.concrete(ids)
    if (np.diff(values) < 0).any():
        raise error(f"The segment_ids must be sorted in ascending order, but got {values.tolist()!s:.60}.")
    check_between(values, 0, None, lambda bad: error(f"The segment_ids must not be negative, but got {bad}."))
    return int(values[-1]) + 1 if values.size else 0


@compiled
def _empty_as(reduced, ids, *, value: int):
    sizes = jnp.zeros(reduced.shape[0], np.int32).at[ids].add(1)
    return jnp.where(sizes.reshape(-1, *(1,) * (reduced.ndim - 1)) == 0, value, reduced)


def _mean(x, ids, count: int):
    sizes = jnp.maximum(jnp.zeros(count, x.dtype).at[ids].add(1), 1)
    return _reduce(x, ids, count=count, meeting="sum") / sizes.reshape(-1, *(1,) * (x.ndim - 1))


@op(*family("meeting", MEETINGS, "ops.Segment{Meeting}()(input_x, segment_ids)"), name="segment_{meeting}", jit=False)
def sorted_segment(x, segment_ids, *, meeting="sum"):
    """The {meeting|prod: product|max: maximum|min: minimum} of the rows of each segment, {meeting|prod: 1|sum: 0|max: 0
    |min: 0} for one without rows.

    Raises:
        ValueError: if the segments are negative or not sorted.
    """
    ids = indices_of(segment_ids, "segment_ids")
    reduced = _reduce(x, ids, count=_count(ids), meeting=meeting)
    return _empty_as(reduced, ids, value=1 if meeting == "prod" else 0)


@op("ops.SegmentMean()(input_x, segment_ids)", jit=False)
def segment_mean(x, segment_ids):
    """The mean of the rows of each segment, 0 for one without rows; of integers an integer, what is behind the point
    cut off.

    Raises:
        ValueError: if the segments are negative or not sorted.
    """
    ids = indices_of(segment_ids, "segment_ids")
    means = _mean(x, ids, _count(ids))
    return means if is_inexact(x) else cast(means, x.dtype)


@op("ops.sparse_segment_mean(x, indices, segment_ids)", jit=False)
def sparse_segment_mean(x, indices, segment_ids):
    """The mean of the chosen rows of each segment.

    Raises:
        RuntimeError: if an index is out of range, or the segments are not sorted.
    """
    ids = jnp.asarray(segment_ids)
    return _mean(gather(x, jnp.asarray(indices), axis=0), ids, _count(ids, RuntimeError))


@op("ops.sequence_mask(lengths, maxlen: size=None)", jit=False)
def sequence_mask(lengths, *, size=None):
    """For each length a row whose first elements are True; as long as the greatest length, if `maxlen` is not given."""
    size = int(trace.concrete(lengths).max(initial=0)) if size is None else ints(size, "maxlen")[0]
    return jnp.arange(shape_of(size)[0]) < jax.lax.expand_dims(lengths, (lengths.ndim,))
