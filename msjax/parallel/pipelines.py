"""What pipelines of processes have to agree on. One program computes all stages here, so it does."""

from __future__ import annotations

from typing import Any

from msjax.core.cells import is_cell
from msjax.nn.cell import Cell


def sync_pipeline_shared_parameters(net: Cell) -> None:
    """Nothing: a Parameter that several stages share is one Parameter.

    Args:
        net (Cell): the network.

    Raises:
        TypeError: if it is no Cell.

    Example:
        >>> ms.sync_pipeline_shared_parameters(nn.Dense(2, 1))
    """
    if not is_cell(net):
        raise TypeError(
            f"For 'sync_pipeline_shared_parameters', the argument 'net' should be a Cell, but got {type(net)}."
        )


def parameter_broadcast(net: Cell, layout: Any, cur_rank: int = 0, initial_rank: int = 0) -> None:
    """Nothing: copies of a Parameter on the devices of a process are one array.

    Args:
        net (Cell): the network.
        layout (dict): where its Parameters lie; accepted.
        cur_rank, initial_rank (int): accepted.

    Example:
        >>> ms.parameter_broadcast(nn.Dense(2, 1), {})
    """
