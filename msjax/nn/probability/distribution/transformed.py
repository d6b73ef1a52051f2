"""Distributions of what a bijector makes of another distribution's samples; LogNormal and Gumbel among them."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gamma

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import check_is
from msjax.nn.probability.bijector import Bijector, Exp, GumbelCDF, Invert
from msjax.nn.probability.distribution.distribution import Distribution
from msjax.nn.probability.distribution.formula import between, formula, sampler
from msjax.nn.probability.distribution.normal import Normal
from msjax.nn.probability.distribution.uniform import Uniform
from msjax.nn.probability.documented import documented
from msjax.nn.probability.formulas import FLOATS


@documented
class TransformedDistribution(Distribution):
    """The distribution of a bijector's images of samples.

    Args:
        bijector: the bijector.
        distribution: the distribution of what it is applied to, of floats. Parameters that a call gives are of this.
        seed: noted; samples begin where the distribution's do.

    Example:
        >>> exp, normal = nn.probability.bijector.Exp(), nn.probability.distribution.Normal(0.0, 1.0)
        >>> print(nn.probability.distribution.TransformedDistribution(exp, normal).cdf(Tensor([1.0])))
        [0.5]
    """

    _dtypes = FLOATS

    def __init__(self, bijector, distribution, seed=None, name="transformed_distribution"):
        check_is(type(self).__name__, "bijector", bijector, Bijector)
        check_is(type(self).__name__, "distribution", distribution, Distribution)
        super().__init__(seed, distribution.dtype, name, {})
        self._arguments = {"bijector": bijector, "distribution": distribution, "seed": seed, "name": name}
        self.parameter_type = distribution.parameter_type
        self._bijector, self._distribution = bijector, distribution

    @property
    def bijector(self) -> Bijector:
        """What is applied to samples."""
        return self._bijector

    @property
    def distribution(self) -> Distribution:
        """The distribution of what the bijector is applied to."""
        return self._distribution

    @property
    def is_linear_transformation(self) -> bool:
        """Whether the bijector's derivative is the same everywhere."""
        return self._bijector.is_constant_jacobian

    @property
    def batch_shape(self):
        """The shape of the distribution's parameters."""
        return self._distribution.batch_shape

    @property
    def broadcast_shape(self):
        """The shape of distribution and bijector together."""
        shapes = (self._distribution.broadcast_shape, self._bijector.batch_shape)
        return None if None in shapes else np.broadcast_shapes(*shapes)  # pyright: ignore[reportArgumentType]

    @property
    def is_scalar_batch(self) -> bool:
        """Whether all parameters are numbers."""
        return self._distribution.is_scalar_batch and self._bijector.is_scalar_batch

    def extend_repr(self) -> str:
        """Nothing: bijector and distribution are shown."""
        return ""

    def _log_prob(self, value, *args, **kwargs):
        before = self._bijector.inverse(value)
        return self._distribution.log_prob(before, *args, **kwargs) + self._bijector.inverse_log_jacobian(value)

    def _prob(self, value, *args, **kwargs):
        before = self._bijector.inverse(value)
        return self._distribution.prob(before, *args, **kwargs) * ops.exp(self._bijector.inverse_log_jacobian(value))

    def _cdf(self, value, *args, **kwargs):
        return self._distribution.cdf(self._bijector.inverse(value), *args, **kwargs)

    def _log_cdf(self, value, *args, **kwargs):
        return self._distribution.log_cdf(self._bijector.inverse(value), *args, **kwargs)

    def _survival_function(self, value, *args, **kwargs):
        return self._distribution.survival_function(self._bijector.inverse(value), *args, **kwargs)

    def _log_survival(self, value, *args, **kwargs):
        return self._distribution.log_survival(self._bijector.inverse(value), *args, **kwargs)

    def _mean(self, *args, **kwargs):
        if not self.is_linear_transformation:
            raise ValueError(
                f"For '{type(self).__name__}', the mean is known only where the bijector is linear; "
                f"{self._bijector.name} is not."
            )
        return self._bijector.forward(self._distribution.mean(*args, **kwargs))

    def _sample(self, *args, **kwargs):
        return self._bijector.forward(self._distribution.sample(*args, **kwargs))


