"""A Cell as a node of the graphs of flax.nnx.

This module is imported when flax.nnx is, and tells it how to take apart and build every class of Cells. Nothing here
runs in msjax's own calls: a Cell learns of Flax only when it is handed to one of its functions.

A Cell's children in the graph are its Parameters, buffers and child Cells, in the order of their names, and one static
entry, `Attributes`, that holds everything else.
"""

from __future__ import annotations

from typing import Any

from flax.nnx import graphlib
from flax.nnx.variablelib import Variable

from msjax.core.parameter import Parameter
from msjax.core.random import Generator, default_generator
from msjax.core.tensor import Tensor
from msjax.interop.attributes import Bordered, attributes_of
from msjax.interop.variables import Intermediate, Linked, RngKey, handle_for, variable_of
from msjax.nn import cell as cells
from msjax.nn.cell import Cell

STATIC = "<attributes>"  # the key of the static entry
_static = graphlib.StaticElem


def flatten(cell: Cell):
    """The children of a Cell, in the order of their names, and its type."""
    own = cell.__dict__
    attributes = attributes_of(cell)
    children: list[tuple[str, Any]] = [(STATIC, _static(attributes))]
    for name, handle in own["_params"].items():
        if handle is not None:
            children.append((name, variable_of(handle, name)))
    for name, handle in own["_buffers"].items():
        if handle is not None:
            children.append((name, variable_of(handle, name)))
    for name, child in own["_cells"].items():
        if child is not None:
            children.append((name, child))
    if cell._random:
        children.append((_GENERATOR, _key(cell._generator or default_generator)))
    for name in attributes.data:
        children.append((name, _child(own[name], name)))
    children.sort(key=_name)
    return children, type(cell)


_GENERATOR = "generator"


def _name(child: tuple) -> str:
    return child[0]


def _key(generator: Generator) -> Linked:
    return variable_of(generator.state(), _GENERATOR, RngKey)


def _child(value, name: str):
    if type(value) is Generator:
        return _key(value)
    return variable_of(value, name, Intermediate) if type(value) is Tensor else value


def create_empty(kind: type[Cell]) -> Cell:
    """A Cell without anything."""
    cell = object.__new__(kind)
    if "construct" not in cell.__dict__:
        cell.__dict__["construct"] = Bordered(cell)
    return cell


def clear(cell: Cell) -> None:
    """Nothing: `init` brings an existing Cell up to date."""


def init(cell: Cell, children) -> None:
    """Give a Cell, empty or existing, its children."""
    found = dict(children)
    attributes = found.pop(STATIC)
    for name, value in found.items():
        if issubclass(type(value), Variable):
            found[name] = handle_for(value, name)
    attributes.register(cell, found)
    if cell._random and _GENERATOR in found:
        _draw_from(cell, found.pop(_GENERATOR))
    for name, value in found.items():
        _set_data(cell, name, value)
    attributes.restore(cell)


def _draw_from(cell: Cell, state: Tensor) -> None:
    if (cell._generator or default_generator).state() is not state:
        cell.__dict__["_generator"] = _on(state)


def _on(state: Tensor) -> Generator:
    """A generator whose key a handle holds."""
    generator = Generator()
    generator._handle = state
    return generator


def _set_data(cell: Cell, name: str, value) -> None:
    own = cell.__dict__
    now = own.get(name)
    if type(now) is Generator:
        if now.state() is not value:
            own[name] = _on(value)
        return
    own[name] = value
    own.setdefault("_sown", set()).add(name)


def set_key(cell: Cell, name: Any, value) -> None:
    """Set one child: a value for a Parameter that is there, else a new attribute."""
    if name == STATIC:
        value.restore(cell)
    elif isinstance(value, Variable):
        handle = handle_for(value, name)
        if not isinstance(handle, Parameter):
            _set_data(cell, name, handle)
        else:
            cell._params[name] = cell.__dict__[name] = handle
    else:
        setattr(cell, name, value)


def pop_key(cell: Cell, name: Any):
    """Take one child away and give it."""
    value = dict(flatten(cell)[0])[name]
    cell.__dict__.get("_sown", set()).discard(name)
    delattr(cell, name)
    return value


def register(kind: type[Cell]) -> None:
    """Tell Flax of a class of Cells."""
    graphlib.register_graph_node_type(kind, flatten, set_key, pop_key, create_empty, clear, init)


def _all_classes(kind: type[Cell]):
    yield kind
    for below in kind.__subclasses__():
        yield from _all_classes(below)


for _kind in dict.fromkeys(_all_classes(Cell)):
    register(_kind)
cells.registrars.append(register)
