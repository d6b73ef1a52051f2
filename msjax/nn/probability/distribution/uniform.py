"""The uniform distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.nn.probability.distribution.distribution import Distribution
from msjax.nn.probability.distribution.formula import between, formula, sampler
from msjax.nn.probability.documented import documented
from msjax.nn.probability.formulas import FLOATS


@documented
class Uniform(Distribution):
    """The uniform distribution between two bounds.

    Args:
        low: the lower bound.
        high: the upper bound, above `low`.

    Example:
        >>> print(nn.probability.distribution.Uniform(0.0, 2.0).prob(Tensor([1.0, 3.0])))
        [0.5 0. ]
    """

    _parameters: ClassVar = {"low": "float", "high": "float"}
    _dtypes = FLOATS

    def __init__(self, low=None, high=None, seed=None, dtype=mstype.float32, name="Uniform"):
        super().__init__(seed, dtype, name, {"low": low, "high": high})
        given = low is not None and high is not None
        if given and not np.all(self._low_value.asnumpy() < self._high_value.asnumpy()):
            raise ValueError("For 'Uniform', the 'low' must be less than the 'high'.")

    @formula
    def _prob(value: Any, low, high):
        return jnp.where((low <= value) & (value <= high), 1 / (high - low), 0)

    @formula
    def _log_prob(value: Any, low, high):
        return jnp.where((low <= value) & (value <= high), -jnp.log(high - low), -jnp.inf)

    @formula
    def _cdf(value: Any, low, high):
        return jnp.clip((value - low) / (high - low), 0, 1)

    @formula
    def _mean(low: Any, high):
        return (low + high) / 2

    @formula
    def _sd(low: Any, high):
        return (high - low) / math.sqrt(12)

    @formula
    def _entropy(low: Any, high):
        return jnp.log(high - low)

    @between
    def _kl_loss(low_b: Any, high_b, low, high):
        covered = (low_b <= low) & (high <= high_b)
        return jnp.where(covered, jnp.log((high_b - low_b) / (high - low)), jnp.inf)

    @sampler
    def _sample(key: Any, shape, low, high):
        return low + (high - low) * jax.random.uniform(key, shape, low.dtype)
