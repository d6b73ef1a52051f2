"""The operator table: one definition, many faces.

A definition works on raw jax arrays. Parameters before the star are arrays, those after it are static:

    @op("ops.sum(input, dim=None, keepdim=False, *, dtype=None)",
        "ops.ReduceSum(keep_dims=False, skip_mode=False)(x, axis=())",
        "Tensor.sum(axis=None, dtype=None, keepdims=False, initial=None)")
    def sum_(x, *, axis=None, keepdims=False, dtype=None, initial=None):
        ...

Each line is one face, written as the user sees it: room, name and signature. A face's parameter feeds

- the definition's parameter of the same name, or of the synonym in `SYNONYMS` (`dim` is `axis`),
- or the one that its annotation names: `p: exponent = 2`, as one would write `sum_power(x, exponent=p)`;
- or nothing, with the annotation `_`: it is accepted and ignored; with `in_place` it says whether the result is
  written into the first argument;
- or else the next array that is still free.

After a semicolon stand static parameters of the definition that the face sets itself. They make of one definition
several operators, each with a docstring in which "{places}" is the value, or "{places|int32: ...|int64: ...}" what is
said of the value:

    @op("ops.argsort(input, axis=-1)", "mint.argsort(input, dim=-1; places=mstype.int64)")
    def argsort(x, *, axis=-1, places=mstype.int32):
        ...

From the lines follow

- functions (`ops.sum`, `mint.sum`, `numpy.sum`) with exactly those signatures,
- primitive classes (`ops.ReduceSum()(x)`; parameters of the first parentheses are given at construction),
- Tensor methods; a method whose name ends in "_" (`x.exp_()`) writes its result into the Tensor,
- several signatures of one name are overloads: the first that fits a call is taken.

Faces are made when they are first looked up, so that a table of thousands of rows costs nothing at import.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from msjax.core.names import unknown_name
from msjax.core.tensor import Tensor
from msjax.ops.call.operator import Operator
from msjax.ops.table import faces, listed
from msjax.ops.table.signature import Face


@dataclass
class Room:
    """The rows of one module (or of Tensor) by name, what makes those of its objects that are no operators, and the
    functions and classes made so far.

    Attributes:
        lists: whether its functions take lists and numbers as numpy does, see `msjax.ops.table.listed`.
    """

    lists: bool = False
    rows: dict[str, list[tuple[Operator, str]]] = field(default_factory=dict)
    makers: dict[str, Callable[[], Any]] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    def faces(self, name: str) -> list[Face]:
        declared = [Face.parse(operator, text) for operator, text in self.rows[name]]
        return [listed.without_cast(face) for face in declared] if self.lists else declared

    def make(self, name: str) -> Any:
        if name in self.made:
            return self.made[name]
        made = self.makers[name]() if name in self.makers else self._of_rows(name)
        return self.made.setdefault(name, made)  # the first, where two threads make it at once

    def _of_rows(self, name: str) -> Any:
        declared = self.faces(name)
        face = faces.build(declared, self.lists)
        return listed.taking_lists(face, declared) if self.lists else face

    def __contains__(self, name: str) -> bool:
        return name in self.made or name in self.rows or name in self.makers


rooms: dict[str, Room] = {"numpy": Room(lists=True)}


def op(*lines: str, **options):
    """Declare a definition's faces; see the module's text.

    Args:
        lines: the faces, one string each.
        name: what the operators are called, if not as the definition is: a text with the names of static parameters
            in braces, for which faces fix values.
        view: whether the result shares the first argument's elements.
        write: for a view, (base array, new array, **static) -> new base array, where there is a short way.
        jit: False for a definition whose output shape depends on values, or that calls other operators.
        literal: an array parameter for which a small int is compiled in (`x ** 2` is a product, not a power).
        numbers: static parameters whose ints are computed with, as floats always are (an int may be a shape or an
            axis). They need no program for each value; comparisons with them make one for each answer.
        kinds: what static arguments must be, see `msjax.core.kinds`, and `msjax.ops.table.statics`; None for any.
        floats: names of arrays that must be of a float dtype.
        positional: False for a method that takes its arguments by keyword only in graph mode.
        check: a function of the result and the same arguments that raises where a value is wrong, outside of the
            jitted function, in which no value is known.
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


