"""Medians and quantiles."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.arrays.sort import order, pick
from msjax.ops.call import checks
from msjax.ops.call.promotion import array, axis_in, inexact, is_float
from msjax.ops.maths.reduction import operand
from msjax.ops.table import family, op


def _median(x, axis, keepdims, ignore_nan):
    """The lower median along an axis and its place; a NaN wins unless ignored."""
    x, _ = operand(x, None, keepdims)
    if not x.ndim:
        return x, jnp.zeros((), np.int64)
    axis = axis_in(axis, x.ndim)
    lost = jnp.isnan(x) if is_float(x) else jnp.zeros(x.shape, bool)
    lost = jnp.sum(lost, axis, keepdims=True, dtype=np.int32)
    length = x.shape[axis]
    middle = (length - lost - 1) // 2 if ignore_nan else jnp.where(lost > 0, length - lost, (length - 1) // 2)
    middle = jnp.maximum(middle, 0)
    places = jnp.take_along_axis(order(jax.lax.stop_gradient(x), axis), middle, axis)
    return pick(x, places, axis, keepdims)


@op(
    "ops.median(input, axis=-1, keepdims=False)",
    "Tensor.median(axis=-1, keepdims=False)",
    "Tensor.median(dim=-1, keepdim=False)",
    "mint.median(input, dim, keepdim=False)",
)
def median(x, *, axis=-1, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """The median along `axis`, the lower one of two, and its place as int64."""
    return _median(x, axis, keepdims, False)


@op("ops.nanmedian(input, axis=-1, keepdims=False)", "Tensor.nanmedian(axis=-1, keepdims=False)")
def nanmedian(x, *, axis=-1, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """The median along `axis` of what is not NaN, and its place as int64."""
    return _median(x, axis, keepdims, True)


@op("mint.median(input)")
def median_of_all(x):
    """The median of all elements, the lower one of two."""
    return _median(array(x).ravel(), 0, False, False)[0]


@op("ops.Median(global_median=False, axis=0, keep_dims=False, ignore_nan=False)(x)")
def median_primitive(
    x, *, global_median=False, axis=0, keepdims=False, ignore_nan=False
) -> tuple[jax.Array, jax.Array]:
    """The median along `axis`, or of all elements, and its place."""
    return _median(array(x).ravel() if global_median else x, 0 if global_median else axis, keepdims, ignore_nan)


def _shares(_, x, q, **__) -> None:
    q = jnp.asarray(q)
    checks.require((q >= 0) & (q <= 1), ValueError("For 'quantile', 'q' must be in the range [0, 1]."))


@op(
    *family(
        "name",
        ("quantile", "nanquantile"),
        "ops.{name}(input, q, axis=None, keepdims=False)",
        "Tensor.{name}(q, axis=None, keepdims=False)",
    ),
    name="{name}",
    check=_shares,
)
def quantile(x, q, *, axis=None, keepdims=False, name="quantile"):
    """The `q`-quantiles along `axis` (of all elements for None), linear between elements.

    Raises:
        ValueError: if `q` is not in [0, 1].
    """
    x = inexact(x)
    axis = None if axis is None else axis_in(axis, x.ndim)
    return getattr(jnp, name)(x, jnp.asarray(q, x.dtype), axis, keepdims=bool(keepdims))


@op("ops.Quantile(dim=None, keep_dims=False, ignore_nan=False)(input, q)", check=_shares)
def quantile_primitive(x, q, *, axis=None, keepdims=False, ignore_nan=False):
    """The `q`-quantiles along `axis` (of all elements for None), linear between elements.

    Args:
        ignore_nan: whether those that are not NaN count alone.

    Returns:
        A Tensor of the quantiles; an axis for several of them stands first.
    """
    return quantile(x, q, axis=axis, keepdims=keepdims, name="nanquantile" if ignore_nan else "quantile")
