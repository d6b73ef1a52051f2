"""What a watch does where something is called.

The user's functions run rewritten, so that all they do comes by the watch. msjax's own are trusted to compute, and
functions from elsewhere must be known to only compute (`admission`); functions of the user's that they are given are
made visible first.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import math
from contextlib import contextmanager
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

from msjax.compile.admission import Admission
from msjax.compile.classes import behind
from msjax.compile.foreign import NUMPY_FUNCTIONS
from msjax.compile.numbers import is_array
from msjax.compile.operands import is_plain
from msjax.compile.origin import draws, is_library, is_user, name_of, origin, static
from msjax.compile.refusal import Refused
from msjax.core.cells import is_cell, is_cell_class
from msjax.core.interrupts import interrupts
from msjax.core.opaque import fixed, gathered
from msjax.core.tensor import Tensor, tensor
from msjax.core.trace import NEEDS_VALUE
from msjax.shims.jax import JITTED
from msjax.shims.lengths import has_lengths, is_length
from msjax.shims.selection import has_symbols

_PASSING = {zip, enumerate, reversed, len, iter, list, tuple, dict}  # on the elements, whatever they are
_OF_ROOT_LOGGER = {logging.debug: logging.root.debug, logging.info: logging.root.info}
_LEVELS = {logging.Logger.debug: logging.DEBUG, logging.Logger.info: logging.INFO}


def _makes_tensor(function) -> bool:
    return function is Tensor or function is tensor


_OF_LENGTHS = (tuple, list, max, min, slice, zip, enumerate, reversed, math.prod)  # these may see symbols for lengths


class Calls:
    """The part of a watch that calls go by."""

    def __init__(self, watch):
        self._watch, self._guards = watch, watch.guards
        self._admission = Admission(watch)
        attributes = watch.attributes
        self._followed = {  # builtins that do what rewritten code does by the watch
            getattr: attributes.getattr,
            hasattr: attributes.hasattr,
            isinstance: attributes.isinstance,
            vars: attributes.vars,
            setattr: watch.changes.set_attr,
            dataclasses.replace: self._replaced,
            super: super,
        }

    def given(self, function: Any, /, *args, **kwargs):
        """The call of anything, of which only another call sees the result."""
        self._watch.go_on()
        array = self._watch.numbers.array(function, args, kwargs)
        return self.call(function, *args, **kwargs) if array is None else array

    def call(self, function: Any, /, *args, **kwargs):
        """The call of anything."""
        self._watch.go_on()
        if args and is_array(args[0]) and not _makes_tensor(function):
            args = (args[0].fixed(), *args[1:])
        function = self._watch.visible.of_jax(function) if type(function) is JITTED else behind(function)
        kind: Any = type(function)
        # `logging.info` calls a method of the root logger, once that has handlers; before it would make one.
        if kind is FunctionType and logging.root.handlers:
            function = _OF_ROOT_LOGGER.get(function, function)
            kind = type(function)
        if kind in (BuiltinFunctionType, FunctionType, type) and function in self._followed:
            return self._followed[function](*args, **kwargs)
        if kind is BuiltinFunctionType and function.__name__ == "update" and self._watch.changes.updates(function):
            return self._watch.changes.set_items(function.__self__, *args, **kwargs)
        if draws(function):
            raise Refused(f"it calls {name_of(function)}, which draws random numbers")
        if kind in (FunctionType, MethodType) and origin(function) == "user":
            return self._watch.lifted(function)(*args, **kwargs)
        if kind is MethodType and type(function.__self__) in (logging.Logger, logging.RootLogger):
            return self._log(function.__self__, function.__func__)
        if kind is functools._lru_cache_wrapper:
            return self._cached(function, args, kwargs)
        if hasattr(function, "__reads_settings__"):
            return self._setting(function, args, kwargs)
        if function is dataclasses.asdict or function is dataclasses.astuple:
            self._watch.operands.copied(*args, **kwargs)
        if kind is functools.partial:
            return self.call(function.func, *function.args, *args, **{**function.keywords, **kwargs})
        if isinstance(function, type) and is_user(function):
            return self._construct(function, args, kwargs)
        if not callable(function):
            return function(*args, **kwargs)  # raises the right error
        if is_user(kind) and not is_cell(function):
            return self._object(function, args, kwargs)
        self._admission.check_call(function, args, kwargs)
        return self.outside(self._watch.lifted(function), args, kwargs)

    def outside(self, function, args, kwargs):
        """A function that is not the user's: the user's functions that it is given are made visible."""
        number = self._watch.numbers.computed(function, args, kwargs)
        if number is not None:
            return number
        # Operators of ours know what to do with a number that differs from call to call; others need its value.
        itself, lifted = origin(function) != "msjax", self._watch.lifted
        if itself and has_lengths((args, kwargs)):
            if function is int and len(args) == 1 and is_length(args[0]):
                return args[0]
            if function not in _OF_LENGTHS and not isinstance(args[0], Tensor):
                raise Refused(f"it gives {name_of(function)} the length of a Tensor")
        if function is len and isinstance(args[0], Tensor) and has_lengths(args[0].shape[:1]):
            return args[0].shape[0]
        passes = isinstance(function, (type, BuiltinFunctionType)) and function in _PASSING
        gathers = _makes_tensor(function)  # of lists of numbers
        args = [lifted(a if passes or (gathers and gathered(a) is not None) else fixed(a, itself)) for a in args]
        kwargs = {k: lifted(fixed(v, itself)) for k, v in kwargs.items()}
        try:
            with self._without_effects(function, args):
                result = function(*args, **kwargs)
        except NEEDS_VALUE:  # of a tracer, which has none
            raise Refused(f"it needs a value that is not known before it runs, in {name_of(function)}") from None
        except Exception as error:  # as it would be worded in a trace; the eager run raises its own
            if interrupts(error):
                raise
            raise Refused(f"{name_of(function)} raises {type(error).__name__}") from None
        if has_symbols(result):
            raise Refused(f"{name_of(function)} gives what depends on values")
        is_new = isinstance(function, type) and function is not type and type(result) is function
        if is_new and self._guards.variable(result) is None:
            self._watch.made(result)
        return result

    @contextmanager
    def _without_effects(self, function, args):
        """Inside, functions of numpy raise where they would write to an array from outside."""
        arrays = args if isinstance(function, NUMPY_FUNCTIONS) else []
        arrays = [a for a in arrays if isinstance(a, np.ndarray) and a.flags.writeable and self._watch.is_outer(a)]
        for array in arrays:
            array.flags.writeable = False
        try:
            yield
        finally:
            for array in arrays:
                array.flags.writeable = True

    # -- functions and objects of their own kinds -----------------------------------------------------------------

    def _object(self, function: Any, args: tuple, kwargs: dict):
        """An object of the user's is called."""
        kind: Any = type(function)
        self._guards.nothing_unseen(kind)
        if not isinstance(static(kind, "__call__"), FunctionType):
            raise Refused(f"it calls a {kind.__name__}")
        self._guards.same_member(kind, "__call__", kind.__call__)
        return self.call(MethodType(kind.__call__, function), *args, **kwargs)

    def _cached(self, function: Any, args: tuple, kwargs: dict):
        """What a function with a cache gives: it is asked at each call, so that the cache does what it does."""
        self._guards.same_value(self._guards.constant(function), function)
        stores = self._watch.changes.stores
        before = len(stores)
        plain = not kwargs and all(map(is_plain, args)) and is_plain(self.call(function.__wrapped__, *args))
        if len(stores) > before:
            raise Refused(f"it calls {name_of(function)}, which stores something, and has a cache")
        if not plain:
            raise Refused(f"it calls {name_of(function)}, whose cache takes or gives more than numbers and strings")
        result = function(*args)
        self._guards.same_result(function, args, {}, result)
        return result

    def _setting(self, function: FunctionType, args: tuple, kwargs: dict):
        """What a function of ours gives that reads a setting: it is asked at each call."""
        args, kwargs = fixed(args), fixed(kwargs)
        result = self.outside(function, args, kwargs)
        if not is_plain((*args, *kwargs.values(), result)):
            raise Refused(f"it calls {name_of(function)}, which takes or gives more than numbers and strings")
        self._guards.same_result(function, args, kwargs, result)
        return result

    def _log(self, logger: logging.Logger, method: Any) -> None:
        """A message is logged, which does nothing where its level is not enabled."""
        level = _LEVELS.get(method)
        if level is None or logger.isEnabledFor(level):
            raise Refused(f"it calls {name_of(method)}")
        self._guards.level_disabled(logger, method, level)

    def enter(self, cell):
        """A Cell is called: notes its modes, and gives its `construct` as it is to be called."""
        self._watch.go_on()
        kind, guards = type(cell), self._guards
        if guards.variable(cell) is not None:
            guards.nothing_unseen(kind)
            guards.layers.modes(cell)
            if is_library(cell):
                guards.layers.reads(cell)
            guards.same_member(kind, "__call__", kind.__call__)
            for name in ("construct", "bprop") if cell._has_bprop else ("construct",):
                if name in cell.__dict__:
                    guards.same_attribute(cell, name, cell.__dict__[name])
                else:
                    guards.no_attribute(cell, name)
                    guards.same_member(kind, name, getattr(kind, name))
        elif not self._watch.is_new(cell):
            raise Refused(f"a {kind.__name__} comes from an unknown place")
        return self._watch.lifted(cell.construct)

    # -- new objects ----------------------------------------------------------------------------------------------

    def _construct(self, cls: Any, args, kwargs):
        """A new object of a class of the user's."""
        self._guards.nothing_unseen(cls)
        if is_cell_class(cls):
            raise Refused(f"it makes a Cell, {cls.__name__}")
        # Named tuples and exceptions are made by code that Python generates, which only stores what it is given.
        stores = issubclass(cls, (tuple, BaseException))
        if stores and not any(map(_is_written, (cls.__init__, cls.__new__))):
            return cls(*args, **kwargs)
        if cls.__new__ not in (object.__new__, dict.__new__):
            raise Refused(f"it makes an object of {cls.__name__}, which has a __new__")
        # Its `__init__` is called by the watch, so that it is seen.
        init: Any = cls.__init__
        if init is object.__init__:
            new = cls(*args, **kwargs)  # which may raise
        else:
            new = cls.__new__(cls)  # pyright: ignore[reportArgumentType]
        self._watch.made(new)
        if isinstance(init, FunctionType):
            self._guards.same_member(cls, "__init__", init)
            if init.__code__.co_filename == "<string>":  # that of a dataclass, which has no source
                _check_generated(cls)
                init(new, *args, **kwargs)
            else:
                self.call(init, new, *args, **kwargs)
        elif issubclass(cls, dict):
            init(new, *args, **kwargs)
        return new

    def _replaced(self, obj: Any, /, **changes):
        """`dataclasses.replace`."""
        fields = [f.name for f in dataclasses.fields(obj) if f.init]
        return self._construct(type(obj), (), {name: self._watch.attr(obj, name) for name in fields} | changes)


def _check_generated(cls: type) -> None:
    """Refuse if making an object of a dataclass runs functions of the user's."""
    for field in dataclasses.fields(cls):
        known = field.default_factory in (dataclasses.MISSING, list, dict, set, tuple)
        if not known or hasattr(static(cls, field.name), "__set__"):
            raise Refused(f"it makes an object of {cls.__name__}, whose {field.name} is computed")


def _is_written(function) -> bool:
    """Whether a function was written by the user, rather than generated for a named tuple, or built in."""
    return isinstance(function, FunctionType) and not function.__code__.co_filename.startswith("<")
