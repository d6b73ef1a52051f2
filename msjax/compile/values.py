"""Checks that values from outside are as they were: how each kind of value is compared, and what in it is read."""

from __future__ import annotations

import enum
import functools
import logging
import os
import weakref
from collections import deque
from collections.abc import Callable
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

import jax
import numpy as np

from msjax.compile.classes import check_object, methods_to_show
from msjax.compile.foreign import NUMPY_FUNCTIONS, check_constant
from msjax.compile.lines import Lines, member_of
from msjax.compile.origin import draws, holds_users, is_user, origin
from msjax.compile.refusal import Refused
from msjax.core import watching
from msjax.core.dtype import DType
from msjax.core.tensor import Tensor
from msjax.core.view import owner
from msjax.shims.jax import MADE_BY_JAX
from msjax.shims.python import NO_DEFAULT

_SINGLETONS = (type(None), bool, type(...), DType, *map(type, NO_DEFAULT))
_ATOMS = (int, str, bytes)
_NUMBERS = (float, complex, range)  # which may be equal, and not the same
CONSTANTS = (ModuleType, type, BuiltinFunctionType, np.dtype, enum.Enum, logging.Logger, *NUMPY_FUNCTIONS)
_KEYS = (*_ATOMS, *CONSTANTS, *_SINGLETONS, float, FunctionType)
_VERY_MANY = 200_000  # reads in rows
_LARGE = 1 << 24  # bytes of a numpy array that is compared by value; eager code copies it at each call, too
_SAME = {FunctionType: ("__code__", "__globals__")}
_PARTS = {
    FunctionType: ("__defaults__", "__kwdefaults__"),
    MethodType: ("__self__", "__func__"),
    **dict.fromkeys((functools.partial, functools.partialmethod), ("func", "args", "keywords")),
    **MADE_BY_JAX,
}


def _is_plain(value) -> bool:
    """Whether a value never changes, and one that is equal to it will do in its place."""
    if isinstance(value, CONSTANTS):
        check_constant(value)
        return True
    if type(value) is FunctionType:
        return origin(value) in ("msjax", "jax") and not holds_users(value)
    return isinstance(value, _SINGLETONS) or type(value) in (*_ATOMS, *_NUMBERS)


def _is_key(value) -> bool:
    """Whether a key of a dict, or an element of a set, can be compared with those of later calls."""
    return isinstance(value, _KEYS) or (type(value) is tuple and all(map(_is_key, value)))


def _is_container(value) -> bool:
    return isinstance(value, (tuple, dict)) or (isinstance(value, (list, deque)) and not is_user(type(value)))


