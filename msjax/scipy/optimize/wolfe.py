"""A line search for the strong Wolfe conditions: Nocedal and Wright, Numerical Optimization (1999), algorithm 3.5."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from msjax.scipy.optimize.objective import Objective

_MOST_TRIALS = 30  # to find a step within an interval
_CUBIC, _QUADRATIC = 0.2, 0.1  # how far from an interval's ends a step must be, as a part of its length


class _LineSearchResults(NamedTuple):
    """What a line search has found.

    Attributes:
        failed: whether there is no step that fulfills the conditions.
        nit: how many steps were tried until an interval was known.
        nfev, ngev: how often function and gradient were computed.
        k: the number of the last step, counted from 1, plus 1.
        a_k: the step.
        f_k, g_k: value and gradient there.
        status: 0, or 1 if it failed, or 3 if it took all steps that it may.
    """

    failed: bool
    nit: int
    nfev: int
    ngev: int
    k: int
    a_k: float
    f_k: float
    g_k: Any
    status: int


class _Point(NamedTuple):
    """A step, the value and slope there, and the gradient."""

    step: float
    value: float
    slope: float
    gradient: np.ndarray


class Search:
    """The function along a line, and the conditions on a step: the value is low enough, the slope is flat enough."""

    def __init__(self, objective: Callable, start: np.ndarray, direction: np.ndarray, value, gradient, c1, c2):
        self._objective, self._from, self._direction, self._c1, self._c2 = objective, start, direction, c1, c2
        self.first = _Point(0.0, value, float(gradient @ direction), gradient)

    def at(self, step: float) -> _Point:
        value, gradient = self._objective(self._from + self._direction.dtype.type(step) * self._direction)
        return _Point(step, value, float(gradient @ self._direction), gradient)

    def is_low(self, point: _Point) -> bool:
        return point.value <= self.first.value + self._c1 * point.step * self.first.slope

    def is_flat(self, point: _Point) -> bool:
        return abs(point.slope) <= -self._c2 * self.first.slope

    def run(self, step: float, most: int) -> tuple[_Point | None, int]:
        """The first step that fulfills both, None if none does; and how many were tried until an interval was known."""
        before = self.first
        for tried in range(1, most + 1):
            point = self.at(step)
            if not self.is_low(point) or (tried > 1 and point.value >= before.value):
                return self._between(before, point), tried
            if self.is_flat(point):
                return point, tried
            if point.slope >= 0:
                return self._between(point, before), tried
            before, step = point, 2 * step
        return before, most

    def _between(self, low: _Point, high: _Point) -> _Point | None:
        """A step in an interval: `low` has the lowest value yet, and goes down towards `high`."""
        third = None
        for _ in range(_MOST_TRIALS):
            point = self.at(_trial(low, high, third))
            third = high
            if not self.is_low(point) or point.value >= low.value:
                high = point
                continue
            if self.is_flat(point):
                return point
            if point.slope * (high.step - low.step) >= 0:
                high = low
            else:
                third = low
            low = point
        return None


def _trial(low: _Point, high: _Point, third: _Point | None) -> float:
    """A step inside of an interval: where a cubic or quadratic polynomial is lowest, or else the middle."""
    length = high.step - low.step
    ends = sorted((low.step, high.step))
    for step, margin in ((_lowest_of_cubic(low, high, third), _CUBIC), (_lowest_of_quadratic(low, high), _QUADRATIC)):
        if step is not None and ends[0] + margin * abs(length) < step < ends[1] - margin * abs(length):
            return step
    return low.step + length / 2


def _lowest_of_quadratic(low: _Point, high: _Point) -> float | None:
    """Of the parabola with the value and slope of one point and the value of another."""
    length = high.step - low.step
    bend = (high.value - low.value - low.slope * length) / length**2
    return low.step - low.slope / (2 * bend) if bend > 0 else None


def _lowest_of_cubic(low: _Point, high: _Point, third: _Point | None) -> float | None:
    """Of the cubic polynomial with the value and slope of one point and the values of two others."""
    if third is None or third.step in (low.step, high.step):
        return None
    one, two = high.step - low.step, third.step - low.step
    rest = np.array([high.value - low.value - low.slope * one, third.value - low.value - low.slope * two])
    cubic, square = np.linalg.solve([[one**3, one**2], [two**3, two**2]], rest)
    inside = square**2 - 3 * cubic * low.slope
    return low.step + (np.sqrt(inside) - square) / (3 * cubic) if cubic != 0 and inside >= 0 else None


def first_step(value: float, before: float | None, slope: float) -> float:
    """The step to try first: 1, or as far as the last step's gain lets expect."""
    if before is None or slope == 0:
        return 1.0
    step = 1.01 * 2 * (value - before) / slope
    return step if 0 < step <= 1 else 1.0


def line_search(
    f, xk, pk, jac=None, gfk=None, old_fval=None, old_old_fval=None, c1=1e-4, c2=0.9, maxiter=20
) -> _LineSearchResults:
    """A step along a line after which a function is lower, and flatter, by the strong Wolfe conditions.

    Args:
        f: a function of a Tensor (n,) that gives a number.
        xk: where the line begins, a Tensor (n,).
        pk: its direction, in which the function goes down.
        jac: the function's gradient; None to differentiate the function.
        gfk, old_fval: gradient and value at `xk`, if they are known.
        old_old_fval: the value at the point before, if it is known.
        c1: which part of the slope the value must go down by.
        c2: which part of the slope may remain.
        maxiter: how many steps are tried at most, each twice as long as the last, until one is too long.

    Returns:
        _LineSearchResults: `a_k` is the step, `f_k` and `g_k` value and gradient there, `failed` whether there is none.

    Raises:
        TypeError, ValueError: for arguments of the wrong type or shape.

    Example:
        >>> found = ms.scipy.optimize.line_search(lambda x: (x**2).sum(), Tensor([2.0, 3.0]), Tensor([-2.0, -3.0]))
        >>> found.a_k
        1.0
    """
    objective = Objective("line_search", f, (), jac, xk)
    start, direction = xk.asnumpy(), pk.asnumpy()
    if gfk is None or old_fval is None:
        value, gradient = objective(start)
    else:
        value, gradient = float(old_fval), np.asarray(gfk.asnumpy())
    search = Search(objective, start, direction, value, gradient, c1, c2)
    step = first_step(value, None if old_old_fval is None else float(old_old_fval), search.first.slope)
    return results(objective, search, *search.run(step, maxiter), maxiter)


def results(objective: Objective, search: Search, found: _Point | None, tried: int, most: int) -> _LineSearchResults:
    """What `line_search` gives for what was found."""
    point = found or search.first._replace(step=1.0)
    status = 1 if found is None else 3 if tried >= most else 0
    return _LineSearchResults(
        found is None, tried, objective.evaluations, objective.evaluations, tried + 1, point.step, point.value,
        objective.tensor(point.gradient), status,
    )  # fmt: skip
