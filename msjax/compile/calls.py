"""What a watch does where functions are called: it lets in what only computes, and makes the user's functions visible.

The user's functions run rewritten (`instrument`), so that all they do comes by the watch. msjax's own are trusted to
compute; functions of the user that they are given are rewritten first. Other functions must be known to only compute
(`purity`).
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from msjax.compile import purity
from msjax.compile.fingerprint import Refused
from msjax.compile.guards import Guards
from msjax.compile.instrument import hidden_globals, instrumented, is_instrumented, operators
from msjax.compile.purity import is_cell, is_library, is_user, place
from msjax.core import watching
from msjax.core.interrupts import interrupts
from msjax.core.opaque import KINDS, Number, value_of
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.core.trace import NEEDS_VALUE

_BUILTIN = (BuiltinFunctionType, type([].append), type("".__len__), type(list.append))
_CALLERS = {
    map,
    filter,
    sorted,
    min,
    max,
    iter,
    functools.reduce,
    *(v for v in vars(itertools).values() if callable(v)),
}
_WALKERS = {map, zip, enumerate, iter, reversed, len, list, tuple, functools.reduce, itertools.chain, itertools.islice}
_OF_ROOT_LOGGER = {logging.debug: logging.Logger.debug, logging.info: logging.Logger.info}
_LEVELS = {logging.Logger.debug: logging.DEBUG, logging.Logger.info: logging.INFO}
_SPECIAL = {f: f"_{f.__name__}" for f in (getattr, hasattr, setattr, isinstance, super, vars)}


_OF_NUMBERS = {float, int, abs, round, min, max, pow, bool}


def _has_number(value) -> bool:
    if type(value) in (list, tuple, dict):
        return any(map(_has_number, value.values() if type(value) is dict else value))
    return type(value) is Number


def _with_fixed_elements(value):
    """A container with the values of numbers that differ from call to call in their places; others unchanged."""
    if type(value) is Number or not _has_number(value):
        return value
    if type(value) is dict:
        return {k: fixed(v) for k, v in value.items()}
    return type(value)(map(fixed, value))


def fixed(value):
    """The value of what may be a number that differs from call to call, which is compiled in."""
    return value.fixed() if type(value) is Number else _with_fixed_elements(value)


class Calls:
    """The part of a watch that calls go by.

    Args:
        call: the call, taken apart.
        asked: whether the user asked for compilation.
        known: the numbers that an earlier program read, by what has them and its name (see `Guards.numbers`).

    Attributes:
        guards: the checks that its program needs.
        refusal: why the function can not be compiled, once that is known.
        assigned: objects from outside, the names of their attributes that were given new Tensors, and what was there.
    """

    shown: Callable  # of `Watch`, like the next
    operand: Callable

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
        self.guards.show = self._show
        try:
            for (cls, name), function in self.guards.special.items():
                self._show(cls, name, function)
            with np.errstate(divide="call", over="call", invalid="call", call=self._warned_of):
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

    @staticmethod
    def _show(cls: type, name: str, function: FunctionType) -> None:
        """Let a method be seen that operators and msjax call. It is put back when the body ends."""
        type.__setattr__(cls, name, purity.seen_method(function))

    def refuse(self, reason: str, certain: bool = True):
        """Stop: raises `Refused`, now and again whenever the function goes on regardless.

        Args:
            certain: whether the function is known to do what compilation would lose; else that is only not known.
        """
        raise Refused(f"{reason}{_here()}", certain)

    def _warned(self, show: Callable, warning) -> None:
        """A warning is about to be shown, in this thread or in another one."""
        if watching.current() is self:
            self.refuse(f"it warns: {warning.message}")
        show(warning)

    def _warned_of(self, error: str, flag: int) -> None:
        """numpy meets an error, of which it may warn, now or later on."""
        self.refuse(f"numpy warns of {error}")

    def _pass_on(self, refusal: Refused):
        self.refuse(str(refusal), refusal.certain)

    def go_on(self) -> None:
        """Stop again if it was refused before."""
        if self.refusal is not None:
            raise self.refusal

    def _noted(self, note, *arguments) -> None:
        try:
            note(*arguments)
        except Refused as refusal:
            self._pass_on(refusal)

    def is_outer(self, obj) -> bool:
        """Whether an object is from outside, or shows a part of one that is."""
        if isinstance(obj, np.ndarray) and obj.base is not None:  # it shows a part of something else
            return not isinstance(obj.base, np.ndarray) or self.is_outer(obj.base)
        return id(obj) in self.guards.outer or self.guards.variable(obj) is not None

    def made(self, obj) -> None:
        """An object is made by the function that is traced."""
        self._made[id(obj)] = obj

    # -- functions ------------------------------------------------------------------------------------------------

    def lifted(self, function):
        """A function as it is to be called, so that what it does is seen; other values unchanged."""
        kind = type(function)
        if kind is FunctionType:
            return self._lift(function)
        if kind is MethodType:
            return MethodType(self._lift(function.__func__), function.__self__)
        if kind is functools.partial:
            arguments = [self.lifted(a) for a in function.args]
            return functools.partial(self.lifted(function.func), *arguments, **function.keywords)
        if hasattr(kind, "as_called_by"):  # made by ms.jit
            return function.as_called_by(self.lifted(function.__wrapped__))
        if callable(function) and is_user(kind) and not isinstance(function, (type, Tensor)) and not is_cell(function):
            return lambda *args, **kwargs: self.call(function, *args, **kwargs)
        return function

    def cell(self, cell: CellType) -> CellType:
        """What a rewritten function sees in the place of a variable that the function captured."""
        return self._cells.get(id(cell), cell)

    def _lift(self, function: FunctionType):
        if is_instrumented(function):
            return function
        found = self._lifted.get(id(function))
        if found is None:
            found = self._made_visible(function)
            self._lifted[id(function)] = found
            self.guards.keeps(function)
        return found

    def _made_visible(self, function: FunctionType):
        origin = place(function)
        if origin == "msjax":
            return self._with_visible_closure(function)
        if origin != "user":
            return function
        try:
            made = instrumented(function, self)
        except Exception as error:  # whatever it is, the user's code must not take it for its own
            self.refuse(f"it calls {function.__qualname__}, which can not be looked into: {error}", certain=False)
        if any(id(cell) not in self.guards.outer for cell in function.__closure__ or ()):
            self.refuse(f"{function.__qualname__} comes from an unknown place", certain=False)
        for name in operators(function.__code__):
            self._method_of_tensor(name)
        for name in hidden_globals(function.__code__):
            self._noted(self.guards.global_, function.__globals__, name)
        return made

    def _method_of_tensor(self, name: str, kind: type = Tensor) -> None:
        """A method or property of Tensors is used: it may be replaced later."""
        self.guards.no_additions(Tensor, Parameter)
        member = getattr(kind, name, None)
        method = member.fget if isinstance(member, property) else member
        if isinstance(method, FunctionType):
            if place(method) != "msjax":
                self.refuse(f"{kind.__name__}.{name} has been replaced")
            self.guards.fixed(kind, name)

    def _with_visible_closure(self, function: FunctionType):
        """A function of msjax, with the user's functions among what it captured made visible."""
        if not function.__closure__:
            return function
        cells = []
        for cell in function.__closure__:
            try:
                contents = cell.cell_contents
            except ValueError:
                cells.append(cell)
                continue
            made = self.lifted(contents)
            cells.append(cell if made is contents else CellType(made))
        if all(a is b for a, b in zip(cells, function.__closure__, strict=True)):
            return function
        made = FunctionType(
            function.__code__, function.__globals__, function.__name__, function.__defaults__, tuple(cells)
        )
        made.__kwdefaults__ = function.__kwdefaults__
        return made

    # -- calls ----------------------------------------------------------------------------------------------------

    def call(self, function: Any, /, *args, **kwargs):
        """The call of anything."""
        self.go_on()
        kind: Any = type(function)
        function = purity.behind(function)
        if kind in (BuiltinFunctionType, type) and function in _SPECIAL:
            return getattr(self, _SPECIAL[function])(*args, **kwargs)
        if purity.draws(function):
            self.refuse(f"it calls {_name(function)}, which draws random numbers")
        if isinstance(function, FunctionType) and (is_instrumented(function) or place(function) == "user"):
            return self._lift(function)(*args, **kwargs)
        if kind is MethodType and place(function.__func__) == "user":
            return self._lift(function.__func__)(function.__self__, *args, **kwargs)
        if kind is MethodType and type(function.__self__) is logging.Logger:
            return self._log(function.__self__, function.__func__)
        if kind is FunctionType and function in _OF_ROOT_LOGGER and logging.root.handlers:
            return self._log(logging.root, _OF_ROOT_LOGGER[function])
        if kind is functools._lru_cache_wrapper:
            return self._cached(function, args, kwargs)
        if function is dataclasses.replace:
            return self._replaced(*args, **kwargs)
        if function is dataclasses.asdict or function is dataclasses.astuple:
            self._check_copied(args[0])
        if kind is functools.partial:
            return self.call(function.func, *function.args, *args, **{**function.keywords, **kwargs})
        if isinstance(function, type) and is_user(function):
            return self._construct(function, args, kwargs)
        if not isinstance(function, type) and not callable(function):
            return function(*args, **kwargs)  # raises the right error
        if is_user(kind) and not is_cell(function):
            self._noted(self.guards.vetted, kind)
            if not isinstance(next(vars(c)["__call__"] for c in kind.__mro__ if "__call__" in vars(c)), FunctionType):
                self.refuse(f"it calls a {kind.__name__}", certain=False)
            self._noted(self.guards.member, kind, "__call__", kind.__call__)
            return self.call(MethodType(kind.__call__, function), *args, **kwargs)
        if hasattr(kind, "as_called_by") and self.guards.variable(function):
            self._noted(self.guards.layer, function)
        else:
            self._check(function, args, kwargs)
        for given in (*args, *kwargs.values()):
            self._check_given(function, given)
        return self._outside(self.lifted(function), args, kwargs)

    def _cached(self, function: Any, args: tuple, kwargs: dict):
        """What a function with a cache gives: it is asked at each call, so that the cache does what it does."""
        self._noted(self.guards.value, self.guards.constant(function), function)
        if kwargs or not all(map(_is_plain, args)) or not _is_plain(self.call(function.__wrapped__, *args)):
            self.refuse(f"it calls {_name(function)}, whose cache takes or gives more than numbers and strings", False)
        result = function(*args)
        self._noted(self.guards.cached, function, args, result)
        return result

    def _replaced(self, obj: Any, /, **changes):
        """`dataclasses.replace`."""
        fields = [f for f in dataclasses.fields(obj) if f.init]
        return self._construct(type(obj), (), {f.name: self.attr(obj, f.name) for f in fields} | changes)

    def _check_copied(self, value) -> None:
        """Refuse unless a value, which is about to be copied, is made of dataclasses, containers and plain values."""
        if dataclasses.is_dataclass(value):
            value = [self.attr(value, field.name) for field in dataclasses.fields(value)]
        if isinstance(value, (list, tuple, dict)):
            for element in (*value, *value.values()) if isinstance(value, dict) else value:
                self._check_copied(element)
        elif not isinstance(value, Tensor) and not _is_plain(value):
            self.refuse(f"it copies a {type(value).__name__}", certain=False)

    def _log(self, logger: logging.Logger, method: FunctionType) -> None:
        """A message is logged, which does nothing where its level is not enabled."""
        level = _LEVELS.get(method)
        if level is None or logger.isEnabledFor(level):
            self.refuse(f"it calls {_name(method)}")
        self._noted(self.guards.silent, logger, method, level)

    def _check_given(self, function: Any, given: Any) -> None:
        """Refuse what a function from elsewhere would do with a value unseen: call it, compare it or format it."""
        if isinstance(given, (*_BUILTIN, *purity.NUMPY_FUNCTIONS)):
            self._check(given, (), {})
        elif isinstance(given, type):
            self._noted(purity.check_class, given)
            if function in _CALLERS and (is_user(given) or given is str):
                self.refuse(f"it gives {_name(function)} the class {given.__name__} to call", certain=False)
        elif function in (str, bytes) or _name(function) in ("str.format", "str.format_map"):
            self.shown(given)
        elif isinstance(given, functools.partial):
            for part in (given.func, *given.args, *given.keywords.values()):
                self._check_given(function, part)
        elif place_of(function) != "msjax" and _may_compare(function, given):
            self.operand(given)
        elif is_library(given) and not isinstance(given, Tensor) and self.guards.variable(given):
            self._noted(self.guards.layer, given)

    def _outside(self, function, args, kwargs):
        """A function that is not the user's: the user's functions that it is given are made visible."""
        if any(map(_has_number, (*args, *kwargs.values()))):
            if (found := self._computed(function, args, kwargs)) is not None:
                return found
            known = fixed if place_of(function) != "msjax" else _with_fixed_elements
            args, kwargs = [known(a) for a in args], {k: known(v) for k, v in kwargs.items()}
        args, kwargs = [self.lifted(a) for a in args], {k: self.lifted(v) for k, v in kwargs.items()}
        try:
            with self._without_effects(function, args):
                result = function(*args, **kwargs)
        except NEEDS_VALUE:
            self.refuse(f"it needs a value that is not known before it runs, in {_name(function)}")
        except Exception as error:
            if interrupts(error):
                raise
            self.refuse(f"{_name(function)} raises {type(error).__name__}", certain=False)
        made = isinstance(function, type) and function is not type and type(result) is function
        if made and self.guards.variable(result) is None:
            self._made[id(result)] = result
        return result

    def _computed(self, function, args, kwargs):
        """What Python computes of numbers that differ from call to call; None if not numbers alone."""
        pure = function in _OF_NUMBERS or getattr(function, "__module__", "") == "math"
        if kwargs or not pure or not all(type(a) in (*KINDS, bool, Number) for a in args):
            return None
        value = function(*map(value_of, args))
        if type(value) not in (*KINDS, bool):
            return None
        given = [a.variable if type(a) is Number else self.guards.constant(a) for a in args]
        text = f"{self.guards.constant(function)}({', '.join(given)})"
        return self.guards.asked(text, value) if type(value) is bool else self.guards.number((text,), text, value)

    @contextmanager
    def _without_effects(self, function, args):
        """Inside, functions of numpy raise where they would write to an array from outside."""
        if not isinstance(function, purity.NUMPY_FUNCTIONS):
            yield
            return
        arrays = [a for a in args if isinstance(a, np.ndarray) and a.flags.writeable and self.is_outer(a)]
        for array in arrays:
            array.flags.writeable = False
        try:
            yield
        finally:
            for array in arrays:
                array.flags.writeable = True

    def _check(self, function: Any, args, kwargs) -> None:
        """Refuse unless a function that is not the user's only computes."""
        name = _name(function)
        try:
            _check_arguments(function, name, args, kwargs)
            if isinstance(function, type) and place_of_class(function) == "msjax":
                self._check_class(function)
            elif isinstance(function, FunctionType):
                if place(function) == "msjax":
                    purity.check_library(function.__code__.co_name, purity.module_of(function))
                else:
                    purity.check_foreign(function)
            elif isinstance(function, MethodType):
                self._check_method(function)
            elif is_cell(function):
                pass  # it comes by `enter`
            elif isinstance(function, _BUILTIN) and getattr(function, "__self__", None) is not None:
                owner = function.__self__
                if isinstance(owner, ModuleType):
                    purity.check_foreign(function)
                else:
                    purity.check_method(function, self.is_outer(owner))
            elif is_library(function):
                purity.check_library(type(function).__name__, type(function).__module__)
                self._check_replaced(type(function), "__call__")
                if self.guards.variable(function):
                    self.guards.layer(function)
            else:
                purity.check_foreign(function)
        except Refused as refusal:
            self._pass_on(refusal)

    def _check_replaced(self, cls: type, name: str) -> None:
        """Refuse if a method of a library class is the user's; note that it must not be replaced later."""
        method = getattr(cls, name)
        if isinstance(method, FunctionType) and place(method) != "msjax":
            raise Refused(f"{cls.__name__}.{name} has been replaced")
        self.guards.fixed(cls, name)

    def _check_class(self, cls: type) -> None:
        self._check_replaced(cls, "__new__")
        self._check_replaced(cls, "__init__")
        if issubclass(cls, Tensor):
            return
        purity.check_library(cls.__name__, cls.__module__)
        if hasattr(cls, "cells_and_names") and not cls.__module__.startswith(purity.ROOMS_WITHOUT_STATE):
            raise Refused(f"it makes a layer, {cls.__name__}")

    def _check_method(self, method: MethodType) -> None:
        owner: Any = method.__self__
        name = method.__func__.__name__
        if isinstance(owner, Tensor):
            if name in purity.TENSOR_EFFECTS and (name != "register_hook" or self.is_outer(owner)):
                raise Refused(f"it calls Tensor.{name}")
        elif is_cell(owner):
            variable = self.guards.variable(owner)
            if name == "__call__" and place(method.__func__) == "msjax":
                pass  # it comes by `enter`
            elif name in purity.CELL_READERS and variable:
                for cell in [c for _, c in owner.cells_and_names()]:
                    if self.guards.variable(cell):
                        self.guards.layer(cell)
                        self.guards.attribute(cell, "_flags", cell._flags)
                        self.guards.attribute(cell, "_transient", cell._transient)
                    else:
                        raise Refused(f"it calls {name} of a Cell whose parts are not known")
            elif name in purity.LAYER_METHODS and place(method.__func__) == "msjax" and variable and is_library(owner):
                self.guards.layer(owner)
            elif variable or id(owner) not in self._made:
                raise Refused(f"it calls {type(owner).__name__}.{name}")
        elif (
            isinstance(owner, type) and name == "apply" and hasattr(owner, "_rules")
        ):  # the user's rules come by `seen`
            self.guards.vetted(owner)
            for rule in filter(functools.partial(hasattr, owner), owner._rules):
                self.guards.member(owner, rule, getattr(owner, rule))
        elif _is_generated(method) or (type(owner) is type(os.environ) and name in purity.READERS[dict]):
            pass
        elif isinstance(owner, type):
            purity.check_library(owner.__name__, owner.__module__)
        elif is_library(owner):
            purity.check_library(type(owner).__name__, type(owner).__module__)
            if self.guards.variable(owner):
                self.guards.layer(owner)
        else:
            raise Refused(f"it calls {_name(method)}")

    def _construct(self, cls: Any, args, kwargs):
        """A new object of a class of the user's."""
        self._noted(self.guards.vetted, cls)
        if hasattr(cls, "cells_and_names"):
            self.refuse(f"it makes a Cell, {cls.__name__}", certain=False)
        if issubclass(cls, (tuple, BaseException)) and not any(map(_is_written, (cls.__init__, cls.__new__))):
            return cls(*args, **kwargs)
        if cls.__new__ not in (object.__new__, dict.__new__):
            self.refuse(f"it makes an object of {cls.__name__}, which has a __new__", certain=False)
        made = cls.__new__(cls)
        self._made[id(made)] = made
        init = cls.__init__
        if isinstance(init, FunctionType):
            self._noted(self.guards.member, cls, "__init__", init)
            if init.__code__.co_filename == "<string>":
                self._check_generated(cls)
                self._show_post_init(made)
                init(made, *args, **kwargs)
            else:
                self.call(init, made, *args, **kwargs)
        elif issubclass(cls, dict):
            init(made, *args, **kwargs)
        return made

    def _check_generated(self, cls: type) -> None:
        """Refuse if making an object of a dataclass runs functions of the user's."""
        for field in dataclasses.fields(cls):
            made = field.default_factory
            own = next((vars(c)[field.name] for c in cls.__mro__ if field.name in vars(c)), None)
            if (made is not dataclasses.MISSING and made not in (list, dict, set, tuple)) or hasattr(own, "__set__"):
                self.refuse(f"it makes an object of {cls.__name__}, whose {field.name} is computed", certain=False)

    def _show_post_init(self, made) -> None:
        """Let a dataclass's `__post_init__`, which its generated `__init__` calls, be seen."""
        cls = type(made)
        post: Any = getattr(cls, "__post_init__", None)
        if post is None:
            return
        if not isinstance(post, FunctionType) or not hasattr(made, "__dict__"):
            self.refuse(f"it makes an object of {cls.__name__}, which has a __post_init__", certain=False)
        self._noted(self.guards.member, cls, "__post_init__", post)

        def seen(*args):
            del made.__dict__["__post_init__"]
            self.call(MethodType(post, made), *args)

        made.__dict__["__post_init__"] = seen  # found before the class's own

    def enter(self, cell):
        """A Cell is called: notes its modes, and gives its `construct` as it is to be called."""
        self.go_on()
        if self.guards.variable(cell) is None:
            if id(cell) not in self._made:
                self.refuse(f"a {type(cell).__name__} comes from an unknown place", certain=False)
            return self.lifted(cell.construct)
        try:
            self.guards.vetted(type(cell))
            self.guards.modes(cell)
            if is_library(cell):
                self.guards.called(cell)
            self.guards.member(type(cell), "__call__", type(cell).__call__)
            for name in ("construct", "bprop") if cell._has_bprop else ("construct",):
                if name in cell.__dict__:
                    self.guards.attribute(cell, name, cell.__dict__[name])
                else:
                    self.guards.no_attribute(cell, name)
                    self.guards.member(type(cell), name, getattr(type(cell), name))
        except Refused as refusal:
            self._pass_on(refusal)
        return self.lifted(cell.construct)


