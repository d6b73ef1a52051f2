"""Views: Tensors that share their elements with another one, as basic indexing, reshape and transpose give.

jax arrays are immutable, so sharing is kept up by two functions. A view reads its base again when the base has been
rebound since, and a write to the view writes the base too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msjax.core import trace

if TYPE_CHECKING:
    from msjax.core.tensor import Tensor


class View:
    """How a Tensor derives from its `base`.

    Args:
        base: the Tensor that is looked at.
        read: base array -> this Tensor's array.
        write: (base array, this Tensor's new array) -> new base array.
    """

    __slots__ = ("base", "read", "seen", "write")

    def __init__(self, base, read: Callable, write: Callable):
        self.base, self.read, self.write = base, read, write
        self.seen = base._version


def current(tensor: Tensor) -> Any:
    """The array of a view as it is now."""
    view: Any = tensor._view
    base = view.base
    array = base._array if base._view is None else current(base)
    # Nothing to compute: the array is the base's own, at any time.
    if view.read is same:
        return array
    if base._version == view.seen and array is base._array:
        return tensor._array
    stored = base._stored
    # A transform differentiates the base: this view was made before, and no gradient may reach it.
    if stored is not None and stored.version == base._version:
        return view.read(stored.oldest().array)
    if array is not base._array:  # the base, a view too, sees what is not to be kept
        return view.read(array)
    if (frame := trace.top()) is not None:
        frame.writes(tensor)
    tensor._array = view.read(array)
    if base._shadow is not None or tensor._shadow is not None:
        tensor._shadow = None if base._shadow is None else view.read(base._shadow)
    tensor._version += 1
    view.seen = base._version
    return tensor._array


def array_of(tensor: Tensor) -> Any:
    """The array of any Tensor as it is now."""
    return tensor._array if tensor._view is None else current(tensor)


def undisturbed(handle: Tensor) -> Any:
    """The array of a handle outside of all transforms of this thread, while another thread runs one.

    If that has put a tracer into the handle, this waits until it is over.
    """
    array = array_of(handle)
    if not isinstance(array, trace.Tracer):
        return array
    with trace.lock:
        return array_of(handle)


def owner(tensor: Tensor) -> Tensor:
    """The handle that stands for `tensor` in differentiation: `Tensor(t)` is the same leaf as `t`."""
    while tensor._view is not None and tensor._view.read is same:
        tensor = tensor._view.base
    return tensor


def same(base: Any) -> Any:
    """The `read` of a handle on the very same elements."""
    return base


def replaced(base: Any, value: Any) -> Any:
    """The `write` of a view of all elements in their places."""
    return value
