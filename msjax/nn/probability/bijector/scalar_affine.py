"""ScalarAffine: a factor and a summand."""

from __future__ import annotations

from typing import Any, ClassVar

import jax.numpy as jnp

from msjax.nn.probability.bijector.bijector import Bijector, formula
from msjax.nn.probability.documented import documented


@documented
class ScalarAffine(Bijector):
    """y = scale * x + shift.

    Args:
        scale: the factor.
        shift: the summand, of the same dtype.

    Example:
        >>> print(nn.probability.bijector.ScalarAffine(2.0, 1.0).forward(Tensor([3.0])))
        [7.]
    """

    _parameters: ClassVar = {"scale": "float", "shift": "float"}

    def __init__(self, scale=1.0, shift=0.0, name="ScalarAffine"):
        super().__init__(is_constant_jacobian=True, name=name, param={"scale": scale, "shift": shift})

    @formula
    def _forward(x: Any, scale, shift):
        return scale * x + shift

    @formula
    def _inverse(y: Any, scale, shift):
        return (y - shift) / scale

    @formula
    def _forward_log_jacobian(x: Any, scale, shift):
        return jnp.log(jnp.abs(scale))

    @formula
    def _inverse_log_jacobian(y: Any, scale, shift):
        return -jnp.log(jnp.abs(scale))
