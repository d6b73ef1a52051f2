"""What MindSpore's operators do to dtypes and shapes where JAX does otherwise. For use inside definitions."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core.opaque import Number
from msjax.shims.jax import Tracer

_NO_PROMOTION = {np.dtype(t) for t in (np.uint16, np.uint32, np.uint64)}


def is_float(x) -> bool:
    return jnp.issubdtype(x.dtype, jnp.floating)


def is_inexact(x) -> bool:
    return jnp.issubdtype(x.dtype, jnp.inexact)


def array(x, what: str = "input") -> jax.Array:
    """`x` as an array; a list of numbers is stacked.

    Raises:
        TypeError: for None.
    """
    if isinstance(x, (list, tuple)) and x:
        return jnp.stack([_settled(array(v, what)) for v in x])
    if x is None or isinstance(x, (list, tuple, str)):
        raise TypeError(f"{what!r} must be a Tensor or a number, but got {'None' if x is None else type(x).__name__}.")
    return x.array() if isinstance(x, Number) else jnp.asarray(x)


def _settled(x):
    """A Python number in a list counts as float32 or int64."""
    return x.astype(np.float32) if getattr(x, "weak_type", False) and is_float(x) else x.astype(x.dtype)


def inexact(x) -> jax.Array:
    """Integers and bools as float32 (JAX, with 64-bit types on, would take float64)."""
    x = array(x)
    return x if is_inexact(x) else as_type(x, np.float32)


def single(x) -> jax.Array:
    """Integers, bools and floats of 16 bits as float32."""
    x = inexact(x)
    return x.astype(np.float32) if x.dtype.itemsize == 2 else x


def as_type(x: jax.Array, dtype) -> jax.Array:
    """`x` in another dtype, as JAX does it; but XLA is not to see that a float was a bool.

    It takes the product of a bool and a float for a choice, which is 0 where nan * 0 is nan: then a program that
    multiplies by a mask differed from the single operators. Numbers take away that knowledge and are as fast.
    """
    return (x.astype(np.uint8) if x.dtype == np.bool_ and jnp.issubdtype(dtype, jnp.inexact) else x).astype(dtype)


def pair(x, y) -> tuple[jax.Array, jax.Array]:
    """Both operands in their common dtype.

    Raises:
        ValueError: if the shapes do not broadcast.
        TypeError: if an operand is not numeric.
    """
    x, y = _operands(x, y)
    check_broadcast(x.shape, y.shape)
    if (
        _both_strong(x, y)
        and x.dtype != y.dtype
        and np.bool_ not in (x.dtype, y.dtype)
        and (x.dtype in _NO_PROMOTION or y.dtype in _NO_PROMOTION)
    ):
        names = mstype.of(x), mstype.of(y)
        raise TypeError(f"Type implicit conversion between {names[0]} and {names[1]} is not supported; use astype.")
    dtype = jnp.promote_types(x.dtype, y.dtype) if _both_strong(x, y) else jnp.result_type(x, y)
    return as_type(x, dtype), as_type(y, dtype)


def _operands(x, y) -> tuple[jax.Array, jax.Array]:
    """Both as arrays; a list of Python numbers takes the other's dtype where one of these would."""
    first, second = array(x), array(y, "other")
    return _beside(x, first, second), _beside(y, second, first)


def _beside(x, made: jax.Array, other: jax.Array) -> jax.Array:
    number = {"i": int, "f": float, "c": complex}.get(made.dtype.kind)
    if number is None or not isinstance(x, (list, tuple)):
        return made
    weak = all(getattr(array(leaf), "weak_type", False) for leaf in jax.tree.leaves(x))
    return as_type(made, jnp.result_type(other, number)) if weak else made


def _both_strong(x, y) -> bool:
    return not (getattr(x, "weak_type", False) or getattr(y, "weak_type", False))


