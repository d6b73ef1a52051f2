"""The inputs that a Cell was told to have, by `set_inputs`: graph mode holds each call against them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from msjax.core.tensor import Tensor

_ANY_AXES = (-2,)  # the shape of a Tensor with any number of axes


def declare(construct: Callable, inputs: tuple, named: dict) -> tuple | dict:
    """What is declared.

    Raises:
        TypeError: if `construct` does not take that many.
        ValueError: if some are given in order and some by name, or a name is none of its parameters.
    """
    if inputs and named:
        raise ValueError("For 'set_inputs', give all inputs in order or all by name.")
    parameters = inspect.signature(construct).parameters
    several = any(p.kind is p.VAR_POSITIONAL for p in parameters.values())
    if len(inputs) > len(parameters) and not several:
        raise TypeError(f"For 'set_inputs', construct takes {len(parameters)} inputs, but got {len(inputs)}.")
    if unknown := set(named) - set(parameters):
        raise ValueError(f"For 'set_inputs', the name must be one of {list(parameters)}, but got {sorted(unknown)}.")
    return named or inputs


def check_call(construct: Callable, declared: tuple | dict, args: tuple, kwargs: dict) -> None:
    """Hold a call against what was declared.

    Raises:
        ValueError: if it has more or fewer inputs, or another shape, number or structure.
        TypeError: if it has another dtype.
    """
    if isinstance(declared, dict):
        given = inspect.signature(construct).bind(*args, **kwargs).arguments
        pairs = [(name, declared[name], given[name]) for name in declared if name in given]
    else:
        values = (*args, *kwargs.values())
        if declared and len(values) != len(declared):
            raise ValueError(f"'set_inputs' declared {len(declared)} inputs, but got {len(values)}.")
        pairs = [(f"input {i}", one, value) for i, (one, value) in enumerate(zip(declared, values, strict=False))]
    for name, one, value in pairs:
        _check(name, one, value)


def _check(name: str, declared: Any, given: Any) -> None:
    if declared is None:
        return
    if isinstance(declared, (tuple, list)):
        if type(given) is not type(declared) or len(given) != len(declared):
            raise ValueError(
                f"{name} was declared by 'set_inputs' as a {type(declared).__name__} of {len(declared)}, "
                f"but is {_shown(given)}."
            )
        for i, (one, value) in enumerate(zip(declared, given, strict=True)):
            _check(f"{name}[{i}]", one, value)
    elif not isinstance(declared, Tensor):
        if isinstance(given, Tensor) or given != declared:
            raise ValueError(f"{name} was declared by 'set_inputs' to be {declared!r}, but is {_shown(given)}.")
    elif not isinstance(given, Tensor) or not _fits(declared.shape, given.shape):
        raise ValueError(
            f"{name} was declared by 'set_inputs' as a Tensor of shape {declared.shape}, but is {_shown(given)}."
        )
    elif given.dtype is not declared.dtype:
        raise TypeError(
            f"{name} was declared by 'set_inputs' as a Tensor of {declared.dtype}, but is one of {given.dtype}."
        )


def _fits(declared: tuple, shape: tuple) -> bool:
    if declared == _ANY_AXES:
        return True
    return len(declared) == len(shape) and all(a in (-1, b) for a, b in zip(declared, shape, strict=True))


def _shown(given: Any) -> str:
    return f"one of shape {given.shape}" if isinstance(given, Tensor) else f"{type(given).__name__}: {given!r}"
