"""Tracebacks that show the user's code: msjax's own frames between the first and the last are left out.

JAX does so with its own, and says so below the error's message; that is left out too. What switches it off there
(`JAX_TRACEBACK_FILTERING=off`) does so here.
"""

from __future__ import annotations

import os
from types import TracebackType

import jax

from msjax.shims.jax import FILTERED, shows_all_frames

# The folder of this package: what is in it is msjax's own.
LIBRARY = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_HIDDEN = (os.path.dirname(os.path.abspath(jax.__file__)) + os.sep, LIBRARY)
_BETWEEN = "contextlib.py"


def shorten(error: BaseException) -> None:
    """Leave out frames, and JAX's remark, of an exception on its way out of msjax; the caller raises it again."""
    if shows_all_frames() or error.__traceback__ is None:
        return
    if notes := getattr(error, "__notes__", None):
        notes[:] = [note for note in notes if FILTERED not in note]
    first, *rest = _chain(error.__traceback__)
    shown = [tb for tb in rest[:-1] if not _is_hidden(tb)] + rest[-1:]
    error.__traceback__ = _linked([first, *shown])


def _chain(traceback: TracebackType | None):
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _is_hidden(traceback: TracebackType) -> bool:
    file = traceback.tb_frame.f_code.co_filename
    return file.startswith((*_HIDDEN, "<msjax")) or file.endswith(_BETWEEN)


def _linked(parts: list[TracebackType]) -> TracebackType | None:
    linked = None
    for part in reversed(parts):
        linked = TracebackType(linked, part.tb_frame, part.tb_lasti, part.tb_lineno)
    return linked
