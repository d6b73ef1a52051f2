"""What a call is a call of: a key that calls share which one program may serve, and the Tensors that they bring.

Functions count by their code and by what they captured, so that a lambda made anew on each call has the key it had
before; numbers and strings by value; Tensors by shape and dtype; anything else by identity.
"""

from __future__ import annotations

import contextlib
import enum
import functools
import inspect
from collections import OrderedDict
from collections.abc import Callable
from types import (
    BuiltinFunctionType,
    CellType,
    CodeType,
    FunctionType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    SimpleNamespace,
)
from typing import Any

import numpy as np

from msjax.compile.origin import captured
from msjax.compile.refusal import Refused
from msjax.core import placement, sameness
from msjax.core.cells import is_cell
from msjax.core.dtype import DType
from msjax.core.mutable import MARKED, unmarked
from msjax.core.opaque import KINDS
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.tensor import Tensor, Tracer
from msjax.core.view import current, owner
from msjax.shims.jax import KIND

SMALL = 1 << 14  # bytes of a numpy array that is part of a key
MANY = 64  # elements of a container whose numbers may be others: with more, one by one costs more than another program
_MANY = 4096  # elements of containers
_IN_DATA = (Tensor, list, tuple, dict, str, bytes, bool, type(None))


class Call:
    """One call taken apart.

    Attributes:
        handles: the Tensors among arguments and captured variables, in order.
        distinct: the same, each once.
        pins: the objects that count by identity, in order.
        containers: the lists, dicts and sets, in order.
        codes: the code of the functions and Cells.
        functions: the functions.
        counts: whether numbers are among the arguments, or captured by the user's functions, be it in containers.
        open: the types of arguments that may be others of their type.
        numbers: those, and captured ones if plain numbers are open.
        places: which number is where: by the id of a container and the position in it, or of a captured variable.
        cells: the captured variables that hold numbers or containers.
        spread: whether there are several devices, so that arrays may lie anywhere.
        given: the Tensors among the arguments, whose rows are divided if there are several devices; not those of
            optimizers.
        lengths: the `lengths.Lengths` of axes of `distinct`, if the call is one of those with others.
    """

    __slots__ = (
        "cells", "codes", "containers", "counts", "distinct", "functions", "given", "handles", "inside", "lengths",
        "numbers", "open", "pins", "places", "spread",
    )  # fmt: skip

    def __init__(self):
        self.handles: list[Tensor] = []
        self.pins: list = []
        self.containers: list = []
        self.numbers: list = []
        self.open: tuple[type, ...] = MARKED
        self.cells: list[CellType] = []
        self.places: dict[tuple, int] = {}
        self.counts = False
        self.given: list[Tensor] = []
        self.lengths: Any = None
        self.spread = placement.mesh() is not None
        self.codes: list[CodeType] = []
        self.functions: list[FunctionType] = []
        self.inside: list[int] = []

    def take(self, function, args: tuple, kwargs: dict):
        """Take apart a call; gives its key, which is hashable and equal for calls that one program may serve.

        Raises:
            Refused: if it can not be told from other calls.
        """
        values = (*args, *kwargs.values())
        kinds = {*map(type, values)}
        self.counts = not kinds.isdisjoint(KINDS)
        if not kinds.isdisjoint(self.open):
            self.numbers = list(map(unmarked, (a for a in values if type(a) in self.open)))
            args = tuple(map(self._kind, args))
            kwargs = {k: self._kind(v) for k, v in kwargs.items()}
        callee = _walk(function, self)
        before = len(self.handles)
        key = (callee, *[_OPENED.get(type(a), _other)(a, self) for a in args])
        if kwargs:
            key = (*key, *[(k, _OPENED.get(type(v), _other)(v, self)) for k, v in kwargs.items()])
        if self.spread and getattr(type(function), "_takes_rows", True):
            self.given = self.handles[before:]
        # Which of the Tensors are one and the same is part of the key: one that is written shows under all its names.
        same, self.distinct = _first_places(self.handles), self.handles
        if same is not None:
            key = (*key, same)
            self.distinct = [self.handles[i] for i in sorted({*same})]
        same = _first_places(self.containers)
        return key if same is None else (key, same)

    def take_open(self, function, args: tuple, kwargs: dict):
        """The same, with a key that calls share which differ in numbers."""
        self.open = (*MARKED, *KINDS)
        return "open", self.take(function, args, kwargs)

    def _kind(self, value):
        return type(value) if type(value) in self.open else value

    def subject(self) -> tuple[list[CodeType], list[int]]:
        """What the call is about: the code of its functions and Cells, and which Cells and other objects these are."""
        cells = [c for pin in self.pins if is_cell(pin) for _, c in pin.cells_and_names()]
        objects = list({id(o): o for o in (*self.pins, *cells)}.values())
        methods: list[Any] = [getattr(type(o), "construct" if is_cell(o) else "__call__", None) for o in objects]
        codes = [f.__code__ for f in map(inspect.unwrap, methods) if isinstance(f, FunctionType)]
        return list(dict.fromkeys([*self.codes, *codes])), [id(o) for o in objects]


