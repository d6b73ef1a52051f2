"""What a compiled function is compiled for: the key under which its program is found again."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw

_TENSOR = object()  # stands in a template where a Tensor goes


def is_leaf(value) -> bool:
    return isinstance(value, Tensor) or hasattr(value, "cells_and_names") or value is None


class Template:
    """The form of arguments: what a program keeps of them. The Tensors themselves are left out, and so let go."""

    def __init__(self, leaves: list, tree, places: list[int]):
        self.leaves, self.tree, self.places = leaves, tree, places

    def rebuilt(self, handles: list) -> tuple[tuple, dict]:
        """(args, kwargs) with other Tensors in their places."""
        leaves = list(self.leaves)
        for place, handle in zip(self.places, handles, strict=True):
            leaves[place] = handle
        return (tuple(leaves), {}) if isinstance(self.tree, int) else jax.tree.unflatten(self.tree, leaves)


class Arguments:
    """Arguments taken apart: Tensors vary from call to call, all else belongs to the key.

    Attributes:
        arrays: the arrays of the Tensors.
        template: the rest.
        key: hashable; equal for calls that one program can serve.
    """

    def __init__(self, args: tuple, kwargs: dict):
        if not kwargs and all(type(a) is Tensor for a in args):  # nothing to take apart
            leaves, tree = list(args), len(args)
        else:
            leaves, tree = jax.tree.flatten((args, kwargs), is_leaf=is_leaf)
        places = [i for i, v in enumerate(leaves) if isinstance(v, Tensor) and not isinstance(v, Parameter)]
        self.arrays = [raw(leaves[i]) for i in places]
        for place in places:
            leaves[place] = _TENSOR
        self.template = Template(leaves, tree, places)
        shapes = tuple((a.shape, a.dtype) for a in self.arrays)
        self.key = (tree, tuple(_identity(v) for v in leaves), shapes)


def _identity(value):
    """Numbers and strings count by value and type; networks, Parameters and other objects by identity."""
    if isinstance(value, (bool, int, float, complex, str, bytes, type(None))):
        return type(value), value
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.tobytes()
    return id(value)


class Reach:
    """The Cells that a function can reach by itself, its closure or its globals: their modes belong to the key."""

    def __init__(self, fn: Callable):
        function = inspect.unwrap(getattr(fn, "__func__", fn))
        code = getattr(function, "__code__", None)
        self._fixed: list[Any] = [v for v in (fn, getattr(fn, "__self__", None)) if _is_network(v)]
        self._closure = getattr(function, "__closure__", None) or ()
        self._globals = getattr(function, "__globals__", {})
        self._names = code.co_names if code is not None else ()

    def modes(self) -> tuple:
        """The training flags and dtypes of those Cells, now."""
        cells = list(self._fixed)
        cells += [v for c in self._closure if _is_network(v := _contents(c))]
        cells += [v for n in self._names if _is_network(v := self._globals.get(n))]
        return tuple((c.training, c._to_float) for cell in cells for _, c in cell.cells_and_names())


def _is_network(value) -> bool:
    return hasattr(type(value), "cells_and_names") and not isinstance(value, type)


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not yet assigned
        return None
