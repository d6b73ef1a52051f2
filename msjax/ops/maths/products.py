"""Products of the elements that share a place, differentiable to any order."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def products(rows, places, count: int):
    """For each of `count` places the product of the rows there, and 1 where there is none.

    JAX can multiply into an array at indices, but differentiates that only if no index repeats. Here the rows are
    brought into the order of their places and multiplied along each run; a running product is differentiated as any
    product is, zeros included.
    """
    ones = jnp.ones((count, *rows.shape[1:]), rows.dtype)
    if rows.shape[0] == 0:
        return ones
    order = jnp.argsort(places, stable=True)
    rows, places = rows[order], places[order]
    changes = places[1:] != places[:-1]
    begins = jnp.concatenate([jnp.ones(1, bool), changes]).reshape(-1, *(1,) * (rows.ndim - 1))
    _, running = jax.lax.associative_scan(_along_run, (begins, rows))
    ends = jnp.concatenate([changes, jnp.ones(1, bool)])
    return ones.at[jnp.where(ends, places, count)].set(running, mode="drop")


def _along_run(left, right):
    (left_begins, before), (right_begins, after) = left, right
    return left_begins | right_begins, jnp.where(right_begins, after, before * after)
