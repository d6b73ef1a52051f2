"""The watch: it goes along while a function is traced, notes what the function reads, and stops it before it changes
anything but Tensors.

A trace is a transaction: what changed is put back when the body ends.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np

from msjax.compile.attributes import Attributes
from msjax.compile.calls import Calls
from msjax.compile.changes import Changes
from msjax.compile.classes import is_shown, show
from msjax.compile.guards import Guards
from msjax.compile.names import Names
from msjax.compile.numbers import Numbers
from msjax.compile.operands import Operands
from msjax.compile.refusal import Refused
from msjax.compile.visible import Visible
from msjax.core import watching
from msjax.shims import python


class Watch:
    """What one traced call reads, calls and changes. Its parts have one kind of event each, and the guards write down
    what must be the same at the next call.

    Its methods stand in the rewritten functions (`instrument`), and msjax's own code calls some (`core.watching`). The
    parts reach one another by it, too: what `getattr` does goes the way of any attribute.

    Args:
        call: the call, taken apart.
        asked: whether the user asked for compilation.
        known: the numbers that an earlier program read, by what has them and its name (see `Guards.numbers`).

    Attributes:
        guards: the checks that its program needs.
        refusal: why the function can not be compiled, once that is known.
    """

    def __init__(self, call, asked: bool = False, known: dict | None = None):
        self.guards, self.asked = Guards(call), asked
        self.refusal: Refused | None = None
        self._chooses = self._swallows = False
        self._new: dict[int, object] = {}
        self.numbers = Numbers(self.guards, known or {})
        self.visible, self.attributes, self.operands = Visible(self), Attributes(self), Operands(self)
        self.changes = changes = Changes(self)
        self.calls, names = Calls(self), Names(self)
        # What rewritten functions call, at the same names; `name` must be called by them directly.
        self.name, self.imports, self.imported = names.name, names.imports, names.imported
        self.cell, self.attr, self.call = self.numbers.cell, self.attributes.read, self.calls.call
        self.given = self.calls.given
        self.item, self.operand, self.same = self.operands.item, self.operands.operand, self.operands.same
        self.shown, self.modulo, self.subject = self.operands.shown, self.operands.modulo, self.operands.subject
        self.manager, self.element, self.slice = self.operands.manager, self.operands.element, slice
        self.set_attr, self.set_item, self.update = changes.set_attr, changes.set_item, changes.update
        self.part, self.appends = changes.part, changes.appends
        self.del_attr, self.del_item, self.updated = changes.del_attr, changes.del_item, changes.updated
        # What msjax calls besides.
        self.lifted, self.enter = self.visible.function, self.calls.enter

    @contextmanager
    def active(self):
        """The body is watched."""
        before, show_warning = watching.current(), python.shown_by()
        watching.set_current(self)
        python.show_by(functools.partial(self._warned, show_warning))
        self.changes.stores.clear()
        self.guards.show = show
        try:
            for (cls, name), function in self.guards.special.items():
                show(cls, name, function)
            with np.errstate(divide="call", over="call", invalid="call", call=self._numpy_warns):
                yield
        finally:
            self.guards.show = None
            for (cls, name), function in self.guards.special.items():
                if is_shown(vars(cls).get(name)):
                    type.__setattr__(cls, name, function)
            watching.set_current(before)
            python.show_by(show_warning)
            changed = self.changes.stores.undo()
            changed = self.guards.journal.put_back() or changed
            self.go_on()  # whatever the function made of a refusal
        if changed:
            raise Refused(f"it changes {changed}")

    # -- stopping -------------------------------------------------------------------------------------------------

    def refuse(self, reason: str):
        """Stop, now and again whenever the function goes on regardless."""
        raise Refused(reason)

    def go_on(self) -> None:
        """Stop again if it was refused before."""
        if self.refusal is not None:
            raise self.refusal

    def caught(self) -> None:
        """An exception is handled."""
        self.go_on()
        self.swallowing()

    def swallowing(self) -> None:
        """An exception is handled, or may be: not by its kind is known whether it is raised eagerly, too."""
        self._swallows = True
        self._check_shapes()

    def depends_on_values(self) -> None:
        """Shapes depend on values from now on."""
        self._chooses = True
        self._check_shapes()

    def _check_shapes(self) -> None:
        if self._swallows and self._chooses:
            raise Refused("it handles exceptions, and shapes in it depend on values")

    def _warned(self, show_warning: Callable, warning) -> None:
        """A warning is about to be shown, in this thread or in another one."""
        if watching.current() is self:
            _forget(str(warning.message), warning.category, warning.lineno)
            raise Refused(f"it warns: {warning.message}")
        show_warning(warning)

    def _numpy_warns(self, error: str, flag: int) -> None:
        raise Refused(f"numpy warns of {error}")  # now or later on

    # -- what is from outside, and what is new --------------------------------------------------------------------

    def is_outer(self, obj) -> bool:
        """Whether an object is from outside, or shows a part of one that is."""
        if isinstance(obj, np.ndarray) and obj.base is not None:  # it shows a part of something else
            return not isinstance(obj.base, np.ndarray) or self.is_outer(obj.base)
        return id(obj) in self.guards.outer or self.guards.variable(obj) is not None

    def made(self, obj) -> None:
        """An object is made by the function that is traced."""
        self._new[id(obj)] = obj

    def is_new(self, obj) -> bool:
        """Whether an object was made by the function that is traced."""
        return id(obj) in self._new

    def named(self, parameter: Any) -> None:
        """The name of a Parameter is read by msjax."""
        self.attributes.setting(parameter, "_name")


def _forget(*key) -> None:
    """A warning has not been shown yet: take it out of what Python notes of those that have been."""
    frame, registries = sys._getframe(1), [python.shown_once()]
    while frame is not None:
        registries.append(frame.f_globals.get("__warningregistry__", {}))
        frame = frame.f_back
    for registry in registries:
        for noted in (key, (*key[:2], 0), key[:2]):
            registry.pop(noted, None)
