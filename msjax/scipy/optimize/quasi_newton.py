"""Minimization by BFGS and L-BFGS: Nocedal and Wright, Numerical Optimization (1999), chapters 8 and 9."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np

from msjax.scipy.optimize.objective import Objective, norm
from msjax.scipy.optimize.wolfe import Search, first_step

_OPTIONS = {"maxiter", "norm", "gtol", "line_search_maxiter"}
_LINE_SEARCH_FAILED = 5
_LOW, _FLAT = 1e-4, 0.9  # the conditions of line searches


class OptimizeResults(NamedTuple):
    """What a minimization has reached.

    Attributes:
        x: the point.
        success: whether the gradient is as small as was asked.
        status: 0, or 1 if it took all iterations that it may, or 5 if a line search found nothing.
        fun, jac: value and gradient there.
        hess_inv: the inverse of the Hessian as BFGS knows it, None for L-BFGS.
        nfev, njev: how often function and gradient were computed.
        nit: the number of iterations.
    """

    x: Any
    success: bool
    status: int
    fun: float
    jac: Any
    hess_inv: Any
    nfev: int
    njev: int
    nit: int


class _Method(Protocol):
    """What a method knows of the Hessian."""

    def direction(self, gradient: np.ndarray) -> np.ndarray:
        """Minus the inverse of the Hessian, times the gradient."""
        ...

    def learn(self, moved: np.ndarray, change: np.ndarray) -> None:
        """Take in how the gradient changed over a step."""
        ...


class _BFGS:
    """The inverse of the Hessian, corrected by each step."""

    def __init__(self, start: np.ndarray):
        self.inverse = np.eye(start.size, dtype=start.dtype)

    def direction(self, gradient):
        return -self.inverse @ gradient

    def learn(self, moved, change):
        curvature = change @ moved
        if curvature <= 0:
            return
        turned = np.eye(moved.size, dtype=moved.dtype) - np.outer(moved, change) / curvature
        self.inverse = turned @ self.inverse @ turned.T + np.outer(moved, moved) / curvature


class _LBFGS:
    """The last steps, from which the product with the inverse is worked out each time."""

    def __init__(self, history_size: int):
        self._steps: list[tuple[np.ndarray, np.ndarray]] = []
        self._size = history_size

    def direction(self, gradient):
        rest, weights = gradient.copy(), []
        for moved, change in reversed(self._steps):
            weights.append((moved @ rest) / (change @ moved))
            rest = rest - weights[-1] * change
        if self._steps:
            moved, change = self._steps[-1]
            rest = rest * ((moved @ change) / (change @ change))
        for (moved, change), weight in zip(self._steps, reversed(weights), strict=True):
            rest = rest + moved * (weight - (change @ rest) / (change @ moved))
        return -rest

    def learn(self, moved, change):
        if change @ moved > 0:
            self._steps = [*self._steps, (moved, change)][-self._size :]


def minimize(
    func, x0, args=(), method=None, jac=None, hess=None, hessp=None, bounds=None, constraints=(), tol=None,
    callback=None, options=None,
) -> OptimizeResults:  # fmt: skip
    """Minimize a function of a vector, by its gradient.

    Args:
        func: a function of a Tensor (n,), and of `args`, that gives a number.
        x0: where to begin, a Tensor (n,) of floats.
        args: what else the function is called with, a tuple.
        method: "BFGS" or "LBFGS".
        jac: the function's gradient, of the same arguments; None to differentiate the function.
        hess, hessp, bounds, constraints, tol, callback: accepted for compatibility.
        options: a dict. `maxiter`: the most iterations, 200 for each element of `x0`. `gtol`: how small the gradient
            must be, 1e-5. `norm`: its norm, the largest element. `line_search_maxiter`: the most steps of a search,
            20. `history_size`: how many steps LBFGS remembers, 20.

    Returns:
        OptimizeResults: `x`, `fun` and `jac` are the point, the value and the gradient there, `success` whether that is
        small enough.

    Raises:
        ValueError: for another method, or if `x0` is no vector.
        TypeError: for arguments or options of the wrong type.

    Differs from MindSpore: there is no "LAGRANGE" method, of which MindSpore 2.10 refuses the documented options.

    Example:
        >>> found = ms.scipy.optimize.minimize(lambda x: ((x - 3) ** 2).sum(), Tensor([0.0, 1.0]), method="BFGS")
        >>> print(found.x)
        [3. 3.]
    """
    name, options = str(method).lower(), dict(options or {})
    if name not in ("bfgs", "lbfgs"):
        raise ValueError(f"For 'minimize', the 'method' must be 'BFGS' or 'LBFGS', but got {method!r}.")
    objective = Objective("minimize", func, args, jac, x0)
    start = x0.asnumpy()
    if name == "bfgs":
        known: _Method = _BFGS(start)
    else:
        known = _LBFGS(options.pop("history_size", 20))
    unknown = options.keys() - _OPTIONS
    if unknown:
        raise TypeError(f"For 'minimize' by {method}, the options {sorted(unknown)} are unknown.")
    return _run(objective, start, known, options)


def _run(objective: Objective, x: np.ndarray, known: _Method, options: dict) -> OptimizeResults:
    most = options.get("maxiter")
    most = 200 * x.size if most is None else most
    order, small = options.get("norm", np.inf), options.get("gtol", 1e-5)
    value, gradient = objective(x)
    before, iterations, status = value + norm(gradient, 2) / 2, 0, 0
    while norm(gradient, order) > small and not status:
        if iterations >= most:
            status = 1
            break
        direction = known.direction(gradient)
        search = Search(objective, x, direction, value, gradient, _LOW, _FLAT)
        found, _ = search.run(first_step(value, before, search.first.slope), options.get("line_search_maxiter", 20))
        if found is None or found is search.first:
            status = _LINE_SEARCH_FAILED
            break
        moved = x.dtype.type(found.step) * direction
        known.learn(moved, found.gradient - gradient)
        x, before, value, gradient = x + moved, value, found.value, found.gradient
        iterations += 1
    inverse = objective.tensor(known.inverse) if isinstance(known, _BFGS) else None
    count = objective.evaluations
    return OptimizeResults(
        objective.tensor(x), status == 0, status, value, objective.tensor(gradient), inverse, count, count, iterations
    )