class Values(Lines):
    """What the checks compare.

    Attributes:
        outer: by id, the containers and cells from outside: what is in them is checked, and must not be changed.
        special: the methods that operators and msjax call, of the classes that were met.
        show: called with each, as (class, name, function), that is new.
        weak: objects that count by identity.
        stored: the attributes and elements that the function itself has stored, as (id of the `__dict__` or container,
            name or key): what it finds there is not from outside.
    """

    def __init__(self):
        super().__init__()
        self.outer: dict[int, object] = {}
        self.special: dict[tuple[type, str], FunctionType] = {}
        self.show: Callable | None = None
        self.weak: list = []
        self.stored: set[tuple[int, Any]] = set()
        self.layers: Any = None  # what objects of msjax's keep; see `layers.Layers`

    def same_value(self, expression: str, value, at: tuple | None = None) -> None:
        """The value of an expression must be as it is now.

        Args:
            at: the number of its table in the rows and its key there, if it has them.

        Raises:
            Refused: if that can not be told.
        """
        kind = type(value)
        # Most values that are read are plain or known already, so these come first.
        if _is_plain(value):
            if at is not None:
                self.rows.read(*at, plain=value)
            else:
                self.fail_if(self._differs(expression, value))
        elif id(value) in self._variables:
            number = self.row_of(value, self.rows.things)
            if at is None or number is None:
                self.fail_if(f"{expression} is not {self._variables[id(value)]}")
            else:
                self.rows.read(*at, same=number)
            if self.layers.whole:
                self.layers.look_into(value)
        elif isinstance(value, Tensor):
            self._tensor(expression, value, at)
        elif _is_container(value):
            self._container(expression, value, at)
        elif kind in _PARTS:
            differs = [f"{{0}}.{part} is not {self.constant(getattr(value, part))}" for part in _SAME.get(kind, ())]
            name = self._object_at(expression, value, None, " or ".join(differs))
            if kind is FunctionType:
                self.same_closure(value, name)
            for part in _PARTS[kind]:
                self.same_value(f"{name}.{part}", getattr(value, part))
        elif kind is type(os.environ):
            itself, variables = self.constant(value), self.constant(dict(value._data))
            self._object_at(expression, value, None, f"{{0}} is not {itself} or {{0}}._data != {variables}")
        elif kind in (set, frozenset) and all(map(_is_key, value)):
            self.outer[id(value)] = value
            same_kind, elements = f"(x := {expression}).__class__ is {self.constant(kind)}", self.constant(list(value))
            self.fail_if(f"not ({same_kind} and _alike([*x], {elements}))")
        elif isinstance(value, np.generic) or (kind is np.ndarray and value.nbytes <= _LARGE and value.dtype != object):
            if kind is np.ndarray:
                self.outer[id(value)] = value
                expression = self._new(value, expression)
            expected = self.constant((kind, value.dtype, value.shape, value.tobytes()))
            self.fail_if(f"((x := {expression}).__class__, x.dtype, x.shape, x.tobytes()) != {expected}")
        elif isinstance(value, (jax.Array, functools._lru_cache_wrapper)):
            self.fail_if(f"{expression} is not {self.constant(value)}")
        else:
            self._object(expression, value, at)

    def _differs(self, expression: str, value) -> str:
        """The condition that what never changes is another one."""
        kind, name = type(value), self.constant(value)
        if kind in _NUMBERS and not (kind is float and value):
            return f"repr({expression}) != {repr(value)!r}"
        if kind in (*_ATOMS, float):
            return f"(x := {expression}) is not {name} and (x.__class__ is not {self.constant(kind)} or x != {name})"
        return f"{expression} {'!=' if kind is BuiltinFunctionType else 'is not'} {name}"  # a method may be made anew

    def entry(self, table, key, value) -> None:
        """What is in a container, or the attributes of an object, is read."""
        if len(self.rows) > _VERY_MANY:
            raise Refused("it reads very many values")
        number = self.row_of(table, self.rows.tables)
        written = repr(key) if type(key) in (str, int) else self.constant(key)
        expression = f"{self._variables[id(table)]}[{written}]"
        self.same_value(expression, value, None if number is None else (number, key))

    def is_stored_in(self, value) -> bool:
        """Whether it is a container in which the function has stored something, although it is not read."""
        return id(value) in self._loose or any(holder == id(value) for holder, _ in self.stored)

    def _object_at(self, expression: str, value, at: tuple | None = None, differs: str = "") -> str:
        """There is an object of a kind at an expression, or in the rows; gives its variable.

        Args:
            differs: on what other condition it is not as it was, where {0} is its variable; the rows compare the same.
        """
        kind = type(value)
        if self.is_stored_in(value):
            raise Refused(f"it reads a {kind.__name__} in which it stores something")
        self._class(kind)
        if at is not None:
            name = self._know(value, self.rows.thing(self.rows.read(*at), value))
        else:
            name = self._new(value, expression)
            other = f" or {differs.format(name)}" if differs else ""
            self.fail_if(f"{name}.__class__ is not {self.constant(kind)}{other}")
        return name

    def _tensor(self, expression: str, value: Tensor, at: tuple | None) -> None:
        if value._hooks:
            raise Refused("a hook is registered on a Tensor that it reads")
        differs = f"{{0}}._hooks or {{0}}._requires_grad is not {self.constant(value._requires_grad)}"
        differs += f" or ({{0}}._view is None) is not {value._view is None}"
        name = self._object_at(expression, value, at, differs)
        self._handles.setdefault(id(owner(value)), (value, name))

    def _container(self, expression: str, value: Any, at: tuple | None = None) -> None:
        kind, by_key = type(value), isinstance(value, dict)
        named = by_key and all(type(key) is str for key in value)
        if not issubclass(kind, tuple):
            self.outer[id(value)] = value
        if kind is deque or (by_key and (is_user(kind) or not named)):
            at = None
        name, other = self._object_at(expression, value, at), ""
        # What a dict of a class of the user's gives may be decided by its methods; the checks look behind them.
        if by_key and is_user(kind):  # which may have methods of its own
            value = dict.copy(value)
            name = self._new(value, f"{self.constant(dict.copy)}({name})")
        if by_key and at is None:
            if not all(map(_is_key, value)):
                raise Refused("it reads a dict with keys that are not strings, numbers, functions or tuples of such")
            keys = self.constant(list(value))
            other = f" or [*{name}] != {keys}" if named else f" or not _alike([*{name}], {keys})"
        if at is None:
            self.fail_if(f"{name}.__len__() != {len(value)}{other}")
        for key, element in value.items() if by_key else enumerate(value):
            self.entry(value, key, element)

    def keys_of(self, expression: str, value: Any) -> str:
        """There is a container of that kind, and with these keys, at an expression; gives its variable."""
        if type(value) is not tuple:
            self.outer[id(value)] = value
        name = self._object_at(expression, value)
        other = f" or [*{name}] != {self.constant(list(value))}" if type(value) is dict else ""
        self.fail_if(f"{name}.__len__() != {len(value)}{other}")
        return name

    def same_attribute(self, obj, name: str, value, again: bool = False) -> None:
        """An object's own attribute is read."""
        if (id(obj.__dict__), name) not in self.stored and (again or self.once(id(obj), name)):
            self.dict_of(obj)
            self.entry(obj.__dict__, name, value)

    def no_attribute(self, obj, name: str) -> None:
        """An object has no attribute of its own of that name."""
        if hasattr(obj, "__dict__") and self.once(id(obj), name, None):
            variable, table = self.dict_of(obj), self.row_of(obj.__dict__, self.rows.tables)
            if table is None:
                self.fail_if(f"{name!r} in {variable}")
            else:
                self.rows.absent(table, name)

    def same_closure(self, function: FunctionType, name: str | None = None) -> None:
        """A function from outside: what it captured is checked if it has a name, and is known to be from outside."""
        for i, cell in enumerate(function.__closure__ or ()):
            self.outer[id(cell)] = cell
            if name is None:
                continue
            if cell == CellType():
                raise Refused(f"{function.__qualname__} uses a variable that is not assigned yet")
            expression = f"{name}.__closure__[{i}].cell_contents"
            try:
                self.same_value(expression, cell.cell_contents)
            except Refused:
                if origin(function) != "msjax":
                    raise
                watching.refused(None)
                self.fail_if(f"{expression} is not {self.constant(cell.cell_contents)}")

    def _object(self, expression: str, value, at: tuple | None = None) -> None:
        """An object counts by identity."""
        kind = type(value)
        if draws(value):
            raise Refused(f"it uses a {kind.__name__}, which draws random numbers")
        check_object(kind)
        self.weak.append(value)
        if at is None and self._in_rows() and hasattr(kind, "__weakref__"):
            self._class(kind)
            number = self.rows.give(f"{self.constant(weakref.ref(value))}()")
            self.fail_if(f"{expression} is not {self._know(value, self.rows.thing(number, value))}")
        else:
            self._object_at(expression, value, at, f"id({{0}}) != {id(value)}")
        self.layers.look_into(value)

    def _class(self, kind: type) -> None:
        """What is of a kind must not run functions unseen."""
        if is_user(kind):
            self.nothing_unseen(kind)

    def nothing_unseen(self, kind: type) -> None:
        """Objects of a kind must do nothing unseen, now or when something is added to their classes."""
        # If something is added to a class later, it may stand before a method of a base, and be called instead.
        methods = methods_to_show(kind)
        self.nothing_added(*filter(is_user, kind.__mro__))
        for cls, name, function in methods:
            self.special[cls, name] = function
            if self.show is not None:
                self.show(cls, name, function)
            self.same_member(cls, name, function)

    def nothing_added(self, *classes: type) -> None:
        """Classes must have no more members than now: a new one could stand before those of a base."""
        for cls in classes:
            self.fail_if(f"len({self.constant(cls)}.__dict__) != {len(vars(cls))}")

    def same_member(self, owner, name: str, value) -> None:
        """What `owner.name` gives is read, of a class, a module, or an object with slots."""
        if self.once(id(owner), name):
            self.same_value(member_of(self._named(owner), name), value)
