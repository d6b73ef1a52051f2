"""Which functions and classes from outside the user's code do nothing but compute.

Lists of what is known; anything that is not here is taken to do whatever it likes.
"""

from __future__ import annotations

import abc
import collections
import contextlib
import dataclasses
import enum
import functools
import itertools
import logging
import operator
import os
import sys
import sysconfig
import typing
from contextlib import suppress
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import jax
import numpy as np

import msjax
from msjax.compile.fingerprint import Refused, is_cell
from msjax.compile.instrument import global_names
from msjax.core import watching
from msjax.core.tensor import Tensor

_LIBRARY = os.path.dirname(os.path.abspath(msjax.__file__)) + os.sep
_STANDARD = tuple(os.path.abspath(sysconfig.get_paths()[k]) + os.sep for k in ("stdlib", "platstdlib"))
_PACKAGES = tuple(os.path.abspath(sysconfig.get_paths()[k]) + os.sep for k in ("purelib", "platlib"))

_PURE = {
    collections.OrderedDict, collections.deque, collections.Counter, collections.defaultdict, functools.partial,
    functools.reduce, contextlib.nullcontext, contextlib.suppress, dataclasses.asdict, dataclasses.astuple,
    dataclasses.fields, dataclasses.is_dataclass, typing.cast, len, range, enumerate, zip, isinstance, issubclass, int,
    float, bool, str, complex, abs, min, max, sum, sorted, reversed, tuple, list, dict, set, frozenset, callable, slice,
    round, pow, divmod, all, any, map, filter, iter, next, object, bytes, ord, chr, type,
}  # fmt: skip
# What calls the functions that it is given, and what does not compare the values.
CALLERS = {map, filter, sorted, min, max, iter, functools.reduce, *filter(callable, vars(itertools).values())}
_WALKERS = {map, zip, enumerate, iter, reversed, len, list, tuple, functools.reduce, itertools.chain, itertools.islice}
BUILT_IN = (BuiltinFunctionType, type([].append), type("".__len__), type(list.append))
_MANAGER = contextlib.contextmanager(lambda: None).__code__  # of what it makes of the user's generator
_EFFECTS_OF_OPERATOR = {  # and what is not seen
    *"setitem delitem attrgetter methodcaller call is_ is_not mod".split(),
    *(n for n in dir(operator) if n.startswith("i") and n[1:] in dir(operator)),
}
_NAMESPACES = {("types", "SimpleNamespace"), ("argparse", "Namespace")}

# Methods of containers and arrays that only read.
READERS = {
    list: {"index", "count", "copy"},
    dict: {"get", "items", "keys", "values", "copy"},
    set: set("copy union intersection difference issubset issuperset isdisjoint symmetric_difference".split()),
    collections.deque: {"index", "count", "copy"},
    np.ndarray: set(
        "sum mean min max std var prod any all round dot reshape ravel transpose astype copy item tolist".split()
    ),
}
_ARRAYS = ("numpy", "jax", "jaxlib")
# numpy.add, and numpy.clip, which is a function of a class of its own.
NUMPY_FUNCTIONS = (np.ufunc, type(np.clip))
IMMUTABLE = (str, bytes, int, float, complex, bool, tuple, frozenset, range, slice, np.generic, np.dtype)
_OF_DICTS = ("__getitem__", "__setitem__", "__delitem__", "get")  # `__getattr__ = dict.get`
_MAKERS = (*IMMUTABLE, dict, itertools.chain)  # classes whose methods make new objects
_JAX_ROOMS = (
    *("numpy", "lax", "nn", "scipy", "api", "tree", "pjit", "ad_checkpoint", "custom_derivatives"),
    "traceback_util",  # what its transforms make of functions
)
_SCHEDULES = "optax.schedules."  # functions of a count, which assign their own variables what these are already
# What JAX makes of functions, and where they are in it.
JITTED = type(jax.jit(len))
MADE_BY_JAX: dict[type, tuple[str, ...]] = {
    JITTED: ("__wrapped__",),
    jax.custom_vjp: ("fun", "fwd", "bwd", "nondiff_argnums"),
    jax.custom_jvp: ("fun", "jvp", "nondiff_argnums"),
}
_NUMPY_ROOMS_WITH_EFFECTS = ("numpy.random", "numpy.lib._npyio", "numpy.ctypeslib")
_NUMPY_EFFECTS = set(
    "save savez savez_compressed savetxt load loadtxt copyto put putmask place fill_diagonal seterr setbufsize "
    "set_printoptions seterrcall shares_memory put_along_axis fromfile memmap".split()
)
# Of msjax, what changes something besides Tensors, needs a value, or calls functions that were registered before.
_ROOMS = tuple(f"msjax.{room}" for room in "ops autodiff diffops mint numpy nn core. scipy amp train.mixed".split())
_ROOMS_WITH_EFFECTS = tuple(
    f"msjax.{room}" for room in "core.context core.precision core.random log nn.initializer".split()
)
# Where the layers are that have no Parameters, so that a function may make them anew on each call.
ROOMS_WITHOUT_STATE = tuple(
    f"msjax.nn.{room}" for room in "loss wrap layer.activation layer.pooling layer.older".split()
)
_BASE = ("msjax.nn.cell", "msjax.nn.naming", "msjax.nn.state", "msjax.nn.hooks")  # of the user's networks
_EFFECTS = set(
    "print_ Print save_checkpoint load_checkpoint set_seed manual_seed seed set_rng_state get_rng_state initial_seed "
    "register_saved_tensors_hooks saved_tensors_hooks Custom HookBackward InsertGradientOf TensorDump "
    "HookHandle".split()
)
TENSOR_EFFECTS = set(
    "register_hook requires_grad_ init_data data_sync set_const_arg flush_from_cache set_data_type backward "
    "retain_grad __reduce__ __dlpack__ data_ptr".split()
)
CELL_READERS = set(
    "trainable_params untrainable_params get_parameters parameters_and_names cells name_cells cells_and_names "
    "parameters_dict get_flags state_dict buffers named_buffers keys values items".split()
)
# Methods of msjax's layers, losses and optimizers that compute with what those keep.
LAYER_METHODS = set(
    "construct get_loss get_axis get_lr get_weight_decay decay_weight gradients_centralization scale_grad "
    "flatten_gradients _grad_sparse_indices_deduplicate broadcast_params assignadd start_overflow_check "
    "get_overflow_status process_loss_scale".split()
)
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


