"""The same elements in another order or several times: tile, repeat, flip, roll, rot90."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.opaque import Number
from msjax.ops.arrays.reshape import ints
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


def _check_lengths(_, x, seq_lengths, *, seq_dim=0, **__):
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


@op("ops.Identity()(input_x)", "ops.deepcopy(input_x)", "mint.clone(input)", "numpy.copy(a)")
def identity(x):
    """The elements, not shared with the input."""
    return array(x)


@op("ops.IdentityN()(x)")
def identity_n(x) -> tuple[jax.Array, ...]:
    """The Tensors of a list, as a tuple."""
    return tuple(map(array, x))


@op("ops.rot90(input, k, dims)", "Tensor.rot90(k, dims)", "numpy.rot90(a, k=1, axes=(0, 1))")
def rot90(x, *, k=1, axis=(0, 1)):
    """Rotated `k` times by 90 degrees in the plane of two axes."""
    first, second = axes_in(ints(axis), x.ndim)
    return jnp.rot90(array(x), k, (first, second))


@op(
    "ops.DataFormatDimMap(src_format='NHWC', dst_format='NCHW')(input_x: x)",
    kinds=dict.fromkeys(("src_format", "dst_format"), "'NHWC' or 'NCHW'"),
)
def data_format_dim_map(x, *, src_format="NHWC", dst_format="NCHW"):
    """Which axes of one format are the axes of another.

    Args:
        x: numbers of axes of `dst_format`; negative ones count from the end.
        src_format: the format whose axes are named in the result.
        dst_format: the format whose axes the input numbers.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        TypeError: if the input is not of int32 or int64.
    """
    if x.dtype not in (np.int32, np.int64):
        raise TypeError(f"For 'DataFormatDimMap', the input must be of int32 or int64, but got {x.dtype}.")
    return jnp.asarray([src_format.index(axis) for axis in dst_format], x.dtype)[x % 4]