Bijector._transformed = TransformedDistribution


class _Named(TransformedDistribution):
    """A transformed distribution with parameters of its own."""

    batch_shape = Distribution.batch_shape
    is_scalar_batch = Distribution.is_scalar_batch
    extend_repr = Distribution.extend_repr

    def __init__(self, bijector, distribution, seed, name, parameters):
        super().__init__(bijector, distribution, seed, name)
        self._take(self.parameter_type, **parameters)

    @property
    def broadcast_shape(self):
        """The shape of one sample."""
        return self.batch_shape


@documented
class LogNormal(_Named):
    """The log-normal distribution: of exp(x), where x is of a normal distribution.

    Args:
        loc: the mean of the normal distribution.
        scale: its standard deviation, above 0.

    Example:
        >>> print(nn.probability.distribution.LogNormal(0.0, 1.0).prob(Tensor([1.0])))
        [0.3989423]
    """

    _parameters: ClassVar = {"loc": "float", "scale": "float > 0"}

    def __init__(self, loc=None, scale=None, seed=0, dtype=mstype.float32, name="LogNormal"):
        super().__init__(Exp(), Normal(loc, scale, seed, dtype), seed, name, {"loc": loc, "scale": scale})

    def _cdf(self, value, *args, **kwargs):
        return super()._cdf(ops.relu(value), *args, **kwargs)  # there is nothing below 0

    _log_cdf: Any = None
    _survival_function: Any = None
    _log_survival: Any = None

    @formula
    def _mean(loc: Any, scale):
        return jnp.exp(loc + scale**2 / 2)

    @formula
    def _mode(loc: Any, scale):
        return jnp.exp(loc - scale**2)

    @formula
    def _var(loc: Any, scale):
        return jnp.expm1(scale**2) * jnp.exp(2 * loc + scale**2)

    @formula
    def _entropy(loc: Any, scale):
        return loc + 0.5 + jnp.log(scale) + 0.5 * math.log(2 * math.pi)

    @between
    def _kl_loss(loc_b: Any, scale_b, loc_a, scale_a):
        return 0.5 * (((loc_a - loc_b) / scale_b) ** 2 + (scale_a / scale_b) ** 2 - 1) - jnp.log(scale_a / scale_b)


@documented
class Gumbel(_Named):
    """The Gumbel distribution: of the largest of many values.

    Example:
        >>> print(nn.probability.distribution.Gumbel(0.0, 1.0).mean())
        0.5772157
    """

    _parameters: ClassVar = {"loc": "float", "scale": "float > 0"}

    def __init__(self, loc, scale, seed=0, dtype=mstype.float32, name="Gumbel"):
        super().__init__(
            Invert(GumbelCDF(loc, scale)), Uniform(0.0, 1.0, seed, dtype), seed, name, {"loc": loc, "scale": scale}
        )

    @formula
    def _log_prob(value: Any, loc, scale):
        z = (value - loc) / scale
        return -z - jnp.exp(-z) - jnp.log(scale)

    _prob: Any = None

    @formula
    def _log_cdf(value: Any, loc, scale):
        return -jnp.exp(-(value - loc) / scale)

    _cdf: Any = None
    _survival_function: Any = None
    _log_survival: Any = None

    @formula
    def _mean(loc: Any, scale):
        return loc + np.euler_gamma * scale

    @formula
    def _mode(loc: Any, scale):
        return loc

    @formula
    def _sd(loc: Any, scale):
        return scale * (math.pi / math.sqrt(6))

    @formula
    def _entropy(loc: Any, scale):
        return 1 + np.euler_gamma + jnp.log(scale)

    @between
    def _kl_loss(loc_b: Any, scale_b, loc, scale):
        ratio, distance = scale / scale_b, (loc_b - loc) / scale_b
        return jnp.exp(distance) * gamma(1 + ratio) - 1 - distance - jnp.log(ratio) + np.euler_gamma * (ratio - 1)

    @sampler
    def _sample(key: Any, shape, loc, scale):
        return loc + scale * jax.random.gumbel(key, shape, scale.dtype)
