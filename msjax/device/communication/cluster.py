"""Joining the processes of a program, which is `jax.distributed`'s work, and who is who among them."""

from __future__ import annotations

import atexit
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import NamedTuple

import jax

from msjax import log
from msjax.core import context
from msjax.shims import distributed

NO_INIT = "Distributed Communication has not been inited: call `init()` first."

_JOINED = "MSJAX_JOINED"  # in the environment: the process that has joined, not those that it starts

_HOW = (
    "Start the processes with `python -m msjax.launch -n {size} script.py`, which sets what they need, or set "
    "MS_WORKER_NUM, MS_NODE_ID, MS_SCHED_HOST and MS_SCHED_PORT for each."
)


class Place(NamedTuple):
    """What the environment of a process says of the program that it belongs to."""

    rank: int
    size: int
    address: str


def from_environment() -> Place | None:
    """The place that this process is given by the launcher, or by MindSpore's own variables; None for a program of
    one process.

    Raises:
        RuntimeError: if it is one of several, but their number, its own or the meeting point is missing.
    """
    size = _number("MS_WORKER_NUM", "RANK_SIZE")
    if size is None or size < 2:
        return None
    rank, host, port = _number("MS_NODE_ID", "RANK_ID"), os.environ.get("MS_SCHED_HOST"), _number("MS_SCHED_PORT")
    if rank is None or host is None or port is None:
        raise RuntimeError(
            f"This is one of {size} processes (MS_WORKER_NUM or RANK_SIZE), but their environment does not say "
            f"{'which one it is' if rank is None else 'where they meet'}. {_HOW.format(size=size)}"
        )
    if not 0 <= rank < size:
        raise RuntimeError(f"This process is said to be number {rank} (MS_NODE_ID or RANK_ID), of {size}.")
    return Place(rank, size, f"{host}:{port}")


def _number(*names: str) -> int | None:
    """The first of these variables that is set, as a number."""
    for name in names:
        if text := os.environ.get(name):
            try:
                return int(text)
            except ValueError:
                raise RuntimeError(f"The environment variable {name} must be a number, but is {text!r}.") from None
    return None


def join() -> None:
    """Join the processes of the program, unless it has one, or they are joined already.

    Raises:
        RuntimeError: if that can not be any more, because a device is in use, or a process does not come in time.
    """
    if distributed.processes() is not None or _parent() is not None:
        return
    if os.environ.get("MS_ROLE") == "MS_SCHED":
        log.info("The first of the processes is the meeting point: a scheduler of its own is not needed, and ends.")
        sys.exit(0)
    place = from_environment()
    if place is None:
        return
    if distributed.backend_started():
        raise RuntimeError(
            f"Process {place.rank} of {place.size} has used a device before it joined the others: call `init()` before "
            "the first Tensor is made, or start the processes with `python -m msjax.launch`, which joins them at once."
        )
    wait = _number("MSJAX_JOIN_TIMEOUT") or 120
    jax.config.update("jax_enable_preemption_service", False)  # it would catch the signal that ends processes
    jax.config.update("jax_check_proxy_envs", False)  # the launcher has seen to proxies
    host = place.address.rpartition(":")[0]
    try:
        jax.distributed.initialize(
            place.address, place.size, place.rank, _own_devices(), initialization_timeout=wait,
            heartbeat_timeout_seconds=_number("MSJAX_HEARTBEAT_TIMEOUT") or 20,
            coordinator_bind_address=place.address if host in ("127.0.0.1", "localhost") else None,
        )  # fmt: skip
    except Exception as error:
        raise RuntimeError(
            f"Process {place.rank} of {place.size} could not join the others at {place.address} within {wait} s: "
            f"{str(error).strip()}"
        ) from error
    context.joined(place.rank, place.size)
    os.environ[_JOINED] = str(os.getpid())
    atexit.register(leave)


_failed: list[int] = []
before_leaving: list[Callable[[], None]] = []  # what a process does at its end that has not failed


def fail(error: BaseException) -> None:
    """Note that the program of this process ends by an exception."""
    code = error.code if isinstance(error, SystemExit) else 1
    if code not in (None, 0):
        _failed.append(code if isinstance(code, int) else 1)


def leave() -> None:
    """The end of a process: it waits for the others; if it has failed, it does not, for they wait for it."""
    if not _failed and getattr(sys, "last_value", None) is not None:  # of an exception that nobody caught
        _failed.append(1)
    try:
        for function in () if _failed else before_leaving:
            function()
    except RuntimeError as error:  # the others are not where this process is
        print(f"Rank {rank()} is ended. {error}", file=sys.stderr)
        _failed.append(1)
    except BaseException as error:
        traceback.print_exception(error)
        _failed.append(1)
    if _failed:
        sys.stdout.flush()
        sys.stderr.flush()
        if rank() == 0:  # where the processes meet: let them hear what it had to say
            time.sleep(1)
        os._exit(_failed[0] & 255)


def _own_devices() -> list[int] | None:
    """Which accelerators of this host the process uses: the one of its number among the processes here."""
    local = _number("DEVICE_ID")
    return None if local is None or (_number("MSJAX_LOCAL_SIZE") or 1) < 2 else [local]


def _parent() -> Place | None:
    """The place of the process that started this one, which has none of its own: a worker of a dataset, say."""
    joined = os.environ.get(_JOINED)
    return None if joined is None or joined == str(os.getpid()) else from_environment()


def _place() -> tuple[int, int]:
    known = distributed.processes()
    if known is None and (parent := _parent()) is not None:
        return parent.rank, parent.size
    return known or (0, 1)


def rank() -> int:
    """The number of this process among all."""
    return _place()[0]


def size() -> int:
    """How many processes there are."""
    return _place()[1]


def check_joined() -> None:
    """Raise RuntimeError for a process that was started by one of several, and can not communicate itself."""
    if distributed.processes() is None:
        raise RuntimeError(f"This process was started by rank {rank()}, and can not communicate with the others.")


def here() -> range:
    """The ranks of the processes on this host."""
    if size() == 1:
        return range(1)
    local, count = _number("DEVICE_ID") or 0, _number("MSJAX_LOCAL_SIZE") or 1
    return range(rank() - local, rank() - local + count)
