"""Functions applied along axes."""

from __future__ import annotations

from msjax.core.tensor import Tensor
from msjax.ops.arrays.reshape import ints
from msjax.ops.table import lookup, publish


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """`func1d(slice, *args, **kwargs)` of each one-dimensional slice along an axis, joined."""
    moved = lookup("ops", "moveaxis")(arr, axis, -1)
    flat = moved.reshape((-1, moved.shape[-1]))
    results = [func1d(flat[i], *args, **kwargs) for i in range(flat.shape[0])]
    results = [r if isinstance(r, Tensor) else Tensor(r) for r in results]
    stacked = lookup("ops", "stack")(results).reshape((*moved.shape[:-1], *results[0].shape))
    axis %= arr.ndim
    rank = results[0].ndim
    places = tuple(range(moved.ndim - 1, moved.ndim - 1 + rank))
    return lookup("ops", "moveaxis")(stacked, places, tuple(range(axis, axis + rank))) if rank else stacked


def apply_over_axes(func, a, axes):
    """`func(a, axis)` over one axis after the other; axes that it removes are kept with size 1.

    Raises:
        ValueError: if `func` gives a result of another rank.
    """
    for axis in ints(axes, "axes"):
        result = func(a, axis=axis)
        if result.ndim not in (a.ndim, a.ndim - 1):
            raise ValueError("The function must keep the number of axes, or remove the one that it is given.")
        a = result if result.ndim == a.ndim else lookup("ops", "expand_dims")(result, axis % a.ndim)
    return a


publish("numpy", apply_along_axis=apply_along_axis, apply_over_axes=apply_over_axes)
