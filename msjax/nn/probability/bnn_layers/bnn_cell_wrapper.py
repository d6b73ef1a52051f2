"""WithBNNLossCell: a Bayesian network and its loss."""

from __future__ import annotations

from msjax.core.kinds import takes
from msjax.core.watching import seen
from msjax.nn.cell import Cell
from msjax.nn.probability.bnn_layers.variational import _Variational


@takes(backbone="Cell", dnn_factor="number", bnn_factor="number")
class WithBNNLossCell(Cell):
    """A loss of what a network gives, and the divergence of its layers' distributions from their priors.

    Args:
        backbone: the network.
        loss_fn: the loss, of output and label.
        dnn_factor: the factor of the loss.
        bnn_factor: the factor of the divergence.

    Inputs:
        x: what the network is called with.
        label: the label.

    Returns:
        A Tensor.

    Raises:
        TypeError: if an argument is of the wrong type.

    Example:
        >>> net = nn.probability.bnn_layers.DenseReparam(3, 1)
        >>> loss = nn.probability.bnn_layers.WithBNNLossCell(net, nn.MSELoss(), 1, 0.1)
        >>> loss(ops.ones((4, 3)), ops.ones((4, 1))).shape
        ()
    """

    def __init__(self, backbone, loss_fn, dnn_factor=1, bnn_factor=1):
        super().__init__(auto_prefix=False)
        self._backbone, self._loss_fn = backbone, loss_fn
        self.dnn_factor, self.bnn_factor = dnn_factor, bnn_factor
        self.kl_loss = [
            cell.compute_kl_loss for name, cell in backbone.cells_and_names() if name and isinstance(cell, _Variational)
        ]

    @property
    def backbone_network(self) -> Cell:
        """The network."""
        return self._backbone

    def construct(self, x, label):
        loss = seen(self._loss_fn)(seen(self._backbone)(x), label) * self.dnn_factor
        return sum((seen(of_layer)() * self.bnn_factor for of_layer in self.kl_loss), loss)
