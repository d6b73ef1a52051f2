"""What a trace finds in objects from outside, so that it can be put back.

The user's own code is stopped before it changes anything but Tensors. What msjax's methods change in objects of theirs
(a scheduler's epoch, the layers of a CellList, what an optimizer counts) is not seen as it happens. So the contents of
each object are noted when it comes into sight; when the trace is over, what differs is put back, and is a reason not to
compile: the program would not do it again.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from types import FunctionType, ModuleType
from typing import Any

from msjax.compile.origin import is_library
from msjax.core.cells import is_cell
from msjax.core.tensor import Tensor

# What handles and Cells note for themselves, whoever asks.
_OWN = frozenset(
    (
        "_array _version _shadow _view _origin _frame _stored _used _replaced _items_set "
        "_sharding _slot_of _slots _checked"
    ).split()
)
_CONTAINERS = (list, dict, OrderedDict, set, deque)


def _is_noted(name) -> bool:
    return not (isinstance(name, str) and (name in _OWN or name.startswith("_jitted_")))


class Journal:
    """The contents of objects from outside, as they were when they came into sight."""

    def __init__(self):
        self._held: dict[int, tuple[Any, Any]] = {}

    def note(self, obj) -> None:
        """Note what an object holds, and what msjax's objects in it hold."""
        waiting = [obj]
        while waiting:
            obj = waiting.pop()
            if type(obj) in _CONTAINERS and not (isinstance(obj, dict) and "__spec__" in obj):
                contents = obj
            elif isinstance(obj, tuple):
                waiting += obj
                continue
            elif isinstance(obj, (ModuleType, type, FunctionType, dict)):  # a module gets operators at their first use
                continue
            else:
                contents = getattr(obj, "__dict__", None)
            if contents is None or id(contents) in self._held:
                continue
            # What a user's object holds comes into sight by itself when it is read; msjax's methods read unseen.
            copied = {k: v for k, v in contents.items() if _is_noted(k)} if isinstance(contents, dict) else [*contents]
            self._held[id(contents)] = contents, copied
            if type(obj) in _CONTAINERS or isinstance(obj, Tensor) or is_cell(obj) or is_library(obj):
                waiting += copied.values() if isinstance(copied, dict) else copied

    def put_back(self) -> str | None:
        """Put back what has changed; gives what that was, if anything."""
        changed = None
        for contents, before in self._held.values():
            if isinstance(contents, dict):
                changed = self._mapping(contents, before) or changed
            elif len(contents) != len(before) or any(a is not b for a, b in zip(contents, before, strict=True)):
                contents.clear()  # and not exchanged: others may know it
                (contents.update if isinstance(contents, set) else contents.extend)(before)
                changed = f"elements of a {type(contents).__name__}"
        return changed

    @staticmethod
    def _mapping(contents: dict, before: dict) -> str | None:
        now = {k: v for k, v in contents.items() if _is_noted(k)}
        if len(now) == len(before) and all(k in now and now[k] is v for k, v in before.items()):
            return None
        unnoted = {k: v for k, v in contents.items() if k not in now}
        contents.clear()
        contents.update(before)
        contents.update(unnoted)
        return next((str(k) for k in (*before, *now) if before.get(k, _NOTHING) is not now.get(k, _NOTHING)), "order")


_NOTHING = object()
