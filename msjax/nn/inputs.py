"""What is said of inputs that a layer of ours was not made for."""

from __future__ import annotations

import inspect
import os
import re
from typing import Any

from msjax.core.tensor import Tensor
from msjax.ops.call.wording import reworded

_ROOM = os.path.join(os.path.dirname(__file__), "")
_OF_AXES = re.compile(r"^(tuple|list) index out of range$|^not enough values to unpack|division|modulo")


def of_inputs(error: Exception, layer: Any, args: tuple, kwargs: dict) -> Exception | None:
    """The error to raise instead of one that a layer of ours ran into; None for itself.

    Errors of networks of the user's, in which it may be, are left alone.
    """
    owner = type(layer).__name__
    if not type(layer).__module__.startswith("msjax.") or not _is_here(error):
        return None
    if isinstance(error, AttributeError):
        names = inspect.signature(layer.construct).parameters
        for name, value in (*zip(names, args, strict=False), *kwargs.items()):
            if value is error.obj and not isinstance(value, Tensor):
                return TypeError(f"For '{owner}', the '{name}' must be a Tensor, but got {type(value).__name__}.")
    if type(error) not in (IndexError, TypeError, ValueError, ZeroDivisionError):
        return None
    if _OF_AXES.search(str(error)):
        return ValueError(f"For '{owner}', an input has another number of axes, or of elements, than it must have.")
    return reworded(error, owner)


def _is_here(error: Exception) -> bool:
    """Whether an error was raised by a line in this room."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place is not None and place.tb_frame.f_code.co_filename.startswith(_ROOM)
