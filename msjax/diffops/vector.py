"""Operators of first order: the Jacobian, and divergence and curl of vector fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.diffops import formulations, plan
from msjax.diffops.operator import Derived, operator


def jacobian(
    f: Callable, grad_position: Any = 0, *, lower: bool = False, method: str = "auto", chunk: int | None = None
) -> Derived:
    """The derivatives of `f` by the coordinates.

    Args:
        f, grad_position, chunk: as for `laplacian`.
        lower: whether to give (value, Jacobian).
        method: "auto", "forward" (a jvp for each coordinate) or "reverse" (a vjp for each number that f gives).

    Returns:
        A function, as `laplacian` gives; the Jacobian has the shape of what f returns and (d,) more.

    Raises:
        TypeError, ValueError: as `laplacian`.

    Example:
        >>> jacobian(lambda x: x * x)(Tensor([1.0, 2.0]))
        Tensor(shape=[2, 2], dtype=Float32, value=
        [[ 2.00000000e+00,  0.00000000e+00],
         [ 0.00000000e+00,  4.00000000e+00]])
    """
    options: Any = dict(grad_position=grad_position, lower=lower, method=method, chunk=chunk)
    return operator(f, "jacobian", _costs, _jacobian, **options)


def divergence(
    f: Callable, grad_position: Any = 0, *, lower: bool = False, method: str = "auto", chunk: int | None = None
) -> Derived:
    """The divergence `sum_i d_i f_i` of a vector field.

    Args:
        f: a function or Cell; the last axis of what it returns holds as many components as there are coordinates.
        grad_position, method, chunk: as for `jacobian`.
        lower: whether to give (value, Jacobian, divergence).

    Returns:
        A function, as `laplacian` gives; the divergence lacks the last axis of what f returns.

    Raises:
        TypeError, ValueError: as `laplacian`.

    Example:
        >>> divergence(lambda x: x * x)(Tensor([1.0, 2.0]))
        Tensor(shape=[], dtype=Float32, value= 6)
    """

    def compute(field, function, xs, by):
        values, jacobians = _jacobian(field, function, xs, by)
        check_components("divergence", values, field)
        return values, jacobians, [jnp.trace(j, axis1=-2, axis2=-1) for j in jacobians]

    options: Any = dict(grad_position=grad_position, lower=lower, method=method, chunk=chunk)
    return operator(f, "divergence", _costs, compute, **options)


def curl(
    f: Callable, grad_position: Any = 0, *, lower: bool = False, method: str = "auto", chunk: int | None = None
) -> Derived:
    """The curl of a vector field in the plane, `d_0 f_1 - d_1 f_0`, or in space.

    Args:
        f, grad_position, method, chunk: as for `divergence`.
        lower: whether to give (value, Jacobian, curl).

    Returns:
        A function, as `laplacian` gives; in the plane the curl lacks the last axis of what f returns, in space it has
        three components.

    Raises:
        TypeError, ValueError: as `laplacian`; ValueError also if there are neither two nor three coordinates.

    Example:
        >>> curl(lambda x: ops.stack((-x[1], x[0])))(Tensor([1.0, 2.0]))
        Tensor(shape=[], dtype=Float32, value= 2)
    """

    def compute(field, function, xs, by):
        if field.size not in (2, 3):
            raise ValueError(f"'curl' needs two or three coordinates, but got {field.size}.")
        values, jacobians = _jacobian(field, function, xs, by)
        check_components("curl", values, field)
        turned = [j - jnp.swapaxes(j, -1, -2) for j in jacobians]  # [..., i, j] is d_j f_i - d_i f_j
        if field.size == 2:
            return values, jacobians, [t[..., 1, 0] for t in turned]
        return values, jacobians, [jnp.stack([t[..., 2, 1], t[..., 0, 2], t[..., 1, 0]], -1) for t in turned]

    options: Any = dict(grad_position=grad_position, lower=lower, method=method, chunk=chunk)
    return operator(f, "curl", _costs, compute, **options)


def _costs(field, numbers: int) -> dict[str, int]:
    return plan.costs(plan.JACOBIAN, field.size, numbers)


def _jacobian(field, function, xs, by):
    return formulations.jacobian(function, xs, field.directions(np.eye(field.size)), field.axis, by)


def check_components(operator: str, values: Any, field: Any) -> None:
    """Raises:
    ValueError: if the values at a point are no vector of the size of the coordinates."""
    for value in values:
        if value.shape[field.axis :] != (field.size,):
            raise ValueError(
                f"'{operator}' needs a vector at each point, with {field.size} components in the last axis like the "
                f"coordinates, but the function returns the shape {value.shape}."
            )
