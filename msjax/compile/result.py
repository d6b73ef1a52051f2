"""The form of a traced function's result: how to make it again from the arrays that its program returns.

So are the values that it stores in objects from outside (`stores`): what is in both is one and the same.
"""

from __future__ import annotations

import enum
from collections import OrderedDict
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import jax
import numpy as np

from msjax.compile.refusal import Refused
from msjax.core import trace
from msjax.core.cells import is_cell
from msjax.core.dtype import DType
from msjax.core.opaque import KINDS, Number
from msjax.core.parameter import ParameterTuple
from msjax.core.tensor import Tensor, raw
from msjax.core.view import Origin, origin_of, owner, root

_PLAIN = (int, float, complex, bool, str, bytes, range, enum.Enum, np.generic, np.dtype, DType, type(...), type(None))


class Result:
    """A result, taken apart.

    Args:
        value: what the function returned.
        inputs: the handles that went in; where one of them is returned, it is returned itself.
        is_outer: whether an object is from outside; then it can not be made again.
        any_node: whether what JAX knows as a container may be part of the result.

    Attributes:
        arrays: the arrays of the Tensors that are new.
        returned: the positions of the inputs that are part of it.
        numbers: the variables of the checks that hold numbers in it, which differ from call to call.

    Raises:
        Refused: if the result has parts that can not be made again.
    """

    def __init__(self, value, inputs: list[Tensor], is_outer: Callable, any_node: bool = False):
        self.arrays: list = []
        self.returned: set[int] = set()
        self.numbers: list[str] = []
        self._inputs = {id(h): i for i, h in enumerate(inputs)}
        self._position: dict[int, int] = {}  # of new Tensors among the arrays, by their ids
        self._new: list[Tensor] = []
        self._any_node, self._is_outer = any_node, is_outer
        self._containers: dict[int, Callable | None] = {}  # by their ids; None while one is taken apart
        self._views: list[tuple] = []
        self._origins: list[tuple] = []
        self._rebuilt = self._form(value)
        if not any_node:  # asked for compilation, MindSpore gives Tensors that know of no other
            self._link()
        self._share()
        del self._new, self._containers, self._is_outer  # let go of what is only needed now

    def move(self, positions: dict[int, int]) -> None:
        """The inputs have other positions from now on."""
        self._moved = positions

    def rebuilt(self, new: list[Tensor], inputs: list[Tensor], numbers=()):
        """The result, of new Tensors on the arrays, the handles that went in, and the numbers."""
        known = dict(zip(self.numbers, numbers, strict=True))
        for kind, i, base, from_outside, read, write in self._views:
            new[i]._view = kind(inputs[self._moved[base]] if from_outside else new[base], read, write)
        for _, i, base, index in self._origins:
            new[i]._origin = Origin(base(new, inputs, known), index(new, inputs, known))
        return self._rebuilt(new, inputs, known)

    # A form takes the new Tensors, the inputs, and what is known already: numbers by their variables, and containers
    # that were made, by the ids that they had in the trace.

    def _form(self, value: Any) -> Callable:
        if isinstance(value, Tensor):
            return self._tensor(value)
        if isinstance(value, jax.Array):
            i = self._keep(value)
            return lambda new, inputs, known: new[i]._array
        kind: Any = type(value)
        if kind is Number and type(value.value) in KINDS:
            return self._number(value.variable)
        if kind is ParameterTuple or (kind is tuple and self._is_outer(value)):
            return self._parameters(value)
        if isinstance(value, (list, dict)) or (isinstance(value, tuple) and value):
            return self._container(value)
        if isinstance(value, (*_PLAIN, tuple)):
            return lambda new, inputs, known: value
        return self._node(value)

    def _number(self, variable: str) -> Callable:
        if variable not in self.numbers:
            self.numbers.append(variable)
        return lambda new, inputs, known: known[variable]

    def _parameters(self, values: tuple) -> Callable:
        """A tuple of Tensors from outside, as an optimizer of the user's may return its Parameters. The next call may
        have others in their place, so it is made again; asked for compilation, MindSpore makes plain tuples."""
        if not all(isinstance(v, Tensor) and id(v) in self._inputs for v in values):
            raise Refused("it returns a container from outside")
        kind = tuple if self._any_node else type(values)
        parts = [self._tensor(v) for v in values]
        return lambda new, inputs, known: tuple.__new__(kind, [part(new, inputs, known) for part in parts])

    def _container(self, container) -> Callable:
        """A container is made again, so it must be new on each call; one in several places is one again."""
        key = id(container)
        again = self._containers.get(key)
        if self._is_outer(container) or (again is None and key in self._containers):
            raise Refused("it returns a container from outside, or one that contains itself")
        if again is not None:
            return again
        self._containers[key] = None
        make = self._made(container)

        def form(new, inputs, known):
            known[key] = made = make(new, inputs, known)
            return made

        self._containers[key] = lambda new, inputs, known: known[key]
        return form

    def _made(self, value) -> Callable:
        """How the content of a container is made."""
        kind = type(value)
        if kind in (tuple, list):
            parts = [self._form(v) for v in value]
            return lambda new, inputs, known: kind([part(new, inputs, known) for part in parts])
        if kind in (dict, OrderedDict):
            items = [(self._form(k), self._form(v)) for k, v in value.items()]
            return lambda new, inputs, known: kind(
                (key(new, inputs, known), part(new, inputs, known)) for key, part in items
            )
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            parts = [self._form(v) for v in value]
            return lambda new, inputs, known: kind(*(part(new, inputs, known) for part in parts))
        return self._node(value)

    def _node(self, value) -> Callable:
        """An object that JAX knows as a container is made again. Any other one, like a set, an iterator or a function,
        would be one and the same for all calls."""
        leaves, tree = jax.tree.flatten(value, is_leaf=lambda v: isinstance(v, Tensor))
        unknown = is_cell(value) or (len(leaves) == 1 and leaves[0] is value)
        if unknown or not self._any_node:
            raise Refused(f"it returns a {type(value).__name__}")
        parts = [self._form(v) for v in leaves]
        return lambda new, inputs, known: jax.tree.unflatten(tree, [part(new, inputs, known) for part in parts])

    def _tensor(self, tensor: Tensor) -> Callable:
        i = self._inputs.get(id(tensor))
        if i is not None:
            self.returned.add(i)
            return lambda new, inputs, known: inputs[self._moved[i]]
        if id(owner(tensor)) in self._inputs and tensor._frame is not trace.top():
            raise Refused("it returns a Tensor from outside that shares all elements with another one")
        if type(tensor) is not Tensor:
            raise Refused(f"it returns a new {type(tensor).__name__}")
        position = self._of_new(tensor)
        return lambda new, inputs, known: new[position]

    def _of_new(self, tensor: Tensor) -> int:
        """The position of a new Tensor among the results."""
        position = self._position.get(id(tensor))
        if position is None:
            if tensor._hooks:
                raise Refused("it returns a Tensor on which it registers a hook")
            position = self._position[id(tensor)] = self._keep(raw(tensor))
            self._new.append(tensor)
        return position

    def _keep(self, array) -> int:
        self.arrays.append(array)
        return len(self.arrays) - 1

    # -- Tensors that share their elements ------------------------------------------------------------------------

    def _share(self) -> None:
        """New Tensors that share elements, with one another or with one from outside, go on to do so."""
        owners = [id(self._owner(t)) for t in self._new]
        for tensor, i in zip(tuple(self._new), owners, strict=True):
            if id(tensor) != i and (i in self._inputs or owners.count(i) > 1):
                self._view(tensor)

    def _owner(self, tensor: Tensor) -> Tensor:
        while tensor._view is not None and id(tensor) not in self._inputs:
            tensor = tensor._view.base
        return tensor

    def _view(self, tensor: Tensor) -> None:
        view = tensor._view
        if view is None:
            return
        position, base = self._of_new(tensor), view.base
        outside = self._inputs.get(id(base))
        shown = self._of_new(base) if outside is None else outside
        self._views.append((type(view), position, shown, outside is not None, view.read, view.write))
        if outside is None:
            self._view(base)

    # -- Tensors that were copied by an index ---------------------------------------------------------------------

    def _link(self) -> None:
        """New Tensors that were copied from one that is still there go on to write back."""
        for tensor in self._new:  # which grows by those of the links
            origin = tensor._origin
            base = origin and origin.base()
            if origin and base is not None and (self._is_known(root(base)) or origin_of(base) is not None):
                made = self._tensor(base), self._index(origin.index)
                self._origins.append((origin.depth, self._position[id(tensor)], *made))
        self._origins.sort(key=itemgetter(0))  # a copy of a copy keeps that only if it is linked itself

    def _is_known(self, tensor: Tensor) -> bool:
        return id(tensor) in self._inputs or id(tensor) in self._position

    def _index(self, index) -> Callable:
        if isinstance(index, Tensor):
            return self._tensor(index)
        if isinstance(index, (tuple, list)):
            kind, parts = type(index), [self._index(i) for i in index]
            return lambda new, inputs, known: kind([part(new, inputs, known) for part in parts])
        return lambda new, inputs, known: index
