"""What a Cell is beside its Parameters and child Cells, in a form that can be hashed, compared and built again.

flax.nnx compiles a function anew when the static part of a graph differs, and builds copies of it in its transforms. So
an attribute that is a number, a string or another plain value counts by type and value; lists, tuples, dictionaries and
sets by their contents; initializers and primitives by their attributes; any other object by identity. A Parameter or
Cell of the graph that is found in there, in `self.weights = ParameterTuple(...)` for example, is kept as its place, and
a copy gets its own one.
"""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import Callable
from types import MethodType
from typing import Any, NamedTuple

from flax.nnx import Variable

from msjax.core.parameter import ParameterTuple
from msjax.core.random import Generator, drawing_from
from msjax.core.sameness import PLAIN, ByIdentity, elements
from msjax.core.tensor import Tensor
from msjax.core.trace import Tracer
from msjax.nn.cell import Cell
from msjax.nn.tree import BY_VALUE
from msjax.shims.flax import is_node_type

REGISTRIES = ("_params", "_buffers", "_cells")
# Of Cell's own attributes, those that say nothing about what it computes.
_SKIPPED = {*REGISTRIES, "_checked", "_generator", "_memory", "_origin", "_sown", "_tree"}
_CONTAINERS = (list, tuple, dict, set, OrderedDict, ParameterTuple)
_plain: set[type] = {*PLAIN}  # types whose values stand for themselves


class Ref(NamedTuple):
    """The place of a Parameter, buffer or Cell below a Cell: names of child Cells, and the name in a registry."""

    path: tuple
    registry: str = ""
    name: str = ""


class Built(NamedTuple):
    """A container, by the forms of its contents."""

    kind: type
    items: tuple | frozenset


class Method(NamedTuple):
    """A method of a Cell of the graph."""

    function: Any
    owner: Ref


class Alike:
    """An object that counts by its type and attributes."""

    __slots__ = ("form", "value")

    def __init__(self, value, form):
        self.value, self.form = value, form

    def __eq__(self, other):
        return type(other) is Alike and type(self.value) is type(other.value) and self.form == other.form

    def __hash__(self):
        return hash((type(self.value), self.form))


class _Refs:
    """Where the handles and Cells below a Cell are; found out when the first is asked for."""

    def __init__(self, cell: Cell):
        self._cell = cell
        self._refs: dict[int, Ref] | None = None

    def __call__(self, value) -> Ref | None:
        if self._refs is None:
            self._refs = {id(self._cell): Ref(())}
            self._visit(self._cell, ())
        return self._refs.get(id(value))

    def _visit(self, cell: Cell, path: tuple) -> None:
        assert self._refs is not None
        for registry in REGISTRIES:
            for name, value in cell.__dict__[registry].items():
                if value is not None and id(value) not in self._refs:
                    self._refs[id(value)] = Ref(path, registry, name)
                    if registry == "_cells":
                        self._visit(value, (*path, name))


class Attributes:
    """The static part of a Cell. Equal for Cells that one compiled program can serve.

    Attributes:
        data: names of attributes whose values are children in the graph: generators, nodes of Flax, and Tensors that
            `construct` has set.
        variables: those of them that are Variables of Flax.
        mutable: (value, form) of the attributes that may change without being set again.
    """

    __slots__ = ("_built", "_forms", "_hash", "_key", "_registered", "data", "mutable", "variables")

    def __init__(self, cell: Cell):
        own = cell.__dict__
        params, buffers, cells, sown = own["_params"], own["_buffers"], own["_cells"], own.get("_sown", ())
        self._forms: dict[str, Any] = {}
        self._built, types, self.data, self.mutable = [], [], [], []
        refs = _Refs(cell)
        for name, value in own.items():
            if name in _SKIPPED:
                continue
            kind = type(value)
            if kind not in _plain:
                if name in params or name in cells or name in buffers or kind is Bordered:
                    continue
                if name in sown or _is_data(kind, value):
                    self.data.append(name)
                    continue
                if name.startswith("_jitted_"):  # a compiled method of this very Cell
                    continue
                form = _form(value, refs)
                if kind in _CONTAINERS or isinstance(value, Tensor):
                    self.mutable.append((value, form))
                if form is not value:
                    self._built.append(name)
                value = form
            types.append(kind)
            self._forms[name] = value
        # The last: names that are in a registry only, as those of a ParameterTuple are.
        self._registered = *(tuple(own[r]) for r in REGISTRIES), frozenset(n for n in params if n not in own)
        self.variables = frozenset(name for name in self.data if isinstance(own[name], Variable))
        self._key = tuple(self._forms.items()), tuple(types), self._registered, tuple(self.data), self.variables
        self._hash = hash(self._key)

    def __eq__(self, other):
        return self is other or (type(other) is Attributes and self._key == other._key)

    def __hash__(self):
        return self._hash

    def __repr__(self):
        return f"Attributes({', '.join(n for n in self._forms if not n.startswith('_'))})"

    def register(self, cell: Cell, children: dict) -> None:
        """Fill a Cell's registries from what the graph gives for it; what is used is taken out of `children`."""
        own = cell.__dict__
        hidden = self._registered[-1]
        for registry, names in zip(REGISTRIES, self._registered, strict=False):
            current = own.get(registry)
            if current is None:
                current = own[registry] = OrderedDict()
            elif tuple(current) != names:
                for name in current:
                    own.pop(name, None)
                current.clear()
            for name in names:
                value = children.pop(name, None)
                if current.get(name, own) is not value:
                    current[name] = value
                    if not hidden or name not in hidden:
                        own[name] = value

    def restore(self, cell: Cell) -> None:
        """Give a Cell, whose registries are filled, the attributes that it does not have like this."""
        own = cell.__dict__
        if "_checked" not in own:
            own["_checked"] = False
            own.update(self._forms)
            for name in self._built:
                form = self._forms[name]
                own[name] = form.kind() if type(form) is Built and not form.items else _built(form, cell)
            return
        now = attributes_of(cell)
        if now != self:
            own.update(
                {n: _built(f, cell) for n, f in self._forms.items() if n not in now._forms or now._forms[n] != f}
            )
            for name in now._forms.keys() - self._forms.keys() - set(self.data):
                own.pop(name, None)


