"""Reductions along axes, and cumulative operators."""

from __future__ import annotations

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.arrays.reshape import ints
from msjax.ops.call.arguments import dtype_of, hashable
from msjax.ops.call.checks import one_dtype, one_shape
from msjax.ops.call.promotion import (
    array,
    axes_in,
    axis_in,
    cast,
    inexact,
    is_float,
    is_inexact,
    single,
    wide_sum_dtype,
)
from msjax.ops.maths import rules
from msjax.ops.maths.division import divide
from msjax.ops.table import family, op


def operand(x, axis, keepdims=False) -> tuple[jax.Array, tuple[int, ...]]:
    """The array to reduce and its axes.

    Raises:
        TypeError: if `keepdims` is not a bool; another signature of an overloaded name may then fit.
    """
    if not isinstance(keepdims, (bool, np.bool_)):
        raise TypeError(f"'keepdims' must be a bool, but got {type(keepdims).__name__}: {keepdims!r}.")
    x = array(x)
    return x, axes_in(axis, x.ndim)


def as_dtype(x, dtype):
    return x if dtype is None else cast(x, dtype)


# -- sums and products -----------------------------------------------------------------------------------------------


@op(
    "ops.sum(input, dim=None, keepdim=False, *, dtype=None)",
    "Tensor.sum(dim=None, keepdim=False, *, dtype=None)",
    "Tensor.sum(axis=None, dtype=None, keepdims=False, initial=None)",
    "mint.sum(input, dim=None, keepdim=False, *, dtype=None)",
    "numpy.sum(a, axis=None, dtype=None, keepdims=False, initial=None)",
)
def sum_(x, initial=None, *, axis=None, keepdims=False, dtype=None):
    """The sum over `axis`, over all axes by default; int64 for integers and bools."""
    x, axes = operand(x, axis, keepdims)
    out = wide_sum_dtype(x) if dtype is None else dtype_of(dtype)
    if out == np.bool_:
        return jnp.any(x, axes, keepdims=keepdims)
    total = jnp.sum(as_dtype(x, dtype), axes, dtype=out, keepdims=keepdims)
    return total if initial is None else (total + initial).astype(out)


@op("ops.ReduceSum(keep_dims=False, skip_mode=False)(x, axis=())", "ops.reduce_sum(x, axis=())")
def reduce_sum(x, *, axis=(), keepdims=False, skip_mode=False):
    """The sum over `axis`, in the input's dtype; with `skip_mode` an empty axis means none instead of all."""
    if skip_mode and axis in ((), []):
        return array(x)
    x, axes = operand(x, axis, keepdims)
    return jnp.sum(x, axes, keepdims=keepdims).astype(x.dtype)


@op(
    "ops.prod(input, axis=None, keep_dims=False, dtype=None)",
    "Tensor.prod(dim=None, keepdim=False, dtype=None)",
    "Tensor.prod(axis=None, keep_dims=False, dtype=None)",
    "mint.prod(input, dim=None, keepdim=False, *, dtype=None)",
)
def prod(x, *, axis=None, keepdims=False, dtype=None):
    """The product over `axis`, over all axes by default; int64 for integers and bools."""
    x, axes = operand(x, axis, keepdims)
    out = wide_sum_dtype(x) if dtype is None else dtype_of(dtype)
    return jnp.prod(as_dtype(x, dtype), axes, dtype=out, keepdims=keepdims)


@op("ops.ReduceProd(keep_dims=False)(x, axis=())")
def reduce_prod(x, *, axis=(), keepdims=False):
    """The product over `axis`, in the input's dtype."""
    return prod(x, axis=axis, keepdims=keepdims).astype(array(x).dtype)


