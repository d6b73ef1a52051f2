"""Groups of processes, by name."""

from __future__ import annotations

import json
from typing import NamedTuple

from msjax.core.kinds import is_a
from msjax.device.communication import cluster
from msjax.shims import distributed

HCCL_WORLD_COMM_GROUP, NCCL_WORLD_COMM_GROUP = "hccl_world_group", "nccl_world_group"
MCCL_WORLD_COMM_GROUP = "mccl_world_group"
WORLDS = (HCCL_WORLD_COMM_GROUP, NCCL_WORLD_COMM_GROUP, MCCL_WORLD_COMM_GROUP)


class Group(NamedTuple):
    """Some of the processes, in an order of their own.

    Attributes:
        name: the same on all of them; that of the world is "world".
        ranks: their numbers among all.
    """

    name: str
    ranks: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.ranks)

    def at(self, number: int) -> int:
        """The rank among all of the process that has a number in the group.

        Raises:
            RuntimeError: if there is none.
        """
        if not 0 <= number < self.size:
            raise RuntimeError(
                f"There is no rank {number} in the group {self.name!r}, which has {self.size} processes."
            )
        return self.ranks[number]

    @property
    def own(self) -> int:
        """The number in the group of this process."""
        return self.index(cluster.rank())

    def index(self, rank: int) -> int:
        """The number in the group of a process.

        Raises:
            RuntimeError: if it is not in the group.
        """
        if rank not in self.ranks:
            raise RuntimeError(f"Rank {rank} is not in the group {self.name!r}, which has the ranks {[*self.ranks]}.")
        return self.ranks.index(rank)


_made: dict[str, Group] = {}
_ever_made: set[Group] = set()


def own_groups() -> list[Group]:
    """The groups of several processes that this one is in."""
    me = cluster.rank()
    return [group for group in (world(), *_made.values()) if group.size > 1 and me in group.ranks]


def world() -> Group:
    """All processes."""
    return Group("world", tuple(range(cluster.size())))


def find(name) -> Group:
    """The group of that name; every name that MindSpore has for all processes means these.

    Raises:
        TypeError: if the name is no text.
        RuntimeError: if there is none.
    """
    if name is None:
        return world()
    if not isinstance(name, str):
        raise TypeError(f"The argument 'group' must be type of string, but got {type(name)}.")
    if name in WORLDS:
        return world()
    if name not in _made:
        groups = ", ".join(map(repr, ("hccl_world_group", *_made)))
        raise RuntimeError(f"There is no group {name!r}: create_group makes one. There are {groups}.")
    return _made[name]


def make(name: str, ranks) -> Group:
    """A group, which all of its processes have to make; it may be made again.

    Raises:
        TypeError, ValueError: if the ranks are no list of different ranks, or the name is that of another group.
        RuntimeError: if there is no such rank.
    """
    if not isinstance(name, str):
        raise TypeError(f"The argument 'group' must be type of string, but got {type(name)}.")
    if not isinstance(ranks, (list, tuple)):
        raise TypeError(f"The argument 'rank_ids' must be type of list, but got {type(ranks)}.")
    if not ranks:
        raise ValueError("The argument 'rank_ids' must not be empty.")
    for rank in ranks:
        if not is_a(rank, "int") or not 0 <= rank < cluster.size():
            raise RuntimeError(f"A rank of a group must be a number from 0 to {cluster.size() - 1}, but got {rank!r}.")
    if len({*ranks}) < len(ranks):
        raise ValueError(f"The ranks of a group must be different, but got {[*ranks]}.")
    group = Group(name, tuple(ranks))
    if name in WORLDS or _made.setdefault(name, group) != group:
        raise ValueError(f"There is another group {name!r} already; destroy_group ends it.")
    _ever_made.add(group)
    if distributed.processes() is not None:
        distributed.tell(f"msjax/group/{name}/{cluster.rank()}", json.dumps(group.ranks))
    return group


def mistaken(group: Group, rank: int) -> str | None:
    """What is wrong, if for another process the name of a group means other processes, this one among them."""
    said = distributed.heard(f"msjax/group/{group.name}/{rank}") if group in _ever_made else None
    if said is None:
        return None
    theirs = Group(group.name, tuple(json.loads(said)))
    if cluster.rank() not in theirs.ranks or theirs in _ever_made:
        return None
    return (
        f"The group {group.name!r} must be the same for all, but has the ranks {[*group.ranks]} for rank "
        f"{cluster.rank()}, and {[*theirs.ranks]} for rank {rank}."
    )


def drop(name: str) -> None:
    """End a group.

    Raises:
        TypeError: if the name is no text.
        RuntimeError: if there is none of that name.
        ValueError: if it is that of all processes.
    """
    if find(name).name == "world":
        raise ValueError(f"The group of all processes, {name!r}, can not be destroyed.")
    del _made[name]


def drop_all() -> None:
    """End all groups but that of all processes."""
    _made.clear()
