"""Maps over tuples and lists, also nested, and functions chosen by the types of their arguments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from msjax.core import dtype as mstype
from msjax.core import watching
from msjax.core.effects import keeps_functions
from msjax.core.kinds import is_a
from msjax.core.tensor import Tensor
from msjax.ops.table import publish

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


publish("ops", MultitypeFuncGraph=MultitypeFuncGraph, Map=Map, HyperMap=HyperMap)
