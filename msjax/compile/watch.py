"""The watch: it goes along while a function is traced, notes what the function reads, and stops it before it changes
anything but Tensors.

A trace is a transaction: what changed is put back when the body ends.
"""

from __future__ import annotations

import functools
import itertools
import operator
import sys
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from types import CellType
from typing import Any

import numpy as np

from msjax.compile import purity
from msjax.compile.calls import Calls
from msjax.compile.fingerprint import Refused
from msjax.compile.guards import Guards
from msjax.compile.purity import is_cell, is_user, static
from msjax.core import watching
from msjax.core.mutable import MARKED, unmarked
from msjax.core.opaque import KINDS
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor


class Watch(Calls):
    """What one traced call reads (`reads`), calls (`calls`) and changes; its methods stand in the rewritten functions.

    Args:
        call: the call, taken apart.
        asked: whether the user asked for compilation.
        known: the numbers that an earlier program read, by what has them and its name (see `Guards.numbers`).

    Attributes:
        guards: the checks that its program needs.
        refusal: why the function can not be compiled, once that is known.
        assigned: objects from outside, the names of their attributes that were given new Tensors, and what was there.
    """

    def __init__(self, call, asked: bool = False, known: dict | None = None):
        self.guards, self.asked, self._known, self._call = Guards(call), asked, known or {}, call
        self._cells: dict[int, CellType] = {}  # what stands for captured variables
        self.refusal: Refused | None = None
        self.assigned: dict[tuple[int, str], tuple[Any, str, Tensor]] = {}
        self._lifted: dict = {}
        self._made: dict[int, object] = {}

    @contextmanager
    def active(self):
        """The body is watched."""
        before, show = watching.current(), warnings._showwarnmsg
        watching.set_current(self)
        warnings._showwarnmsg = functools.partial(self._warned, show)
        self.assigned.clear()
        self.guards.show = purity.show
        try:
            for (cls, name), function in self.guards.special.items():
                purity.show(cls, name, function)
            with np.errstate(divide="call", over="call", invalid="call", call=self._numpy_warns):
                yield
        finally:
            self.guards.show = None
            for (cls, name), function in self.guards.special.items():
                if purity.is_special(vars(cls).get(name)):
                    type.__setattr__(cls, name, function)
            watching.set_current(before)
            warnings._showwarnmsg = show
            for obj, name, held in self.assigned.values():
                put(obj, name, held)
            changed = self.guards.journal.put_back()
            self.go_on()  # whatever the function made of a refusal
        if changed:
            self.refuse(f"it changes {changed}")

    def refuse(self, reason: str):
        """Stop, now and again whenever the function goes on regardless."""
        raise Refused(reason)

    def _warned(self, show: Callable, warning) -> None:
        """A warning is about to be shown, in this thread or in another one."""
        if watching.current() is self:
            _forget(str(warning.message), warning.category, warning.lineno)
            self.refuse(f"it warns: {warning.message}")
        show(warning)

    def _numpy_warns(self, error: str, flag: int) -> None:
        self.refuse(f"numpy warns of {error}")  # now or later on

    def go_on(self) -> None:
        """Stop again if it was refused before."""
        if self.refusal is not None:
            raise self.refusal

    def is_outer(self, obj) -> bool:
        """Whether an object is from outside, or shows a part of one that is."""
        if isinstance(obj, np.ndarray) and obj.base is not None:  # it shows a part of something else
            return not isinstance(obj.base, np.ndarray) or self.is_outer(obj.base)
        return id(obj) in self.guards.outer or self.guards.variable(obj) is not None

    def made(self, obj) -> None:
        """An object is made by the function that is traced."""
        self._made[id(obj)] = obj

    def numbers(self, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        """The arguments of the call, with numbers that differ from call to call; so are those that it captured."""
        count = itertools.count()

        def argument(value, kinds=self._call.open):
            if type(value) not in kinds:
                return value
            i = next(count)
            number = self.guards.number(("argument", i), f"numbers[{i}]", unmarked(value))
            number.mutable = type(value) in MARKED
            return number

        found = tuple(map(argument, args)), {k: argument(v) for k, v in kwargs.items()}
        self._cells = {id(cell): CellType(argument(cell.cell_contents, KINDS)) for cell in self._call.cells}
        return found

    # -- changes --------------------------------------------------------------------------------------------------

    def mutates(self, value) -> None:
        """`value` is about to be changed in place, if it can be."""
        self.go_on()
        if not isinstance(value, (Tensor, *purity.IMMUTABLE)) and value is not None and self.is_outer(value):
            self.refuse(f"it changes a {type(value).__name__} in place")

    def set_attr(self, obj, name: str, value) -> None:
        """`obj.name = value`."""
        self.go_on()
        name = str.__str__(name)  # no string of a class of the user's
        if purity.is_special(static(type(obj), "__setattr__")):
            return setattr(obj, name, value)
        if id(obj) in self._made and not isinstance(obj, Tensor):
            return self._set_own(obj, name, value)
        held, plain = getattr(obj, "__dict__", {}).get(name), static(type(obj), name) is None
        if is_cell(obj) and isinstance(held, Parameter) and type(value) is Tensor:
            self.attr(obj, name)
            setattr(obj, name, value)  # the Parameter takes on the value
        elif isinstance(value, Tensor) and held is value and plain:
            pass  # as after `self.count += 1`, which wrote into the Tensor that is there
        elif type(held) is type(value) is Tensor and plain and self._may_take(obj, value):
            self.attr(obj, name)
            self.assigned.setdefault((id(obj), name), (obj, name, held))
            put(obj, name, value)
        else:
            self.refuse(f"it assigns the attribute {name}")
        return None

    def _may_take(self, obj, value: Tensor) -> bool:
        """Whether an object from outside may hold a new Tensor in the place of one: then so it does after each run."""
        return (
            self.guards.variable(obj) is not None
            and self.guards.variable(value) is None
            and value._view is None
            and not value._hooks
            and hasattr(type(obj), "__weakref__")
            and (is_cell(obj) or is_user(type(obj)))
        )

    def _set_own(self, obj, name: str, value) -> None:
        found = static(type(obj), name)
        if isinstance(found, property) and found.fset is not None:
            self.guards.accessor(type(obj), name, found.fset, "fset")
            self.call(found.fset, obj, value)
        elif is_user(type(found)) and hasattr(type(found), "__set__"):
            self.refuse(f"it assigns {name} by a descriptor")
        else:
            setattr(obj, name, value)

    def set_item(self, obj, index, value) -> None:
        """`obj[index] = value`."""
        self.go_on()
        if not isinstance(obj, Tensor):
            self._changes_element(obj, isinstance(obj, dict) or type(obj) is np.ndarray)
        obj[index] = value

    def del_item(self, obj, index) -> None:
        """`del obj[index]`."""
        self._changes_element(obj, type(obj) is dict)
        self.operand(index)
        del obj[index]

    def _changes_element(self, obj, plain: bool) -> None:
        self.mutates(obj)
        if type(obj) is not list and not plain and not is_user(type(obj)):
            self.refuse(f"it changes an element of a {type(obj).__name__}")

    def del_attr(self, obj, name: str) -> None:
        self.refuse("it deletes attributes")

    def update(self, kind: str, obj, place) -> Callable:
        """`obj.name += ...`, `obj[index] += ...` and their kin: gives what takes the operation and an operand."""
        before, store = getattr(self, kind)(obj, place), getattr(self, f"set_{kind}")
        return lambda operation, value: store(obj, place, self.updated(before, operation, value))

    def updated(self, before, operation: str, value):
        """What becomes of a value by `+=` and its kin."""
        self.mutates(before)
        value = self.formatted(before, value) if operation == "mod" else value
        return getattr(operator, f"i{operation}")(before, value)


def _forget(*key) -> None:
    """A warning has not been shown yet: take it out of what Python notes of those that have been."""
    frame, registries = sys._getframe(1), [warnings.onceregistry]
    while frame is not None:
        registries.append(frame.f_globals.get("__warningregistry__", {}))
        frame = frame.f_back
    for registry in registries:
        for noted in (key, (*key[:2], 0), key[:2]):
            registry.pop(noted, None)


def put(obj, name: str, value: Tensor) -> None:
    """Exchange a Tensor that is an attribute."""
    for held in (obj.__dict__, obj.__dict__.get("_buffers", {})):
        if name in held:
            held[name] = value