@op(
    "ops.mean(x, axis=None, keep_dims=False)",
    "ops.ReduceMean(keep_dims=False)(x, axis=())",
    "ops.reduce_mean(x, axis=())",
    "Tensor.mean(dim=None, keepdim=False, *, dtype=None)",
    "Tensor.mean(axis=None, keep_dims=False)",
    "mint.mean(input, dim=None, keepdim=False, *, dtype=None)",
    "numpy.mean(a, axis=None, keepdims=False, dtype=None)",
)
def mean(x, *, axis=None, keepdims=False, dtype=None):
    """The mean over `axis`, over all axes by default; integers keep their dtype and lose the fraction.

    Of no elements it is nan, for integers the least number of their dtype.
    """
    x, axes = operand(x, axis, keepdims)
    x = as_dtype(x, dtype)
    count = math.prod(x.shape[a] for a in axes)
    if is_inexact(x) or x.dtype == np.bool_:
        x = inexact(x)
        if not isinstance(count, int):  # in `ms.export`
            return jnp.mean(x, axes, keepdims=keepdims)
        wide = np.dtype(np.float32) if x.dtype.itemsize == 2 else x.dtype
        return divide(jnp.sum(x, axes, dtype=wide, keepdims=keepdims), np.asarray(count, wide)).astype(x.dtype)
    if not count:  # XLA divides constants while it compiles, and a division by zero ends the process
        return jnp.full(jnp.sum(x, axes, keepdims=keepdims).shape, jnp.iinfo(x.dtype).min, x.dtype)
    return jax.lax.div(jnp.sum(x, axes, dtype=np.int64, keepdims=keepdims), np.int64(count)).astype(x.dtype)


@op(
    "ops.nansum(input, axis=None, keepdims=False, *, dtype=None)",
    "Tensor.nansum(dim=None, keepdim=False, *, dtype=None)",
    "Tensor.nansum(axis=None, keepdims=False, *, dtype=None)",
    "mint.nansum(input, dim=None, keepdim=False, *, dtype=None)",
    "numpy.nansum(a, axis=None, dtype=None, keepdims=False)",
)
def nansum(x, *, axis=None, keepdims=False, dtype=None):
    """The sum over `axis`, with NaN counting as 0; in the dtype of the input, int64 for bools."""
    x = array(x)
    dtype = dtype or (None if x.dtype == np.bool_ else x.dtype)
    return sum_(jnp.where(jnp.isnan(x), 0, x) if is_inexact(x) else x, axis=axis, keepdims=keepdims, dtype=dtype)


@op(
    "ops.nanmean(input, axis=None, keepdims=False, *, dtype=None)",
    "Tensor.nanmean(axis=None, keepdims=False, *, dtype=None)",
)
def nanmean(x, *, axis=None, keepdims=False, dtype=None):
    """The mean over `axis` of what is not NaN."""
    x, axes = operand(x, axis, keepdims)
    return jnp.nanmean(inexact(as_dtype(x, dtype)), axes, keepdims=keepdims)


@op("numpy.nanmean(a, axis=None, dtype=None, keepdims=False)")
def nanmean_in_single(x, *, axis=None, keepdims=False, dtype=None):
    """The mean over `axis` of what is not NaN."""
    return as_dtype(nanmean(single(x), axis=axis, keepdims=keepdims), dtype)


@op("numpy.average(x, axis=None, weights=None, returned=False)")
def average(x, weights=None, *, axis=None, returned=False):
    """The mean over `axis`, weighted if `weights` are given; with `returned` also the sum of the weights."""
    x = inexact(x)
    return jnp.average(x, axis, None if weights is None else weights.astype(x.dtype), returned)


# -- logic and counting ----------------------------------------------------------------------------------------------


@op(
    *family(
        "which",
        ("all", "any"),
        "ops.{which}(input, axis=None, keep_dims=False)",
        "Tensor.{which}(axis=None, keep_dims=False)",
        "Tensor.{which}(dim=None, keepdim=False)",
        "mint.{which}(input, dim=None, keepdim=False)",
    ),
    "ops.ReduceAll(keep_dims=False)(input, axis=None; which='all')",
    "ops.ReduceAny(keep_dims=False)(x, axis=(); which='any')",
    name="{which}",
)
def all_or_any(x, *, axis=None, keepdims=False, which="all"):
    """Whether {which} of the elements over `axis` count as True."""
    x, axes = operand(x, axis, keepdims)
    reduce = jnp.all if which == "all" else jnp.any
    return reduce(x != 0, axes, keepdims=keepdims)  # a complex number's conversion would drop the imaginary part


@op("numpy.sometrue(a, axis=None, keepdims=False)")
def sometrue(x, *, axis=None, keepdims=False):
    """Whether any of the elements over `axis` counts as True."""
    x, axes = operand(x, axis, keepdims)
    return jnp.any(x != 0, axes, keepdims=keepdims)


