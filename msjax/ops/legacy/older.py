"""Operators that programs mostly know under older names, or as primitive classes."""

from __future__ import annotations

import operator
from functools import reduce

import jax
import jax.numpy as jnp
import jax.scipy.special as special
import numpy as np

from msjax.ops.call.operator import check_size
from msjax.ops.call.promotion import array, inexact, pair
from msjax.ops.maths.division import truncate_divide, truncate_remainder, whole
from msjax.ops.maths.rules import nan_unless, root
from msjax.ops.table import op


@op("ops.addn(x)", "ops.AddN()(x)", "ops.accumulate_n(x)", "ops.AccumulateNV2()(x)")
def addn(x):
    """The sum of a list or tuple of Tensors of one shape and dtype.

    Raises:
        TypeError: if it is another.
        ValueError: if it is empty, or the shapes differ.
    """
    if not isinstance(x, (list, tuple)):
        raise TypeError(f"For 'AddN', the input must be a tuple or list of Tensors, but got {type(x).__name__}.")
    terms = [array(t) for t in x]
    if len({t.shape for t in terms}) != 1:
        raise ValueError(f"For 'AddN', the Tensors must have one shape, but have {[t.shape for t in terms]}.")
    return reduce(operator.add, terms)


@op("ops.truncate_div(x, y)", "ops.TruncateDiv()(x, y)")
def truncate_div(x, y):
    """x / y, towards zero."""
    return whole(truncate_divide)(x, y)


@op("ops.truncate_mod(x, y)", "ops.TruncateMod()(x, y)")
def truncate_mod(x, y):
    """What is left of x / y, towards zero: of x's sign."""
    return truncate_remainder(*pair(x, y))


@op("ops.polar(abs: x, angle: y)", "ops.Polar()(abs: x, angle: y)", "mint.polar(abs: x, angle: y)")
def polar(x, y):
    """Complex numbers of a size and an angle."""
    return jax.lax.complex(x * jnp.cos(y), x * jnp.sin(y))


@op(
    "ops.logit(input, eps=None)",
    "ops.Logit(eps=-1.0)(input)",
    "Tensor.logit(eps=None)",
    numbers="eps",
)
def logit(x, *, eps=None):
    """log(x / (1 - x)), of x clipped to [eps, 1 - eps]."""
    x = inexact(x)
    return special.logit(nan_unless((x >= 0) & (x <= 1), x) if eps is None or eps < 0 else jnp.clip(x, eps, 1 - eps))


@op("ops.mvlgamma(input, p)", "ops.Mvlgamma(p)(x)", "Tensor.mvlgamma(p)")
def mvlgamma(x, *, p):
    """The logarithm of the multivariate gamma function of dimension p."""
    x = inexact(x)
    check_size("mvlgamma", (*x.shape, p), x.dtype)  # JAX computes all terms side by side
    return special.multigammaln(x, p)


@op("ops.polygamma(n, input: x)", "ops.Polygamma()(n, x)")
def polygamma(n, x):
    """The n-th derivative of digamma."""
    return special.polygamma(jnp.asarray(n), inexact(x))


@op("ops.Betainc()(a, b, x)")
def betainc(a, b, x):
    """The regularized incomplete beta function."""
    return special.betainc(inexact(a), inexact(b), inexact(x))


@op("ops.population_count(input_x: x)", "ops.PopulationCount()(input_x: x)")
def population_count(x):
    """How many bits are set, as uint8."""
    return jax.lax.population_count(array(x)).astype(np.uint8)


@op("ops.cosine_similarity(x1: x, x2: y, dim=1, eps=1e-8)")
def cosine_similarity(x, y, *, axis=1, eps=1e-8):
    """The cosine of the angle between vectors along an axis; the product of their lengths counts as `eps` at least."""
    x, y = pair(x, y)
    return (x * y).sum(axis) / jnp.maximum(root((x * x).sum(axis)) * root((y * y).sum(axis)), eps)


@op("ops.Complex()(real: x, imag: y)")
def complex_(x, y):
    """Complex numbers of real and imaginary part."""
    return jax.lax.complex(*pair(x, y))


@op("ops.ComplexAbs()(x)")
def complex_abs(x):
    """The size of complex numbers."""
    return jnp.abs(x)


@op("ops.ReduceStd(axis=(), unbiased=True, keep_dims=False)(x)")
def reduce_std(x, *, axis=(), unbiased=True, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """Standard deviation and mean along axes, all by default."""
    axis = (axis,) if isinstance(axis, int) else tuple(axis) or None
    return jnp.std(x, axis, ddof=int(unbiased), keepdims=keepdims), jnp.mean(x, axis, keepdims=keepdims)


@op("ops.iou(anchor_boxes: x, gt_boxes: y, mode='iou')", "ops.IOU(mode='iou')(anchor_boxes: x, gt_boxes: y)")
def iou(x, y, *, mode="iou"):
    """Areas that boxes (left, top, right, bottom), borders included, have in common, of their union.

    Args:
        mode: "iou", or "iof" for a part of the second boxes' areas.

    Returns:
        Of shape (number of second boxes, number of first boxes).

    Raises:
        ValueError: for another mode.
    """
    if mode not in ("iou", "iof"):
        raise ValueError(f"For 'IOU', 'mode' must be 'iou' or 'iof', but got {mode!r}.")
    x, y = x[None], y[:, None]
    sides = jnp.minimum(x[..., 2:], y[..., 2:]) - jnp.maximum(x[..., :2], y[..., :2]) + 1
    common = jnp.maximum(sides, 0).prod(-1)
    areas = [(box[..., 2:] - box[..., :2] + 1).prod(-1) for box in (x, y)]
    return common / (areas[0] + areas[1] - common if mode == "iou" else areas[1])


@op("ops.SquareSumAll()(x, y)")
def square_sum_all(x, y) -> tuple[jax.Array, jax.Array]:
    """The sums of the squares of two Tensors."""
    return (x * x).sum(), (y * y).sum()
