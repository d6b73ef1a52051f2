"""The bytes behind a Tensor, as an object."""

from __future__ import annotations

from typing import Any

import jax

from msjax.core import dtype as mstype
from msjax.core import trace
from msjax.core.effects import has_effects
from msjax.core.tensor import Tensor, raw, rebind
from msjax.core.view import root
from msjax.ops.table import member


class UntypedStorage:
    """The bytes of a Tensor, which views of it share. `Tensor.untyped_storage()` makes it.

    Differs from MindSpore: JAX's arrays have the size that they have, so `resize_` takes that size only.

    Raises:
        TypeError: if it is called.

    Example:
        >>> x = Tensor([1.0, 2.0])
        >>> x.untyped_storage().nbytes()
        8
    """

    def __init__(self):
        raise TypeError("cannot create 'UntypedStorage' instances")

    _base: Tensor

    def nbytes(self) -> int:
        """How many bytes there are."""
        return raw(self._base).nbytes

    size = __len__ = nbytes

    def element_size(self) -> int:
        """1: its elements are bytes."""
        return 1

    @property
    def dtype(self) -> mstype.DType:
        """The dtype of the Tensor."""
        return self._base.dtype

    @property
    def device(self) -> str:
        """The kind of device that has them, such as "CPU"."""
        return str(self._base.device)

    def is_shared(self) -> bool:
        """False: no other process has them."""
        return False

    @has_effects
    def data_ptr(self) -> int:
        """The address of the first byte."""
        trace.settle()
        return jax.block_until_ready(raw(self._base)).unsafe_buffer_pointer()

    def copy_(self, source: UntypedStorage, non_blocking: bool = False) -> UntypedStorage:
        """Write the bytes of another one over these.

        Args:
            source: as many bytes.
            non_blocking: accepted for compatibility.

        Returns:
            This one.

        Raises:
            RuntimeError: if there are more or fewer bytes.
        """
        if source.nbytes() != self.nbytes():
            raise RuntimeError(
                f"Size does not match, self was {self.nbytes()} bytes but src was {source.nbytes()} bytes"
            )
        own, given = raw(self._base), trace.detach(raw(source._base))
        rebind(self._base, given.reshape(-1).view(own.dtype).reshape(own.shape))
        return self

    def resize_(self, size: int) -> UntypedStorage:
        """Nothing, if `size` is how many bytes there are.

        Args:
            size: a number of bytes.

        Raises:
            RuntimeError: if there are more or fewer.
        """
        if size != self.nbytes():
            raise RuntimeError(
                f"resize_: an array of JAX's can not grow or shrink, here from {self.nbytes()} bytes to {size}."
            )
        return self

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, UntypedStorage) and other._base is self._base

    def __hash__(self) -> int:
        return id(self._base)

    def __getitem__(self, index):
        raise RuntimeError("The function __getitem__ is not implemented for Storage!")

    def __setitem__(self, index, value):
        raise RuntimeError("The function __setitem__ is not implemented for Storage!")


def untyped_storage(self: Tensor) -> UntypedStorage:
    """The bytes of this Tensor, and of those that it is a view of.

    Returns:
        An UntypedStorage.
    """
    made = object.__new__(UntypedStorage)
    made._base = root(self)
    return made


member(untyped_storage, "storage")
