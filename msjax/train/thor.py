"""Converters for MindSpore's second-order optimizer. Layers need no other form here, so they leave all as it is."""

from __future__ import annotations

from typing import Any

from msjax.core.kinds import check
from msjax.nn.cell import Cell
from msjax.train.model import Model


class ConvertNetUtils:
    """Converts networks for `nn.thor`.

    Example:
        >>> ms.train.ConvertNetUtils().convert_to_thor_net(nn.Dense(2, 1))
    """

    def convert_to_thor_net(self, net: Cell) -> None:
        """Leave a network as it is: MindSpore's layers for `nn.thor` compute the same, and note things for it besides.

        Args:
            net: the network.

        Raises:
            TypeError: if it is no Cell.
        """
        check("convert_to_thor_net", "net", net, "Cell")


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
        """The model itself, as in MindSpore for every optimizer but `nn.thor`.

        Args:
            model: the Model.
            network, loss_fn, optimizer, metrics, amp_level, loss_scale_manager, keep_batchnorm_fp32: what it was made
                of.

        Returns:
            The Model.
        """
        return model
