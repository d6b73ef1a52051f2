"""Parts of CPython that the language does not promise."""

from __future__ import annotations

import dataclasses
import dis
import opcode
import sys
import warnings
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

_IMPORT_FROM = opcode.opmap["IMPORT_FROM"]
# How the bytecode of a function names what is neither its own nor captured.
_READS_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME")
# What the generated `__init__` of a dataclass has as the default of a field that has none, or has a factory.
NO_DEFAULT = (dataclasses.MISSING, getattr(dataclasses, "_HAS_DEFAULT_FACTORY", None))


def is_import_from(frame: FrameType) -> bool:
    """Whether a frame is executing `from module import name`.

    There an AttributeError would be replaced by Python's own ImportError, and its message lost.
    """
    code = frame.f_code.co_code
    return 0 <= frame.f_lasti < len(code) and code[frame.f_lasti] == _IMPORT_FROM


def is_import(module: str) -> bool:
    """Whether an import statement, not a question, has called a finder that is defined in `module`.

    Both ask a finder in the same way. Should Python's import code change, the answer is no.
    """
    frame = sys._getframe(1)
    while frame.f_globals.get("__name__") == module and frame.f_back:
        frame = frame.f_back
    return frame.f_back is not None and frame.f_back.f_code.co_name == "_find_and_load_unlocked"


def globals_read(code: CodeType) -> set[str]:
    """The names that a code object, without those within it, looks up among globals and builtins."""
    return {i.argval for i in dis.get_instructions(code) if i.opname in _READS_GLOBAL}


# Warnings that are shown go through a function of `warnings`, which may be exchanged: `showwarning` itself belongs to
# the user, whose own is called from there.
_warnings: Any = warnings


def shown_by() -> Callable:
    """The function of a message that shows warnings."""
    return _warnings._showwarnmsg


def show_by(function: Callable) -> None:
    """Let a function show warnings."""
    _warnings._showwarnmsg = function


def shown_once() -> dict:
    """What Python notes of warnings that are shown once in a program."""
    return _warnings.onceregistry
