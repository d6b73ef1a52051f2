"""Members of Tensor that ask about a Tensor or compose other members: properties, strides, copies."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import watching
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.ops.call.promotion import cast
from msjax.ops.call.shadows import floats, with_derivative
from msjax.ops.table import lookup, member, publish
from msjax.ops.table.primitive import Primitive


@member
@property
def T(self) -> Tensor:
    """The Tensor with its axes reversed."""
    return lookup("ops", "transpose")(self, None)


@member
@property
def mT(self) -> Tensor:
    """The matrices in the last two axes transposed."""
    return lookup("ops", "swapaxes")(self, -2, -1)


@member
@property
def mH(self) -> Tensor:
    """The matrices in the last two axes transposed and conjugated."""
    return lookup("ops", "conj")(self.mT) if self.is_complex() else self.mT


@member
@property
def H(self) -> Tensor:
    """A matrix transposed and conjugated.

    Raises:
        ValueError: if the Tensor has not two axes.
    """
    if self.ndim != 2:
        raise ValueError(f"For tensor.H, only 2-D Tensor is supported, but got {self.ndim}-D; use mH instead.")
    return self.mH


@member
@property
def device(self) -> str:
    """The kind of device, such as CPU."""
    return jax.default_backend().upper()


@member
@property
def data(self) -> Tensor:
    """A Tensor that shares the elements."""
    return Tensor(self)


# -- layout ----------------------------------------------------------------------------------------------------------


@member
def dim(self) -> int:
    """The number of axes.

    Returns:
        An int.

    Example:
        >>> Tensor([[1, 2]]).dim()
        2
    """
    return self.ndim


@member
def numel(self) -> int:
    """The number of elements.

    Returns:
        An int.

    Example:
        >>> Tensor([[1, 2], [3, 4]]).numel()
        4
    """
    return self.size


member(dim, "ndimension")
member(numel, "nelement")


@member
def element_size(self) -> int:
    """The bytes of one element.

    Returns:
        An int.

    Example:
        >>> Tensor([1.0]).element_size()
        4
    """
    return self.itemsize


def _places(tensor: Tensor) -> np.ndarray:
    """Where each element lies among the elements of the Tensor that this one is, directly or not, a view of."""
    view = tensor._view
    if view is None:
        if tensor._frame is None:  # from outside of what is compiled: the next one may be a view
            watching.refuse("it asks how the elements of a Tensor lie in its storage")
        return np.arange(tensor.size).reshape(tensor.shape)
    with jax.ensure_compile_time_eval():
        return np.asarray(view.read(jnp.asarray(_places(view.base))))


@member
def stride(self, dim=None):
    """How many elements of the storage lie between neighbours along an axis, or a list for all axes.

    Args:
        dim: the axis; all of them by default.

    Returns:
        An int, or a list of ints.

    Example:
        >>> Tensor([[1, 2], [3, 4]]).stride()
        [2, 1]
    """
    places = _places(self)
    if places.size == 0 or 1 in places.shape:  # no neighbours to look at
        steps = [s // self.itemsize for s in self.strides]
    else:
        first = (0,) * places.ndim
        steps = [int(np.diff(places, axis=a)[first]) for a in range(places.ndim)]
    return steps if dim is None else steps[dim]


@member
def is_contiguous(self) -> bool:
    """Whether the elements lie one after the other in the storage, which those of a transposed view do not.

    Returns:
        A bool.

    Differs from MindSpore: only the answer does; a jax.Array is always laid out row by row.

    Example:
        >>> Tensor([[1, 2], [3, 4]]).T.is_contiguous()
        False
    """
    places = _places(self).ravel()
    return bool((np.diff(places) == 1).all())


@member
def storage_offset(self) -> int:
    """The place of the first element in the storage.

    Returns:
        An int.

    Example:
        >>> Tensor([1, 2, 3])[1:].storage_offset()
        1
    """
    places = _places(self)
    return int(places.flat[0]) if places.size else 0


@member
def contiguous(self) -> Tensor:
    """This Tensor, if its elements lie one after the other; a copy otherwise.

    Returns:
        A Tensor.
    """
    return self if is_contiguous(self) else wrap(raw(self))


# -- copies and kin --------------------------------------------------------------------------------------------------


@member
def copy(self) -> Tensor:
    """A Tensor of the same elements, not shared.

    Returns:
        A Tensor.
    """
    return with_derivative(self, floats(self)) if self._shadow is not None else wrap(raw(self))


@member
def clone(self) -> Tensor:
    """A Tensor of the same elements, not shared.

    Returns:
        A Tensor.
    """
    return self.copy()


@member
def __pos__(self) -> Tensor:
    """The Tensor itself.

    Returns:
        This Tensor.
    """
    return self


@member
def move_to(self, to, blocking=True) -> Tensor:
    """A copy; JAX decides where it lies.

    Args:
        to, blocking: accepted.

    Returns:
        A new Tensor.
    """
    return wrap(raw(self))


def copy_to(input, to="CPU", blocking=True) -> Tensor:
    """A copy; JAX decides where it lies.

    Args:
        input: a Tensor, or a list or tuple of ints.
        to, blocking: accepted.

    Returns:
        A new Tensor.

    Example:
        >>> ops.move_to(Tensor([1, 2]), "CPU").tolist()
        [1, 2]
    """
    return (input if isinstance(input, Tensor) else Tensor(input)).move_to(to, blocking)


class MoveTo(Primitive):
    """`ops.move_to` as a primitive.

    Inputs:
        input: a Tensor, or a list or tuple of ints.
        to, blocking: accepted.

    Example:
        >>> ops.MoveTo()(Tensor([1, 2]), "CPU", True).tolist()
        [1, 2]
    """

    def __call__(self, input, to="CPU", blocking=True) -> Tensor:
        return copy_to(input, to, blocking)


copy_to.__name__ = copy_to.__qualname__ = "move_to"
publish("ops", MoveTo=MoveTo, move_to=copy_to)


@member
def view_as(self, other: Tensor) -> Tensor:
    """The elements in the shape of `other`, shared.

    Args:
        other: a Tensor of as many elements.

    Returns:
        A Tensor of that shape.

    Raises:
        TypeError: if `other` is no Tensor.

    Example:
        >>> Tensor([1, 2]).view_as(Tensor([[0, 0]])).tolist()
        [[1, 2]]
    """
    if not isinstance(other, Tensor):
        raise TypeError(f"'other' must be a Tensor, whose shape is taken, but got {type(other).__name__}.")
    return lookup("ops", "reshape")(self, other.shape)


member(view_as, "reshape_as")


def viewed(input: Tensor, other: Tensor) -> Tensor:
    """The elements in the shape of `other`, shared.

    Args:
        input: a Tensor.
        other: a Tensor of as many elements.

    Returns:
        A Tensor of that shape.

    Example:
        >>> ops.view_as(Tensor([1, 2]), Tensor([[0, 0]])).tolist()
        [[1, 2]]
    """
    return input.view_as(other)


viewed.__name__ = viewed.__qualname__ = "view_as"
publish("ops", view_as=viewed)


@member
def itemset(self, *args) -> Tensor:
    """A copy with one element replaced: `itemset(index, value)`, or `itemset(value)` for a Tensor of one element.

    Args:
        args: the index, an int or a tuple of ints, and the value.

    Returns:
        A new Tensor.

    Raises:
        IndexError: if there is no index and several elements.

    Example:
        >>> Tensor([1, 2, 3]).itemset(1, 9).tolist()
        [1, 9, 3]
    """
    *index, value = args
    if not index and self.size != 1:
        raise IndexError(f"Only a tensor of one element needs no index, but the tensor shape is {self.shape}.")
    place = index[0] if index else 0
    result = wrap(raw(self))
    flat = lookup("ops", "reshape")(result, (-1,)) if not isinstance(place, tuple) else result
    flat[place] = value
    return result


@member
def fill(self, value) -> Tensor:
    """A Tensor of this shape and dtype, full of one value.

    Args:
        value: a number.

    Returns:
        A new Tensor.

    Example:
        >>> Tensor([1, 2]).fill(7).tolist()
        [7, 7]
    """
    return wrap(jnp.full(self.shape, value, raw(self).dtype))


@member
def value(self) -> Tensor:
    """The Tensor itself.

    Returns:
        This Tensor.
    """
    return self


@member
def set_dtype(self, dtype) -> Tensor:
    """Cast this Tensor in place.

    Args:
        dtype: a MindSpore dtype.

    Returns:
        This Tensor.
    """
    rebind(self, cast(raw(self), dtype))
    return self
