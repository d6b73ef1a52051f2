"""Distributions: what their probabilities, moments and divergences are, and samples of them."""

from msjax.core.names import unknown_name
from msjax.nn.probability.distribution.beta import Beta
from msjax.nn.probability.distribution.categorical import Bernoulli, Categorical, Geometric
from msjax.nn.probability.distribution.cauchy import Cauchy
from msjax.nn.probability.distribution.distribution import Distribution
from msjax.nn.probability.distribution.gamma import Exponential, Gamma, Poisson
from msjax.nn.probability.distribution.logistic import Logistic
from msjax.nn.probability.distribution.normal import HalfNormal, Laplace, Normal, StudentT
from msjax.nn.probability.distribution.transformed import Gumbel, LogNormal, TransformedDistribution
from msjax.nn.probability.distribution.uniform import Uniform

__all__ = [
    "Bernoulli", "Beta", "Categorical", "Cauchy", "Distribution", "Exponential", "Gamma", "Geometric", "Gumbel",
    "HalfNormal", "Laplace", "LogNormal", "Logistic", "Normal", "Poisson", "StudentT", "TransformedDistribution",
    "Uniform",
]  # fmt: skip
__getattr__ = unknown_name(__name__)
