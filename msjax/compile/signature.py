"""What a compiled function is compiled for: the key under which its program is found again."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import jax
import numpy as np

from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw


def is_leaf(value) -> bool:
    return isinstance(value, Tensor) or hasattr(value, "cells_and_names") or value is None


class Arguments:
    """Arguments taken apart: Tensors vary from call to call, all else belongs to the key.

    Attributes:
        arrays: the arrays of the Tensors.
        key: hashable; equal for calls that one program can serve.
    """

    def __init__(self, args: tuple, kwargs: dict):
        self.leaves, self.tree = jax.tree.flatten((args, kwargs), is_leaf=is_leaf)
        self.places = [i for i, v in enumerate(self.leaves) if isinstance(v, Tensor) and not isinstance(v, Parameter)]
        self.arrays = [raw(self.leaves[i]) for i in self.places]
        varying = set(self.places)
        constants = tuple(_identity(v) for i, v in enumerate(self.leaves) if i not in varying)
        shapes = tuple((a.shape, a.dtype) for a in self.arrays)
        self.key = (self.tree, tuple(self.places), constants, shapes)

    def rebuilt(self, handles: list) -> tuple[tuple, dict]:
        """(args, kwargs) with other Tensors in their places."""
        leaves = list(self.leaves)
        for place, handle in zip(self.places, handles, strict=True):
            leaves[place] = handle
        return jax.tree.unflatten(self.tree, leaves)


def _identity(value):
    """Numbers and strings count by value and type; networks, Parameters and other objects by identity."""
    if isinstance(value, (bool, int, float, complex, str, bytes, type(None))):
        return type(value), value
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.tobytes()
    return id(value)


def modes(fn: Callable) -> tuple:
    """The training flags and dtypes of all Cells that `fn` can reach by itself, its closure or its globals."""
    return tuple((c.training, c._to_float) for cell in _cells(fn) for _, c in cell.cells_and_names())


def _cells(fn: Callable) -> list:
    found = [fn, getattr(fn, "__self__", None)]
    function = inspect.unwrap(getattr(fn, "__func__", fn))
    code = getattr(function, "__code__", None)
    if code is not None:
        found += [_contents(cell) for cell in function.__closure__ or ()]
        found += [function.__globals__.get(name) for name in code.co_names]
    return [v for v in found if hasattr(v, "cells_and_names") and not isinstance(v, type)]


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not yet assigned
        return None