def inexact_pair(x, y) -> tuple[jax.Array, jax.Array]:
    """Both operands in their common dtype, float32 where that is an integer or bool; Python numbers by their value."""
    x, y = _operands(x, y)
    x, y = _beside_number(x, y), _beside_number(y, x)
    if not is_inexact(x) and not is_inexact(y) and not _both_strong(x, y):
        check_broadcast(x.shape, y.shape)
        return inexact(x), inexact(y)
    x, y = pair(x, y)
    return inexact(x), inexact(y)


def _beside_number(x, number):
    """An unsigned Tensor beside a float number, which goes with no Tensor of floats, as a float."""
    return as_type(x, number.dtype) if x.dtype in _NO_PROMOTION and is_float(number) and not number.ndim else x


def wide_pair(x, y) -> tuple[jax.Array, jax.Array]:
    """`pair_by_value` where that keeps all elements, which it does not for uint64."""
    narrow = pair(x, y)
    return narrow if narrow[0].dtype == np.uint64 else pair_by_value(x, y)


def pair_by_value(x, y) -> tuple[jax.Array, jax.Array]:
    """Like `pair`; but a Python integer that the Tensor's dtype may not hold keeps its value, both being int64 then.

    Of a uint64 Tensor, elements beyond the largest int64 count as that.
    """
    x, y = _operands(x, y)
    if _both_strong(x, y) or x.dtype.kind not in "iu" or y.dtype.kind not in "iu":
        return pair(x, y)
    number, other = (x, y) if getattr(x, "weak_type", False) else (y, x)
    bounds = jnp.iinfo(other.dtype)
    if not isinstance(number, Tracer) and bounds.min <= int(number) <= bounds.max:
        return pair(x, y)
    check_broadcast(x.shape, y.shape)
    return _as_int64(x), _as_int64(y)


def saturated(number, dtype) -> jax.Array:
    """A number in a Tensor's dtype; a Python number beyond the range of integers is the end of the range."""
    number, dtype = array(number), np.dtype(dtype)
    if dtype.kind in "iu" and (is_float(number) or getattr(number, "weak_type", False)):
        bounds = jnp.iinfo(dtype)
        number = jnp.clip(number, max(bounds.min, -(2**63)), min(bounds.max, 2**63 - 1))
    return number.astype(dtype)


def _as_int64(x):
    return (jnp.minimum(x, jnp.iinfo(np.int64).max) if x.dtype == np.uint64 else x).astype(np.int64)


def check_broadcast(*shapes) -> tuple:
    """The common shape.

    Raises:
        ValueError: if there is none.
    """
    try:
        return np.broadcast_shapes(*shapes)
    except TypeError:  # an axis of any length, in `ms.export`
        return jnp.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(
            f"The shapes {' and '.join(map(str, shapes))} need to broadcast: an axis must be equal in all, or 1."
        ) from None


def wide_sum_dtype(x):
    """The dtype of a sum or product: int64 for integers and bools."""
    return x.dtype if is_inexact(x) or x.dtype in _NO_PROMOTION else np.dtype(np.int64)


def axis_in(axis: Any, ndim: int, name: str = "axis") -> int:
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
    return (int(axis) if isinstance(axis, np.integer) else axis) % ndim if ndim else 0


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
    """`x` in another dtype by C's rules: a float beyond the integers gives the lowest one, where JAX saturates."""
    dtype = mstype.element_type(dtype)
    if jnp.issubdtype(x.dtype, jnp.complexfloating) and dtype.kind != "c":
        x = x.real
    if is_float(x) and dtype.kind in "iu":
        wide = np.dtype(np.int64 if dtype in (np.int64, np.uint64, np.uint32) else np.int32)
        bound = 2.0 ** (8 * wide.itemsize - 1)
        bound = bound if bound <= float(jnp.finfo(x.dtype).max) else np.inf  # of float16 numpy would warn
        inside = (x >= -bound) & (x < bound)
        x = jnp.where(inside, jnp.where(inside, x, 0).astype(wide), np.iinfo(wide).min)
    return as_type(x, dtype)
