"""Bessel functions, with all their derivatives: each rule is written with Bessel functions again.

Near 0 they are a Chebyshev series, with a logarithm beside it if they have a pole there; far from it a wave or an
exponential, whose amplitude and phase are series of 1 / x. The series stand in `bessel_series`, with their source.
Those with a pole at 0 keep its value below, as in MindSpore; there they are no real numbers.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import jax.scipy.special as special
import numpy as np

from msjax.ops.maths import bessel_series as series
from msjax.ops.maths.bessel_series import FAR, NEAR


def _sum(coefficients, t):
    """A Chebyshev series at t, by Clenshaw's recurrence."""
    first = second = jnp.zeros_like(t)
    for c in reversed(coefficients[1:]):
        first, second = 2 * t * first - second + c, first
    return t * first - second + coefficients[0]


def _at_least_single(function):
    """Shorter floats are computed in float32."""

    def wide(x):
        return function(x.astype(np.promote_types(x.dtype, np.float32))).astype(x.dtype)

    wide.__name__ = function.__name__
    return wide


def _with_slope(slope: Callable) -> Callable[[Callable], Callable]:
    """A jitted function with its derivative, of x and the value; source: Abramowitz and Stegun, 9.1.27 and 9.6.26."""

    def declared(function: Callable) -> Callable:
        ruled = jax.custom_jvp(function)

        @ruled.defjvp
        def _rule(primals, tangents):
            (x,) = primals
            value = ruled(x)
            return value, tangents[0] * slope(x, value)

        return jax.jit(ruled)

    return declared


def _near(x, limit: int):
    """x up to the limit, else that; and where it is the square of which the argument of the series is made."""
    x = jnp.minimum(x, limit)
    return x, 2 * jnp.square(x / limit) - 1


def _log_of_half(x):
    """log(x / 2), where half of x may be too small for its dtype."""
    return jnp.log(x) - math.log(2)


# -- waves: J and Y ----------------------------------------------------------------------------------------------------


def _wave(order: int, x):
    """J and Y of x beyond `NEAR`."""
    far = jnp.maximum(x, NEAR)
    z = NEAR / far
    t = 2 * z * z - 1
    p, q = (_sum(getattr(series, f"{letter}{order}"), t) for letter in "PQ")
    sine, cosine = jnp.sin(far), jnp.cos(far)
    # Of x - pi / 4 or x - 3 pi / 4, which as a difference would lose digits
    root = math.sqrt(0.5)
    down, up = (cosine + sine) * root, (sine - cosine) * root
    cosine, sine = (down, up) if order == 0 else (up, -down)
    size = jnp.sqrt(2 / np.pi / far)
    j, y = size * (p * cosine - z * q * sine), size * (p * sine + z * q * cosine)
    return j, y


def _j(order: int, x):
    """J of order 0, or J / x of order 1."""
    x = jnp.abs(x)
    near = _sum(series.J0 if order == 0 else series.J1, _near(x, NEAR)[1])
    near = jnp.where(x == 0, 1, near) if order == 0 else near
    far = _wave(order, x)[0]
    return jnp.where(x <= NEAR, near, far if order == 0 else far / jnp.maximum(x, NEAR))


def _slope_of_y0(x, y) -> jax.Array:
    return -_y1(x)


def _slope_of_y1(x, y) -> jax.Array:
    return _y0(x) - y / x


@_with_slope(_slope_of_y0)
def _y0(x):
    near, t = _near(x, NEAR)
    found = _sum(series.Y0, t) + 2 / np.pi * _log_of_half(near) * _j(0, near)
    return jnp.where(x <= 0, -jnp.inf, jnp.where(x <= NEAR, found, _wave(0, x)[1]))


@_with_slope(_slope_of_y1)
def _y1(x):
    near, t = _near(x, NEAR)
    found = near * (_sum(series.Y1, t) + 2 / np.pi * _log_of_half(near) * _j(1, near)) - 2 / np.pi / near
    return jnp.where(x <= 0, -jnp.inf, jnp.where(x <= NEAR, found, _wave(1, x)[1]))


# -- exponentials: K ---------------------------------------------------------------------------------------------------


def _k_near(order: int, x):
    """K of x up to `FAR`."""
    x, t = _near(x, FAR)
    if order == 0:
        found = _sum(series.K0, t) - _log_of_half(x) * special.i0(x)
    else:
        found = _sum(series.K1, t) / x + _log_of_half(x) * special.i1(x)
    return jnp.where(x <= 0, jnp.inf, found)


