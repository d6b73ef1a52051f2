"""Reading elements by index or by mask: gather and its kin, take, masked_select.

JAX clamps or drops indices that are out of range; MindSpore raises. The values of indices are checked here: before the
compiled function runs where they are known, else by what a program that is compiled demands (`core.demands`).
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.choosing import can_choose, chosen
from msjax.ops.arrays.reshape import ints
from msjax.ops.call import promotion
from msjax.ops.call.checks import check_nd, check_range
from msjax.ops.call.promotion import axis_in, check_broadcast
from msjax.ops.table import op


def array(x, what: str = "input") -> jax.Array:
    """`promotion.array`, without its cost for what is an array: most of this file runs before the compiled function."""
    return x if isinstance(x, jax.Array) else promotion.array(x, what)


def indices_of(index, name: str = "indices") -> jax.Array:
    """An index array.

    Raises:
        TypeError: if it is no Tensor of integers.
    """
    index = array(index, name)
    if not jnp.issubdtype(index.dtype, jnp.integer):
        raise TypeError(f"{name!r} must be a Tensor of integers, but got {index.dtype}.")
    return index


def compiled(function):
    """`function` jitted, keyword-only parameters static."""
    code = function.__code__
    static = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    return jax.jit(function, static_argnames=static)


# -- along one axis --------------------------------------------------------------------------------------------------


@compiled
def _take(x, index, *, axis, batch_dims=0):
    function = partial(jnp.take, axis=axis - batch_dims)
    for _ in range(batch_dims):
        function = jax.vmap(function)
    return function(x, index)


@op(
    "ops.gather(input_params, input_indices: index, axis, batch_dims=0)",
    "ops.Gather(batch_dims=0)(input_params, input_indices: index, axis)",
    "ops.GatherV2()(input_params, input_indices: index, axis)",
    "ops.SparseGatherV2()(input_params, input_indices: index, axis)",
    "Tensor.gather(input_indices: index, axis, batch_dims=0)",
    jit=False,
)
def gather(x, index, *, axis, batch_dims=0):
    """The slices of an axis at the indices, which may have any shape.

    Args:
        batch_dims: how many first axes of input and indices go together; if negative, all of the indices but so many.

    Raises:
        TypeError: if the indices are not integers.
        ValueError: if the axis is out of range.
        RuntimeError: if an index is.

    Example:
        >>> ops.gather(Tensor([[1, 2, 3], [4, 5, 6]]), Tensor([2, 0]), 1)
        Tensor(shape=[2, 2], dtype=Int64, value=
        [[3, 1],
         [6, 4]])
    """
    x, index = array(x), indices_of(index)
    (axis,) = ints(axis, "axis")
    axis = axis_in(axis, x.ndim)
    batch_dims += index.ndim if batch_dims < 0 else 0
    check_range(index, x.shape[axis], "Gather")
    return _take(x, index, axis=axis, batch_dims=batch_dims)


@op(
    "ops.index_select(input, axis, index)",
    "Tensor.index_select(axis, index)",
    "Tensor.index_select(dim, index)",
    "mint.index_select(input, dim, index)",
    jit=False,
)
def index_select(x, index, *, axis):
    """The slices of an axis at a vector of indices.

    Raises:
        ValueError: if the indices have more than one axis.
    """
    if indices_of(index).ndim > 1:
        raise ValueError(f"'index' must have one axis, but its shape is {index.shape}.")
    return gather(x, jnp.atleast_1d(index), axis=axis)


@compiled
def take_along(x, index, *, axis):
    block = tuple(slice(None) if a == axis else slice(n) for a, n in enumerate(index.shape))
    return jnp.take_along_axis(x[block], index, axis)


@op(
    "ops.gather_elements(input, dim, index)",
    "ops.gather_d(x, dim, index)",
    "ops.GatherD()(x, dim, index)",
    "Tensor.gather(dim, index)",
    "Tensor.gather_elements(dim, index)",
    "mint.gather(input, dim, index)",
    jit=False,
)
def gather_elements(x, index, *, axis):
    """One element for each index: `out[i, j] = x[i, index[i, j]]` for axis 1.

    Raises:
        ValueError: if input and index differ in rank.
        RuntimeError: if an index is out of range.
    """
    x, index = array(x), indices_of(index, "index")
    (axis,) = ints(axis, "dim")
    axis = axis_in(axis, x.ndim)
    if index.ndim != x.ndim:
        raise ValueError(f"'index' must have the rank of the input, {x.ndim}, but its shape is {index.shape}.")
    check_range(index, x.shape[axis], "GatherD")
    return take_along(x, index, axis=axis)


@op("numpy.take_along_axis(arr, indices: index, axis)", jit=False)
def take_along_axis(x, index, *, axis):
    """One element for each index along an axis; the other axes broadcast.

    Raises:
        RuntimeError: if an index is out of range.
    """
    x, index = (x.ravel(), index) if axis is None else (x, index)
    axis, index = axis_in(axis or 0, x.ndim), indices_of(index)
    check_range(index, x.shape[axis], "GatherD")
    return jnp.take_along_axis(x, index, axis)


# -- anywhere --------------------------------------------------------------------------------------------------------


def nd_index(indices) -> tuple:
    """The last axis of `indices` as an index of the first axes of an array."""
    return tuple(indices[..., i] for i in range(indices.shape[-1]))


@compiled
def _gather_nd(x, indices):
    return x[nd_index(indices)]


@op("ops.gather_nd(input_x, indices)", "ops.GatherNd()(input_x, indices)", "Tensor.gather_nd(indices)", jit=False)
def gather_nd(x, indices):
    """The elements or slices at places: the last axis of `indices` counts along the first axes of the input.

    Raises:
        RuntimeError: if an index is out of range; negative ones are.
    """
    x, indices = array(x), jnp.atleast_1d(indices_of(indices))
    check_nd(indices, x.shape, "GatherNd")
    return _gather_nd(x, indices)


TAKE_MODES = {"clip": lambda i, n: jnp.clip(i, -n, n - 1), "wrap": lambda i, n: i % n}


@op("Tensor.take(indices, axis=None, mode='clip')", "numpy.take(a, indices, axis=None, mode='clip')")
def take(x, indices, *, axis=None, mode="clip"):
    """The elements or slices at the indices, of all elements or of an axis; what is out of range is clipped or wrapped.

    Raises:
        NotImplementedError: for the mode "raise".
        ValueError: for another mode.
    """
    if mode == "raise":
        raise NotImplementedError('The mode "raise" is not implemented; use "clip" or "wrap".')
    if mode not in TAKE_MODES:
        raise ValueError(f"'mode' must be 'clip' or 'wrap', but got {mode!r}.")
    x, indices = array(x), indices_of(indices)
    x, axis = (x.ravel(), 0) if axis is None else (x, axis_in(axis, x.ndim))
    return jnp.take(x, TAKE_MODES[mode](indices, x.shape[axis]), axis)


@op("ops.take(input, index)", "Tensor.take(index)", "mint.take(input, index)", jit=False)
def take_flat(x, index):
    """The elements at the indices, counted over all elements."""
    return gather(x.ravel(), index, axis=0)


# -- by a mask -------------------------------------------------------------------------------------------------------


def mask_of(mask) -> jax.Array:
    """A mask.

    Raises:
        TypeError: if it is not of bools.
    """
    mask = array(mask, "mask")
    if mask.dtype != np.bool_:
        raise TypeError(f"The mask must be a Tensor of bools, but got {mask.dtype}; compare first, for instance x > 0.")
    return mask


@op(
    "ops.masked_select(input, mask)",
    "ops.MaskedSelect()(input, mask)",
    "Tensor.masked_select(mask)",
    "mint.masked_select(input, mask)",
    jit=False,
)
def masked_select(x, mask):
    """The elements where the mask is True, in one axis.

    Raises:
        TypeError: if the mask is not of bools.
        ValueError: if the shapes do not broadcast.
    """
    x, mask = array(x), mask_of(mask)
    shape = check_broadcast(x.shape, mask.shape)
    if can_choose(mask):
        return chosen(jnp.broadcast_to(x, shape), jnp.broadcast_to(mask, shape), mask)
    (places,) = np.broadcast_to(trace.concrete(mask), shape).ravel().nonzero()
    return jnp.take(jnp.broadcast_to(x, shape).ravel(), places)
