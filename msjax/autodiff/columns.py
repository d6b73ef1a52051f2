"""The columns of a linear program's results, each by itself.

Pushed forward along one column, the others are zero. Where a slope by one of those is infinite, zero times infinity
would make what has nothing to do with it nan. So what has few columns is computed column by column, and one that is
zero because of where it stands is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import lax

from msjax.shims.programs import bound, inner, run


class Apart(NamedTuple):
    """What depends on the arguments, as its columns; None for one that is zero."""

    columns: tuple


class Whole(NamedTuple):
    """What depends on the arguments and has too many columns, or other axes."""

    array: Any


class Columns:
    """An interpreter of linear programs, whose results it gives column by column.

    Args:
        replaced: values for some of the variables, on which the results are to depend.
        most: how many columns a value may have to be taken apart.
    """

    def __init__(self, replaced: dict, most: int):
        self._replaced, self._most = replaced, most

    def of(self, program: Any, arguments: list) -> list[tuple | None]:
        """For each result its columns; None if it is zero as a whole."""
        jaxpr = program.jaxpr
        inputs = [self._taken_apart(self._replaced[v]) if v in self._replaced else a
                 for v, a in zip(jaxpr.invars, arguments, strict=True)]  # fmt: skip
        results = run(jaxpr, program.consts, inputs, self._apply)
        return [r.columns if isinstance(r, Apart) else None for r in results]

    def _apply(self, equation, arguments: list) -> list:
        (out, *_) = equation.outvars
        # From here on the result is a variable of its own, whatever it was computed of.
        if out in self._replaced:
            return [self._taken_apart(self._replaced[out])]
        if called := inner(equation):
            return run(*called, arguments, self._apply)
        if not any(isinstance(a, (Apart, Whole)) for a in arguments):
            return bound(equation)(*arguments)
        columns = self._columns(equation, arguments)
        if columns is not None:
            return [Apart(columns)]
        # No rule for columns: put together, computed at once, and taken apart again if that is possible.
        whole = [_joined(a, v.aval) for a, v in zip(arguments, equation.invars, strict=True)]
        return list(map(self._taken_apart, bound(equation)(*whole)))

    def _taken_apart(self, array) -> Apart | Whole:
        if array.ndim == 1:
            return Apart((array,))
        if array.ndim == 2 and array.shape[1] <= self._most:
            return Apart(tuple(array[:, k] for k in range(array.shape[1])))
        return Whole(array)

    def _columns(self, equation, arguments: list) -> tuple | None:
        """The columns of the result, if they can be told."""
        rule, shape = _RULES.get(equation.primitive.name), equation.outvars[0].aval.shape
        if rule is None or any(isinstance(a, Whole) for a in arguments):
            return None
        if len(shape) not in (1, 2) or (len(shape) == 2 and shape[1] > self._most):
            return None
        return rule(equation, arguments)


def _joined(value, aval):
    if isinstance(value, Whole):
        return value.array
    if not isinstance(value, Apart):
        return value
    columns = [jnp.zeros(aval.shape[:1], aval.dtype) if c is None else c for c in value.columns]
    return columns[0] if len(aval.shape) == 1 else jnp.stack(columns, 1)


def _pad(equation, arguments):
    value, config = arguments[0], equation.params["padding_config"]
    if not isinstance(value, Apart) or len(config) != 2 or any(config[0]) or config[1][2]:
        return None
    before, after, _ = map(int, config[1])
    # What is padded with a negative number loses columns.
    padded = ((None,) * before + value.columns)[max(-before, 0) :] + (None,) * after
    return padded[: len(padded) + min(after, 0)]


def _slice(equation, arguments):
    params, shape = equation.params, equation.invars[0].aval.shape
    starts, limits = params["start_indices"], params["limit_indices"]
    if len(shape) != 2 or starts[0] != 0 or limits[0] != shape[0] or set(params["strides"] or (1,)) != {1}:
        return None
    return arguments[0].columns[starts[1] : limits[1]]


def _same(equation, arguments):
    """A reshaping that adds or removes an axis of length 1 behind."""
    old, new = equation.invars[0].aval.shape, equation.outvars[0].aval.shape
    return arguments[0].columns if {old, new} <= {old[:1], (*old[:1], 1)} else None


def _broadcast(equation, arguments):
    old, new = equation.invars[0].aval.shape, equation.outvars[0].aval.shape
    if old[:1] != new[:1] or equation.params["broadcast_dimensions"] != tuple(range(len(old))):
        return None
    return arguments[0].columns * (new[1] if len(new) == 2 and (*old, 1)[1] == 1 else 1)


def _concatenate(equation, arguments):
    if equation.params["dimension"] != 1:
        return None
    columns: list = []
    for argument, variable in zip(arguments, equation.invars, strict=True):
        # What does not depend on the arguments is zero in the derivative.
        columns += argument.columns if isinstance(argument, Apart) else (None,) * variable.aval.shape[1]
    return tuple(columns)


def _each(function: Callable) -> Callable:
    """Of an operator that is linear in one operand: the others are the same for all columns, or have columns."""

    def rule(equation, arguments):
        (columns,) = (a.columns for a in arguments if isinstance(a, Apart))

        def of(k: int, column):
            return (column if isinstance(a, Apart) else _column(a, k) for a in arguments)

        results = [None if c is None else function(equation.params, *of(k, c)) for k, c in enumerate(columns)]
        return tuple(results)

    return rule


def _column(constant, k: int):
    return constant[:, k] if jnp.ndim(constant) == 2 else constant


def _sum(sign: int) -> Callable:
    """Of a sum: what has no columns is zero."""

    def rule(equation, arguments):
        first, second = arguments
        if not isinstance(second, Apart):
            return first.columns
        signed = [c if c is None or sign == 1 else -c for c in second.columns]
        if not isinstance(first, Apart):
            return tuple(signed)
        return tuple(map(_added, first.columns, signed))

    return rule


def _added(a, b):
    """The sum of two columns, of which each may be zero."""
    if a is None or b is None:
        return b if a is None else a
    return a + b


def _select(equation, arguments):
    which, *cases = arguments

    def of(k: int):
        chosen = [case.columns[k] if isinstance(case, Apart) else None for case in cases]
        some = next((c for c in chosen if c is not None), None)
        if some is None:
            return None
        filled = [jnp.zeros_like(some) if c is None else c for c in chosen]
        return lax.select_n(_column(which, k), *filled)

    count = next(len(c.columns) for c in cases if isinstance(c, Apart))
    return tuple(map(of, range(count)))


_RULES: dict[str, Callable] = {
    "select_n": _select,
    "pad": _pad,
    "slice": _slice,
    "reshape": _same,
    "squeeze": _same,
    "broadcast_in_dim": _broadcast,
    "concatenate": _concatenate,
    "add": _sum(1),
    "add_any": _sum(1),
    "sub": _sum(-1),
    "neg": _each(lambda _, c: -c),
    "mul": _each(lambda _, a, b: a * b),
    "div": _each(lambda _, a, b: a / b),
    "convert_element_type": _each(lambda params, c: c.astype(params["new_dtype"])),
}