def subject_of(fn) -> tuple[list[CodeType], list[int]]:
    """The same for a function by itself, or for what ms.jit made of it."""
    call = Call()
    if hasattr(type(fn), "as_called_by"):
        fn = fn.__wrapped__
    with contextlib.suppress(Refused, Exception):
        _walk(fn, call)
    return call.subject()


def data_of(value) -> dict | None:
    """What an object holds by name, if it is only data, as a batch is: then it counts by that, like a container.

    It is data if it is a dataclass or a namespace that holds Tensors, and no numbers besides that may change in it.
    """
    kind: Any = type(value)
    if kind is not SimpleNamespace:
        settings = getattr(kind, "__dataclass_params__", None)
        if settings is None or not settings.eq or kind.__getattribute__ is not object.__getattribute__:
            return None
        if hasattr(kind, "__getattr__") or callable(value) or is_cell(value):
            return None
    slots = [
        n for n in getattr(kind, "__dataclass_fields__", ()) if type(getattr(kind, n, None)) is MemberDescriptorType
    ]
    held = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    held.update(getattr(value, "__dict__", {}))
    # A batch is made anew for each step, so by identity it would be a new call each time. What may count steps or hold
    # settings must not: those would be compared as numbers, and traced again whenever they change.
    frozen = kind is not SimpleNamespace and settings.frozen
    if not any(isinstance(v, Tensor) for v in held.values()):
        return None
    return held if frozen or all(isinstance(v, _IN_DATA) for v in held.values()) else None


class _Kind(tuple):
    """What a program takes of an array that may lie anywhere."""

    __slots__ = ()


def but_shapes(key):
    """What is the same in the keys of calls that differ in nothing but the shapes and dtypes of Tensors."""
    if type(key) in (_Kind, KIND):
        return None
    return tuple(map(but_shapes, key)) if type(key) is tuple else key


def _walk(value, call: Call):
    return _VISITORS.get(type(value), _other)(value, call)


def _itself(value, call):
    return value


def _tensor(value, call):
    if value._hooks:
        raise Refused("a hook is registered on a Tensor that it takes")
    array, shown = (value._array, value) if value._view is None else (current(value), owner(value))
    call.handles.append(shown)
    if isinstance(array, Tracer):
        raise Refused("it is traced by an outer transform")
    # Wherever it lies: XLA's programs may be others, ours are not.
    kind = _Kind((array.shape, array.dtype, array.weak_type)) if call.spread else array.aval
    return kind if shown._view is None else ("view", kind)


def _parameter(value, call):
    return Parameter, _tensor(value, call), value._requires_grad


class _Ours:
    """A function that msjax made, as `ms.grad` does. What it captured stays, so that only what is the user's of it is
    walked at each call.

    Attributes:
        key: of the rest.
        users: what is the user's.
        codes, functions: the function's, and then those of others of ours that it captured.
    """

    __slots__ = ("codes", "functions", "key", "users")

    def __init__(self, function: FunctionType):
        self.codes: list[CodeType] = []
        self.functions: list[FunctionType] = []
        self.users: list = []
        self.key = self._rest(function)

    def _rest(self, value):
        """The key of a value, with None in the places of what is the user's."""
        kind = type(value)
        if kind is FunctionType and _is_ours(value) and value not in self.functions:
            self.codes.append(value.__code__)
            self.functions.append(value)
            return value.__code__, tuple(map(self._rest, captured(value).values())), self._rest(value.__defaults__)
        if kind is tuple and len(value) <= _MANY:
            return tuple, *map(self._rest, value)
        if kind in (int, bool, str, type(None)):
            return kind, value
        self.users.append(value)
        return None


def _is_ours(function: FunctionType) -> bool:
    return function.__globals__.get("__name__", "").startswith("msjax.") and not function.__kwdefaults__


def _function(value: FunctionType, call: Call):
    if id(value) in call.inside:
        return "itself", call.inside.index(id(value))
    if value.__closure__ and _is_ours(value):
        # Its key is worked out once and kept on the function itself, with which it goes.
        known = value.__dict__.get("_msjax_key")
        if known is None or known.functions[0] is not value:  # that of a function which it wraps
            known = value.__dict__["_msjax_key"] = _Ours(value)
        call.codes += known.codes
        call.functions += known.functions
        call.inside.append(id(value))
        form = (known.key, *[_VISITORS.get(type(v), _other)(v, call) for v in known.users])
        call.inside.pop()
        return form
    code = value.__code__
    call.codes.append(code)
    call.functions.append(value)
    parts: list = [code, id(value.__globals__)]  # a module that is loaded twice has the same code twice
    if value.__closure__ or value.__defaults__ or value.__kwdefaults__:
        # A function that calls itself has itself among what it captured.
        call.inside.append(id(value))
        for cell in value.__closure__ or ():
            try:
                contents = cell.cell_contents
            except ValueError:  # not assigned yet
                parts.append(CellType)
            else:
                parts.append(_captured(cell, call) if type(contents) in _MAY_HOLD else _walk(contents, call))
        if value.__defaults__:
            parts.append(_sequence(value.__defaults__, call))
        if value.__kwdefaults__:
            parts.append(_mapping(value.__kwdefaults__, call))
        call.inside.pop()
    return tuple(parts)


