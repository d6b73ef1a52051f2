"""Streams and events. JAX gives each device one order of work, so every stream is that one."""

from __future__ import annotations

import time

import jax

from msjax.core import device
from msjax.core.kinds import check_is


def wait() -> None:
    """Wait until all that was asked of the devices is done."""
    jax.effects_barrier()
    jax.block_until_ready([array for array in jax.live_arrays() if not array.is_deleted()])


class Stream:
    """An order of work on the device, the only one there is.

    Args:
        priority: accepted for compatibility.
        kwargs: `stream_id`, a number to tell streams apart.

    Example:
        >>> stream = ms.runtime.Stream()
        >>> with ms.runtime.StreamCtx(stream):
        ...     y = Tensor([1.0]) + 1
        >>> stream.synchronize()
    """

    def __init__(self, priority: int = 0, **kwargs):
        self.id = self.stream_id = kwargs.get("stream_id", 0)
        self.priority = priority
        self.device_name, self.device_id = device.current_target(), device.current().id

    def record_event(self, event: Event | None = None) -> Event:
        """An event at this place in the order; a new one if none is given."""
        event = Event() if event is None else event
        event.record(self)
        return event

    def wait_event(self, event: Event) -> None:
        """Nothing: work is done in its order."""

    def wait_stream(self, stream: Stream) -> None:
        """Nothing: work is done in its order."""

    def synchronize(self) -> None:
        """Wait until the work is done."""
        wait()

    def query(self) -> bool:
        """Whether the work is done."""
        return all(array.is_ready() for array in jax.live_arrays() if not array.is_deleted())

    def __eq__(self, other):
        return isinstance(other, Stream) and self.id == other.id

    def __hash__(self):
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Stream(device_name={self.device_name}, device_id:{self.device_id}, stream id:{self.id})"


def _check_stream(who: str, name: str, value) -> None:
    check_is(who, name, value, Stream)


class Event:
    """A mark in the order of work.

    Args:
        enable_timing: whether `elapsed_time` is wanted; `record` then waits for the work before it.
        blocking: accepted for compatibility.
    """

    def __init__(self, enable_timing: bool = False, blocking: bool = False):
        self.enable_timing, self.blocking = enable_timing, blocking
        self._moment: float | None = None

    def record(self, stream: Stream | None = None) -> None:
        """Put the mark here.

        Raises:
            TypeError: if `stream` is no Stream.
        """
        if stream is not None:
            _check_stream("record", "stream", stream)
        if self.enable_timing:
            wait()
        self._moment = time.perf_counter()

    def wait(self, stream: Stream | None = None) -> None:
        """Nothing: work is done in its order."""

    def synchronize(self) -> None:
        """Wait until the work before the mark is done."""
        wait()

    def query(self) -> bool:
        """Whether the work before the mark is done."""
        return Stream().query()

    def elapsed_time(self, end_event: Event) -> float:
        """Milliseconds from this mark to another one.

        Raises:
            RuntimeError: if one was not recorded or does not take the time.
        """
        if self._moment is None or end_event._moment is None or not (self.enable_timing and end_event.enable_timing):
            raise RuntimeError("Both events must be made with enable_timing=True and recorded.")
        return (end_event._moment - self._moment) * 1e3


class StreamCtx:
    """`with StreamCtx(stream):`, the body's work goes to the stream, as all work does."""

    def __init__(self, ctx_stream: Stream | None):
        if ctx_stream is not None:
            _check_stream("StreamCtx", "ctx_stream", ctx_stream)
        self.stream = ctx_stream
        self._before: Stream | None = None

    def __enter__(self) -> StreamCtx:
        self._before = current_stream()
        if self.stream is not None:
            set_cur_stream(self.stream)
        return self

    def __exit__(self, *exception) -> None:
        if self._before is not None:
            set_cur_stream(self._before)


_current: list[Stream] = []


def default_stream() -> Stream:
    """The device's stream."""
    return Stream()


def communication_stream() -> Stream:
    """The device's stream, which communication is in too."""
    return Stream()


def current_stream() -> Stream:
    """The stream that was set last."""
    return _current[-1] if _current else default_stream()


def set_cur_stream(stream: Stream) -> None:
    """Note a stream as the current one.

    Raises:
        TypeError: if it is no Stream.
    """
    _check_stream("set_cur_stream", "stream", stream)
    _current[:] = [stream]