def put(obj, name: str, value: Tensor) -> None:
    """Exchange a Tensor that is an attribute."""
    for held in (obj.__dict__, obj.__dict__.get("_buffers", {})):
        if name in held:
            held[name] = value


def place_of(function) -> str:
    if isinstance(function, FunctionType):
        return place(function)
    if isinstance(function, MethodType):
        return place_of(function.__func__)
    return place_of_class(function if isinstance(function, type) else type(function))


def _check_arguments(function, name: str, args, kwargs) -> None:
    """Raises:
    Refused: if a call defines a class, or has a place for its result that is no Tensor."""
    if function is type and len(args) > 1:
        raise Refused("it defines a class", certain=True)
    more = isinstance(function, np.ufunc) and len(args) > function.nin
    if more or not isinstance(kwargs.get("out"), (Tensor, type(None))):
        raise Refused(f"it calls {name} with a place for the result")


def _may_compare(function, given) -> bool:
    """Whether a function may compare a value that it is given, or its elements, as `list.index` and `set` do."""
    if isinstance(function, (type, BuiltinFunctionType)) and function in _WALKERS:
        return False
    if not isinstance(given, FunctionType):
        return True
    owner = getattr(function, "__self__", None)
    if isinstance(owner, list) and function.__name__ == "sort":
        return False
    return getattr(function, "__module__", "") == "_operator" or not isinstance(owner, (ModuleType, type(None)))