@functools.cache
def _far_series(order: int, n: int) -> tuple:
    """Of the n-th derivative of exp(x) * K beyond `FAR`, times x ** (n + 1 / 2).

    With w = 1 / x it is w ** (n + 1 / 2) * G(w), and its derivative -w ** (n + 3 / 2) * ((n + 1 / 2) * G + w * G').
    """
    if n == 0:
        return series.K0_FAR if order == 0 else series.K1_FAR
    before = _far_series(order, n - 1)
    chebyshev = np.polynomial.chebyshev  # which numpy loads when it is asked for
    slope = chebyshev.chebmul([1, 1], chebyshev.chebder(before))  # by t, of which w is (t + 1) / (2 * FAR)
    return tuple((-chebyshev.chebadd(np.multiply(before, n - 0.5), slope)).tolist())


@partial(jax.custom_jvp, nondiff_argnums=(0, 1))
def _ke_far(order: int, n: int, x):
    """The n-th derivative of exp(x) * K of x beyond `FAR`. In differences of K0 and K1 digits would be lost."""
    return _sum(_far_series(order, n), 2 * FAR / x - 1) / (jnp.sqrt(x) * x**n)


@_ke_far.defjvp
def _ke_far_jvp(order, n, primals, tangents):
    return _ke_far(order, n, *primals), tangents[0] * _ke_far(order, n + 1, *primals)


def _k(order: int, x):
    far = jnp.maximum(x, FAR)
    return jnp.where(x <= FAR, _k_near(order, x), _ke_far(order, 0, far) * jnp.exp(-far))


def _slope_of_k0(x, k) -> jax.Array:
    return -_k1(x)


def _slope_of_k1(x, k) -> jax.Array:
    return -_k0(x) - k / x


@_with_slope(_slope_of_k0)
def _k0(x):
    return _k(0, x)


@_with_slope(_slope_of_k1)
def _k1(x):
    return _k(1, x)


@partial(jax.custom_jvp, nondiff_argnums=(0,))
def _ke_near(order: int, x):
    return jnp.where(x <= 0, jnp.inf, _k_near(order, x) * jnp.exp(x))


@_ke_near.defjvp
def _ke_near_jvp(order, primals, tangents):
    (x,), value = primals, _ke_near(order, *primals)
    other = _ke_near(1 - order, x)
    return value, tangents[0] * (value - other if order == 0 else value * (1 - 1 / x) - other)


def _ke(order: int, x):
    near = x <= FAR
    return jnp.where(near, _ke_near(order, jnp.where(near, x, FAR)), _ke_far(order, 0, jnp.where(near, FAR, x)))


@jax.jit
def _k0e(x):
    return _ke(0, x)


@jax.jit
def _k1e(x):
    return _ke(1, x)


# -- of the first kind -------------------------------------------------------------------------------------------------


@partial(jax.custom_jvp, nondiff_argnums=(0, 1))
def _of_first_kind(kind: str, n: int, x):
    """I_n(x) / x**n or J_n(x) / x**n, which are smooth and even. The derivative is x, or -x, times the next one."""
    sign = 1 if kind == "i" else -1
    if n == 0:
        return special.i0(x) if kind == "i" else _j(0, x)
    away = jnp.abs(x) > (0 if n == 1 else n)
    far = jnp.where(away, x, n + 1)
    found = special.i1(far) / far if kind == "i" else _j(1, x if n == 1 else far)
    if n == 1:
        return jnp.where(away, found, 0.5)
    # The recurrence loses its digits near 0, where the power series has few terms.
    before = special.i0(far) if kind == "i" else _j(0, far)
    for k in range(1, n):
        before, found = found, sign * (before - 2 * k * found) / (far * far)
    square = jnp.where(away, 0, sign * x * x / 4)
    factors = [math.factorial(k) * math.factorial(k + n) * 2.0**n for k in range(8 + 2 * n)]
    terms = jnp.zeros_like(x)
    for factor in reversed(factors):
        terms = terms * square + 1 / factor
    return jnp.where(away, found, terms)


_even = jax.jit(_of_first_kind, static_argnums=(0, 1))


@_of_first_kind.defjvp
def _even_jvp(kind, n, primals, tangents):
    (x,) = primals
    slope = tangents[0] * x * _even(kind, n + 1, x)
    return _even(kind, n, x), slope if kind == "i" else -slope


def i0(x):
    """The modified Bessel function of the first kind, of order 0."""
    return _even("i", 0, x)


def i1(x):
    """The modified Bessel function of the first kind, of order 1."""
    return x * _even("i", 1, x)


@_at_least_single
def j0(x):
    """The Bessel function of the first kind, of order 0."""
    return _even("j", 0, x)


@_at_least_single
def j1(x):
    """The Bessel function of the first kind, of order 1."""
    return x * _even("j", 1, x)


y0, y1, k0, k1, k0e, k1e = map(_at_least_single, (_y0, _y1, _k0, _k1, _k0e, _k1e))
