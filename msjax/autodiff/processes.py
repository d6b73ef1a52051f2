"""Gradients of several processes in the modes "semi_auto_parallel" and "auto_parallel".

There MindSpore's programs are about the whole batch, of which each process brings its rows: losses and gradients by
weights are those of the whole. Here each process computes with its own rows and all Parameters, and these are averaged.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from msjax.core import context, trace
from msjax.core.tensor import Tensor, raw
from msjax.core.trace import Kind
from msjax.device.communication import get_group_size
from msjax.ops.call.operator import Operator
from msjax.ops.collective.sums import WORLD, sums_over

_MODES = (context.ParallelMode.SEMI_AUTO_PARALLEL, context.ParallelMode.AUTO_PARALLEL)
_SUMS = Operator(sums_over, jit=False)


def divide_batches() -> bool:
    """Whether processes bring rows of one batch, in a mode that is about the whole, outside of other derivatives."""
    options = context._parallel
    if options["parallel_mode"] not in _MODES or get_group_size() == 1:
        return False
    whole = options["full_batch"] or options["dataset_strategy"] == "full_batch"
    return not whole and not any(f.kind in (Kind.FORWARD, Kind.REVERSE) for f in trace.stack().frames)


def averaged(value: Any, gradients: list[Tensor]) -> tuple[Any, list[Tensor]]:
    """The mean over processes of gradients, and of a value if it, or the first of several, is a loss: one number."""
    first = value[0] if isinstance(value, tuple) and value else value
    is_loss = isinstance(first, Tensor) and not first.ndim and jnp.issubdtype(raw(first).dtype, jnp.floating)
    size = get_group_size()
    sums = _SUMS.call((*gradients, *([first] if is_loss else [])), (WORLD,))
    means = [total / size for total in sums]
    if is_loss:
        loss = means.pop()
        value = (loss, *value[1:]) if isinstance(value, tuple) else loss
    return value, means
