"""Tensors to and from other libraries without a copy, through DLPack."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.tensor import Tensor, raw, wrap

_CPU = (1, 0)  # DLPack's kind and number


def to_dlpack(tensor: Tensor) -> Any:
    """A DLPack capsule on the elements of a Tensor.

    Args:
        tensor: the Tensor.

    Returns:
        A capsule, which `ms.from_dlpack` and other libraries read once.

    Raises:
        TypeError: if it is no Tensor.

    Example:
        >>> ms.from_dlpack(ms.to_dlpack(Tensor([1, 2]))).tolist()
        [1, 2]
    """
    if not isinstance(tensor, Tensor):
        raise TypeError(f"For 'to_dlpack', the input must be a Tensor, but got {type(tensor).__name__}.")
    return raw(tensor).__dlpack__()


def from_dlpack(dlpack: Any) -> Tensor:
    """A Tensor on the elements of an array of another library, or of a capsule of one on the CPU.

    Elements that do not lie one after the other are copied.

    Args:
        dlpack: an array with `__dlpack__`, of numpy, torch or JAX, or a capsule.

    Returns:
        A Tensor of the array's shape and dtype.

    Raises:
        TypeError: if it is neither.

    Example:
        >>> ms.from_dlpack(ms.to_dlpack(Tensor([1.0, 2.0])))
        Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])
    """
    if type(dlpack).__name__ == "PyCapsule":
        dlpack = _Capsule(dlpack)
    if not hasattr(dlpack, "__dlpack__"):
        raise TypeError(f"For 'from_dlpack', the input must be a DLPack capsule, but got {type(dlpack).__name__}.")
    try:
        return wrap(jax.dlpack.from_dlpack(dlpack))
    except jax.errors.JaxRuntimeError:  # XLA knows no arrays with gaps, as `x[::2]` is one: these are copied
        return wrap(jnp.asarray(np.ascontiguousarray(np.from_dlpack(dlpack))))


class _Capsule:
    """A bare capsule as the object that JAX asks for one."""

    def __init__(self, capsule):
        self._capsule = capsule

    def __dlpack__(self, **kwargs):
        return self._capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return _CPU
