"""Distinct elements, and sets of them."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.trace import concrete
from msjax.ops.arrays.histogram import numpy_array, same_dtype
from msjax.ops.call.promotion import array, axis_in
from msjax.ops.table import op

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


@op("numpy.unique(x, return_inverse=False)", jit=False, kinds={"return_inverse": None})
def unique_of_numbers(x, *, return_inverse=False) -> jax.Array | tuple[jax.Array, ...]:
    """The distinct elements in order of appearance; with the place of each element among them, if asked."""
    found, inverse = _in_order(x)
    return (found, jnp.asarray(inverse)) if return_inverse else found


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


# -- sets ------------------------------------------------------------------------------------------------------------


@op("numpy.intersect1d(ar1, ar2, assume_unique=False, return_indices=False)", jit=False)
def intersect1d(x, y, *, assume_unique=False, return_indices=False) -> jax.Array | tuple[jax.Array, ...]:
    """The sorted elements that both have; with their first places in each, if asked."""
    found = np.intersect1d(concrete(x), concrete(y), assume_unique, return_indices)
    common, _ = same_dtype(x, y)
    if not return_indices:
        return numpy_array(found, common)
    return numpy_array(found[0], common), numpy_array(found[1]), numpy_array(found[2])


@op("numpy.setdiff1d(ar1, ar2, assume_unique=False)", jit=False)
def setdiff1d(x, y, *, assume_unique=False):
    """The elements of the first that the second has not, sorted unless they are taken for unique."""
    return numpy_array(np.setdiff1d(concrete(x), concrete(y), assume_unique), x)
