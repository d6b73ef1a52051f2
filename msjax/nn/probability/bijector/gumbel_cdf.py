"""GumbelCDF: the cumulative distribution of a Gumbel distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import jax.numpy as jnp

from msjax.nn.probability.bijector.bijector import Bijector, formula
from msjax.nn.probability.documented import documented


@documented
class GumbelCDF(Bijector):
    """y = exp(-exp(-(x - loc) / scale)).

    Example:
        >>> print(nn.probability.bijector.GumbelCDF(1.0, 2.0).forward(Tensor([1.0])))
        [0.36787945]
    """

    _parameters: ClassVar = {"loc": "float", "scale": "float > 0"}

    def __init__(self, loc=0.0, scale=1.0, name="GumbelCDF"):
        super().__init__(name=name, param={"loc": loc, "scale": scale})

    @formula
    def _forward(x: Any, loc, scale):
        return jnp.exp(-jnp.exp(-(x - loc) / scale))

    @formula
    def _inverse(y: Any, loc, scale):
        return loc - scale * jnp.log(-jnp.log(y))

    @formula
    def _forward_log_jacobian(x: Any, loc, scale):
        z = (x - loc) / scale
        return -z - jnp.exp(-z) - jnp.log(scale)

    @formula
    def _inverse_log_jacobian(y: Any, loc, scale):
        return jnp.log(scale) - jnp.log(y) - jnp.log(-jnp.log(y))
