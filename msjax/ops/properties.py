"""Members of Tensor that ask about a Tensor or compose other members: properties, strides, new Tensors of its dtype."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.core import dtype as mstype
from msjax.core.tensor import Tensor, raw, wrap
from msjax.ops.shaping import ints
from msjax.ops.table import lookup


def _T(self: Tensor) -> Tensor:
    """The Tensor with its axes reversed."""
    return lookup("ops", "transpose")(self, None)


def _mT(self: Tensor) -> Tensor:
    """The matrices in the last two axes transposed."""
    return lookup("ops", "swapaxes")(self, -2, -1)


def _mH(self: Tensor) -> Tensor:
    """The matrices in the last two axes transposed and conjugated."""
    return _conjugate(_mT(self))


def _H(self: Tensor) -> Tensor:
    """A matrix transposed and conjugated.

    Raises:
        ValueError: if the Tensor has not two axes.
    """
    if self.ndim != 2:
        raise ValueError(
            f"For tensor.H, only 2-D Tensor is supported, but got {self.ndim}-D; use mH for stacked matrices."
        )
    return _mH(self)


def _conjugate(tensor: Tensor) -> Tensor:
    return lookup("ops", "conj")(tensor) if tensor.is_complex() else tensor


for name, getter in (("T", _T), ("mT", _mT), ("mH", _mH), ("H", _H)):
    setattr(Tensor, name, property(getter))
Tensor.device = property(lambda self: "CPU" if _platform(self) == "cpu" else f"{_platform(self).upper()}:0")
Tensor.data = property(lambda self: Tensor(self), doc="A Tensor that shares the elements.")


def _platform(tensor: Tensor) -> str:
    import jax

    return jax.default_backend()


def member(function):
    """Make a function of a Tensor its method."""
    setattr(Tensor, function.__name__, function)
    return function


# -- layout ----------------------------------------------------------------------------------------------------------


@member
def dim(self) -> int:
    """The number of axes."""
    return self.ndim


@member
def numel(self) -> int:
    """The number of elements."""
    return self.size


Tensor.ndimension, Tensor.nelement = dim, numel


@member
def element_size(self) -> int:
    """The bytes of one element."""
    return self.itemsize


@member
def stride(self, dim=None):
    """How many elements lie between neighbours along an axis, or a list for all axes, in row-major order."""
    steps = [s // self.itemsize for s in self.strides]
    return steps if dim is None else steps[dim]


@member
def is_contiguous(self) -> bool:
    """True: the elements of a jax.Array lie in row-major order, also those of a transposed Tensor."""
    return True


@member
def storage_offset(self) -> int:
    """0: a jax.Array begins at its storage's beginning."""
    return 0


@member
def contiguous(self) -> Tensor:
    """A Tensor that shares the elements."""
    return Tensor(self)


# -- copies and kin --------------------------------------------------------------------------------------------------


@member
def copy(self) -> Tensor:
    """A Tensor of the same elements, not shared."""
    return wrap(raw(self))


@member
def clone(self) -> Tensor:
    """A Tensor of the same elements, not shared."""
    return wrap(raw(self))


@member
def move_to(self, to, blocking=True) -> Tensor:
    """A copy; JAX decides where it lies."""
    return wrap(raw(self))


@member
def view_as(self, other: Tensor) -> Tensor:
    """The elements in the shape of `other`, shared."""
    return lookup("ops", "reshape")(self, other.shape)


Tensor.reshape_as = view_as


@member
def itemset(self, *args) -> Tensor:
    """A copy with one element replaced: `itemset(index, value)`, or `itemset(value)` for a Tensor of one element.

    Raises:
        IndexError: if there is no index and several elements.
    """
    *index, value = args
    if not index and self.size != 1:
        raise IndexError(f"Only a tensor of one element needs no index, but the tensor shape is {self.shape}.")
    place = index[0] if index else 0
    result = wrap(raw(self))
    flat = lookup("ops", "reshape")(result, (-1,)) if not isinstance(place, tuple) else result
    flat[place] = value
    return result


# -- new Tensors of this one's dtype ---------------------------------------------------------------------------------


def _new_full(tensor: Tensor, size, value, dtype) -> Tensor:
    element_type = raw(tensor).dtype if dtype is None else mstype.element_type(dtype)
    return wrap(jnp.full(ints(size, "size"), value, element_type))


@member
def new_zeros(self, size, dtype=None, device=None) -> Tensor:
    """Zeros of the given size, in this Tensor's dtype if none is given."""
    return _new_full(self, size, 0, dtype)


@member
def new_ones(self, size, dtype=None, device=None) -> Tensor:
    """Ones of the given size, in this Tensor's dtype if none is given."""
    return _new_full(self, size, 1, dtype)


@member
def new_empty(self, size, *, dtype=None, device=None) -> Tensor:
    """Zeros: JAX has no uninitialized arrays."""
    return _new_full(self, size, 0, dtype)


@member
def new_full(self, size, fill_value, *, dtype=None) -> Tensor:
    """One value in the given size, in this Tensor's dtype if none is given."""
    return _new_full(self, size, fill_value, dtype)
