"""Functions whose derivatives JAX gets wrong where an argument is 0, two are equal, or outside of their domain.

Each has all its derivatives, forward and in reverse, at every order: rules of their own are written with functions that
have such rules themselves.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax.custom_derivatives import SymbolicZero

from msjax.ops.call.promotion import is_float


def absolute(x):
    """The derivative at 0 is 0, not 1 as in JAX."""
    if is_float(x):
        return x * jnp.sign(x)
    return jnp.abs(x).astype(x.dtype) if x.dtype != np.bool_ else x


def root(x):
    """The square root, with all derivatives 0 where x is 0."""
    positive = x > 0
    return jnp.where(positive, jnp.sqrt(jnp.where(positive, x, 1)), jax.lax.stop_gradient(jnp.sqrt(x)))


def _first(extreme, x, axes, keepdims):
    """The largest or smallest element over `axes`; of equals the first has the derivative, as in MindSpore."""
    moved = jnp.moveaxis(x, axes, range(-len(axes), 0))
    flat = moved.reshape(*moved.shape[: x.ndim - len(axes)], -1)
    found = jnp.take_along_axis(flat, extreme(jax.lax.stop_gradient(flat), -1, keepdims=True), -1)[..., 0]
    return jnp.expand_dims(found, axes) if keepdims else found


def largest(x, axes, keepdims=False):
    return _first(jnp.argmax, x, axes, keepdims)


def smallest(x, axes, keepdims=False):
    return _first(jnp.argmin, x, axes, keepdims)


def p_norm(x, p, axes=(-1,), keepdims=False):
    """The p-norm over `axes`, with derivative 0 where it has none: at 0, and with respect to elements that are 0."""
    axes = tuple(a % x.ndim for a in axes)
    size = absolute(x)
    if p in (np.inf, -np.inf):
        return (largest if p > 0 else smallest)(size, axes, keepdims)
    if p == 0:
        return jnp.sum(x != 0, axes, keepdims=keepdims).astype(size.dtype)
    if p == 1:
        return jnp.sum(size, axes, keepdims=keepdims)
    if p == 2:
        return root(jnp.sum(jnp.square(size) if jnp.iscomplexobj(x) else x * x, axes, keepdims=keepdims))
    if p > 0 and p % 2 == 0 and not jnp.iscomplexobj(x):
        powers = jax.lax.integer_pow(x, int(p))  # has derivatives where x is 0
    else:
        powers = jnp.where(size == 0, 0.0 if p > 0 else jnp.inf, jnp.where(size == 0, 1, size) ** p).astype(size.dtype)
    return root_of(jnp.sum(powers, axes, keepdims=keepdims), p)


def root_of(x, p):
    """x ** (1 / p), with all derivatives 0 where x is 0 or infinite."""
    proper = (x != 0) & (jnp.abs(x) < jnp.inf)
    return jnp.where(proper, jnp.where(proper, x, 1) ** (1 / p), jax.lax.stop_gradient(x ** (1 / p)))


def scaled(x):
    """x, divided by its largest size along the last axis, as a constant: for what does not depend on the length of x.

    So nothing overflows, or vanishes, whose square does.
    """
    size = jax.lax.stop_gradient(jnp.max(jnp.abs(x), -1, keepdims=True, initial=0))
    return x / jnp.where((size > 0) & (size < jnp.inf), size, 1)


@partial(jax.custom_jvp, nondiff_argnums=(1,))
def softmax(x, axis):
    """exp(x), divided by its sum along the axes; zeros, with derivative 0, where all elements are -inf."""
    top = jnp.max(x, axis, keepdims=True, initial=-jnp.inf)
    powers = jnp.exp(x - jnp.where(top == -jnp.inf, 0, top))
    total = jnp.sum(powers, axis, keepdims=True)
    return powers / jnp.where(total == 0, 1, total)


@softmax.defjvp
def _softmax_jvp(axis, primals, tangents):
    value = softmax(*primals, axis)
    return value, value * (tangents[0] - jnp.sum(value * tangents[0], axis, keepdims=True))


def logsumexp(x, axis, keepdims=False):
    """log(sum(exp(x))) over the axes, with derivative 0 where all elements are -inf."""
    top = jnp.max(jax.lax.stop_gradient(x), axis, keepdims=True, initial=-jnp.inf)
    top = jnp.where(jnp.isfinite(top), top, 0)
    total = jnp.sum(jnp.exp(x - top), axis, keepdims=True)
    result = jnp.where(total == 0, -jnp.inf, jnp.log(jnp.where(total == 0, 1, total)) + top)
    return result if keepdims else jnp.squeeze(result, axis)


def cumulative_logsumexp(x, axis):
    """The logarithms of the running sums of exp(x) along an axis, with derivatives 0 where they are -inf."""
    none = jax.lax.cummax(jax.lax.stop_gradient(x), axis) == -jnp.inf
    lowest = jnp.finfo(x.dtype).min / 2
    return jnp.where(none, -jnp.inf, jax.lax.cumlogsumexp(jnp.where(x == -jnp.inf, lowest, x), axis))


# -- powers ----------------------------------------------------------------------------------------------------------


@jax.jit  # traced once, so that equal powers in a program are equal equations
def power(x, y):
    """x ** y of floats or complex numbers."""
    return _power(*jnp.broadcast_arrays(x, y))


@jax.custom_jvp
def _power(x, y):
    return jax.lax.pow(x, y)


@partial(_power.defjvp, symbolic_zeros=True)
def _power_jvp(primals, tangents):
    x, y = primals
    value = _power(x, y)
    (along_x, along_y), result = tangents, jnp.zeros_like(value)
    if not isinstance(along_x, SymbolicZero):
        constant = (x == 0) & (y == 0)  # 0 * 0 ** -1
        result += along_x * jnp.where(constant, 0, y * _power(x, jnp.where(constant, 1, y - 1)))
    if not isinstance(along_y, SymbolicZero):
        flat = (x == 0) & (y.real >= 0)  # log(0) * 0
        result += along_y * jnp.log(jnp.where(flat, 1, x)) * value
    return value, result


# -- of one argument -------------------------------------------------------------------------------------------------


def nan_unless(inside, x):
    """x, but nan where it is not `inside`, which all derivatives are there then too."""
    return x * jnp.where(inside, 1, jnp.asarray(np.nan, x.dtype))


def acosh(x):
    """Outside of the domain the derivatives are nan as well."""
    return jax.lax.acosh(nan_unless(x >= 1, x) if is_float(x) else x)


# -- of two arguments ------------------------------------------------------------------------------------------------


@jax.custom_jvp
def hypot(x, y):
    """The root of x**2 + y**2; at 0 with derivative 0."""
    return jnp.hypot(x, y)


@hypot.defjvp
def _hypot_jvp(primals, tangents):
    x, y = jnp.broadcast_arrays(*primals)
    length = hypot(x, y)
    safe = jnp.where(length == 0, jnp.inf, length)
    return length, x / safe * tangents[0] + y / safe * tangents[1]


def copysign(x, y):
    """The size of x with the sign of y; the derivative with respect to x is 0 at 0."""
    return absolute(x) * jax.lax.stop_gradient(jnp.copysign(jnp.ones_like(x), y))


@jax.custom_jvp
def nextafter(x, y):
    """The next number after x towards y, with the derivative of x."""
    return jnp.nextafter(x, y)


@nextafter.defjvp
def _nextafter_jvp(primals, tangents):
    value = nextafter(*primals)
    return value, jnp.broadcast_to(tangents[0], value.shape)


def fmax(x, y):
    """The larger, or the one that is not nan; of equals x has the derivative."""
    return jnp.where((x >= y) | jnp.isnan(y), x, y)


def fmin(x, y):
    """The smaller, or the one that is not nan; of equals x has the derivative."""
    return jnp.where((x <= y) | jnp.isnan(y), x, y)


def mul_no_nan(x, y):
    """x * y, but 0 where y is 0, with the derivatives of the product where x is finite."""
    return jnp.where((y == 0) & ~jnp.isfinite(x), 0, x) * y


def _of_exponentials(function):
    def added(x, y):
        none = (x == -jnp.inf) & (y == -jnp.inf)
        return jnp.where(none, -jnp.inf, function(jnp.where(none, 0, x), jnp.where(none, 0, y)))

    return added


# With derivatives 0 where both are -inf.
logaddexp, logaddexp2 = _of_exponentials(jnp.logaddexp), _of_exponentials(jnp.logaddexp2)


def xlogy(x, y):
    """x * log(y), 0 where x is; at (0, 0) with derivatives 0."""
    return x * jnp.log(jnp.where((x == 0) & ~(y > 0), 1, y) if is_float(y) else jnp.where((x == 0) & (y == 0), 1, y))


def xdivy(x, y):
    """x / y, 0 where x is; at (0, 0) with derivatives 0."""
    both = (x == 0) & (y == 0)
    return jnp.where(both, 0, x / jnp.where(both, 1, y))
