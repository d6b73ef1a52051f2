"""The operator table: one definition, many faces.

A definition works on raw jax arrays. Parameters before the star are arrays, those after it are static:

    @op("ops.sum(input, dim=None, keepdim=False, *, dtype=None)",
        "ops.ReduceSum(keep_dims=False, skip_mode=False)(x, axis=())",
        "Tensor.sum(axis=None, dtype=None, keepdims=False, initial=None)")
    def sum_(x, *, axis=None, keepdims=False, dtype=None, initial=None):
        ...

Each line is one face, written as the user sees it: room, name and signature. A face's parameter feeds the definition's
parameter of the same name, or of the synonym in `SYNONYMS`, or that its annotation names (`p: exponent = 2`; `_` for
one that is accepted and ignored), or else the next array that is still free. From the lines follow

- functions (`ops.sum`, `mint.sum`, `numpy.sum`) with exactly those signatures,
- primitive classes (`ops.ReduceSum()(x)`; parameters of the first parentheses are given at construction),
- Tensor methods; a method whose name ends in "_" (`x.exp_()`) writes its result into the Tensor,
- several signatures of one name are overloads: the first that fits a call is taken.

Faces are made when they are first looked up, so that a table of thousands of rows costs nothing at import.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from msjax.ops.call.operator import Operator
from msjax.ops.table import faces
from msjax.ops.table.signature import Face


@dataclass
class Room:
    """The rows of one module (or of Tensor) by name, what makes those of its objects that are no operators, and the
    functions and classes made so far; `wrappers` are put around some of these."""

    rows: dict[str, list[tuple[Operator, str]]] = field(default_factory=dict)
    makers: dict[str, Callable[[], Any]] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)
    wrappers: dict[str, Callable[[Any], Any]] = field(default_factory=dict)

    def faces(self, name: str) -> list[Face]:
        return [Face.parse(operator, text) for operator, text in self.rows[name]]

    def make(self, name: str) -> Any:
        if name in self.made:
            return self.made[name]
        made = self.makers[name]() if name in self.makers else faces.build(self.faces(name))
        made = self.wrappers[name](made) if name in self.wrappers else made
        return self.made.setdefault(name, made)  # the first, where two threads make it at once

    def __contains__(self, name: str) -> bool:
        return name in self.made or name in self.rows or name in self.makers


rooms: dict[str, Room] = {}


def op(*lines: str, **options):
    """Declare a definition's faces; see the module's text.

    Args:
        lines: the faces, one string each.
        view: whether the result shares the first argument's elements.
        write: for a view, (base array, new array, **static) -> new base array, where there is a short way.
        jit: False for a definition whose output shape depends on values, or that calls other operators.
        literal: an array parameter for which a small int is compiled in (`x ** 2` is a product, not a power).
        numbers: static parameters whose ints are computed with, as floats always are (an int may be a shape or an
            axis). They need no program for each value; comparisons with them make one for each answer.
        kinds: what static arguments must be, see `msjax.core.kinds`, and `msjax.ops.table.statics`; None for any.
        floats: names of arrays that must be of a float dtype.
        positional: False for a method that takes its arguments by keyword only in graph mode.
        check: a function of the same arguments that raises where a value is wrong, outside of the jitted function, in
            which no value is known.
        verify: the same with the result before the arguments.
        casts: whether the result is the first argument in another dtype: then integers keep its derivative.

    Returns:
        A decorator that gives back the definition.
    """

    def declared(definition: Callable) -> Callable:
        operator = Operator(definition, **options)
        for text in lines:
            declare(operator, text)
        return definition

    return declared


def declare(operator: Operator, text: str) -> None:
    """Add one line to the table."""
    room, _, name = text[: text.index("(")].rpartition(".")
    rooms.setdefault(room, Room()).rows.setdefault(name, []).append((operator, text))


def publish(room: str, **objects) -> None:
    """Give `room` names that are no operators: what a room above this one defines (`ops.grad`) or plain functions."""
    rooms.setdefault(room, Room()).made.update(objects)


def publish_later(room: str, name: str, make: Callable[[], Any]) -> None:
    """Give `room` a name for what `make` makes when the name is first looked up."""
    rooms.setdefault(room, Room()).makers[name] = make


def lookup(room: str, name: str) -> Any:
    """The function or class `name` of `room` ("ops", "mint", "numpy", "mint.nn.functional").

    Raises:
        AttributeError: if the table has none.
    """
    found = rooms.get(room)
    if found is None or name not in found:
        raise AttributeError(f"module 'msjax.{room}' has no attribute {name!r}")
    return found.make(name)


def names(room: str) -> list[str]:
    """The names that `room` has by the table."""
    found = rooms.get(room, Room())
    return sorted({*found.rows, *found.makers, *found.made})


def lazily(room: str) -> Callable[[str], Any]:
    """A module's way to look up its names; they are kept in the module, so that each is looked up once."""
    module = f"msjax.{room}"

    def first(name: str):
        value = lookup(room, name)
        setattr(sys.modules[module], name, value)
        return value

    return first