def is_library(obj) -> bool:
    """Whether the class of an object is msjax's own, or derives from one that computes."""
    return any(c.__module__.startswith("msjax.") and c.__module__ not in _BASE for c in type(obj).__mro__)


def is_user(cls: type) -> bool:
    """Whether a class is neither msjax's nor built in, nor of a library of arrays."""
    top = cls.__module__.partition(".")[0]
    return top not in ("msjax", "builtins", *_ARRAYS) and (top == "__main__" or top not in sys.stdlib_module_names)


def vet(cls: type) -> list[tuple[type, str, FunctionType]]:
    """The methods of a class that operators, `len`, `with`, or msjax call, so that calling them must be made visible.

    Raises:
        Refused: if objects of the class may do what can not be seen.
    """
    if type(cls) not in (type, abc.ABCMeta, enum.EnumMeta):
        raise Refused(f"the class {cls.__name__} has a metaclass")
    base, found = set(), []
    for c in reversed(cls.__mro__):
        if not is_user(c):
            base.update(vars(c) if c.__module__.startswith("msjax.") or c is dict else ())
            continue
        for name, value in vars(c).items():
            if _runs_unasked(c, name, value, base):
                if not isinstance(value, FunctionType) or name in _UNSEEN:
                    raise Refused(f"the class {cls.__name__} defines {name}, which runs unseen")
                found.append((c, name, value))
    return found


def _runs_unasked(cls: type, name: str, value, base: set) -> bool:
    """Whether a member of a class is run without being called by its name, by the user at least."""
    special = name.startswith("__") and name.endswith("__")
    if name in _EXPLICIT and not (name == "__call__" and name in base):
        return False
    if not isinstance(value, _FUNCTIONS) and not (special and callable(value)):
        return False
    if isinstance(value, FunctionType):
        generated = dataclasses.is_dataclass(cls) and value.__code__.co_filename == "<string>"
        if generated or value.__globals__.get("__name__") in _GENERATORS or is_special(value):
            return False
    return (special or name in base) and not (issubclass(cls, dict) and value in map(vars(dict).get, _OF_DICTS))


def is_special(function) -> bool:
    """Whether a function stands for a method while a watch sees what that does."""
    return isinstance(function, FunctionType) and function.__code__ is _SEEN_METHOD


def show(cls: type, name: str, function: FunctionType) -> None:
    """Let a method be seen that operators and msjax call, until it is put back."""

    def method(*args, **kwargs):
        watch = watching.current()
        return (function if watch is None else functools.partial(watch.call, function))(*args, **kwargs)

    type.__setattr__(cls, name, functools.update_wrapper(method, function))


_SEEN_METHOD = next(c for c in show.__code__.co_consts if isinstance(c, CodeType))


