"""Graph mode's rules for a call, which hold for what the user asked to compile, be it compiled or not."""

from __future__ import annotations

import operator
import types
from collections.abc import Callable
from typing import Any

from msjax.core import context, trace
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.tensor import Tensor, raw, rebind, wrap

# What graph mode makes of iterators that a function returns.
_GATHERED = {types.GeneratorType: list, filter: list, type(iter([])): list, type(iter(())): tuple}
_GATHERED |= dict.fromkeys((map, zip, enumerate, range, ParameterTuple), tuple)


def as_compiled(function: Callable, args: tuple, kwargs: dict):
    """The call of a function by graph mode's rules, whether it is being compiled or not.

    Tensors among the arguments are the function's own variables. A Tensor that it updates as a whole (`assign`, `add_`)
    is updated for the caller too; setting items makes a new value, which the caller does not see.
    """
    own = [*map(_own, args)]
    with context.compiling((*args, *kwargs.values())):
        result = gathered(function(*own, **kwargs))
    for theirs, ours in zip(args, own, strict=True):
        if ours is not theirs and ours._version and not ours._items_set and not _is_differentiated(theirs):
            rebind(theirs, raw(ours))
    return result


def gathered(value, inside: tuple = ()):
    """A result with lists and tuples in the place of iterators, and Tensors of their values in the place of Parameters,
    which go on to change; it may hold itself, as `inside` tells."""
    if isinstance(value, Parameter):
        return wrap(raw(value))
    gathering = _GATHERED.get(type(value))
    if gathering is not None:
        return gathering(map(gathered, value))
    if type(value) not in (tuple, list, dict) or id(value) in inside:
        return value
    parts = list(value.values() if type(value) is dict else value)
    new: Any = [gathered(part, (*inside, id(value))) for part in parts]
    if all(map(operator.is_, parts, new)):
        return value
    return dict(zip(value, new, strict=True)) if type(value) is dict else type(value)(new)


def _own(tensor):
    """A variable of the function's own, of the value of a Tensor; other arguments, and what has hooks, as they are."""
    if type(tensor) is not Tensor or tensor._hooks:
        return tensor
    own = wrap(raw(tensor))
    if tensor._shadow is not None:
        trace.shadow(own, tensor._shadow)
    return own


def _is_differentiated(handle: Tensor) -> bool:
    frame = trace.top()
    return frame is not None and frame.is_leaf(handle)
