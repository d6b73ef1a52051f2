"""Functions that say how Tensors lie among devices: `shard`, and `reshard` for one Tensor."""

from __future__ import annotations

from typing import Any

from msjax.core.layout import Layout
from msjax.core.tensor import Tensor
from msjax.nn.sharding import shard
from msjax.ops.table import strategy

__all__ = ["reshard", "shard"]


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
        >>> from msjax.parallel.function import reshard
        >>> reshard(ops.ones((4, 2)), ms.Layout((2, 2), ("dp", "mp"))("dp", "mp")).shape
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
