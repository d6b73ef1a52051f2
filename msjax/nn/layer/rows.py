"""Layers that are rows: they only pass their fields, and what they are called with, to a function.

    layers({
        "nn.LeakyReLU(alpha=0.2)(x)": "ops.leaky_relu",
        "nn.Threshold(threshold: thr, value)(input_x)": "ops.threshold",
    }, ...)

A row is written as the face of a primitive in the operator table is: room, name, the constructor's parameters, which
become the layer's attributes, and those of `construct`. Each of them is the function's parameter of the same name (or
of its synonym, or the one that its annotation names), or else the next Tensor that the function takes and that is still
free. What a field must be, stands in `kinds`.

Such a layer is a class like any other: it can be subclassed and pickled, and has hooks. It is made when it is first
looked up, by `class_of`, which makes primitives too; its docstring is that of its function's operator, with the layer's
own names (`msjax.ops.help.render`).

Layers that have Parameters, or do more than one call, are written out in the files of their topics.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from msjax.nn.cell import Cell
from msjax.ops import table
from msjax.ops.table import faces
from msjax.ops.table.signature import SYNONYMS, Face, Param


def layers(rows: dict[str, str], kinds: dict[str, str] | None = None, base: type[Cell] = Cell, start: str = "") -> None:
    """Declare layers.

    Args:
        rows: what each looks like, and the function that it calls.
        kinds: what fields must be (`msjax.core.kinds`), for "Layer.field Layer.field"; defaults are checked too.
        base: their base class.
        start: the arguments of the base class's constructor.
    """
    kind_of = {field: kind for kind, fields in (kinds or {}).items() for field in fields.split()}
    for row, function in rows.items():
        room, _, name = row[: row.index("(")].rpartition(".")
        table.publish_later(room, name, partial(_layer, row, function, kind_of, base, start))


def _layer(row: str, function: str, kinds: dict[str, str], base: type[Cell], start: str) -> type[Cell]:
    from msjax.ops.help import render  # its tables are large: not before the first layer is made

    room, _, name = function.rpartition(".")
    called = table.rooms[room].faces(name)[0]
    layer = Face.parse(called.operator, row)
    assert layer.init is not None
    passed = _passed(layer, called)
    values = {passed[own]: own for own in layer.call.names}
    values |= {passed[own]: f"self.{own}" for own in layer.init.names}
    doc = render.text([layer.feeding({own: called.targets[p] for own, p in passed.items()})], like=function)
    return faces.class_of(
        layer, base, "construct", f"    return _function({_arguments(values, called)})\n", kinds,
        namespace={"__name__": f"msjax.{layer.room}", "_base": base, "_function": table.lookup(room, name)},
        members={"__doc__": doc, "_is_row": True},
        before=[f"    _base.__init__(self{start and ', '}{start})"],
    )  # fmt: skip


def _passed(layer: Face, function: Face) -> dict[str, str]:
    """For each parameter of a layer the parameter of its function that it is passed as."""
    targets = function.targets
    names = {target: name for name, target in targets.items()} | {name: name for name in targets}
    own = [*(layer.init.parameters if layer.init else ()), *layer.call.parameters]
    passed = {p.name: names[wanted] for p in own if (wanted := _wanted(p, names))}
    arrays = [name for name in function.call.names if targets[name] in function.operator.arrays]
    free = [name for name in arrays if name not in passed.values()]
    return passed | {p.name: free.pop(0) for p in own if p.name not in passed}


def _wanted(p: Param, names: dict[str, str]) -> str | None:
    """What a layer's parameter is called in its function, if that can be told by its name."""
    return next((name for name in (p.target, p.name, SYNONYMS.get(p.name)) if name in names), None)


def _arguments(values: dict[str, str], function: Face) -> str:
    """The arguments of a call of the function; by name from the first on that is left out."""
    written: list[str] = []
    by_name = False
    for p in function.call.parameters:
        by_name = by_name or p.kind == "=" or p.name not in values
        if p.name in values:
            written.append(f"{p.name}={values[p.name]}" if by_name else values[p.name])
    return ", ".join(written)


def functional(name: str) -> Callable[..., Any]:
    """A function of `mint.nn.functional`."""
    return table.lookup("mint.nn.functional", name)


def offer(room: str, *written: type[Cell]) -> None:
    """Give a room above this one layers that are written out here; that is where they are pickled from."""
    for layer in written:
        layer.__module__ = f"msjax.{room}"
        table.publish(room, **{layer.__name__: layer})
