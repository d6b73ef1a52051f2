"""Sums, means and extremes over processes."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

from msjax.core.effects import keeps_only_statics
from msjax.device.communication.exchange import exchange, number
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP, Group, find
from msjax.device.communication.moves import Extreme, Gather, Scatter, Sum
from msjax.ops.call.promotion import array
from msjax.ops.collective.checks import divided, of_numbers
from msjax.ops.collective.moves import only
from msjax.ops.table import op, publish

WORLD = HCCL_WORLD_COMM_GROUP


@keeps_only_statics
class ReduceOp:
    """Names of the ways to make one array of those of several processes.

    Example:
        >>> ops.ReduceOp.SUM
        'sum'
    """

    SUM, MAX, MIN, PROD, AVG = "sum", "max", "min", "prod", "avg"


publish("ops", ReduceOp=ReduceOp)


@partial(jax.custom_jvp, nondiff_argnums=(0, 1))
def _extreme(move: Extreme, group: Group, x):
    return exchange(move, group, x)[0]


@_extreme.defjvp
def _(move, group, primals, tangents):
    # As in MindSpore, each process that has the extreme gets the whole cotangent.
    (x,), (tangent,) = primals, tangents
    result = _extreme(move, group, x)
    return result, exchange(Sum(), group, jnp.where(x == result, tangent, 0))[0]


def reduced(x, how: str, group: Group):
    """One array of those of all processes."""
    if how == "sum":
        return exchange(Sum(), group, x)[0]
    if how == "avg":
        return _mean(exchange(Sum(), group, x)[0], group)
    if how == "prod":
        return jnp.prod(exchange(Gather(), group, x[None])[0], 0, dtype=x.dtype)
    if how not in ("max", "min"):
        raise ValueError(f"The 'op' must be 'sum', 'max', 'min', 'prod' or 'avg', but got {how!r}.")
    return _extreme(Extreme(how == "max"), group, x)


def _mean(total, group: Group):
    return total / group.size if jnp.issubdtype(total.dtype, jnp.inexact) else total // group.size


@op("ops.AllReduce(op='sum', group='hccl_world_group')(x)", jit=False)
def all_reduce(x, *, op="sum", group=WORLD):
    """The sum of the arrays of all processes, or what else `op` says, on each of them.

    Raises:
        TypeError: if `x` is of bools.
        RuntimeError: if there is no such group, or this process is not in it.
    """
    return reduced(of_numbers("AllReduce", x), op, find(group))


@op("ops.Reduce(dest_rank, op='sum', group='hccl_world_group')(x)", jit=False)
def reduce(x, *, dest_rank, op="sum", group=WORLD):
    """The sum of the arrays of all processes, or what else `op` says, on one of them; zeros on the others.

    Raises:
        TypeError: if `x` is of bools.
        RuntimeError: if there is no such group, or this process or `dest_rank` is not in it.
    """
    found = find(group)
    result = reduced(of_numbers("Reduce", x), op, found)
    found.at(dest_rank)
    return only(dest_rank, found, result)


@op("ops.ReduceScatter(op='sum', group='hccl_world_group')(x)", jit=False)
def reduce_scatter(x, *, op="sum", group=WORLD):
    """Of the sum of the arrays of all processes, or what else `op` says, the part along the first axis that is this
    process's.

    Raises:
        TypeError: if `x` is of bools.
        ValueError: if the first axis can not be divided by the number of processes.
        RuntimeError: if there is no such group, or this process is not in it.
    """
    found = find(group)
    x = divided("ReduceScatter", of_numbers("ReduceScatter", x), found)
    if op in ("sum", "avg"):
        total = exchange(Scatter(), found, x)[0]
        return total if op == "sum" else _mean(total, found)
    whole = reduced(x, op, found)
    part = len(whole) // found.size
    return jax.lax.dynamic_slice_in_dim(whole, number(found) * part, part)


def sums_over(*arrays, group=WORLD):
    """The sum over all processes of each of some arrays, in one exchange."""
    return tuple(exchange(Sum(), find(group), *map(array, arrays)))
