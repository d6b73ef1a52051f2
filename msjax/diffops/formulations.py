"""Ways to compute the same derivatives, on arrays.

Each takes the pure function of a `Field`, from a list of arrays to a list of arrays, and directions stacked at the axis
behind the batch. Those of second order give, for each output, the value, the derivatives along the directions, and the
weighted sum of the second derivatives along them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp

from msjax.diffops.propagate import propagated


def forward(function: Callable, xs, directions, weights, axis: int):
    """All directions pushed forward at once, their second derivatives summed on the way."""
    return propagated(function, xs, directions, weights, axis)


def jvp(function: Callable, xs, directions, weights, axis: int):
    """The jvp of a jvp along each direction."""

    def along(vs):
        def slope(points):
            return jax.jvp(function, (points,), (vs,))

        (value, first), (_, second) = jax.jvp(slope, (xs,), (vs,))
        return value, first, second

    value, first, second = _each(along, xs, directions, axis)
    return value, first, [_summed(s, weights, axis) for s in second]


def reverse(function: Callable, xs, directions, weights, axis: int):
    """The gradient of a gradient along each direction, as nested `grad` computes it."""

    def along(vs):
        value, first = _slope(function, xs, vs, axis)
        _, second = _slope(lambda points: _slope(function, points, vs, axis)[1], xs, vs, axis)
        return value, first, second

    value, first, second = _each(along, xs, directions, axis)
    return value, first, [_summed(s, weights, axis) for s in second]


def forward_over_reverse(function: Callable, xs, directions, weights, axis: int):
    """The jvp of a gradient along each direction."""

    def along(vs):
        def slope(points):
            return _slope(function, points, vs, axis)

        (value, first), (_, second) = jax.jvp(slope, (xs,), (vs,))
        return value, first, second

    value, first, second = _each(along, xs, directions, axis)
    return value, first, [_summed(s, weights, axis) for s in second]


def jet(function: Callable, xs, directions, weights, axis: int):
    """Taylor coefficients along each direction."""

    def along(vs):
        value, (first, second) = taylor(function, xs, vs, 2)
        return value, first, second

    value, first, second = _each(along, xs, directions, axis)
    return value, first, [_summed(s, weights, axis) for s in second]


SECOND_ORDER = {
    "forward": forward,
    "jvp": jvp,
    "forward_over_reverse": forward_over_reverse,
    "reverse": reverse,
    "jet": jet,
}


def taylor(function: Callable, xs, direction, order: int):
    """(f(x), its derivatives of order 1, 2, ... along one direction), each a list with an array for each output."""
    from jax.experimental.jet import jet as expanded

    zeros = [jnp.zeros_like(x) for x in xs]
    series = [[v, *[z] * (order - 1)] for v, z in zip(direction, zeros, strict=True)]
    value, derivatives = expanded(lambda *points: function(list(points)), tuple(xs), tuple(series))
    return value, [[d[k] for d in derivatives] for k in range(order)]


def nested(function: Callable, xs, direction, order: int):
    """The same, by derivatives of derivatives."""
    orders = [function]
    for _ in range(order):
        orders.append(partial(_derivative, orders[-1], direction))
    return function(xs), [f(xs) for f in orders[1:]]


def _derivative(function, direction, points):
    return jax.jvp(function, (points,), (direction,))[1]


def directional(function: Callable, xs, direction, order: int):
    """(f(x), its derivatives along one direction), by Taylor coefficients where all operators have a rule for them."""
    if order > 2:  # up to there derivatives of derivatives cost no more
        try:
            return taylor(function, xs, direction, order)
        except Exception:  # the rules that are missing fail in ways that differ
            pass
    return nested(function, xs, direction, order)


def second_each(function: Callable, xs, directions, axis: int):
    """(values, derivatives along the directions, second derivatives along each), the latter two stacked at the end."""

    def along(vs):
        single = [jnp.expand_dims(v, min(axis, v.ndim)) for v in vs]
        value, first, second = propagated(function, xs, single, None, axis)
        return value, [jnp.squeeze(f, min(axis, f.ndim - 1)) for f in first], second

    value, first, second = _each(along, xs, directions, axis)
    return value, [_last(f, axis) for f in first], [_last(s, axis) for s in second]


def jacobian(function: Callable, xs, directions, axis: int, by: str = "forward"):
    """(values, derivatives along the directions, stacked at the end).

    Args:
        by: "forward", or "reverse", one gradient for each number that the function gives at a point.
    """
    if by == "forward":
        value, first = _each(lambda vs: jax.jvp(function, (xs,), (vs,)), xs, directions, axis)
        return value, [_last(f, axis) for f in first]
    values, pullback = jax.vjp(function, xs)
    return values, [_pulled(pullback, values, i, directions, axis) for i in range(len(values))]


def _pulled(pullback, values, place: int, directions, axis: int):
    """The derivatives of one output by one pullback for each of its numbers, along the directions."""
    output = values[place]
    batch, shape = output.shape[:axis], output.shape[axis:]
    numbers = math.prod(shape)
    zeros = [jnp.zeros_like(v) for v in values]

    def gradient(one):
        seeds = list(zeros)
        seeds[place] = jnp.broadcast_to(one.reshape(shape), output.shape)
        (found,) = pullback(seeds)
        return sum(
            jnp.einsum("...kc,...c->...k", v, g) if g.ndim else v * g for v, g in zip(directions, found, strict=True)
        )

    rows = jax.vmap(gradient, out_axes=axis)(jnp.eye(numbers, dtype=output.dtype))
    return rows.reshape(*batch, *shape, rows.shape[-1])


def hessian(function: Callable, xs, directions, axis: int, by: str):
    """(values, Jacobians, second derivatives along each pair of the directions, stacked at the end)."""

    def first(points):
        value, found = jacobian(function, points, directions, axis, by)
        return found, value

    def along(vs):
        found, pushed, value = jax.jvp(first, (xs,), (vs,), has_aux=True)
        return value, found, pushed

    axes = [min(axis, v.ndim - 1) for v in directions]
    value, found, pushed = jax.vmap(along, (axes,), (None, None, -1))(directions)
    return value, found, pushed


def _slope(function, points, vs, axis: int):
    """(values, derivatives along `vs`), by reverse mode: transposed twice where there is more than one number."""
    values, pullback = jax.vjp(function, points)
    if all(v.ndim == axis for v in values) or all(v.size == v[..., :1].size and v.ndim == axis + 1 for v in values):
        slopes = []
        for i, v in enumerate(values):
            seeds = [jnp.ones_like(u) if j == i else jnp.zeros_like(u) for j, u in enumerate(values)]
            (gradients,) = pullback(seeds)
            slope = sum((g * w).sum(-1) if g.ndim else g * w for g, w in zip(gradients, vs, strict=True))
            slopes.append(slope.reshape(v.shape))
        return values, slopes
    _, transpose = jax.vjp(pullback, [jnp.zeros_like(v) for v in values])
    return values, transpose((vs,))[0]


def _each(along: Callable, xs, directions, axis: int):
    """`along` of each direction: its first result as it is, the others stacked at `axis`."""
    axes = [min(axis, v.ndim - 1) for v in directions]
    one = [jax.ShapeDtypeStruct(x.shape, x.dtype) for x in xs]
    _, *stacked = jax.eval_shape(along, one)
    places = jax.tree.map(lambda s: min(axis, s.ndim), stacked)
    return jax.vmap(along, (axes,), (None, *places))(directions)


def _summed(terms, weights, axis: int):
    axis = min(axis, terms.ndim - 1)
    if weights is None:
        return terms.sum(axis)
    return jnp.tensordot(terms, weights.astype(terms.dtype), ((axis,), (0,)))


def _last(stacked, axis: int):
    return jnp.moveaxis(stacked, min(axis, stacked.ndim - 1), -1)
