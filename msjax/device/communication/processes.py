"""MindSpore's functions for joining processes and for groups of them."""

from __future__ import annotations

from msjax.core import context
from msjax.core.effects import reads_settings
from msjax.device.communication import cluster
from msjax.device.communication import group as groups
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP


class GlobalComm:
    """What `init` has set.

    Example:
        >>> communication.GlobalComm.WORLD_COMM_GROUP in ("hccl_world_group", "nccl_world_group", "mccl_world_group")
        True
    """

    BACKEND: str = "hccl"
    WORLD_COMM_GROUP: str = HCCL_WORLD_COMM_GROUP
    INITED: bool = False


_BACKENDS = {"Ascend": "hccl", "GPU": "nccl", "CPU": "mccl"}


def init(backend_name: str | None = None) -> None:
    """Join the other processes of the program; XLA communicates by gloo between CPUs, and by NCCL between GPUs.

    A program that was started by itself has one process.

    Args:
        backend_name: MindSpore's library for communication, "hccl", "nccl" or "mccl"; noted only.

    Raises:
        TypeError, RuntimeError: if `backend_name` is not "hccl", "nccl" or "mccl".
        RuntimeError: if the environment is that of one of several processes, and they can not be joined.

    Example:
        >>> communication.init()
        >>> communication.get_rank(), communication.get_group_size()
        (0, 1)
    """
    if backend_name is not None and not isinstance(backend_name, str):
        raise TypeError(f"For 'init', the argument 'backend_name' must be a string, but got {type(backend_name)}.")
    if backend_name is not None and backend_name not in _BACKENDS.values():
        raise RuntimeError(
            f"For 'init', the argument 'backend_name' must be one of {[*_BACKENDS.values()]}, but got {backend_name!r}."
        )
    cluster.join()
    name = backend_name or _BACKENDS.get(context.get_context("device_target"), "mccl")
    GlobalComm.BACKEND, GlobalComm.WORLD_COMM_GROUP, GlobalComm.INITED = name, f"{name}_world_group", True


def release() -> None:
    """Forget `init` and the groups; the processes stay joined until they end.

    Example:
        >>> communication.release()
        >>> communication.GlobalComm.INITED
        False
    """
    GlobalComm.INITED = False
    groups.drop_all()


@reads_settings
def is_initialized() -> bool:
    """Whether `init` has been called.

    Example:
        >>> from msjax.communication.management import is_initialized
        >>> is_initialized() == communication.GlobalComm.INITED
        True
    """
    return GlobalComm.INITED


@reads_settings
def get_rank(group: str = HCCL_WORLD_COMM_GROUP) -> int:
    """The number of this process in a group.

    Args:
        group: the name of the group; all processes by default.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> communication.get_rank()
        0
    """
    return groups.find(group).own


@reads_settings
def get_group_size(group: str = HCCL_WORLD_COMM_GROUP) -> int:
    """How many processes there are in a group.

    Args:
        group: the name of the group; all processes by default.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: if there is no such group.

    Example:
        >>> communication.get_group_size()
        1
    """
    return groups.find(group).size


@reads_settings
def get_local_rank(group: str = HCCL_WORLD_COMM_GROUP) -> int:
    """The number of this process among those of a group that run on the same host.

    Args:
        group: the name of the group; all processes by default.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> communication.get_local_rank()
        0
    """
    found = groups.find(group)
    return _here(found).index(found.ranks[found.own])


@reads_settings
def get_local_rank_size(group: str = HCCL_WORLD_COMM_GROUP) -> int:
    """How many processes of a group run on this host.

    Args:
        group: the name of the group; all processes by default.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: if there is no such group.

    Example:
        >>> communication.get_local_rank_size()
        1
    """
    return len(_here(groups.find(group)))


def _here(group: groups.Group) -> list[int]:
    return [rank for rank in group.ranks if rank in cluster.here()]


def get_process_group_ranks(group: str = HCCL_WORLD_COMM_GROUP) -> list[int]:
    """The numbers, among all processes, of those in a group.

    Args:
        group: the name of the group; all processes by default.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: before `init`, or if there is no such group.

    Example:
        >>> communication.init()
        >>> communication.get_process_group_ranks()
        [0]
    """
    _check_init()
    return [*groups.find(group).ranks]


def get_world_rank_from_group_rank(group: str, group_rank_id: int) -> int:
    """The number among all processes of the one that has a number in a group.

    Args:
        group: the name of the group.
        group_rank_id: the number in it.

    Raises:
        TypeError: if an argument is of the wrong type.
        RuntimeError: before `init`, or if there is no such group, or no such number in it.

    Example:
        >>> communication.init()
        >>> communication.get_world_rank_from_group_rank("hccl_world_group", 0)
        0
    """
    _check_init()
    ranks = groups.find(group).ranks
    _check_int("group_rank_id", group_rank_id)
    if not 0 <= group_rank_id < len(ranks):
        raise RuntimeError(f"The group {group!r} has {len(ranks)} processes, but 'group_rank_id' is {group_rank_id}.")
    return ranks[group_rank_id]


def get_group_rank_from_world_rank(world_rank_id: int, group: str) -> int:
    """The number in a group of the process that has a number among all.

    Args:
        world_rank_id: the number among all processes.
        group: the name of the group.

    Raises:
        TypeError: if an argument is of the wrong type.
        RuntimeError: before `init`, or if there is no such group, or the process is not in it.

    Example:
        >>> communication.init()
        >>> communication.get_group_rank_from_world_rank(0, "hccl_world_group")
        0
    """
    _check_init()
    _check_int("world_rank_id", world_rank_id)
    return groups.find(group).index(world_rank_id)


def create_group(group: str, rank_ids: list[int], options=None) -> None:
    """Give a name to some of the processes, which all call this with the same list.

    Args:
        group: the name.
        rank_ids: the numbers of the processes, in the order that they have in the group.
        options: accepted and ignored.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if `rank_ids` is empty or has a number twice, or the name is that of another group.
        RuntimeError: before `init`, or if there is no such process.

    Example:
        >>> communication.init()
        >>> communication.create_group("first", [0])
        >>> communication.get_group_size("first")
        1
        >>> communication.destroy_group("first")
    """
    _check_init()
    groups.make(group, rank_ids)


def destroy_group(group: str) -> None:
    """Forget a group.

    Args:
        group: its name.

    Raises:
        TypeError: if `group` is no text.
        ValueError: if it is that of all processes.
        RuntimeError: before `init`, or if there is no such group.

    Example:
        >>> communication.init()
        >>> communication.create_group("first", [0])
        >>> communication.destroy_group("first")
    """
    _check_init()
    groups.drop(group)


def get_comm_name(group: str = HCCL_WORLD_COMM_GROUP) -> str:
    """The name of the communicator of a group, which is that of the group.

    Args:
        group: the name of the group; all processes by default.

    Raises:
        TypeError: if `group` is no text.
        RuntimeError: before `init`, or if there is no such group.

    Example:
        >>> communication.init()
        >>> communication.get_comm_name()
        'world'
    """
    _check_init()
    return groups.find(group).name


def _check_init() -> None:
    if not GlobalComm.INITED:
        raise RuntimeError(cluster.NO_INIT)


def _check_int(name: str, value) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"The argument {name!r} must be type of int, but got {type(value)}.")