@op(
    "ops.count_nonzero(x, axis=(), keep_dims=False, dtype=mstype.int32)",
    "Tensor.count_nonzero(dim=None)",
    "Tensor.count_nonzero(axis=(), keep_dims=False, dtype=None)",
    "numpy.count_nonzero(x, axis=None, keepdims=False)",
    "mint.count_nonzero(input, dim=None; dtype=mstype.int64)",
    "ops.CountNonZero(dims=None)(x)",
)
def count_nonzero(x, *, axis=None, keepdims=False, dtype=None):
    """How many elements over `axis` are not 0, as {dtype|none: int32}."""
    x, axes = operand(x, axis, keepdims)
    return jnp.sum(x != 0, axes, keepdims=keepdims, dtype=dtype_of(dtype) or np.int32)


# -- variance --------------------------------------------------------------------------------------------------------


def _std(x, *args, **kwargs):
    """In float32 for narrower floats: the variance may be out of their range."""
    wide = x.astype(np.float32) if x.dtype.itemsize == 2 else x
    return jnp.std(wide, *args, **kwargs).astype(x.dtype)


_SPREADS = {"var": (jnp.var, jnp.nanvar), "std": (_std, jnp.nanstd)}


@op(
    *family(
        "name",
        _SPREADS,
        "ops.{name}(input, axis=None, ddof=0, keepdims=False)",
        "Tensor.{name}(axis=None, ddof=0, keepdims=False)",
        "Tensor.{name}(dim=None, *, correction: ddof=1, keepdim=False)",
        "mint.{name}(input, dim=None, *, correction: ddof=1, keepdim=False)",
        "numpy.{name}(x, axis=None, ddof=0, keepdims=False)",
    ),
    name="{name}",
)
def spread(x, *, axis=None, ddof=0, keepdims=False, name="var"):
    """The {name|var: variance|std: standard deviation} over `axis`, divided by N - ddof (N - correction in mint)."""
    x, axes = operand(x, axis, keepdims)
    return _SPREADS[name][0](inexact(x), axes, ddof=int(ddof), keepdims=keepdims)


@op(
    *family(
        "name",
        _SPREADS,
        "ops.{name}_mean(input, axis=None, ddof=0, keepdims=False)",
        "mint.{name}_mean(input, dim=None, *, correction: ddof=1, keepdim=False)",
    ),
    name="{name}_mean",
)
def spread_and_mean(x, *, axis=None, ddof=0, keepdims=False, name="var") -> tuple[jax.Array, jax.Array]:
    """The {name|var: variance|std: standard deviation} and the mean over `axis`."""
    own = spread(x, axis=axis, ddof=ddof, keepdims=keepdims, name=name)
    return own, mean(inexact(x), axis=axis, keepdims=keepdims)


@op(*family("name", _SPREADS, "numpy.nan{name}(a, axis=None, dtype=None, ddof=0, keepdims=False)"), name="nan{name}")
def spread_of_numbers(x, *, axis=None, dtype=None, ddof=0, keepdims=False, name="var"):
    """The {name|var: variance|std: standard deviation} over `axis` of what is not NaN."""
    x, axes = operand(x, axis, keepdims)
    found = _SPREADS[name][1](single(as_dtype(x, dtype)), axes, ddof=ddof, keepdims=keepdims)
    return found if dtype is None else as_dtype(found, dtype)


# -- norms of elements, sums of exponentials -------------------------------------------------------------------------


@op(
    "ops.logsumexp(input, dim, keepdim=False)",
    "Tensor.logsumexp(dim, keepdim=False)",
    "mint.logsumexp(input, dim, keepdim=False)",
)
def logsumexp(x, *, axis, keepdims=False):
    """`log(sum(exp(x)))` over `axis`, without overflow."""
    x, axes = operand(x, axis, keepdims)
    x = inexact(x)
    return rules.logsumexp(x, axes, keepdims) if is_float(x) else jax.nn.logsumexp(x, axes, keepdims=keepdims)


@op("ops.LpNorm(axis, p=2, keep_dims=False, epsilon=1e-12)(input)", numbers="p")
def lp_norm(x, *, axis, p=2, keepdims=False, epsilon=1e-12):
    """sum(|input|**p)**(1/p) over `axis`, at least `epsilon`."""
    x, axes = operand(x, axis, keepdims)
    return jnp.maximum(rules.p_norm(inexact(x), p, axes, keepdims), epsilon)


