"""Functions made visible: the user's, wherever they come from, as the watch can see them."""

from __future__ import annotations

import functools
import operator
from types import CellType, FunctionType, MethodType
from typing import Any

from msjax.compile.classes import behind
from msjax.compile.foreign import reads_nothing, remembers
from msjax.compile.instrument import global_names, instrumented, is_instrumented, operators, remade
from msjax.compile.origin import EMPTY, captured, is_user, origin
from msjax.compile.refusal import Refused
from msjax.core.cells import is_cell
from msjax.core.tensor import Tensor
from msjax.shims.jax import JITTED, MADE_BY_JAX


class Visible:
    """The functions that one watch has made visible.

    The user's functions are rewritten (`instrument`). What msjax and JAX made of functions of the user's is made again,
    of visible ones. All else stays as it is.
    """

    def __init__(self, watch):
        self._watch, self._guards = watch, watch.guards
        self._of: dict[int, Any] = {}  # by the id of the function that is shown, which the guards keep alive

    def function(self, function) -> Any:
        """A function as it is to be called, so that what it does is seen; other values unchanged."""
        kind = type(function)
        if kind is FunctionType:
            return self._plain(function)
        if kind is MethodType:
            return MethodType(self.function(function.__func__), function.__self__)
        if kind is functools.partial:
            called, *arguments = map(self.function, (function.func, *function.args))
            return functools.partial(called, *arguments, **function.keywords)
        if hasattr(kind, "as_called_by"):  # made by ms.jit
            return function.as_called_by(self.function(function.__wrapped__))
        if kind in MADE_BY_JAX:
            return self.of_jax(function)
        if callable(function) and is_user(kind) and not isinstance(function, (type, Tensor)) and not is_cell(function):
            return lambda *args, **kwargs: self._watch.call(function, *args, **kwargs)
        return function

    def of_jax(self, function):
        """What JAX made of functions, made of visible ones."""
        if type(function) is JITTED:
            inside = behind(function)
            self.check_kept(function, inside)
            return function if inside is function else self.function(inside)
        visible: Any = object.__new__(type(function))
        parts = {name: self.function(getattr(function, name)) for name in MADE_BY_JAX[type(function)]}
        vars(visible).update(vars(function) | parts)
        return visible

    def check_kept(self, function, value) -> None:
        """Refuse where JAX remembers the program of a function that is from outside, and with it what that read."""
        seen = not isinstance(value, FunctionType) or is_instrumented(value)
        if remembers(function) and not (seen or reads_nothing(value)):
            raise Refused(f"JAX keeps what {value.__qualname__} reads from outside when it is traced first")

    def _plain(self, function: FunctionType):
        if is_instrumented(function):
            return function
        if id(function) not in self._of:
            # What msjax and JAX have written is trusted, but may have captured functions of the user's.
            around = self._with_visible_closure
            show = {"msjax": around, "jax": around, "user": self._rewritten}.get(origin(function))
            self._of[id(function)] = show(function) if show else function
            self._guards.keeps(function)
        return self._of[id(function)]

    def _rewritten(self, function: FunctionType):
        try:
            visible = instrumented(function, self._watch)
        except Exception as error:  # whatever it is, the user's code must not take it for its own
            raise Refused(f"it calls {function.__qualname__}, which can not be looked into: {error}") from None
        # Its variables must be checked, so it must be known how one gets to them.
        if any(id(cell) not in self._guards.outer for cell in function.__closure__ or ()):
            raise Refused(f"{function.__qualname__} comes from an unknown place")
        # What is read where no rewritten code shows it: operators of Tensors, and names that are local elsewhere.
        for name in operators(function.__code__):
            self._watch.attributes.method_of_tensor(name)
        for name in global_names(function.__code__)[1]:
            self._guards.same_global(function.__globals__, name)
        return visible

    def _with_visible_closure(self, function: FunctionType):
        """A function of msjax, with the user's functions among what it captured made visible."""
        for value in captured(function).values():
            self.check_kept(function, value)
        before = function.__closure__ or ()
        cells = list(map(self._visible_cell, before))
        if all(map(operator.is_, cells, before)):
            return function
        return remade(function, function.__code__, cells)

    def _visible_cell(self, cell: CellType) -> CellType:
        if cell == EMPTY:
            return cell
        visible = self.function(cell.cell_contents)
        return cell if visible is cell.cell_contents else CellType(visible)
