"""Lengths of axes as symbols that go by an example: what is asked about them is answered as it is with the example's
lengths, and noted, so that what was traced serves other lengths of which the same is true.

JAX has such symbols for `jax.export`. It calls two lengths unequal of which it can not tell, takes any for true, and
raises where one is to be compared by size; all three are here decided by the example.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

import jax
import numpy as np
from jax import export
from jax._src.export import shape_poly

LEAST = 2  # since an axis without elements, or of one, is something else to many operators
_Length = shape_poly._DimExpr
_LEAVE_SOMETHING = "mod(", "floordiv("
_LIBRARIES = "msjax.", "jax."  # which know what to do with an array in the place of a number
_OF_LENGTHS = shape_poly.__file__.removesuffix(".py")  # what the names of JAX's files on lengths begin with


class Example(export.SymbolicScope):
    """Symbols, and the lengths that they stand for where they are asked.

    Args:
        lengths: at least `LEAST` each.
        refuses: called where the user's code is to compute a number from a symbol; raises.

    Attributes:
        symbols: one for each length.
    """

    def __init__(self, lengths: tuple[int, ...], refuses: Callable[[], None]):
        names = [f"l{i}" for i in range(len(lengths))]
        super().__init__([f"{name} >= {LEAST}" for name in names])
        self.symbols = export.symbolic_shape(",".join(names), scope=self) if names else ()
        self.refuses = refuses
        self._lengths = self.named(lengths)
        self._assumed: dict[tuple, bool] = {}

    def holds(self, lengths: tuple[int, ...]) -> bool:
        """Whether of other lengths the same is true as was answered."""
        named = self.named(lengths)
        return all(
            relation(evaluated(one, named), evaluated(other, named)) == answer
            for (relation, one, other), answer in self._assumed.items()
        )

    def named(self, values: tuple) -> dict[str, Any]:
        """Values by the names of their symbols."""
        return {f"l{i}": value for i, value in enumerate(values)}

    def decide(self, relation, one: Any, other: Any) -> bool:
        """Whether two lengths are in a relation."""
        answer = bool(relation(evaluated(one, self._lengths), evaluated(other, self._lengths)))
        self._assumed[relation, one, other] = answer
        return answer

    def differ(self, one: Any, other: Any) -> bool:
        """Whether two lengths differ. Those of two axes do: to be as long by chance, as they may be in the example
        itself, does not make them one, and what was traced does not serve that. Of halves and the like, as when pairs
        are formed, the example tells whether something is left over."""
        if any(word in str((one, other)) for word in _LEAVE_SOMETHING):
            return self.decide(operator.ne, one, other)
        self._assumed[operator.ne, one, other] = True
        return True


def is_length(value: Any) -> bool:
    """Whether a value is a length that goes by an example."""
    return isinstance(value, _Length) and type(value.scope) is Example


def has_lengths(value: Any) -> bool:
    """Whether a value is a length that goes by an example, or a container of some."""
    if isinstance(value, dict):
        return any(map(has_lengths, (*value, *value.values())))
    if isinstance(value, slice):
        return has_lengths((value.start, value.stop, value.step))
    return any(map(has_lengths, value)) if isinstance(value, (tuple, list)) else is_length(value)


def number_of(length: Any) -> Any:
    """A length as a number of a program, weakly typed as Python's are."""
    return shape_poly._dim_as_value(length)


def names_in(size: Any) -> set[str]:
    """The symbols that a length is computed of."""
    return set(size._get_vars())


def grows(size: Any) -> bool:
    """Whether a length is known to be longer for longer ones."""
    return not any(word in str(size) for word in ("-", *_LEAVE_SOMETHING))


def evaluated(size: Any, named: dict[str, Any]) -> Any:
    """A length from the values of its symbols; these may be arrays."""
    return size._evaluate(named) if isinstance(size, _Length) else size


_equal, _at_least = _Length.__eq__, shape_poly._geq_decision


def _equals(self: Any, other: Any) -> bool:
    if _equal(self, other):
        return True
    if not is_length(self) or not _comparable(self, other) or _looks_up(sys._getframe(1).f_code):
        return False
    return not self.scope.differ(self, other)


def _looks_up(code: CodeType) -> bool:
    """Whether it is JAX that but looks for what it knows of a shape or a length already: others may be met there."""
    if code.co_filename.startswith(_OF_LENGTHS):
        return code.co_name != "__ne__"
    return code.co_qualname.startswith("ShapedArray.") and code.co_name != "__eq__"


def _comparable(length: _Length, other: Any) -> bool:
    if isinstance(other, _Length):
        return other.scope is length.scope
    return isinstance(other, (int, np.integer))


def _is_at_least(one: Any, other: Any, text) -> bool:
    if isinstance(one, float) or isinstance(other, float):  # JAX compares with ints
        one = math.floor(min(one, 2.0**62)) if isinstance(one, float) else one
        other = math.ceil(min(other, 2.0**62)) if isinstance(other, float) else other
    try:
        return _at_least(one, other, text)
    except shape_poly.InconclusiveDimensionOperation:
        length: Any = one if isinstance(one, _Length) else other
        if not is_length(length):
            raise
        return length.scope.decide(operator.ge, one, other)


def _is_true(self: Any) -> bool:
    return self.scope.decide(operator.ne, self, 0) if is_length(self) else self != 0


def _computed(method: Callable, whole: bool) -> Callable:
    """Arithmetic of lengths: what gives no length but a number is computed where a program knows it, not by Python."""

    def computed(self: Any, other: Any):
        if not is_length(self) or isinstance(other, jax.Array) or (whole and _comparable(self, other)):
            return method(self, other)
        if not isinstance(other, (int, float, complex, np.generic, _Length)):
            return NotImplemented  # the other knows how
        if not sys._getframe(1).f_globals.get("__name__", "").startswith(_LIBRARIES):
            self.scope.refuses()
        return method(self, other)

    return computed


def _chosen(method: Callable, greater: bool) -> Callable:
    """The greater or less of two lengths: one of the two, not a third one that is computed of them."""

    def chosen(self: Any, other: Any):
        if not is_length(self):
            return method(self, other)
        return self if (self >= other) is greater else other

    return chosen


_Length.__eq__ = _equals  # type: ignore[method-assign]
_Length.__bool__ = _is_true  # type: ignore[attr-defined]
shape_poly._geq_decision = _is_at_least
for _name in "add sub mul floordiv mod divmod pow truediv".split():
    for _method in (f"__{_name}__", f"__r{_name}__"):
        if hasattr(_Length, _method):
            setattr(_Length, _method, _computed(getattr(_Length, _method), _name != "truediv"))
for _name in "max rmax min rmin".split():
    setattr(_Length, _name, _chosen(getattr(_Length, _name), _name.endswith("max")))
