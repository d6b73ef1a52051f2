"""The form of a traced function's result: how to make it again from the arrays that its program returns."""

from __future__ import annotations

import enum
from collections import OrderedDict
from collections.abc import Callable

import jax
import numpy as np

from msjax.compile.fingerprint import Refused, is_cell
from msjax.core.dtype import DType
from msjax.core.tensor import Tensor, raw
from msjax.core.view import owner

_PLAIN = (int, float, complex, bool, str, bytes, range, enum.Enum, np.generic, np.dtype, DType, type(...), type(None))


class Result:
    """A result, taken apart.

    Args:
        value: what the function returned.
        inputs: the handles that went in; where one of them is returned, it is returned itself.
        any_node: whether what JAX knows as a container may be part of the result.
        is_outer: whether an object is from outside; then it can not be made again.

    Attributes:
        arrays: the arrays of the Tensors that are new.
        returned: the ids of the Tensors that are new.
        rebuilt: (new Tensors, input handles) -> the result.

    Raises:
        Refused: if the result has parts that can not be made again.
    """

    def __init__(self, value, inputs: list[Tensor], any_node: bool = False, is_outer: Callable | None = None):
        self.arrays: list = []
        self._inputs = {id(h): i for i, h in enumerate(inputs)}
        self.returned: dict[int, int] = {}
        self._any_node, self._is_outer = any_node, is_outer
        self._containers: set[int] = set()
        self.rebuilt: Callable = self._form(value)

    def _form(self, value) -> Callable:
        if isinstance(value, Tensor):
            return self._tensor(value)
        kind = type(value)
        self._check_new(value)
        if kind in (tuple, list):
            parts = [self._form(v) for v in value]
            return lambda arrays, inputs: kind([part(arrays, inputs) for part in parts])
        if kind in (dict, OrderedDict):
            items = [(k, self._form(v)) for k, v in value.items()]
            return lambda arrays, inputs: kind((k, part(arrays, inputs)) for k, part in items)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            parts = [self._form(v) for v in value]
            return lambda arrays, inputs: kind(*(part(arrays, inputs) for part in parts))
        if isinstance(value, _PLAIN):
            return lambda arrays, inputs: value
        return self._node(value)

    def _check_new(self, container) -> None:
        """A container that is made again must be new on each call, and in one place."""
        if self._is_outer is None or not isinstance(container, (tuple, list, dict)) or container == ():
            return
        if self._is_outer(container) or id(container) in self._containers:
            raise Refused("it returns a container from outside, or one in two places", certain=True)
        self._containers.add(id(container))

    def _node(self, value) -> Callable:
        """An object that JAX knows as a container is made again. Any other one, like a set, an iterator or a function,
        would be one and the same for all calls."""
        leaves, tree = jax.tree.flatten(value, is_leaf=lambda v: isinstance(v, Tensor))
        unknown = is_cell(value) or (len(leaves) == 1 and leaves[0] is value)
        if unknown or not self._any_node:
            raise Refused(f"it returns a {type(value).__name__}", certain=unknown)
        parts = [self._form(v) for v in leaves]
        return lambda arrays, inputs: jax.tree.unflatten(tree, [part(arrays, inputs) for part in parts])

    def _tensor(self, tensor: Tensor) -> Callable:
        place = self._inputs.get(id(tensor))
        if place is not None:
            return lambda arrays, inputs: inputs[place]
        if type(tensor) is not Tensor:
            raise Refused(f"it returns a new {type(tensor).__name__}", certain=True)
        if not self._any_node and self._is_seen(tensor):
            raise Refused("it returns a view of a Tensor from outside")
        place = self.returned.get(id(tensor))
        if place is not None:
            return lambda arrays, inputs: arrays[place]
        place = self.returned[id(tensor)] = len(self.arrays)
        self.arrays.append(raw(tensor))
        return lambda arrays, inputs: arrays[place]

    def _is_seen(self, tensor: Tensor) -> bool:
        """Whether writing to `tensor` writes to a Tensor from outside."""
        while tensor._view is not None:
            tensor = tensor._view.base
            if id(tensor) in self._inputs or id(owner(tensor)) in self._inputs:
                return True
        return False
