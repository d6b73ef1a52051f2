"""The watch, if any, that goes along while a function is traced: it sees what Python code reads and does.

`msjax.compile.watch` defines it. Lower rooms ask here, where they call a user's function or where a Tensor's value is
needed, so that they need not know it.
"""

from __future__ import annotations

import threading
from typing import Any

from msjax import log


class _State(threading.local):
    watch: Any = None


_state = _State()


def current():
    """The watch of this thread, or None."""
    return _state.watch


def set_current(watch) -> None:
    _state.watch = watch


def refuse(reason: str) -> None:
    """Tell the watch, if there is one, that what it sees can not be compiled."""
    if _state.watch is not None:
        _state.watch.refuse(reason)


log.before_warning.append(refuse)


def refused(refusal: BaseException | None) -> None:
    """Tell the watch, if there is one, that what it sees can not be compiled for a reason; None takes that back."""
    if _state.watch is not None:
        _state.watch.refusal = refusal


def from_outside(obj) -> bool:
    """Whether there is a watch, to which an object is known from outside of the function that is traced."""
    return _state.watch is not None and _state.watch.is_outer(obj)


def made(obj) -> None:
    """Tell the watch, if there is one, that an object is new, so that the function that is traced may change it."""
    if _state.watch is not None:
        _state.watch.made(obj)


def named(parameter) -> None:
    """Tell the watch, if there is one, that a Parameter's name is read."""
    if _state.watch is not None:
        _state.watch.named(parameter)


def seen(function):
    """`function`, as it is to be called: under a watch, so that the watch sees what it does."""
    return function if _state.watch is None else _state.watch.lifted(function)
