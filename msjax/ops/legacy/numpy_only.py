"""What only MindSpore's numpy has: selections, tests, sets, and functions of functions."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import printing, trace
from msjax.core.tensor import Tensor, raw
from msjax.ops.arrays.gathering import mask_of
from msjax.ops.arrays.histograms import numpy_array
from msjax.ops.arrays.shaping import ints
from msjax.ops.call.arguments import dtype_of
from msjax.ops.call.checks import check_range
from msjax.ops.call.promotion import array, check_broadcast, inexact, pair
from msjax.ops.maths.division import floor_divide, floor_remainder, or_zero, rest, whole
from msjax.ops.table import lookup, op, publish

# -- selections ------------------------------------------------------------------------------------------------------


@op("numpy.where(condition, x=None, y=None)")
def where(condition, x=None, y=None):
    """Elements of `x` where the condition is True and of `y` elsewhere.

    Raises:
        TypeError: if only the condition is given; use `nonzero`.
    """
    x, y = pair(x, y)
    condition = array(condition).astype(bool)
    check_broadcast(condition.shape, x.shape, y.shape)
    return jnp.where(condition, x, y)


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


@op("numpy.broadcast_arrays(*args)", jit=False)
def broadcast_arrays(*args) -> list[jax.Array]:
    """The Tensors, broadcast to their common shape, as a list."""
    shape = check_broadcast(*[np.shape(a) for a in args])
    return [jnp.broadcast_to(a, shape) for a in args]


@op("numpy.size(a, axis=None)", jit=False)
def size(x, *, axis=None):
    """The number of elements, of all axes or of one."""
    return int(np.prod(x.shape)) if axis is None else x.shape[axis]


@op("numpy.unravel_index(indices, shape, order='C')")
def unravel_index(indices, *, shape, order="C") -> tuple[jax.Array, ...]:
    """The coordinates of elements counted in row-major ("C") or column-major ("F") order."""
    shape = ints(shape)
    if order == "C":
        return jnp.unravel_index(indices, shape)
    return jnp.unravel_index(indices, shape[::-1])[::-1]


def _check_counted(indices, *, shape):
    check_range(indices, math.prod(ints(shape)), "UnravelIndex", False, ValueError)


@op("ops.UnravelIndex()(indices, dims: shape)", check=_check_counted)
def unravel_index_stacked(indices, *, shape):
    """The coordinates of elements counted in row-major order, stacked along a first axis.

    Raises:
        ValueError: if an index is out of range.
    """
    return jnp.stack(jnp.unravel_index(indices, ints(shape, "dims")))


@op("numpy.ravel_multi_index(multi_index: indices, dims: shape, mode='clip', order='C')")
def ravel_multi_index(indices, *, shape, mode="clip", order="C"):
    """The numbers of elements given by their coordinates, as float32; what is out of range is clipped or wrapped.

    Raises:
        ValueError: for another mode, or if there are not as many coordinates as axes.
    """
    if mode not in ("clip", "wrap"):
        raise ValueError(f"'mode' must be 'clip' or 'wrap', but got {mode!r}.")
    shape = ints(shape, "dims")
    if len(indices) != len(shape):
        raise ValueError(f"There must be a coordinate for each axis of {shape}, but there are {len(indices)}.")
    return jnp.ravel_multi_index(tuple(jnp.asarray(i) for i in indices), shape, mode, order).astype(np.float32)


# -- tests -----------------------------------------------------------------------------------------------------------


@op("numpy.array_equal(a1, a2, equal_nan=False)")
def array_equal(x, y, *, equal_nan=False):
    """Whether shapes and elements are equal."""
    return jnp.array_equal(x, y, equal_nan)


@op("numpy.array_equiv(a1, a2)")
def array_equiv(x, y):
    """Whether the elements are equal after broadcasting; False if the shapes do not broadcast."""
    return jnp.array_equiv(x, y)


@op("numpy.isin(element, test_elements, invert=False)")
def isin(x, tests, *, invert=False):
    """For each element, whether it is one of `tests`."""
    return _isin(x, tests, invert)


@op("numpy.in1d(ar1, ar2, invert=False)")
def in1d(x, tests, *, invert=False):
    """For each element of `x`, in one axis, whether it is one of `tests`."""
    return _isin(x, tests, invert).ravel()


def _isin(x, tests, invert: bool):
    found = (jnp.expand_dims(x, -1) == jnp.ravel(tests)).any(-1)
    return ~found if invert else found


# -- sets ------------------------------------------------------------------------------------------------------------


@op("numpy.intersect1d(ar1, ar2, assume_unique=False, return_indices=False)", jit=False)
def intersect1d(x, y, *, assume_unique=False, return_indices=False) -> jax.Array | tuple[jax.Array, ...]:
    """The sorted elements that both have; with their first places in each, if asked."""
    found = np.intersect1d(trace.concrete(x), trace.concrete(y), assume_unique, return_indices)
    if not return_indices:
        return numpy_array(found, x)
    return numpy_array(found[0], x), numpy_array(found[1]), numpy_array(found[2])


@op("numpy.setdiff1d(ar1, ar2, assume_unique=False)", jit=False)
def setdiff1d(x, y, *, assume_unique=False):
    """The elements of the first that the second has not, sorted unless they are taken for unique."""
    return numpy_array(np.setdiff1d(trace.concrete(x), trace.concrete(y), assume_unique), x)


@op("numpy.unique(x, return_inverse=False)", jit=False, kinds={"return_inverse": None})
def unique(x, *, return_inverse=False) -> jax.Array | tuple[jax.Array, ...]:
    """The different elements in the order of their first appearance; with the place of each element among them."""
    flat = trace.concrete(x).ravel()
    _, first, inverse = np.unique(flat, return_index=True, return_inverse=True)
    order = np.argsort(first)
    values = jnp.take(jnp.ravel(x), first[order])
    if not return_inverse:
        return values
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return values, jnp.asarray(rank[inverse.ravel()], np.int64 if x.dtype == np.int64 else np.int32)


# -- arithmetic ------------------------------------------------------------------------------------------------------


@op("numpy.fix(x)")
def fix(x):
    """The integers next to the elements on the side of 0, as floats."""
    return jnp.trunc(inexact(x))


@op("numpy.divmod(x1, x2, dtype=None)")
def divmod_(x, y, *, dtype=None) -> tuple[jax.Array, jax.Array]:
    """Quotient rounded down and remainder."""
    dtype = dtype_of(dtype)
    both = whole(floor_divide)(x, y), rest(or_zero(floor_remainder))(x, y)
    return tuple(r if dtype is None else r.astype(dtype) for r in both)


# -- functions of functions, and plain Python ------------------------------------------------------------------------


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


def promote_types(type1, type2):
    """The smallest dtype that both can be converted to."""
    return mstype.of(np.empty(0, jnp.promote_types(mstype.element_type(type1), mstype.element_type(type2))))


def result_type(*arrays_and_dtypes):
    """The dtype of an operation on the arguments: Tensors, numbers, lists or dtypes."""
    found = [_dtype_of_any(a) for a in arrays_and_dtypes]
    strong = [d for d, weak in found if not weak]
    weak = [{"i": 0, "f": 0.0, "b": False, "c": 0j}[d.kind] for d, is_weak in found if is_weak]
    dtype = jnp.result_type(*strong, *weak)
    if dtype == np.float64 and np.dtype(np.float64) not in strong:
        dtype = np.dtype(np.float32)
    return mstype.of(np.empty(0, dtype))


def _dtype_of_any(value) -> tuple[np.dtype, bool]:
    if isinstance(value, Tensor):
        return mstype.element_type(value.dtype), False
    if isinstance(value, (bool, int, float, complex)):
        return np.dtype(type(value)), True
    if isinstance(value, (list, tuple)):
        return mstype.element_type(Tensor(list(value)).dtype), False
    return mstype.element_type(value), False


def array_str(a) -> str:
    """The elements as text."""
    return printing.to_str(trace.concrete(raw(a)))


def isscalar(element) -> bool:
    """Whether `element` is a Python number or string; a Tensor is not."""
    return isinstance(element, (bool, int, float, complex, str, np.generic))


publish(
    "numpy", apply_along_axis=apply_along_axis, apply_over_axes=apply_over_axes, piecewise=piecewise,
    promote_types=promote_types, result_type=result_type, array_str=array_str, isscalar=isscalar,
)  # fmt: skip


PAD_MODES = ("constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap",
             "empty")  # fmt: skip


@op(
    "numpy.pad(arr, pad_width, mode='constant', stat_length=None, constant_values=0, end_values=0, reflect_type='even')"
)
def pad(x, *, pad_width, mode="constant", stat_length=None, constant_values=0, end_values=0, reflect_type="even"):
    """More elements before and after each axis, in one of numpy's modes.

    Raises:
        ValueError: for another mode.
    """
    options = {"constant": {"constant_values": constant_values}, "linear_ramp": {"end_values": end_values}}
    options |= {m: {"stat_length": stat_length} for m in ("maximum", "mean", "median", "minimum")}
    options |= {m: {"reflect_type": reflect_type} for m in ("reflect", "symmetric")}
    if not callable(mode) and mode not in PAD_MODES:
        raise ValueError(f"'mode' must be one of {PAD_MODES} or a function, but got {mode!r}.")
    return jnp.pad(x, pad_width, mode, **(options.get(mode, {}) if isinstance(mode, str) else {})).astype(x.dtype)
