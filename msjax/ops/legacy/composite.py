"""What composes operators: maps over nested tuples, functions chosen by type, printing, and marks for compilers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import printing, watching
from msjax.core.effects import has_effects, keeps_functions
from msjax.core.kinds import is_a
from msjax.core.tensor import Tensor, raw
from msjax.core.trace import Tracer, detach
from msjax.ops.table import publish
from msjax.ops.table.primitive import Primitive

_NUMBERS = (bool, int, float, complex)
_EXACT = {"Bool": bool, "String": str, "Tuple": tuple, "List": list, "Dictionary": dict, "None": type(None)}
_KINDS = ("Int", "Int8", "Int16", "Int32", "Int64"), ("Float", "Float16", "Float32", "Float64")
_ABSENT = {"UInt", "UInt8", "UInt16", "UInt32", "UInt64", "BFloat16", "Complex", "RowTensor", "COOTensor", "CSRTensor",
           "MapTensor", "Slice", "Ellipsis", "Keyword", "Problem", "EnvType"}  # fmt: skip


def _matches(name: str, value) -> bool:
    """Whether a value is of the type of this name."""
    if name == "Number":
        return isinstance(value, (*_NUMBERS, np.number))
    if name == "Tensor":
        return isinstance(value, Tensor)
    if name == "Function":
        return callable(value) and not isinstance(value, Tensor)
    if name in _KINDS[0]:
        return is_a(value, "int")
    if name in _KINDS[1]:
        return isinstance(value, float)
    return name in _EXACT and isinstance(value, _EXACT[name])


_NAMES = {"Number", "Tensor", "Function", *_EXACT, *_KINDS[0], *_KINDS[1], *_ABSENT}


@keeps_functions
class MultitypeFuncGraph:
    """A function with one body for each combination of argument types.

    Args:
        name: a name, for messages.
        read_value: accepted for compatibility.

    Raises:
        TypeError: if `name` is not a str, or an argument of a call is a numpy array.
        ValueError: if no body fits the arguments of a call.

    Example:
        >>> add = ops.MultitypeFuncGraph("add")
        >>> @add.register("Number", "Number")
        ... def add_numbers(x, y):
        ...     return x + y
        >>> add(1, 2)
        3
    """

    def __init__(self, name: str, read_value: bool = False):
        if not isinstance(name, str):
            raise TypeError(f"For 'MultitypeFuncGraph', 'name' must be a str, but got {name!r}.")
        self.name = name
        self.entries: list[tuple[tuple[str, ...], Callable]] = []

    def register(self, *type_names):
        """Decorate the body for arguments of these types: "Tensor", "Number", "Tuple", ..., or MindSpore dtypes.

        Raises:
            RuntimeError: if there is no type of that name.
        """
        names = tuple(
            {"NoneType": "None"}.get(str(n), str(n)) if isinstance(n, mstype.DType) else n for n in type_names
        )
        for name in names:
            if name not in _NAMES:
                raise RuntimeError(f"Unsupported type name: {name}! Use one of {sorted(_NAMES - _ABSENT)}.")

        def decorate(fn):
            self.entries.append((names, fn))
            return fn

        return decorate

    def __call__(self, *args):
        if any(isinstance(a, np.ndarray) for a in args):
            raise TypeError("For 'MultitypeFuncGraph', the input can not be numpy.ndarray; use a Tensor.")
        if len(self.entries) == 1:  # a single body is taken without a look at the types
            return watching.seen(self.entries[0][1])(*args)
        for names, fn in self.entries:
            if len(names) == len(args) and all(map(_matches, names, args)):
                return watching.seen(fn)(*args)
        got = ", ".join(type(a).__name__ for a in args)
        raise ValueError(
            f"For 'MultitypeFuncGraph', cannot find fn match given args. {self.name!r} was called with ({got}), "
            f"and has bodies for {[names for names, _ in self.entries]}."
        )


@keeps_functions
class _Mapping:
    deep: bool

    def __init__(self, ops: Callable | None = None, reverse: bool = False):
        if ops is not None and not callable(ops):
            raise TypeError(f"For '{type(self).__name__}', 'ops' must be a MultitypeFuncGraph, but got {ops!r}.")
        self.ops = ops

    def __call__(self, *args):
        fn, *items = args if self.ops is None else (watching.seen(self.ops), *args)
        if not items:
            raise IndexError(f"For '{type(self).__name__}', give at least one argument to map over.")
        fn = watching.seen(fn)
        return self._map(fn, items) if isinstance(items[0], (tuple, list)) else fn(*items)

    def _map(self, fn, items) -> tuple:
        def at(*parts):
            return self._map(fn, parts) if self.deep and isinstance(parts[0], (tuple, list)) else fn(*parts)

        return tuple(map(at, *items))


class Map(_Mapping):
    """Apply a function to the elements of tuples or lists, at the first level; gives a tuple.

    Args:
        ops: the function; None to give it at the call, before the arguments.
        reverse: accepted for compatibility.

    Example:
        >>> ops.Map()(lambda x, y: x + y, (1, 2), (10, 20))
        (11, 22)
    """

    deep = False


class HyperMap(_Mapping):
    """Apply a function to the leaves of nested tuples and lists; gives nested tuples.

    Args:
        ops: the function; None to give it at the call, before the arguments.
        reverse: accepted for compatibility.

    Example:
        >>> ops.HyperMap()(lambda x: 2 * x, (1, (2, [3])))
        (2, (4, (6,)))
    """

    deep = True


@keeps_functions
class Partial(Primitive):
    """`functools.partial` as a primitive; `ops.partial` is one.

    Example:
        >>> ops.partial(max, 3)(2)
        3
    """

    def __call__(self, func: Callable, *args, **kwargs):
        if not callable(func):
            raise TypeError(f"For 'Partial', the first argument must be a function, but got {func!r}.")
        return functools.partial(func, *args, **kwargs)


@keeps_functions
class Depend(Primitive):
    """The value, once `expr` has been computed; operators run in the order of the program anyway.

    Example:
        >>> ops.Depend()(1, ops.print_("before"))
        before
        1
    """

    def __call__(self, value, expr):
        return value


class _Shown(str):
    """The text of a Tensor, also inside of containers."""

    __repr__ = str.__str__


def _shown(array) -> _Shown:
    return _Shown(printing.to_repr(np.asarray(array), mstype.of(array)))


@has_effects
def print_(*input_x) -> None:
    """Print each argument on a line of its own; in a compiled function, whenever that runs.

    Example:
        >>> ops.print_("x", Tensor([1.0]))
        x
        Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])
    """
    leaves, tree = jax.tree.flatten(input_x, is_leaf=lambda leaf: isinstance(leaf, Tensor))
    arrays = {i: detach(raw(leaf)) for i, leaf in enumerate(leaves) if isinstance(leaf, Tensor)}

    def show(values):
        for item in tree.unflatten(_shown(values[i]) if i in values else leaf for i, leaf in enumerate(leaves)):
            print(item)

    if any(isinstance(array, Tracer) for array in arrays.values()):
        jax.debug.callback(show, arrays)
    else:
        show(arrays)


@keeps_functions
@has_effects
class Print(Primitive):
    """`ops.print_` as a primitive."""

    def __call__(self, *input_x) -> None:
        print_(*input_x)


@keeps_functions
class _Constexpr(Primitive):
    def __init__(self, fn: Callable, name: str | None):
        super().__init__(name or fn.__name__)
        functools.update_wrapper(self, fn, updated=())
        self.fn = fn

    @property
    def attrs(self) -> dict:
        return {"constexpr_prim": True}

    def __call__(self, *args, **kwargs):
        return watching.seen(self.fn)(*args, **kwargs)


def constexpr(fn=None, get_instance=True, name=None, reuse_result=True, check=True) -> Any:
    """Decorate a function of Python values that a compiled function calls; such functions need no mark here.

    Args:
        fn: the function.
        get_instance: with False, the result must be called once, without arguments, to get the function.
        name: shown by repr instead of the function's name.
        reuse_result, check: accepted for compatibility.

    Returns:
        The function; or a decorator, without `fn`.

    Example:
        >>> @ms.constexpr
        ... def double(x):
        ...     return 2 * x
        >>> double(3)
        6
    """

    def decorate(function):
        return _Constexpr(function, name) if get_instance else functools.partial(_Constexpr, function, name)

    return decorate if fn is None else decorate(fn)


def add_flags(fn=None, **flags) -> Any:
    """Decorate a function with flags for MindSpore's compiler, kept in `_func_graph_flags`."""

    def decorate(function):
        function._func_graph_flags = {**getattr(function, "_func_graph_flags", {}), **flags}
        return function

    return decorate if fn is None else decorate(fn)


def core(fn=None, **flags) -> Any:
    """The same with the flag "core"."""
    return add_flags(fn, core=True, **flags)


depend, partial = Depend(), Partial()

publish(
    "ops", MultitypeFuncGraph=MultitypeFuncGraph, Map=Map, HyperMap=HyperMap, Partial=Partial, partial=partial,
    Depend=Depend, depend=depend, Print=Print, print_=print_, constexpr=constexpr, add_flags=add_flags, core=core,
)  # fmt: skip
