"""The logistic distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax.scipy import stats

from msjax.core import dtype as mstype
from msjax.nn.probability.distribution.distribution import Distribution
from msjax.nn.probability.distribution.formula import formula, sampler
from msjax.nn.probability.documented import documented
from msjax.nn.probability.formulas import FLOATS


@documented
class Logistic(Distribution):
    """The logistic distribution, whose cumulative distribution is the sigmoid function.

    Example:
        >>> print(nn.probability.distribution.Logistic(0.0, 1.0).cdf(Tensor([0.0, 1.0])))
        [0.5        0.73105854]
    """

    _parameters: ClassVar = {"loc": "float", "scale": "float > 0"}
    _dtypes = FLOATS
    _shown: ClassVar = {"loc": "location"}

    def __init__(self, loc=None, scale=None, seed=None, dtype=mstype.float32, name="Logistic"):
        super().__init__(seed, dtype, name, {"loc": loc, "scale": scale})

    @formula
    def _log_prob(value: Any, loc, scale):
        return stats.logistic.logpdf(value, loc, scale)

    @formula
    def _cdf(value: Any, loc, scale):
        return stats.logistic.cdf(value, loc, scale)

    @formula
    def _log_cdf(value: Any, loc, scale):
        return jax.nn.log_sigmoid((value - loc) / scale)

    @formula
    def _survival_function(value: Any, loc, scale):
        return stats.logistic.sf(value, loc, scale)

    @formula
    def _log_survival(value: Any, loc, scale):
        return jax.nn.log_sigmoid((loc - value) / scale)

    @formula
    def _mean(loc: Any, scale):
        return loc

    @formula
    def _mode(loc: Any, scale):
        return loc

    @formula
    def _sd(loc: Any, scale):
        return scale * (math.pi / math.sqrt(3))

    @formula
    def _entropy(loc: Any, scale):
        return jnp.log(scale) + 2

    @sampler
    def _sample(key: Any, shape, loc, scale):
        return loc + scale * jax.random.logistic(key, shape, scale.dtype)
