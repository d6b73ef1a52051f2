"""Numbers that differ from call to call, in a function that is being compiled.

A learning rate or an epoch that was compiled in as a constant would need a program for each of its values. A `Number`
stands for it while the function is traced. What Python computes with it is computed anew at each call, before the
program runs, and so is how comparisons with it come out, which must be as they were. Where it meets a Tensor it becomes
an input of the program. Whatever else wants to know it, gets its value, which then is compiled in.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

KINDS = (int, float)


class Number:
    """A Python number, known by the variable that holds it when the checks of a program run.

    Args:
        variable: its name.
        value: what it is now.
        notes: the `compile.guards.Guards` that write down what is computed with it.
        mutable: whether it is marked by `ms.mutable`.
    """

    __slots__ = ("_notes", "mutable", "value", "variable")

    def __init__(self, variable: str, value, notes: Any, mutable: bool = False):
        self.variable, self.value, self._notes, self.mutable = variable, value, notes, mutable

    def fixed(self) -> Any:
        """Its value, which it must have again at each call."""
        self._notes.same_value(self.variable, self.value)
        return self.value

    def array(self, dtype: Any = None) -> Any:
        """Its value as an input of the program: of a dtype, or as weakly typed as a number is."""
        return self._notes.input_of(self, dtype)

    def applied(self, text: str, value: Any) -> Any:
        """What is computed of it, as source text."""
        if type(value) in KINDS:
            return self._notes.number((text,), text, value)
        return self._notes.same_answer(text, value)

    def __index__(self) -> int:
        return int(self.fixed())

    def __float__(self) -> float:
        return float(self.fixed())

    def __hash__(self) -> int:
        return hash(self.fixed())

    def __repr__(self) -> str:
        return str(self.fixed())

    __int__, __str__ = __index__, __repr__

    def __format__(self, spec: str) -> str:
        return format(self.fixed(), spec)

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.fixed(), dtype)

    def __jax_array__(self):
        return self.array()

    def __bool__(self) -> bool:
        return self.applied(f"bool({self.variable})", bool(self.value))

    def __round__(self, digits=None):
        if type(digits) not in (int, type(None)):  # what else it is would be asked for its text
            return round(self.fixed(), digits)
        return self.applied(f"round({self.variable}, {self._notes.constant(digits)})", round(self.value, digits))


def _text(value, notes) -> str | None:
    """An operand as source text; None for what is no number."""
    if isinstance(value, Number):
        return value.variable
    return notes.constant(value) if type(value) in (*KINDS, bool) else None


def _binary(symbol: str, compute: Callable, swapped: bool):
    def method(self, other):
        text = _text(other, self._notes)
        if text is None:
            if hasattr(other, "__jax_array__") or isinstance(other, jax.Array):
                return NotImplemented
            return compute(other, self.fixed()) if swapped else compute(self.fixed(), other)
        value = other.value if isinstance(other, Number) else other
        (left, first), (right, second) = (self.variable, self.value), (text, value)
        if swapped:
            left, first, right, second = right, second, left, first
        return self.applied(f"{left} {symbol} {right}", compute(first, second))

    return method


def _unary(symbol: str, compute: Callable):
    return lambda self: self.applied(symbol.format(self.variable), compute(self.value))


_ARITHMETIC = dict(
    add="+", sub="-", mul="*", truediv="/", floordiv="//", mod="%", pow="**", and_="&", or_="|", xor="^", lshift="<<",
    rshift=">>",
)  # fmt: skip
for _name, _symbol in _ARITHMETIC.items():
    setattr(Number, f"__{_name.strip('_')}__", _binary(_symbol, getattr(operator, _name), False))
    setattr(Number, f"__r{_name.strip('_')}__", _binary(_symbol, getattr(operator, _name), True))
for _name, _symbol in dict(lt="<", le="<=", gt=">", ge=">=", eq="==", ne="!=").items():
    setattr(Number, f"__{_name}__", _binary(_symbol, getattr(operator, _name), False))
for _name, _symbol in dict(neg="-{}", pos="+{}", abs="abs({})", invert="~{}").items():
    setattr(Number, f"__{_name}__", _unary(_symbol, getattr(operator, _name)))


def value_of(value: Any) -> Any:
    """The value of what may be a Number."""
    return value.value if isinstance(value, Number) else value


def fixed(value: Any, itself: bool = True) -> Any:
    """A value without Numbers: those in it, and if it is one `itself`, are compiled in."""
    if type(value) is Number:
        return value.fixed() if itself else value
    if type(value) in (list, tuple, dict):
        held = [*value.values()] if type(value) is dict else value
        parts = list(map(fixed, held))
        if not all(map(operator.is_, parts, held)):
            return dict(zip(value, parts, strict=True)) if type(value) is dict else type(value)(parts)
    return value


def gathered(data: Any) -> Number | None:
    """Nested lists and tuples of numbers, of which some differ from call to call, as one; None for all else."""
    number = _first(data)
    if number is None:
        return None
    nested = _nested(data, number._notes)
    return None if nested is None else Number(*nested, number._notes)


def _first(data) -> Number | None:
    if type(data) not in (list, tuple):
        return data if type(data) is Number else None
    return next((number for number in map(_first, data) if number is not None), None)


def _nested(data, notes) -> tuple[str, Any] | None:
    """The source text of nested lists, and what they are now."""
    if type(data) not in (list, tuple):
        text = _text(data, notes)
        return None if text is None else (text, value_of(data))
    parts = [known for part in data if (known := _nested(part, notes)) is not None]
    if len(parts) < len(data):
        return None
    return f"[{', '.join(text for text, _ in parts)}]", [value for _, value in parts]
