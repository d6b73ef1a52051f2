"""Differences of neighbours, gradients by differences, and interpolation between neighbours."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.promotion import array, axis_in, check_broadcast, inexact, is_float, single
from msjax.ops.table import op


@op("numpy.interp(x, xp, fp, left=None, right=None)")
def interp(x, xp, fp, left=None, right=None):
    """Linear interpolation through the points (xp, fp); beyond them `left` and `right`, or the outermost values."""
    return jnp.interp(inexact(x), inexact(xp), inexact(fp), left, right)


@op("numpy.gradient(f, *varargs, axis=None, edge_order=1)", jit=False)
def gradient(f, *varargs, axis=None, edge_order=1) -> jax.Array | list[jax.Array]:
    """Central differences inside and one-sided ones at the borders; a list if there are several axes.

    Raises:
        NotImplementedError: for another `edge_order` than 1.
    """
    if edge_order != 1:
        raise NotImplementedError("Only edge_order=1 is implemented.")
    spacing = [s if np.ndim(s) else inexact(s) for s in varargs]
    result = jnp.gradient(inexact(f), *spacing, axis=axis)
    return list(result) if isinstance(result, (list, tuple)) else result


@op(
    "ops.diff(x, n=1, axis=-1, prepend=None, append=None)",
    "Tensor.diff(n=1, axis=-1, prepend=None, append=None)",
    "mint.diff(input, n=1, dim=-1, prepend=None, append=None)",
    "numpy.diff(a, n=1, axis=-1, prepend=None, append=None)",
)
def diff(x, prepend=None, append=None, *, n=1, axis=-1):
    """The n-th differences of neighbours along an axis; for bools, whether they differ.

    Args:
        prepend, append: elements before and after the others along the axis.

    Raises:
        TypeError: if there are no axes.
        ValueError: if the axis is out of range, or `n` is negative.

    Example:
        >>> ops.diff(Tensor([1, 3, 6]))
        Tensor(shape=[2], dtype=Int64, value= [2, 3])
    """
    x = array(x)
    if x.ndim == 0:
        raise TypeError("For 'diff', the input must have at least one axis.")
    if n < 0:
        raise ValueError(f"'n' must not be negative, but got {n}.")
    axis = axis_in(axis, x.ndim)
    added = sum(1 if np.ndim(a) == 0 else a.shape[axis] for a in (prepend, append) if a is not None)
    return jnp.diff(x, min(n, x.shape[axis] + added), axis, prepend, append)


@op("numpy.ediff1d(ary, to_end=None, to_begin=None)")
def ediff1d(x, to_end=None, to_begin=None):
    """The differences of neighbours, with elements before and after them."""
    return jnp.ediff1d(x, to_end, to_begin)


@op("numpy.unwrap(p, discont=3.141592653589793, axis=-1)")
def unwrap(p, *, discont=np.pi, axis=-1):
    """Angles with jumps of more than `discont` made up for by turns of 2 pi."""
    return jnp.unwrap(single(p), discont, axis)


@op(
    "ops.lerp(input, end, weight)",
    "ops.Lerp()(input, end, weight)",
    "ops.LerpScalar()(input, end, weight)",
    "Tensor.lerp(end, weight)",
    "mint.lerp(input, end, weight)",
)
def lerp(x, end, weight):
    """x + weight * (end - x), broadcast.

    Raises:
        TypeError: if x is not of a float dtype.
    """
    x, end, weight = array(x), array(end), array(weight)
    if not is_float(x):
        raise TypeError(f"For 'lerp', the input must be of a float dtype, but got {x.dtype}; cast it first.")
    check_broadcast(x.shape, end.shape, weight.shape)
    return x + weight.astype(x.dtype) * (end - x)
