"""Several Tensors as one: `mindspore.hal.contiguous_tensors_handle`."""

from __future__ import annotations

from collections.abc import Sequence

import jax.numpy as jnp

from msjax.core.kinds import takes
from msjax.core.tensor import Tensor, raw, wrap

__all__ = ["ContiguousTensorsHandle", "combine_tensor_list_contiguous"]


class ContiguousTensorsHandle:
    """The elements of some Tensors, one Tensor after the other.

    Args:
        tensor_list: Tensors of one dtype.
        enable_mem_align: accepted; XLA chooses where arrays lie.

    Raises:
        TypeError: if these are no Tensors, or `enable_mem_align` is no bool.
        ValueError: if there are none, or their dtypes differ.

    Differs from MindSpore: what an index gives is a copy of what the Tensors hold then.

    Example:
        >>> handle = ms.hal.contiguous_tensors_handle.ContiguousTensorsHandle([Tensor([1, 2]), Tensor([3])])
        >>> handle[1:].tolist(), handle.slice_by_tensor_index(0, 1).tolist()
        ([2, 3], [1, 2])
    """

    @takes(enable_mem_align="bool")
    def __init__(self, tensor_list: Sequence[Tensor], enable_mem_align: bool = True):
        self._tensors = list(tensor_list)
        for tensor in self._tensors:
            if not isinstance(tensor, Tensor):
                raise TypeError(f"For 'tensor_list', each must be a Tensor, but got {type(tensor).__name__}.")
        if len({tensor.dtype for tensor in self._tensors}) != 1:
            raise ValueError("For 'tensor_list', Tensors of one dtype are needed, at least one of them.")

    def __getitem__(self, index: int | slice) -> Tensor:
        """Some of all elements, a Tensor of one axis."""
        flat = self.slice_by_tensor_index()
        return flat[index : index + 1] if isinstance(index, int) else flat[index]

    def slice_by_tensor_index(self, start: int | None = None, end: int | None = None) -> Tensor:
        """The elements of the Tensors from number `start` to before `end`.

        Args:
            start, end: as of a slice.

        Returns:
            A Tensor of one axis.
        """
        return wrap(jnp.concatenate([raw(tensor).ravel() for tensor in self._tensors[start:end]]))


def combine_tensor_list_contiguous(
    tensor_list: Sequence[Tensor], enable_mem_align: bool = True
) -> ContiguousTensorsHandle:
    """Some Tensors as one.

    Args:
        tensor_list: Tensors of one dtype.
        enable_mem_align: accepted; XLA chooses where arrays lie.

    Returns:
        A handle, whose indices are those of all elements.

    Raises:
        TypeError, ValueError: for what are no Tensors, or of several dtypes.

    Example:
        >>> ms.hal.contiguous_tensors_handle.combine_tensor_list_contiguous([Tensor([1, 2]), Tensor([3])])[:].tolist()
        [1, 2, 3]
    """
    return ContiguousTensorsHandle(tensor_list, enable_mem_align)
