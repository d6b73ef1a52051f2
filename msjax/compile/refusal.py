"""Why a function can not be compiled, and where in the user's code that shows."""

from __future__ import annotations

import sys
import traceback

from msjax.compile.source import WATCH
from msjax.core import watching


class Refused(BaseException):
    """A function can not be compiled unnoticed; says where that shows, if it is in the user's code.

    Not an Exception, so that no `except Exception` in it catches this. The watch, if there is one, learns of each, so
    that it counts also where the function goes on regardless.
    """

    def __init__(self, reason: str):
        super().__init__(f"{reason}{_first_of_users(traceback.walk_stack(sys._getframe(1)))}")
        watching.refused(self)


def raised_in(error: BaseException) -> str:
    """Where in the user's code an error was raised, as " (file.py:3)"."""
    return _first_of_users([*traceback.walk_tb(error.__traceback__)][::-1])


def _first_of_users(frames) -> str:
    """The innermost of the rewritten functions: only these have the watch among their variables."""
    codes = ((frame.f_code, line) for frame, line in frames)
    return next((f" ({code.co_filename}:{line})" for code, line in codes if WATCH in code.co_freevars), "")
