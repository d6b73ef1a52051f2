"""Where a function, a class or an object comes from: from the user, msjax, Python's library or a library of arrays."""

from __future__ import annotations

import os
import sys
import sysconfig
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

from msjax.core.cells import is_cell
from msjax.core.tracebacks import LIBRARY

ARRAYS = ("numpy", "jax", "jaxlib")
SCHEDULES = "optax.schedules."  # functions of a count, which assign their own variables what these are already
BUILT_IN = (BuiltinFunctionType, type([].append), type("".__len__), type(list.append))
METHODS = (FunctionType, classmethod, staticmethod)
EMPTY = CellType()  # as a variable is that is not assigned yet

_STANDARD = tuple(os.path.abspath(sysconfig.get_paths()[k]) + os.sep for k in ("stdlib", "platstdlib"))
_PACKAGES = tuple(os.path.abspath(sysconfig.get_paths()[k]) + os.sep for k in ("purelib", "platlib"))


def is_library(obj) -> bool:
    """Whether the class of an object is msjax's own, or derives from one that computes."""
    return any(c.__module__.startswith("msjax.") and "__is_base__" not in vars(c) for c in type(obj).__mro__)


def is_user(cls: type) -> bool:
    """Whether a class is neither msjax's nor built in, nor of a library of arrays."""
    top = cls.__module__.partition(".")[0]
    return top not in ("msjax", "builtins", *ARRAYS) and (top == "__main__" or top not in sys.stdlib_module_names)


def is_jitted(function) -> bool:
    """Whether `ms.jit` made it."""
    return hasattr(type(function), "as_called_by") or hasattr(function, "stands_for_jitted")


def origin(value) -> str:
    """Where a function, a method or a class, or that of an object, comes from.

    Of functions it is "msjax", "standard", "jax", "numpy", or "user"; of classes "msjax" or "elsewhere".
    """
    if isinstance(value, MethodType):
        return origin(value.__func__)
    if not isinstance(value, FunctionType):
        cls = value if isinstance(value, type) else type(value)
        return "msjax" if cls.__module__.startswith("msjax.") else "elsewhere"
    module, file = module_of(value), value.__code__.co_filename
    top = module.partition(".")[0]
    if module.startswith("msjax."):
        return "msjax"
    if top in ARRAYS:
        return top
    if module.startswith(SCHEDULES) and not holds_users(value):
        return "jax"
    if file.startswith(LIBRARY):
        return "msjax"
    return "standard" if file.startswith(("<frozen ", *_STANDARD)) and not file.startswith(_PACKAGES) else "user"


def module_of(function: FunctionType) -> str:
    """Where a function is defined; its `__module__` may be that of a function which it stands for."""
    return function.__globals__.get("__name__") or function.__module__ or ""


def holds_users(function: FunctionType) -> bool:
    """Whether a function of msjax has captured anything of the user's, as what `ms.grad` gives has."""
    return any(map(_is_users, captured(function).values()))


def captured(function: FunctionType) -> dict[str, Any]:
    """What a function has captured of the functions around it, by name; variables that are not assigned yet are not."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells if cell != EMPTY}


def _is_users(value) -> bool:
    if isinstance(value, FunctionType):
        return origin(value) not in ("msjax", "jax") or holds_users(value)
    if isinstance(value, (list, tuple)):
        return any(map(_is_users, value))
    if isinstance(value, dict):
        return any(map(_is_users, value.values()))
    return (
        hasattr(value, "__dict__")
        and not isinstance(value, (type, ModuleType))
        and (is_cell(value) or hasattr(value, "__jax_array__") or is_user(type(value)) or callable(value))
    )


def draws(obj) -> bool:
    """Whether an object gives random numbers of Python or numpy, or is a function or method of theirs that does."""
    kinds: Any = type(obj).__mro__
    if isinstance(obj, (MethodType, BuiltinFunctionType)):
        kinds = (*kinds, *type(obj.__self__).__mro__)
    elif type(obj).__name__ == "cython_function_or_method":
        kinds = (obj,)
    return any(k.__module__ == "random" or str(k.__module__).startswith("numpy.random") for k in kinds)


# -- parts of classes and functions, as they stand there: looking at them runs nothing --------------------------------


def holder(cls: type, name: str) -> type | None:
    """The class that `cls` has a name from."""
    return next((c for c in cls.__mro__ if name in vars(c)), None)


def static(cls: type, name: str):
    """What a class has under a name, as it stands there; None if nothing."""
    owner = holder(cls, name)
    return None if owner is None else vars(owner)[name]


def name_of(function) -> str:
    return getattr(function, "__qualname__", None) or getattr(function, "__name__", type(function).__name__)


def owner_of(function):
    """The object whose method a function is, or the module of a built-in function."""
    return getattr(function, "__self__", None)
