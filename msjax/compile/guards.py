"""What a program was compiled under: which values its function read, checked before each run.

Checks are collected as lines of Python and compiled into one function, since they run on each call. It starts from the
objects and Tensors that the call brings (see `fingerprint`) and from globals, and finds on its way the Tensors that the
program takes besides its arguments.
"""

from __future__ import annotations

import builtins
import dataclasses
import enum
import functools
import itertools
import logging
import os
import re
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType

import jax
import jax.numpy as jnp
import numpy as np

from msjax.compile.fingerprint import Refused, data_of
from msjax.compile.journal import Journal
from msjax.compile.purity import (
    NUMPY_FUNCTIONS,
    check_constant,
    check_object,
    draws,
    holds_users,
    is_cell,
    is_library,
    is_user,
    is_value,
    place,
    vet,
)
from msjax.core import watching
from msjax.core.dtype import DType
from msjax.core.many import Many, alike, in_rows
from msjax.core.opaque import Number
from msjax.core.parameter import Parameter
from msjax.core.reading import attributes_read
from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.view import owner

_MANY = 20_000  # lines
_FEW = 300  # of what is read at once: lines are faster then
_VERY_MANY = 200_000  # what is read at once
_KEPT = 16  # objects of a kind that can not tell that they are gone
_undying: dict[type, OrderedDict[int, tuple[object, list[Callable]]]] = {}
_BUILTINS = vars(builtins)
_NO_DEFAULT = (dataclasses.MISSING, getattr(dataclasses, "_HAS_DEFAULT_FACTORY", None))  # as defaults of `__init__`
_SINGLETONS = (type(None), bool, type(...), DType, *map(type, _NO_DEFAULT))
_ATOMS = (int, str, bytes)
_CONSTANTS = (ModuleType, type, BuiltinFunctionType, np.dtype, enum.Enum, logging.Logger, *NUMPY_FUNCTIONS)
_LARGE = 1 << 24  # bytes of a numpy array that is compared by value; eager code copies it at each call, too
_HOLDING = "msjax.nn.container"  # has Cells that give away the Cells in them
_ONCE = "msjax.nn.initializer"  # has objects that serve only when a layer is made
_COMPOSING = "msjax.ops.composite"  # has objects that keep functions of the user's
_CELL_MODES = ("_to_float", "_narrow", "_recomputes")
# What a layer keeps for its owner, and does not compute with.
_UNREAD = frozenset(
    (
        "_transient",
        "_checked",
        "phase",
        "cell_type",
        "jit_config_dict",
        "_flags",
        "_auto_prefix",
        "requires_grad",
        "_hooks",
    )
)
_BY_LINES = (FunctionType, MethodType, functools.partial, set, frozenset, np.ndarray, np.generic, jax.Array)
_CONTAINERS = (list, tuple, dict)
_ROW = re.compile(r"(o|s|t|handles)\[(\d+)\]$")  # a variable that stands in a row


def _is_plain(value) -> bool:
    """Whether a value never changes, and one that is equal to it will do in its place."""
    if isinstance(value, _CONSTANTS):
        check_constant(value)
        return True
    if type(value) is FunctionType:
        return place(value) == "msjax" and not holds_users(value)
    return isinstance(value, _SINGLETONS) or type(value) in (*_ATOMS, float, complex, range)


def scalar(value, dtype) -> Tensor:
    """A number as a Tensor, of a dtype or weakly typed."""
    return wrap(jnp.asarray(value if dtype is None else np.asarray(value, dtype)))


def _captured_as(obj, call) -> str:
    """By which name the user's functions know an object, as ": lock in forward (file.py:3)"."""
    for function in call.functions:
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            if place(function) == "user" and cell != CellType() and cell.cell_contents is obj:
                code = function.__code__
                return f": {name} in {function.__qualname__} ({code.co_filename}:{code.co_firstlineno})"
    return ""