class _Memory:
    """The attributes of a Cell, and what they were worked out from."""

    __slots__ = ("attributes", "names", "values")

    def __reduce__(self):  # a copy of a Cell begins anew
        return _Memory, ()

    def holds(self, own: dict) -> bool:
        """Whether a Cell still is what it was."""
        attributes = getattr(self, "attributes", None)
        return (
            attributes is not None
            and self.names == [*own]
            and all(map(operator.is_, own.values(), self.values))
            and attributes._registered[:3] == (*map(tuple, map(own.__getitem__, REGISTRIES)),)
            and all(_unchanged(value, form) for value, form in attributes.mutable)
        )


def _unchanged(value, form) -> bool:
    if type(form) is Built and not form.items:
        return not value
    return _form(value, _nowhere) == form


def _nowhere(value) -> None:
    return None


def attributes_of(cell: Cell) -> Attributes:
    """The static part of a Cell, as it is now."""
    own = cell.__dict__
    memory = own.get("_memory")
    if memory is None:
        memory = own["_memory"] = _Memory()
    elif memory.holds(own):
        return memory.attributes
    memory.attributes = Attributes(cell)
    memory.names, memory.values = [*own], [*own.values()]
    return memory.attributes


def _is_data(kind: type, value) -> bool:
    if kind is Generator or issubclass(kind, Variable):
        return True
    if is_node_type(kind) and not issubclass(kind, Cell):
        return True
    if kind is Tensor:
        return isinstance(value._array, Tracer)
    if kind in (list, tuple):
        return any(_is_data(type(v), v) for v in value)
    return kind is dict and any(_is_data(type(v), v) for v in value.values())


def _form(value, refs: Callable[[Any], Ref | None]):
    kind = type(value)
    if kind in _plain:
        return value
    if kind in _CONTAINERS:
        items = value.items() if issubclass(kind, dict) else value
        return Built(kind, elements(items, lambda item: _form(item, refs)))
    if isinstance(value, (Tensor, Cell)):
        return refs(value) or ByIdentity(value)
    if kind is MethodType and (owner := refs(value.__self__)):
        return Method(value.__func__, owner)
    if isinstance(value, BY_VALUE):
        return Alike(value, _form(vars(value), refs))
    if kind.__eq__ is object.__eq__ and kind.__hash__ is object.__hash__:
        _plain.add(kind)
        return value
    return ByIdentity(value)


def _built(form, cell: Cell):
    kind = type(form)
    if kind is ByIdentity or kind is Alike:
        return form.value
    if kind is Built:
        return form.kind([_built(item, cell) for item in form.items])
    if kind is Method:
        return MethodType(form.function, _built(form.owner, cell))
    if kind is Ref:
        for name in form.path:
            cell = cell._cells[name]
        return getattr(cell, form.registry)[form.name] if form.registry else cell
    return form


class Bordered:
    """`run_eagerly` of a Cell that Flax has built: for arrays in place of Tensors it answers with arrays."""

    __slots__ = ("_cell",)

    def __init__(self, cell: Cell):
        self._cell = cell

    def __call__(self, *args, **kwargs):
        from msjax.interop.jax import array_function

        cell = self._cell
        run = array_function(type(cell).run_eagerly.__get__(cell))
        if cell._generator is None:
            return run(*args, **kwargs)
        with drawing_from(cell._generator):
            return run(*args, **kwargs)
