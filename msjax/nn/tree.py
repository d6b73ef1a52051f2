"""A Cell as a pytree: its leaves are the arrays of its Parameters and buffers, named by path; all else is structure.

JAX compiles a function anew, and refuses to map over two trees, when structures differ. Two networks have the same
structure if they are built of the same Cells with the same attributes: numbers, strings and containers count by value,
initializers and primitives by theirs, a Cell's own Parameters by name, functions by identity. Other objects count by
identity too, but a copy of a network has copies of them.
"""

from __future__ import annotations

import copy
import operator
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import jax

from msjax.core import sameness, trace
from msjax.core.tensor import Tensor, _new, lasting, raw
from msjax.nn.initializer import Initializer
from msjax.nn.naming import Naming
from msjax.ops.table.primitive import Primitive

# Attributes that say nothing about what a Cell computes.
_SKIPPED = {
    "_params", "_buffers", "_cells", "_checked", "_generator", "_memory", "_origin", "_param_prefix", "_sown", "_tree",
    "run_eagerly",
}  # fmt: skip
_CONTAINERS = (tuple, list, dict, set)
BY_VALUE = (Initializer, Primitive)  # objects that are nothing but their attributes
_SHARED = (FunctionType, BuiltinFunctionType, type)  # what a copy of a network has in common with it


class Origin:
    """What a network and its copies have in common."""

    def __deepcopy__(self, memo):
        return self


class _Owner:
    """A Cell, as far as it tells apart the objects among its attributes: its origin, and its Parameters' names."""

    __slots__ = ("names", "origin")

    def __init__(self, own: dict, origin: Origin):
        self.origin = origin
        self.names = {id(p): name for name, p in own["_params"].items()}


class _OwnObject:
    """An object among the attributes of a network: equal to itself, and to what a copy of the network has there."""

    __slots__ = ("origin", "value")

    def __init__(self, value, origin: Origin):
        self.value, self.origin = value, origin

    def __eq__(self, other):
        if type(other) is not _OwnObject or type(self.value) is not type(other.value):
            return False
        return self.value is other.value or self.origin is other.origin

    def __hash__(self):
        return hash(type(self.value))


class Structure:
    """All of a Cell but its arrays."""

    def __init__(self, cell: Naming, paths: list[str]):
        self.cell, self.paths = cell, paths
        self.origin = cell.__dict__.setdefault("_origin", Origin())
        self.cells = [(path, type(c), _attributes(c, self.origin)) for path, c in cell.cells_and_names()]

    def __eq__(self, other):
        return isinstance(other, Structure) and self.paths == other.paths and self.cells == other.cells

    def __hash__(self):
        return hash((type(self.cell), len(self.cells), *self.paths))

    def __repr__(self):
        shown = {path: (kind, forms) for path, kind, forms in self.cells}
        return f"{type(self.cell).__name__} with {shown}"


class _Memory:
    """The forms of a Cell's attributes, and what they were made of."""

    __slots__ = ("forms", "mutable", "names", "origin", "values")

    def __reduce__(self):  # a copy of a Cell begins anew
        return _Memory, ()

    def holds(self, own: dict, origin: Origin) -> bool:
        """Whether a Cell still is what it was."""
        return (
            getattr(self, "origin", None) is origin
            and self.names == [*own]
            and all(map(operator.is_, own.values(), self.values))
            and self._same_contents(own)
        )

    def _same_contents(self, own: dict) -> bool:
        filled = [(value, form) for value, form in self.mutable if value or form[1]]
        owner = _Owner(own, self.origin) if filled else None
        return all(_form(value, owner) == form for value, form in filled)


def _attributes(cell: Naming, origin: Origin) -> dict:
    """name -> form of a Cell's attributes that are neither its Parameters, buffers nor Cells."""
    own = cell.__dict__
    memory = own.get("_tree")
    if memory is None:
        memory = own["_tree"] = _Memory()
    elif memory.holds(own, origin):
        return memory.forms
    state = {**own["_params"], **own["_buffers"], **own["_cells"]}
    settings = {n: v for n, v in own.items() if n not in _SKIPPED and n not in state and not n.startswith("_jitted_")}
    owner = _Owner(own, origin)
    memory.forms = {name: _form(value, owner) for name, value in settings.items()}
    memory.mutable = [(v, memory.forms[n]) for n, v in settings.items() if isinstance(v, _CONTAINERS)]
    memory.names, memory.values, memory.origin = [*own], [*own.values()], origin
    return memory.forms


def _form(value, owner: _Owner) -> Any:
    kind = type(value)
    if kind in sameness.PLAIN:
        return sameness.plain(value)
    if id(value) in owner.names:
        return kind, owner.names[id(value)]
    if issubclass(kind, (tuple, list)) or kind is set:
        return kind, sameness.elements(value, lambda v: _form(v, owner))
    if issubclass(kind, dict):
        return kind, sameness.items(value, lambda v: _form(v, owner))
    if kind is MethodType:
        return kind, value.__func__
    if isinstance(value, BY_VALUE):
        return kind, _form(vars(value), owner)
    return value if isinstance(value, _SHARED) else _OwnObject(value, owner.origin)


def _leaves(cell: Naming) -> list[tuple[str, Tensor]]:
    return [*cell.parameters_and_names(), *cell.named_buffers()]


def flatten(cell: Naming):
    """The arrays, and the structure."""
    leaves = _leaves(cell)
    return [raw(handle) for _, handle in leaves], Structure(cell, [path for path, _ in leaves])


def flatten_with_keys(cell: Naming):
    """The arrays with their paths, and the structure."""
    arrays, structure = flatten(cell)
    return list(zip(map(jax.tree_util.GetAttrKey, structure.paths), arrays, strict=True)), structure


def unflatten(structure: Structure, arrays) -> Naming:
    """A copy of the network with other arrays."""
    memo: dict = {}
    for (_, old), array in zip(_leaves(structure.cell), arrays, strict=True):
        new = _new(type(old))
        new.__dict__.update(lasting(old))
        if old._hooks is not None:  # it stands for the network itself
            new._hooks = old._hooks
        new._array = array
        trace.adopt(new)
        memo[id(old)] = new
    return copy.deepcopy(structure.cell, memo)


def register(kind: type[Naming]) -> None:
    """Tell JAX of a class of Cells."""
    jax.tree_util.register_pytree_with_keys(kind, flatten_with_keys, unflatten, flatten)
