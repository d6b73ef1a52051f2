"""What is known of a function compiled without a watch: its arguments' form, and the Cells that it can reach."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import jax

from msjax.compile.purity import is_cell
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.core.view import owner


class _Place:
    """Stands in a template where a Tensor goes."""

    def __init__(self, index: int):
        self.index = index


class Template:
    """The form of arguments. The Tensors themselves are left out, and so let go.

    Args:
        handles: Tensors in an order; those among the arguments are known by their place in it.

    Attributes:
        varying: the places of those that may be others on the next call. Parameters may not.
    """

    def __init__(self, args: tuple, kwargs: dict, handles: list[Tensor]):
        known = {id(h): i for i, h in reversed(list(enumerate(handles)))}

        def place(leaf):
            if isinstance(leaf, Tensor) and not isinstance(leaf, Parameter):
                return _Place(known[id(owner(leaf))])
            return leaf

        self._form = jax.tree.map(place, (args, kwargs), is_leaf=_is_leaf)
        self.varying = sorted({p.index for p in jax.tree.leaves(self._form) if isinstance(p, _Place)})

    def filled(self, make: Callable[[int], Tensor]) -> tuple[tuple, dict]:
        """(args, kwargs) with `make(place)` in the place of each Tensor."""
        return jax.tree.map(lambda v: make(v.index) if isinstance(v, _Place) else v, self._form, is_leaf=_is_leaf)


def _is_leaf(value) -> bool:
    return isinstance(value, Tensor) or value is None or is_cell(value)


class Reach:
    """The Cells that a function can reach by itself, its closure or its globals."""

    def __init__(self, fn: Callable):
        function = inspect.unwrap(getattr(fn, "__func__", fn))
        code = getattr(function, "__code__", None)
        self._fixed: list[Any] = [v for v in (fn, getattr(fn, "__self__", None)) if is_cell(v)]
        self._closure = getattr(function, "__closure__", None) or ()
        self._globals = getattr(function, "__globals__", {})
        self._names = code.co_names if code is not None else ()

    def modes(self) -> tuple:
        """The training flags and dtypes of those Cells, now."""
        cells = list(self._fixed)
        cells += [v for c in self._closure if is_cell(v := _contents(c))]
        cells += [v for n in self._names if is_cell(v := self._globals.get(n))]
        return tuple((c.training, c._to_float) for cell in cells for _, c in cell.cells_and_names())


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not yet assigned
        return None