def _captured(cell: CellType, call: Call):
    """A captured number, or a container of some."""
    if call.open is not MARKED:
        call.cells.append(cell)
    contents = cell.cell_contents
    return _place(cell, None, contents, call) if type(contents) in KINDS else _OPENED[type(contents)](contents, call)


def _place(holder, position: int | None, number, call: Call):
    """A number that may be another one in the next call, and what holds it."""
    call.counts = True
    if call.open is MARKED:
        return _walk(number, call)
    call.places[id(holder), position] = len(call.numbers)
    call.numbers.append(number)
    return type(number)


def _method(value: MethodType, call):
    return _walk(value.__func__, call), _walk(value.__self__, call)


def _partial(value: functools.partial, call):
    return functools.partial, _walk(value.func, call), _walk(value.args, call), _walk(value.keywords, call)


def _first_places(objects: list) -> tuple[int, ...] | None:
    """Where each of some objects stands first among them; None if they are all different."""
    if len(objects) < 2 or len({*map(id, objects)}) == len(objects):
        return None
    first = {id(obj): i for i, obj in reversed(list(enumerate(objects)))}
    return tuple([first[id(obj)] for obj in objects])


def _enter(value, call: Call) -> None:
    if len(value) > _MANY or id(value) in call.inside:
        raise Refused("it takes a container of very many elements, or one that contains itself")
    call.inside.append(id(value))
    if not isinstance(value, tuple):
        call.containers.append(value)


def _elements(container, elements, call: Call) -> list:
    return [_VISITORS.get(type(v), _other)(v, call) for v in elements]


def _opened_elements(container, elements, call: Call) -> list:
    """Those of a container among the arguments, or captured."""
    if len(container) > MANY:
        return _elements(container, elements, call)
    if {*map(type, elements)}.isdisjoint(KINDS):  # as nearly always
        return [_OPENED.get(type(v), _other)(v, call) for v in elements]
    return [
        _place(container, i, v, call) if type(v) in KINDS else _OPENED.get(type(v), _other)(v, call)
        for i, v in enumerate(elements)
    ]


def _sequence(value, call: Call, form_of=_elements):
    _enter(value, call)
    form = (type(value), *form_of(value, value, call))
    call.inside.pop()
    return form


def _mapping(value, call: Call, form_of=_elements):
    _enter(value, call)
    keys = [_walk(k, call) for k in value]
    form = (type(value), *zip(keys, form_of(value, value.values(), call), strict=True))
    call.inside.pop()
    return form


def _opened_sequence(value, call: Call):
    return _sequence(value, call, _opened_elements)


def _opened_mapping(value, call: Call):
    return _mapping(value, call, _opened_elements)


def _array(value: np.ndarray, call):
    if value.dtype == object:
        raise Refused("it takes a numpy array of objects")
    if value.nbytes > SMALL:  # the checks compare what it holds; to do so in each key would hash all of it
        call.pins.append(value)
        return id(value)
    return np.ndarray, value.dtype, value.shape, value.tobytes()


def _other(value, call: Call):
    if isinstance(value, np.generic):
        return type(value), value.dtype, value.tobytes()
    if isinstance(value, (type, np.dtype)):
        return type(value), value
    if isinstance(value, enum.Enum):
        return type(value), id(value)  # the class keeps its members, and may hash them by a function of the user's
    if isinstance(value, Tensor):
        return type(value), _tensor(value, call), value._requires_grad
    if isinstance(value, tuple):
        return _sequence(value, call)
    held = data_of(value)
    if held is not None:  # else whatever it may be counts by identity, and what is read of it is checked
        if id(value) in call.inside:
            raise Refused(f"it takes a {type(value).__name__} that contains itself")
        call.inside.append(id(value))
        form = (type(value), *[(name, _walk(v, call)) for name, v in held.items()])
        call.inside.pop()
        return form
    call.pins.append(value)
    return id(value)


_VISITORS: dict[type, Callable] = {
    **dict.fromkeys((int, bool, str, bytes, type(None), type(...), DType, CodeType), sameness.plain),
    float: sameness.number,
    complex: sameness.by_text,
    range: sameness.by_bounds,
    **dict.fromkeys((ModuleType, BuiltinFunctionType), _itself),
    **dict.fromkeys((tuple, list, ParameterTuple, set, frozenset), _sequence),  # equal sets may differ in their order
    **dict.fromkeys((dict, OrderedDict), _mapping),
    Tensor: _tensor,
    Parameter: _parameter,
    FunctionType: _function,
    MethodType: _method,
    functools.partial: _partial,
    np.ndarray: _array,
}
# Of what the call brings or the user's functions captured, numbers in containers may be others, as weights of losses.
_OPENED: dict[type, Callable] = {**_VISITORS, list: _opened_sequence, tuple: _opened_sequence, dict: _opened_mapping}
_MAY_HOLD = (*KINDS, list, tuple, dict)
