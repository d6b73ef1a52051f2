"""Distributions of outcomes: Bernoulli, Categorical, and Geometric, which counts failures."""

from __future__ import annotations

from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import xlog1py, xlogy

from msjax.core import dtype as mstype
from msjax.nn.probability.distribution.distribution import Distribution
from msjax.nn.probability.distribution.formula import between, category_sampler, event, formula, sampler, unit
from msjax.nn.probability.documented import documented

_SUM_TOLERANCE = 1e-6


def _entropy_of(probs):
    return -(xlogy(probs, probs) + xlog1py(1 - probs, -probs))


def _divergence(probs, probs_b):
    """From a distribution of 0 and 1 to another."""
    return xlogy(probs, probs / probs_b) + xlogy(1 - probs, (1 - probs) / (1 - probs_b))


@documented
class Bernoulli(Distribution):
    """The Bernoulli distribution, of 0 and 1.

    Example:
        >>> print(nn.probability.distribution.Bernoulli(0.25).prob(Tensor([0, 1])))
        [0.75 0.25]
    """

    _parameters: ClassVar = {"probs": "float (0, 1)"}

    def __init__(self, probs=None, seed=None, dtype=mstype.int32, name="Bernoulli"):
        super().__init__(seed, dtype, name, {"probs": probs})

    @formula
    def _log_prob(value: Any, probs1):
        return xlogy(value, probs1) + xlog1py(1 - value, -probs1)

    @formula
    def _cdf(value: Any, probs1):
        return jnp.where(value < 0, 0, jnp.where(value < 1, 1 - probs1, 1))

    @formula
    def _mean(probs1: Any):
        return probs1

    @event
    def _mode(probs1: Any):
        return probs1 > 0.5

    @formula
    def _var(probs1: Any):
        return probs1 * (1 - probs1)

    @formula
    def _entropy(probs1: Any):
        return _entropy_of(probs1)

    @between
    def _kl_loss(probs1_b: Any, probs1):
        return _divergence(probs1, probs1_b)

    @sampler
    def _sample(key: Any, shape, probs1):
        return unit(key, shape, probs1.dtype) < probs1


@documented
class Categorical(Distribution):
    """The distribution of the numbers of some categories.

    Args:
        probs: the categories' probabilities along the last axis, which sum up to 1.

    Example:
        >>> print(nn.probability.distribution.Categorical([0.2, 0.8]).prob(Tensor([0, 1])))
        [0.2 0.8]
    """

    _parameters: ClassVar = {"probs": "float (0, 1)"}

    def __init__(self, probs=None, seed=None, dtype=mstype.int32, name="Categorical"):
        super().__init__(seed, dtype, name, {"probs": probs})
        if probs is not None:
            values = np.asarray(self._probs_value.asnumpy(), np.float64)
            if values.ndim == 0:
                raise ValueError("For 'Categorical', the 'probs' must have at least one axis.")
            if np.any(abs(values.sum(-1) - 1) > _tolerance(self.parameter_type)):
                raise ValueError(f"For 'Categorical', the 'probs' must sum up to 1, but got {probs}.")

    @property
    def broadcast_shape(self):
        """The shape of one sample."""
        return None if self.batch_shape is None else self.batch_shape[:-1]

    @property
    def is_scalar_batch(self) -> bool:
        """Whether it is one distribution."""
        return not self.broadcast_shape

    def extend_repr(self) -> str:
        """The probabilities if it is one distribution, else how many there are.

        Returns:
            A text.
        """
        return f"probs = {self._probs_value}" if self.is_scalar_batch else f"batch_shape = {self.broadcast_shape}"

    @formula
    def _log_prob(value: Any, probs):
        picked = jax.nn.one_hot(value.astype(np.int32), probs.shape[-1], dtype=probs.dtype)
        known = (value > -1) & (value < probs.shape[-1])
        return jnp.where(known, jnp.sum(xlogy(picked, probs), -1), jnp.nan)

    @formula
    def _cdf(value: Any, probs):
        places = jnp.arange(probs.shape[-1], dtype=probs.dtype)
        return jnp.sum(jnp.where(places <= jnp.trunc(value)[..., None], probs, 0) * (value > -1)[..., None], -1)

    @formula
    def _mean(probs: Any):
        return jnp.sum(_places(probs) * probs, -1, keepdims=True)

    @event
    def _mode(probs: Any):
        return jnp.argmax(probs, -1)

    @formula
    def _var(probs: Any):
        places = _places(probs)
        mean = jnp.sum(places * probs, -1, keepdims=True)
        return jnp.sum((places - mean) ** 2 * probs, -1, keepdims=True)

    @formula
    def _entropy(probs: Any):
        return -jnp.sum(xlogy(probs, probs), -1)

    @between
    def _kl_loss(probs_b: Any, probs):
        return jnp.sum(xlogy(probs, probs / probs_b), -1)

    @category_sampler
    def _sample(key: Any, shape, probs):
        return jax.random.categorical(key, jnp.log(probs), shape=shape)


def _places(probs):
    """The numbers of the categories, in at least float32."""
    return jnp.arange(probs.shape[-1], dtype=jnp.promote_types(probs.dtype, np.float32))


def _tolerance(dtype) -> float:
    return _SUM_TOLERANCE if dtype != mstype.float16 else 1e-3


@documented
class Geometric(Distribution):
    """The geometric distribution: of how often something fails before it succeeds.

    Args:
        probs: the probability of success, between 0 and 1.

    Example:
        >>> print(nn.probability.distribution.Geometric(0.5).prob(Tensor([0, 1, 2])))
        [0.5   0.25  0.125]
    """

    _parameters: ClassVar = {"probs": "float (0, 1)"}

    def __init__(self, probs=None, seed=None, dtype=mstype.int32, name="Geometric"):
        super().__init__(seed, dtype, name, {"probs": probs})

    @formula
    def _prob(value: Any, probs1):
        return jnp.where(value < 0, 0, probs1 * (1 - probs1) ** jnp.floor(value))

    @formula
    def _log_prob(value: Any, probs1):
        return jnp.where(value < 0, -jnp.inf, jnp.log(probs1) + xlog1py(jnp.floor(value), -probs1))

    @formula
    def _cdf(value: Any, probs1):
        return jnp.where(value < 0, 0, 1 - (1 - probs1) ** (jnp.floor(value) + 1))

    @formula
    def _mean(probs1: Any):
        return (1 - probs1) / probs1

    @event
    def _mode(probs1: Any):
        return jnp.zeros_like(probs1)

    @formula
    def _var(probs1: Any):
        return (1 - probs1) / probs1**2

    @formula
    def _entropy(probs1: Any):
        return _entropy_of(probs1) / probs1

    @between
    def _kl_loss(probs1_b: Any, probs1):
        return _divergence(probs1, probs1_b) / probs1

    @sampler
    def _sample(key: Any, shape, probs1):
        return jnp.floor(jnp.log(unit(key, shape, probs1.dtype)) / jnp.log1p(-probs1))
