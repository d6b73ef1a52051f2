"""`nnx.tabulate` of a Cell.

Flax finds its rows by replacing the methods of the modules' classes, which it can not do to Cells. So a Cell is run
once, on shapes, and what was called is noted; then Flax gets *stand-ins*, modules that have the same names, variables
and calls, and answer with zeros.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from msjax.core.lent import lend
from msjax.core.tensor import Tensor, raw
from msjax.interop.jax import array_function, to_arrays
from msjax.interop.variables import BatchStat, Constant, Param, kind_of
from msjax.nn.cell import Cell

_KINDS: dict[type, type[nnx.Variable]] = {Param: nnx.Param, BatchStat: nnx.BatchStat, Constant: nnx.Variable}


@dataclass(eq=False)
class Call:
    """One call of a Cell.

    Attributes:
        path: of the Cell, with a dot after each name.
        inputs, outputs: with shapes in place of arrays.
        below: the calls that it makes.
    """

    path: str
    inputs: Any = None
    outputs: Any = None
    below: list[Call] = field(default_factory=list)


@contextmanager
def _noted(cell: Cell) -> Iterator[Call]:
    """In the body, calls of a Cell and those below are noted in the call that this gives."""
    first = Call("")
    stack, own = [first], {id(c): (c, c.__dict__.get("run_eagerly")) for _, c in cell.cells_and_names()}

    def noting(path: str, c: Cell):
        def run(*args, **kwargs):
            call = Call(path, _shapes((args, kwargs)))
            stack[-1].below.append(call)
            stack.append(call)
            try:
                outputs = (own[id(c)][1] or type(c).run_eagerly.__get__(c))(*args, **kwargs)
            finally:
                stack.pop()
            call.outputs = _shapes(outputs)
            return outputs

        return run

    try:
        for path, c in cell.cells_and_names():
            c.__dict__["run_eagerly"] = noting(f"{path}." if path else "", c)
        yield first
    finally:
        for c, before in own.values():
            c.__dict__.pop("run_eagerly", None)
            if before is not None:
                c.__dict__["run_eagerly"] = before


def _shapes(tree):
    def shape(leaf):
        leaf = raw(leaf)
        return jax.ShapeDtypeStruct(leaf.shape, leaf.dtype) if hasattr(leaf, "shape") else leaf

    return jax.tree.map(shape, tree, is_leaf=lambda v: isinstance(v, Tensor))


def _zeros(tree):
    return jax.tree.map(lambda s: jnp.zeros(s.shape, s.dtype) if isinstance(s, jax.ShapeDtypeStruct) else s, tree)


class StandIn(nnx.Module):
    """A module with the variables of a Cell, which makes the calls that the Cell has made."""

    def __init__(self, cell: Cell, path: str, calls: dict[str, list[Call]], made: dict[int, Any]):
        made[id(cell)] = self
        self._path, self._calls = path, nnx.static(tuple(calls.get(path, ())))
        for name, handle in {**cell._params, **cell._buffers}.items():
            if handle is not None:
                variable = made.setdefault(id(handle), _KINDS[kind_of(handle, name)](raw(handle)))
                setattr(self, name, variable)
        for name, child in cell._cells.items():
            if child is not None:
                below = made.get(id(child)) or _stand_in(child, f"{path}{name}.", calls, made)
                setattr(self, name, below)

    def __call__(self, *args, **kwargs):
        given = _shapes((args, kwargs))
        call = next((c for c in self._calls if c.inputs == given), self._calls[0])
        for below in call.below:
            way = below.path.removeprefix(self._path)
            if below.path.startswith(self._path) and way:
                inputs, keywords = _zeros(below.inputs)
                functools.reduce(getattr, way[:-1].split("."), self)(*inputs, **keywords)
        return _zeros(call.outputs)


@functools.cache
def _class(kind: type[Cell]) -> type[StandIn]:
    return type(kind.__name__, (StandIn,), {})


def _stand_in(cell: Cell, path: str, calls: dict[str, list[Call]], made: dict[int, Any]) -> StandIn:
    return _class(type(cell))(cell, path, calls, made)


_of_flax = nnx.tabulate


@functools.wraps(_of_flax)
def tabulate(obj, *inputs, **kwargs):
    """`nnx.tabulate`, which knows Cells too.

    Raises:
        ValueError: for a Cell, if it is asked to count operations, which stand-ins do not do.
    """
    if not isinstance(obj, Cell):
        return _of_flax(obj, *inputs, **kwargs)
    if kwargs.get("compute_flops") or kwargs.get("compute_vjp_flops"):
        raise ValueError(
            "nnx.tabulate does not count the operations of a Cell; ask XLA: "
            "jax.jit(lambda net, x: net(x)).lower(net, x).cost_analysis()."
        )
    inputs = to_arrays(inputs)
    with _noted(obj) as first:
        jax.eval_shape(lambda *arrays: lend([], [], lambda: array_function(obj)(*arrays))[0], *inputs)
    calls: dict[str, list[Call]] = {}
    pending = [*first.below]
    while pending:
        call = pending.pop(0)
        calls.setdefault(call.path, []).append(call)
        pending += call.below
    return _of_flax(_stand_in(obj, "", calls, {}), *inputs, **kwargs)