class Guards:
    """The checks of one program.

    Args:
        call: the call that it is compiled for; its pins and handles are where the checks start.

    Attributes:
        outer: by id, the containers and cells from outside: what is in them is checked, and must not be changed.
        journal: what objects from outside hold.
        numbers: those that were read, by what has them and its name; `_VARIES` for those of any value.
        special: the methods that operators and msjax call, of the classes that were met.
        show: called with each, as (class, name, function), that is new.
    """

    def __init__(self, call):
        self._lines: list[str] = []
        self._count = itertools.count()
        self._named: dict = {"_missing": object(), "_function": FunctionType, "_alike": alike}
        self._variables: dict[int, str] = {}
        self._done: set = set()
        self._kept: list = []
        self._handles: dict[int, tuple[Tensor, str]] = {}
        self._many, self._whole = Many(), False
        self.outer: dict[int, object] = {}
        self.journal = Journal()
        self.special: dict[tuple[type, str], FunctionType] = {}
        self.show: Callable | None = None
        self.numbers: dict[tuple, object] = {}
        self._opaque: dict[tuple, Number] = {}
        self._inputs: dict[tuple, Tensor] = {}
        self.weak: list = []  # objects that count by identity
        self._references: list = []
        for i, handle in enumerate(call.handles):
            self._class(type(handle))
            self._variables[id(handle)] = f"handles[{i}]"
        for pin in call.pins:
            if draws(pin):
                name = getattr(pin, "__name__", f"a {type(pin).__name__}")
                raise Refused(f"it takes {name}, which draws random numbers")
        for i, pin in enumerate(call.pins):
            try:
                if is_value(pin):
                    self.value(f"pins[{i}]", pin)
                    continue
                self._known(type(pin))
            except Refused as refusal:
                raise Refused(f"{refusal}{_captured_as(pin, call)}") from None
            self._variables[id(pin)] = f"pins[{i}]"
            self._fail_if(f"pins[{i}].__class__ is not {self.constant(type(pin))}")
            self.weak.append(pin)
            self._many.add(pin)
        for pin in call.pins:
            self._look_into(pin)
        self._kept += [*call.pins, *call.handles]
        self.journal.note((*call.pins, *call.handles))

    # -- names ----------------------------------------------------------------------------------------------------

    def variable(self, obj) -> str | None:
        """The variable that holds an object from outside, None if it is not known as such."""
        return self._variables.get(id(obj))

    def constant(self, obj) -> str:
        """The name of an object that the checks hold on to."""
        name = f"c{id(obj)}"
        self._named[name] = obj
        return name

    def _new(self, obj, expression: str) -> str:
        name = f"v{next(self._count)}"
        self._variables[id(obj)] = name
        self._kept.append(obj)
        self.journal.note(obj)
        self._line(f"{name} = {expression}")
        return name

    def _line(self, line: str) -> None:
        if len(self._lines) > _MANY:
            raise Refused("it reads very many values")
        self._lines.append(line)

    def _fail_if(self, condition: str) -> None:
        self._line(f"if {condition}: return None")

    def roots(self, value) -> None:
        """What the call brings, and the key speaks for, is from outside."""
        kind = type(value)
        if kind is FunctionType:
            if value.__closure__ and all(id(c) in self.outer for c in value.__closure__):
                return
            self.closure(value)
            for cell in value.__closure__ or ():
                with suppress(ValueError):
                    self.roots(cell.cell_contents)
            self.roots((value.__defaults__, value.__kwdefaults__))
        elif kind is MethodType:
            self.roots(value.__func__)
        elif isinstance(value, _CONSTANTS):
            check_constant(value)
        elif kind is functools.partial:
            self.roots((value.func, value.args, value.keywords))
        elif isinstance(value, (list, dict, set, np.ndarray)):
            self.outer[id(value)] = value
            self.roots(tuple(value.values()) if isinstance(value, dict) else tuple(value) if kind is list else ())
        elif isinstance(value, tuple):
            self.outer[id(value)] = value
            self._class(kind)
            for element in value:
                self.roots(element)
        elif (held := data_of(value)) is not None:
            self.outer[id(value)] = value
            self._class(kind)
            self.roots(tuple(held.values()))

    # -- reads ----------------------------------------------------------------------------------------------------

    def once(self, *key) -> bool:
        """Whether this is the first time that something is to be checked."""
        new = key not in self._done
        self._done.add(key)
        return new

    def global_(self, namespace: dict, name: str) -> None:
        """A global variable, or a builtin of that name, is read."""
        if self.once(id(namespace), name):
            names = self.constant(namespace)
            if name in namespace:
                self.value(f"{names}.get({name!r}, _missing)", namespace[name])
            else:
                self._fail_if(f"{name!r} in {names}")
                if name in _BUILTINS:
                    self.value(f"{self.constant(_BUILTINS)}.get({name!r}, _missing)", _BUILTINS[name])
                else:
                    self._fail_if(f"{name!r} in {self.constant(_BUILTINS)}")

    def attribute(self, obj, name: str, value) -> None:
        """An object's own attribute is read."""
        if self.once(id(obj), name):
            self._entry(self._many.place(obj), name, value, lambda: f"{self.dict_of(obj)}[{name!r}]")

    def no_attribute(self, obj, name: str) -> None:
        """An object has no attribute of its own of that name."""
        if self.once(id(obj), name, None) and hasattr(obj, "__dict__") and not self._many.absent(obj, name):
            self._fail_if(f"{name!r} in {self.dict_of(obj)}")

    def member(self, owner, name: str, value) -> None:
        """What `owner.name` gives is read, of a class, a module, or an object with slots."""
        if self.once(id(owner), name):
            self.value(f"{self._variables.get(id(owner)) or self.constant(owner)}.{name}", value)

    def fixed(self, owner, name: str) -> None:
        """What a class or module of a library has under a name must not be replaced."""
        value = getattr(owner, name)
        if value is getattr(owner, name) and self.once(id(owner), name):  # else it is made anew on each read
            self._fail_if(f"{self.constant(owner)}.{name} is not {self.constant(value)}")

    def no_additions(self, *classes: type) -> None:
        """Classes must have no more members than now: a new one could stand before those of a base."""
        for cls in classes:
            if self.once(id(cls), "members"):
                self._fail_if(f"len({self.constant(cls)}.__dict__) != {len(vars(cls))}")

    def plain_member(self, cls: type, name: str) -> None:
        """What a class has under a name must not stand before an object's own attribute."""
        if self.once(id(cls), name, "plain"):
            self._fail_if(f"hasattr({self.constant(cls)}.{name}.__class__, '__set__')")

    def has(self, obj, name: str, answer: bool) -> None:
        """`hasattr(obj, name)` is asked."""
        if self.once(id(obj), name, answer):
            variable = self._variables.get(id(obj)) or self.constant(obj)
            self._fail_if(f"hasattr({variable}, {name!r}) is not {answer}")

    def silent(self, logger: logging.Logger, method: FunctionType, level: int) -> None:
        """A method of a logger is called for a message of a level that it passes over."""
        if self.once(id(logger), "silent", level):
            name = self.constant(logger)
            self._fail_if(f"{name}.{method.__name__}.__func__ is not {self.constant(method)}")
            self._fail_if(f"{name}.isEnabledFor({level})")

    def not_in(self, cls: type, name: str) -> None:
        """A class itself does not define a name."""
        if self.once(id(cls), name, None):
            self._fail_if(f"{name!r} in {self.constant(cls)}.__dict__")

    def instance(self, variable: str | None, kind: type, cls: type, answer: bool) -> None:
        """Whether a variable, or any other object of a kind, is an instance of an abstract class is asked."""
        check_constant(cls)
        if "__subclasshook__" in {n for c in cls.__mro__ if is_user(c) for n in vars(c)}:
            raise Refused(f"the class {cls.__name__} defines __subclasshook__")
        asked = f"issubclass({self.constant(kind)}" if variable is None else f"isinstance({variable}"
        self._fail_if(f"{asked}, {self.constant(cls)}) is not {answer}")

    def cached(self, function, args: tuple, value) -> None:
        """What a function remembers for arguments is asked, as it is at each call."""
        self._line(f"x = {self.constant(function)}(*{self.constant(args)})")
        self.value("x", value)

    def identity(self, variable: str | None, value) -> None:
        """Which object a variable is matters."""
        if variable is None:
            raise Refused("it looks up a function that it captured")
        self._fail_if(f"{variable} is not {self.constant(value)}")

    def attributes(self, obj) -> None:
        """All that an object has in its `__dict__` is read."""
        if self.once(id(obj), "__dict__"):
            self._mapping(f"{self._variables[id(obj)]}.__dict__", obj.__dict__)

    def same(self, first: str, second: str, answer: bool) -> None:
        """`first is second` is asked, of variables."""
        self._fail_if(f"({first} is {second}) is not {answer}")

    # -- numbers that differ from call to call --------------------------------------------------------------------

    def number(self, key: tuple, expression: str, value) -> Number:
        """A number is read that may be another one at the next call, of the same type."""
        made = self._opaque.get(key)
        if made is None:
            made = self._opaque[key] = Number(f"n{next(self._count)}", value, self)
            self._line(f"{made.variable} = {expression}")
            self._fail_if(f"{made.variable}.__class__ is not {type(value).__name__}")
        return made

    def computed(self, text: str, value) -> Number:
        """What is computed of such numbers."""
        return self.number((text,), text, value)

    def asked(self, text: str, answer: bool) -> bool:
        """How a comparison with such a number comes out."""
        if self.once(text, answer):
            self._fail_if(f"({text}) is not {answer}")
        return answer

    def input_of(self, number: Number, dtype):
        """The array of such a number, which the program takes."""
        key = number.variable, dtype
        if key not in self._inputs:
            with jax.ensure_compile_time_eval():
                made = scalar(number.value, dtype)
            self._inputs[key] = made
            made_anew = f"{self.constant(scalar)}({number.variable}, {self.constant(dtype)})"
            self._handles[id(made)] = made, made_anew
        return raw(self._inputs[key])

    def dict_of(self, obj) -> str:
        """The variable that holds an object's own attributes."""
        own = obj.__dict__
        return self._variables.get(id(own)) or self._new(own, f"{self._variables[id(obj)]}.__dict__")

    def value(self, expression: str, value) -> None:
        """The value of an expression must be as it is now.

        Raises:
            Refused: if that can not be told.
        """
        kind = type(value)
        if value is None or value is True or value is False:
            self._fail_if(f"{expression} is not {value}")
        elif isinstance(value, _SINGLETONS):
            self._fail_if(f"{expression} is not {self.constant(value)}")
        elif kind in (complex, range) or (kind is float and not value):
            self._fail_if(f"repr({expression}) != {repr(value)!r}")
        elif kind in _ATOMS or kind is float:
            self._line(f"x = {expression}")
            name = self.constant(value)
            self._fail_if(f"x is not {name} and (x.__class__ is not {self.constant(kind)} or x != {name})")
        elif id(value) in self._variables:
            self._fail_if(f"{expression} is not {self._variables[id(value)]}")
        elif isinstance(value, Tensor):
            self._tensor(expression, value)
        elif isinstance(value, _CONSTANTS):
            check_constant(value)
            differs = "!=" if kind is BuiltinFunctionType else "is not"  # a method of a class is made anew on each read
            self._fail_if(f"{expression} {differs} {self.constant(value)}")
        else:
            self._compound(expression, value)

    def _entry(self, place: int | None, key, value, expression: Callable[[], str]) -> None:
        """What an object, or a container in it, has under a key must be as it is now: most of this is read at once."""
        many, row = self._many, _ROW.match(self._variables.get(id(value), ""))
        known = id(value) in self._variables
        if len(many) > _VERY_MANY:
            raise Refused("it reads very many values")
        if place is not None and row is not None:
            many.link(place, key, row[1][0], int(row[2]))
            if self._whole:
                self._look_into(value)
        elif place is None or known:
            self.value(expression(), value)
        elif _is_plain(value):
            many.plain(place, key, value)
        elif isinstance(value, Tensor):
            self._taken(value, f"t[{many.tensor(place, key, value)}]")
        elif isinstance(value, _CONTAINERS) and all(type(k) is str for k in value if isinstance(value, dict)):
            self._container(place, key, value)
        elif isinstance(value, (*_BY_LINES, *_CONTAINERS)) or self._admit(value) is None:
            self.value(expression(), value)
        else:
            many.link(place, key, "o", many.place(value))
            self._look_into(value)

    def _container(self, place: int, key, value) -> None:
        self._class(type(value))
        number = self._many.container(place, key, value)
        self._variables[id(value)] = name = f"s[{number}]"
        self._kept.append(value)
        self.journal.note(value)
        if not isinstance(value, tuple):
            self.outer[id(value)] = value
        for k, element in value.items() if isinstance(value, dict) else enumerate(value):
            self._entry(~number, k, element, lambda k=k: f"{name}[{k!r}]")

    def _taken(self, value: Tensor, name: str) -> None:
        if value._hooks:
            raise Refused("a hook is registered on a Tensor that it reads")
        self._variables[id(value)] = name
        self._kept.append(value)
        self.journal.note(value)
        self._handles.setdefault(id(owner(value)), (value, name))

    def _tensor(self, expression: str, value: Tensor) -> None:
        self._class(type(value))
        name = self._new(value, expression)
        condition = f"{name}.__class__ is not {self.constant(type(value))} or {name}._hooks"
        condition += f" or ({name}._view is None) is not {value._view is None}"
        if isinstance(value, Parameter):
            condition += f" or {name}._requires_grad is not {value._requires_grad}"
        self._taken(value, name)
        self._fail_if(condition)

    def _compound(self, expression: str, value) -> None:
        kind = type(value)
        if kind is FunctionType:
            self._function(expression, value)
        elif kind is MethodType:
            name = self._new(value, expression)
            self._fail_if(f"{name}.__class__ is not {self.constant(MethodType)}")
            self.value(f"{name}.__self__", value.__self__)
            self.value(f"{name}.__func__", value.__func__)
        elif kind in (functools.partial, functools.partialmethod):
            name = self._new(value, expression)
            self._fail_if(f"{name}.__class__ is not {self.constant(kind)}")
            for part in ("func", "args", "keywords"):
                self.value(f"{name}.{part}", getattr(value, part))
        elif kind in (list, deque) or isinstance(value, tuple):
            self._sequence(expression, value)
        elif isinstance(value, dict):
            self._mapping(expression, value)
        elif kind is type(os.environ):
            name, found = self._new(value, expression), self.constant(dict(value._data))
            self._fail_if(f"{name} is not {self.constant(value)} or {name}._data != {found}")
        elif kind is functools._lru_cache_wrapper:
            self._fail_if(f"{expression} is not {self.constant(value)}")
        elif kind in (set, frozenset) and all(isinstance(v, (*_ATOMS, *_CONSTANTS)) for v in value):
            self.outer[id(value)] = value
            self._line(f"x = {expression}")
            same_kind, elements = f"x.__class__ is {self.constant(kind)}", self.constant(list(value))
            self._fail_if(f"not ({same_kind} and _alike([*x], {elements}))")
        elif kind is np.ndarray and value.nbytes <= _LARGE and value.dtype != object:
            name = self._new(value, expression)
            self.outer[id(value)] = value
            expected = (value.dtype, value.shape, value.tobytes())
            self._fail_if(f"({name}.dtype, {name}.shape, {name}.tobytes()) != {self.constant(expected)}")
        elif isinstance(value, np.generic):
            self._line(f"x = {expression}")
            expected = (kind, value.dtype, value.tobytes())
            self._fail_if(f"(x.__class__, x.dtype, x.tobytes()) != {self.constant(expected)}")
        elif isinstance(value, jax.Array):
            self._fail_if(f"{expression} is not {self.constant(value)}")
        else:
            self._object(expression, value)

    def _function(self, expression: str, function: FunctionType) -> None:
        if place(function) == "msjax" and not holds_users(function):
            self._fail_if(f"{expression} is not {self.constant(function)}")
            return
        name = self._new(function, expression)
        code = self.constant(function.__code__)
        names = self.constant(function.__globals__)
        self._fail_if(f"{name}.__class__ is not _function or {name}.__code__ is not {code}")
        self._fail_if(f"{name}.__globals__ is not {names}")
        self.closure(function, name)
        for part in ("__defaults__", "__kwdefaults__"):
            self.value(f"{name}.{part}", getattr(function, part))

    def closure(self, function: FunctionType, name: str | None = None) -> None:
        """A function from outside: what it captured is checked if it has a name, and is known to be from outside."""
        for i, cell in enumerate(function.__closure__ or ()):
            self.outer[id(cell)] = cell
            if name is not None:
                try:
                    contents = cell.cell_contents
                except ValueError:
                    raise Refused(f"{function.__qualname__} uses a variable that is not assigned yet") from None
                self._captured(f"{name}.__closure__[{i}].cell_contents", contents, place(function) == "msjax")

    def _captured(self, expression: str, contents, ours: bool) -> None:
        try:
            self.value(expression, contents)
        except Refused:
            if not ours:
                raise
            watching.refused(None)
            self._fail_if(f"{expression} is not {self.constant(contents)}")

    def _known(self, kind: type) -> None:
        """All that objects of a kind hold and do must be seen."""
        check_object(kind)
        self._class(kind)

    def vetted(self, kind: type) -> None:
        """Objects of a kind must do nothing unseen, now or when something is added to their classes."""
        found = vet(kind)
        self.no_additions(*filter(is_user, kind.__mro__))
        for cls, name, function in found:
            self.special[cls, name] = function
            if self.show is not None:
                self.show(cls, name, function)
            self.member(cls, name, function)

    def _class(self, kind: type) -> None:
        """A kind of Tensors, tuples or others must not run functions unseen."""
        if is_user(kind):
            self.vetted(kind)

    def _sequence(self, expression: str, value) -> None:
        self._class(type(value))
        name = self._new(value, expression)
        if not isinstance(value, tuple):
            self.outer[id(value)] = value
        self._fail_if(f"{name}.__class__ is not {self.constant(type(value))} or {name}.__len__() != {len(value)}")
        for i, element in enumerate(value):
            self.value(f"{name}[{i}]", element)

    def _mapping(self, expression: str, value: dict) -> None:
        name = self._new(value, expression)
        self.outer[id(value)] = value
        self._fail_if(f"{name}.__class__ is not {self.constant(type(value))}")
        if is_user(type(value)):  # which may have methods of its own
            self.vetted(type(value))
            value, name = dict.copy(value), f"{name}d"
            self._line(f"{name} = {self.constant(dict.copy)}({name[:-1]})")
        if not all(isinstance(k, (*_ATOMS, *_CONSTANTS, *_SINGLETONS, float, FunctionType)) for k in value):
            raise Refused("it reads a dict with keys that are neither strings, numbers nor functions")
        keys = self.constant(list(value))
        same = f"[*{name}] == {keys}" if all(type(k) is str for k in value) else f"_alike([*{name}], {keys})"
        self._fail_if(f"{name}.__len__() != {len(value)} or not {same}")
        for key, element in value.items():
            self.value(f"{name}[{self.constant(key)}]", element)

    def _object(self, expression: str, value) -> None:
        if self._admit(value) is None:
            name = self._new(value, expression)
            self._fail_if(f"id({name}) != {id(value)} or {name}.__class__ is not {self.constant(type(value))}")
        else:
            self._fail_if(f"{expression} is not {self._variables[id(value)]}")
        self._look_into(value)

    def _admit(self, value) -> int | None:
        """An object counts by identity; gives its place among those that are read at once."""
        if draws(value):
            raise Refused(f"it uses a {type(value).__name__}, which draws random numbers")
        self._known(type(value))
        self.weak.append(value)
        place = self._many.add(value)
        if place is not None:
            self._variables[id(value)] = f"o[{place}]"
        self._kept.append(value)
        self.journal.note(value)
        return place

    def _look_into(self, value) -> None:
        """What an object of the library keeps is checked where it is called, or is asked for as a whole."""
        if isinstance(value, Tensor):
            pass
        elif isinstance(value, _CONTAINERS):
            for element in value.values() if isinstance(value, dict) else value:
                self._look_into(element)
        elif is_cell(value) and not self._whole:
            if any(c.__module__ == _HOLDING for c in type(value).__mro__):
                self.layer(value, whole=False)
        elif is_library(value) and (
            (module := type(value).__module__) == _COMPOSING or not module.startswith("msjax.ops.")
        ):
            self.layer(value)

    # -- networks -------------------------------------------------------------------------------------------------

    def modes(self, cell) -> None:
        """A Cell is called: how, depends on its modes and hooks."""
        if self.once(id(cell), "modes"):
            for name in _CELL_MODES:
                if name in cell.__dict__:
                    self.attribute(cell, name, cell.__dict__[name])
                else:
                    self.no_attribute(cell, name)
            self._hooked(cell)

    def _hooked(self, cell) -> None:
        """Which hooks a Cell has: each registration has a key of its own."""
        registered = {kind: found for kind, found in cell._hooks.items() if found}
        if "saved" in registered:
            raise Refused(f"hooks for what gradients save are registered on {type(cell).__name__}")
        place = self._many.add(cell)
        if not registered and place is not None:
            self._many.empty(place, "_hooks")
            return
        hooks, keys = f"{self.dict_of(cell)}['_hooks']", [(kind, *found) for kind, found in registered.items()]
        self._fail_if(f"[(kind, *found) for kind, found in {hooks}.items() if found] != {keys}")
        for kind, found in registered.items():
            for key, hook in found.items():
                self.value(f"{hooks}[{kind!r}][{key}].function", hook.function)

    def called(self, cell) -> None:
        """A layer of the library is called: what its `construct` reads, as far as that can be told."""
        known = not cell._has_bprop and cell._to_float is None and place(type(cell).construct) == "msjax"
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
            self._entry(self._many.place(obj), name, value, lambda: f"{self.dict_of(obj)}[{name!r}]")
        except Refused:
            if name == "_cells" or is_cell(value):
                raise
            watching.refused(None)
            self._line(f"if id({self.dict_of(obj)}[{name!r}]) != {id(value)}: return None")
        finally:
            self._whole = before

    def keeps(self, obj) -> None:
        """Remember an object that is made while the function is traced, and is not from outside."""
        self._kept.append(obj)

    # -- the outcome ----------------------------------------------------------------------------------------------

    def place(self, handle: Tensor) -> str | None:
        """The variable that holds a Tensor from outside, None if it was not read in a way that is known."""
        found = self._handles.get(id(owner(handle)))
        if found is None:
            return None
        value, name = found
        return name if owner(value) is value else f"{self.constant(owner)}({name})"

    def build(self, captured: list[tuple[Tensor, str | None]], distinct: int) -> Callable:
        """The checks: a function (pins, handles of the arguments) -> captured Tensors, or None if a check fails.

        Args:
            captured: the Tensors that the program takes besides its arguments, each with its variable.
            distinct: how many different Tensors arguments and captured ones are together.
        """
        names = [place or self.constant(handle) for handle, place in captured]
        if len(self._many) > _FEW:
            self._named["_read"] = self._many.reader()
            lines = ["if (many := _read(handles)) is None: return None", "o, s, t = many"]
        else:
            lines = [*self._many.lines(self.constant)]
        lines += [*self._lines, f"found = [{', '.join(in_rows(names, self.constant))}]"]
        if names:
            lines.append(f"if len({{*map(id, found), *map(id, handles)}}) != {distinct}: return None")
        body = "\n        ".join(lines)
        source = (
            f"def check(pins, handles, numbers):\n    try:\n        {body}\n        return found\n"
            "    except (KeyError, AttributeError, IndexError, TypeError, ValueError, ArithmeticError):\n        return None\n"
        )
        namespace = dict(self._named)
        exec(compile(source, "<guards>", "exec"), namespace)
        return namespace["check"]

    def watch_deaths(self, dies: Callable) -> None:
        """Call `dies` when one of the objects that count by identity is gone."""
        for obj in self.weak:
            try:
                self._references.append(weakref.ref(obj, dies))
            except TypeError:
                _live_on(obj, dies)
        self.weak = []

    def forget(self) -> None:
        """Let go of what was only needed while the checks were collected."""
        self._kept, self._lines, self._named, self.journal = [], [], {}, Journal()
        self._variables, self._handles, self.outer = {}, {}, {}
        self._done, self._many = set(), Many()
        self._opaque, self._inputs = {}, {}


def _live_on(obj, dies: Callable) -> None:
    """Keep an object that can not tell that it is gone; of each kind only the latest, the programs of others go."""
    kept = _undying.setdefault(type(obj), OrderedDict())
    kept.setdefault(id(obj), (obj, []))[1].append(dies)
    if len(kept) > _KEPT:
        _, (_, lost) = kept.popitem(last=False)
        for die in lost:
            die(None)
