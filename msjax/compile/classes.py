"""Classes: what objects of them do without being asked by name, and how that is made visible.

Operators, `len`, `with` and msjax itself call methods that no rewritten code names. For the time of a trace such
methods of the user's classes are exchanged, in the classes, by ones that call the method by the watch.
"""

from __future__ import annotations

import abc
import collections
import dataclasses
import enum
import functools
import logging
import os
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy as np

from msjax.compile.origin import ARRAYS, is_user, origin
from msjax.compile.refusal import Refused
from msjax.core import watching
from msjax.core.cells import is_cell_class
from msjax.shims.jax import JITTED, MADE_BY_JAX

_NAMESPACES = {("types", "SimpleNamespace"), ("argparse", "Namespace")}
_EXPLICIT = set(  # methods that are only called by name, or seen when they are called
    "__init__ __new__ __call__ __class__ __doc__ __init_subclass__ __subclasshook__ __set_name__ __dir__ "
    "__reduce__ __reduce_ex__ __sizeof__ __repr__ __str__ __format__ __getstate__ __setstate__ __class_getitem__ "
    "__getnewargs__ __copy__ __deepcopy__ __annotate__ __annotate_func__ __replace__ "
    "extend_repr construct bprop forward backward setup_context".split()
)
_UNSEEN = set(  # what Python or a library of arrays calls where a watch can not stop it, or that decides what is seen
    "__getattribute__ __del__ __get__ __set__ __delete__ __array__ __array_ufunc__ __array_function__ __jax_array__ "
    "__array_interface__ __buffer__ __dlpack__ __await__ __aiter__ __anext__ __aenter__ __aexit__".split()
)
# Where functions come from that the standard library puts into classes; they call the class's own, which are seen.
_GENERATORS = ("enum", "functools", "collections", "dataclasses", "typing")
_FUNCTIONS = (FunctionType, classmethod, staticmethod, property)
_OF_DICTS = ("__getitem__", "__setitem__", "__delitem__", "get")  # `__getattr__ = dict.get`


def methods_to_show(cls: type) -> list[tuple[type, str, FunctionType]]:
    """The methods of a class that operators, `len`, `with`, or msjax call, so that calling them must be made visible.

    Raises:
        Refused: if objects of the class may do what can not be seen.
    """
    if type(cls) not in (type, abc.ABCMeta, enum.EnumMeta):
        raise Refused(f"the class {cls.__name__} has a metaclass")
    base, methods = set(), []
    for c in reversed(cls.__mro__):
        if not is_user(c):
            base.update(vars(c) if c.__module__.startswith("msjax.") or c is dict else ())
            continue
        for name, value in vars(c).items():
            if _runs_unasked(c, name, value, base):
                if not isinstance(value, FunctionType) or name in _UNSEEN:
                    raise Refused(f"the class {cls.__name__} defines {name}, which runs unseen")
                methods.append((c, name, value))
    return methods


def _runs_unasked(cls: type, name: str, value, base: set) -> bool:
    """Whether a member of a class is run without being called by its name, by the user at least."""
    special = name.startswith("__") and name.endswith("__")
    if name in _EXPLICIT and not (name == "__call__" and name in base):
        return False
    if not isinstance(value, _FUNCTIONS) and not (special and callable(value)):
        return False
    if isinstance(value, property) and is_cell_class(cls) and _reads_as_inherited(cls, name, value):
        return False
    if isinstance(value, FunctionType):
        generated = dataclasses.is_dataclass(cls) and value.__code__.co_filename == "<string>"
        if generated or value.__globals__.get("__name__") in _GENERATORS or is_shown(value):
            return False
    return (special or name in base) and not (issubclass(cls, dict) and value in map(vars(dict).get, _OF_DICTS))


def _reads_as_inherited(cls: type, name: str, value: property) -> bool:
    """Whether a property is one of msjax's with another setter, as optimizers have that may be told their `target`."""
    return any(getattr(vars(c).get(name), "fget", None) is value.fget for c in cls.__mro__ if not is_user(c))


def show(cls: type, name: str, function: FunctionType) -> None:
    """Let a method be seen that operators and msjax call, until it is put back."""

    def method(*args, **kwargs):
        watch = watching.current()
        return (function if watch is None else functools.partial(watch.call, function))(*args, **kwargs)

    type.__setattr__(cls, name, functools.update_wrapper(method, function))


# Of all methods that `show` makes: they are known by their code.
_SHOWN = next(c for c in show.__code__.co_consts if isinstance(c, CodeType))


def is_shown(function) -> bool:
    """Whether a function stands for a method while a watch sees what that does."""
    return isinstance(function, FunctionType) and function.__code__ is _SHOWN


def behind(function: Any):
    """The user's own method, where another one stands for it."""
    if isinstance(function, MethodType) and isinstance(function.__func__, FunctionType):
        return MethodType(behind(function.__func__), function.__self__)
    jitted = type(function) is JITTED
    if not jitted and not is_shown(function):
        return function
    inside = function.__wrapped__  # pyright: ignore[reportAttributeAccessIssue]
    return function if jitted and origin(inside) == "jax" else inside  # the user's becomes part of a program anyway


def check_class(cls: type) -> None:
    """Make sure that what a class does as an object is seen: that no metaclass of the user's does it.

    Raises:
        Refused: if one may.
    """
    if is_user(type(cls)):
        raise Refused(f"the class {cls.__name__} has a metaclass")
    if isinstance(cls, enum.EnumMeta) and is_user(cls):
        for _, name, _ in methods_to_show(cls):
            raise Refused(f"the enumeration {cls.__name__} defines {name}")


def check_object(cls: type) -> None:
    """Make sure that what objects of a class hold is in their attributes, so that reading it is seen.

    Raises:
        Refused: if they may hold something else.
    """
    caller: Any = next((c for c in cls.__mro__ if "__call__" in vars(c)), None)
    if is_cell_class(cls) and not is_user(caller) and origin(vars(caller)["__call__"]) != "msjax":
        raise Refused(f"{caller.__name__}.__call__ has been replaced")
    if cls.__module__.startswith("msjax.") or cls is object or is_namespace(cls):
        return
    tops = [c.__module__.partition(".")[0] for c in cls.__mro__ if c is not object]
    if not is_user(cls) or any(top in ("builtins", "_io", "collections", *ARRAYS) for top in tops):
        raise Refused(f"it uses a {cls.__name__} from outside, which may change unnoticed")


def is_namespace(cls: type) -> bool:
    """Whether objects of a class from elsewhere hold attributes, and do nothing but compare them."""
    return any((c.__module__, c.__name__) in _NAMESPACES for c in cls.__mro__[:-1])


def is_value(obj) -> bool:
    """Whether an object from outside is compared by what it holds, or is one that never changes."""
    kinds = (dict, collections.deque, np.ndarray, logging.Logger, functools._lru_cache_wrapper, type(os.environ))
    return isinstance(obj, kinds) or type(obj) in MADE_BY_JAX
