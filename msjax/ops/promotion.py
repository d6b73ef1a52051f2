"""What MindSpore's operators do to dtypes and shapes where JAX does otherwise. For use inside definitions."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype


def is_float(x) -> bool:
    return jnp.issubdtype(x.dtype, jnp.floating)


def is_inexact(x) -> bool:
    return jnp.issubdtype(x.dtype, jnp.inexact)


def array(x, what: str = "input") -> jax.Array:
    """`x` as an array.

    Raises:
        TypeError: for None or a list.
    """
    if x is None or isinstance(x, (list, tuple, str)):
        raise TypeError(f"{what!r} must be a Tensor or a number, but got {'None' if x is None else type(x).__name__}.")
    return jnp.asarray(x)


def inexact(x) -> jax.Array:
    """Integers and bools as float32 (JAX, with 64-bit types on, would take float64)."""
    x = array(x)
    return x if is_inexact(x) else x.astype(np.float32)


def pair(x, y) -> tuple[jax.Array, jax.Array]:
    """Both operands in their common dtype.

    Raises:
        ValueError: if the shapes do not broadcast.
        TypeError: if an operand is not numeric.
    """
    x, y = array(x), array(y, "other")
    check_broadcast(x.shape, y.shape)
    dtype = jnp.promote_types(x.dtype, y.dtype) if _both_strong(x, y) else jnp.result_type(x, y)
    return x.astype(dtype), y.astype(dtype)


def _both_strong(x, y) -> bool:
    return not (getattr(x, "weak_type", False) or getattr(y, "weak_type", False))


def inexact_pair(x, y) -> tuple[jax.Array, jax.Array]:
    """Both operands in their common dtype, float32 where that is an integer or bool."""
    x, y = pair(x, y)
    return inexact(x), inexact(y)


def check_broadcast(*shapes) -> tuple[int, ...]:
    """The common shape.

    Raises:
        ValueError: if there is none.
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"Shapes {' and '.join(map(str, shapes))} need to broadcast: an axis must be equal or 1.") from None


def wide_sum_dtype(x):
    """The dtype of a sum or product: int64 for integers and bools."""
    return x.dtype if is_inexact(x) else np.dtype(np.int64)


def axis_in(axis: int, ndim: int, name: str = "axis") -> int:
    """`axis` counted from the front.

    Raises:
        TypeError: if it is not an int.
        ValueError: if it is out of range.
    """
    if isinstance(axis, (bool, np.bool_)) or not isinstance(axis, (int, np.integer)):
        raise TypeError(f"{name!r} must be an int, but got {type(axis).__name__}: {axis!r}.")
    low, high = (-ndim, ndim) if ndim else (-1, 1)
    if not low <= axis < high:
        raise ValueError(f"The {name} value must be in [{low},{high}), but got {axis}.")
    return int(axis) % ndim if ndim else 0


def axes_in(axis, ndim: int, name: str = "axis") -> tuple[int, ...]:
    """`axis` (None or empty for all, an int, or several) as axes counted from the front."""
    if axis is None or axis == ():
        return tuple(range(ndim))
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    found = tuple(axis_in(a, ndim, name) for a in axes)
    if len(set(found)) < len(found):
        raise ValueError(f"{name!r} names an axis twice: {axis}.")
    return found if ndim else ()


def cast(x: jax.Array, dtype) -> jax.Array:
    """`x` in another dtype by C's rules: floats beyond an integer type wrap around instead of saturating."""
    dtype = mstype.element_type(dtype)
    if is_float(x) and dtype.kind == "u":
        return x.astype(np.int64).astype(dtype)
    if jnp.issubdtype(x.dtype, jnp.complexfloating) and dtype.kind != "c":
        x = x.real
    if is_float(x) and dtype.kind == "i":
        lowest = np.iinfo(dtype).min
        return jnp.where(jnp.isnan(x), jnp.asarray(lowest, dtype), x.astype(dtype))
    return x.astype(dtype)
