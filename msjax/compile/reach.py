"""What functions know by name, and so may read: Tensors for a trace to begin with, Parameters to differentiate by."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import FunctionType, MethodType

import jax

from msjax.compile.fingerprint import Call
from msjax.compile.instrument import is_instrumented
from msjax.compile.origin import captured, is_jitted
from msjax.compile.source import parts
from msjax.core.cells import is_cell
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw
from msjax.core.view import owner

_MANY = 64  # functions that are looked at


def trains(call: Call) -> bool:
    """Whether a call takes or may read Parameters, as training and evaluating networks does."""
    return any(isinstance(t, Parameter) for t in (*call.handles, *tensors_in_reach(call)))


def tensors_in_reach(call: Call) -> Iterator[Tensor]:
    """The Tensors that a call is likely to read besides those it brings, so that one trace finds them all: of the
    networks that it brings, or that its functions know by a global name."""
    functions = islice(_reached(call.functions, _functions_of), _MANY)
    for value in (*call.pins, *(v for function in functions for v in _globals(function))):
        if is_cell(value):
            tensors = (t for _, cell in value.cells_and_names() for t in _own(cell))
        else:
            tensors = [value] if _is_tensor(value) else []
        yield from (h for h in map(owner, tensors) if h._view is None and isinstance(raw(h), jax.Array))


def parameters_in_reach(fn) -> list[Parameter]:
    """The trainable Parameters of a Cell, or of the Cells and variables that a function knows, as declared."""
    parameters: dict[int, Parameter] = {}
    for value in _reached([fn], _led_to):
        held = value.trainable_params() if is_cell(value) else [value] if isinstance(value, Parameter) else ()
        for parameter in held:
            parameters.setdefault(id(parameter), parameter)
    return [p for p in parameters.values() if p.requires_grad]


def _is_tensor(value) -> bool:
    """Whether it is one by its type: what it says itself may run code of the user's, or raise."""
    return issubclass(type(value), Tensor)


def _reached(values: Iterable, leads_to: Callable[..., Iterable]) -> Iterator:
    """Values and what they lead to, step by step, each once."""
    waiting, seen = deque(values), set()
    while waiting:
        value = waiting.popleft()
        if id(value) not in seen:
            seen.add(id(value))
            yield value
            waiting.extend(leads_to(value))


def _led_to(value) -> list:
    """What a Cell, function, method or container leads to, of what may hold Parameters."""
    if is_cell(value):
        return [type(cell).construct for _, cell in value.cells_and_names()]
    if isinstance(value, MethodType):
        return [value.__self__, value.__func__]
    if is_jitted(value) and not isinstance(value, FunctionType):
        return [value.__wrapped__]
    if isinstance(value, FunctionType):
        value = [*captured(value).values(), *_globals(value)]
    return [v for v in value if _leads_on(v)] if isinstance(value, (list, tuple)) else []


def _leads_on(value) -> bool:
    return isinstance(value, (Parameter, MethodType, FunctionType, list, tuple)) or is_cell(value) or is_jitted(value)


def _functions_of(function: FunctionType) -> list[FunctionType]:
    return [value for value in _globals(function) if type(value) is FunctionType]


def _globals(function: FunctionType) -> list:
    """The values of the global names in a function, and in those that are defined in it."""
    codes = [*parts(function.__code__)]
    names = [name for code in codes for name in code.co_names]
    if is_instrumented(function):  # then the watch is told the names as texts
        names += [text for code in codes for text in code.co_consts if isinstance(text, str)]
    return [function.__globals__[name] for name in dict.fromkeys(names) if name in function.__globals__]


def _own(cell) -> Iterator[Tensor]:
    for value in tuple(cell.__dict__.values()):
        for v in value if issubclass(type(value), (list, tuple)) else (value,):
            if _is_tensor(v):
                yield v
