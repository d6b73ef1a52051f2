"""What a watch does where something is changed: only Tensors may be, and what the function itself has made."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from msjax.compile.classes import is_shown
from msjax.compile.foreign import IMMUTABLE
from msjax.compile.origin import is_user, static
from msjax.compile.refusal import Refused
from msjax.core.cells import is_cell
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor


class Changes:
    """The part of a watch for assignments and deletions.

    Attributes:
        assigned: objects from outside, the names of their attributes that were given new Tensors, and what was there.
    """

    def __init__(self, watch):
        self._watch, self._guards = watch, watch.guards
        self.assigned: dict[tuple[int, str], tuple[Any, str, Tensor]] = {}

    def undo(self) -> None:
        """Put back the Tensors that were exchanged."""
        for obj, name, held in self.assigned.values():
            put(obj, name, held)

    def mutates(self, value) -> None:
        """`value` is about to be changed in place, if it can be."""
        self._watch.go_on()
        if not isinstance(value, (Tensor, *IMMUTABLE)) and value is not None and self._watch.is_outer(value):
            raise Refused(f"it changes a {type(value).__name__} in place")

    def set_attr(self, obj, name: str, value) -> None:
        """`obj.name = value`."""
        self._watch.go_on()
        name = str.__str__(name)  # no string of a class of the user's
        if is_shown(static(type(obj), "__setattr__")):
            return setattr(obj, name, value)
        if self._watch.is_new(obj) and not isinstance(obj, Tensor):
            return self._set_own(obj, name, value)
        # Of an object from outside, an attribute may only be given a Tensor in the place of a Tensor.
        held: Any = getattr(obj, "__dict__", {}).get(name)
        plain = static(type(obj), name) is None
        if is_cell(obj) and isinstance(held, Parameter) and type(value) is Tensor:
            self._watch.attr(obj, name)
            setattr(obj, name, value)  # the Parameter takes on the value
        elif isinstance(value, Tensor) and held is value and plain:
            pass  # as after `self.count += 1`, which wrote into the Tensor that is there
        elif type(held) is type(value) is Tensor and plain and self._may_take(obj, value):
            self._watch.attr(obj, name)
            self.assigned.setdefault((id(obj), name), (obj, name, held))
            put(obj, name, value)
        else:
            raise Refused(f"it assigns the attribute {name}")
        return None

    def _may_take(self, obj, value: Tensor) -> bool:
        """Whether an object from outside may hold a new Tensor in the place of one: then so it does after each run."""
        # The program gives the new Tensor on each run, so it must be one of its own: not known from outside, where it
        # would be the same on each call, and not part of another one.
        return (
            self._guards.variable(obj) is not None
            and self._guards.variable(value) is None
            and value._view is None
            and not value._hooks
            and hasattr(type(obj), "__weakref__")
            and (is_cell(obj) or is_user(type(obj)))
        )

    def _set_own(self, obj, name: str, value) -> None:
        member = static(type(obj), name)
        if isinstance(member, property) and member.fset is not None:
            self._guards.same_accessor(type(obj), name, member.fset, "fset")
            self._watch.call(member.fset, obj, value)
        elif is_user(type(member)) and hasattr(type(member), "__set__"):
            raise Refused(f"it assigns {name} by a descriptor")
        else:
            setattr(obj, name, value)

    def set_item(self, obj, index, value) -> None:
        """`obj[index] = value`."""
        self._watch.go_on()
        if not isinstance(obj, Tensor):
            self._changes_element(obj, isinstance(obj, dict) or type(obj) is np.ndarray)
        obj[index] = value

    def del_item(self, obj, index) -> None:
        """`del obj[index]`."""
        self._changes_element(obj, type(obj) is dict)
        self._watch.operand(index)
        del obj[index]

    def _changes_element(self, obj, plain: bool) -> None:
        self.mutates(obj)
        if type(obj) is not list and not plain and not is_user(type(obj)):
            raise Refused(f"it changes an element of a {type(obj).__name__}")

    def del_attr(self, obj, name: str) -> None:
        raise Refused("it deletes attributes")

    def update(self, kind: str, obj, key) -> Callable:
        """`obj.name += ...`, `obj[index] += ...` and their kin: gives what takes the operation and an operand."""
        read, store = {"attr": (self._watch.attr, self.set_attr), "item": (self._watch.item, self.set_item)}[kind]
        before = read(obj, key)
        return lambda operation, value: store(obj, key, self.updated(before, operation, value))

    def updated(self, before, operation: str, value):
        """What becomes of a value by `+=` and its kin."""
        self.mutates(before)
        value = self._watch.operands.formatted(before, value) if operation == "mod" else value
        return getattr(operator, f"i{operation}")(before, value)


def put(obj, name: str, value: Tensor) -> None:
    """Exchange a Tensor that is an attribute."""
    for held in (obj.__dict__, obj.__dict__.get("_buffers", {})):
        if name in held:
            held[name] = value
