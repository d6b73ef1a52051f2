"""The beta distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax.scipy.special import betaln, digamma, xlog1py, xlogy

from msjax.core import dtype as mstype
from msjax.nn.probability.distribution.distribution import Distribution
from msjax.nn.probability.distribution.formula import between, formula, sampler
from msjax.nn.probability.documented import documented
from msjax.nn.probability.formulas import FLOATS


def _mean_log(a, b):
    """The means of log(x) and of log(1 - x)."""
    return digamma(a) - digamma(a + b), digamma(b) - digamma(a + b)


@documented
class Beta(Distribution):
    """The beta distribution, on values between 0 and 1.

    Args:
        concentration1: the exponent of x, plus 1; above 0. A list, an array or a Tensor, but no float.
        concentration0: the exponent of 1 - x, plus 1; likewise.

    Example:
        >>> print(nn.probability.distribution.Beta([3.0], [4.0]).prob(Tensor([0.5])))
        [1.875]
    """

    _parameters: ClassVar = {"concentration1": "float > 0", "concentration0": "float > 0"}
    _dtypes = FLOATS
    _given_as = "None or int or list or array or Tensor"

    def __init__(self, concentration1=None, concentration0=None, seed=None, dtype=mstype.float32, name="Beta"):
        super().__init__(seed, dtype, name, {"concentration1": concentration1, "concentration0": concentration0})

    @formula
    def _log_prob(value: Any, concentration1, concentration0):
        powers = xlogy(concentration1 - 1, value) + xlog1py(concentration0 - 1, -value)
        inside = (value >= 0) & (value <= 1)
        return jnp.where(inside, powers - betaln(concentration1, concentration0), jnp.nan)

    @formula
    def _mean(concentration1: Any, concentration0):
        return concentration1 / (concentration1 + concentration0)

    @formula
    def _mode(concentration1: Any, concentration0):
        inside = (concentration1 > 1) & (concentration0 > 1)
        return jnp.where(inside, (concentration1 - 1) / (concentration1 + concentration0 - 2), jnp.nan)

    @formula
    def _var(concentration1: Any, concentration0):
        total = concentration1 + concentration0
        return concentration1 * concentration0 / (total**2 * (total + 1))

    @formula
    def _entropy(concentration1: Any, concentration0):
        log_x, log_rest = _mean_log(concentration1, concentration0)
        powers = (concentration1 - 1) * log_x + (concentration0 - 1) * log_rest
        return betaln(concentration1, concentration0) - powers

    @between
    def _kl_loss(concentration1_b: Any, concentration0_b, concentration1_a, concentration0_a):
        log_x, log_rest = _mean_log(concentration1_a, concentration0_a)
        powers = (concentration1_a - concentration1_b) * log_x + (concentration0_a - concentration0_b) * log_rest
        return betaln(concentration1_b, concentration0_b) - betaln(concentration1_a, concentration0_a) + powers

    @sampler
    def _sample(key: Any, shape, concentration1, concentration0):
        return jax.random.beta(key, concentration1, concentration0, shape, concentration1.dtype)
