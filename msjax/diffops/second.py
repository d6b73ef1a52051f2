"""Operators of second order: the Laplacian and its kin, the Hessian and its diagonal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.core.tensor import Tensor, raw
from msjax.diffops import formulations, plan
from msjax.diffops.operator import Derived, operator


def laplacian(
    f: Callable, grad_position: Any = 0, *, lower: bool = False, method: str = "auto", chunk: int | None = None
) -> Derived:
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
        TypeError: when called, if coordinates or results are no floats.
        ValueError: when called, if batches differ, f does not keep them, or there is no such method.

    Source: R. Li et al., A computational framework for neural network-based variational Monte Carlo with Forward
    Laplacian (2024), doi:10.1038/s42256-024-00794-x.

    Example:
        >>> laplacian(lambda x: (x**4).sum(-1))(Tensor([1.0, 2.0]))
        Tensor(shape=[], dtype=Float32, value= 60)
    """
    options: Any = dict(grad_position=grad_position, lower=lower, method=method, chunk=chunk)
    return _sum(f, "laplacian", None, options)


def second_order(
    f: Callable,
    coefficients: Any,
    grad_position: Any = 0,
    *,
    lower: bool = False,
    method: str = "auto",
    chunk: int | None = None,
) -> Derived:
    """The operator `sum_ij a_ij d_i d_j f`.

    Args:
        f, grad_position, lower, method, chunk: as for `laplacian`.
        coefficients: a, of shape (d, d), or (d,) for a diagonal one: a Tensor, an array or nested lists. Negative and
            zero ones are welcome: [1, -c**2] for the coordinates (t, x) is the wave operator. A Tensor is
            differentiated where it takes part in a gradient. For coefficients that depend on the point, weigh
            `hessian` or `hessian_diag`.

    Returns:
        A function, as `laplacian` gives.

    Raises:
        TypeError, ValueError: as `laplacian`; ValueError also if the coefficients do not fit the coordinates.

    Example:
        >>> second_order(lambda x: (x**3).sum(-1), [1.0, -1.0])(Tensor([1.0, 2.0]))
        Tensor(shape=[], dtype=Float32, value= -6)
    """
    options: Any = dict(grad_position=grad_position, lower=lower, method=method, chunk=chunk)
    return _sum(f, "second_order", coefficients, options)


def hessian(
    f: Callable, grad_position: Any = 0, *, lower: bool = False, method: str = "auto", chunk: int | None = None
) -> Derived:
    """All second derivatives of `f` by the coordinates.

    Args:
        f, grad_position, chunk: as for `laplacian`.
        lower: whether to give (value, Jacobian, Hessian).
        method: "auto", "jvp" (of a jvp), "forward_over_reverse" or "reverse".

    Returns:
        A function, as `laplacian` gives; the Hessian has the shape of what f returns and (d, d) more.

    Raises:
        TypeError, ValueError: as `laplacian`.

    Example:
        >>> hessian(lambda x: x[0] ** 2 * x[1])(Tensor([1.0, 2.0]))
        Tensor(shape=[2, 2], dtype=Float32, value=
        [[ 4.00000000e+00,  2.00000000e+00],
         [ 2.00000000e+00,  0.00000000e+00]])
    """

    def costs(field, numbers):
        return plan.costs(plan.HESSIAN, field.size, numbers)

    def compute(field, function, xs, by):
        return formulations.hessian(function, xs, field.directions(np.eye(field.size)), field.axis, by)

    return operator(f, "hessian", costs, compute, grad_position=grad_position, lower=lower, method=method, chunk=chunk)


def hessian_diag(
    f: Callable, grad_position: Any = 0, *, lower: bool = False, method: str = "auto", chunk: int | None = None
) -> Derived:
    """The second derivative of `f` by each coordinate.

    Args:
        f, grad_position, method, chunk: as for `laplacian`.
        lower: whether to give (value, Jacobian, second derivatives).

    Returns:
        A function, as `laplacian` gives; the second derivatives have the shape of what f returns and (d,) more.

    Raises:
        TypeError, ValueError: as `laplacian`.

    Example:
        >>> hessian_diag(lambda x: (x**3).sum(-1))(Tensor([1.0, 2.0]))
        Tensor(shape=[2], dtype=Float32, value= [ 6.00000000e+00,  1.20000000e+01])
    """

    def costs(field, numbers):
        return plan.costs(plan.SECOND_EACH, field.size)

    def compute(field, function, xs, by):
        return formulations.second_each(function, xs, field.directions(np.eye(field.size)), field.axis, by)

    return operator(
        f, "hessian_diag", costs, compute, grad_position=grad_position, lower=lower, method=method, chunk=chunk
    )


def _sum(f: Callable, name: str, coefficients, options: dict) -> Derived:
    def costs(field, numbers):
        count = len(directions_of(coefficients, field.size, options["lower"])[0])
        return plan.costs(plan.SECOND_SUM, count)

    def compute(field, function, xs, by):
        matrix, weights = directions_of(coefficients, field.size, options["lower"])
        if not len(matrix):  # no derivative at all
            return [], [], [jnp.zeros_like(v) for v in function(xs)]
        directions = field.directions(matrix)
        value, first, second = formulations.second_sum(function, xs, directions, weights, field.axis, by)
        return value, [j[..., : field.size] for j in first], second

    return operator(f, name, costs, compute, **options)


def directions_of(coefficients: Any, size: int, units: bool = False) -> tuple:
    """(matrix, weights) with `sum_ij a_ij d_i d_j = sum_k weights_k d^2/ds^2` along the rows of the matrix.

    Args:
        coefficients: a, of shape (size, size) or (size,); None for the unit matrix.
        units: whether the first rows are to be the unit matrix.

    Raises:
        ValueError: if it has another shape.
        TypeError: if it is not made of real numbers.
    """
    unit = np.eye(size)
    if coefficients is None:
        return unit, None
    known = not isinstance(coefficients, Tensor)  # the value of a Tensor may be differentiated or vary
    a = _numbers(coefficients, size) if known else raw(coefficients)
    if a.shape not in ((size,), (size, size)):
        raise ValueError(
            f"For {size} coordinates, 'coefficients' must have the shape ({size},) or ({size}, {size}), "
            f"but got {a.shape}."
        )
    if a.ndim == 1:
        return (unit[a != 0], a[a != 0]) if known and not units else (unit, a)
    a = (a + a.T) / 2
    if known:
        weights, vectors = np.linalg.eigh(a)
        relevant = np.abs(weights) > np.finfo(float).eps * size * np.abs(weights).max(initial=0)
        matrix, weights = vectors.T[relevant], weights[relevant]
        return (
            (np.concatenate([unit, matrix]), np.concatenate([np.zeros(size), weights])) if units else (matrix, weights)
        )
    # (d_i + d_j)^2 = d_i^2 + 2 d_i d_j + d_j^2
    i, j = np.triu_indices(size, 1)
    weights = jnp.concatenate([2 * jnp.diagonal(a) - a.sum(1), a[i, j]])
    return np.concatenate([unit, unit[i] + unit[j]]), weights


def _numbers(coefficients, size: int) -> np.ndarray:
    try:
        return np.asarray(coefficients, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(
            f"'coefficients' must be real numbers, of shape ({size},) or ({size}, {size}), but got {coefficients!r}."
        ) from None
