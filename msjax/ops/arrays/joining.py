"""Several Tensors made one, and one made several: concat, stack, split, chunk, unstack."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp

from msjax.ops.arrays.shaping import ints
from msjax.ops.call.checks import how_float64_comes
from msjax.ops.call.promotion import array, axis_in
from msjax.ops.table import op


def several(tensors, name: str = "tensors") -> list[jax.Array]:
    """The list as arrays.

    Raises:
        TypeError: if it is no list or tuple.
        ValueError: if it is empty.
    """
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(f"{name!r} must be a tuple or list of Tensors, but got one of shape {jnp.shape(tensors)}.")
    if not tensors:
        raise ValueError(f"{name!r} must have at least one Tensor, but is empty.")
    return [array(t, name) for t in tensors]


@op(
    "ops.concat(tensors, axis=0)",
    "ops.cat(tensors, axis=0)",
    "ops.Concat(axis=0)(tensors)",
    "mint.concat(tensors, dim=0)",
    "mint.cat(tensors, dim=0)",
    "ops.ParallelConcat()(values)",
)
def concat(tensors, *, axis=0):
    """The Tensors one after the other along an axis, in their common dtype.

    Raises:
        TypeError: if `tensors` is not a tuple or list.
        ValueError: if it is empty, a Tensor has no axes, or shapes differ in another axis.

    Example:
        >>> ops.concat((Tensor([1, 2]), Tensor([3])))
        Tensor(shape=[3], dtype=Int64, value= [1, 2, 3])
    """
    arrays = several(tensors)
    shapes = [a.shape for a in arrays]
    if () in shapes:
        raise ValueError("Tensors without axes can not be concatenated; use stack.")
    if len({len(s) for s in shapes}) > 1:
        raise ValueError(f"Tensors must be of one rank to be concatenated, but the shapes are {shapes}.")
    axis = axis_in(axis, arrays[0].ndim)
    if len({s[:axis] + s[axis + 1 :] for s in shapes}) > 1:
        raise ValueError(f"Tensors may differ only in axis {axis} to be concatenated, but the shapes are {shapes}.")
    return jnp.concatenate(arrays, axis)


def _slices(tensors) -> list[jax.Array]:
    """The list as arrays; or the slices of a single Tensor.

    Raises:
        ValueError: if it has none.
    """
    if not isinstance(tensors, jax.Array):
        return several(tensors, "arrays")
    if not tensors.ndim:
        raise ValueError("A Tensor without axes has no slices to join; give a tuple or list of Tensors.")
    return list(tensors)


@op("numpy.concatenate(arrays, axis=0)")
def concatenate(tensors, *, axis=0):
    """The Tensors one after the other along an axis, or all their elements for `axis=None`.

    A single Tensor stands for its slices.
    """
    arrays = _slices(tensors)
    return concat([a.ravel() for a in arrays]) if axis is None else concat(arrays, axis=axis)


@op("numpy.append(arr, values, axis=None)")
def append(x, values, *, axis=None):
    """`values` after the elements of the input, along an axis or flattened."""
    return concatenate([x, jnp.asarray(values)], axis=axis)


@op(
    "ops.stack(tensors, axis=0)",
    "ops.Stack(axis=0)(input_x)",
    "ops.Pack(axis=0)(input_x)",
    "mint.stack(tensors, dim=0)",
)
def stack(tensors, *, axis=0):
    """The Tensors, of one shape and dtype, along a new axis.

    Raises:
        TypeError: if dtypes differ.
        ValueError: if shapes differ.
    """
    arrays = [tensors] if isinstance(tensors, jax.Array) else several(tensors)
    if len({a.dtype for a in arrays}) > 1:
        kinds = [a.dtype for a in arrays]
        raise TypeError(
            f"Tensors must be of one dtype to be stacked, but got {[*map(str, kinds)]}.{how_float64_comes(*kinds)}"
        )
    if len({a.shape for a in arrays}) > 1:
        raise ValueError(f"Tensors must be of one shape to be stacked, but got {[a.shape for a in arrays]}.")
    return jnp.stack(arrays, axis_in(axis, arrays[0].ndim + 1))


@op("numpy.stack(arrays, axis=0)")
def stack_of_any(tensors, *, axis=0):
    """The Tensors, of one shape, along a new axis in their common dtype; a single Tensor stands for its slices."""
    arrays = _slices(tensors)
    return stack([a.astype(jnp.result_type(*arrays)) for a in arrays], axis=axis)


@op("ops.hstack(tensors)", "mint.hstack(tensors)")
def hstack(tensors):
    """Concatenated along the second axis, or the first for Tensors of one axis."""
    arrays = [jnp.atleast_1d(a) for a in several(tensors)]
    return concat(arrays, axis=0 if arrays[0].ndim == 1 else 1)


@op("ops.vstack(inputs)", "ops.row_stack(tensors)")
def vstack(tensors):
    """Concatenated along the first axis; Tensors of one axis count as rows."""
    return concat([jnp.atleast_2d(a) for a in several(tensors)])


@op("ops.dstack(tensors)", "mint.dstack(tensors)")
def dstack(tensors):
    """Concatenated along the third axis, which is added where it is missing."""
    return concat([jnp.atleast_3d(a) for a in several(tensors)], axis=2)


@op("ops.column_stack(tensors)")
def column_stack(tensors):
    """Concatenated along the second axis; Tensors of up to one axis count as columns."""
    return concat([a.reshape(-1, 1) if a.ndim < 2 else a for a in several(tensors)], axis=1)


def _or_one(name: str, function) -> None:
    def definition(tensors):
        return tensors if isinstance(tensors, jax.Array) else function(tensors)

    definition.__name__, definition.__doc__ = name, f"{function.__doc__} A single Tensor is itself the result."
    op(f"numpy.{name}(tup)")(definition)


for function in (hstack, vstack, dstack, column_stack):
    _or_one(function.__name__, function)


@op("ops.block_diag(*inputs)")
def block_diag(*inputs):
    """A matrix with the given matrices along its diagonal."""
    return jax.scipy.linalg.block_diag(*inputs)


# -- one made several ------------------------------------------------------------------------------------------------


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


def _split_along(name: str, axis: int) -> None:
    def definition(x, *, indices_or_sections) -> tuple[jax.Array, ...]:
        if array(x).ndim <= axis:
            raise ValueError(f"{name} expects a Tensor with at least {axis + 1} axes, but got {x.ndim}.")
        return _divide(x, indices_or_sections, axis)

    definition.__name__, definition.__doc__ = name, f"`tensor_split` along axis {axis}."
    signature = "indices_or_sections)"
    op(f"ops.{name}(input, {signature}", f"Tensor.{name}({signature}", f"numpy.{name}(x, {signature}", view=True)(
        definition
    )


for name, axis in (("vsplit", 0), ("hsplit", 1), ("dsplit", 2)):
    _split_along(name, axis)


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
