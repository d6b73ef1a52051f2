"""Complex numbers: their parts, sizes and angles."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from msjax.ops.call.promotion import (
    inexact,
    is_float,
    pair,
)
from msjax.ops.table import op


@op("ops.view_as_real(input)")
def view_as_real(x):
    """Complex numbers as a last axis of real and imaginary parts.

    Raises:
        TypeError: if the input is not complex.
    """
    if not jnp.iscomplexobj(x):
        raise TypeError(f"For 'view_as_real', the input must be complex, but got {x.dtype}.")
    return jnp.stack([x.real, x.imag], -1)


@op("ops.polar(abs: x, angle: y)", "ops.Polar()(abs: x, angle: y)", "mint.polar(abs: x, angle: y)")
def polar(x, y):
    """Complex numbers of a size and an angle."""
    return jax.lax.complex(x * jnp.cos(y), x * jnp.sin(y))


@op("ops.Complex()(real: x, imag: y)")
def complex_(x, y):
    """Complex numbers of real and imaginary part."""
    return jax.lax.complex(*jnp.broadcast_arrays(*pair(x, y)))


@op("ops.ComplexAbs()(x)")
def complex_abs(x):
    """The size of complex numbers."""
    return jnp.abs(x)


@op("ops.angle(input)", "ops.Angle()(x)", "Tensor.angle()")
def angle(x):
    """The argument of complex numbers, in radians; 0 or pi for real ones, with derivative 0."""
    x = inexact(x)
    return jax.lax.stop_gradient(jnp.angle(x)) if is_float(x) else jnp.angle(x)
