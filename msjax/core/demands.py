"""Demands: conditions on values that are not known while a function is compiled, such as that an index is in range.

Eagerly, what does not hold raises at once. A compiled program can not raise; so whether its demands held leaves it as
one more output, what it writes is only written if they did, and if not, the call is run again eagerly, which raises. On
a CPU that is waited for; elsewhere the error is raised when a value is read or the next program starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.core import trace, watching
from msjax.core.frames import Frame, LostValue
from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.trace import Kind
from msjax.shims.jax import lanes, trace_state

_TAKES = (Kind.COMPILE, Kind.AGAIN)  # of these, values are known when they are over


class Placed(Frame):
    """A frame that brings out what is made where its transform runs the function."""


def known(array: Any) -> Any:
    """The values of `array`, under `vmap` those of all lanes, if they are known now; else None."""
    array = lanes(trace.detach(array))
    return None if isinstance(array, trace.Tracer) else array


def taker() -> Frame | None:
    """The frame that takes what is demanded here; None if a flag that is made here would not get to it."""
    top = trace.top()
    if top is None or not _brings_out(top):
        return None
    return next((f for f in trace.stack().frames if f.kind in _TAKES), None)


def _brings_out(frame) -> bool:
    """Whether what is made here comes out with `frame`, the innermost: not from a `jax.jit` or `scan` within it."""
    return isinstance(frame, Placed) and frame.trace_state == trace_state()


def demand(ok: Any, error: Exception) -> None:
    """In a function that is being compiled: `error` is to be raised, once values are known, unless all of `ok` is true.

    Where nothing is compiled (in JAX's own `jax.jit`) nothing happens: values are not known there.

    Args:
        ok: bool array, which may be a tracer of any of the running transforms.
        error: what the eager operator would raise; its text names the operator and what would be right.
    """
    frame = taker()
    if frame is not None:
        frame.demands.append((wrap(jnp.all(ok)), error))


def enforce(frame: Frame) -> None:
    """Raise the error of the first demand on an eager transform that is over, and did not know values, if not met."""
    for flag, error in frame.demands:
        values = known(flag._array)
        if values is not None and not _lost(values) and not values.all():
            raise error


def met(demands: list[tuple[Tensor, Exception]]) -> list:
    """Whether the demands of a trace hold; to be called at its end, inside."""
    if any(_lost(flag._array) for flag, _ in demands):
        watching.refuse("a transform in it fails, and may only do so by values")
    return [jnp.asarray(True) if _lost(flag._array) else jnp.all(raw(flag)) for flag, _ in demands]


def _lost(array) -> bool:
    """Whether a flag did not get out of a transform, which leaves no values behind."""
    return isinstance(array, LostValue)


class Pending:
    """What a program that runs demands.

    Args:
        held: a bool for each demand; it has no value yet.
        errors: what to raise for each.
        again: runs the call eagerly, so that the operator itself says what was wrong.
    """

    def __init__(self, held, errors: list[Exception], again: Callable):
        self._held, self._errors, self._again = held, errors, again

    def unmet(self) -> Exception | None:
        """Wait for the program; gives the error of the first demand that was not met."""
        held = np.asarray(self._held)
        return None if held.all() else self._errors[int(held.argmin())]

    def raised(self) -> None:
        """Wait for the program; raises if a demand was not met."""
        error = self.unmet()
        if error is not None:
            self._again()
            raise error
