"""Python objects between processes, as what pickle makes of them.

What comes is unpickled, which can run any code: only for processes that one's own program consists of.
"""

from __future__ import annotations

__only_computes__ = False  # see core.effects

import pickle
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import check
from msjax.device.communication import pairs
from msjax.device.communication.exchange import exchange
from msjax.device.communication.group import Group, find
from msjax.device.communication.moves import Gather
from msjax.ops.collective.messages import awaited, sent


def _gathered(obj: Any, group: Group) -> list[Any]:
    """The objects of all processes of a group."""
    own = np.frombuffer(pickle.dumps(obj), np.uint8)
    sizes = np.asarray(exchange(Gather(), group, jnp.array([len(own)], jnp.int64))[0])
    largest = int(sizes.max())
    every = np.asarray(exchange(Gather(), group, jnp.asarray(np.pad(own, (0, largest - len(own)))))[0])
    return [pickle.loads(row[:n].tobytes()) for row, n in zip(every.reshape(group.size, largest), sizes, strict=True)]


def all_gather_object(object_list: list, obj: Any, group: str | None = None) -> None:
    """The objects of all processes, on each.

    Args:
        object_list: a list of as many elements as there are processes, which gets them.
        obj: what pickle can store.
        group: the name of a group of processes; all without it.

    Raises:
        TypeError: if `object_list` is no list of that length.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> results = [None]
        >>> mint.distributed.all_gather_object(results, {"loss": 0.5})
        >>> results
        [{'loss': 0.5}]
    """
    found = find(group)
    _check_list("all_gather_object", "object_list", object_list, found.size)
    object_list[:] = _gathered(obj, found)


def gather_object(obj: Any, object_gather_list: list | None = None, dst: int = 0, group: str | None = None) -> None:
    """The objects of all processes, on one of them.

    Args:
        obj: what pickle can store.
        object_gather_list: a list of as many elements as there are processes, which gets them; only needed there.
        dst: the number among all of that process.
        group: the name of a group of processes; all without it.

    Raises:
        TypeError: if `object_gather_list` is no list of that length.
        RuntimeError: if there is no such group, or this process or `dst` is not in it.

    Example:
        >>> results = [None]
        >>> mint.distributed.gather_object("a", results)
        >>> results
        ['a']
    """
    found = find(group)
    here = found.index(dst) == found.own
    if here:
        _check_list("gather_object", "object_gather_list", object_gather_list, found.size)
    every = _gathered(obj, found)
    if here and object_gather_list is not None:
        object_gather_list[:] = every


def broadcast_object_list(object_list: list, src: int = 0, group: str | None = None, device: Any = None) -> None:
    """The objects of one process, on all.

    Args:
        object_list: a list of the same length on all, whose elements are replaced.
        src: the number among all of the process that gives.
        group: the name of a group of processes; all without it.
        device: accepted and ignored.

    Raises:
        TypeError: if `object_list` is no list.
        RuntimeError: if there is no such group, or this process or `src` is not in it.

    Example:
        >>> objects = ["a", 1]
        >>> mint.distributed.broadcast_object_list(objects)
        >>> objects
        ['a', 1]
    """
    found = find(group)
    check("broadcast_object_list", "object_list", object_list, "list")
    root = found.index(src)
    object_list[:] = _gathered(object_list if root == found.own else None, found)[root]


def scatter_object_list(
    scatter_object_output_list: list, scatter_object_input_list: list | None, src: int = 0, group: str | None = None
) -> None:
    """To each process one of the objects of one of them.

    Args:
        scatter_object_output_list: a list whose first element becomes the object.
        scatter_object_input_list: as many objects as there are processes; only needed on the one that gives.
        src: the number among all of that process.
        group: the name of a group of processes; all without it.

    Raises:
        TypeError: if a list is none, or of another length.
        RuntimeError: if there is no such group, or this process or `src` is not in it.

    Example:
        >>> result = [None]
        >>> mint.distributed.scatter_object_list(result, ["a"])
        >>> result
        ['a']
    """
    found = find(group)
    check("scatter_object_list", "scatter_object_output_list", scatter_object_output_list, "list")
    root = found.index(src)
    if root == found.own:
        _check_list("scatter_object_list", "scatter_object_input_list", scatter_object_input_list, found.size)
    given = _gathered(scatter_object_input_list if root == found.own else None, found)[root]
    scatter_object_output_list[:1] = [given[found.own]]


def send_object_list(object_list: list, dst: int, group: str | None = None, device: Any = None) -> None:
    """Send objects to another process.

    Args:
        object_list: what pickle can store.
        dst: the number among all of that process.
        group: the name of a group that both are in; all without it.
        device: accepted and ignored.

    Raises:
        TypeError: if `object_list` is no list.
        ValueError: if `dst` is this process.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> mint.distributed.send_object_list(["a"], 0)
        Traceback (most recent call last):
            ...
        ValueError: Rank 0 can not send to itself, or receive from itself.
    """
    check("send_object_list", "object_list", object_list, "list")
    find(group).index(dst)
    data = np.frombuffer(pickle.dumps(object_list), np.uint8)
    pairs.deliver([sent(jnp.array(len(data), jnp.int64), dst)])
    pairs.deliver([sent(jnp.asarray(data), dst)])


def recv_object_list(object_list: list, src: int = 0, group: str | None = None, device: Any = None) -> int:
    """Receive objects that another process sends.

    Args:
        object_list: a list whose elements are replaced.
        src: the number among all of that process.
        group: the name of a group that both are in; all without it.
        device: accepted and ignored.

    Returns:
        0.

    Raises:
        TypeError: if `object_list` is no list.
        ValueError: if `src` is this process.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> mint.distributed.recv_object_list(["a"], 0)
        Traceback (most recent call last):
            ...
        ValueError: Rank 0 can not send to itself, or receive from itself.
    """
    check("recv_object_list", "object_list", object_list, "list")
    find(group).index(src)
    came: list = []
    pairs.deliver([awaited((), jnp.int64, src, came.append)])
    pairs.deliver([awaited((int(came.pop()),), jnp.uint8, src, came.append)])
    object_list[:] = pickle.loads(np.asarray(came[0]).tobytes())
    return 0


def _check_list(name: str, parameter: str, value: Any, size: int) -> None:
    if not isinstance(value, list) or len(value) != size:
        raise TypeError(f"For '{name}', the '{parameter}' must be a list of {size} elements, but got {value!r}.")
