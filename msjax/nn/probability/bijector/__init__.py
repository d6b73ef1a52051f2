"""Bijectors: functions, with inverses and derivatives, that take one distribution to another."""

from msjax.core.names import unknown_name
from msjax.nn.probability.bijector.bijector import Bijector
from msjax.nn.probability.bijector.gumbel_cdf import GumbelCDF
from msjax.nn.probability.bijector.invert import Invert
from msjax.nn.probability.bijector.power import Exp, PowerTransform
from msjax.nn.probability.bijector.scalar_affine import ScalarAffine
from msjax.nn.probability.bijector.softplus import Softplus

__all__ = ["Bijector", "Exp", "GumbelCDF", "Invert", "PowerTransform", "ScalarAffine", "Softplus"]
__getattr__ = unknown_name(__name__)
