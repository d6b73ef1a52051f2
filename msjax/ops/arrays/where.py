"""Choosing between elements by conditions: where, select, choose, piecewise."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from msjax.core import trace
from msjax.ops.arrays.gather import mask_of
from msjax.ops.arrays.slicing import select_index
from msjax.ops.call.promotion import array, check_broadcast, pair
from msjax.ops.table import lookup, op, publish


@op(
    "ops.where(condition, input, other)",
    "ops.select(condition, input, other)",
    "ops.Select()(condition, input, other)",
    "Tensor.where(condition, y)",
    "Tensor.select(condition, y)",
    "mint.where(condition, input, other)",
    "numpy.where(condition, x=None, y=None; of_bools=False)",
)
def where(condition, x=None, y=None, *, of_bools=True):
    """Elements of one Tensor where the condition is True and of the other elsewhere, broadcast, in their common dtype.

    Raises:
        TypeError: if only the condition is given, or it is not of bools; numpy takes any.
        ValueError: if the shapes do not broadcast.

    Example:
        >>> ops.where(Tensor([True, False]), Tensor([1, 2]), 0)
        Tensor(shape=[2], dtype=Int64, value= [1, 0])
    """
    condition = mask_of(condition) if of_bools else array(condition).astype(bool)
    x, y = pair(x, y)
    check_broadcast(condition.shape, x.shape, y.shape)
    return jnp.where(condition, x, y)


op("Tensor.select(dim, index)", view=True, numbers="index")(select_index)


@op("mint.where(condition)", jit=False)
def where_indices(condition) -> tuple[jax.Array, ...]:
    """The indices of the elements that are not zero, one Tensor for each axis."""
    return tuple(jnp.asarray(i) for i in trace.concrete(condition).nonzero())


@op("numpy.select(condlist, choicelist, default=0)")
def select(conditions, choices, default=0):
    """The elements of the first choice whose condition is True, or the default."""
    return jnp.select([mask_of(c) for c in conditions], [array(c) for c in choices], default)


@op("numpy.choose(a, choices, mode='clip')", "Tensor.choose(choices, mode='clip')")
def choose(x, choices, *, mode="clip"):
    """For each index the element of that choice, broadcast; what is out of range is clipped or wrapped.

    Raises:
        ValueError: for another mode.
    """
    if mode not in ("clip", "wrap"):
        raise ValueError(f"'mode' must be 'clip' or 'wrap', but got {mode!r}.")
    return jnp.choose(jnp.asarray(x), [jnp.asarray(c) for c in choices], mode=mode)


def piecewise(x, condlist, funclist, *args, **kw):
    """`funclist[i](x)` where the i-th condition is True, and the last function, if there is one more, elsewhere.

    Raises:
        ValueError: if the numbers of conditions and functions do not fit.
    """
    conditions = list(condlist) if isinstance(condlist, (list, tuple)) else [condlist]
    if len(funclist) not in (len(conditions), len(conditions) + 1):
        raise ValueError(f"With {len(conditions)} conditions there must be as many functions, or one more.")
    values = [f(x, *args, **kw) if callable(f) else f for f in funclist]
    choose = lookup("ops", "where")
    result = values[-1] if len(values) > len(conditions) else 0
    for condition, value in reversed(list(zip(conditions, values, strict=False))):
        result = choose(condition, value, result)
    return result


publish("numpy", piecewise=piecewise)