def behind(function: Any):
    """The user's own method, where another one stands for it."""
    if isinstance(function, MethodType) and isinstance(function.__func__, FunctionType):
        return MethodType(behind(function.__func__), function.__self__)
    if type(function) is JITTED and place(function.__wrapped__) != "jax":
        return function.__wrapped__  # it becomes part of a program anyway
    return function.__wrapped__ if is_special(function) else function


def check_class(cls: type) -> None:
    """Make sure that what a class does as an object is seen: that no metaclass of the user's does it.

    Raises:
        Refused: if one may.
    """
    if is_user(type(cls)):
        raise Refused(f"the class {cls.__name__} has a metaclass")
    if isinstance(cls, enum.EnumMeta) and is_user(cls):
        for _, name, _ in vet(cls):
            raise Refused(f"the enumeration {cls.__name__} defines {name}")


def draws(obj) -> bool:
    """Whether an object gives random numbers of Python or numpy, or is a function or method of theirs that does."""
    kinds: Any = type(obj).__mro__
    if isinstance(obj, (MethodType, BuiltinFunctionType)):
        kinds = (*kinds, *type(obj.__self__).__mro__)
    elif type(obj).__name__ == "cython_function_or_method":
        kinds = (obj,)
    return any(k.__module__ == "random" or str(k.__module__).startswith("numpy.random") for k in kinds)


def is_namespace(cls: type) -> bool:
    """Whether objects of a class from elsewhere hold attributes, and do nothing but compare them."""
    return any((c.__module__, c.__name__) in _NAMESPACES for c in cls.__mro__[:-1])


def is_value(obj) -> bool:
    """Whether an object from outside is compared by what it holds, or is one that never changes."""
    kinds = (dict, collections.deque, np.ndarray, logging.Logger, functools._lru_cache_wrapper, type(os.environ))
    return isinstance(obj, kinds) or type(obj) in MADE_BY_JAX


def check_object(cls: type) -> None:
    """Make sure that what objects of a class hold is in their attributes, so that reading it is seen.

    Raises:
        Refused: if they may hold something else.
    """
    caller: Any = next((c for c in cls.__mro__ if "__call__" in vars(c)), None)
    if hasattr(cls, "cells_and_names") and not is_user(caller) and place(vars(caller)["__call__"]) != "msjax":
        raise Refused(f"{caller.__name__}.__call__ has been replaced")
    if cls.__module__.startswith("msjax.") or cls is object or is_namespace(cls):
        return
    places = [c.__module__.partition(".")[0] for c in cls.__mro__ if c is not object]
    if not is_user(cls) or any(p in ("builtins", "_io", "collections", *_ARRAYS) for p in places):
        raise Refused(f"it uses a {cls.__name__} from outside, which may change unnoticed")


_FUNCTIONS = (FunctionType, classmethod, staticmethod, property)


def place(found) -> str:
    """Where a function, a method or a class, or that of an object, comes from.

    Of functions it is "msjax", "standard", "jax", "numpy", or "user"; of classes "msjax" or "elsewhere".
    """
    if isinstance(found, MethodType):
        return place(found.__func__)
    if not isinstance(found, FunctionType):
        cls = found if isinstance(found, type) else type(found)
        return "msjax" if cls.__module__.startswith("msjax.") else "elsewhere"
    module, file = module_of(found), found.__code__.co_filename
    if module.startswith("msjax."):
        return "msjax"
    top = module.partition(".")[0]
    if top in _ARRAYS:
        return top
    if module.startswith(_SCHEDULES) and not holds_users(found):
        return "jax"
    if file.startswith(_LIBRARY):
        return "msjax"
    return "standard" if file.startswith(("<frozen ", *_STANDARD)) and not file.startswith(_PACKAGES) else "user"


def module_of(function: FunctionType) -> str:
    """Where a function is defined; its `__module__` may be that of a function which it stands for."""
    return function.__globals__.get("__name__") or function.__module__ or ""


def holds_users(function: FunctionType) -> bool:
    """Whether a function of msjax has captured anything of the user's, as what `ms.grad` gives has."""
    return any(_is_users(cell.cell_contents) for cell in function.__closure__ or () if cell != _EMPTY)


def _is_users(value) -> bool:
    if isinstance(value, FunctionType):
        return place(value) not in ("msjax", "jax") or holds_users(value)
    if isinstance(value, (list, tuple)):
        return any(map(_is_users, value))
    if isinstance(value, dict):
        return any(map(_is_users, value.values()))
    return (
        hasattr(value, "__dict__")
        and not isinstance(value, (type, ModuleType))
        and (is_cell(value) or hasattr(value, "__jax_array__") or is_user(type(value)) or callable(value))
    )


_EMPTY = CellType()


