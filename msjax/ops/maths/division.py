"""Division with a quotient rounded to a whole number, and what it leaves.

The rounded x / y of floats can be a whole number that the true quotient does not reach: 1.0 / 0.1 is 10, but 0.1 in
binary is a little more than a tenth and goes into 1.0 nine times. So what is left is computed first, exactly, and the
quotient from it.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.promotion import is_float, pair, wide_pair
from msjax.ops.call.shadows import derived_as


def divide(x, y) -> jax.Array:
    """x / y of floats of one dtype, on CPUs rounded once.

    XLA multiplies by the rounded inverse of a number that all elements are divided by, so that 41 / 41 is less than 1.
    Behind a barrier it does not see that it is one number. Where barriers stand until loops are joined, as on GPUs, they
    would put that number into memory once for each element, so there it stays a product.
    """
    if all(n == 1 for n in np.shape(y)) and jax.default_backend() == "cpu":
        y = jax.lax.optimization_barrier(jnp.broadcast_to(y, jnp.broadcast_shapes(np.shape(x), np.shape(y))))
    return jnp.true_divide(x, y)


def floor_divide(x, y):
    """x / y rounded down."""
    if jnp.iscomplexobj(x):
        return jnp.floor((x / y).real).astype(x.dtype)
    if not is_float(x):
        return jnp.floor_divide(x, y).astype(x.dtype)
    whole = x - jnp.remainder(x, y)
    # Where something is infinite or 0, it is what the rounded quotient is.
    return jnp.where(jnp.isfinite(whole), jnp.round(whole / y), jnp.floor(divide(x, y)))


def truncate_divide(x, y):
    """The rounded x / y of floats, cut off; the quotient of integers, rounded towards 0."""
    if not is_float(x):
        return jax.lax.div(*jnp.broadcast_arrays(x, y))
    return jnp.trunc(divide(x, y))


def whole(quotient_of: Callable) -> Callable:
    """A quotient of a pair, of which Python integers count by their value.

    Integers divided by 0 are the largest or smallest of the dtype, by their sign, and 0 of 0; bools are as they were.
    """

    def of_pair(x, y):
        dtype = pair(x, y)[0].dtype
        if dtype == np.bool_:
            return jnp.broadcast_arrays(*pair(x, y))[0]
        x, y = wide_pair(x, y)
        quotient = quotient_of(x, y).astype(dtype)
        if not jnp.issubdtype(dtype, np.integer):
            return quotient
        bounds = jnp.iinfo(dtype)
        of_zero = jnp.where(x == 0, 0, jnp.where(x > 0, bounds.max, bounds.min)).astype(dtype)
        return jnp.where(y == 0, of_zero, quotient)

    return of_pair


def rest(remainder: Callable) -> Callable:
    """A remainder of a pair, of which Python integers count by their value."""
    return lambda x, y: remainder(*wide_pair(x, y)).astype(pair(x, y)[0].dtype)


def floor_remainder(x, y):
    """x - floor(x / y) * y, of the sign of y; x itself for integers divided by 0."""
    left = jnp.remainder(x, y)
    return _with_derivative(left, x, y, floor_divide) if is_float(x) else jnp.where(y == 0, x, left)


def truncate_remainder(x, y):
    """x - trunc(x / y) * y, of the sign of x; x itself for integers divided by 0."""
    left = jnp.fmod(x, y)
    if not is_float(x):
        return jnp.where(y == 0, x, left)
    return _with_derivative(left, x, y, lambda x, y: jnp.round((x - left) / y))


def or_zero(remainder):
    """numpy's remainders: 0 for integers divided by 0."""
    return lambda x, y: remainder(x, y) if is_float(x) else jnp.where(y == 0, 0, remainder(x, y)).astype(x.dtype)


def _with_derivative(left, x, y, quotient):
    """The derivative is that of x - quotient * y, with the quotient that belongs to what is left exactly."""
    return derived_as(left, x - jax.lax.stop_gradient(quotient(x, y)) * y)
