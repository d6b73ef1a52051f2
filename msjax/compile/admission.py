"""What a watch lets in: functions, classes and methods that are not the user's, if they only compute."""

from __future__ import annotations

import functools
import os
from types import FunctionType, MethodType, ModuleType
from typing import Any

import jax

from msjax.compile import foreign
from msjax.compile.classes import check_class
from msjax.compile.foreign import NUMPY_FUNCTIONS
from msjax.compile.origin import BUILT_IN, is_library, is_user, name_of, origin, owner_of
from msjax.compile.refusal import Refused
from msjax.core import effects
from msjax.core.cells import is_cell, is_cell_class
from msjax.core.tensor import Tensor


class Admission:
    """Refuses calls of what does, or may do, more than compute."""

    def __init__(self, watch):
        self._watch, self._guards = watch, watch.guards

    def check_call(self, function: Any, args, kwargs) -> None:
        """Refuse unless a function, and what it does with its arguments, is known to only compute."""
        jitted = hasattr(type(function), "as_called_by")
        if jitted and self._guards.variable(function):
            self._guards.layers.all_of(function)
        elif not jitted or not self._watch.is_new(function):
            self.check(function, args, kwargs)
        # The function may call, compare or format what it is given, and nobody would see what that does.
        for argument in (*args, *kwargs.values()):
            self._check_argument(function, argument)

    def check(self, function: Any, args, kwargs) -> None:
        """Refuse unless a function that is not the user's only computes."""
        foreign.check_arguments(function, args, kwargs)
        if isinstance(function, type) and origin(function) == "msjax":
            self._check_class(function)
        elif isinstance(function, FunctionType) and origin(function) == "msjax":
            _check_library(function)
        elif isinstance(function, MethodType):
            self._check_method(function)
        elif is_cell(function) or isinstance(function, (jax.custom_vjp, jax.custom_jvp)):
            pass  # it comes by `enter`, or its functions are seen
        elif isinstance(function, BUILT_IN) and not isinstance(owner_of(function), (ModuleType, type(None))):
            foreign.check_method(function, self._watch.is_outer(owner_of(function)))
        elif is_library(function):
            self._check_object(function)
            self._watch.attributes.library_method(type(function), "__call__")
        else:
            foreign.check_foreign(function)

    def _check_argument(self, function: Any, value: Any) -> None:
        """Refuse what a function from elsewhere would do with a value unseen: call it, compare it or format it."""
        self._watch.visible.check_kept(function, value)
        if isinstance(value, (*BUILT_IN, *NUMPY_FUNCTIONS)):
            self.check(value, (), {})
        elif isinstance(value, type):
            check_class(value)
            if function in foreign.CALLERS and (is_user(value) or value is str):
                raise Refused(f"it gives {name_of(function)} the class {value.__name__} to call")
        elif function in (str, bytes) or name_of(function) in ("str.format", "str.format_map"):
            self._watch.shown(value)
        elif isinstance(value, functools.partial):
            for part in (value.func, *value.args, *value.keywords.values()):
                self._check_argument(function, part)
        elif origin(function) != "msjax" and foreign.may_compare(function, value):
            self._watch.operand(value)
        elif is_library(value) and not isinstance(value, Tensor) and self._guards.variable(value):
            self._guards.layers.all_of(value)

    # -- of msjax -------------------------------------------------------------------------------------------------

    def _check_class(self, cls: type) -> None:
        # The user may have replaced them, in which case they do something else.
        self._watch.attributes.library_method(cls, "__new__")
        self._watch.attributes.library_method(cls, "__init__")
        if issubclass(cls, Tensor):
            return
        _check_library(cls)
        # A layer with Parameters is drawn anew each time that it is made; a program would have one for all calls.
        stateless = getattr(cls, "_is_row", False) or effects.of_module(cls.__module__, "__stateless__")
        if is_cell_class(cls) and not stateless:
            raise Refused(f"it makes a layer, {cls.__name__}")

    def _check_object(self, obj) -> None:
        _check_library(type(obj))
        if self._guards.variable(obj):
            self._guards.layers.all_of(obj)

    def _check_method(self, method: Any) -> None:
        owner, name = method.__self__, method.__func__.__name__
        kind = owner if isinstance(owner, type) else type(owner)
        if isinstance(owner, Tensor):
            outer = hasattr(method, "__changes_its_object__") and self._watch.is_outer(owner)
            if outer or not getattr(method, "__only_computes__", True):
                raise Refused(f"it calls Tensor.{name}")
        elif is_cell(owner):
            self._check_method_of_cell(method)
        elif isinstance(owner, type) and name == "apply" and hasattr(owner, "_rules"):  # the rules come by `seen`
            self._guards.nothing_unseen(owner)
            for rule in filter(functools.partial(hasattr, owner), owner._rules):
                self._guards.same_member(owner, rule, getattr(owner, rule))
        elif (issubclass(kind, tuple) and origin(method) == "standard") or (
            kind is type(os.environ) and name in foreign.READERS[dict]
        ):
            pass  # what each named tuple has, or it reads
        elif isinstance(owner, type):
            _check_library(owner)
        elif is_library(owner):
            self._check_object(owner)
        else:
            raise Refused(f"it calls {name_of(method)}")

    def _check_method_of_cell(self, method: Any) -> None:
        owner, name = method.__self__, method.__func__.__name__
        variable, ours = self._guards.variable(owner), origin(method) == "msjax"
        computes = name == "construct" or getattr(method, "__only_computes__", False)
        if name == "__call__" and ours:
            pass  # it comes by `enter`
        elif hasattr(method, "__reads_parts__") and variable:
            # What it gives depends on all the Cells below, so all of them are checked as a whole.
            for _, cell in owner.cells_and_names():
                if not self._guards.variable(cell):
                    raise Refused(f"it calls {name} of a Cell whose parts are not known")
                self._guards.layers.all_of(cell)
                self._guards.same_attribute(cell, "_flags", cell._flags)
                self._guards.same_attribute(cell, "_transient", cell._transient)
        elif computes and ours and variable and is_library(owner):
            self._guards.layers.all_of(owner)
        elif variable or not self._watch.is_new(owner):
            raise Refused(f"it calls {type(owner).__name__}.{name}")


def _check_library(definition: Any) -> None:
    """Raises:
    Refused: if a function or class of msjax has effects, or is not known to have none."""
    if not effects.computes(definition):
        raise Refused(f"it calls {definition.__name__}, which has effects besides what it returns")
