"""The memory that Tensors lie in: their bytes, its address, and what kind it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import trace
from msjax.core.dlpack import from_dlpack, to_dlpack
from msjax.core.effects import has_effects
from msjax.core.kinds import takes
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.ops.table import member, publish


@member
@has_effects
def get_bytes(self) -> bytes:
    """The elements as bytes, row by row.

    Returns:
        bytes.

    Example:
        >>> Tensor([1, 2], ms.int16).get_bytes()
        b'\\x01\\x00\\x02\\x00'
    """
    return self.asnumpy().tobytes()


def convert_bytes_to_tensor(bytes_obj: bytes, shape: Sequence[int], dtype: mstype.DType) -> Tensor:
    """A Tensor of bytes that `get_bytes` gave.

    Args:
        bytes_obj: the bytes.
        shape: the Tensor's shape.
        dtype: its dtype.

    Returns:
        A Tensor.

    Raises:
        ValueError: if there are more or fewer bytes.

    Example:
        >>> Tensor.convert_bytes_to_tensor(Tensor([1, 2]).get_bytes(), (2,), ms.int64)
        Tensor(shape=[2], dtype=Int64, value= [1, 2])
    """
    kind = mstype.dtype_to_nptype(dtype)
    wanted = math.prod(shape) * np.dtype(kind).itemsize
    if len(bytes_obj) != wanted:
        raise ValueError(f"A Tensor of shape {tuple(shape)} and {dtype} has {wanted} bytes, but got {len(bytes_obj)}.")
    return Tensor(np.frombuffer(bytes_obj, kind).reshape(shape))


@member
@has_effects
def data_ptr(self) -> int:
    """The address of the first element. It holds as long as nothing else is written to the Tensor.

    Returns:
        An int.

    Example:
        >>> Tensor([1, 2]).data_ptr() > 0
        True
    """
    trace.settle()
    return jax.block_until_ready(raw(self)).unsafe_buffer_pointer()


@member
def pin_memory(self) -> Tensor:
    """A copy. JAX itself decides from what memory it sends arrays to a device.

    Returns:
        A Tensor.
    """
    return wrap(raw(self))


@member
def is_pinned(self) -> bool:
    """False: `pin_memory` copies, and pins nothing.

    Returns:
        A bool.
    """
    return False


@member
def is_shared(self) -> bool:
    """False: no other process has the elements.

    Returns:
        A bool.
    """
    return False


@member
@property
def is_meta(self) -> bool:
    """False: each Tensor has elements."""
    return False


publish(
    "Tensor",
    convert_bytes_to_tensor=staticmethod(convert_bytes_to_tensor),
    from_dlpack=staticmethod(from_dlpack),
    to_dlpack=to_dlpack,
)


def frombuffer(buffer: Any, dtype: mstype.DType, count: int = -1, offset: int = 0) -> Tensor:
    """A Tensor of numbers whose bytes a buffer holds, copied.

    Args:
        buffer: bytes, a bytearray, an array, or what else offers its memory.
        dtype: the dtype of the numbers.
        count: how many there are, all that follow by default.
        offset: how many bytes to leave out before them.

    Returns:
        A Tensor of one axis.

    Raises:
        RuntimeError: if the buffer has too few bytes, none, or for all that follow no whole numbers.

    Differs from MindSpore: what is written into the buffer later is not seen.

    Example:
        >>> ms.frombuffer(bytearray([1, 2, 3]), ms.uint8, offset=1)
        Tensor(shape=[2], dtype=UInt8, value= [2, 3])
    """
    content = memoryview(buffer).cast("B")
    kind = np.dtype(mstype.dtype_to_nptype(dtype))
    rest = len(content) - offset
    if count < -1 or count == 0 or not 0 <= offset < len(content):
        raise RuntimeError(f"No numbers can be taken from {len(content)} bytes with count {count} and offset {offset}.")
    if rest < count * kind.itemsize or (count == -1 and rest % kind.itemsize):
        raise RuntimeError(f"The {rest} bytes from {offset} on do not hold {count} numbers of {kind.itemsize} bytes.")
    return Tensor(np.frombuffer(content, kind, count, offset))


@takes(t1="Tensor", t2="Tensor")
def swap_tensors(t1: Tensor, t2: Tensor) -> None:
    """Exchange two Tensors' elements, in their shapes and dtypes.

    Args:
        t1, t2: the Tensors; Parameters keep their names.

    Raises:
        TypeError: if one is none.

    Differs from MindSpore: attributes and classes stay where they are.

    Example:
        >>> a, b = Tensor([1, 2]), Tensor([3.0])
        >>> ms.swap_tensors(a, b)
        >>> print(a, b)
        [3.] [1 2]
    """
    first, second = raw(t1), raw(t2)
    rebind(t1, second)
    rebind(t2, first)