def family(parameter: str, values: Iterable, *faces: str) -> list[str]:
    """The rows of several operators of one definition, which differ in the value of a static parameter.

    Args:
        faces: rows with "{parameter}" where they differ, or "{Parameter}" for the value with a capital.

    Example:
        >>> from msjax.ops.table import family
        >>> family("n", (1, 2), "ops.conv{n}d(x)")
        ['ops.conv1d(x; n=1)', 'ops.conv2d(x; n=2)']
    """
    rows = []
    for value in values:
        for face in faces:
            text = face.replace(f"{{{parameter}}}", str(value)).replace(f"{{{parameter.title()}}}", str(value).title())
            rows.append(f"{text.removesuffix(')')}{', ' if '; ' in text else '; '}{parameter}={value!r})")
    return rows


def declare(operator: Operator, text: str) -> None:
    """Add one line to the table."""
    text, _, fixed = text.removesuffix(")").partition("; ")
    room, _, name = text[: text.index("(")].rpartition(".")
    operator = operator.fixing(fixed) if fixed else operator
    rooms.setdefault(room, Room()).rows.setdefault(name, []).append((operator, f"{text})"))
    if ")(" in text:  # MindSpore names the class in errors, whatever face was called
        operator.primitives.append(name)


def publish(room: str, **objects) -> None:
    """Give `room` names that are no operators: what a room above this one defines (`ops.grad`) or plain functions.

    This is also how Tensor gets its members, which are looked up in the class.
    """
    if room != "Tensor":
        rooms.setdefault(room, Room()).made.update(objects)
        return
    for name, member in objects.items():
        setattr(Tensor, name, member)


def member(function: Any, *others: str) -> Any:
    """Make a function of a Tensor, or a property, a member of Tensor, under its own name and others."""
    own = getattr(function, "fget", function)  # of a property
    publish("Tensor", **dict.fromkeys((own.__name__, *others), function))
    return function


class Method:
    """Stands in Tensor for a method that rows declare, until its first use: Tensor has several hundred."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, instance, owner):
        method = rooms["Tensor"].make(self.name)
        publish("Tensor", **{self.name: method})
        return method.__get__(instance, owner)


def attach_methods() -> None:
    """Give Tensor the methods that rows declare."""
    publish("Tensor", **{name: Method(name) for name in rooms["Tensor"].rows})


def publish_later(room: str, name: str, make: Callable[[], Any]) -> None:
    """Give `room` a name for what `make` makes when the name is first looked up."""
    rooms.setdefault(room, Room()).makers[name] = make


def lookup(room: str, name: str) -> Any:
    """The function or class `name` of `room` ("ops", "mint", "numpy", "mint.nn.functional").

    Raises:
        AttributeError: if the table has none.
    """
    owner = rooms.get(room)
    if owner is None or name not in owner:
        raise AttributeError(f"module 'msjax.{room}' has no attribute {name!r}")
    return owner.make(name)


def names(room: str) -> list[str]:
    """The names that `room` has by the table."""
    owner = rooms.get(room, Room())
    return sorted({*owner.rows, *owner.makers, *owner.made})


def serve(module: str, *submodules: str, after: str = "") -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a module whose names are those of a room; looked up once, they stay in the module.

    Args:
        module: the module's `__name__`.
        submodules: modules in it, loaded when they are first used.
        after: a module that gives the room names, loaded before one is looked up.
    """
    room = module.partition(".")[2]

    def ready() -> None:
        if after:
            importlib.import_module(after)

    def first(name: str):
        if name in submodules:
            return importlib.import_module(f"{module}.{name}")
        ready()
        value = lookup(room, name)
        setattr(sys.modules[module], name, value)
        return value

    def __dir__() -> list[str]:
        ready()
        return sorted({*vars(sys.modules[module]), *submodules, *names(room)})

    return unknown_name(module, first), __dir__
