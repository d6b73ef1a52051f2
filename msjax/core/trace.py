"""What happens to handles while a transform runs: frames.

A transform (`jax.vjp`, `jax.jit`, ...) calls a function with tracers. Our functions work on handles, so a `Frame`

- swaps tracers into the handles that are differentiated (its leaves) and restores them, whatever happens;
- remembers which other handles took on a tracer, so that their values can leave the transform as extra outputs
  and the handles hold plain arrays again when it is over.

Frames nest as transforms do. A handle that still holds a tracer of an outer transform belongs to the outer frame.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.core import watching
from msjax.shims.jax import Tracer, trace_state

# What a trace without values raises when a function asks for one.
NEEDS_VALUE = (
    jax.errors.ConcretizationTypeError,
    jax.errors.TracerArrayConversionError,
    jax.errors.TracerBoolConversionError,
    jax.errors.TracerIntegerConversionError,
)


_FLOAT = np.dtype(np.float32)


# The threads that use Tensors. A new one waits while a program that writes over arrays is being started; not for ever,
# since it may be one that the program itself calls.
_threads: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
registration = threading.RLock()
_WAIT = 1.0  # seconds


def threads_share() -> bool:
    """Whether other threads than this one use Tensors, and may be about to read one."""
    return len(_threads) > 1 and sum(t.is_alive() for t in tuple(_threads)) > 1


class _Stack(threading.local):
    def __init__(self):
        held = registration.acquire(timeout=_WAIT)
        _threads.add(threading.current_thread())
        if held:
            registration.release()
        self.frames: list[Frame] = []
        self.pending: Any = None  # what the last compiled program demands, see `core.demands`
        self.forbidden = 0  # how many contexts forbid gradients
        self.shadows = False  # whether integers carry derivatives
        self.saver: Callable | None = None  # how operators run while hooks see what they save for gradients


_stack = _Stack()


def stack() -> _Stack:
    """What this thread knows of running transforms."""
    return _stack


def top() -> Frame | None:
    """The innermost frame of this thread, or None outside of all transforms."""
    return _stack.frames[-1] if _stack.frames else None


def batching() -> bool:
    """Whether a running transform works on many slices at once."""
    return any(frame.batched for frame in _stack.frames)


def recording() -> bool:
    """Whether a function is being traced for compilation."""
    frames = _stack.frames
    return any(f.compiles for f in frames) and not batching()


def home() -> Frame | None:
    """The innermost frame in which no values are known: one that batches, or any when operators are recorded."""
    if staged():
        return top()
    return next((frame for frame in reversed(_stack.frames) if frame.batched), None)


def is_running(frame: Frame) -> bool:
    """Whether the transform is not over yet, or the one that it was part of."""
    while frame.inline and frame._parent is not None and frame not in _stack.frames:
        frame = frame._parent
    return frame in _stack.frames


def adopt(handle) -> None:
    """`handle` was made by JAX, which knows it as a container: in our transform, or in one of JAX's own inside of that,
    with which it ends."""
    frame = top()
    if frame is None:
        return
    if not isinstance(handle._array, jax.Array) or frame.trace_state != trace_state():
        handle._frame = frame
    elif isinstance(handle._array, Tracer):
        frame.created(handle)


def note_rule() -> None:
    """Tell the running transforms that they meet a custom rule, which forward mode can not pass."""
    for frame in _stack.frames:
        frame.ruled = True


def note_late(marker) -> None:
    """Tell the running transforms of a hook that is registered after its Tensor was used.

    Args:
        marker: a new handle on the Tensor's array, through which its gradient comes to the hook.
    """
    watching.refuse("a hook is registered after its Tensor was used")
    if staged():
        raise RuntimeError(
            "A hook can not be registered here after its Tensor was used, where operators are recorded before they "
            "run: register it as soon as the Tensor is there."
        )
    for frame in _stack.frames:
        frame.late.append(marker)


def differentiate_further(handle, wanted: bool) -> None:
    """Let the innermost transform that differentiates `handle` do so for its uses from now on, or not for any."""
    frame = next((f for f in reversed(_stack.frames) if f.is_leaf(handle)), None)
    if frame is None:
        return
    if wanted:
        handle._array = frame.held_back.pop(id(handle), handle._array)
    elif id(handle) not in frame.held_back:
        frame.held_back[id(handle)] = handle._array
        handle._array, handle._shadow = detach(handle._array), None


def note_derivative() -> None:
    """Tell the running transforms that their functions compute derivatives themselves."""
    for frame in _stack.frames:
        frame.nested = True


def staged() -> bool:
    """Whether operators are being recorded for compilation, so that no value is known."""
    return isinstance(jnp.zeros((), bool), Tracer)


def foreign() -> bool:
    """Whether, where operators are recorded, it is JAX's own `jax.jit` or its kin that records them, not ours."""
    return not any(frame.compiles for frame in _stack.frames)


def valued() -> bool:
    """Whether every running transform knows the values it works on: none compiles or batches."""
    return not batching() and not staged()


def shadow(handle, array) -> None:
    """Let `array` carry the derivative of a handle on integers, until the innermost frame ends."""
    handle._shadow = array
    _stack.shadows = True
    _stack.frames[-1].created(handle)


def forbid_gradients(forbid: bool) -> None:
    """Enter or leave a context in which no gradient may be computed."""
    _stack.forbidden += 1 if forbid else -1


def gradients_forbidden() -> bool:
    """Whether such a context is entered."""
    return _stack.forbidden > 0


