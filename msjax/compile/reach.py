"""The Tensors that a call is likely to read besides those it brings, so that one trace finds them all."""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType

import jax

from msjax.compile.fingerprint import Call
from msjax.compile.source import parts
from msjax.core.cells import is_cell
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw
from msjax.core.view import owner

_MANY = 64  # functions that are looked at


def tensors_in_reach(call: Call) -> Iterator[Tensor]:
    """Of the networks that a call brings, or that its functions know by a global name."""
    for value in (*call.pins, *_globals(call)):
        if is_cell(value):
            found = (t for _, cell in value.cells_and_names() for t in _own(cell))
        else:
            found = [value] if is_tensor(value) else []
        yield from (h for h in map(owner, found) if h._view is None and isinstance(raw(h), jax.Array))


def trains(call: Call) -> bool:
    """Whether a call takes or may read Parameters, as training and evaluating networks does."""
    return any(isinstance(t, Parameter) for t in (*call.handles, *tensors_in_reach(call)))


def is_tensor(value) -> bool:
    """Whether it is one by its type: what it says itself may run code of the user's, or raise."""
    return issubclass(type(value), Tensor)


def _own(cell) -> Iterator[Tensor]:
    for value in tuple(cell.__dict__.values()):
        for v in value if issubclass(type(value), (list, tuple)) else (value,):
            if is_tensor(v):
                yield v


def _globals(call: Call) -> Iterator:
    functions, seen = list(call.functions), set()
    while functions and len(seen) < _MANY:
        function = functions.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        for name in (n for part in parts(function.__code__) for n in part.co_names):
            value = function.__globals__.get(name)
            if type(value) is FunctionType:
                functions.append(value)
            elif value is not None:
                yield value
