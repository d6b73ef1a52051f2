"""Tracebacks that show the user's code: msjax's own frames between the first and the last are left out.

JAX does the same with its own, and says so below the error's message, which is left out too. What switches that off
(`JAX_TRACEBACK_FILTERING=off`) counts here as well.
"""

from __future__ import annotations

import os
from types import TracebackType

import jax

_OURS = (os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep, "<msjax")
_BETWEEN = "contextlib.py"
_REMARK = "JAX has removed its internal frames"


def shorten(error: BaseException) -> None:
    """Leave out frames, and JAX's remark on its own, of an exception that is on its way out of msjax; the caller raises it again."""
    if jax.config.jax_traceback_filtering == "off" or error.__traceback__ is None:
        return
    if notes := getattr(error, "__notes__", None):
        notes[:] = [note for note in notes if _REMARK not in note]
    first, *rest = _chain(error.__traceback__)
    kept = [tb for tb in rest[:-1] if not _is_ours(tb)] + rest[-1:]
    error.__traceback__ = _linked([first, *kept])


def _chain(traceback: TracebackType | None):
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _is_ours(traceback: TracebackType) -> bool:
    file = traceback.tb_frame.f_code.co_filename
    return file.startswith(_OURS) or file.endswith(_BETWEEN)


def _linked(parts: list[TracebackType]) -> TracebackType | None:
    linked = None
    for part in reversed(parts):
        linked = TracebackType(linked, part.tb_frame, part.tb_lasti, part.tb_lineno)
    return linked
