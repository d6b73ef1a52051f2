"""Demands: conditions on values that are not known while a function is compiled, such as that an index is in range.

Eagerly, what does not hold raises at once. A compiled program can not raise; so whether its demands held leaves it as
one more output, what it writes is only written if they did, and the error is raised when a value is read or the next
program starts.
"""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.tensor import Tensor, raw, wrap


def demand(ok, error: Exception) -> None:
    """In a function that is being compiled: `error` is to be raised, once values are known, unless all of `ok` is true.

    Where nothing is compiled (JAX's own `jax.jit`, or `vmap` by itself) nothing happens: values are not known there.

    Args:
        ok: bool array, which may be a tracer of any of the running transforms.
        error: what the eager operator would raise; its text names the operator and what would be right.
    """
    frame = next((f for f in trace.stack().frames if f.compiles), None)
    if frame is not None:
        frame.demands.append((wrap(jnp.all(ok)), error))


def met(demands: list[tuple[Tensor, Exception]]):
    """Whether the demands of a trace hold, as one bool vector; to be called at its end, inside."""
    return jnp.stack([jnp.all(raw(flag)) for flag, _ in demands])


class Pending:
    """What a program that runs demands.

    Args:
        held: a bool for each demand; it has no value yet.
        errors: what to raise for each.
        again: runs the call eagerly, so that the operator itself says what was wrong.
    """

    def __init__(self, held, errors: list[Exception], again: Callable):
        self._held, self._errors, self._again = held, errors, again

    def raised(self) -> None:
        """Wait for the program; raises if a demand was not met."""
        held = np.asarray(self._held)
        if not held.all():
            self._again()
            raise self._errors[int(held.argmin())]


def wait() -> None:
    """Raise what the last program of this thread has to raise, if that is not done yet."""
    stack = trace.stack()
    pending, stack.pending = stack.pending, None
    if pending is not None:
        pending.raised()
