"""Probability: distributions, bijectors between them, and layers whose weights are distributed.

    formulas       what all share: parameters, and methods that are formulas on arrays
    distribution/  Distribution, which answers every question, and a file for each family of distributions
    bijector/      Bijector, and the functions that take one distribution to another
    bnn_layers/    layers of Bayesian networks

A distribution is a declaration: its parameters with their bounds, and what is special about it as formulas. The base
class checks and broadcasts, and works out what has no formula of its own.
"""

__only_computes__ = True  # see core.effects

from msjax.core.names import Lazily, unknown_name

_lookup = Lazily(__name__, ("bijector", "bnn_layers", "distribution"))
__getattr__, __dir__ = unknown_name(__name__, _lookup), _lookup.dir
