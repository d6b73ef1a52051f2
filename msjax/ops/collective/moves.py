"""Arrays of all processes put together, or given to others."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

from msjax.device.communication.exchange import exchange, number
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP, Group, find
from msjax.device.communication.moves import Exchange, Gather, Scatter, Sum
from msjax.ops.call.promotion import array
from msjax.ops.collective.checks import divided, with_axes
from msjax.ops.table import op

WORLD = HCCL_WORLD_COMM_GROUP


def only(place: int, group: Group, x):
    """An array on the process of that number in a group, and zeros on the others."""
    return jnp.where(jnp.asarray(number(group) == place), x, jnp.zeros_like(x))


@op("ops.AllGather(group='hccl_world_group')(input_x)", jit=False)
def all_gather(x, *, group=WORLD):
    """The arrays of all processes one after the other along the first axis.

    Raises:
        ValueError: if `x` has no axes.
        RuntimeError: if there is no such group, or this process is not in it.
    """
    return exchange(Gather(), find(group), with_axes("AllGather", x))[0]


@partial(jax.custom_jvp, nondiff_argnums=(0, 1))
def from_root(root: int, group: Group, x):
    """The array of the process of a rank, on each of a group."""
    return _from_root(root, group, [x])[0]


def _from_root(root: int, group: Group, arrays: list) -> list:
    sent = [only(group.index(root), group, x) for x in arrays]
    given = exchange(Sum(), group, *(x.astype(jnp.uint8) if x.dtype == bool else x for x in sent))
    return [result.astype(x.dtype) for result, x in zip(given, arrays, strict=True)]


def given_by_first(*arrays, group=WORLD):
    """Those of the first process of a group, in one exchange."""
    found = find(group)
    return tuple(_from_root(found.ranks[0], found, [*map(array, arrays)]))


@from_root.defjvp
def _(root, group, primals, tangents):
    # As in MindSpore, the derivative is that of the identity.
    return from_root(root, group, *primals), *tangents


@op("ops.Broadcast(root_rank, group='hccl_world_group')(input_x)", jit=False)
def broadcast(input_x, *, root_rank, group=WORLD):
    """The arrays of one process, on each of them.

    Raises:
        TypeError: if `input_x` is not a tuple or list of Tensors.
        RuntimeError: if there is no such group, or this process or `root_rank` is not in it.
    """
    if not isinstance(input_x, (list, tuple)):
        raise TypeError("For 'Broadcast', the input must be a tuple or list of Tensors.")
    found = find(group)
    return tuple(from_root(root_rank, found, array(x)) for x in input_x)


@op("ops.AlltoAll(split_count, split_dim, concat_dim, group='hccl_world_group')(input_x)", jit=False)
def all_to_all(x, *, split_count, split_dim, concat_dim, group=WORLD):
    """To each process its part along `split_dim`; what comes from all is put together along `concat_dim`.

    Raises:
        ValueError: if `split_count` is not the number of processes, or does not divide the axis.
        RuntimeError: if there is no such group, or this process is not in it.
    """
    found = find(group)
    if split_count != found.size:
        raise ValueError(
            f"For 'AlltoAll', the 'split_count' must be {found.size}, the number of processes, but got {split_count}."
        )
    x = divided("AlltoAll", x, found, split_dim)
    return exchange(Exchange(split_dim % x.ndim, concat_dim % x.ndim), found, x)[0]


@op("ops.CollectiveGather(dest_rank, group='hccl_world_group')(input_x)", jit=False)
def collective_gather(x, *, dest_rank, group=WORLD):
    """The arrays of all processes one after the other along the first axis, on one of them; a zero on the others.

    Raises:
        ValueError: if `x` has no axes.
        RuntimeError: if there is no such group, or this process or `dest_rank` is not in it.
    """
    found = find(group)
    result = exchange(Gather(), found, with_axes("CollectiveGather", x))[0]
    place = found.index(dest_rank)
    return result if place == found.own else only(place, found, result.ravel()[:1])


@op("ops.CollectiveScatter(src_rank=0, group='hccl_world_group')(input_x)", jit=False)
def collective_scatter(x, *, src_rank=0, group=WORLD):
    """The part of the array of one process along the first axis that is this process's.

    Raises:
        ValueError: if the first axis can not be divided by the number of processes.
        RuntimeError: if there is no such group, or this process or `src_rank` is not in it.
    """
    found = find(group)
    x = divided("CollectiveScatter", x, found)
    given = only(found.index(src_rank), found, x)
    as_numbers = given.astype(jnp.uint8) if x.dtype == bool else given
    return exchange(Scatter(), found, as_numbers)[0].astype(x.dtype)
