"""Sorting, the first in order, and permutations."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.ops.arrays.reshape import ints
from msjax.ops.call.promotion import array, axis_in, is_float
from msjax.ops.table import op


def order(x, axis, descending=False):
    """The indices that sort `x`, as int32, equal elements in their order, NaN last (first if descending)."""
    return jnp.argsort(x, axis, stable=True, descending=bool(descending)).astype(np.int32)


def pick(x, places, axis, keepdims, index_dtype=np.int64):
    """The elements at `places` (of length 1 along `axis`), and the places."""
    values, places = jnp.take_along_axis(x, places, axis), places.astype(index_dtype)
    return (values, places) if keepdims else (jnp.squeeze(values, axis), jnp.squeeze(places, axis))


@op(
    "ops.sort(input_x, axis=-1, descending=False)",
    "ops.Sort(axis=-1, descending=False)(x)",
    "Tensor.sort(dim=-1, descending=False, stable: _=False)",
    "Tensor.sort(axis=-1, descending=False)",
    "mint.sort(input, *, dim=-1, descending=False, stable: _=False; places=mstype.int64)",
)
def sort(x, *, axis=-1, descending=False, places=mstype.int32) -> tuple[jax.Array, jax.Array]:
    """The sorted elements along `axis`, and their places in the input as {places}."""
    x = array(x)
    if not x.ndim:
        return x, jnp.zeros((), places.numpy)
    axis = axis_in(axis, x.ndim)
    found = order(x, axis, descending)
    return jnp.take_along_axis(x, found, axis), found.astype(places.numpy)


@op(
    "ops.argsort(input, axis=-1, descending=False)",
    "Tensor.argsort(axis=-1, descending=False)",
    "Tensor.argsort(dim=-1, descending=False, stable: _=False)",
    "mint.argsort(input, dim=-1, descending=False, stable: _=False; places=mstype.int64)",
)
def argsort(x, *, axis=-1, descending=False, places=mstype.int32):
    """The places of the sorted elements along `axis`, as {places}."""
    return sort(x, axis=axis, descending=descending, places=places)[1]


@op("ops.msort(input)", "Tensor.msort()")
def msort(x):
    """The elements sorted along the first axis."""
    return sort(x, axis=0)[0]


@op(
    "ops.topk(input, k, dim=None, largest=True, sorted: _=True)",
    "Tensor.topk(k, dim=None, largest=True, sorted: _=True)",
    "ops.TopK(sorted: _=True)(input_x, k)",
    "ops.top_k(input_x, k, sorted: _=True)",
    "Tensor.top_k(k, sorted: _=True)",
    "mint.topk(input, k, dim=-1, largest=True, sorted: _=True; places=mstype.int64)",
)
def topk(x, *, k, axis=None, largest=True, places=mstype.int32) -> tuple[jax.Array, jax.Array]:
    """The `k` largest (or smallest) elements along an axis, sorted, and their places as {places}.

    Raises:
        ValueError: if `k` is not between 1 and the axis' length.
    """
    x = array(x)
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)):
        raise TypeError(f"'k' must be an int, but got {type(k).__name__}: {k!r}.")
    k, axis = int(k), axis_in(-1 if axis is None else axis, x.ndim)
    length = x.shape[axis] if x.ndim else 1
    if not 0 < k <= length:
        raise ValueError(f"'k' must be in (0, {length}], the length of axis {axis}, but got {k}.")
    if not x.ndim:
        return x, jnp.zeros((), places.numpy)
    found = jnp.moveaxis(_places_of_top(jnp.moveaxis(x, axis, -1), k, largest), -1, axis)
    return jnp.take_along_axis(x, found, axis), found.astype(places.numpy)


def _places_of_top(x, k: int, largest: bool):
    """Where the `k` largest or smallest elements along the last axis are: of equals the first first."""
    x = jax.lax.stop_gradient(x)
    if not is_float(x):
        return order(x, -1, largest)[..., :k]
    return jax.lax.top_k(x if largest else -jnp.where(jnp.isnan(x), jnp.inf, x), k)[1]


@op("Tensor.kthvalue(k, dim=-1, keepdim=False)", "mint.kthvalue(input, k, dim=-1, keepdim=False)")
def kthvalue(x, *, k, axis=-1, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """The `k`-th smallest element along an axis, and its place as int64."""
    x = jnp.atleast_1d(array(x))
    axis = axis_in(axis, x.ndim)
    return pick(x, jax.lax.index_in_dim(order(x, axis), k - 1, axis), axis, keepdims)


@op("ops.intopk(x1, x2, k)", "ops.InTopK(k)(x1, x2)")
def intopk(x, y, *, k):
    """For each row, whether the element that `x2` names is among the row's `k` largest; not so if there is none."""
    y = y.astype(np.int32)
    chosen = jnp.take_along_axis(x, y[:, None], 1)
    return (y >= 0) & jnp.isfinite(chosen[:, 0]) & (jnp.sum(x > chosen, 1) < k)


@op("ops.InvertPermutation()(input_x: permutation)", jit=False)
def invert_permutation(*, permutation) -> tuple[int, ...]:
    """The places of 0, 1, 2, ... in a permutation, as a tuple of ints.

    Raises:
        ValueError: if it is no permutation.
    """
    permutation = ints(permutation, "input_x")
    if sorted(permutation) != list(range(len(permutation))):
        raise ValueError(f"'input_x' must hold each of 0 to {len(permutation) - 1} once, but is {permutation}.")
    return tuple(int(i) for i in np.argsort(permutation))
