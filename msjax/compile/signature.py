"""What is known of a function compiled without a watch: its arguments' form, and the Cells that it can reach."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

import jax

from msjax.compile.purity import is_cell
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.core.view import owner

_PLAIN = (int, float, complex, str, bytes)


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
    """The Cells that a function can reach by itself, its closure or its globals, and by functions that it captured."""

    def __init__(self, fn: Callable):
        self._fixed: list[Any] = []
        self._closures: list[Any] = []
        self._globals: list[tuple[dict, str]] = []
        self._take(fn, set())

    def _take(self, fn, known: set) -> None:
        self._fixed += [v for v in (fn, getattr(fn, "__self__", None)) if is_cell(v)]
        function = inspect.unwrap(getattr(fn, "__func__", fn))
        code = getattr(function, "__code__", None)
        if code is None or id(function) in known:
            return
        known.add(id(function))
        self._globals += [(function.__globals__, name) for name in code.co_names]
        for cell in function.__closure__ or ():
            self._closures.append(cell)
            contents = _contents(cell)
            if isinstance(contents, (FunctionType, MethodType)):
                self._take(contents, known)

    def modes(self) -> tuple:
        """The training flags and dtypes of those Cells, and which values global variables have, now."""
        cells = list(self._fixed)
        cells += [v for c in self._closures if is_cell(v := _contents(c))]
        cells += [v for names, n in self._globals if is_cell(v := names.get(n))]
        distinct = {id(cell): cell for cell in cells}.values()
        flags = tuple((c.training, c._to_float) for cell in distinct for _, c in cell.cells_and_names())
        values = [names.get(name) for names, name in self._globals]
        return flags, [(type(v), v if isinstance(v, _PLAIN) else id(v)) for v in values]


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not yet assigned
        return None
