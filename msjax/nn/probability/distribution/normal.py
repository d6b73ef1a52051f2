"""Distributions around a mean: Normal, HalfNormal, Laplace and StudentT."""

from __future__ import annotations

from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax.scipy import stats

from msjax.core import dtype as mstype
from msjax.nn.probability.distribution.distribution import Distribution
from msjax.nn.probability.distribution.formula import between, formula, sampler
from msjax.nn.probability.documented import documented
from msjax.nn.probability.formulas import FLOATS


@documented
class Normal(Distribution):
    """The normal distribution.

    Args:
        mean: the mean.
        sd: the standard deviation, above 0.

    Example:
        >>> print(nn.probability.distribution.Normal(0.0, 1.0).prob(Tensor([0.0, 1.0])))
        [0.3989423  0.24197073]
    """

    _parameters: ClassVar = {"mean": "float", "sd": "float > 0"}
    _dtypes = FLOATS
    _shown: ClassVar = {"sd": "standard deviation"}

    def __init__(self, mean=None, sd=None, seed=None, dtype=mstype.float32, name="Normal"):
        super().__init__(seed, dtype, name, {"mean": mean, "sd": sd})

    @formula
    def _log_prob(value: Any, mean, sd):
        return stats.norm.logpdf(value, mean, sd)

    @formula
    def _cdf(value: Any, mean, sd):
        return stats.norm.cdf(value, mean, sd)

    @formula
    def _log_cdf(value: Any, mean, sd):
        return stats.norm.logcdf(value, mean, sd)

    @formula
    def _survival_function(value: Any, mean, sd):
        return stats.norm.sf(value, mean, sd)

    @formula
    def _log_survival(value: Any, mean, sd):
        return stats.norm.logsf(value, mean, sd)

    @formula
    def _mean(mean: Any, sd):
        return mean

    @formula
    def _mode(mean: Any, sd):
        return mean

    @formula
    def _sd(mean: Any, sd):
        return sd

    @formula
    def _entropy(mean: Any, sd):
        return 0.5 * jnp.log(2 * jnp.pi * jnp.e) + jnp.log(sd)

    @between
    def _kl_loss(mean_b: Any, sd_b, mean, sd):
        return 0.5 * (((mean - mean_b) / sd_b) ** 2 + (sd / sd_b) ** 2 - 1) - jnp.log(sd / sd_b)

    @sampler
    def _sample(key: Any, shape, mean, sd):
        return mean + sd * jax.random.normal(key, shape, sd.dtype)


@documented
class HalfNormal(Distribution):
    """The half-normal distribution: a normal distribution's density, doubled, at values from 0 on.

    Args:
        mean: the mean of the normal distribution.
        sd: its standard deviation, above 0.

    Example:
        >>> print(nn.probability.distribution.HalfNormal(0.0, 1.0).log_prob(Tensor([-1.0, 1.0])))
        [      -inf -0.7257914]
    """

    _parameters: ClassVar = {"mean": "float", "sd": "float > 0"}
    _dtypes = FLOATS

    def __init__(self, mean=None, sd=None, seed=None, dtype=mstype.float32, name="HalfNormal"):
        super().__init__(seed, dtype, name, {"mean": mean, "sd": sd})

    @formula
    def _log_prob(value: Any, mean, sd):
        return jnp.where(value < 0, -jnp.inf, jnp.log(2) + stats.norm.logpdf(value, mean, sd))


@documented
class Laplace(Distribution):
    """The Laplace distribution.

    Args:
        mean: the mean.
        sd: the scale, above 0: the standard deviation divided by the square root of 2.

    Example:
        >>> print(nn.probability.distribution.Laplace(0.0, 1.0).log_prob(Tensor([0.0, 1.0])))
        [-0.6931472 -1.6931472]
    """

    _parameters: ClassVar = {"mean": "float", "sd": "float > 0"}
    _dtypes = FLOATS

    def __init__(self, mean=None, sd=None, seed=None, dtype=mstype.float32, name="Laplace"):
        super().__init__(seed, dtype, name, {"mean": mean, "sd": sd})

    @formula
    def _log_prob(value: Any, mean, sd):
        return stats.laplace.logpdf(value, mean, sd)


@documented
class StudentT(Distribution):
    """Student's t distribution.

    Args:
        df: the degrees of freedom, above 0.
        mean: the place of the distribution's middle.
        sd: the scale, above 0.

    Example:
        >>> print(nn.probability.distribution.StudentT(2.0, 0.0, 1.0).log_prob(Tensor([0.0, 1.0])))
        [-1.0397209 -1.6479187]
    """

    _parameters: ClassVar = {"df": "float > 0", "mean": "float", "sd": "float > 0"}
    _dtypes = FLOATS

    def __init__(self, df=None, mean=None, sd=None, seed=None, dtype=mstype.float32, name="StudentT"):
        super().__init__(seed, dtype, name, {"df": df, "mean": mean, "sd": sd})

    @formula
    def _log_prob(value: Any, df, mean, sd):
        return stats.t.logpdf(value, df, mean, sd)
