"""The transforms that run in this thread: what they do with values, what they are told, what is known of an array.

Each has a `Frame` (`core/frames.py`) on this thread's stack. Three questions tell where a function runs:

    staged()      no value is known, since operators are recorded: by a compilation of ours, or by JAX's own `jax.jit`
    compiling()   a compilation of ours is among the transforms that run
    batching()    one that works on many slices at once is
"""

from __future__ import annotations

import enum
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.core import watching
from msjax.shims.jax import Tracer, trace_state

if TYPE_CHECKING:
    from msjax.core.frames import Frame
    from msjax.core.tensor import Tensor

# What a trace without values raises when a function asks for one.
NEEDS_VALUE = (
    jax.errors.ConcretizationTypeError,
    jax.errors.TracerArrayConversionError,
    jax.errors.TracerBoolConversionError,
    jax.errors.TracerIntegerConversionError,
)


class Kind(enum.Enum):
    """What a transform does with the values of the arrays inside of it."""

    FORWARD = "knows them, and is over when the function is: jax.jvp, or a part of another transform by itself"
    REVERSE = "knows them, and its way back, which runs later, belongs to the transform around it: jax.vjp"
    AGAIN = "gives them out when it is over, computed once more for the way back: jax.checkpoint"
    BATCH = "has many in each, one for each slice: jax.vmap"
    COMPILE = "has none: jax.jit, jax.make_jaxpr"


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
        self.answers: Any = None  # by what numbers are given that a function asks Tensors for, see `compile.answers`


_stack = _Stack()


def stack() -> _Stack:
    """What this thread knows of running transforms."""
    return _stack


def top() -> Frame | None:
    """The innermost frame of this thread, or None outside of all transforms."""
    return _stack.frames[-1] if _stack.frames else None


def batching() -> bool:
    """Whether a running transform works on many slices at once."""
    return any(frame.kind is Kind.BATCH for frame in _stack.frames)


def compiling() -> bool:
    """Whether a running transform is a compilation of ours."""
    return any(frame.kind is Kind.COMPILE for frame in _stack.frames)


def staged() -> bool:
    """Whether operators are being recorded, so that no value is known: then JAX makes tracers even of constants."""
    return isinstance(jnp.zeros((), bool), Tracer)


def adopt(handle: Tensor) -> None:
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


def note_late(marker: Tensor) -> None:
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


def differentiate_further(handle: Tensor, wanted: bool) -> None:
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


def shadow(handle: Tensor, array: Any) -> None:
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


def settle() -> None:
    """Raise what the last compiled program of this thread has to raise, if that is not done yet."""
    pending, _stack.pending = _stack.pending, None
    if pending is not None:
        pending.raised()


def detach(array: Any) -> Any:
    """`array` without its gradient: the plain value inside an eager transform, still a tracer under `jax.jit`."""
    if isinstance(array, Tracer):
        return lax.stop_gradient(array)
    return array


def written_into(parameter: Tensor, value: Any) -> Any:
    """What a Parameter holds that `value` is written into: no derivative comes through that.

    Where it is being differentiated it goes on to be the variable: its uses afterwards count as those before.
    """
    value, former = detach(value), parameter._array
    varies = any(f.kind in (Kind.FORWARD, Kind.REVERSE) and f.is_leaf(parameter) for f in stack().frames)
    if not varies or (value.shape, value.dtype) != (former.shape, former.dtype):
        return value
    return _in_place_of(value, former)


@jax.custom_jvp
def _in_place_of(value, former):
    return value


@_in_place_of.defjvp
def _(primals, tangents):
    return primals[0], tangents[1]


def concrete(array: Any) -> np.ndarray:
    """The value of `array` as numpy.

    Raises:
        jax.errors.ConcretizationTypeError: under `jax.jit` and its kin, where there is no value yet.
        ValueError: if it is a description, with axes of any length.
    """
    settle()
    value = detach(array)
    if isinstance(value, Tracer):
        watching.refuse("it needs the value of a Tensor")
    if isinstance(value, jax.ShapeDtypeStruct):
        raise ValueError(f"A Tensor of shape {value.shape} has no elements: it only describes what others look like.")
    return np.asarray(value)