def _is_plain(value) -> bool:
    """Whether a value is a number, a string, or a tuple of such."""
    plain = type(value) is tuple and all(map(_is_plain, value))
    return plain or type(value) in (int, float, bool, str, bytes, type(None))


def _is_generated(method: MethodType) -> bool:
    """Whether a method is one that each named tuple has."""
    owner = method.__self__ if isinstance(method.__self__, type) else type(method.__self__)
    return issubclass(owner, tuple) and place(method.__func__) == "standard"


def _is_written(function) -> bool:
    """Whether a function was written by the user, rather than generated for a named tuple, or built in."""
    return isinstance(function, FunctionType) and not function.__code__.co_filename.startswith("<")


def place_of_class(cls: type) -> str:
    return "msjax" if cls.__module__.startswith("msjax.") else "elsewhere"


def _name(function) -> str:
    return getattr(function, "__qualname__", None) or getattr(function, "__name__", type(function).__name__)


def _here() -> str:
    """Where the user's code is, as " (file.py:3)"."""
    return next((place for f, line in traceback.walk_stack(sys._getframe(1)) if (place := _place(f, line))), "")


def raised_in(error: BaseException) -> str:
    """Where in the user's code an error was raised, as " (file.py:3)"."""
    return next(
        (place for f, line in [*traceback.walk_tb(error.__traceback__)][::-1] if (place := _place(f, line))), ""
    )


def _place(frame, line: int) -> str:
    return f" ({frame.f_code.co_filename}:{line})" if "_msjax_watch" in frame.f_code.co_freevars else ""