def remembers(function) -> bool:
    """Whether JAX traces the functions that it is given only once, and then uses their programs."""
    modules = (module_of(function), function.__module__ or "") if isinstance(function, FunctionType) else ()
    rooms = ("jax._src.lax.", "jax._src.ad_checkpoint")
    return function is jax.jit or type(function) is JITTED or any(module.startswith(rooms) for module in modules)


def reads_nothing(value: Any, above: tuple = ()) -> bool:
    """Whether a function reads nothing from outside that may change, nor do the functions that it has from there."""
    if isinstance(value, (type, ModuleType)):
        top = getattr(value, "__module__", value.__name__).partition(".")[0]
        return top in (*_ARRAYS, "msjax", "mindspore", "math", "builtins")
    value = value.__wrapped__ if type(value) is JITTED else value
    if not isinstance(value, FunctionType) or value in above or place(value) != "user":
        return isinstance(value, (FunctionType, *BUILT_IN))
    captured = [c.cell_contents for c in value.__closure__ or () if c != _EMPTY]
    names = frozenset().union(*global_names(value.__code__)) & value.__globals__.keys()
    return all(reads_nothing(v, (*above, value)) for v in (*captured, *map(value.__globals__.get, names)))


def check_library(found: Any) -> None:
    """Raises:
    Refused: if a function or class of msjax has effects, or is not known to have none."""
    function = isinstance(found, FunctionType)
    name, module = (found.__code__.co_name, module_of(found)) if function else (found.__name__, found.__module__)
    if not module.startswith(_ROOMS) or module.startswith(_ROOMS_WITH_EFFECTS) or name in _EFFECTS:
        raise Refused(f"it calls {name}, which has effects besides what it returns")


def check_foreign(function) -> None:
    """Raises:
    Refused: if a function or class that is neither the user's nor msjax's is not known to only compute."""
    name, module = name_of(function), getattr(function, "__module__", None) or ""
    if isinstance(function, FunctionType) and module.partition(".")[0] not in _ARRAYS:
        module = module_of(function)
    if function is os.getenv:
        raise Refused("it calls os.getenv; os.environ.get is followed")
    if not _is_known(function) and not _computes(function, name, module):
        raise Refused(f"it calls {name}, which may have effects besides what it returns")


def _is_known(function) -> bool:
    with suppress(TypeError):
        return function in _PURE or getattr(function, "__code__", None) is _MANAGER
    return False


def _computes(function, name: str, module: str) -> bool:
    if isinstance(function, np.ufunc):
        return not all(set(t) <= set("O->") for t in function.types)  # as what numpy.frompyfunc makes of a function
    if isinstance(function, type) and issubclass(function, (np.generic, Exception)):
        return True
    if module in ("math", "_operator", "operator", "itertools", "cmath"):
        return name not in _EFFECTS_OF_OPERATOR
    if module.partition(".")[0] == "numpy":
        return not module.startswith(_NUMPY_ROOMS_WITH_EFFECTS) and name not in _NUMPY_EFFECTS
    if module.startswith(_SCHEDULES):
        return True
    return module.partition(".")[0] in _ARRAYS and any(part in module for part in _JAX_ROOMS) and "debug" not in name


def check_constant(value) -> None:
    """Raises:
    Refused: if `value` is a built-in method of an object, which may change it, or a class with a metaclass."""
    check_class(value if isinstance(value, type) else type(value))
    if isinstance(value, BuiltinFunctionType):
        owner = value.__self__
        if owner is not None and not isinstance(owner, (ModuleType, type)):
            raise Refused(f"it uses {type(owner).__name__}.{value.__name__} of an object from outside")


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


def may_compare(function, given) -> bool:
    """Whether a function may compare a value that it is given, or its elements, as `list.index` and `set` do."""
    if isinstance(function, (type, BuiltinFunctionType)) and function in _WALKERS:
        return False
    if not isinstance(given, FunctionType):
        return True
    owner = owner_of(function)
    if isinstance(owner, list) and function.__name__ == "sort":
        return False
    return getattr(function, "__module__", "") == "_operator" or not isinstance(owner, (ModuleType, type(None)))


def holder(cls: type, name: str) -> type | None:
    """The class that `cls` has a name from."""
    return next((c for c in cls.__mro__ if name in vars(c)), None)


def static(cls: type, name: str):
    """What a class has under a name, as it stands there; None if nothing."""
    found = holder(cls, name)
    return None if found is None else vars(found)[name]


def name_of(function) -> str:
    return getattr(function, "__qualname__", None) or getattr(function, "__name__", type(function).__name__)


def owner_of(function):
    """The object whose method a function is, or the module of a built-in function."""
    return getattr(function, "__self__", None)
