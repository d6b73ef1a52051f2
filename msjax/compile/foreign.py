"""Which functions and classes of Python, numpy, JAX and optax do nothing but compute.

Tables of what is known; anything that is not here is taken to do whatever it likes. What msjax's own functions do is
marked at their definitions (`core.effects`).
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import functools
import itertools
import operator
import os
import typing
from contextlib import suppress
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import jax
import numpy as np

from msjax.compile.classes import check_class
from msjax.compile.instrument import global_names
from msjax.compile.origin import ARRAYS, BUILT_IN, SCHEDULES, captured, module_of, name_of, origin, owner_of
from msjax.compile.refusal import Refused
from msjax.core.tensor import Tensor
from msjax.shims.jax import COMPUTING, JITTED, REMEMBERING

# -- functions and classes that compute -------------------------------------------------------------------------------

_PURE = {
    collections.OrderedDict, collections.deque, collections.Counter, collections.defaultdict, functools.partial,
    functools.reduce, contextlib.nullcontext, contextlib.suppress, dataclasses.asdict, dataclasses.astuple,
    dataclasses.fields, dataclasses.is_dataclass, typing.cast, len, range, enumerate, zip, isinstance, issubclass, int,
    float, bool, str, complex, abs, min, max, sum, sorted, reversed, tuple, list, dict, set, frozenset, callable, slice,
    round, pow, divmod, all, any, map, filter, iter, next, object, bytes, ord, chr, type,
}  # fmt: skip
_PURE_MODULES = ("math", "_operator", "operator", "itertools", "cmath")
_EFFECTS_OF_OPERATOR = {  # and what is not seen
    *"setitem delitem attrgetter methodcaller call is_ is_not mod".split(),
    *(n for n in dir(operator) if n.startswith("i") and n[1:] in dir(operator)),
}
_MANAGER = contextlib.contextmanager(lambda: iter(())).__code__  # of what it makes of the user's generator
_NUMPY_ROOMS_WITH_EFFECTS = ("numpy.random", "numpy.lib._npyio", "numpy.ctypeslib")
_NUMPY_EFFECTS = set(
    "save savez savez_compressed savetxt load loadtxt copyto put putmask place fill_diagonal seterr setbufsize "
    "set_printoptions seterrcall shares_memory put_along_axis fromfile memmap".split()
)
# numpy.add, and numpy.clip, which is a function of a class of its own.
NUMPY_FUNCTIONS = (np.ufunc, type(np.clip))

# -- what they do with what they are given ----------------------------------------------------------------------------

# What calls the functions that it is given, and what does not compare the values.
CALLERS = {map, filter, sorted, min, max, iter, functools.reduce, *filter(callable, vars(itertools).values())}
_WALKERS = {map, zip, enumerate, iter, reversed, len, list, tuple, functools.reduce, itertools.chain, itertools.islice}

# -- methods of containers and arrays ---------------------------------------------------------------------------------

READERS = {  # methods that only read
    list: {"index", "count", "copy"},
    dict: {"get", "items", "keys", "values", "copy"},
    set: set("copy union intersection difference issubset issuperset isdisjoint symmetric_difference".split()),
    collections.deque: {"index", "count", "copy"},
    np.ndarray: set(
        "sum mean min max std var prod any all round dot reshape ravel transpose astype copy item tolist".split()
    ),
}
IMMUTABLE = (str, bytes, int, float, complex, bool, tuple, frozenset, range, slice, np.generic, np.dtype)
_MAKERS = (*IMMUTABLE, dict, itertools.chain)  # classes whose methods make new objects
# Managers that do nothing unseen when `with` enters them.
MANAGERS = (contextlib.nullcontext, contextlib.suppress, contextlib._GeneratorContextManager)


def check_foreign(function) -> None:
    """Raises:
    Refused: if a function or class that is neither the user's nor msjax's is not known to only compute."""
    name, module = name_of(function), getattr(function, "__module__", None) or ""
    if isinstance(function, FunctionType) and module.partition(".")[0] not in ARRAYS:
        module = module_of(function)
    if function is os.getenv:
        raise Refused("it calls os.getenv; os.environ.get is followed")
    if not _is_known(function) and not _computes(function, name, module):
        raise Refused(f"it calls {name}, which may have effects besides what it returns")


def _is_known(function) -> bool:
    with suppress(TypeError):  # not hashable
        return function in _PURE or getattr(function, "__code__", None) is _MANAGER
    return False


def _computes(function, name: str, module: str) -> bool:
    top = module.partition(".")[0]
    if isinstance(function, np.ufunc):
        return not all(set(t) <= set("O->") for t in function.types)  # as what numpy.frompyfunc makes of a function
    if isinstance(function, type) and issubclass(function, (np.generic, Exception)):
        return True
    if module in _PURE_MODULES:
        return name not in _EFFECTS_OF_OPERATOR
    if top == "numpy":
        return not module.startswith(_NUMPY_ROOMS_WITH_EFFECTS) and name not in _NUMPY_EFFECTS
    if module.startswith(SCHEDULES):
        return True
    return top in ARRAYS and any(room in module for room in COMPUTING) and "debug" not in name


def check_method(function: Any, from_outside: bool) -> None:
    """Raises:
    Refused: if a built-in method may change its object, and that is not new."""
    owner, name = function.__self__, function.__name__
    kind = type(owner)
    reads = any(name in READERS.get(k, ()) for k in kind.__mro__)
    own = not from_outside and (kind is np.ndarray or isinstance(owner, (list, dict, set, collections.deque)))
    makes = isinstance(owner, type) and owner in _MAKERS
    if not (reads or own or makes or isinstance(owner, IMMUTABLE)):
        raise Refused(f"it calls {kind.__name__}.{name}, which may change what is outside")


def check_arguments(function, args, kwargs) -> None:
    """Raises:
    Refused: if a call defines a class, or has a place for its result that is no Tensor."""
    if function is type and len(args) > 1:
        raise Refused("it defines a class")
    more = isinstance(function, np.ufunc) and len(args) > function.nin
    if more or not isinstance(kwargs.get("out"), (Tensor, type(None))):
        raise Refused(f"it calls {name_of(function)} with a place for the result")


def check_constant(value) -> None:
    """Raises:
    Refused: if `value` is a built-in method of an object, which may change it, or a class with a metaclass."""
    check_class(value if isinstance(value, type) else type(value))
    if isinstance(value, BuiltinFunctionType):
        owner = value.__self__
        if owner is not None and not isinstance(owner, (ModuleType, type)):
            raise Refused(f"it uses {type(owner).__name__}.{value.__name__} of an object from outside")


def may_compare(function, value) -> bool:
    """Whether a function may compare a value that it is given, or its elements, as `list.index` and `set` do."""
    if isinstance(function, (type, BuiltinFunctionType)) and function in _WALKERS:
        return False
    if not isinstance(value, FunctionType):
        return True
    owner = owner_of(function)
    if isinstance(owner, list) and function.__name__ == "sort":
        return False
    return getattr(function, "__module__", "") == "_operator" or not isinstance(owner, (ModuleType, type(None)))


def remembers(function) -> bool:
    """Whether JAX traces the functions that it is given only once, and then uses their programs."""
    modules = (module_of(function), function.__module__ or "") if isinstance(function, FunctionType) else ()
    return function is jax.jit or type(function) is JITTED or any(m.startswith(REMEMBERING) for m in modules)


def reads_nothing(value: Any, above: tuple = ()) -> bool:
    """Whether a function reads nothing from outside that may change, nor do the functions that it has from there."""
    if isinstance(value, (type, ModuleType)):
        top = getattr(value, "__module__", value.__name__).partition(".")[0]
        return top in (*ARRAYS, "msjax", "mindspore", "math", "builtins")
    value = getattr(value, "__wrapped__", value) if type(value) is JITTED else value
    if not isinstance(value, FunctionType) or value in above or origin(value) != "user":
        return isinstance(value, (FunctionType, *BUILT_IN))
    names = frozenset().union(*global_names(value.__code__)) & value.__globals__.keys()
    read = (*captured(value).values(), *map(value.__globals__.get, names))
    return all(reads_nothing(v, (*above, value)) for v in read)
