"""The watch, if any, that goes along while a function is traced: it sees what Python code reads and does.

`msjax.compile.watch` defines it. Lower rooms ask here, where they call a user's function or where a Tensor's value is
needed, so that they need not know it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from msjax import log


class _Local(threading.local):
    watch: Any = None


_local = _Local()


def current() -> Any:
    """The watch of this thread, or None."""
    return _local.watch


def set_current(watch: Any) -> None:
    _local.watch = watch


def refuse(reason: str) -> None:
    """Tell the watch, if there is one, that what it sees can not be compiled."""
    if _local.watch is not None:
        _local.watch.refuse(reason)


log.before_warning.append(refuse)


def refused(refusal: BaseException | None) -> None:
    """Tell the watch, if there is one, that what it sees can not be compiled for a reason; None takes that back."""
    if _local.watch is not None:
        _local.watch.refusal = refusal


def from_outside(obj: Any) -> bool:
    """Whether there is a watch, to which an object is known from outside of the function that is traced."""
    return _local.watch is not None and _local.watch.is_outer(obj)


def made(obj: Any) -> None:
    """Tell the watch, if there is one, that an object is new, so that the function that is traced may change it."""
    if _local.watch is not None:
        _local.watch.made(obj)


def named(parameter: Any) -> None:
    """Tell the watch, if there is one, that a Parameter's name is read."""
    if _local.watch is not None:
        _local.watch.named(parameter)


def seen(function: Callable) -> Callable:
    """`function`, as it is to be called: under a watch, so that the watch sees what it does."""
    return function if _local.watch is None else _local.watch.lifted(function)


def depends_on_values() -> None:
    """Tell the watch, if there is one, that shapes depend on values from now on."""
    if _local.watch is not None:
        _local.watch.depends_on_values()
