"""The same elements in another order or several times: tile, repeat, flip, roll; and slices by numbers."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.opaque import Number
from msjax.ops.arrays.shaping import ints
from msjax.ops.call.checks import check_range
from msjax.ops.call.promotion import array, axes_in, axis_in
from msjax.ops.table import op


@op(
    "ops.tile(input, dims: reps)",
    "ops.Tile()(input, dims: reps)",
    "Tensor.tile(reps)",
    "Tensor.tile(dims: reps)",
    "Tensor.tile(*dims: reps)",
    "Tensor.repeat(*repeats: reps)",
    "Tensor.repeat(repeats: reps)",
    "mint.tile(input, dims: reps)",
    "numpy.tile(a, reps)",
)
def tile(x, *, reps):
    """The whole input, repeated along each axis.

    Raises:
        ValueError: if a number of repetitions is negative.

    Example:
        >>> ops.tile(Tensor([1, 2]), (2,))
        Tensor(shape=[4], dtype=Int64, value= [1, 2, 1, 2])
    """
    reps = ints(reps, "dims")
    if any(n < 0 for n in reps):
        raise ValueError(f"The numbers of repetitions can not be negative, but got {reps}.")
    return jnp.tile(array(x), reps)


@op(
    "ops.repeat_interleave(input, repeats, axis=None)",
    "ops.repeat_elements(x, rep: repeats, axis=0)",
    "Tensor.repeat_interleave(repeats, dim=None)",
    "Tensor.repeat_interleave(repeats, dim=None, *, output_size: _ = None)",
    "mint.repeat_interleave(input, repeats, dim=None, *, output_size: _ = None)",
    "numpy.repeat(a, repeats, axis=None)",
)
def repeat_interleave(x, *, repeats, axis=None):
    """Each element repeated in place, along an axis or flattened.

    Args:
        repeats: an int, or one for each element along the axis.

    Raises:
        ValueError: if `repeats` is negative or their number does not fit.
    """
    x, repeats = array(x), ints(repeats, "repeats")
    x, axis = (x.ravel(), 0) if axis is None else (x, axis_in(axis, x.ndim))
    if any(n < 0 for n in repeats):
        raise ValueError(f"'repeats' can not be negative, but got {repeats}.")
    if len(repeats) not in (1, x.shape[axis]):
        raise ValueError(
            f"The length of 'repeats' must be the size of axis {axis}, {x.shape[axis]}, but got {len(repeats)}."
        )
    if len(repeats) == 1:
        return jnp.repeat(x, repeats[0], axis)
    return jnp.take(x, np.repeat(np.arange(x.shape[axis]), repeats), axis)


@op(
    "ops.flip(input, dims)",
    "ops.ReverseV2(axis)(input)",
    "ops.reverse(x, axis)",
    "Tensor.flip(dims)",
    "Tensor.reverse(axis)",
    "mint.flip(input, dims)",
    "numpy.flip(m, axis=None)",
)
def flip(x, *, axis=None):
    """In reverse order along each of some axes.

    Raises:
        ValueError: if an axis is out of range or repeated.
    """
    x = array(x)
    return jnp.flip(x, axes_in(axis, x.ndim) if axis != () else ())


@op("ops.fliplr(input)", "Tensor.fliplr()", "numpy.fliplr(m)")
def fliplr(x):
    """In reverse order along the second axis."""
    return flip(x, axis=(1,))


@op("ops.flipud(input)", "Tensor.flipud()", "numpy.flipud(m)")
def flipud(x):
    """In reverse order along the first axis."""
    return flip(x, axis=(0,))


@op(
    "ops.roll(input, shifts, dims=None)",
    "ops.Roll(shifts, dims=None)(input)",
    "Tensor.roll(shifts, dims=None)",
    "mint.roll(input, shifts, dims=None)",
    "numpy.roll(a, shift: shifts, axis=None)",
    numbers="shifts",
)
def roll(x, *, shifts, axis=None):
    """Moved along axes, what leaves at the end coming in at the beginning; flattened first if no axis is given."""
    x, shifts = array(x), (shifts.array(),) if isinstance(shifts, Number) else ints(shifts, "shifts")
    if axis is None:
        return jnp.roll(x, sum(shifts))
    axes = tuple(axis_in(a, x.ndim) for a in ints(axis, "dims"))
    return jnp.roll(x, shifts[0] if len(shifts) == 1 else shifts, axes)


def _check_lengths(x, seq_lengths, *, seq_dim=0, **_):
    check_range(seq_lengths, x.shape[seq_dim] + 1, "reverse_sequence", False, thing="seq_lengths")


@op("ops.reverse_sequence(x, seq_lengths, seq_dim, batch_dim=0)",
    "ops.ReverseSequence(seq_dim, batch_dim=0)(x, seq_lengths)",
    "Tensor.reverse_sequence(seq_lengths, seq_dim=0, batch_dim=0)", check=_check_lengths)  # fmt: skip
def reverse_sequence(x, seq_lengths, *, seq_dim=0, batch_dim=0):
    """The first `seq_lengths[b]` elements along `seq_dim` in reverse order, for each `b` of `batch_dim`.

    Raises:
        RuntimeError: if a length is negative or beyond the axis.
    """
    x = array(x)
    seq, batch = axis_in(seq_dim, x.ndim, "seq_dim"), axis_in(batch_dim, x.ndim, "batch_dim")
    moved = jnp.moveaxis(x, (batch, seq), (0, 1))
    places, lengths = jnp.arange(moved.shape[1]), seq_lengths[:, None]
    source = jnp.where(places < lengths, lengths - 1 - places, places)
    source = source.reshape(source.shape + (1,) * (x.ndim - 2))
    return jnp.moveaxis(jnp.take_along_axis(moved, source, 1), (0, 1), (batch, seq))


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


@op("ops.slice(input_x, begin, size)", "ops.Slice()(input, begin, size)", view=True)
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


@op("ops.Identity()(input_x)", "ops.identity(x)", "ops.deepcopy(input_x)", "mint.clone(input)", "numpy.copy(a)")
def identity(x):
    """The elements, not shared with the input."""
    return array(x)


@op("ops.IdentityN()(x)")
def identity_n(x) -> tuple[jax.Array, ...]:
    """The Tensors of a list, as a tuple."""
    return tuple(x)
