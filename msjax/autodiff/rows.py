"""Gradients of batches of independent rows, by forward mode.

`grad` at a batch of points sums over the batch, so if each result depends on its own point only, the gradient holds the
derivative at each point. MindSpore programs compute second derivatives in this way, by a gradient of a gradient. The
outer one is as well the derivative along a direction, the same at all points, which costs less: nothing has to be kept
for a way back.

That the rows are independent is not guessed but proven, from the program of the pullback: each of its operators must
keep what comes from different rows apart, along an axis of its own. Where that is not sure, the pullback it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from msjax.autodiff.columns import Columns
from msjax.autodiff.linear import is_linear
from msjax.shims.primitives import SCALING
from msjax.shims.programs import bound, inner, is_literal, run, size_of

# A column takes about as many operators as the pullback has, and gradients around it multiply them again. More than
# these, derivatives of high order would take longer to compile than they ever save.
_MOST = 1200


def pulled(pullback: Callable, cotangents: list, leaves: list, most: int, nested: bool) -> list:
    """The gradients `pullback(cotangents)[0]`, in forward mode if the rows of the leaves are independent.

    Args:
        pullback: from a list of cotangents to a tuple of one list of gradients, one for each leaf.
        leaves: arrays; of shape (rows, columns) or (rows,) if forward mode is to be tried.
        most: how many columns there may be in all, each of which costs one derivative.
        nested: whether it is a gradient of gradients, or to be differentiated twice. Others are pushed forward if the
            network has several outputs, at least as many as a leaf has columns: programs differentiate each of them,
            and all have one derivative by a column.
    """
    if not are_rows(leaves, most) or not all(jnp.issubdtype(c.dtype, jnp.floating) for c in cotangents):
        return pullback(cotangents)[0]
    shapes = [x.shape for x in leaves]
    program = jax.make_jaxpr(lambda cts: pullback(cts)[0])(cotangents)
    apart = _Apart(shapes[0][0])
    if not is_linear(program):  # it has a rule of the user's
        return _run(program, cotangents, {})[0]
    try:
        apart.follow_whole(program.jaxpr)
    except Mixed:
        return _run(program, cotangents, {})[0]
    few = not nested and apart.outputs < max(2, *map(_columns, shapes))
    if few or size_of(program.jaxpr) * sum(map(_columns, shapes)) > _MOST:
        return _run(program, cotangents, {})[0]
    return _pushed(program, apart.starts, cotangents, shapes)


def are_rows(leaves: list, most: int) -> bool:
    """Whether the arrays are floats of shape (rows, columns) or (rows,), of at most `most` columns in all."""
    shapes = [x.shape for x in leaves]
    rows = shapes[0][0] if shapes and shapes[0] else 0
    fit = all(len(s) in (1, 2) and s[0] == rows for s in shapes) and rows > 1 and sum(map(_columns, shapes)) <= most
    return fit and all(jnp.issubdtype(x.dtype, jnp.floating) for x in leaves)


def _columns(shape: tuple) -> int:
    return shape[1] if len(shape) == 2 else 1


class Mixed(Exception):
    """Rows may be mixed."""


class _Apart:
    """Follows through a linear program along which axis each value keeps the rows apart.

    Attributes:
        starts: variables that start to do so, with that axis: cotangents of batches, and a number spread over a batch,
            which is what the pullback of a sum over the batch begins with.
        outputs: how many outputs the last layer of a network has; 0 if there is none.
    """

    def __init__(self, rows: int):
        self.rows, self.starts, self.outputs = rows, {}, 0

    def follow_whole(self, jaxpr) -> None:
        """Raises:
        Mixed: unless each row of the results depends on the same row of each start."""
        axes: dict = {}
        numbers = set()  # what depends on the cotangents and has no rows yet
        for var in jaxpr.invars:
            if var.aval.shape[:1] == (self.rows,):
                self.starts[var] = axes[var] = 0
            else:
                numbers.add(var)
        for equation in jaxpr.eqns:
            spread = [v for v in equation.invars if not is_literal(v) and v in numbers]
            if spread:
                self._spread(equation, numbers, axes)
            else:
                self._follow(equation, axes)
        if any(out in numbers or axes.get(out, 0) != 0 for out in jaxpr.outvars if not is_literal(out)):
            raise Mixed

    def _spread(self, equation, numbers: set, axes: dict) -> None:
        name, (out, *more) = equation.primitive.name, equation.outvars
        # An axis is taken for that of the rows by its length, so it must be the only one of this length.
        places = [i for i, n in enumerate(out.aval.shape) if n == self.rows]
        if more or name not in SCALING | {"broadcast_in_dim", "reshape", "squeeze"} or len(places) > 1:
            raise Mixed
        if not places:
            numbers.add(out)
        elif name == "broadcast_in_dim":
            self.starts[out] = axes[out] = places[0]
        else:
            raise Mixed

    def follow(self, jaxpr, axes: dict) -> None:
        """Fill in `axes`, of the variables that depend on the cotangents."""
        for equation in jaxpr.eqns:
            self._follow(equation, axes)

    def _follow(self, equation, axes: dict) -> None:
        of_operands = [None if is_literal(v) else axes.get(v) for v in equation.invars]
        distinct = {a for a in of_operands if a is not None}
        if not distinct:
            return
        called = inner(equation)
        if called:
            jaxpr, _ = called
            inside = {v: a for v, a in zip(jaxpr.invars, of_operands, strict=True) if a is not None}
            self.follow(jaxpr, inside)
            results = [None if is_literal(v) else inside.get(v) for v in jaxpr.outvars]
            axes.update((v, a) for v, a in zip(equation.outvars, results, strict=True) if a is not None)
            return
        name = equation.primitive.name
        if name == "dot_general":
            axis = self._of_product(equation, of_operands)
        elif len(distinct) > 1 or (name not in SCALING and name not in RULES):
            raise Mixed
        else:
            (axis,) = distinct
            axis = axis if name in SCALING else RULES[name](equation, axis)
        for out in equation.outvars:
            # The rules say where the axis should be; if it has another length there, they were wrong about it.
            if out.aval.shape[axis : axis + 1] != (self.rows,):
                raise Mixed
            axes[out] = axis

    def _of_product(self, equation, of_operands) -> int:
        (contracted, batched) = equation.params["dimension_numbers"]
        side = 0 if of_operands[0] is not None else 1
        axis, free = of_operands[side], [v.aval.ndim for v in equation.invars]
        if of_operands[1 - side] is not None or axis in contracted[side]:
            raise Mixed
        self.outputs = self.outputs or math.prod(equation.invars[side].aval.shape[a] for a in contracted[side])
        # Batched axes come first in the result, then the free ones of the left operand, then those of the right.
        if axis in batched[side]:
            return batched[side].index(axis)
        fixed = (*contracted[side], *batched[side])
        before = sum(a not in fixed for a in range(axis))
        skipped = 0 if side == 0 else free[0] - len(contracted[0]) - len(batched[0])
        return len(batched[0]) + skipped + before


def _unless(mixed, axis: int) -> int:
    if mixed:
        raise Mixed
    return axis


def _reshaped(equation, axis: int) -> int:
    old, new = equation.invars[0].aval.shape, equation.outvars[0].aval.shape
    before = math.prod(old[:axis])
    return next((i for i, n in enumerate(new) if n == old[axis] and math.prod(new[:i]) == before), len(new))


def _kept(equation, axis: int) -> bool:
    """Whether a slice has all rows."""
    params, rows = equation.params, equation.invars[0].aval.shape[axis]
    strides = params["strides"] or (1,) * (axis + 1)
    return params["start_indices"][axis] == 0 and params["limit_indices"][axis] == rows and strides[axis] == 1


def _whole_part(equation, axis: int) -> int:
    """A part that has all rows is nowhere else than at their start: XLA clamps it to be inside."""
    operand, part = equation.invars[0].aval, equation.invars[1].aval
    return _unless(part.shape[axis] != operand.shape[axis], axis)


def _reduced(axes, axis: int) -> int:
    return _unless(axis in axes, axis - sum(a < axis for a in axes))


# Where the axis is in the result.
RULES: dict[str, Callable] = {
    "broadcast_in_dim": lambda e, axis: e.params["broadcast_dimensions"][axis],
    "reshape": _reshaped,
    "transpose": lambda e, axis: e.params["permutation"].index(axis),
    "squeeze": lambda e, axis: _reduced(e.params["dimensions"], axis),
    "reduce_sum": lambda e, axis: _reduced(e.params["axes"], axis),
    "slice": lambda e, axis: _unless(not _kept(e, axis), axis),
    "dynamic_slice": lambda e, axis: axis,  # of all rows or, as the result shows, of fewer
    "dynamic_update_slice": _whole_part,
    "pad": lambda e, axis: _unless(any(e.params["padding_config"][axis]), axis),
    "stack": lambda e, axis: axis + (e.params["axis"] <= axis),
    "unstack": lambda e, axis: _reduced((e.params["axis"],), axis),
    "concatenate": lambda e, axis: _unless(e.params["dimension"] == axis, axis),
    "split": lambda e, axis: _unless(e.params["axis"] == axis, axis),
    "rev": lambda e, axis: _unless(axis in e.params["dimensions"], axis),
    "cumsum": lambda e, axis: _unless(e.params["axis"] == axis, axis),
}


def _pushed(program, starts: dict, cotangents: list, shapes: list) -> list:
    """The gradients, column by column: the derivative along the column, weighted with the starts."""
    results, values = _run(program, cotangents, {})
    at_starts = [values[var] for var in starts]
    most = max(map(_columns, shapes))

    def slope(leaf: int, k: int) -> Any:
        zero = jnp.zeros(shapes[leaf][:1], results[leaf].dtype)

        def column(*arrays):
            columns = Columns(dict(zip(starts, arrays, strict=True)), most).of(program, cotangents)[leaf]
            value = None if columns is None else columns[k]
            return zero if value is None else value

        # By the program alone: to linearize it anew takes longer.
        pushed = jax.linear_transpose(column, *at_starts)(jnp.ones_like(zero))
        parts = zip(pushed, at_starts, starts.values(), strict=True)
        # For each start the derivative along the column, which its cotangent weights.
        terms = [(p * g).sum([a for a in range(p.ndim) if a != axis]) for p, g, axis in parts]
        return sum(terms) if terms else zero

    def gradient(leaf: int, shape: tuple):
        columns = [slope(leaf, k) for k in range(_columns(shape))]
        # Not stacked: of a concatenation `merge` knows the parts, and spends nothing on a column that is not used.
        return columns[0] if len(shape) == 1 else jnp.concatenate([f[:, None] for f in columns], 1)

    return [gradient(leaf, shape) for leaf, shape in enumerate(shapes)]


def _run(program, cotangents: list, replaced: dict) -> tuple:
    """(the results of the program, the values of its variables), with some variables replaced."""
    inputs = [replaced.get(v, c) for v, c in zip(program.jaxpr.invars, cotangents, strict=True)]
    values = dict(zip(program.jaxpr.invars, inputs, strict=True))

    def apply(equation, arguments):
        (out, *_) = equation.outvars
        results = [replaced[out]] if out in replaced else bound(equation)(*arguments)
        values.update(zip(equation.outvars, results, strict=True))
        return results

    return run(program.jaxpr, program.consts, inputs, apply), values
