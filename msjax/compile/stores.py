"""What a traced function stores in objects from outside, as in `self.losses = {"data": loss}` or `self.calls += 1`.

It is done while the function is traced, which sees it, and undone when the trace ends. After each run of the program it
is done again: in the objects that the checks find, with values that are made like the result.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from msjax.core.tensor import Tensor

CONTAINERS = (dict, defaultdict, list)  # in which elements may be stored; OrderedDicts are Cells' own


class Store(NamedTuple):
    """One that is done again after each run.

    Attributes:
        do: a function (object, key, value).
        key: the name of the attribute, or the key of the element.
    """

    do: Callable
    key: Any


class Stores:
    """The part of a watch for what is stored; the last one of each place counts.

    Args:
        guards: they know the variables of the checks that hold the objects.
    """

    def __init__(self, guards):
        self._guards = guards
        self._done: dict[tuple, tuple[Store, Any, Any]] = {}  # by the place: what is done, to which object, the value
        self._back: list[tuple] = []  # what undoes each, in order: a function, its arguments, and what it must find

    def __len__(self) -> int:
        return len(self._back)

    def clear(self) -> None:
        """The function is traced once more."""
        self._done.clear()
        self._guards.stored.clear()

    def undo(self) -> str | None:
        """Put back what was there; gives what else was changed unseen, if anything."""
        changed = None
        while self._back:
            undo, holder, key, held, value = self._back.pop()
            with suppress(KeyError, IndexError):
                if holder[key] is value:
                    undo(holder, key, held)
                    continue
            changed = str(key)
        return changed

    def attribute(self, obj, name: str, value) -> None:
        """`obj.name = value`, where that does nothing but store it."""
        self._note(_set_own, obj.__dict__, name, value, Store(put, name), obj)
        put(obj, name, value)

    def item(self, container, key, value) -> None:
        """`container[key] = value`; of a list, its element."""
        self._sees(container)
        self._note(operator.setitem, container, key, value, Store(operator.setitem, key), container)
        container[key] = value

    def append(self, container: list, value) -> None:
        """`container.append(value)`."""
        self._sees(container)
        self._back.append((_remove, container, -1, None, value))
        self._done[id(container), "append", len(self)] = Store(_append, None), container, value
        container.append(value)

    def _sees(self, container) -> None:
        """Something is about to be stored in a container, which the journal must have seen before."""
        self._guards.journal.note(container)
        self._guards.apart = True

    def _note(self, put_back: Callable, holder, key, value, store: Store, obj) -> None:
        there = isinstance(holder, list) or key in holder
        held = holder[key] if there else None
        self._back.append((put_back if there else _remove, holder, key, held, value))
        self._done[id(holder), key] = store, obj, value
        self._guards.stored.add((id(holder), key))

    # -- what is done again -----------------------------------------------------------------------------------------

    def values(self) -> list:
        """What is stored, to be taken apart with the result."""
        return [value for _, _, value in self._done.values()]

    def objects(self) -> list[str]:
        """The variables of the objects."""
        return [self._guards.place(obj) for _, obj, _ in self._done.values()]

    def again(self) -> tuple[Store, ...]:
        """What is to be done after each run, which keeps no object alive."""
        return tuple([store for store, _, _ in self._done.values()])


def put(obj, name: str, value) -> None:
    """Set an attribute, which may be a buffer of a Cell's."""
    _set_own(obj.__dict__, name, value)


def _set_own(own: dict, name: str, value) -> None:
    own[name] = value
    buffers = own.get("_buffers")
    if type(value) is Tensor and buffers and name in buffers:
        buffers[name] = value


def _remove(holder, key, held) -> None:
    del holder[key]


def _append(container: list, key, value) -> None:
    container.append(value)
