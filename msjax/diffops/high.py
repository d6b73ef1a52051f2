"""Operators of high order: the biharmonic operator, mixed partial derivatives, derivatives along directions."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from msjax.core.kinds import is_a
from msjax.core.tensor import Tensor, raw
from msjax.diffops import formulations, plan
from msjax.diffops.operator import Derived, operator


def biharmonic(
    f: Callable, grad_position: Any = 0, *, lower: bool = False, method: str = "auto", chunk: int | None = None
) -> Derived:
    """The Laplacian of the Laplacian of `f`.

    Args:
        f, grad_position, chunk: as for `laplacian`.
        lower: whether to give (value, Laplacian, biharmonic operator).
        method: the formulation of both Laplacians, as for `laplacian`.

    Returns:
        A function, as `laplacian` gives.

    Raises:
        TypeError, ValueError: as `laplacian`.

    Example:
        >>> biharmonic(lambda x: (x**4).sum(-1))(Tensor([1.0, 2.0]))
        Tensor(shape=[], dtype=Float32, value= 48)
    """

    def costs(field, numbers):
        return {name: cost(field.size) ** 2 for name, cost in plan.SECOND_SUM.items() if name != "jet"}

    def compute(field, function, xs, by):
        directions = field.directions(np.eye(field.size))

        # The value goes through the outer Laplacian too, so that all orders come of one program; what is computed of it
        # there, its Laplacian once more, nobody takes, and the compiler drops it.
        def inner(points):
            value, _, second = formulations.second_sum(function, points, directions, None, field.axis, by)
            return [*value, *second]

        both, _, outer = formulations.second_sum(inner, xs, directions, None, field.axis, by)
        count = len(both) // 2
        return both[:count], both[count:], outer[count:]

    options: Any = dict(grad_position=grad_position, lower=lower, method=method, chunk=chunk)
    return operator(f, "biharmonic", costs, compute, **options)


def directional(
    f: Callable,
    order: int,
    directions: Any,
    grad_position: Any = 0,
    *,
    lower: bool = False,
    method: str = "auto",
    chunk: int | None = None,
) -> Derived:
    """The derivative `d^n/ds^n f(x + s v)` at s = 0, along one direction v or several.

    Args:
        f, grad_position, chunk: as for `laplacian`.
        order: n, at least 1.
        directions: v, of shape (d,), or (k, d) for k of them: a Tensor, an array or nested lists.
        lower: whether to give all orders from the value on.
        method: "auto", "jvp" (nested), "reverse" (nested gradients) or "jet" (Taylor coefficients).

    Returns:
        A function, as `laplacian` gives; for several directions with an axis of k more.

    Raises:
        TypeError, ValueError: as `laplacian`; ValueError also if the order or the directions are not possible.

    Example:
        >>> directional(lambda x: x.prod(-1), 2, [1.0, 1.0])(Tensor([1.0, 2.0]))
        Tensor(shape=[], dtype=Float32, value= 2)
    """
    _check_order("directional", order)

    def costs(field, numbers):
        return plan.costs(plan.DIRECTIONAL, order)

    def compute(field, function, xs, by):
        matrix = raw(directions) if isinstance(directions, Tensor) else np.asarray(directions, float)
        if matrix.ndim not in (1, 2) or matrix.shape[-1] != field.size:
            raise ValueError(
                f"For {field.size} coordinates, 'directions' must have the shape ({field.size},) or (k, {field.size}), "
                f"but got {matrix.shape}."
            )

        def along(vs):
            return formulations.directional(function, xs, [vs] * order, field.axis, by)

        if matrix.ndim == 1:
            return along(formulations.one_of(field.directions(matrix[None]), 0, xs, field.axis))
        return formulations.along_each(along, xs, field.directions(matrix), field.axis)

    options: Any = dict(grad_position=grad_position, lower=lower, method=method, chunk=chunk)
    return operator(f, "directional", costs, compute, **options)


def partial(
    f: Callable,
    by: str | Sequence[int],
    names: str | None = None,
    grad_position: Any = None,
    *,
    lower: bool = False,
    method: str = "auto",
    chunk: int | None = None,
) -> Derived:
    """A mixed partial derivative of `f`, such as `u_xxt`.

    Args:
        f: as for `laplacian`.
        by: the coordinates to differentiate by, in order, such as "xxt"; or how often by each, such as (2, 1).
        names: the names of all coordinates, one letter each, such as "xt". By default the names of the parameters of f
            that occur in `by`, each of which then holds one coordinate.
        grad_position: which arguments hold the coordinates; 0 by default if `names` are given or `by` counts.
        lower: whether to give the derivatives on the way too, from the value on: for "xxt" (u, u_x, u_xx, u_xxt).
        method, chunk: as for `directional`; "jet" only if all derivatives are by one coordinate.

    Returns:
        A function, as `laplacian` gives.

    Raises:
        TypeError, ValueError: as `laplacian`; ValueError also if `by` does not fit the coordinates.

    Example:
        >>> partial(lambda x, t: x**2 * t, "xxt")(Tensor([3.0]), Tensor([5.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 2.00000000e+00])
    """
    path, size, position = _path(f, by, names, grad_position)

    def costs(field, numbers):
        known = plan.DIRECTIONAL.items()
        return {name: cost(len(path)) for name, cost in known if name != "jet" or len(set(path)) == 1}

    def compute(field, function, xs, formulation):
        if field.size != size:
            raise ValueError(f"For 'partial', {by!r} is for {size} coordinates, but the arguments hold {field.size}.")
        units = field.directions(np.eye(size))
        vs = [formulations.one_of(units, index, xs, field.axis) for index in path]
        return formulations.directional(function, xs, vs, field.axis, formulation)

    options: Any = dict(grad_position=position, lower=lower, method=method, chunk=chunk)
    return operator(f, "partial", costs, compute, **options)


def _path(f: Callable, by, names: str | None, grad_position) -> tuple[list[int], int, Any]:
    """(which coordinates to differentiate by, in order, how many coordinates there are, where they are).

    Raises:
        TypeError, ValueError: if `by` is neither letters nor counts, or does not fit.
    """
    position = 0 if grad_position is None else grad_position
    if isinstance(by, str):
        if names is None:
            names, position = _parameters(f, by, grad_position)
        unknown = sorted(set(by) - set(names))
        if unknown:
            raise ValueError(f"For 'partial', {unknown} is not among the names {names!r} of the coordinates.")
        path, size = [names.index(letter) for letter in by], len(names)
    elif isinstance(by, (tuple, list)) and all(isinstance(n, int) and n >= 0 for n in by):
        path, size = [index for index, n in enumerate(by) for _ in range(n)], len(by)
    else:
        raise TypeError(f"For 'partial', 'by' must be letters like 'xxt' or counts like (2, 1), but got {by!r}.")
    _check_order("partial", len(path))
    return path, size, position


def _parameters(f: Callable, by: str, grad_position):
    """The parameters of f that `by` names, and their positions."""
    parameters = list(inspect.signature(getattr(f, "construct", f)).parameters)
    if grad_position is not None:
        positions = (grad_position,) if isinstance(grad_position, int) else tuple(grad_position)
    else:
        positions = tuple(i for i, name in enumerate(parameters) if name in by)
    missing = sorted(set(by) - {parameters[p] for p in positions if p < len(parameters)})
    if missing:
        raise ValueError(
            f"For 'partial', {missing} is not among the parameters {parameters} of the function. If one argument holds "
            "several coordinates, give their names: partial(f, 'xxt', names='xt')."
        )
    return "".join(parameters[p] for p in positions), positions


def _check_order(operator: str, order) -> None:
    if not is_a(order, "int >= 1"):
        raise ValueError(f"For '{operator}', the order must be an int of at least 1, but got {order!r}.")
