"""Converters for `nn.thor`, which converts its network itself, and whose Model is as any other."""

from __future__ import annotations

from typing import Any

from msjax.core.kinds import check
from msjax.nn.cell import Cell
from msjax.nn.layer.thor import convert
from msjax.train.model import Model


class ConvertNetUtils:
    """Converts networks for `nn.thor`, which does so itself.

    Example:
        >>> net = nn.SequentialCell(nn.Dense(2, 1))
        >>> ms.train.ConvertNetUtils().convert_to_thor_net(net)
        >>> type(net[0]).__name__
        'DenseThor'
    """

    def convert_to_thor_net(self, net: Cell) -> None:
        """Give the layers of a network the forms that note what `nn.thor` needs, in place; they compute the same.

        Args:
            net: the network.

        Raises:
            TypeError: if it is no Cell.
        """
        check("convert_to_thor_net", "net", net, "Cell")
        convert(net)


class ConvertModelUtils:
    """Converts a Model for `nn.thor`.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> loss, optimizer = nn.MSELoss(), nn.SGD(net.trainable_params())
        >>> model = ms.train.Model(net, loss, optimizer)
        >>> ms.train.ConvertModelUtils().convert_to_thor_model(model, net, loss, optimizer) is model
        True
    """

    @staticmethod
    def convert_to_thor_model(
        model: Model,
        network: Cell,
        loss_fn: Cell | None = None,
        optimizer: Cell | None = None,
        metrics: Any = None,
        amp_level: str = "O0",
        loss_scale_manager: Any = None,
        keep_batchnorm_fp32: bool = False,
    ) -> Model:
        """The model itself: its steps are those of any optimizer.

        Args:
            model: the Model.
            network, loss_fn, optimizer, metrics, amp_level, loss_scale_manager, keep_batchnorm_fp32: what it was made
                of.

        Returns:
            The Model.
        """
        return model
