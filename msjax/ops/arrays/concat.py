"""Several Tensors made one: concat, stack, block_diag."""

from __future__ import annotations

import jax
import jax.numpy as jnp

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
    if len({a.shape for a in arrays}) > 1:
        raise ValueError(f"Tensors must be of one shape to be stacked, but got {[a.shape for a in arrays]}.")
    if len({a.dtype for a in arrays}) > 1:
        kinds = [a.dtype for a in arrays]
        raise TypeError(
            f"Tensors must be of one dtype to be stacked, but got {[*map(str, kinds)]}.{how_float64_comes(*kinds)}"
        )
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
