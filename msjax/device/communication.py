"""Which process of how many this is. Programs over several processes are started with `jax.distributed.initialize`."""

from __future__ import annotations

import jax

from msjax.core.names import unknown_name

HCCL_WORLD_COMM_GROUP, NCCL_WORLD_COMM_GROUP = "hccl_world_group", "nccl_world_group"
MCCL_WORLD_COMM_GROUP = "mccl_world_group"


class GlobalComm:
    """What `init` has set."""

    BACKEND: str = "mccl"
    WORLD_COMM_GROUP: str = MCCL_WORLD_COMM_GROUP
    INITED: bool = False


_BACKENDS = ("hccl", "nccl", "mccl")


def init(backend_name: str | None = None) -> None:
    """Note that processes will be asked for; JAX itself is started elsewhere.

    Raises:
        TypeError, RuntimeError: if `backend_name` is not "hccl", "nccl" or "mccl".

    Example:
        >>> communication.init()
        >>> communication.get_rank(), communication.get_group_size()
        (0, 1)
    """
    if backend_name is not None and not isinstance(backend_name, str):
        raise TypeError(f"For 'init', the argument 'backend_name' must be a string, but got {type(backend_name)}.")
    if backend_name is not None and backend_name not in _BACKENDS:
        raise RuntimeError(
            f"For 'init', the argument 'backend_name' must be one of {_BACKENDS}, but got {backend_name!r}."
        )
    GlobalComm.INITED = True
    if backend_name is not None:
        GlobalComm.BACKEND, GlobalComm.WORLD_COMM_GROUP = backend_name, f"{backend_name}_world_group"


def release() -> None:
    """Forget `init`."""
    GlobalComm.INITED = False


def get_rank(group: str = HCCL_WORLD_COMM_GROUP) -> int:
    """The number of this process among all."""
    _check(group)
    return jax.process_index()


def get_group_size(group: str = HCCL_WORLD_COMM_GROUP) -> int:
    """How many processes there are."""
    _check(group)
    return jax.process_count()


def get_process_group_ranks(group: str = HCCL_WORLD_COMM_GROUP) -> list[int]:
    """The numbers of all processes."""
    _check(group)
    return list(range(jax.process_count()))


def get_world_rank_from_group_rank(group: str, group_rank_id: int) -> int:
    """The number itself: the one group is that of all processes."""
    _check(group)
    return group_rank_id


def get_group_rank_from_world_rank(world_rank_id: int, group: str) -> int:
    """The number itself: the one group is that of all processes."""
    _check(group)
    return world_rank_id


def _check(group) -> None:
    if not isinstance(group, str):
        raise TypeError(f"The argument 'group' must be type of string, but got {type(group)}.")
    if group not in (HCCL_WORLD_COMM_GROUP, NCCL_WORLD_COMM_GROUP, MCCL_WORLD_COMM_GROUP):
        raise ValueError(f"The only group here is that of all processes, {HCCL_WORLD_COMM_GROUP!r}, but got {group!r}.")


__all__ = [
    "GlobalComm", "init", "release", "get_rank", "get_group_size", "get_process_group_ranks",
    "get_world_rank_from_group_rank", "get_group_rank_from_world_rank", "HCCL_WORLD_COMM_GROUP",
    "NCCL_WORLD_COMM_GROUP", "MCCL_WORLD_COMM_GROUP",
]  # fmt: skip
__getattr__ = unknown_name("msjax.communication")
