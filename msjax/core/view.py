"""Views: Tensors that share their elements with another one, as basic indexing, reshape and transpose give.

jax arrays are immutable, so sharing is kept up by two functions. A view reads its base again when the base has been
rebound since, and a write to the view writes the base too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import ref

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


class Indexed(View):
    """A view by an index: only such pass on what is set in them to where their bases were copied from."""

    __slots__ = ()


class Origin:
    """Where a Tensor was copied from, by an index with lists or Tensors in it: items set in it are set there, too.

    A write that nobody can see is none, so the `base` is kept alive only while it passes on what is written to others.
    Where Tensors are taken from one another without end, as in `x = x[order]`, only the last ones are linked.

    Args:
        base: the Tensor that was indexed.
        index: the index, as it was given.
    """

    __slots__ = ("_base", "depth", "index")

    _DEEPEST = 4

    def __init__(self, base: Tensor, index: Any):
        further = origin_of(base)
        self.depth, self.index = 1 if further is None else further.depth + 1, index
        kept = base._view is not None or further is not None
        self._base: Any = _nothing if self.depth > self._DEEPEST else partial(_itself, base) if kept else ref(base)

    def base(self) -> Tensor | None:
        """The Tensor that was indexed; None if nobody can see what is written to it."""
        return self._base()


def _itself(tensor: Tensor) -> Tensor:
    return tensor


def _nothing() -> None:
    return None


def origin_of(tensor: Tensor) -> Origin | None:
    """Where a Tensor, or what an index took it of, was copied from, if that is still there."""
    origin = indexed(tensor)._origin
    return origin if origin is not None and origin.base() is not None else None


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


def root(tensor: Tensor) -> Tensor:
    """The Tensor that has the elements, if this one is, directly or not, a view."""
    while tensor._view is not None:
        tensor = tensor._view.base
    return tensor


def indexed(tensor: Tensor) -> Tensor:
    """The Tensor of which indices, one after the other, gave this one as a view."""
    while isinstance(tensor._view, Indexed):
        tensor = tensor._view.base
    return tensor


def same(base: Any) -> Any:
    """The `read` of a handle on the very same elements."""
    return base


def replaced(base: Any, value: Any) -> Any:
    """The `write` of a view of all elements in their places."""
    return value
