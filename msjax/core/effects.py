"""What msjax's own code does besides computing: marks at its definition, which hold where a function is compiled.

A compiled function runs its Python once, so `msjax.compile` lets in only what is known to do nothing but compute. Who
writes a function knows that best, and says so where it stands: a room by `__only_computes__ = True` in its package, a
module, function or class in it that is otherwise by False, or by a decorator of this module. The nearest mark counts.
What has none is taken to do whatever it likes.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

T = TypeVar("T")


def _mark(name: str, value: Any = True) -> Callable[[T], T]:
    def decorate(definition: T) -> T:
        setattr(definition, name, value)
        return definition

    return decorate


# -- functions, methods and classes -----------------------------------------------------------------------------------

only_computes = _mark("__only_computes__")
"""Of a method of a layer: it computes with what the layer keeps."""

has_effects = _mark("__only_computes__", False)
"""It changes something besides Tensors, needs the value of one, or calls functions that were registered before."""

changes_its_object = _mark("__changes_its_object__")
"""Of a method: that is all it does besides computing, so it may, if the compiled function made the object."""

reads_settings = _mark("__reads_settings__")
"""Of a function: it gives a setting, which may be another one at the next call."""

reads_parts = _mark("__reads_parts__")
"""Of a method of Cells: it reads the Cells below and what they keep."""

# -- classes ----------------------------------------------------------------------------------------------------------

is_base = _mark("__is_base__")
"""Users derive their networks from it, so that an object is one says nothing about what it does."""

gives_parts = _mark("__gives_parts__")
"""A Cell that gives away the Cells in it, which then are called one by one."""

keeps_only_statics = _mark("__keeps_only_statics__")
"""Its objects are nothing but their static arguments, as primitives are; False takes that back for one that keeps
functions of the user's."""

keeps_functions = _mark("__keeps_only_statics__", False)
"""Of a class whose base keeps only static arguments: it keeps functions of the user's as well."""

changes_nothing = _mark("__changes_nothing__")
"""Of a context manager: to enter it does nothing that a compiled function would not do."""


def computes(definition: Any) -> bool:
    """Whether a function or class of msjax only computes."""
    mark = getattr(definition, "__only_computes__", None)
    if mark is not None:
        return mark
    module = definition.__module__
    if isinstance(definition, FunctionType):  # whose `__module__` may be that of a function which it stands for
        module = definition.__globals__.get("__name__") or module
    return of_module(module or "", "__only_computes__")


@functools.cache
def of_module(name: str, mark: str) -> bool:
    """A mark of a module, or else of the nearest package around it that has it.

    Marks of modules are `__only_computes__`; `__stateless__`, whose layers have no Parameters, so that a function may
    make them anew on each call; and `__serves_once__`, whose objects serve only when a layer is made.
    """
    while name:
        value = vars(sys.modules[name]).get(mark) if name in sys.modules else None
        if value is not None:
            return value
        name = name.rpartition(".")[0]
    return False
