"""What a program was compiled under: which values its function read, checked before each run.

The checks start from the objects and Tensors that the call brings (see `fingerprint`) and from globals, and find on
their way the Tensors that the program takes besides its arguments.
"""

from __future__ import annotations

import builtins
import functools
import logging
import weakref
from collections import defaultdict
from collections.abc import Callable
from types import CellType, FunctionType, MethodType
from typing import Any

import numpy as np

from msjax.compile.classes import is_value
from msjax.compile.fingerprint import data_of
from msjax.compile.foreign import check_constant
from msjax.compile.layers import Layers
from msjax.compile.lines import member_of
from msjax.compile.origin import draws, is_user, origin
from msjax.compile.refusal import Refused
from msjax.compile.stores import CONTAINERS
from msjax.compile.values import CONSTANTS, Values
from msjax.core.cells import registry_of

_KEPT = 16  # objects of a kind that can not tell that they are gone
_undying: dict[type, dict[int, tuple[object, list[Callable]]]] = {}
_BUILTINS: Any = vars(builtins)


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
        self.layers = Layers(self)
        self.numbers: dict[tuple, object] = {}
        self._references: list = []
        for i, handle in enumerate(call.handles):
            self._class(type(handle))
            self._know(handle, f"handles[{i}]")
        self.brought = {id(c): f"containers[{i}]" for i, c in enumerate(call.containers)}
        for pin in call.pins:
            if draws(pin):
                name = getattr(pin, "__name__", f"a {type(pin).__name__}")
                raise Refused(f"it takes {name}, which draws random numbers")
        for i, pin in enumerate(call.pins):
            try:
                (self.same_value if is_value(pin) else self._object)(f"pins[{i}]", pin)
            except Refused as refusal:
                raise Refused(f"{refusal}{_captured_as(pin, call)}") from None

    def roots(self, value) -> None:
        """What the call brings, and the key speaks for, is from outside."""
        kind, parts = type(value), ()
        if kind is FunctionType:
            cells = value.__closure__ or ()
            if cells and all(id(c) in self.outer for c in cells):
                return
            self.same_closure(value)
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

    def is_loose(self, container) -> bool:
        """Whether something is appended to a container from outside, or to a part, and else nothing of it is read."""
        return id(container) in self._loose

    def loose(self, expression: str, container) -> bool:
        """There is a container at an expression, of which nothing is read; gives whether that is so."""
        name = self._loose.get(id(container))
        if name is not None:
            self.fail_if(f"{expression} is not {name}")
        elif self.variable(container) is None and id(container) not in self.outer:
            name = self._loose[id(container)] = f"v{next(self._count)}"
            self.outer[id(container)] = container
            self.fail_if(f"({name} := {expression}).__class__ is not {self.constant(type(container))}")
        return name is not None

    def loose_in(self, container, key) -> bool:
        """The same of an element of such a container."""
        return type(container[key]) in CONTAINERS and self.loose(
            f"{self.place(container)}[{self.constant(key)}]", container[key]
        )

    def makes_list(self, container: defaultdict, key) -> None:
        """An element is missing, so that a list is made in its place."""
        name = self.place(container)
        self.fail_if(f"{self.constant(key)} in {name} or {name}.default_factory is not {self.constant(list)}")

    def place(self, obj) -> str:
        """The variable that holds an object or container from outside."""
        return self._loose.get(id(obj)) or self._variables.get(id(obj)) or self.brought[id(obj)]

    def is_held(self, container) -> bool:
        """Whether the checks find a container, and all that is in it is known."""
        return id(container) in self.brought or self.variable(container) is not None

    def is_table(self, container) -> bool:
        """Whether a container holds the attributes of an object."""
        return any(getattr(obj, "__dict__", None) is container for obj in self.weak)

    # -- reads ----------------------------------------------------------------------------------------------------

    def same_global(self, namespace: dict, name: str) -> None:
        """A global variable, or a builtin of that name, is read."""
        names = self.constant(namespace)
        if name not in namespace:
            self.same_answer(f"{name!r} in {names}", False)  # a variable of the module would come before the builtin
            if namespace is not _BUILTINS:
                self.same_global(_BUILTINS, name)
        elif self.once(id(namespace), name):
            self.same_value(f"{names}[{name!r}]", namespace[name])

    def not_replaced(self, owner, name: str) -> None:
        """What a class or module of a library has under a name must not be replaced."""
        value = getattr(owner, name)
        if value is getattr(owner, name) and self.once(id(owner), name):  # else it is made anew on each read
            self.fail_if(f"{member_of(self.constant(owner), name)} is not {self.constant(value)}")

    def same_accessor(self, cls: type, name: str, function, part: str = "fget") -> None:
        """What a property of a class runs."""
        if self.once(id(cls), name, part):
            self.same_value(f"{member_of(self.constant(cls), name)}.{part}", function)

    def no_setter(self, cls: type, name: str) -> None:
        """What a class has under a name must not stand before an object's own attribute."""
        self.same_answer(f"hasattr({member_of(self.constant(cls), name)}.__class__, '__set__')", False)

    def same_registry(self, cell, name: str, registry: str | None) -> None:
        """An attribute of a Cell is assigned, of which it matters in which of its registries it is."""
        self.fail_if(f"{self.constant(registry_of)}({self._named(cell)}, {name!r}) != {registry!r}")

    def same_hasattr(self, obj, name: str, answer: bool) -> None:
        """`hasattr(obj, name)` is asked."""
        self.same_answer(f"hasattr({self._named(obj)}, {name!r})", answer)

    def level_disabled(self, logger: logging.Logger, method: FunctionType, level: int) -> None:
        """A method of a logger is called for a message of a level that it passes over."""
        name = self.constant(logger)
        self.fail_if(f"{member_of(name, method.__name__)}.__func__ is not {self.constant(method)}")
        self.same_answer(f"{name}.isEnabledFor({self.constant(level)})", False)

    def not_defined_in(self, cls: type, name: str) -> None:
        """A class itself does not define a name."""
        self.same_answer(f"{name!r} in {self.constant(cls)}.__dict__", False)

    def same_isinstance(self, variable: str | None, kind: type, cls: type, answer: bool) -> None:
        """Whether a variable, or any other object of a kind, is an instance of an abstract class is asked."""
        check_constant(cls)
        if "__subclasshook__" in {n for c in cls.__mro__ if is_user(c) for n in vars(c)}:
            raise Refused(f"the class {cls.__name__} defines __subclasshook__")
        asked = f"issubclass({self.constant(kind)}" if variable is None else f"isinstance({variable}"
        self.same_answer(f"{asked}, {self.constant(cls)})", answer)

    def same_result(self, function, args: tuple, kwargs: dict, value) -> None:
        """A function that is no part of the program is asked, as it is at each call."""
        name = f"v{next(self._count)}"
        self._line(f"{name} = {self.constant(function)}(*{self.constant(args)}, **{self.constant(kwargs)})")
        self.same_value(name, value)

    def same_object(self, variable: str | None, value) -> None:
        """Which object a variable is matters."""
        if variable is None:
            raise Refused("it looks up a function that it captured")
        self.fail_if(f"{variable} is not {self.constant(value)}")

    def same_attributes(self, obj) -> None:
        """All that an object has in its `__dict__` is read."""
        if any((id(obj.__dict__), name) in self.stored for name in obj.__dict__):
            raise Refused(f"it reads all attributes of a {type(obj).__name__}, some of which it has stored")
        if self.once(id(obj), "__dict__"):
            self._container(f"{self._variables[id(obj)]}.__dict__", obj.__dict__)

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
    alive = _undying.setdefault(type(obj), {})
    alive.setdefault(id(obj), (obj, []))[1].append(dies)
    if len(alive) > _KEPT:
        for die in alive.pop(next(iter(alive)))[1]:
            die(None)
