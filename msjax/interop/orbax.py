"""A Cell's state in checkpoints of orbax."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import jax
import orbax.checkpoint as ocp

from msjax.core import device
from msjax.core.names import unknown_name
from msjax.core.tensor import Tensor, raw
from msjax.nn.cell import Cell


def _handles(cell: Cell) -> dict[str, Tensor]:
    if not isinstance(cell, Cell):
        raise TypeError(f"orbax saves and restores the state of a Cell, but got {type(cell).__name__}.")
    return dict(cell.state_dict())


def save(path: str | Path, cell: Cell, *, force: bool = False) -> None:
    """Save a Cell's Parameters and buffers, by path, in a new folder.

    Args:
        path: of the folder.
        cell: a network, an optimizer, or a Cell that holds both.
        force: whether to write over a checkpoint that is there.

    Raises:
        TypeError: if `cell` is no Cell.
        ValueError: if the folder exists and `force` is False.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> ms.interop.orbax.save("checkpoint", net)
    """
    arrays = {name: raw(handle) for name, handle in _handles(cell).items()}
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(Path(path).absolute(), arrays, force=force)


def restore(path: str | Path, cell: Cell, *, strict: bool = True) -> None:
    """Take a Cell's Parameters and buffers from a checkpoint that `save` or a program of JAX has written.

    Args:
        path: of the folder.
        cell: a network, an optimizer, or a Cell that holds both.
        strict: whether the checkpoint must hold all that the Cell has, and nothing else.

    Raises:
        RuntimeError: if names (with `strict`) or shapes differ, with what does; nothing is changed then.

    Example:
        >>> net, other = nn.Dense(2, 1), nn.Dense(2, 1)
        >>> ms.interop.orbax.save("saved", net)
        >>> ms.interop.orbax.restore("saved", other)
        >>> bool((net.weight == other.weight).all())
        True
    """
    handles = _handles(cell)
    with ocp.StandardCheckpointer() as checkpointer:
        where = Path(path).absolute()
        saved = checkpointer.metadata(where).item_metadata.tree
        # What the Cell has is read to where that lies, all else to one device.
        targets = {name: jax.tree.map(partial(_target, handles.get(name)), entry) for name, entry in saved.items()}
        arrays = checkpointer.restore(where, targets)
    cell.load_state_dict(arrays, strict=strict)


def _target(handle: Tensor | None, saved: Any) -> jax.ShapeDtypeStruct:
    """What is to be read for an entry of a checkpoint: where the array of a handle of that shape lies."""
    alike = handle is not None and tuple(handle.shape) == tuple(saved.shape)
    sharding = raw(handle).sharding if alike else jax.sharding.SingleDeviceSharding(device.current())
    return jax.ShapeDtypeStruct(saved.shape, saved.dtype, sharding=sharding)


__getattr__ = unknown_name(__name__)
