"""What a watch does where functions are called: it lets in what only computes, and makes the user's functions visible.

The user's functions run rewritten (`instrument`), so that all they do comes by the watch. msjax's own are trusted to
compute; functions of the user that they are given are rewritten first. Other functions must be known to only compute
(`purity`).
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import operator
import os
from contextlib import contextmanager
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

import jax
import numpy as np

from msjax.compile import purity
from msjax.compile.instrument import global_names, instrumented, is_instrumented, operators, remade
from msjax.compile.purity import BUILT_IN, is_cell, is_library, is_user, name_of, owner_of, place, static
from msjax.compile.reads import Reads, is_plain
from msjax.core.interrupts import interrupts
from msjax.core.opaque import KINDS, Number, fixed, value_of
from msjax.core.tensor import Tensor
from msjax.core.trace import NEEDS_VALUE

_OF_ROOT_LOGGER = {logging.debug: logging.root.debug, logging.info: logging.root.info}
_LEVELS = {logging.Logger.debug: logging.DEBUG, logging.Logger.info: logging.INFO}
_SPECIAL = {  # by which method of the watch these go
    getattr: "_getattr", hasattr: "_hasattr", setattr: "set_attr", vars: "_vars", isinstance: "_isinstance",
    super: "_super", dataclasses.replace: "_replaced",
}  # fmt: skip
_OF_NUMBERS = {float, int, abs, round, min, max, pow, bool}


class Calls(Reads):
    """The part of a watch that calls go by."""

    # -- functions ------------------------------------------------------------------------------------------------

    def lifted(self, function):
        """A function as it is to be called, so that what it does is seen; other values unchanged."""
        kind = type(function)
        if kind is FunctionType:
            return self._lift(function)
        if kind is MethodType:
            return MethodType(self.lifted(function.__func__), function.__self__)
        if kind is functools.partial:
            arguments = [self.lifted(a) for a in function.args]
            return functools.partial(self.lifted(function.func), *arguments, **function.keywords)
        if hasattr(kind, "as_called_by"):  # made by ms.jit
            return function.as_called_by(self.lifted(function.__wrapped__))
        if kind in purity.MADE_BY_JAX:
            return self._of_jax(function)
        if callable(function) and is_user(kind) and not isinstance(function, (type, Tensor)) and not is_cell(function):
            return lambda *args, **kwargs: self.call(function, *args, **kwargs)
        return function

    def cell(self, cell: CellType) -> CellType:
        """What a rewritten function sees in the place of a variable that the function captured."""
        return self._cells.get(id(cell), cell)

    def _lift(self, function: FunctionType):
        if is_instrumented(function):
            return function
        if id(function) not in self._lifted:
            around = self._with_visible_closure
            made = {"msjax": around, "jax": around, "user": self._visible}.get(place(function))
            self._lifted[id(function)] = made(function) if made else function
            self.guards.keeps(function)
        return self._lifted[id(function)]

    def _of_jax(self, function):
        """What JAX made of functions, made of visible ones."""
        if type(function) is purity.JITTED:
            inside = purity.behind(function)
            self._check_kept(function, inside)
            return function if inside is function else self.lifted(inside)
        made: Any = object.__new__(type(function))
        parts = {name: self.lifted(getattr(function, name)) for name in purity.MADE_BY_JAX[type(function)]}
        vars(made).update(vars(function) | parts)
        return made

    def _visible(self, function: FunctionType):
        try:
            made = instrumented(function, self)
        except Exception as error:  # whatever it is, the user's code must not take it for its own
            self.refuse(f"it calls {function.__qualname__}, which can not be looked into: {error}")
        if any(id(cell) not in self.guards.outer for cell in function.__closure__ or ()):
            self.refuse(f"{function.__qualname__} comes from an unknown place")
        for name in operators(function.__code__):
            self._method_of_tensor(name)
        for name in global_names(function.__code__)[1]:
            self.guards.global_(function.__globals__, name)
        return made

    def _with_visible_closure(self, function: FunctionType):
        """A function of msjax, with the user's functions among what it captured made visible."""
        for cell in function.__closure__ or ():
            if cell != CellType():
                self._check_kept(function, cell.cell_contents)
        cells = list(map(self._visible_cell, function.__closure__ or ()))
        if all(map(operator.is_, cells, function.__closure__ or ())):
            return function
        return remade(function, function.__code__, cells)

    def _visible_cell(self, cell: CellType) -> CellType:
        if cell == CellType():  # not assigned yet
            return cell
        made = self.lifted(cell.cell_contents)
        return cell if made is cell.cell_contents else CellType(made)

    # -- calls ----------------------------------------------------------------------------------------------------

    def call(self, function: Any, /, *args, **kwargs):
        """The call of anything."""
        self.go_on()
        function = self._of_jax(function) if type(function) is purity.JITTED else purity.behind(function)
        kind: Any = type(function)
        if kind is FunctionType and logging.root.handlers:
            function = _OF_ROOT_LOGGER.get(function, function)
            kind = type(function)
        if kind in (BuiltinFunctionType, FunctionType, type) and function in _SPECIAL:
            return getattr(self, _SPECIAL[function])(*args, **kwargs)
        if purity.draws(function):
            self.refuse(f"it calls {name_of(function)}, which draws random numbers")
        if kind in (FunctionType, MethodType) and place(function) == "user":
            return self.lifted(function)(*args, **kwargs)
        if kind is MethodType and type(function.__self__) in (logging.Logger, logging.RootLogger):
            return self._log(function.__self__, function.__func__)
        if kind is functools._lru_cache_wrapper:
            return self._cached(function, args, kwargs)
        if function is dataclasses.asdict or function is dataclasses.astuple:
            self._copied(*args, **kwargs)
        if kind is functools.partial:
            return self.call(function.func, *function.args, *args, **{**function.keywords, **kwargs})
        if isinstance(function, type) and is_user(function):
            return self._construct(function, args, kwargs)
        if not callable(function):
            return function(*args, **kwargs)  # raises the right error
        if is_user(kind) and not is_cell(function):
            self.guards.vetted(kind)
            if not isinstance(static(kind, "__call__"), FunctionType):
                self.refuse(f"it calls a {kind.__name__}")
            self.guards.member(kind, "__call__", kind.__call__)
            return self.call(MethodType(kind.__call__, function), *args, **kwargs)
        if hasattr(kind, "as_called_by") and self.guards.variable(function):
            self.guards.layer(function)
        else:
            self._check(function, args, kwargs)
        for given in (*args, *kwargs.values()):
            self._check_given(function, given)
        return self._outside(self.lifted(function), args, kwargs)

    def _cached(self, function: Any, args: tuple, kwargs: dict):
        """What a function with a cache gives: it is asked at each call, so that the cache does what it does."""
        self.guards.value(self.guards.constant(function), function)
        if kwargs or not all(map(is_plain, args)) or not is_plain(self.call(function.__wrapped__, *args)):
            self.refuse(f"it calls {name_of(function)}, whose cache takes or gives more than numbers and strings")
        result = function(*args)
        self.guards.cached(function, args, result)
        return result

    def _replaced(self, obj: Any, /, **changes):
        """`dataclasses.replace`."""
        fields = [f for f in dataclasses.fields(obj) if f.init]
        return self._construct(type(obj), (), {f.name: self.attr(obj, f.name) for f in fields} | changes)

    def _log(self, logger: logging.Logger, method: Any) -> None:
        """A message is logged, which does nothing where its level is not enabled."""
        level = _LEVELS.get(method)
        if level is None or logger.isEnabledFor(level):
            self.refuse(f"it calls {name_of(method)}")
        else:
            self.guards.silent(logger, method, level)

    def _check_given(self, function: Any, given: Any) -> None:
        """Refuse what a function from elsewhere would do with a value unseen: call it, compare it or format it."""
        self._check_kept(function, given)
        if isinstance(given, (*BUILT_IN, *purity.NUMPY_FUNCTIONS)):
            self._check(given, (), {})
        elif isinstance(given, type):
            purity.check_class(given)
            if function in purity.CALLERS and (is_user(given) or given is str):
                self.refuse(f"it gives {name_of(function)} the class {given.__name__} to call")
        elif function in (str, bytes) or name_of(function) in ("str.format", "str.format_map"):
            self.shown(given)
        elif isinstance(given, functools.partial):
            for part in (given.func, *given.args, *given.keywords.values()):
                self._check_given(function, part)
        elif place(function) != "msjax" and purity.may_compare(function, given):
            self.operand(given)
        elif is_library(given) and not isinstance(given, Tensor) and self.guards.variable(given):
            self.guards.layer(given)

    def _check_kept(self, function, given) -> None:
        """Refuse where JAX remembers the program of a function that is from outside, and with it what that read."""
        seen = not isinstance(given, FunctionType) or is_instrumented(given)
        if purity.remembers(function) and not (seen or purity.reads_nothing(given)):
            self.refuse(f"JAX keeps what {given.__qualname__} reads from outside when it is traced first")

    def _outside(self, function, args, kwargs):
        """A function that is not the user's: the user's functions that it is given are made visible."""
        if (found := self._computed(function, args, kwargs)) is not None:
            return found
        itself = place(function) != "msjax"
        args = [self.lifted(fixed(a, itself)) for a in args]
        kwargs = {k: self.lifted(fixed(v, itself)) for k, v in kwargs.items()}
        try:
            with self._without_effects(function, args):
                result = function(*args, **kwargs)
        except NEEDS_VALUE:
            self.refuse(f"it needs a value that is not known before it runs, in {name_of(function)}")
        except Exception as error:
            if interrupts(error):
                raise
            self.refuse(f"{name_of(function)} raises {type(error).__name__}")
        made = isinstance(function, type) and function is not type and type(result) is function
        if made and self.guards.variable(result) is None:
            self.made(result)
        return result

    def _computed(self, function, args, kwargs):
        """What Python computes of numbers that differ from call to call; None if not numbers alone."""
        kinds = {type(a) for a in args}
        if kwargs or Number not in kinds or not kinds <= {*KINDS, bool, Number}:
            return None
        if function not in _OF_NUMBERS and getattr(function, "__module__", "") != "math":
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
        arrays = args if isinstance(function, purity.NUMPY_FUNCTIONS) else []
        arrays = [a for a in arrays if isinstance(a, np.ndarray) and a.flags.writeable and self.is_outer(a)]
        for array in arrays:
            array.flags.writeable = False
        try:
            yield
        finally:
            for array in arrays:
                array.flags.writeable = True

    # -- what is let in -------------------------------------------------------------------------------------------

    def _check(self, function: Any, args, kwargs) -> None:
        """Refuse unless a function that is not the user's only computes."""
        purity.check_arguments(function, args, kwargs)
        if isinstance(function, type) and place(function) == "msjax":
            self._check_class(function)
        elif isinstance(function, FunctionType) and place(function) == "msjax":
            purity.check_library(function)
        elif isinstance(function, MethodType):
            self._check_method(function)
        elif is_cell(function) or isinstance(function, (jax.custom_vjp, jax.custom_jvp)):
            pass  # it comes by `enter`, or its functions are seen
        elif isinstance(function, BUILT_IN) and not isinstance(owner_of(function), (ModuleType, type(None))):
            purity.check_method(function, self.is_outer(owner_of(function)))
        elif is_library(function):
            self._check_object(function)
            self._keeps_method(type(function), "__call__")
        else:
            purity.check_foreign(function)

    def _check_class(self, cls: type) -> None:
        self._keeps_method(cls, "__new__")
        self._keeps_method(cls, "__init__")
        if issubclass(cls, Tensor):
            return
        purity.check_library(cls)
        keeps = not (getattr(cls, "_is_row", False) or cls.__module__.startswith(purity.ROOMS_WITHOUT_STATE))
        if hasattr(cls, "cells_and_names") and keeps:
            self.refuse(f"it makes a layer, {cls.__name__}")

    def _check_object(self, obj) -> None:
        purity.check_library(type(obj))
        if self.guards.variable(obj):
            self.guards.layer(obj)

    def _check_method(self, method: Any) -> None:
        owner, name = method.__self__, method.__func__.__name__
        kind = owner if isinstance(owner, type) else type(owner)
        if isinstance(owner, Tensor):
            if name in purity.TENSOR_EFFECTS and (name != "register_hook" or self.is_outer(owner)):
                self.refuse(f"it calls Tensor.{name}")
        elif is_cell(owner):
            self._check_method_of_cell(owner, name, place(method) == "msjax")
        elif isinstance(owner, type) and name == "apply" and hasattr(owner, "_rules"):  # the rules come by `seen`
            self.guards.vetted(owner)
            for rule in filter(functools.partial(hasattr, owner), owner._rules):
                self.guards.member(owner, rule, getattr(owner, rule))
        elif (issubclass(kind, tuple) and place(method) == "standard") or (
            kind is type(os.environ) and name in purity.READERS[dict]
        ):
            pass  # what each named tuple has, or it reads
        elif isinstance(owner, type):
            purity.check_library(owner)
        elif is_library(owner):
            self._check_object(owner)
        else:
            self.refuse(f"it calls {name_of(method)}")

    def _check_method_of_cell(self, owner, name: str, ours: bool) -> None:
        variable = self.guards.variable(owner)
        if name == "__call__" and ours:
            pass  # it comes by `enter`
        elif name in purity.CELL_READERS and variable:
            for _, cell in owner.cells_and_names():
                if not self.guards.variable(cell):
                    self.refuse(f"it calls {name} of a Cell whose parts are not known")
                self.guards.layer(cell)
                self.guards.attribute(cell, "_flags", cell._flags)
                self.guards.attribute(cell, "_transient", cell._transient)
        elif name in purity.LAYER_METHODS and ours and variable and is_library(owner):
            self.guards.layer(owner)
        elif variable or id(owner) not in self._made:
            self.refuse(f"it calls {type(owner).__name__}.{name}")

    # -- new objects ----------------------------------------------------------------------------------------------

    def _construct(self, cls: Any, args, kwargs):
        """A new object of a class of the user's."""
        self.guards.vetted(cls)
        if hasattr(cls, "cells_and_names"):
            self.refuse(f"it makes a Cell, {cls.__name__}")
        if issubclass(cls, (tuple, BaseException)) and not any(map(_is_written, (cls.__init__, cls.__new__))):
            return cls(*args, **kwargs)
        if cls.__new__ not in (object.__new__, dict.__new__):
            self.refuse(f"it makes an object of {cls.__name__}, which has a __new__")
        init = cls.__init__
        made = cls(*args, **kwargs) if init is object.__init__ else cls.__new__(cls)  # the former may raise
        self.made(made)
        if isinstance(init, FunctionType):
            self.guards.member(cls, "__init__", init)
            if init.__code__.co_filename == "<string>":
                self._check_generated(cls)
                init(made, *args, **kwargs)
            else:
                self.call(init, made, *args, **kwargs)
        elif issubclass(cls, dict):
            init(made, *args, **kwargs)
        return made

    def _check_generated(self, cls: type) -> None:
        """Refuse if making an object of a dataclass runs functions of the user's."""
        for field in dataclasses.fields(cls):
            known = field.default_factory in (dataclasses.MISSING, list, dict, set, tuple)
            if not known or hasattr(static(cls, field.name), "__set__"):
                self.refuse(f"it makes an object of {cls.__name__}, whose {field.name} is computed")

    def enter(self, cell):
        """A Cell is called: notes its modes, and gives its `construct` as it is to be called."""
        self.go_on()
        kind, guards = type(cell), self.guards
        if guards.variable(cell) is not None:
            guards.vetted(kind)
            guards.modes(cell)
            if is_library(cell):
                guards.called(cell)
            guards.member(kind, "__call__", kind.__call__)
            for name in ("construct", "bprop") if cell._has_bprop else ("construct",):
                if name in cell.__dict__:
                    guards.attribute(cell, name, cell.__dict__[name])
                else:
                    guards.no_attribute(cell, name)
                    guards.member(kind, name, getattr(kind, name))
        elif id(cell) not in self._made:
            self.refuse(f"a {kind.__name__} comes from an unknown place")
        return self.lifted(cell.construct)


def _is_written(function) -> bool:
    """Whether a function was written by the user, rather than generated for a named tuple, or built in."""
    return isinstance(function, FunctionType) and not function.__code__.co_filename.startswith("<")
