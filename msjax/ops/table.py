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

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from msjax.ops.dispatch import Operator

SYNONYMS = {
    "dim": "axis", "dims": "axis", "axes": "axis", "keepdim": "keepdims", "keep_dims": "keepdims",
    "input_perm": "axis", "permutation": "axis",
}  # fmt: skip


@dataclass(frozen=True)
class Param:
    """A parameter of a face. `kind` is "" (ordinary), "*" (starred) or "=" (keyword only); `target`, written as an
    annotation (`p: exponent = 2`), names the definition's parameter, or is "_" for one that is accepted and ignored."""

    name: str
    kind: str
    default: str | None
    target: str | None


@dataclass(frozen=True)
class Signature:
    """The parameters of one face."""

    parameters: tuple[Param, ...]

    @classmethod
    def parse(cls, text: str) -> Signature:
        function = ast.parse(f"def f({text}): pass").body[0]
        assert isinstance(function, ast.FunctionDef)
        args = function.args
        defaults = [None] * (len(args.args) - len(args.defaults)) + list(args.defaults)
        found = [_param(a, "", d) for a, d in zip(args.args, defaults, strict=True)]
        found += [_param(args.vararg, "*", None)] if args.vararg else []
        found += [_param(a, "=", d) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
        return cls(tuple(found))

    def source(self) -> str:
        parts, starred = [], False
        for p in self.parameters:
            if p.kind == "=" and not starred:
                parts.append("*")
            starred = starred or (p.kind in "*=" and p.kind != "")
            parts.append(f"*{p.name}" if p.kind == "*" else p.name if p.default is None else f"{p.name}={p.default}")
        return ", ".join(parts)

    @property
    def names(self) -> list[str]:
        return [p.name for p in self.parameters]


def _param(arg: ast.arg, kind: str, default: ast.expr | None) -> Param:
    unparse = lambda node: None if node is None else ast.unparse(node)  # noqa: E731
    return Param(arg.arg, kind, unparse(default), unparse(arg.annotation))


@dataclass(frozen=True)
class Face:
    """One declared face of an operator: `room.name(init)(call)`; `init` is None but for primitive classes."""

    operator: Operator
    room: str
    name: str
    init: Signature | None
    call: Signature

    @classmethod
    def parse(cls, operator: Operator, text: str) -> Face:
        path, _, signature = text.partition("(")
        room, _, name = path.rpartition(".")
        init, _, call = signature.rpartition(")(")
        if room == "Tensor":
            call = f"self, {call}" if call.strip(" )") else "self"
        elif not init and signature.startswith(")("):
            init = " "
        call = call.removesuffix(")")
        return cls(operator, room, name, Signature.parse(init) if init else None, Signature.parse(call))


@dataclass
class Room:
    """The faces of one module (or of Tensor) by name, and the functions and classes made of them so far."""

    faces: dict[str, list[Face]] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    def make(self, name: str) -> Any:
        if name not in self.made:
            from msjax.ops import faces

            self.made[name] = faces.build(self.faces[name])
        return self.made[name]


rooms: dict[str, Room] = {}


def op(*faces: str, **options):
    """Declare a definition's faces; see the module's text.

    Args:
        faces: the faces, one string each.
        view: whether the result shares the first argument's elements.
        write: for a view, (base array, new array, **static) -> new base array, where there is a short way.
        jit: False for a definition whose output shape depends on values, or that calls other operators.
        literal: an array parameter for which a Python int is compiled in (`x ** 2` is a product, not a power).

    Returns:
        A decorator that gives back the definition.
    """

    def declare(definition: Callable) -> Callable:
        operator = Operator(definition, **options)
        for text in faces:
            declare_face(Face.parse(operator, text))
        return definition

    return declare


def declare_face(face: Face) -> None:
    room = rooms.setdefault(face.room, Room())
    room.faces.setdefault(face.name, []).append(face)


def publish(room: str, **objects) -> None:
    """Give `room` names that are no operators: what a room above this one defines (`ops.grad`) or plain functions."""
    rooms.setdefault(room, Room()).made.update(objects)


def lookup(room: str, name: str) -> Any:
    """The function or class `name` of `room` ("ops", "mint", "numpy", "mint.nn.functional").

    Raises:
        AttributeError: if the table has none.
    """
    found = rooms.get(room)
    if found is None or not (name in found.made or name in found.faces):
        raise AttributeError(f"module 'msjax.{room}' has no attribute {name!r}")
    return found.make(name)


def names(room: str) -> list[str]:
    """The names that `room` has by the table."""
    found = rooms.get(room, Room())
    return sorted({*found.faces, *found.made})


def lazily(room: str) -> Callable[[str], Any]:
    """A module's way to look up its names; they are kept in the module, so that each is looked up once."""
    module = f"msjax.{room}"

    def first(name: str):
        value = lookup(room, name)
        setattr(sys.modules[module], name, value)
        return value

    return first
