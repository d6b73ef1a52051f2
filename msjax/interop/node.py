"""A Cell as a node of the graphs of flax.nnx.

This module is imported when flax.nnx is, and tells it how to take apart and build every class of Cells. Nothing here
runs in msjax's own calls: a Cell learns of Flax only when it is handed to one of its functions.

A Cell's children in the graph are its Parameters, buffers and child Cells, in the order of their names, and one static
entry, `Attributes`, that holds everything else.
"""

from __future__ import annotations

from typing import Any

from flax import nnx
from flax.nnx import Variable

from msjax.core.parameter import Parameter
from msjax.core.random import Generator, default_generator
from msjax.core.tensor import Tensor
from msjax.interop.attributes import Bordered, attributes_of
from msjax.interop.stream import Stream, stream_of
from msjax.interop.variables import BatchStat, Intermediate, handle_for, kind_of, variable_of
from msjax.nn import cell as cells
from msjax.nn.cell import Cell
from msjax.shims.flax import Static, register_node_type

STATIC = "<attributes>"  # the key of the static entry


def flatten(cell: Cell):
    """The children of a Cell, in the order of their names, and its type."""
    own = cell.__dict__
    attributes = attributes_of(cell)
    children: list[tuple[str, Any]] = [(STATIC, Static(attributes))]
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
        children.append((_GENERATOR, stream_of(cell._generator or default_generator)))
    for name in attributes.data:
        children.append((name, _child(own[name], name)))
    children.sort(key=_name)
    return children, type(cell)


_GENERATOR = "generator"


def _name(child: tuple) -> str:
    return child[0]


def _child(value, name: str):
    if type(value) is Generator:
        return stream_of(value)
    return variable_of(value, name, Intermediate) if type(value) is Tensor else value


def create_empty(kind: type[Cell]) -> Cell:
    """A Cell without anything."""
    cell = object.__new__(kind)
    cell.__dict__["run_eagerly"] = Bordered(cell)
    return cell


def clear(cell: Cell) -> None:
    """Nothing: `init` brings an existing Cell up to date."""


def init(cell: Cell, children) -> None:
    """Give a Cell, empty or existing, its children."""
    rest = dict(children)
    attributes = rest.pop(STATIC)
    for name, value in rest.items():
        if issubclass(type(value), Variable) and name not in attributes.variables:
            rest[name] = handle_for(value, name)
    attributes.register(cell, rest)
    if _GENERATOR in rest and _GENERATOR not in attributes.data:
        _draw_from(cell, rest.pop(_GENERATOR))
    for name, value in rest.items():
        _set_data(cell, name, value)
    attributes.restore(cell)


def _draw_from(cell: Cell, stream: Stream) -> None:
    if (cell._generator or default_generator) is not stream.generator:
        cell.__dict__["_generator"] = stream.generator


def _set_data(cell: Cell, name: str, value) -> None:
    own = cell.__dict__
    own[name] = value.generator if type(value) is Stream else value
    if type(value) is Tensor:
        own.setdefault("_sown", set()).add(name)


def set_key(cell: Cell, name: Any, value: Any) -> None:
    """Set one child.

    Raises:
        ValueError: if the Cell has none of this name; only what `construct` made, `nnx.Intermediate`, may be new.
    """
    known = dict(flatten(cell)[0])
    if name not in known and not isinstance(value, nnx.Intermediate):
        raise ValueError(
            f"{type(cell).__name__} has no {name!r} that Flax could set: it has {[n for n in known if n != STATIC]}."
        )
    if name == STATIC:
        value.restore(cell)
    elif name == _GENERATOR and cell._random:
        _draw_from(cell, value)  # type: ignore[arg-type]
    elif not isinstance(value, Variable) or name in attributes_of(cell).variables:
        _set_data(cell, name, value) if name in attributes_of(cell).data else setattr(cell, name, value)
    elif isinstance(handle := handle_for(value, name), Parameter):
        cell._params[name] = cell.__dict__[name] = handle
    else:
        _set_data(cell, name, handle)


def pop_key(cell: Cell, name: Any):
    """Take one child away and give it."""
    value = dict(flatten(cell)[0])[name]
    cell.__dict__.get("_sown", set()).discard(name)
    delattr(cell, name)
    return value


def set_view(self: Cell, deterministic: bool | None = None, use_running_average: bool | None = None) -> None:
    """What `nnx.view` calls on each node: the mode of this one Cell.

    Args:
        deterministic: whether Cells without moving statistics evaluate; None leaves them as they are.
        use_running_average: whether those with moving statistics do.
    """
    kinds = {kind_of(h, name) for name, h in {**self._params, **self._buffers}.items() if h is not None}
    mode = use_running_average if BatchStat in kinds else deterministic
    if mode is not None:
        self.__dict__.update(training=not mode, phase="predict" if mode else "train")
        self._flags["training"] = not mode


def train(self: Cell, mode: bool = True) -> None:
    """What programs of Flax call: `set_train`, and the same for modules of nnx that the Cell holds."""
    self.set_train(mode)
    for _, node in nnx.iter_graph(self):
        if isinstance(node, nnx.Module):
            node.train() if mode else node.eval()


def eval_(self: Cell) -> None:
    """What programs of Flax call: `set_train(False)`, and the same for modules of nnx that the Cell holds."""
    train(self, False)


def register(kind: type[Cell]) -> None:
    """Tell Flax of a class of Cells."""
    register_node_type(kind, flatten, set_key, pop_key, create_empty, clear, init)


def _all_classes(kind: type[Cell]):
    yield kind
    for below in kind.__subclasses__():
        yield from _all_classes(below)


for _kind in dict.fromkeys(_all_classes(Cell)):
    register(_kind)
cells.registrars.append(register)
for _method in (set_view, train, eval_):
    setattr(Cell, _method.__name__.rstrip("_"), _method)
