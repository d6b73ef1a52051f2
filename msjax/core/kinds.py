"""What an argument may be, written as a user would read it: `"int > 0"`, `"None or float [0, 1)"`, `"'mean' or 'sum'"`.

A kind is a list of alternatives, with "or" between them. Each is the name of a type in `_TYPES`, for numbers with a
bound or a range, whose round bracket excludes that end; or a word in quotes; or, as in `"2 int >= 0"`, a tuple of so
many. `takes` checks the arguments of a function by them.
"""

from __future__ import annotations

import ast
import functools
import inspect
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from msjax.core.cells import is_cell
from msjax.core.dtype import DType
from msjax.core.mutable import unmarked
from msjax.core.opaque import Number
from msjax.core.tensor import Tensor, raw
from msjax.shims.jax import Tracer
from msjax.shims.lengths import is_length

_Decorated = TypeVar("_Decorated", bound=Callable)


def _is(*types: type) -> Callable[[Any], bool]:
    """Whether a value is of one of the types; a bool is a bool only, and the length of an axis is an int."""

    def fits(value: Any) -> bool:
        if isinstance(value, types):
            return not isinstance(value, bool) or bool in types
        return int in types and is_length(value)

    return fits


_TYPES: dict[str, Callable[[Any], bool]] = {
    "int": _is(int), "float": _is(float), "number": _is(int, float), "bool": _is(bool), "real": _is(int, float, bool),
    "size": _is(int, type(None)), "str": _is(str), "bytes": _is(bytes), "tuple": _is(tuple), "list": _is(list),
    "dict": _is(dict), "Tensor": _is(Tensor), "array": _is(np.ndarray), "scalar": _is(np.generic), "dtype": _is(DType),
    "None": lambda value: value is None, "function": callable,
    "Cell": is_cell,
}  # fmt: skip
_BOUNDS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "!=": operator.ne}
_ALTERNATIVE = re.compile(
    r"(?:(?P<count>\d+) )?(?P<name>\w+)"
    r"(?: (?P<sign>[<>!]=?) (?P<bound>\S+))?(?: (?P<left>[\[(])(?P<low>[^,]+), (?P<high>[^\])]+)(?P<right>[\])]))?$"
)


@dataclass(frozen=True)
class _Alternative:
    """One alternative: whether a value is of its type, and whether it is within its bounds."""

    fits: Callable[[Any], bool]
    within: Callable[[Any], bool]


@functools.cache
def parse(kind: str) -> tuple[_Alternative, ...]:
    """The alternatives of a kind."""
    parts = kind.split(" or ")
    words = [ast.literal_eval(part) for part in parts if part[0] == "'"]
    alternatives = [_alternative(part) for part in parts if part[0] != "'"]
    return (*alternatives, *([_Alternative(_is(str), words.__contains__)] if words else []))


def _alternative(text: str) -> _Alternative:
    match = _ALTERNATIVE.match(text)
    assert match, text
    count, name, sign, bound, left, low, high, right = match.groups()
    one, tests = _TYPES[name], []
    if sign:
        tests.append((_BOUNDS[sign], float(bound)))
    if low:
        tests += [
            (operator.ge if left == "[" else operator.gt, float(low)),
            (operator.le if right == "]" else operator.lt, float(high)),
        ]

    def within(value) -> bool:
        return value is None or all(test(value, limit) for test, limit in tests)

    if count is None:
        return _Alternative(one, within)
    return _Alternative(
        lambda value: isinstance(value, tuple) and (len(value) != int(count) or all(map(one, value))),
        lambda value: len(value) == int(count) and all(map(within, value)),
    )


def is_a(value: Any, kind: str) -> bool:
    """Whether a value is of a kind."""
    return any(alternative.within(value) for alternative in _fitting(value, kind))


def _fitting(value, kind: str) -> list[_Alternative]:
    known = unmarked(value.value if isinstance(value, Number) else value)
    return [alternative for alternative in parse(kind) if alternative.fits(known)]


def check(owner: str, name: str, value: Any, kind: str) -> None:
    """Check the argument `name` of `owner`.

    Raises:
        TypeError: if it is of another type than `kind` says.
        ValueError: if it is out of bounds, or another word.
    """
    fitting = _fitting(value, kind)
    if any(alternative.within(value) for alternative in fitting):
        return
    known = unmarked(value.value if isinstance(value, Number) else value)
    text = f"For '{owner}', the '{name}' must be {_shown(kind)}, but got {value!r:.80}"
    if not fitting:
        raise TypeError(f"{text} of type {type(known).__name__}.")
    raise ValueError(f"{text}.")


def check_is(owner: str, name: str, value: Any, kind: type) -> None:
    """Check that the argument `name` of `owner` is of a class, as a member of an enumeration is.

    Raises:
        TypeError: if it is not.
    """
    if not isinstance(value, kind):
        got = f"{value!r:.80} of type {type(value).__name__}"
        raise TypeError(f"For '{owner}', the '{name}' must be {kind.__name__}, but got {got}.")


def check_finite(owner: str, name: str, value: Any, kind: str) -> None:
    """Check the argument like `check`; what is a number, or a tuple or a Tensor of them, must be finite, too.

    Raises:
        TypeError, ValueError: if it is something else.
    """
    check(owner, name, value, kind)
    known = value.value if isinstance(value, Number) else raw(value) if isinstance(value, Tensor) else value
    if isinstance(known, str | Tracer) or known is None or is_cell(known):
        return
    if not np.isfinite(np.asarray(known)).all():
        raise ValueError(f"For '{owner}', the '{name}' must be finite, but got {value!r:.80}.")


def each_axis(owner: str, name: str, value: Any, n: int, bound: str = "") -> tuple[int, ...]:
    """An int for each of `n` axes, from one int or a tuple or list of them.

    Raises:
        TypeError, ValueError: if it is something else, or out of `bound` (such as "> 0").
    """
    value = tuple(value) if isinstance(value, list) else value
    check(owner, name, value, f"int {bound} or {n} int {bound}" if bound else f"int or {n} int")
    return value if isinstance(value, tuple) else (value,) * n


def _shown(kind: str) -> str:
    return re.sub(r"(?<![<>=] )\b(\d+) (\w+)", r"a tuple of \1 \2", kind)  # not of a bound


def takes(**kinds: str) -> Callable[[_Decorated], _Decorated]:
    """Decorate a function, a method or a class, whose `__init__` is meant: its arguments are to be of these kinds, by
    their names; defaults need not be. The owner that errors name is the class of `self`."""
    return _taking(kinds, check)


def takes_finite(**kinds: str) -> Callable[[_Decorated], _Decorated]:
    """Decorate like `takes`; numbers are to be finite, too."""
    return _taking(kinds, check_finite)


def _taking(kinds: dict[str, str], check: Callable[[str, str, Any, str], None]) -> Callable[[_Decorated], _Decorated]:

    def decorate(function: Any) -> Any:
        if isinstance(function, type):
            function.__init__ = decorate(function.__init__)
            return function
        names = list(inspect.signature(function).parameters)
        method = names[0] == "self"

        @functools.wraps(function)
        def checked(*args, **kwargs):
            owner = type(args[0]).__name__ if method else function.__name__
            for name, value in (*zip(names, args, strict=False), *kwargs.items()):
                if name in kinds:
                    check(owner, name, value, kinds[name])
            return function(*args, **kwargs)

        return checked

    return decorate
