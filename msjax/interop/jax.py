"""msjax for programs of JAX: functions of arrays made of functions of Tensors and of Cells."""

from __future__ import annotations

import functools
from collections.abc import Callable

import jax
import numpy as np

from msjax.core.tensor import Tensor, raw
from msjax.nn.cell import Cell


def _is_array(value) -> bool:
    return isinstance(value, (jax.Array, np.ndarray))


def _is_tensor(value) -> bool:
    return isinstance(value, Tensor)


def _is_ours(value) -> bool:
    return isinstance(value, (Tensor, Cell))


def to_arrays(tree):
    """A tree with the Tensors in it replaced by their arrays; Cells stay."""
    return jax.tree.map(raw, tree, is_leaf=_is_ours)


def array_function(function: Callable) -> Callable:
    """`function` of Tensors as a function of arrays.

    Arrays among the arguments, at any depth, reach `function` as Tensors, and Tensors in its result come out as arrays.
    That is what `jax.grad` and `jax.hessian` need, which differentiate functions whose result is an array. Called with
    Tensors, it is `function` itself.

    Example:
        >>> square = interop.jax.array_function(lambda x: ops.square(x).sum())
        >>> jax.grad(square)(jnp.array([1.0, 2.0]))
        Array([2., 4.], dtype=float64)
    """

    @functools.wraps(function)
    def on_arrays(*args, **kwargs):
        leaves, tree = jax.tree.flatten((args, kwargs), is_leaf=_is_ours)
        if any(map(_is_tensor, leaves)) or not any(map(_is_array, leaves)):
            return function(*args, **kwargs)
        args, kwargs = jax.tree.unflatten(tree, [Tensor(v) if _is_array(v) else v for v in leaves])
        return to_arrays(function(*args, **kwargs))

    return on_arrays
