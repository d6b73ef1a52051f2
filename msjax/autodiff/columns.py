"""The columns of a linear program's results, each by itself.

Pushed forward along one column, the others are zero. Where a slope by one of those is infinite, zero times infinity
would make what has nothing to do with it nan. So what has few columns is computed column by column, and one that is
zero because of where it stands is left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import lax

from msjax.shims.programs import bound, inner, run


class Apart(NamedTuple):
    """What depends on the arguments: its columns, None for one that is zero; the whole where they are many."""

    columns: Any  # a tuple, or None
    whole: Any = None


class Columns:
    """An interpreter of linear programs, whose results it gives column by column.

    Args:
        replaced: values for some of the variables, on which the results are to depend.
        most: how many columns a value may have to be taken apart.
    """

    def __init__(self, replaced: dict, most: int):
        self._replaced, self._most = replaced, most

    def of(self, program, arguments: list) -> list[tuple | None]:
        """For each result its columns; None if it is zero as a whole."""
        jaxpr = program.jaxpr
        given = [self._taken_apart(self._replaced[v]) if v in self._replaced else a
                 for v, a in zip(jaxpr.invars, arguments, strict=True)]  # fmt: skip
        results = run(jaxpr, program.consts, given, self._apply)
        return [r.columns if isinstance(r, Apart) else None for r in results]

    def _apply(self, equation, arguments: list) -> list:
        (out, *_) = equation.outvars
        if out in self._replaced:
            return [self._taken_apart(self._replaced[out])]
        if called := inner(equation):
            return run(*called, arguments, self._apply)
        if not any(isinstance(a, Apart) for a in arguments):
            return bound(equation)(*arguments)
        columns = self._columns(equation, arguments)
        if columns is not None:
            return [Apart(columns)]
        whole = [_joined(a, v.aval) for a, v in zip(arguments, equation.invars, strict=True)]
        return list(map(self._taken_apart, bound(equation)(*whole)))

    def _taken_apart(self, array) -> Apart:
        if array.ndim == 1:
            return Apart((array,))
        few = array.ndim == 2 and array.shape[1] <= self._most
        return Apart(tuple(array[:, k] for k in range(array.shape[1]))) if few else Apart(None, array)

    def _columns(self, equation, arguments: list) -> tuple | None:
        """The columns of the result, if they can be told."""
        rule, shape = _RULES.get(equation.primitive.name), equation.outvars[0].aval.shape
        known = all(a.columns is not None for a in arguments if isinstance(a, Apart))
        if rule is None or not known or len(shape) not in (1, 2) or (len(shape) == 2 and shape[1] > self._most):
            return None
        return rule(equation, arguments)


def _joined(value, aval):
    if not isinstance(value, Apart):
        return value
    if value.columns is None:
        return value.whole
    columns = [jnp.zeros(aval.shape[:1], aval.dtype) if c is None else c for c in value.columns]
    return columns[0] if len(aval.shape) == 1 else jnp.stack(columns, 1)


def _pad(equation, arguments):
    value, config = arguments[0], equation.params["padding_config"]
    if not isinstance(value, Apart) or len(config) != 2 or any(config[0]) or config[1][2]:
        return None
    before, after, _ = map(int, config[1])
    found = ((None,) * before + value.columns)[max(-before, 0) :] + (None,) * after
    return found[: len(found) + min(after, 0)]


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
    parts = zip(arguments, equation.invars, strict=True)
    columns = (a.columns if isinstance(a, Apart) else (None,) * v.aval.shape[1] for a, v in parts)
    return tuple(itertools.chain.from_iterable(columns))


def _each(function: Callable) -> Callable:
    """Of an operator that is linear in one operand: the others are the same for all columns, or have columns."""

    def rule(equation, arguments):
        (columns,) = (a.columns for a in arguments if isinstance(a, Apart))

        def of(k: int, column):
            return (column if isinstance(a, Apart) else _column(a, k) for a in arguments)

        return tuple(c if c is None else function(equation.params, *of(k, c)) for k, c in enumerate(columns))

    return rule


def _column(constant, k: int):
    return constant[:, k] if jnp.ndim(constant) == 2 else constant


def _sum(sign: int) -> Callable:
    """Of a sum: what has no columns is zero."""

    def rule(equation, arguments):
        first, second = arguments
        if not isinstance(second, Apart):
            return first.columns
        negated = tuple(c if c is None or sign == 1 else -c for c in second.columns)
        if not isinstance(first, Apart):
            return negated
        pairs = zip(first.columns, negated, strict=True)
        return tuple(b if a is None else a if b is None else a + b for a, b in pairs)

    return rule


def _select(equation, arguments):
    which, *cases = arguments

    def of(k: int):
        found = [case.columns[k] if isinstance(case, Apart) else None for case in cases]
        some = next((c for c in found if c is not None), None)
        return (
            some
            if some is None
            else lax.select_n(_column(which, k), *(jnp.zeros_like(some) if c is None else c for c in found))
        )

    return tuple(map(of, range(next(len(c.columns) for c in cases if isinstance(c, Apart)))))


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
