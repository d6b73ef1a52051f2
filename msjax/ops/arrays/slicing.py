"""Slices by numbers: select, narrow, slice, strided_slice."""

from __future__ import annotations

from typing import Any

import jax

from msjax.core.opaque import Number
from msjax.ops.arrays.reshape import ints
from msjax.ops.call.promotion import array, axis_in
from msjax.ops.table import op


@op(
    "ops.narrow(input, axis, start, length)",
    "Tensor.narrow(dim, start, length)",
    "mint.narrow(input, dim, start, length)",
    view=True,
    numbers="start",
)
def narrow(x, *, axis, start, length):
    """`length` elements along an axis from `start` on.

    Raises:
        ValueError: if they are out of range.
    """
    x = array(x)
    axis, (length,) = axis_in(axis, x.ndim), ints(length, "length")
    first: Any = start if isinstance(start, Number) else ints(start, "start")[0]
    size = x.shape[axis]
    begin = first + size if first < 0 else first
    if begin < 0 or length < 0 or begin + length > size:
        raise ValueError(f"'start' {first} and 'length' {length} must lie within axis {axis} of size {size}.")
    if isinstance(begin, Number):
        return jax.lax.dynamic_slice_in_dim(x, begin.array(), length, axis)
    return jax.lax.slice_in_dim(x, begin, begin + length, axis=axis)


@op(
    "ops.slice(input_x, begin, size)",
    "ops.Slice()(input, begin, size)",
    "ops.tensor_slice(input, begin, size)",
    view=True,
)
def slice_(x, *, begin, size):
    """A block of the given sizes that starts at `begin`; a size of -1 takes the rest.

    Raises:
        ValueError: if it does not lie within the input.
    """
    x, begin, size = array(x), ints(begin, "begin"), ints(size, "size")
    if not len(begin) == len(size) == x.ndim:
        raise ValueError(
            f"'begin' {begin} and 'size' {size} must have one number for each axis of the shape {x.shape}."
        )
    ends = [n if s == -1 else b + s for b, s, n in zip(begin, size, x.shape, strict=True)]
    if any(not 0 <= b <= e <= n for b, e, n in zip(begin, ends, x.shape, strict=True)):
        raise ValueError(f"The sum of 'begin' {begin} and 'size' {size} must be no greater than the shape {x.shape}.")
    return jax.lax.slice(x, begin, ends)


@op(
    "ops.strided_slice(input_x, begin, end, strides, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, "
    "shrink_axis_mask=0)",
    "ops.StridedSlice(begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0)"
    "(input_x, begin, end, strides)",
    view=True,
)
def strided_slice(
    x, *, begin, end, strides, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0
):
    """`x[begin:end:strides]` along the first axes.

    Args:
        begin_mask, end_mask: bit i set: `begin[i]` or `end[i]` is ignored, the slice goes to the border.
        ellipsis_mask, new_axis_mask: bit i set: the i-th place is `...` or a new axis.
        shrink_axis_mask: bit i set: the i-th place is the index `begin[i]`.

    Raises:
        ValueError: if a stride is 0 or the lengths differ.
    """
    x = array(x)
    begin, end, strides = ints(begin, "begin"), ints(end, "end"), ints(strides, "strides")
    if not len(begin) == len(end) == len(strides):
        raise ValueError(f"'begin', 'end' and 'strides' must be of one length, but got {begin}, {end} and {strides}.")
    if 0 in strides:
        raise ValueError("'strides' can not contain 0.")

    def item(i):
        has = lambda mask: bool(mask & 1 << i)  # noqa: E731
        if has(ellipsis_mask):
            return Ellipsis
        if has(new_axis_mask):
            return None
        if has(shrink_axis_mask):
            return begin[i]
        return slice(None if has(begin_mask) else begin[i], None if has(end_mask) else end[i], strides[i])

    return x[tuple(item(i) for i in range(len(begin)))]


@op("mint.select(input, dim, index)", view=True, numbers="index")
def select_index(x, *, axis, index):
    """The slice at one index of an axis, without that axis.

    Raises:
        ValueError: if the axis or the index is out of range.
    """
    x = array(x)
    (axis,) = ints(axis, "dim")
    axis = axis_in(axis, x.ndim)
    if isinstance(index, Number):
        place: Any = axis_in(index, x.shape[axis], "index")
        return jax.lax.dynamic_index_in_dim(x, place.array(), axis, keepdims=False)
    (index,) = ints(index, "index")
    return jax.lax.index_in_dim(x, axis_in(index, x.shape[axis], "index"), axis, keepdims=False)
