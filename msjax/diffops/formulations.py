"""Ways to compute the same derivatives, on arrays.

Each takes the pure function of a `Field`, from a list of arrays to a list of arrays, and directions as a Field gives
them, stacked at `axis`, behind the axes of the batch. It gives one list for each order of derivative, from the value
on, with an array for each output of the function; what belongs to single directions is stacked at the end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.autodiff.linear import is_linear
from msjax.diffops.propagate import propagated, weighted
from msjax.shims.jax import taylor

# Up to here directions are computed one by one: narrow arrays are faster than stacks.
_FEW = 16


def second_sum(function: Callable, xs: list, directions: Any, weights: Any, axis: int, by: str) -> tuple:
    """(values, derivatives along the directions, weighted sum of the second derivatives along them)."""
    if by == "forward":
        value, first, second = propagated(function, xs, directions, weights, axis)
        return value, [_last(f, axis) for f in first], second
    value, first, second = second_each(function, xs, directions, axis, by)
    return value, first, [weighted(s, weights, -1) for s in second]


def second_each(function: Callable, xs: list, directions: Any, axis: int, by: str) -> Sequence:
    """(values, derivatives along the directions, second derivatives along each)."""
    return along_each(partial(_ALONG[by], function, xs, axis), xs, directions, axis)


def _forward(function, xs, axis, vs):
    single = [jnp.expand_dims(v, min(axis, v.ndim)) for v in vs]
    value, first, second = propagated(function, xs, single, None, axis)
    return value, [jnp.squeeze(f, min(axis, f.ndim - 1)) for f in first], second


def _jvp(function, xs, axis, vs):
    def slope(points):
        return jax.jvp(function, (points,), (vs,))

    (value, first), (_, second) = jax.jvp(slope, (xs,), (vs,))
    return value, first, second


def _forward_over_reverse(function, xs, axis, vs):
    (value, first), (_, second) = jax.jvp(lambda points: _slope(function, points, vs, axis), (xs,), (vs,))
    return value, first, second


def _reverse(function, xs, axis, vs):
    value, first = _slope(function, xs, vs, axis)
    _, second = _slope(lambda points: _slope(function, points, vs, axis)[1], xs, vs, axis)
    return value, first, second


def _jet(function, xs, axis, vs):
    return _taylor(function, xs, vs, 2)


_ALONG = {
    "forward": _forward,  # pushed forward through the program
    "jvp": _jvp,  # the jvp of a jvp
    "forward_over_reverse": _forward_over_reverse,  # the jvp of a gradient
    "reverse": _reverse,  # the gradient of a gradient, as nested `grad` computes it
    "jet": _jet,  # Taylor coefficients
}


def jacobian(function: Callable, xs: list, directions: Any, axis: int, by: str) -> Sequence:
    """(values, derivatives along the directions)."""
    if by == "forward":
        return along_each(lambda vs: jax.jvp(function, (xs,), (vs,)), xs, directions, axis)
    values, pullback = jax.vjp(function, xs)
    return values, [_pulled(pullback, values, i, directions, axis) for i in range(len(values))]


def _pulled(pullback, values, index: int, directions, axis: int):
    """The derivatives of one output along the directions, by one pullback for each of its numbers at a point."""
    output = values[index]
    batch, shape = output.shape[:axis], output.shape[axis:]

    def gradient(seed):
        seeds = [jnp.zeros_like(v) for v in values]
        seeds[index] = jnp.broadcast_to(seed.reshape(shape), output.shape)
        (gradients,) = pullback(seeds)
        parts = zip(directions, gradients, strict=True)
        slopes = [_along(v, g) if g.ndim > axis else g[..., None] * v for v, g in parts]
        return reduce(jnp.add, slopes)

    rows = jax.vmap(gradient, out_axes=axis)(jnp.eye(math.prod(shape), dtype=output.dtype))
    return rows.reshape(*batch, *shape, rows.shape[-1])


def _along(directions, gradient):
    """The derivatives along directions. Along a coordinate it is one of the gradient's elements: products with zeros
    would make it nan where another one is infinite."""
    if isinstance(directions, np.ndarray) and set(directions.flat) <= {0, 1} and (directions.sum(-1) <= 1).all():
        rows = directions.reshape(-1, directions.shape[-1])
        return jnp.where(rows.any(-1), jnp.take(gradient, rows.argmax(-1), -1), 0)
    if directions.shape[-2] == 1:
        return _times(gradient[..., None, :], directions).sum(-1)
    return jnp.einsum("...kc,...c->...k", directions, gradient)


def _times(gradient, direction):
    return jnp.where(direction == 0, 0, gradient * direction)


def hessian(function: Callable, xs: list, directions: Any, axis: int, by: str) -> tuple:
    """(values, derivatives along the directions, second derivatives along each pair of them)."""
    inner = "forward" if by == "jvp" else "reverse"

    def slopes(points):
        value, first = jacobian(function, points, directions, axis, inner)
        return first, value

    if by == "reverse":
        first, second = jacobian(lambda points: slopes(points)[0], xs, directions, axis, "reverse")
        return function(xs), first, second

    def along(vs):
        first, second, value = jax.jvp(slopes, (xs,), (vs,), has_aux=True)
        return [*value, *first], second

    (*values,), second = along_each(along, xs, directions, axis)
    return values[: len(second)], values[len(second) :], second


def directional(function: Callable, xs: list, path: list, axis: int, by: str) -> list:
    """The value, and the derivative along the first of the directions in `path`, the first two, and so on."""
    if by == "jet":
        return _taylor(function, xs, path[0], len(path))
    orders = partial(_orders, function)
    for vs in path:
        orders = partial(_one_more, orders, vs, axis, by)
    return orders(xs)


def _orders(function, points) -> list:
    return [function(points)]


def _one_more(orders, vs, axis, by, points) -> list:
    """The orders that `orders` gives and the derivative of the last of them."""
    if by == "jvp":
        lower, pushed = jax.jvp(orders, (points,), (vs,))
        return [*lower, pushed[-1]]

    def last(points):
        *lower, highest = orders(points)
        return highest, lower

    highest, pullback, lower = jax.vjp(last, points, has_aux=True)
    return [*lower, highest, _slopes(highest, pullback, vs, axis)]


def _taylor(function, xs, vs, order: int) -> list:
    """The value and the derivatives of order 1, 2, ... along one direction.

    Raises:
        Exception: of various types, if an operator of the function has no rule.
    """
    series = [[v, *[jnp.zeros_like(v)] * (order - 1)] for v in vs]
    program = jax.make_jaxpr(lambda *points: function(list(points)))(*xs)
    value, derivatives = taylor(program, tuple(xs), tuple(series))
    return [value, *([d[k] for d in derivatives] for k in range(order))]


def _slope(function, points, vs, axis: int):
    """(values, derivatives along `vs`), by reverse mode."""
    values, pullback = jax.vjp(function, points)
    return values, _slopes(values, pullback, vs, axis)


def _slopes(values, pullback, vs, axis: int) -> list:
    """The derivatives along `vs`: where an output has several numbers at a point by transposing the pullback.

    That must be linear, which it need not be with a rule of the user's.
    """
    if any(math.prod(v.shape[axis:]) != 1 for v in values):
        zeros = [jnp.zeros_like(v) for v in values]
        # One transposition gives the derivatives of all numbers of an output at once.
        if is_linear(jax.make_jaxpr(pullback)(zeros)):
            return jax.vjp(pullback, zeros)[1]((vs,))[0]
        stacked = [jnp.expand_dims(v, min(axis, v.ndim)) for v in vs]
        return [_pulled(pullback, values, i, stacked, axis)[..., 0] for i in range(len(values))]
    slopes = []
    for i, value in enumerate(values):
        seeds = [jnp.ones_like(v) if j == i else jnp.zeros_like(v) for j, v in enumerate(values)]
        (gradients,) = pullback(seeds)
        products = [p.sum(-1) if p.ndim > axis else p for p in map(_times, gradients, vs)]
        slope: Any = sum(products)
        slopes.append(slope.reshape(value.shape))
    return slopes


def along_each(along: Callable, xs: list, directions: Any, axis: int) -> list:
    """`along` of each direction: what is the same for all, and the derivatives stacked at the end."""
    axes = [min(axis, v.ndim - 1) for v in directions]
    count = directions[0].shape[axes[0]]
    if count <= _FEW:
        each = [along(one_of(directions, k, xs, axis)) for k in range(count)]
        return [each[0][0], *jax.tree.map(lambda *parts: jnp.stack(parts, -1), *(f[1:] for f in each))]

    def spread(vs):
        return tuple(along([jnp.broadcast_to(v, x.shape) for v, x in zip(vs, xs, strict=True)]))

    _, *stacked = jax.eval_shape(along, [jax.ShapeDtypeStruct(x.shape, x.dtype) for x in xs])
    # Stacked behind the batch, products with matrices stay contiguous.
    places = jax.tree.map(lambda s: min(axis, s.ndim), stacked)
    values, *derivatives = jax.vmap(spread, (axes,), (None, *places))(directions)
    return [values, *([_last(d, axis) for d in order] for order in derivatives)]


def one_of(directions: Any, k: int, xs: list, axis: int) -> list:
    """Direction k, with the shapes of `xs`."""
    parts = [lax.index_in_dim(v, k, min(axis, v.ndim - 1), keepdims=False) for v in directions]
    return [jnp.broadcast_to(v, x.shape) for v, x in zip(parts, xs, strict=True)]


def _last(stacked, axis: int):
    return jnp.moveaxis(stacked, min(axis, stacked.ndim - 1), -1)
