"""Layers of Bayesian networks, whose weights are drawn anew in each call."""

from msjax.core.names import unknown_name
from msjax.nn.probability.bnn_layers.bnn_cell_wrapper import WithBNNLossCell
from msjax.nn.probability.bnn_layers.layer_distribution import NormalPosterior, NormalPrior
from msjax.nn.probability.bnn_layers.variational import ConvReparam, DenseLocalReparam, DenseReparam

__all__ = ["ConvReparam", "DenseLocalReparam", "DenseReparam", "NormalPosterior", "NormalPrior", "WithBNNLossCell"]
__getattr__ = unknown_name(__name__)
