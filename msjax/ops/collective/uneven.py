"""Parts of different sizes, between all processes.

XLA's collectives move equal parts. So parts are filled up to the largest of all, and cut off again where they arrive.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np

from msjax.device.communication.exchange import exchange
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP, Group, find
from msjax.device.communication.moves import Exchange, Gather, Scatter
from msjax.ops.call.promotion import array
from msjax.ops.collective.checks import of_numbers
from msjax.ops.collective.sums import reduced
from msjax.ops.table import op

WORLD = HCCL_WORLD_COMM_GROUP


def sizes_of(name: str, parameter: str, sizes, group: Group, total: int | None = None) -> list[int]:
    """A list of the sizes of the parts of all processes.

    Raises:
        ValueError: if it has another length, or the sizes do not add up to `total`.
    """
    given = [int(size) for size in np.asarray(sizes).ravel()]
    if len(given) != group.size or min(given) < 0 or (total is not None and sum(given) != total):
        along = "" if total is None else f" that add up to {total}"
        raise ValueError(f"For '{name}', the '{parameter}' must be {group.size} sizes{along}, but got {given}.")
    return given


def _filled(parts: Sequence, size: int):
    """Parts one after the other, each filled up."""
    return jnp.concatenate([jnp.pad(part, [(0, size - len(part)), *[(0, 0)] * (part.ndim - 1)]) for part in parts])


def _split(x, sizes: list[int]) -> list:
    return jnp.split(x, np.cumsum(sizes)[:-1])


def _cut(x, sizes: list[int], largest: int):
    """What is left of parts that have been filled up."""
    return jnp.concatenate([x[i * largest : i * largest + size] for i, size in enumerate(sizes)])


@op("ops.AllGatherV(group='hccl_world_group')(input_x, output_split_sizes)", jit=False)
def all_gather_v(x, *, output_split_sizes, group=WORLD):
    """The arrays of all processes, of different lengths, one after the other.

    Raises:
        ValueError: if `output_split_sizes` is not the lengths of all.
        RuntimeError: if there is no such group, or this process is not in it.
    """
    found, x = find(group), array(x)
    sizes = sizes_of("AllGatherV", "output_split_sizes", output_split_sizes, found)
    if len(x) != sizes[found.own]:
        raise ValueError(f"For 'AllGatherV', this process has {len(x)} elements, but 'output_split_sizes' is {sizes}.")
    largest = max(sizes)
    return _cut(exchange(Gather(), found, _filled([x], largest))[0], sizes, largest)


@op("ops.ReduceScatterV(op='sum', group='hccl_world_group')(input_x, input_split_sizes)", jit=False)
def reduce_scatter_v(x, *, input_split_sizes, op="sum", group=WORLD):
    """Of the sum of the arrays of all processes, or what else `op` says, the part that is this process's.

    Raises:
        TypeError: if `x` is of bools.
        ValueError: if the sizes do not add up to the length.
        RuntimeError: if there is no such group, or this process is not in it.
    """
    found, x = find(group), of_numbers("ReduceScatterV", x)
    sizes = sizes_of("ReduceScatterV", "input_split_sizes", input_split_sizes, found, len(x))
    if op == "sum":
        return exchange(Scatter(), found, _filled(_split(x, sizes), max(sizes)))[0][: sizes[found.own]]
    return _split(reduced(x, op, found), sizes)[found.own]


def exchange_parts(x, sent: list[int], received: list[int], group: Group, equal: bool = False):
    """To each process a part of an array along the first axis; what comes, one part after the other.

    The largest part is not known here, as it may be one between others; so the sizes are exchanged first, as values,
    unless all parts of all are equal, as that of a process which is alone.
    """
    if equal or (len(group.ranks) == 1 and sent == received):
        return exchange(Exchange(0, 0), group, x)[0]
    table = exchange(Gather(), group, jnp.array([max(sent)], jnp.int32))[0]
    largest = max(int(np.asarray(table).max()), 1)
    return _cut(exchange(Exchange(0, 0), group, _filled(_split(x, sent), largest))[0], received, largest)


@op("ops.AlltoAllV(group='hccl_world_group', block_size=1)(input_x, send_numel_list, recv_numel_list)", jit=False)
def all_to_all_v(x, *, send_numel_list, recv_numel_list, group=WORLD, block_size=1):
    """To each process a part of a flat array; what comes, one part after the other.

    Raises:
        ValueError: if a list of sizes is not as long as there are processes, or the parts are not the whole array.
        RuntimeError: if there is no such group, or this process is not in it.
    """
    found, x = find(group), array(x).ravel()
    sent = sizes_of("AlltoAllV", "send_numel_list", np.asarray(send_numel_list) * block_size, found, len(x))
    received = sizes_of("AlltoAllV", "recv_numel_list", np.asarray(recv_numel_list) * block_size, found)
    return exchange_parts(x, sent, received, found)


@op("ops.AlltoAllVC(group='hccl_world_group', block_size=1)(input_x, send_count_matrix)", jit=False)
def all_to_all_v_c(x, *, send_count_matrix, group=WORLD, block_size=1):
    """To each process a part of a flat array, by a table of what all send to all.

    Raises:
        ValueError: if the table is not of all processes, or the parts are not the whole array.
        RuntimeError: if there is no such group, or this process is not in it.
    """
    found, x = find(group), array(x).ravel()
    counts = np.asarray(send_count_matrix).ravel() * block_size
    if counts.size != found.size**2:
        raise ValueError(f"For 'AlltoAllVC', the 'send_count_matrix' must be of {found.size**2} numbers.")
    table = counts.reshape(found.size, found.size)
    sent = sizes_of("AlltoAllVC", "send_count_matrix", table[found.own], found, len(x))
    largest = max(int(table.max()), 1)
    moved = exchange(Exchange(0, 0), found, _filled(_split(x, sent), largest))[0]
    return _cut(moved, [int(size) for size in table[:, found.own]], largest)
