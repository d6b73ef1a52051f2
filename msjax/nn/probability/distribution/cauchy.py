"""The Cauchy distribution."""

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
class Cauchy(Distribution):
    """The Cauchy distribution, which has no mean and no variance.

    Example:
        >>> print(nn.probability.distribution.Cauchy(0.0, 1.0).cdf(Tensor([0.0, 1.0])))
        [0.5  0.75]
    """

    _parameters: ClassVar = {"loc": "float", "scale": "float > 0"}
    _dtypes = FLOATS
    _shown: ClassVar = {"loc": "location"}

    def __init__(self, loc=None, scale=None, seed=None, dtype=mstype.float32, name="Cauchy"):
        super().__init__(seed, dtype, name, {"loc": loc, "scale": scale})

    def _mean(self, *args, **kwargs):
        raise ValueError("A Cauchy distribution has no mean.")

    def _sd(self, *args, **kwargs):
        raise ValueError("A Cauchy distribution has no standard deviation.")

    def _var(self, *args, **kwargs):
        raise ValueError("A Cauchy distribution has no variance.")

    @formula
    def _log_prob(value: Any, loc, scale):
        return stats.cauchy.logpdf(value, loc, scale)

    @formula
    def _cdf(value: Any, loc, scale):
        return stats.cauchy.cdf(value, loc, scale)

    @formula
    def _survival_function(value: Any, loc, scale):
        return stats.cauchy.sf(value, loc, scale)

    @formula
    def _mode(loc: Any, scale):
        return loc

    @formula
    def _entropy(loc: Any, scale):
        return jnp.log(4 * jnp.pi * scale)

    @between
    def _kl_loss(loc_b: Any, scale_b, loc_a, scale_a):
        return jnp.log(((scale_a + scale_b) ** 2 + (loc_a - loc_b) ** 2) / (4 * scale_a * scale_b))

    @sampler
    def _sample(key: Any, shape, loc, scale):
        return loc + scale * jax.random.cauchy(key, shape, scale.dtype)
