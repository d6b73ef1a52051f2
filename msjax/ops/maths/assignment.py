"""The assignment problem."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.table import op


@op("scipy.optimize.linear_sum_assignment(cost_matrix, maximize, dimension_limit=None)",
    "scipy.ops.LinearSumAssignment()(cost_matrix, dimension_limit, maximize)",
    kinds={"maximize": "bool"})  # fmt: skip
def linear_sum_assignment(cost_matrix, dimension_limit=None, *, maximize) -> tuple[jax.Array, jax.Array]:
    """The rows and columns that belong together, so that the sum of their costs is the least, or the most.

    Of the columns only the first `dimension_limit` count; where that leaves too few, -1 stands at the end.
    It is solved on the host, by scipy.
    """
    if cost_matrix.ndim != 2:
        raise ValueError(
            f"For 'linear_sum_assignment', the 'cost_matrix' must have two axes, but its shape is {cost_matrix.shape}."
        )
    size = min(cost_matrix.shape)
    limit = jnp.asarray(cost_matrix.shape[1] if dimension_limit is None else dimension_limit, np.int64)
    places = jax.ShapeDtypeStruct((size,), np.int64)
    solve = partial(_solve, size, maximize)
    costs = jax.lax.stop_gradient(cost_matrix)
    rows, columns = jax.pure_callback(solve, (places, places), costs, limit, vmap_method="sequential")
    return rows, columns


def _solve(size: int, maximize: bool, costs, limit) -> tuple[np.ndarray, ...]:
    from scipy.optimize import linear_sum_assignment

    found = linear_sum_assignment(np.asarray(costs, np.float64)[:, : max(int(limit), 0)], maximize)
    return tuple(np.pad(part.astype(np.int64), (0, size - part.size), constant_values=-1) for part in found)
