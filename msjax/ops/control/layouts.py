"""Tensors laid out anew among devices."""

from __future__ import annotations

from typing import Any

from msjax.core.layout import Layout
from msjax.core.tensor import Tensor
from msjax.ops.table import publish, strategy
from msjax.ops.table.primitive import Primitive


def reshard(tensor: Tensor, layout: Layout) -> Any:
    """A Tensor of the same elements, divided among devices as a Layout says.

    That counts in semi-auto and auto mode, if there are several devices; else it is the Tensor itself.

    Args:
        tensor (Tensor): of any shape.
        layout (Layout): called with a name for each axis of the Tensor.

    Returns:
        A Tensor.

    Raises:
        TypeError: if there are several devices, and an argument is of another type.
        ValueError: if there are, and the Layout does not fit the Tensor.

    Example:
        >>> ops.reshard(ops.ones((4, 2)), ms.Layout((2, 2), ("dp", "mp"))("dp", "mp")).shape
        (4, 2)
    """
    devices = strategy.in_force()
    if devices is None:
        return tensor
    if not isinstance(tensor, Tensor) or not isinstance(layout, Layout):
        raise TypeError(
            "For 'reshard', the arguments must be a Tensor and a Layout, "
            f"but got {type(tensor).__name__} and {type(layout).__name__}."
        )
    return strategy.Plan(devices, "reshard", (tensor,), ((layout,), None)).entering((tensor,))[0]


class Reshard(Primitive):
    """`ops.reshard` as an object.

    Args:
        in_layout, in_strategy: accepted: a Tensor knows how it lies.
        out_layout (tuple): of one Layout.

    Inputs:
        tensor (Tensor): of any shape.

    Returns:
        A Tensor of the same elements.

    Example:
        >>> layout = ms.Layout((2, 2), ("dp", "mp"))("dp", "mp")
        >>> ops.Reshard((layout,), (layout,), None)(ops.ones((4, 2))).shape
        (4, 2)
    """

    _fields = ("in_layout", "out_layout", "in_strategy")

    def __init__(self, in_layout: Any, out_layout: tuple, in_strategy: Any):
        self.in_layout, self.out_layout, self.in_strategy = in_layout, out_layout, in_strategy

    def __call__(self, tensor: Tensor) -> Any:
        return reshard(tensor, self.out_layout[0])


publish("ops", reshard=reshard, Reshard=Reshard)
