"""Ranges: numbers in steps, evenly spaced, in geometric progression."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.trace import concrete
from msjax.ops.call.arguments import dtype_of, hashable
from msjax.ops.call.promotion import inexact
from msjax.ops.table import op
from msjax.shims.lengths import has_lengths, is_length


def _range(start, end, step, dtype, integer):
    """Numbers from `start` up to `end`: of dtype `integer` if all are ints, else float32."""
    start, end, step = map(hashable, (start, end, step))
    if end is None:
        start, end = 0, start
    for value in (start, end, step):
        if not isinstance(value, (int, float)) and not is_length(value):
            raise TypeError(f"The bounds and step of a range must be numbers, but got {value!r}.")
    if step == 0 or (end - start) * step < 0:
        raise ValueError(f"A range from {start} to {end} can not go in steps of {step}.")
    if has_lengths((start, end)) and type(step) is int and abs(step) == 1:
        return start + step * jnp.arange((end - start) * step, dtype=dtype_of(dtype) or integer)
    floating = any(isinstance(v, float) for v in (start, end, step))
    return jnp.asarray(np.arange(start, end, step), dtype_of(dtype) or (np.float32 if floating else integer))


@op(
    "ops.arange(start=0, end=None, step=1, *, dtype=None)",
    "mint.arange(start=0, end=None, step=1, *, dtype=None)",
    "ops.range(start, end, step, maxlen: _=1000000)",
    "ops.Range(maxlen: _=1000000)(start, end, step)",
    "ops.tensor_range(start, end, step)",
)
def arange(*, start=0, end=None, step=1, dtype=None):
    """Numbers from `start` (0 if `end` is not given) up to `end`, exclusive, in steps of `step`.

    Raises:
        ValueError: if the step is 0 or leads away from `end`.
    """
    return _range(start, end, step, dtype, np.int64)


@op("numpy.arange(start, stop: end=None, step=None, dtype=None)")
def arange_short(*, start=0, end=None, step=None, dtype=None):
    """Numbers from `start` (0 if `stop` is not given) up to `stop`, exclusive; int32 or float32."""
    return _range(start, end, 1 if step is None else step, dtype, np.int32)


def _ends(start, end, dtype):
    start, end = inexact(start), inexact(end)
    dtype = dtype_of(dtype) or jnp.result_type(start, end)
    exact = jnp.promote_types(dtype, np.float32)
    return start.astype(exact), end.astype(exact), dtype


@op(
    "ops.linspace(start, end, steps)",
    "ops.LinSpace()(start, stop, num: steps)",
    "mint.linspace(start, end, steps, *, dtype=None)",
)
def linspace(start, end, *, steps, dtype=None):
    """`steps` numbers from `start` to `end`, evenly spaced, both included.

    Raises:
        ValueError: if an end is not a number, or `steps` is not positive.
    """
    start, end, dtype = _ends(start, end, dtype)
    steps = hashable(steps)
    if start.ndim or end.ndim:
        raise ValueError(f"For 'linspace', both ends must be numbers, but got shapes {start.shape} and {end.shape}.")
    if steps <= 0:
        raise ValueError(f"For 'linspace', 'steps' must be positive, but got {steps}.")
    return jnp.linspace(start, end, steps, dtype=dtype)


@op("numpy.linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0)")
def linspace_along(
    start, stop, *, num=50, endpoint=True, retstep=False, dtype=None, axis=0
) -> jax.Array | tuple[jax.Array, ...]:
    """`num` numbers from `start` to `stop`, evenly spaced, along a new axis; with `retstep` also the spacing."""
    start, stop, dtype = _ends(start, stop, dtype)
    numbers = jnp.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis)
    return (numbers, (stop - start) / max(num - bool(endpoint), 1)) if retstep else numbers


@op(
    "ops.logspace(start, end, steps, base=10, *, dtype=mstype.float32)",
    "ops.LogSpace(steps=10, base=10, dtype=mstype.float32)(start, end)",
    numbers="base",
)
def logspace(start, end, *, steps, base=10, dtype=None):
    """base ** x for `steps` evenly spaced x from `start` to `end`."""
    start, end, dtype = _ends(start, end, dtype)
    return jnp.logspace(start, end, steps, base=base, dtype=dtype)


@op("numpy.logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0)")
def logspace_along(start, stop, *, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """base ** x for `num` evenly spaced x from `start` to `stop`, along a new axis."""
    start, stop, dtype = _ends(start, stop, dtype)
    return jnp.logspace(start, stop, num, endpoint, base, dtype, axis)


@op("numpy.geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0)")
def geomspace(start, stop, *, num=50, endpoint=True, dtype=None, axis=0):
    """`num` numbers from `start` to `stop` in geometric progression, along a new axis."""
    start, stop, dtype = _ends(start, stop, dtype)
    points = jnp.moveaxis(jnp.geomspace(start, stop, num, endpoint, dtype, axis), axis, 0)
    if num:  # the ends are exactly what they shall be
        points = points.at[0].set(start.astype(dtype))
        points = points.at[-1].set(stop.astype(dtype)) if endpoint and num > 1 else points
    return jnp.moveaxis(points, 0, axis)


@op("ops.RaggedRange(Tsplits)(starts, limits, deltas)", jit=False)
def ragged_range(starts, limits, deltas, *, Tsplits) -> tuple[jax.Array, jax.Array]:
    """Several ranges, from `starts` up to `limits` in steps of `deltas`, one behind the other.

    Args:
        starts, limits, deltas: numbers, or vectors of as many as there are ranges.
        Tsplits: the dtype of the first result, int32 or int64.

    Returns:
        A tuple of two Tensors: where each range begins in the second, and where the last one ends; the numbers.

    Raises:
        ValueError: if the shapes differ, or a step is 0.
    """
    given = [np.atleast_1d(np.asarray(concrete(a))) for a in (starts, limits, deltas)]
    if len({a.shape for a in given}) > 1:
        raise ValueError(f"For 'RaggedRange', the inputs must be of one shape, but got {[a.shape for a in given]}.")
    if not given[2].all():
        raise ValueError("For 'RaggedRange', no step may be 0.")
    rows = [np.arange(*row).astype(starts.dtype) for row in zip(*given, strict=True)]
    splits = np.cumsum([0, *map(len, rows)])
    return jnp.asarray(splits, dtype_of(Tsplits)), jnp.concatenate(rows)
