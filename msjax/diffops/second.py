"""Operators of second order at points: hessian, its diagonal, Laplacian and kin."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from msjax.autodiff.grad import compiling
from msjax.core.tensor import Tensor, raw
from msjax.diffops import formulations
from msjax.diffops.field import Field
from msjax.diffops.plan import Plan, check_method, plan_hessian, plan_second_order, second_order_sum


def planned(f: Callable, derived: Callable, plan: Callable) -> Callable:
    """What the user gets for `derived`: it compiles by itself, and `plan(*args)` says how it computes."""
    operator = compiling(f, derived)
    operator.plan = plan
    return operator


def answer(parts: list, lower: bool):
    """All orders, from the value on, as a tuple, or only the last."""
    return tuple(parts) if lower else parts[-1]


def laplacian(f: Callable, grad_position=0, *, lower: bool = False, method: str = "auto", chunk: int | None = None):
    """The sum of the second derivatives of `f` by all coordinates.

    Args:
        f: a function or Cell. The last axis of its argument holds coordinates; the axes in front are a batch, whose
            rows it treats each by itself.
        grad_position: which argument holds the coordinates; a tuple of ints if several do, of one batch.
        lower: whether to give (value, Jacobian, Laplacian).
        method: the formulation: "auto", "forward", "jvp", "forward_over_reverse", "reverse" or "jet"; see `plan`.
        chunk: how many rows to compute at a time, to bound memory, also that of a gradient of the result.

    Returns:
        A function of the arguments of f; the result has the shape of what f returns, the Jacobian an axis more. Its
        attribute `plan` is a function of the same arguments which tells how the result is computed.

    Raises:
        TypeError, ValueError: when called, if coordinates are no floats, batches differ, or f does not keep them.

    Source: R. Li et al., A computational framework for neural network-based variational Monte Carlo with Forward
    Laplacian (2024), doi:10.1038/s42256-024-00794-x.

    Example:
        >>> laplacian(lambda x: (x**4).sum(-1))(Tensor([1.0, 2.0]))
        Tensor(shape=[], dtype=Float32, value= 60)
    """
    return _second_order("laplacian", f, None, grad_position, lower, method, chunk)


def second_order(
    f: Callable, coefficients, grad_position=0, *, lower: bool = False, method: str = "auto", chunk: int | None = None
):
    """The operator `sum_ij a_ij d_i d_j f`.

    Args:
        coefficients: a, of shape (d, d), or (d,) for a diagonal one; a Tensor, an array or nested lists. Negative
            and zero ones are welcome: (1, -c**2) for coordinates (t, x) is the wave operator. A Tensor is
            differentiated where it takes part in a gradient.
        f, grad_position, lower, method, chunk: as for `laplacian`.

    Returns, raises: as `laplacian`; ValueError also if the coefficients do not fit the coordinates.

    Example:
        >>> second_order(lambda x: (x**3).sum(-1), [1.0, -1.0])(Tensor([1.0, 2.0]))
        Tensor(shape=[], dtype=Float32, value= -6)
    """
    return _second_order("second_order", f, coefficients, grad_position, lower, method, chunk)


def _second_order(name: str, f, coefficients, position, lower: bool, method: str, chunk) -> Callable:
    check_method(name, method, formulations.SECOND_ORDER)

    def derived(*args):
        field = Field(f, args, position, chunk)
        matrix, weights = _directions(coefficients, field.size)
        compute = second_order_sum(plan_second_order(name, len(matrix), method, chunk).method)
        if lower:  # the Jacobian is by the coordinates
            unit = len(matrix) == field.size and bool((matrix == np.eye(field.size)).all())
            if not unit:
                matrix = np.concatenate([np.eye(field.size), matrix])
                weights = jnp.concatenate([jnp.zeros(field.size), jnp.ones(len(matrix) - field.size) if weights is None else weights])

        def transform(function, xs):
            value, first, second = compute(function, xs, _spread(field, matrix, xs), weights, field.axis)
            if not lower:
                return [second]
            return [value, [formulations._last(j, field.axis)[..., : field.size] for j in first], second]

        return answer(field.derived(transform), lower)

    derived.__name__ = name

    def plan(*args) -> Plan:
        field = Field(f, args, position, chunk)
        return plan_second_order(name, len(_directions(coefficients, field.size)[0]), method, field.chunk)

    return planned(f, derived, plan)
