"""One Tensor made several: split, chunk, unstack."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp

from msjax.ops.arrays.reshape import ints
from msjax.ops.call.promotion import array, axis_in
from msjax.ops.table import family, op


def _pieces(x, sizes, axis: int) -> tuple:
    ends = list(itertools.accumulate(sizes))
    return tuple(jax.lax.slice_in_dim(x, end - size, end, axis=axis) for size, end in zip(sizes, ends, strict=True))


@op(
    "ops.split(tensor, split_size_or_sections, axis=0)",
    "Tensor.split(split_size_or_sections, axis=0)",
    "Tensor.split(split_size: split_size_or_sections, dim=0)",
    "mint.split(tensor, split_size_or_sections, dim=0)",
    view=True,
)
def split(x, *, split_size_or_sections, axis=0) -> tuple[jax.Array, ...]:
    """Pieces along an axis: of one size (the last may be smaller), or of the sizes given.

    Raises:
        ValueError: if a size is not positive, or the sizes do not add up to the axis.

    Example:
        >>> [piece.shape for piece in ops.split(Tensor([1, 2, 3]), 2)]
        [(2,), (1,)]
    """
    x = array(x)
    axis = axis_in(axis, x.ndim)
    length = x.shape[axis]
    if isinstance(split_size_or_sections, (tuple, list)):
        sizes = ints(split_size_or_sections, "split_size_or_sections")
        if sum(sizes) != length:
            raise ValueError(f"The sizes {sizes} of a split must add up to {length}, the size of axis {axis}.")
        return _pieces(x, sizes, axis)
    (size,) = ints(split_size_or_sections, "split_size_or_sections")
    if size <= 0:
        raise ValueError(f"The value of 'split_size_or_sections' must be more than zero, but got {size}.")
    return _pieces(x, [min(size, length - start) for start in range(0, length, size)] or [0], axis)


@op("ops.Split(axis=0, output_num=1)(input_x)", view=True)
def split_evenly(x, *, axis=0, output_num=1) -> tuple[jax.Array, ...]:
    """`output_num` pieces of equal size.

    Raises:
        ValueError: if the axis is not divisible.
    """
    x = array(x)
    axis = axis_in(axis, x.ndim)
    if x.shape[axis] % output_num:
        raise ValueError(
            f"The size of axis {axis}, {x.shape[axis]}, must be divisible by the number of pieces, {output_num}."
        )
    return _pieces(x, [x.shape[axis] // output_num] * output_num, axis)


@op("ops.SplitV(size_splits, split_dim, num_split)(input_x)", view=True)
def split_v(x, *, size_splits, split_dim, num_split) -> tuple[jax.Array, ...]:
    """Pieces of the given sizes, of which one may be -1 for the rest."""
    rest = x.shape[split_dim] - sum(s for s in size_splits if s != -1)
    return split(x, split_size_or_sections=tuple(rest if s == -1 else s for s in size_splits), axis=split_dim)


@op(
    "ops.chunk(input, chunks, axis=0)",
    "Tensor.chunk(chunks, axis=0)",
    "Tensor.chunk(chunks, dim=0)",
    "mint.chunk(input, chunks, dim=0)",
    view=True,
)
def chunk(x, *, chunks, axis=0) -> tuple[jax.Array, ...]:
    """At most `chunks` pieces of one size, of which the last may be smaller.

    Raises:
        ValueError: if `chunks` is not positive.
    """
    (chunks,) = ints(chunks, "chunks")
    if chunks <= 0:
        raise ValueError(f"'chunks' must be greater than 0, but got {chunks}.")
    x = array(x)
    length = x.shape[axis_in(axis, x.ndim)]
    return split(x, split_size_or_sections=max(1, -(-length // chunks)), axis=axis)


def _divide(x, parts, axis: int, even: bool = False) -> tuple:
    """Numpy's split: into as many parts, the first ones larger, or at the given indices."""
    axis = axis_in(axis, array(x).ndim)
    if not isinstance(parts, (tuple, list)):
        (parts,) = ints(parts, "indices_or_sections")
        if parts <= 0:
            raise ValueError(f"The value of 'indices_or_sections' must be more than zero, but got {parts}.")
        if even:
            return split_evenly(x, axis=axis, output_num=parts)
        return tuple(jnp.array_split(x, parts, axis))
    bounds = [0, *ints(parts, "indices_or_sections"), x.shape[axis]]
    before = (slice(None),) * axis
    return tuple(x[(*before, slice(start, end))] for start, end in itertools.pairwise(bounds))


@op(
    "ops.tensor_split(input, indices_or_sections, axis=0)",
    "Tensor.tensor_split(indices_or_sections, axis=0)",
    "numpy.array_split(x, indices_or_sections, axis=0)",
    view=True,
)
def tensor_split(x, *, indices_or_sections, axis=0) -> tuple[jax.Array, ...]:
    """As many parts as asked, the first ones larger by one; or parts that begin at the given indices.

    Raises:
        ValueError: if the number of parts is not positive.
    """
    return _divide(x, indices_or_sections, axis)


@op("numpy.split(x, indices_or_sections, axis=0)", view=True)
def even_split(x, *, indices_or_sections, axis=0) -> tuple[jax.Array, ...]:
    """As many equal parts as asked, or parts that begin at the given indices.

    Raises:
        ValueError: if the axis is not divisible.
    """
    return _divide(x, indices_or_sections, axis, even=True)


_AXES = {"vsplit": 0, "hsplit": 1, "dsplit": 2}


@op(
    *family(
        "name",
        _AXES,
        "ops.{name}(input, indices_or_sections)",
        "Tensor.{name}(indices_or_sections)",
        "numpy.{name}(x, indices_or_sections)",
    ),
    name="{name}",
    view=True,
)
def split_along(x, *, indices_or_sections, name="vsplit") -> tuple[jax.Array, ...]:
    """`tensor_split` along axis {name|vsplit: 0|hsplit: 1|dsplit: 2}."""
    axis = _AXES[name]
    if array(x).ndim <= axis:
        raise ValueError(f"For '{name}', the input must have at least {axis + 1} axes, but got {array(x).ndim}.")
    return _divide(x, indices_or_sections, axis)


@op(
    "ops.unstack(input_x, axis=0)",
    "ops.unbind(input, dim=0)",
    "ops.Unstack(axis=0, num: _ = None)(input_x)",
    "ops.Unpack(axis=0)(input_x)",
    "Tensor.unbind(dim=0)",
    "mint.unbind(input, dim=0)",
    "ops.TensorToTuple()(x)",
    view=True,
)
def unstack(x, *, axis=0) -> tuple[jax.Array, ...]:
    """The slices along an axis, without it, as a tuple."""
    x = array(x)
    axis = axis_in(axis, x.ndim)
    return tuple(jax.lax.index_in_dim(x, i, axis, keepdims=False) for i in range(x.shape[axis]))
