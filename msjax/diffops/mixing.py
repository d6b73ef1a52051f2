"""Whether a function mixes the rows of its batch: then no formulation gives derivatives at points.

The proof is that of `autodiff.rows`, for programs that need not be linear: it follows along which axis each value keeps
the rows apart. What it does not know it takes for harmless, so that only what is seen to mix them is spoken of.
"""

from __future__ import annotations

from typing import Any

from msjax.autodiff.rows import RULES, Mixed
from msjax.shims.primitives import (
    CHECKPOINTS,
    ELEMENTWISE_OR_NUMBERS,
    INSIDE,
    MOVING,
    REDUCTIONS,
    RUNNING,
    WITH_RULES,
)
from msjax.shims.programs import inner, is_literal

_UNKNOWN = "?"  # stands, like the name of what mixes them, in the place of an axis


def mixing_operator(program: Any, count: int, rows_axis: int) -> str | None:
    """The operator by which one of the first results of a program mixes what lies along an axis of its arguments."""
    rows = program.jaxpr.invars[0].aval.shape[rows_axis]
    if rows < 2:
        return None
    states = dict.fromkeys(program.jaxpr.invars, rows_axis)
    states_of_results = _Follower(rows).results(program.jaxpr, states)[:count]
    return next((s for s in states_of_results if isinstance(s, str) and s != _UNKNOWN), None)


class _Follower:
    def __init__(self, rows: int):
        self._rows = rows

    def results(self, jaxpr, states: dict) -> list:
        """For each result of a program the axis of the rows, what mixes them, or None if it does not depend on them."""

        def of(atom):
            return None if is_literal(atom) else states.get(atom)

        for equation in jaxpr.eqns:
            operands = list(map(of, equation.invars))
            if any(s is not None for s in operands) and equation.primitive.name != "stop_gradient":
                outcome = self._of_equation(equation, operands)
                states.update((v, s) for v, s in zip(equation.outvars, outcome, strict=True) if s is not None)
        return list(map(of, jaxpr.outvars))

    def _of_equation(self, equation, operands: list) -> list:
        name, count = equation.primitive.name, len(equation.outvars)
        called = inner(equation)
        if called is None and name in WITH_RULES | CHECKPOINTS:
            whole = next(equation.params[k] for k in INSIDE if k in equation.params)
            called = getattr(whole, "jaxpr", whole), ()
        if called:
            states = {v: s for v, s in zip(called[0].invars, operands, strict=True) if s is not None}
            return self.results(called[0], states)
        told = sorted(s for s in operands if isinstance(s, str))
        if told:
            return [max(told)] * count  # a name rather than the unknown
        try:
            state: Any = self._axis(equation, name, operands)
        except Mixed:
            state = name if name in MOVING else _UNKNOWN
        if isinstance(state, int) and any(v.aval.shape[state : state + 1] != (self._rows,) for v in equation.outvars):
            state = name if name in MOVING else _UNKNOWN
        return [state] * count

    def _axis(self, equation, name: str, operands: list):
        params, axes = equation.params, {s for s in operands if s is not None}
        if name == "dot_general":
            return _of_product(params["dimension_numbers"], operands, [v.aval.ndim for v in equation.invars])
        if len(axes) > 1:
            return name if name in ELEMENTWISE_OR_NUMBERS else _UNKNOWN
        (axis,) = axes
        if name in ELEMENTWISE_OR_NUMBERS:
            return axis
        if name in REDUCTIONS:
            return name if axis in params["axes"] else axis - sum(a < axis for a in params["axes"])
        if name in RUNNING:
            return name if params["axis"] == axis else axis
        if name == "sort":
            return name if params["dimension"] == axis else axis
        return RULES[name](equation, axis) if name in RULES else _UNKNOWN


def _of_product(numbers, operands: list, ndims: list):
    (contracted, batched) = numbers
    varying = [side for side in (0, 1) if operands[side] is not None]
    if any(operands[side] in contracted[side] for side in varying):
        return "dot_general"
    if len(varying) == 2:
        if any(operands[side] not in batched[side] for side in varying):
            return "dot_general"
        first, second = (list(batched[side]).index(operands[side]) for side in varying)
        return first if first == second else "dot_general"
    (side,) = varying
    if operands[side] in batched[side]:
        return list(batched[side]).index(operands[side])
    fixed = (*contracted[side], *batched[side])
    before = sum(a not in fixed for a in range(operands[side]))
    skipped = 0 if side == 0 else ndims[0] - len(contracted[0]) - len(batched[0])
    return len(batched[0]) + skipped + before