@op(
    "ops.renorm(input, p, axis, maxnorm)",
    "ops.Renorm(p, dim, maxnorm)(x)",
    "Tensor.renorm(p, axis, maxnorm)",
    numbers="p maxnorm",
)
def renorm(x, *, p, axis, maxnorm):
    """Scale each slice along `axis` whose p-norm exceeds `maxnorm` down to it."""
    x = inexact(x)
    others = tuple(a for a in range(x.ndim) if a != axis_in(axis, x.ndim))
    norm = rules.p_norm(x, p, others, keepdims=True)
    return x * jnp.where(norm > maxnorm, maxnorm / (norm + 1e-7), 1)


@op("ops.trapz(y, x=None, *, dx=1.0, dim=-1)", "numpy.trapz(y, x=None, dx=1.0, axis=-1)")
def trapz(y, x=None, *, dx=1.0, axis=-1):
    """The integral of samples `y` at `x`, or at steps of `dx`, by the trapezoidal rule."""
    y = inexact(y)
    axis = axis_in(axis, y.ndim)
    if x is not None:
        x = array(x).astype(y.dtype)
        dx = jnp.diff(x if x.ndim == 1 else jnp.moveaxis(x, axis, -1))
    y = jnp.moveaxis(y, axis, -1)
    return (dx * (y[..., 1:] + y[..., :-1]) / 2).sum(-1)


# -- diagonals -------------------------------------------------------------------------------------------------------


@op("ops.trace(input)", "ops.Trace()(input)", "mint.trace(input)")
def trace(x):
    """The sum of a matrix's diagonal.

    Raises:
        ValueError: if the input is not a matrix.
    """
    x = array(x)
    if x.ndim != 2:
        raise ValueError(f"For 'trace', the input must have 2 axes, but got {x.ndim}.")
    return jnp.trace(x, dtype=x.dtype)


@op(
    "Tensor.trace(offset=0, axis1=0, axis2=1, dtype=None)",
    "numpy.trace(a, offset=0, axis1=0, axis2=1, dtype=None)",
)
def trace_along(x, *, offset=0, axis1=0, axis2=1, dtype=None):
    """The sum of the diagonal `offset` above the main one, of the axes `axis1` and `axis2`; int64 for integers."""
    x = as_dtype(array(x), dtype)
    widens = dtype is None and x.dtype.kind in "iu" and x.dtype != np.uint64
    return jnp.trace(x, offset, axis1, axis2, dtype=np.int64 if widens else x.dtype)


# -- cumulative ------------------------------------------------------------------------------------------------------


def _running(function: Callable, x, axis, dtype, exclusive=False, reverse=False):
    """cumsum or cumprod; `exclusive` starts from the neutral element, `reverse` from the end."""
    x = as_dtype(array(x), dtype)
    if axis is None:
        x, axis = x.ravel(), 0
    axis = axis_in(axis, x.ndim)
    x = jnp.flip(x, axis) if reverse else x
    if exclusive:
        first = jnp.full_like(x[(slice(None),) * axis + (slice(1),)], function is jnp.cumprod)
        x = jnp.concatenate([first, jax.lax.slice_in_dim(x, 0, x.shape[axis] - 1, axis=axis)], axis)
    out = function(x, axis, dtype=np.dtype(np.int64) if x.dtype == np.bool_ else x.dtype)
    return jnp.flip(out, axis) if reverse else out


@op(
    "ops.cumsum(x, axis, dtype=None)",
    "ops.CumSum(exclusive=False, reverse=False)(input, axis)",
    "mint.cumsum(input, dim, dtype=None)",
)
def cumsum(x, *, axis=None, dtype=None, exclusive=False, reverse=False):
    """The sums of all elements up to each, along `axis` (of the flattened input for None), in the input's dtype."""
    return _running(jnp.cumsum, x, axis, dtype, exclusive, reverse)


@op(
    "Tensor.cumsum(dim, *, dtype=None)",
    "Tensor.cumsum(axis=None, dtype=None)",
    "numpy.cumsum(a, axis=None, dtype=None)",
)
def cumsum_method(x, *, axis=None, dtype=None):
    """The sums of all elements up to each, along `axis` (of the flattened input for None); int32 for short integers."""
    short = x.dtype in (np.bool_, np.int8, np.int16, np.uint8)
    return cumsum(x.astype(np.int32) if short and dtype is None else x, axis=axis, dtype=dtype)


