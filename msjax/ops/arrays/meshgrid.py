"""Grids, products and combinations of vectors' elements."""

from __future__ import annotations

from itertools import combinations as _combinations
from itertools import combinations_with_replacement

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.arrays.creation import shape_of
from msjax.ops.call.arguments import dtype_of
from msjax.ops.call.promotion import array
from msjax.ops.table import op


def _grid(inputs, indexing, sparse=False):
    if len(inputs) == 1 and isinstance(inputs[0], list):
        inputs = inputs[0]
    if indexing not in ("xy", "ij"):
        raise ValueError(f"For 'meshgrid', 'indexing' must be 'xy' or 'ij', but got {indexing!r}.")
    return tuple(jnp.meshgrid(*(jnp.atleast_1d(array(x)) for x in inputs), indexing=indexing, sparse=sparse))


@op(
    "ops.meshgrid(*inputs, indexing='xy')",
)
def meshgrid(*inputs, indexing="xy") -> tuple[jax.Array, ...]:
    """Coordinates of the grid that the vectors span; with "xy" the first two axes are swapped."""
    return _grid(inputs, indexing)


@op("numpy.meshgrid(*xi, sparse=False, indexing='xy')")
def meshgrid_of_any(*inputs, indexing="xy", sparse=False) -> tuple[jax.Array, ...]:
    """Coordinates of the grid that the elements span; with "xy" the first two axes are swapped."""
    return _grid([array(x).ravel() for x in inputs], indexing, sparse)


@op("mint.meshgrid(*tensors, indexing=None)")
def meshgrid_by_matrix_index(*inputs, indexing=None) -> tuple[jax.Array, ...]:
    """Coordinates of the grid that the vectors span; "ij" by default."""
    return _grid(inputs, indexing or "ij")


@op("ops.Meshgrid(indexing='xy')(inputs)")
def meshgrid_primitive(inputs, *, indexing="xy") -> tuple[jax.Array, ...]:
    """Coordinates of the grid that the vectors span; with "xy" the first two axes are swapped."""
    return _grid(inputs, indexing)


@op("numpy.indices(dimensions, dtype=mstype.int32, sparse=False)")
def indices(*, dimensions, dtype=None, sparse=False) -> tuple[jax.Array, ...]:
    """For each axis of a shape, the index along it of every place."""
    return tuple(jnp.indices(shape_of(dimensions), dtype_of(dtype), sparse))


@op("numpy.ix_(*args)")
def ix_(*args) -> tuple[jax.Array, ...]:
    """Index vectors reshaped so that they index the grid they span."""
    args = [*map(array, args)]
    if any(a.dtype == np.bool_ for a in args):
        raise TypeError("For 'ix_', vectors of bools are not taken; give the indices where they are True.")
    return tuple(jnp.ix_(*args))


@op("ops.cartesian_prod(*inputs)")
def cartesian_prod(*inputs):
    """All tuples of an element of each vector, as rows; a single vector unchanged."""
    if len(inputs) == 1:
        return array(inputs[0])
    return jnp.stack([g.ravel() for g in jnp.meshgrid(*(jnp.atleast_1d(array(v)) for v in inputs), indexing="ij")], -1)


@op("ops.combinations(input, r=2, with_replacement=False)")
def combinations(x, *, r=2, with_replacement=False):
    """All combinations of `r` elements of a vector, as rows."""
    choose = combinations_with_replacement if with_replacement else _combinations
    places = np.array(list(choose(range(array(x).shape[0]), r)), np.int32).reshape(-1, r)
    return x[places]
