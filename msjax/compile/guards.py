"""What a program was compiled under: which values its function read, checked before each run.

The checks start from the objects and Tensors that the call brings (see `fingerprint`) and from globals, and find on
their way the Tensors that the program takes besides its arguments.
"""

from __future__ import annotations

import builtins
import functools
import logging
import weakref
from collections.abc import Callable
from types import CellType, FunctionType, MethodType
from typing import Any

import numpy as np

from msjax.compile.classes import is_value
from msjax.compile.fingerprint import data_of
from msjax.compile.foreign import check_constant
from msjax.compile.lines import member_of
from msjax.compile.origin import draws, is_library, is_user, origin
from msjax.compile.refusal import Refused
from msjax.compile.values import CONSTANTS, Values
from msjax.core import watching
from msjax.core.cells import is_cell
from msjax.core.reading import attributes_read
from msjax.core.tensor import Tensor

_KEPT = 16  # objects of a kind that can not tell that they are gone
_undying: dict[type, dict[int, tuple[object, list[Callable]]]] = {}
_BUILTINS: Any = vars(builtins)
_HOLDING = "msjax.nn.container"  # has Cells that give away the Cells in them
_ONCE = "msjax.nn.initializer"  # has objects that serve only when a layer is made
_COMPOSING = "msjax.ops.legacy.composite"  # has objects that keep functions of the user's
_CELL_MODES = ("_to_float", "_narrow", "_recomputes")
# What a layer keeps for its owner, and does not compute with.
_UNREAD = frozenset(
    "_transient _checked phase cell_type jit_config_dict _flags _auto_prefix requires_grad _hooks".split()
)


def _captured_as(obj, call) -> str:
    """By which name the user's functions know an object, as ": lock in forward (file.py:3)"."""
    for function in call.functions:
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            if origin(function) == "user" and cell != CellType() and cell.cell_contents is obj:
                code = function.__code__
                return f": {name} in {function.__qualname__} ({code.co_filename}:{code.co_firstlineno})"
    return ""