# Handles are shared by all threads, so transforms that put tracers into them take turns.
lock = threading.RLock()
busy: list[int] = []  # the threads in which a transform runs


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

    Attributes:
        batched: whether the transform runs many lanes at once, so that there is no one value.
        ruled: whether the function uses a custom rule for its derivative.
        nested: whether the function computes derivatives itself.
        compiles: whether the transform is `jax.jit`.
        left: how many Tensors may still be made, one number for all transforms inside a `jax.jit`; None for any number.
        demands: of `jax.jit`, what must hold for values that are known later (see `core.demands`).
        held_back: by id, what leaves held that must not be differentiated after all.
        late: markers of hooks that are registered after their Tensors were used.
        inline: whether what its derivative computes later on belongs to the transform around it, as for `jax.vjp`.
        trace_state: which transforms run where the function does.
        abstract: whether values are unknown inside for that or an outer `jax.jit`; found out when the frame runs.
    """

    batched = False
    ruled = False
    nested = False
    compiles = False
    inline = False
    abstract = False
    left: list[int] | None = None

    def __init__(self, leaves=(), records: bool = False):
        self.leaves = list(leaves)
        self._leaf_ids = {id(leaf) for leaf in self.leaves}
        self.reads: dict[int, Any] = {}
        self._records = records
        self.demands: list[tuple[Any, Exception]] = []
        self.late: list = []
        self.held_back: dict[int, Any] = {}
        self.depth, self.recorder, self._outer, self._parent = 0, None, None, None
        self._held: list[weakref.ref] = []
        self._before: dict[int, tuple] = {}
        self._rewritten: dict[int, Any] = {}

    @contextmanager
    def running(self, tracers):
        """Run the body with `tracers` in the leaves; afterwards the leaves hold their own arrays again."""
        outer = top()
        if outer is None:
            lock.acquire()
            busy.append(threading.get_ident())
        self.depth = outer.depth + 1 if outer else 1
        self._parent, self._outer = outer, outer.recorder if outer else None
        if outer is not None and self.left is None:
            self.left = outer.left
        self.recorder = self if self._records else self._outer
        originals = [(leaf._array, leaf._shadow, leaf._stored) for leaf in self.leaves]
        _stack.frames.append(self)
        self.trace_state = trace_state()
        try:
            self.abstract = self.compiles or bool(outer and outer.abstract) or any(_unknown(a) for a, *_ in originals)
            for leaf, tracer in zip(self.leaves, tracers, strict=True):
                leaf._stored = Stored(leaf)
                if getattr(leaf._array, "dtype", _FLOAT).kind in "biu" and tracer.dtype.kind not in "biu":
                    leaf._shadow, _stack.shadows = tracer, True
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
            _stack.frames.remove(self)
            self.held_back = dict.fromkeys(self.held_back)  # tracers are not to be kept
            if outer is None:
                busy.remove(threading.get_ident())
                lock.release()
            if _stack.shadows:
                self._end_shadows()

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
        _stack.shadows = bool(_stack.frames)

    def is_leaf(self, handle) -> bool:
        """Whether `handle` is being differentiated and must not be written."""
        return id(handle) in self._leaf_ids

    def read(self, handle) -> None:
        """`handle` is read; to be called on the innermost frame's recorder."""
        handle._used = True
        born = handle._frame
        if born is None or born.depth < self.depth or born not in _stack.frames:
            self.reads[id(handle)] = handle
            if self._outer is not None:
                self._outer.read(handle)

    def created(self, handle) -> None:
        """`handle` was made during the transform and holds a tracer."""
        handle._frame = self
        self._held.append(weakref.ref(handle))
        if self.left is not None:
            self.left[0] -= 1
            if self.left[0] < 0:
                raise TooLarge

    def writes(self, handle) -> None:
        """`handle` is about to be rebound during the transform. A leaf takes on its new value, detached, at the end."""
        if self.is_leaf(handle):
            self._rewritten[id(handle)] = handle
        elif handle._frame is not self and id(handle) not in self._before:
            self._before[id(handle)] = (handle, handle._array, handle._view and handle._view.seen)
            self._held.append(weakref.ref(handle))
            if self._parent is not None:
                self._parent.writes(handle)

    def is_new(self, handle) -> bool:
        """Whether this frame knows already that it must put `handle` right."""
        return handle._frame is self or id(handle) in self._before

    def is_outer(self, handle) -> bool:
        """Whether `handle` is from outside and was written."""
        return id(handle) in self._before

    def escaping(self) -> list:
        """Handles that outlive the traced function and hold tracers; to be called at its end, inside the trace."""
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

    def settle(self, handles, arrays) -> None:
        """Give `handles` and the leaves that were written their values after the transform; what an outer frame traces
        becomes its business."""
        outer, arrays = top(), iter(arrays)
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


class OpenFrame(Frame):
    """A frame whose leaves may be written: whoever runs it takes what they hold at the end, and it restores them."""

    def is_leaf(self, handle) -> bool:
        return False

    def writes(self, handle) -> None:
        if id(handle) not in self._leaf_ids:
            super().writes(handle)

    def is_new(self, handle) -> bool:
        return id(handle) in self._leaf_ids or super().is_new(handle)


def _unknown(array) -> bool:
    return isinstance(array, Tracer) and isinstance(detach(array), Tracer)


def settle() -> None:
    """Raise what the last compiled program of this thread has to raise, if that is not done yet."""
    pending, _stack.pending = _stack.pending, None
    if pending is not None:
        pending.raised()


def detach(array):
    """`array` without its gradient: the plain value inside an eager transform, still a tracer under `jax.jit`."""
    if isinstance(array, Tracer):
        return lax.stop_gradient(array)
    return array


def concrete(array) -> np.ndarray:
    """The value of `array` as numpy.

    Raises:
        jax.errors.ConcretizationTypeError: under `jax.jit` and its kin, where there is no value yet.
    """
    settle()
    value = detach(array)
    if isinstance(value, Tracer):
        watching.refuse("it needs the value of a Tensor")
    return np.asarray(value)
