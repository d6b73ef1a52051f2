"""Polynomials as vectors of coefficients, the highest power first, and the powers of numbers."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.ops.arrays.histogram import same_dtype
from msjax.ops.call.promotion import array, inexact, single, wide_sum_dtype
from msjax.ops.table import op

_MOST_INTEGRALS = 1000


@op("numpy.polyadd(a1, a2)")
def polyadd(x, y):
    """The sum of two polynomials."""
    return jnp.polyadd(*map(jnp.atleast_1d, same_dtype(x, y)))


@op("numpy.polysub(a1, a2)")
def polysub(x, y):
    """The difference of two polynomials."""
    return jnp.polysub(*map(jnp.atleast_1d, same_dtype(x, y)))


@op("numpy.polymul(a1, a2)")
def polymul(x, y):
    """The product of two polynomials."""
    x, y = map(jnp.atleast_1d, same_dtype(x, y))
    return jnp.convolve(x, y).astype(x.dtype)


@op("numpy.polyder(p, m=1)")
def polyder(p, *, m=1):
    """The m-th derivative of a polynomial."""
    p = jnp.atleast_1d(p)
    for _ in range(min(m, p.size)):
        p = p[:-1] * jnp.arange(p.size - 1, 0, -1, dtype=p.dtype)
    return p


@op("numpy.polyint(p, m=1, k=None)")
def polyint(p, k=None, *, m=1):
    """The m-th antiderivative of a polynomial, with integration constants `k`.

    Raises:
        ValueError: if `m` is more than 1000, where the coefficients of every float are 0.
    """
    if m > _MOST_INTEGRALS:
        raise ValueError(f"For 'polyint', 'm' must be at most {_MOST_INTEGRALS}, but got {m}.")
    p = jnp.atleast_1d(single(p))
    constants = jnp.zeros(1, p.dtype) if k is None else jnp.atleast_1d(jnp.asarray(k)).astype(p.dtype)
    for constant in jnp.broadcast_to(constants, (m,)):
        p = jnp.append(p / jnp.arange(p.size, 0, -1, dtype=p.dtype), constant)
    return p


@op("numpy.polyval(p, x)")
def polyval(p, x):
    """A polynomial's value at `x`."""
    p, x = jnp.atleast_1d(inexact(p)), inexact(x)
    return jnp.polyval(*same_dtype(p, x))


@op("ops.vander(x, N: count=None; wide=True)", "numpy.vander(x, N: count=None, increasing=False)")
def vander(x, *, count=None, increasing=False, wide=False):
    """Powers of a vector's elements, as rows; decreasing from left to right by default.

    Args:
        wide: whether powers of integers are int64.
    """
    x = array(x)
    x = x.astype(wide_sum_dtype(x)) if wide else x
    count = x.shape[0] if count is None else count
    factors = jnp.concatenate([jnp.ones_like(x)[:, None], jnp.broadcast_to(x[:, None], (x.shape[0], count))], 1)
    powers = jnp.cumprod(factors[:, :count], 1, x.dtype)  # which has derivatives at 0, as a power has not
    return powers if increasing else powers[:, ::-1]
