"""Frames: what one running transform has to put right in the handles that it meets.

A transform (`jax.vjp`, `jax.jit`, ...) calls a function with tracers. Our functions work on handles, so a `Frame`

- swaps tracers into the handles that are differentiated (its leaves) and restores them, whatever happens;
- remembers which other handles took on a tracer, so that their values can leave the transform as extra outputs
  and the handles hold plain arrays again when it is over.

Frames nest as transforms do. A handle that still holds a tracer of an outer transform belongs to the outer frame. What
becomes of a frame, and what a handle can be to it, is drawn in docs/architecture.md.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.trace import Kind, detach
from msjax.shims.jax import Tracer, trace_state

if TYPE_CHECKING:
    from msjax.core.tensor import Tensor

_FLOAT = np.dtype(np.float32)


class TooLarge(BaseException):
    """A function that is being compiled runs more operators than compilation is worth."""


class LostValue:
    """Stands in a handle for a value that existed only inside a trace that was interrupted."""

    shape, dtype = (), np.dtype("float32")

    def __repr__(self):
        return "<value of an interrupted trace>"

    def __array__(self, *args, **kwargs):
        raise RuntimeError("This Tensor was made while a function was being compiled, and its value did not get out.")

    __jax_array__ = __array__


class Stored:
    """What a handle holds when a transform begins that puts a tracer into it. Tensors that were made of it before, and
    look at its elements, go on to see this, so that no derivative reaches them.

    Attributes:
        array, version: of the handle.
        outer: the same for the transform around this one, if it differentiates the handle too.
    """

    __slots__ = ("array", "outer", "version")

    def __init__(self, handle):
        self.array, self.version, self.outer = handle._array, handle._version, handle._stored

    def oldest(self) -> Stored:
        """That of the outermost transform since whose beginning the handle has not been written."""
        stored = self
        while stored.outer is not None and stored.outer.version == self.version:
            stored = stored.outer
        return stored


class Frame:
    """The handles that one running transform must put right.

    Args:
        leaves: distinct handles whose arrays the transform replaces by tracers.
        records: whether to collect in `reads`, by id, the handles from outside that are read.
        kind: what the transform does with values.

    Attributes:
        ruled: whether the function was seen to use a custom rule for its derivative.
        nested: whether it was seen to compute derivatives itself.
        budget: how many Tensors may still be made, one number for all transforms inside a compilation; None for any.
        demands: what must hold for values that are known later (see `core.demands`).
        held_back: by id, what leaves held that must not be differentiated after all.
        late: markers of hooks that are registered after their Tensors were used.
        calls: calls of Cells whose gradients may follow (see `autodiff.after_call`).
        trace_state: which transforms run where the function does.
        abstract: whether values are unknown inside, for this or a compilation around it; found out when it runs.
        batched: whether a `vmap` is around its function. There a Tensor that holds no tracer, since it depends on no
            slice, may be written with what does; so all that are made are known.
    """

    ruled = False
    nested = False
    abstract = False
    batched = False
    budget: list[int] | None = None

    def __init__(self, leaves=(), records: bool = False, kind: Kind = Kind.FORWARD):
        self.leaves, self.kind = list(leaves), kind
        self._leaf_ids = {id(leaf) for leaf in self.leaves}
        self.reads: dict[int, Any] = {}
        self._records = records
        self.demands: list[tuple[Any, Exception]] = []
        self.late: list = []
        self.calls: dict = {}
        self.held_back: dict[int, Any] = {}
        self.depth, self.recorder, self._outer, self._parent = 0, None, None, None
        self._held: list[weakref.ref] = []
        self._before: dict[int, tuple] = {}
        self._rewritten: dict[int, Any] = {}

    @contextmanager
    def running(self, tracers: Iterable) -> Iterator[None]:
        """Run the body with `tracers` in the leaves; afterwards the leaves hold their own arrays again."""
        stack, outer = trace.stack(), trace.top()
        if outer is None:
            # Handles are shared by all threads: only one of them has a transform that puts tracers into them.
            trace.lock.acquire()
            trace.busy.append(threading.get_ident())
        self.depth = outer.depth + 1 if outer else 1
        self._parent, self._outer = outer, outer.recorder if outer else None
        # What nested transforms make counts for the compilation around them.
        if outer is not None and self.budget is None:
            self.budget = outer.budget
        self.recorder = self if self._records else self._outer
        self.batched = self.kind is Kind.BATCH or (outer is not None and outer.batched)
        # The leaves may be leaves of transforms around this one, and hold their tracers.
        originals = [(leaf._array, leaf._shadow, leaf._stored) for leaf in self.leaves]
        stack.frames.append(self)
        self.trace_state = trace_state()
        try:
            self.abstract = (
                self.kind is Kind.COMPILE
                or (outer is not None and outer.abstract)
                or any(_unknown(array) for array, *_ in originals)
            )
            for leaf, tracer in zip(self.leaves, tracers, strict=True):
                # Views that were stored before see this from now on, not the tracer.
                leaf._stored = Stored(leaf)
                if getattr(leaf._array, "dtype", _FLOAT).kind in "biu" and tracer.dtype.kind not in "biu":
                    # Integers keep their values, by which programs index; floats beside them carry the derivative.
                    leaf._shadow, stack.shadows = tracer, True
                else:
                    leaf._array = tracer
            yield
        except BaseException:
            self._restore(originals)
            self.abandon()
            raise
        else:
            self._restore(originals)
        finally:
            stack.frames.remove(self)
            self.held_back = dict.fromkeys(self.held_back)  # tracers are not to be kept
            self.calls.clear()
            if outer is None:
                trace.busy.remove(threading.get_ident())
                trace.lock.release()
            if stack.shadows:
                self._end_shadows()
            if self.batched:
                self._release_constants()

    def _restore(self, originals):
        for leaf, (array, shadowing, stored) in zip(self.leaves, originals, strict=True):
            leaf._array = array
            leaf._stored = stored
            if stored is None:
                leaf.__dict__.pop("_stored", None)
            if leaf._shadow is not shadowing:
                leaf._shadow = shadowing

    def _end_shadows(self) -> None:
        for ref in self._held:
            handle = ref()
            if handle is not None and not self.is_leaf(handle):
                handle._shadow = None
        trace.stack().shadows = bool(trace.stack().frames)

    def is_running(self) -> bool:
        """Whether the transform is not over yet, or the one that its way back is a part of."""
        frame = self
        while frame.kind is Kind.REVERSE and frame._parent is not None and frame not in trace.stack().frames:
            frame = frame._parent
        return frame in trace.stack().frames

    def is_leaf(self, handle: Tensor) -> bool:
        """Whether `handle` is being differentiated and must not be written."""
        return id(handle) in self._leaf_ids

    def read(self, handle: Tensor) -> None:
        """`handle` is read; to be called on the innermost frame's recorder."""
        handle._used = True
        born = handle._frame
        # What was made inside of this transform is no input of it.
        if born is None or born.depth < self.depth or born not in trace.stack().frames:
            self.reads[id(handle)] = handle
            if self._outer is not None:
                self._outer.read(handle)

    def created(self, handle: Tensor) -> None:
        """`handle` was made during the transform, and holds a tracer or may come to."""
        handle._frame = self
        self._held.append(weakref.ref(handle))
        if self.budget is not None:
            self.budget[0] -= 1
            if self.budget[0] < 0:
                raise TooLarge

    def writes(self, handle: Tensor) -> None:
        """`handle` is about to be rebound during the transform. A leaf takes on its new value, detached, at the end."""
        if self.is_leaf(handle):
            self._rewritten[id(handle)] = handle
        elif handle._frame is not self and id(handle) not in self._before:
            self._before[id(handle)] = (handle, handle._array, handle._view and handle._view.seen)
            self._held.append(weakref.ref(handle))
            if self._parent is not None:
                self._parent.writes(handle)

    def is_new(self, handle: Tensor) -> bool:
        """Whether this frame knows already that it must put `handle` right."""
        return handle._frame is self or id(handle) in self._before

    def is_outer(self, handle: Tensor) -> bool:
        """Whether `handle` is from outside and was written."""
        return id(handle) in self._before

    def escaping(self) -> list:
        """Handles that outlive the traced function and hold tracers; to be called at its end, inside the trace."""
        # What the function has let go of needs no value.
        alive = {id(h): h for ref in self._held if (h := ref()) is not None}
        return [h for h in alive.values() if isinstance(h._array, Tracer) and not self.is_leaf(h)]

    def rewritten(self) -> list:
        """Leaves that were written; `settle` takes their values after those of other handles."""
        return list(self._rewritten.values())

    def mark(self) -> int:
        """This moment, for `detach_since`."""
        return len(self._held)

    def detach_since(self, mark: int) -> None:
        """Make constant what was made or first written since a moment."""
        for ref in self._held[mark:]:
            handle = ref()
            if handle is not None:
                handle._array = detach(handle._array)
                if handle._shadow is not None:
                    handle._shadow = None

    def undo(self) -> list:
        """Give handles from outside that were written the arrays they had before; gives those handles."""
        for handle, array, seen in self._before.values():
            handle._array = array
            if seen is not None:
                handle._view.seen = seen
        return [handle for handle, *_ in self._before.values()]

    def settle(self, handles: Iterable[Tensor], arrays: Iterable) -> None:
        """Give `handles` and the leaves that were written their values after the transform; what an outer frame traces
        becomes its business."""
        outer, arrays = trace.top(), iter(arrays)
        for handle, array in zip(handles, arrays):  # noqa: B905 (those of leaves follow)
            if outer is not None and outer.abstract and not isinstance(array, Tracer) and handle._frame is self:
                array = jnp.array(array)  # a constant of the program that is being traced, made in it
            handle._array = array
            if handle._frame is self:
                handle._frame = None
            if outer is not None and isinstance(array, Tracer) and not outer.is_new(handle):
                outer.created(handle)
        for handle, array in zip(self._rewritten.values(), arrays, strict=True):
            if outer is not None:
                outer.writes(handle)
            handle._array = array
            handle._version += 1

    def abandon(self) -> None:
        """After an exception: eager values stay, as a constant; what has no value goes back to what it was."""
        for ref in self._held:
            handle = ref()
            if handle is None or not isinstance(handle._array, Tracer):
                continue
            self._release(handle)
            array = detach(handle._array)
            if isinstance(array, Tracer):
                array = self._before.get(id(handle), (handle, LostValue()))[1]
            handle._array = array

    def lose(self) -> None:
        """When the transform fails after the function has returned: its tracers are dead."""
        for ref in self._held:
            handle = ref()
            if handle is not None and isinstance(handle._array, Tracer):
                self._release(handle)
                handle._array = self._before.get(id(handle), (handle, LostValue()))[1]

    def _release(self, handle) -> None:
        """A handle that was made here belongs to the frame around this one."""
        if handle._frame is self:
            handle._frame = None
            if self._parent is not None:
                self._parent.created(handle)

    def _release_constants(self) -> None:
        """What was made here and holds no tracer is made in the frame around this one, if that must know."""
        around = self._parent if self._parent is not None and self._parent.batched else None
        for ref in self._held:
            handle = ref()
            if handle is not None and handle._frame is self and not isinstance(handle._array, Tracer):
                handle._frame = None
                if around is not None:
                    around.created(handle)


class OpenFrame(Frame):
    """A frame whose leaves may be written: whoever runs it takes what they hold at the end, and it restores them."""

    def is_leaf(self, handle: Tensor) -> bool:
        return False

    def writes(self, handle: Tensor) -> None:
        if id(handle) not in self._leaf_ids:
            super().writes(handle)

    def is_new(self, handle: Tensor) -> bool:
        return id(handle) in self._leaf_ids or super().is_new(handle)


def _unknown(array) -> bool:
    return isinstance(array, Tracer) and isinstance(detach(array), Tracer)