class Guards(Values):
    """The checks of one program.

    Args:
        call: the call that it is compiled for; its pins and handles are where the checks start.

    Attributes:
        numbers: those that were read, by what has them and its name; None for those that differ from call to call.
    """

    def __init__(self, call):
        super().__init__()
        self.numbers: dict[tuple, object] = {}
        self._references: list = []
        for i, handle in enumerate(call.handles):
            self._class(type(handle))
            self._know(handle, f"handles[{i}]")
        for pin in call.pins:
            if draws(pin):
                name = getattr(pin, "__name__", f"a {type(pin).__name__}")
                raise Refused(f"it takes {name}, which draws random numbers")
        for i, pin in enumerate(call.pins):
            try:
                (self.value if is_value(pin) else self._object)(f"pins[{i}]", pin)
            except Refused as refusal:
                raise Refused(f"{refusal}{_captured_as(pin, call)}") from None

    def roots(self, value) -> None:
        """What the call brings, and the key speaks for, is from outside."""
        kind, parts = type(value), ()
        if kind is FunctionType:
            cells = value.__closure__ or ()
            if cells and all(id(c) in self.outer for c in cells):
                return
            self.closure(value)
            captured = [c.cell_contents for c in cells if c != CellType()]
            parts = (*captured, value.__defaults__, value.__kwdefaults__)
        elif kind is MethodType:
            parts = (value.__func__,)
        elif isinstance(value, CONSTANTS):
            check_constant(value)
        elif kind is functools.partial:
            parts = (value.func, value.args, value.keywords)
        elif isinstance(value, (list, dict, set, np.ndarray)):
            self.outer[id(value)] = value
            parts = value.values() if isinstance(value, dict) else value if kind is list else ()
        elif (held := dict(enumerate(value)) if isinstance(value, tuple) else data_of(value)) is not None:
            self.outer[id(value)] = value
            self._class(kind)
            parts = held.values()
        for part in parts:
            self.roots(part)

    # -- reads ----------------------------------------------------------------------------------------------------

    def global_(self, namespace: dict, name: str) -> None:
        """A global variable, or a builtin of that name, is read."""
        names = self.constant(namespace)
        if name not in namespace:
            self.asked(f"{name!r} in {names}", False)
            if namespace is not _BUILTINS:
                self.global_(_BUILTINS, name)
        elif self.once(id(namespace), name):
            self.value(f"{names}[{name!r}]", namespace[name])

    def attribute(self, obj, name: str, value, again: bool = False) -> None:
        """An object's own attribute is read."""
        if again or self.once(id(obj), name):
            self.dict_of(obj)
            self._entry(obj.__dict__, name, value)

    def no_attribute(self, obj, name: str) -> None:
        """An object has no attribute of its own of that name."""
        if hasattr(obj, "__dict__") and self.once(id(obj), name, None):
            variable, table = self.dict_of(obj), self._number(obj.__dict__, self._rows.tables)
            if table is None:
                self._fail_if(f"{name!r} in {variable}")
            else:
                self._rows.absent(table, name)

    def fixed(self, owner, name: str) -> None:
        """What a class or module of a library has under a name must not be replaced."""
        value = getattr(owner, name)
        if value is getattr(owner, name) and self.once(id(owner), name):  # else it is made anew on each read
            self._fail_if(f"{member_of(self.constant(owner), name)} is not {self.constant(value)}")

    def accessor(self, cls: type, name: str, function, part: str = "fget") -> None:
        """What a property of a class runs."""
        if self.once(id(cls), name, part):
            self.value(f"{member_of(self.constant(cls), name)}.{part}", function)

    def plain_member(self, cls: type, name: str) -> None:
        """What a class has under a name must not stand before an object's own attribute."""
        self.asked(f"hasattr({member_of(self.constant(cls), name)}.__class__, '__set__')", False)

    def has(self, obj, name: str, answer: bool) -> None:
        """`hasattr(obj, name)` is asked."""
        self.asked(f"hasattr({self._named(obj)}, {name!r})", answer)

    def silent(self, logger: logging.Logger, method: FunctionType, level: int) -> None:
        """A method of a logger is called for a message of a level that it passes over."""
        name = self.constant(logger)
        self._fail_if(f"{member_of(name, method.__name__)}.__func__ is not {self.constant(method)}")
        self.asked(f"{name}.isEnabledFor({self.constant(level)})", False)

    def not_in(self, cls: type, name: str) -> None:
        """A class itself does not define a name."""
        self.asked(f"{name!r} in {self.constant(cls)}.__dict__", False)

    def instance(self, variable: str | None, kind: type, cls: type, answer: bool) -> None:
        """Whether a variable, or any other object of a kind, is an instance of an abstract class is asked."""
        check_constant(cls)
        if "__subclasshook__" in {n for c in cls.__mro__ if is_user(c) for n in vars(c)}:
            raise Refused(f"the class {cls.__name__} defines __subclasshook__")
        asked = f"issubclass({self.constant(kind)}" if variable is None else f"isinstance({variable}"
        self.asked(f"{asked}, {self.constant(cls)})", answer)

    def cached(self, function, args: tuple, value) -> None:
        """What a function remembers for arguments is asked, as it is at each call."""
        name = f"v{next(self._count)}"
        self._line(f"{name} = {self.constant(function)}(*{self.constant(args)})")
        self.value(name, value)

    def identity(self, variable: str | None, value) -> None:
        """Which object a variable is matters."""
        if variable is None:
            raise Refused("it looks up a function that it captured")
        self._fail_if(f"{variable} is not {self.constant(value)}")

    def attributes(self, obj) -> None:
        """All that an object has in its `__dict__` is read."""
        if self.once(id(obj), "__dict__"):
            self._container(f"{self._variables[id(obj)]}.__dict__", obj.__dict__)

    # -- objects of the library, as layers are --------------------------------------------------------------------

    def modes(self, cell) -> None:
        """A Cell is called: how, depends on its modes and hooks."""
        if self.once(id(cell), "modes"):
            for name in _CELL_MODES:
                self._may_have(cell, name)
            self._hooked(cell)

    def _may_have(self, obj, name: str) -> None:
        if name in obj.__dict__:
            self.attribute(obj, name, obj.__dict__[name])
        else:
            self.no_attribute(obj, name)

    def _hooked(self, cell) -> None:
        """Which hooks a Cell has: each registration has a key of its own."""
        registered = {kind: found for kind, found in cell._hooks.items() if found}
        if "saved" in registered:
            raise Refused(f"hooks for what gradients save are registered on {type(cell).__name__}")
        hooks, table = f"{self.dict_of(cell)}['_hooks']", self._number(cell.__dict__, self._rows.tables)
        if registered:
            keys = self.constant([(kind, *found) for kind, found in registered.items()])
            self._fail_if(f"[(kind, *found) for kind, found in {hooks}.items() if found] != {keys}")
        elif table is None:
            self._fail_if(f"any({hooks}.values())")
        else:
            self._rows.read(table, "_hooks", hooks=False)
        for kind, found in registered.items():
            for key, hook in found.items():
                self.value(f"{hooks}[{kind!r}][{key}].function", hook.function)

    def called(self, cell) -> None:
        """A layer of the library is called: what its `construct` reads, as far as that can be told."""
        known = not cell._has_bprop and cell._to_float is None and origin(type(cell).construct) == "msjax"
        reads = attributes_read(type(cell), "construct") if known else None
        if reads is None or type(cell).__module__ == _HOLDING:
            self.layer(cell, whole=reads is None)
        elif self.once(id(cell), "called"):
            for name in reads.keys() - _UNREAD:
                if name in cell.__dict__:
                    self._keep(cell, name, cell.__dict__[name], whole=reads[name])
                elif not callable(getattr(type(cell), name, None)):
                    self.no_attribute(cell, name)

    def layer(self, obj, whole: bool = True) -> None:
        """All that an object of the library keeps, which its methods may read.

        Args:
            whole: whether also what Cells in it keep may be read.
        """
        if not hasattr(obj, "__dict__") or not self.once(id(obj), "all", whole):
            return
        if is_cell(obj):
            self.modes(obj)
        for name, value in obj.__dict__.items():
            if name not in _UNREAD and type(value).__module__ != _ONCE:
                self._keep(obj, name, value, whole)

    def _keep(self, obj, name: str, value, whole: bool) -> None:
        before, self._whole = self._whole, whole
        try:
            self.attribute(obj, name, value, again=True)
        except Refused:
            if name == "_cells" or is_cell(value):
                raise
            watching.refused(None)
            self._fail_if(f"id({self.dict_of(obj)}[{name!r}]) != {id(value)}")
        finally:
            self._whole = before

    def _look_into(self, value) -> None:
        """What an object of the library keeps is checked where it is called, or is asked for as a whole."""
        if isinstance(value, Tensor):
            pass
        elif isinstance(value, (list, tuple, dict)):
            for element in value.values() if isinstance(value, dict) else value:
                self._look_into(element)
        elif is_cell(value) and not self._whole:
            if any(c.__module__ == _HOLDING for c in type(value).__mro__):
                self.layer(value, whole=False)
        elif is_library(value) and (
            (module := type(value).__module__) == _COMPOSING or not module.startswith("msjax.ops.")
        ):
            self.layer(value)

    # -- the lifetime of what is checked ------------------------------------------------------------------------------

    def watch_deaths(self, dies: Callable) -> None:
        """Call `dies` when one of the objects that count by identity is gone."""
        for obj in self.weak:
            try:
                self._references.append(weakref.ref(obj, dies))
            except TypeError:
                _live_on(obj, dies)

    def forget(self) -> None:
        """Let go of what was only needed while the checks were collected."""
        self.__dict__ = {"numbers": self.numbers, "_references": self._references}


def _live_on(obj, dies: Callable) -> None:
    """Keep an object that can not tell that it is gone; of each kind only the latest, the programs of others go."""
    kept = _undying.setdefault(type(obj), {})
    kept.setdefault(id(obj), (obj, []))[1].append(dies)
    if len(kept) > _KEPT:
        for die in kept.pop(next(iter(kept)))[1]:
            die(None)
