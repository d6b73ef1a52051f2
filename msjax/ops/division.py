"""Division with a quotient rounded to a whole number, and what it leaves.

The rounded x / y of floats can be a whole number that the true quotient does not reach: 1.0 / 0.1 is 10, but 0.1 in
binary is a little more than a tenth and goes into 1.0 nine times. So what is left is computed first, exactly, and the
quotient from it.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.promotion import is_float
from msjax.ops.shadows import derived_as


def floor_divide(x, y):
    """x / y rounded down. Of integers divided by 0, the dtype's largest or smallest, by the sign of x, and 0 of 0."""
    if jnp.iscomplexobj(x):
        return jnp.floor((x / y).real).astype(x.dtype)
    if not is_float(x):
        return _unless_by_zero(x, y, jnp.floor_divide(x, y).astype(x.dtype))
    whole = x - jnp.remainder(x, y)
    # Where something is infinite or 0, it is what the rounded quotient is.
    return jnp.where(jnp.isfinite(whole), jnp.round(whole / y), jnp.floor(x / y))


def truncate_divide(x, y):
    """The rounded x / y of floats, cut off; the quotient of integers, rounded towards 0."""
    if not is_float(x):
        return _unless_by_zero(x, y, jax.lax.div(*jnp.broadcast_arrays(x, y)))
    return jnp.trunc(x / y)


def _unless_by_zero(x, y, quotient):
    if x.dtype == np.bool_:
        return quotient
    bounds = jnp.iinfo(x.dtype)
    return jnp.where(y == 0, jnp.where(x == 0, 0, jnp.where(x > 0, bounds.max, bounds.min)).astype(x.dtype), quotient)


def floor_remainder(x, y):
    """x - floor(x / y) * y, of the sign of y; x itself for integers divided by 0."""
    rest = jnp.remainder(x, y)
    return _with_derivative(rest, x, y, floor_divide) if is_float(x) else jnp.where(y == 0, x, rest)


def truncate_remainder(x, y):
    """x - trunc(x / y) * y, of the sign of x; x itself for integers divided by 0."""
    rest = jnp.fmod(x, y)
    if not is_float(x):
        return jnp.where(y == 0, x, rest)
    return _with_derivative(rest, x, y, lambda x, y: jnp.round((x - rest) / y))


def or_zero(remainder):
    """numpy's remainders: 0 for integers divided by 0."""
    return lambda x, y: remainder(x, y) if is_float(x) else jnp.where(y == 0, 0, remainder(x, y)).astype(x.dtype)


def _with_derivative(rest, x, y, quotient):
    """The derivative is that of x - quotient * y, with the quotient that belongs to the exact rest."""
    return derived_as(rest, x - jax.lax.stop_gradient(quotient(x, y)) * y)
