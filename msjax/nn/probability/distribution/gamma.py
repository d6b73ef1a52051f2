"""Distributions of waiting: Exponential, Gamma, and Poisson, which counts."""

from __future__ import annotations

from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import digamma, gammainc, gammaincc, gammaln, xlogy

from msjax.core import dtype as mstype
from msjax.nn.probability.distribution.distribution import Distribution
from msjax.nn.probability.distribution.formula import between, formula, sampler
from msjax.nn.probability.documented import documented
from msjax.nn.probability.formulas import FLOATS


@documented
class Exponential(Distribution):
    """The exponential distribution, on values from 0 on.

    Example:
        >>> print(nn.probability.distribution.Exponential(2.0).prob(Tensor([0.0, 1.0])))
        [2.         0.27067056]
    """

    _parameters: ClassVar = {"rate": "float > 0"}
    _dtypes = FLOATS

    def __init__(self, rate=None, seed=None, dtype=mstype.float32, name="Exponential"):
        super().__init__(seed, dtype, name, {"rate": rate})

    @formula
    def _log_prob(value: Any, rate):
        return jnp.where(value < 0, -jnp.inf, jnp.log(rate) - rate * value)

    @formula
    def _cdf(value: Any, rate):
        return -jnp.expm1(-rate * jnp.maximum(value, 0))

    @formula
    def _log_survival(value: Any, rate):
        return -rate * jnp.maximum(value, 0)

    @formula
    def _mean(rate: Any):
        return 1 / rate

    @formula
    def _mode(rate: Any):
        return jnp.zeros_like(rate)

    @formula
    def _sd(rate: Any):
        return 1 / rate

    @formula
    def _entropy(rate: Any):
        return 1 - jnp.log(rate)

    @between
    def _kl_loss(rate_b: Any, rate):
        return jnp.log(rate) - jnp.log(rate_b) + rate_b / rate - 1

    @sampler
    def _sample(key: Any, shape, rate):
        return jax.random.exponential(key, shape, rate.dtype) / rate


@documented
class Gamma(Distribution):
    """The gamma distribution, on values from 0 on.

    Args:
        concentration: the exponent of x, plus 1; above 0. A list, an array or a Tensor, but no number.
        rate: the rate, above 0; likewise.

    Example:
        >>> print(nn.probability.distribution.Gamma([3.0], [4.0]).mean())
        [0.75]
    """

    _parameters: ClassVar = {"concentration": "float > 0", "rate": "float > 0"}
    _dtypes = FLOATS
    _given_as = "None or list or array or Tensor"

    def __init__(self, concentration=None, rate=None, seed=None, dtype=mstype.float32, name="Gamma"):
        super().__init__(seed, dtype, name, {"concentration": concentration, "rate": rate})

    @formula
    def _log_prob(value: Any, concentration, rate):
        powers = xlogy(concentration - 1, value) - rate * value
        density = powers + concentration * jnp.log(rate) - gammaln(concentration)
        return jnp.where(value < 0, jnp.nan, density)

    @formula
    def _cdf(value: Any, concentration, rate):
        return gammainc(*jnp.broadcast_arrays(concentration, rate * value))

    @formula
    def _survival_function(value: Any, concentration, rate):
        return gammaincc(*jnp.broadcast_arrays(concentration, rate * value))

    @formula
    def _mean(concentration: Any, rate):
        return concentration / rate

    @formula
    def _mode(concentration: Any, rate):
        return jnp.where(concentration > 1, (concentration - 1) / rate, jnp.nan)

    @formula
    def _var(concentration: Any, rate):
        return concentration / rate**2

    @formula
    def _entropy(concentration: Any, rate):
        powers = (1 - concentration) * digamma(concentration)
        return concentration - jnp.log(rate) + gammaln(concentration) + powers

    @between
    def _kl_loss(concentration_b: Any, rate_b, concentration_a, rate_a):
        powers = (concentration_a - concentration_b) * digamma(concentration_a)
        rates = concentration_b * jnp.log(rate_a / rate_b) + concentration_a * (rate_b / rate_a - 1)
        return powers + gammaln(concentration_b) - gammaln(concentration_a) + rates

    @sampler
    def _sample(key: Any, shape, concentration, rate):
        return jax.random.gamma(key, concentration, shape, rate.dtype) / rate


@documented
class Poisson(Distribution):
    """The Poisson distribution: of how often something happens.

    Args:
        rate: the mean, above 0. A list, an array or a Tensor, but no number.

    Example:
        >>> print(nn.probability.distribution.Poisson([0.5]).prob(Tensor([0.0])))
        [0.60653067]
    """

    _parameters: ClassVar = {"rate": "float > 0"}
    _given_as = "None or list or array or Tensor"

    def __init__(self, rate=None, seed=None, dtype=mstype.float32, name="Poisson"):
        super().__init__(seed, dtype, name, {"rate": rate})

    @formula
    def _log_prob(value: Any, rate):
        return jnp.where(value < 0, -jnp.inf, xlogy(value, rate) - rate - gammaln(value + 1))

    @formula
    def _cdf(value: Any, rate):
        return jnp.where(value < 0, 0, gammaincc(*jnp.broadcast_arrays(jnp.maximum(value, 0) + 1, rate)))

    @formula
    def _mean(rate: Any):
        return rate

    @formula
    def _mode(rate: Any):
        return jnp.floor(rate)

    @formula
    def _var(rate: Any):
        return rate

    @sampler
    def _sample(key: Any, shape, rate):
        return jax.random.poisson(key, rate, shape, np.int32)
