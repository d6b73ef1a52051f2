"""Processes forked from one that has computed: they have its arrays, but not the threads in which JAX computes.

What asks for these would wait for ever, so it raises. Values can be read: `x.asnumpy()` of Tensors that were there.
"""

from __future__ import annotations

import os

from msjax.shims.distributed import backend_started
from msjax.shims.jax import stop_computing


def _refuse(*_, **__) -> None:
    raise RuntimeError(
        "This process was forked from one in which JAX had computed already, so it has no threads that compute. Start "
        "processes by multiprocessing.get_context('spawn'), or before the first Tensor; or use numpy in this one, "
        "where asnumpy() of Tensors that were there works."
    )


def _in_child() -> None:
    if backend_started():
        stop_computing(_refuse)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
