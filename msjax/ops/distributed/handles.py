"""Handles of what has been begun: XLA runs everything in the background, so they have little to wait for."""

from __future__ import annotations

from collections.abc import Sequence

import jax

from msjax.core.tensor import Tensor
from msjax.core.trace import Tracer
from msjax.device.communication import pairs


class CommHandle:
    """Of one communication.

    Args:
        results: the Tensors that come of it.

    Example:
        >>> from msjax.communication.comm_func import all_reduce
        >>> result, handle = all_reduce(Tensor([1.0]), async_op=True)
        >>> handle.wait()
        >>> result.tolist()
        [1.0]
    """

    def __init__(self, results: Sequence[Tensor] = ()):
        self._results = tuple(results)

    def wait(self) -> None:
        """Until the results are there. Under a transform there is nothing to wait for."""
        pairs.deliver()
        jax.block_until_ready([t._array for t in self._results if not isinstance(t._array, Tracer)])

    def __repr__(self) -> str:
        return f"CommHandle({len(self._results)} Tensors)"


def handle_of(async_op, *results: Tensor) -> CommHandle | None:
    """The handle, if one is asked for.

    Raises:
        TypeError: if `async_op` is no bool.
    """
    if not isinstance(async_op, bool):
        raise TypeError(f"The argument 'async_op' must be a bool, but got {async_op!r}.")
    return CommHandle(results) if async_op else None
