"""Processes and groups of them, under torch's names."""

from __future__ import annotations

__only_computes__ = False  # see core.effects

import os
from datetime import timedelta
from typing import Any

from msjax.core.effects import reads_settings
from msjax.device.communication import cluster, processes
from msjax.device.communication import group as groups
from msjax.device.communication.processes import GlobalComm

_TCP = "tcp://"


def is_available() -> bool:
    """True: processes can always communicate.

    Example:
        >>> mint.distributed.is_available()
        True
    """
    return True


@reads_settings
def is_initialized() -> bool:
    """Whether `init_process_group` has been called.

    Example:
        >>> mint.distributed.init_process_group()
        >>> mint.distributed.is_initialized()
        True
    """
    return GlobalComm.INITED


def init_process_group(
    backend: str = "hccl",
    init_method: str | None = None,
    timeout: timedelta | None = None,
    world_size: int = -1,
    rank: int = -1,
    store: Any = None,
    group_name: str = "",
    pg_options: Any = None,
    device_id: int | None = None,
) -> None:
    """Join the other processes of the program, see `communication.init`.

    Args:
        backend: "hccl", "nccl" or "mccl"; noted only.
        init_method: "tcp://host:port", where the processes meet, if nothing in the environment says it.
        timeout: how long to wait for the others.
        world_size, rank: how many processes there are, and which this one is, for `init_method`.
        store, group_name, pg_options, device_id: accepted and ignored.

    Raises:
        TypeError, ValueError: if `init_method` is of another form, or `timeout` no timedelta.
        RuntimeError: if the processes can not be joined.

    Example:
        >>> mint.distributed.init_process_group()
        >>> mint.distributed.get_world_size()
        1
    """
    if timeout is not None:
        if not isinstance(timeout, timedelta):
            raise TypeError(f"For 'init_process_group', the 'timeout' must be a timedelta, but got {timeout!r}.")
        os.environ["MSJAX_JOIN_TIMEOUT"] = str(max(1, int(timeout.total_seconds())))
    if init_method is not None:
        host, _, port = str(init_method).removeprefix(_TCP).partition(":")
        if not str(init_method).startswith(_TCP) or not port.isdigit():
            raise ValueError(f"For 'init_process_group', the 'init_method' must be 'tcp://host:port': {init_method!r}.")
        if world_size < 1 or not 0 <= rank < world_size:
            raise ValueError("For 'init_process_group', an 'init_method' needs 'world_size' and 'rank'.")
        places = {"MS_WORKER_NUM": world_size, "MS_NODE_ID": rank, "MS_SCHED_HOST": host, "MS_SCHED_PORT": port}
        os.environ.update({name: str(value) for name, value in places.items()})
    processes.init(backend)


def destroy_process_group(group: str | None = None) -> None:
    """Forget a group, or all and `init_process_group`.

    Args:
        group: the name of the group; all without it.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: before `init_process_group`, or if there is no such group.

    Example:
        >>> mint.distributed.init_process_group()
        >>> mint.distributed.destroy_process_group()
        >>> mint.distributed.is_initialized()
        False
    """
    if group is None or group in groups.WORLDS:
        processes.release()
    else:
        processes.destroy_group(group)


@reads_settings
def get_rank(group: str | None = None) -> int:
    """The number of this process in a group; -1 if it is not in it.

    Args:
        group: the name of the group; all processes without it.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: if there is no such group.

    Example:
        >>> mint.distributed.get_rank()
        0
    """
    ranks = groups.find(group).ranks
    return ranks.index(cluster.rank()) if cluster.rank() in ranks else -1


@reads_settings
def get_world_size(group: str | None = None) -> int:
    """How many processes there are in a group; -1 if this one is not in it.

    Args:
        group: the name of the group; all processes without it.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: if there is no such group.

    Example:
        >>> mint.distributed.get_world_size()
        1
    """
    found = groups.find(group)
    return found.size if cluster.rank() in found.ranks else -1


def new_group(
    ranks: list[int] | None = None,
    timeout: Any = None,
    backend: Any = None,
    pg_options: Any = None,
    use_local_synchronization: bool = False,
    group_desc: Any = None,
) -> str:
    """A group of some of the processes, which all call this with the same list.

    Args:
        ranks: their numbers, in the order that they have in the group; all without it.
        timeout, backend, pg_options, use_local_synchronization, group_desc: accepted and ignored.

    Returns:
        The name of the group.

    Raises:
        TypeError, ValueError: if `ranks` is no list of different numbers.
        RuntimeError: if there is no such process.

    Example:
        >>> mint.distributed.new_group([0])
        'group_0'
    """
    if ranks is None:
        return groups.HCCL_WORLD_COMM_GROUP
    made = groups.make(f"group_{'_'.join(map(str, ranks))}" if isinstance(ranks, (list, tuple)) else "group", ranks)
    return made.name


def get_backend(group: str | None = None) -> str:
    """The library that was named to `init_process_group`.

    Args:
        group: the name of a group.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: if there is no such group.

    Example:
        >>> mint.distributed.init_process_group("mccl")
        >>> mint.distributed.get_backend()
        'mccl'
    """
    groups.find(group)
    return GlobalComm.BACKEND


def get_process_group_ranks(group: str | None = None) -> list[int]:
    """The numbers, among all processes, of those in a group.

    Args:
        group: the name of the group; all processes without it.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: if there is no such group.

    Example:
        >>> mint.distributed.get_process_group_ranks()
        [0]
    """
    return [*groups.find(group).ranks]


def get_global_rank(group: str | None, group_rank: int) -> int:
    """The number among all processes of the one that has a number in a group.

    Args:
        group: the name of the group; all processes for None.
        group_rank: the number in it.

    Raises:
        TypeError: if an argument is of the wrong type.
        RuntimeError: if there is no such group, or no such number in it.

    Example:
        >>> mint.distributed.get_global_rank(None, 0)
        0
    """
    return groups.find(group).at(group_rank)


def get_group_rank(group: str | None, global_rank: int) -> int:
    """The number in a group of the process that has a number among all.

    Args:
        group: the name of the group; all processes for None.
        global_rank: the number among all.

    Raises:
        TypeError: if an argument is of the wrong type.
        RuntimeError: if there is no such group, or the process is not in it.

    Example:
        >>> mint.distributed.get_group_rank(None, 0)
        0
    """
    return groups.find(group).index(global_rank)
