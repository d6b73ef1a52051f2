"""Softplus: a smooth way to what is positive."""

from __future__ import annotations

from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from msjax.nn.probability.bijector.bijector import Bijector, formula
from msjax.nn.probability.documented import documented


def _log_expm1(x):
    """log(exp(x) - 1), where exp(x) may be too large for a number."""
    return x + jnp.log(-jnp.expm1(-x))


@documented
class Softplus(Bijector):
    """y = log(1 + exp(sharpness * x)) / sharpness.

    Args:
        sharpness: how near it is to max(x, 0).

    Example:
        >>> print(nn.probability.bijector.Softplus().forward(Tensor([0.0])))
        [0.6931472]
    """

    _parameters: ClassVar = {"sharpness": "float"}

    def __init__(self, sharpness=1.0, name="Softplus"):
        super().__init__(name=name, param={"sharpness": sharpness})

    @formula
    def _forward(x: Any, sharpness):
        return jax.nn.softplus(sharpness * x) / sharpness

    @formula
    def _inverse(y: Any, sharpness):
        return _log_expm1(sharpness * y) / sharpness

    @formula
    def _forward_log_jacobian(x: Any, sharpness):
        return jax.nn.log_sigmoid(sharpness * x)

    @formula
    def _inverse_log_jacobian(y: Any, sharpness):
        return -jnp.log(-jnp.expm1(-sharpness * y))
