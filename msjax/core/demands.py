"""Demands: conditions on values that are not known while a function is compiled, such as that an index is in range.

Eagerly, what does not hold raises at once. A compiled program can not raise; so whether its demands held leaves it as
one more output, what it writes is only written if they did, and the error is raised when a result is read or the next
program runs.
"""

from __future__ import annotations

import jax.numpy as jnp

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
