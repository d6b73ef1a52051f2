"""Nonlinear least squares over the Parameters of a Cell, by the solvers of optimistix."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable
from typing import Any

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

from msjax.core.names import unknown_name
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.interop.objective import Solution, compiled, of_parameters, trained

try:
    import optimistix
except ImportError as error:
    raise ImportError(
        "Least squares over Parameters need the package optimistix: pip install msjax[solvers]", name="optimistix"
    ) from error


def least_squares(
    residuals: Callable,
    parameters: Iterable[Parameter],
    *args: Any,
    solver: Any = None,
    rtol: float = 1e-8,
    atol: float = 1e-12,
    max_steps: int = 256,
    throw: bool = False,
    options: dict | None = None,
) -> Solution:
    """Minimize half the sum of squares of `residuals(*args)` over Parameters, which move in place.

    With m residuals and n numbers in the Parameters, a step of Levenberg-Marquardt computes the Jacobian of m n
    numbers and decomposes it in O((m + n) n^2) operations. That gives the last digits where L-BFGS crawls, up to some
    thousand numbers, with Cells and points of float64. The solver itself always computes in float64.

    The whole solve is one compiled program, traced at the first call. Tensors that `residuals` takes or has captured,
    and all Parameters, are read anew on each call. What `residuals` writes is forgotten.

    Args:
        residuals: a function of Tensors or a Cell, which returns a Tensor, or lists, tuples and dicts of Tensors; not
            squared, not averaged. A part counts by the square of the factor on it.
        parameters: Parameters, `net.trainable_params()` for example. Those with requires_grad=False stay as they are.
        args: what `residuals` is called with.
        solver: an object such as `optimistix.Dogleg(rtol=1e-6, atol=1e-9)`. Without it, a LevenbergMarquardt of `rtol`
            and `atol`.
        rtol, atol: of the default solver. It stops when a step changes both the Parameters and the loss by less than
            `atol` plus `rtol` times their size.
        max_steps: the most to take.
        throw: whether to raise if it stops for another reason.
        options: of the solver, such as `{"jac": "bwd"}` for residuals with a custom rule, which have no forward mode.

    Returns:
        `loss`, half the sum of squares that the Parameters give now; `steps`; `converged`, whether the solver's
        tolerances are met; `message`, why it stopped. The Parameters are at the best point that the solver found; if
        that is not better than the first one or not finite, they are as they were.

    Raises:
        ImportError: when this module is imported, if optimistix is not installed.
        TypeError: if an argument or a residual is of the wrong type.
        ValueError: if no Parameter is to be trained, or `max_steps` is not a positive int.
        RuntimeError: with `throw`, if it does not converge.

    Example:
        >>> w = Parameter(Tensor([1.0, 1.0], ms.float64), name="w")
        >>> x = Tensor([0.0, 1.0, 2.0], ms.float64)
        >>> y = Tensor([2.0, 1.0, 0.5], ms.float64)
        >>> solution = ms.interop.optimistix.least_squares(lambda: w[0] * ops.exp(w[1] * x) - y, [w])
        >>> solution.converged, w.asnumpy().round(4)
        (True, array([ 2.    , -0.6931]))
    """
    if not callable(residuals):
        raise TypeError(
            f"For 'least_squares', 'residuals' must be a function or a Cell, but got {type(residuals).__name__}."
        )
    if not isinstance(max_steps, int) or max_steps < 1:
        raise ValueError(f"For 'least_squares', 'max_steps' must be a positive int, but got {max_steps!r}.")
    handles = trained("least_squares", parameters)
    shared = _shared(optimistix.LevenbergMarquardt(rtol, atol) if solver is None else solver)

    def least_squares(*args):
        function = of_parameters(residuals, handles, args, _checked)
        # One vector to one vector, in float64: what it solves is ill-conditioned, and it takes no mixture of dtypes.
        first, split = ravel_pytree([raw(h).astype(jnp.float64) for h in handles])

        def vector(position, _=None):
            return ravel_pytree(function(split(position)))[0].astype(jnp.float64)

        solved = optimistix.least_squares(
            vector, shared.solver, first, options=options, max_steps=max_steps, throw=False
        )
        before, after = _loss(vector(first)), _loss(vector(solved.value))
        better = jnp.isfinite(after) & ~(after > before)
        for handle, array in zip(handles, split(jnp.where(better, solved.value, first)), strict=True):
            rebind(handle, array.astype(raw(handle).dtype))
        report = (jnp.where(better, after, before), solved.stats["num_steps"], *jax.tree.leaves(solved.result))
        return [wrap(jnp.asarray(a)) for a in report]

    loss, steps, code = compiled("least_squares", least_squares, args)
    result = jax.tree.unflatten(jax.tree.structure(optimistix.RESULTS.successful), [raw(code)])
    converged = bool(result == optimistix.RESULTS.successful) and math.isfinite(float(loss))
    message = "the solver's tolerances are met" if converged else _message(result, float(loss))
    if throw and not converged:
        raise RuntimeError(f"After {int(steps)} steps, with a loss of {float(loss):.3g}: {message}")
    return Solution(float(loss), int(steps), converged, message)


class _Solver:
    """A solver, as an object that a compiled program may be for."""

    def __init__(self, solver):
        kinds = optimistix.AbstractLeastSquaresSolver, optimistix.AbstractMinimiser
        if not isinstance(solver, kinds):
            raise TypeError(
                "For 'least_squares', 'solver' must be a solver of optimistix such as optimistix.Dogleg(rtol, atol), "
                f"but got {solver!r:.60}."
            )
        self.solver = solver


_known = functools.lru_cache(maxsize=64)(_Solver)


def _shared(solver) -> _Solver:
    """The same object for equal solvers, so that they share programs."""
    try:
        return _known(solver)
    except TypeError:  # it holds arrays, or is none
        return _Solver(solver)


def _checked(value):
    """Residuals: Tensors of floating types.

    Raises:
        TypeError: if there is anything else among them.
    """
    for leaf in jax.tree.leaves(value, is_leaf=lambda v: isinstance(v, Tensor)) or [None]:
        if not isinstance(leaf, Tensor) or not jnp.issubdtype(raw(leaf).dtype, jnp.floating):
            what = f"a Tensor of {leaf.dtype}" if isinstance(leaf, Tensor) else type(leaf).__name__
            raise TypeError(f"Residuals must be Tensors of floating types, or lists, tuples and dicts of them: {what}.")
    return value


def _loss(residuals):
    """Half their sum of squares, as optimistix has it."""
    return jnp.sum(jnp.square(residuals)) / 2


def _message(result, loss: float) -> str:
    if not math.isfinite(loss):
        return "the loss is not finite; the Parameters are as they were before"
    return str(optimistix.RESULTS[result])


__getattr__ = unknown_name(__name__)