@op(
    "ops.cumprod(input, dim, dtype=None)",
    "Tensor.cumprod(dim, dtype=None)",
    "mint.cumprod(input, dim, dtype=None)",
)
def cumprod(x, *, axis, dtype=None):
    """The products of all elements up to each, along `axis`; int64 for integers."""
    x = array(x)
    return _running(jnp.cumprod, x if dtype or is_inexact(x) else x.astype(np.int64), axis, dtype)


@op("ops.CumProd(exclusive=False, reverse=False)(x, axis)")
def cumprod_same(x, *, axis=None, dtype=None, exclusive=False, reverse=False):
    """The products of all elements up to each, along `axis` (of the flattened input for None)."""
    return _running(jnp.cumprod, x, axis, dtype, exclusive, reverse)


@op("numpy.cumprod(a, axis=None, dtype=None)")
def cumprod_of_numbers(x, *, axis=None, dtype=None):
    """The products of all elements up to each, along `axis`; short integers become int32 or uint32."""
    x = array(x)
    if dtype is None and x.dtype.itemsize < 4 and not is_inexact(x):
        dtype = np.uint32 if x.dtype.kind == "u" else np.int32
    return _running(jnp.cumprod, x, axis, dtype)


@op("numpy.nancumsum(a, axis=None, dtype=None)")
def nancumsum(x, *, axis=None, dtype=None):
    """The cumulative sum with NaN counting as 0; int32 for short integers."""
    x = array(x)
    return cumsum_method(jnp.where(jnp.isnan(x), 0, x) if is_inexact(x) else x, axis=axis, dtype=dtype)


@op("ops.logcumsumexp(input, axis)", "Tensor.logcumsumexp(axis)")
def logcumsumexp(x, *, axis):
    """log(cumsum(exp(input))) along `axis`, without overflow."""
    x = inexact(x)
    return rules.cumulative_logsumexp(x, axis_in(axis, x.ndim))


@op("ops.CumulativeLogsumexp(exclusive=False, reverse=False)(x, axis)")
def cumulative_logsumexp(x, *, axis, exclusive=False, reverse=False):
    """log(cumsum(exp(input))) along `axis`, without overflow.

    Args:
        x: a Tensor of floats.
        axis: the axis, an int or a Tensor of one.
        exclusive: whether an element's own value does not count; for the first one the result is the least float then.
        reverse: whether to sum from the end.

    Returns:
        A Tensor of the input's shape and dtype.
    """
    axis = axis_in(hashable(axis), x.ndim)
    x = jnp.flip(x, axis) if reverse else x
    if exclusive and x.shape[axis]:
        first = jax.lax.full_like(jax.lax.slice_in_dim(x, 0, 1, axis=axis), jnp.finfo(x.dtype).min)
        sums = rules.cumulative_logsumexp(jax.lax.slice_in_dim(x, 0, x.shape[axis] - 1, axis=axis), axis)
        sums = jnp.concatenate([first, sums], axis)
    else:
        sums = rules.cumulative_logsumexp(x, axis)
    return jnp.flip(sums, axis) if reverse else sums


@op("Tensor.sum_to_size(*size: shape)")
def sum_to_size(x, *, shape):
    """Summed over the axes along which `shape` broadcasts to the input's shape.

    Raises:
        ValueError: if it does not.
    """
    shape = ints(shape)
    new = x.ndim - len(shape)
    if new < 0 or any(s not in (1, n) for s, n in zip(shape, x.shape[new:], strict=True)):
        raise ValueError(f"The size {shape} does not broadcast to the tensor's size {x.shape}.")
    summed = [a for a in range(x.ndim) if a < new or shape[a - new] == 1 != x.shape[a]]
    return x.sum(tuple(summed), keepdims=True).astype(wide_sum_dtype(x)).reshape(shape)


@op("ops.ReduceStd(axis=(), unbiased=True, keep_dims=False)(x)")
def reduce_std(x, *, axis=(), unbiased=True, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """Standard deviation and mean along axes, all by default."""
    axis = (axis,) if isinstance(axis, int) else tuple(axis) or None
    return jnp.std(x, axis, ddof=int(unbiased), keepdims=keepdims), jnp.mean(x, axis, keepdims=keepdims)


@op("ops.SquareSumAll()(x, y)")
def square_sum_all(x, y) -> tuple[jax.Array, jax.Array]:
    """The sums of the squares of two Tensors."""
    one_shape("SquareSumAll", x=x, y=y)
    one_dtype("SquareSumAll", x, y)
    return (x * x).sum(), (y * y).sum()
