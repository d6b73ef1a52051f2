"""Powers, and the exponential function, which is their limit."""

from __future__ import annotations

from typing import Any, ClassVar

import jax.numpy as jnp

from msjax.nn.probability.bijector.bijector import Bijector, formula
from msjax.nn.probability.documented import documented


def _where_zero(power, limit, value, *args):
    """`value` of the power and other arguments; for a power of 0 its limit."""
    nonzero = jnp.where(power == 0, 1, power)  # so that the derivative of what is not chosen is finite
    return jnp.where(power == 0, limit, value(nonzero, *args))


@documented
class PowerTransform(Bijector):
    """y = (1 + x * power) ** (1 / power); exp(x) for a power of 0.

    Args:
        power: the power, a float that is not negative.

    Example:
        >>> print(nn.probability.bijector.PowerTransform(0.5).forward(Tensor([2.0])))
        [4.]
    """

    _parameters: ClassVar = {"power": "float >= 0"}

    def __init__(self, power=0.0, name="PowerTransform"):
        super().__init__(name=name, param={"power": power})

    @formula
    def _forward(x: Any, power):
        return _where_zero(power, jnp.exp(x), lambda c: (1 + x * c) ** (1 / c))

    @formula
    def _inverse(y: Any, power):
        return _where_zero(power, jnp.log(y), lambda c: (y**c - 1) / c)

    @formula
    def _forward_log_jacobian(x: Any, power):
        return _where_zero(power, x, lambda c: (1 / c - 1) * jnp.log1p(x * c))

    @formula
    def _inverse_log_jacobian(y: Any, power):
        return (power - 1) * jnp.log(y)


@documented
class Exp(PowerTransform):
    """y = exp(x).

    Example:
        >>> print(nn.probability.bijector.Exp().inverse(Tensor([1.0])))
        [0.]
    """

    def __init__(self, name="Exp"):
        super().__init__(power=0.0, name=name)

    def extend_repr(self) -> str:
        """What it computes.

        Returns:
            A text.
        """
        return "exp"
