"""Losses of two Tensors or more, reduced by mean, sum or not at all."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
from jax import lax

from msjax.ops.call.checks import one_shape
from msjax.ops.call.promotion import array, as_type, check_broadcast, inexact
from msjax.ops.maths.rules import absolute, p_norm, scaled
from msjax.ops.table import op

FUNCTIONAL = "mint.nn.functional"


def reduced(loss, reduction: str, what: str):
    """`loss` as the reduction says.

    Raises:
        ValueError: for another reduction than "mean", "sum" or "none".
    """
    check_reduction(reduction, what)
    if reduction == "none":
        return loss
    return loss.mean() if reduction == "mean" else loss.sum()


def check_reduction(reduction: str, what: str, kinds=("mean", "none", "sum")) -> None:
    if reduction not in kinds:
        raise ValueError(
            f"For {what}, `reduction` value should be one of {', '.join(map(repr, kinds))}, but got {reduction!r}."
        )


def _pair(x, target):
    x, target = array(x), array(target, "target")
    for name, value in (("input", x), ("target", target)):
        if getattr(value, "weak_type", False):
            raise TypeError(f"{name!r} must be a Tensor, but got a number.")
    check_broadcast(x.shape, target.shape)
    dtype = jnp.promote_types(x.dtype, target.dtype)
    return inexact(as_type(x, dtype)), inexact(as_type(target, dtype))


# -- regression ------------------------------------------------------------------------------------------------------


@op("ops.mse_loss(input, target, reduction='mean')", "ops.mse_loss_ext(input, target, reduction='mean')",
    f"{FUNCTIONAL}.mse_loss(input, target, reduction='mean')")  # fmt: skip
def mse_loss(x, target, *, reduction="mean"):
    """`(x - target) ** 2`, broadcast."""
    x, target = _pair(x, target)
    return reduced(jnp.square(x - target), reduction, "ops.mse_loss")


@op("ops.l1_loss(input, target, reduction='mean')", f"{FUNCTIONAL}.l1_loss(input, target, reduction='mean')")
def l1_loss(x, target, *, reduction="mean"):
    """`|x - target|`, broadcast; where they are equal the derivative is 0."""
    x, target = _pair(x, target)
    return reduced(absolute(x - target), reduction, "ops.l1_loss")


@op(
    "ops.smooth_l1_loss(input, target, beta=1.0, reduction='none')",
    "ops.SmoothL1Loss(beta=1.0, reduction='none')(prediction, target)",
    f"{FUNCTIONAL}.smooth_l1_loss(input, target, reduction='mean', beta=1.0)",
)
def smooth_l1_loss(x, target, *, beta=1.0, reduction="none"):
    """The square of the distance, divided by 2 * beta, below `beta`, and the distance less beta / 2 above."""
    if beta < 0:
        raise ValueError(f"For 'smooth_l1_loss', 'beta' must not be negative, but got {beta}.")
    x, target = _pair(x, target)
    one_shape("smooth_l1_loss", input=x, target=target)
    if beta == 0:
        return l1_loss(x, target, reduction=reduction)
    return reduced(_huber(x, target, beta) / beta, reduction, "ops.smooth_l1_loss")


@op("ops.huber_loss(input, target, reduction='mean', delta=1.0)")
def huber_loss(x, target, *, reduction="mean", delta=1.0):
    """Half the square of the distance up to `delta`, and delta * (distance - delta / 2) above."""
    if delta <= 0:
        raise ValueError(f"For 'huber_loss', 'delta' must be positive, but got {delta}.")
    return reduced(_huber(*_pair(x, target), delta), reduction, "ops.huber_loss")


def _huber(x, target, delta):
    apart = x - target
    distance = absolute(apart)
    return jnp.where(distance < delta, 0.5 * apart * apart, delta * (distance - 0.5 * delta))


@op("ops.gaussian_nll_loss(x, target, var, full=False, eps=1e-06, reduction='mean')")
def gaussian_nll_loss(x, target, var, *, full=False, eps=1e-6, reduction="mean"):
    """-log of a normal density with mean x and variance `var` (at least `eps`) at the target; constant if `full`."""
    x, target = _pair(x, target)
    variance = jnp.maximum(var, eps)
    loss = 0.5 * (jnp.log(variance) + jnp.square(x - target) / variance)
    return reduced(loss + 0.5 * math.log(2 * math.pi) if full else loss, reduction, "ops.gaussian_nll_loss")


@op("ops.L2Loss()(input_x)")
def l2_loss(x):
    """Half the sum of squares."""
    return jnp.square(array(x)).sum() / 2


# -- distances between distributions, samples and classes ------------------------------------------------------------


def _batch_reduced(loss, reduction: str, what: str):
    check_reduction(reduction, what, ("mean", "none", "sum", "batchmean"))
    return loss.sum() / loss.shape[0] if reduction == "batchmean" else reduced(loss, reduction, what)


@op(
    "ops.kl_div(logits: x, labels: target, reduction='mean')",
    "ops.KLDivLoss(reduction='mean')(logits: x, labels: target)",
    f"{FUNCTIONAL}.kl_div(input, target, reduction='mean', log_target=False)",
    floats=("x", "target"),
)
def kl_div(x, target, *, reduction="mean", log_target=False):
    """`target * (log(target) - x)`, 0 where the target is; input (and with `log_target` the target) are logarithms.

    Args:
        reduction: also "batchmean", the sum divided by the number of samples.
    """
    x, target = _pair(x, target)
    one_shape("kl_div", input=x, target=target)
    if log_target:
        return _batch_reduced(jnp.exp(target) * (target - x), reduction, "ops.kl_div")
    positive = target > 0
    loss = jnp.where(positive, target * (jnp.log(jnp.where(positive, target, 1)) - x), 0)
    return _batch_reduced(loss, reduction, "ops.kl_div")


COSINE = "(input1, input2, target, margin=0.0, reduction='mean')"


@op(f"ops.cosine_embedding_loss{COSINE}", f"{FUNCTIONAL}.cosine_embedding_loss{COSINE}")
def cosine_embedding_loss(x, y, target, *, margin=0.0, reduction="mean"):
    """`1 - cos(x, y)` where the target is 1, and `max(0, cos(x, y) - margin)` where it is -1; cos of zeros counts as 0.

    Raises:
        ValueError: if margin is not in [-1, 1].
    """
    if not -1 <= margin <= 1:
        raise ValueError(
            f"For 'cosine_embedding_loss', the 'margin' must be in range of [-1.0, 1.0], but got {margin}."
        )
    x, y = map(scaled, _pair(x, y))
    one_shape("cosine_embedding_loss", input1=x, input2=y)
    squares = jnp.square(x).sum(-1) * jnp.square(y).sum(-1)
    cosine = jnp.where(squares == 0, 0, (x * y).sum(-1) * lax.rsqrt(jnp.where(squares == 0, 1, squares)))
    loss = jnp.where(target == 1, 1 - cosine, jnp.where(target == -1, jnp.maximum(cosine - margin, 0), 0))
    return reduced(loss, reduction, "ops.cosine_embedding_loss")


@op("ops.margin_ranking_loss(input1, input2, target, margin=0.0, reduction='mean')")
def margin_ranking_loss(x, y, target, *, margin=0.0, reduction="mean"):
    """`max(0, margin - target * (x - y))`, for targets of 1 and -1; at the kink with the derivative above it.

    Raises:
        TypeError: if the dtypes differ.
    """
    if not array(x).dtype == array(y).dtype == array(target).dtype:
        raise TypeError(
            "For margin_ranking_loss, input1, input2 and target must be of one "
            f"dtype, but got {x.dtype}, {y.dtype}, {target.dtype}."
        )
    short = margin - target * (x - y)
    return reduced(jnp.where(short >= 0, short, 0), reduction, "ops.margin_ranking_loss")


@op("ops.hinge_embedding_loss(inputs: x, targets: target, margin=1.0, reduction='mean')", floats=("x",))
def hinge_embedding_loss(x, target, *, margin=1.0, reduction="mean"):
    """The input where the target is positive, as 1, and `max(0, margin - x)` where it is negative, as -1."""
    loss = jnp.where(target > 0, x, 0) + jnp.where(target < 0, jnp.maximum(margin - x, 0), 0)
    return reduced(loss, reduction, "ops.hinge_embedding_loss")


@op("ops.soft_margin_loss(input, target, reduction='mean')", "ops.SoftMarginLoss(reduction='mean')(input, target)",
    f"{FUNCTIONAL}.soft_margin_loss(input, target, reduction='mean')")  # fmt: skip
def soft_margin_loss(x, target, *, reduction="mean"):
    """`log(1 + exp(-target * x))`."""
    x, target = _pair(x, target)
    return reduced(jax.nn.softplus(-target * x), reduction, "ops.soft_margin_loss")


TRIPLET = "p=2, eps=1e-06, swap=False, reduction='mean'"


@op(
    f"ops.triplet_margin_loss(anchor, positive, negative, margin=1.0, {TRIPLET})",
    "ops.TripletMarginLoss(p=2, swap=False, eps=1e-06, reduction='mean')(x: anchor, positive, negative, margin)",
    numbers="p",
)
def triplet_margin_loss(anchor, positive, negative, margin=1.0, *, p=2, eps=1e-6, swap=False, reduction="mean"):
    """max(0, |anchor - positive| - |anchor - negative| + margin) in the p-norm of the last axis.

    Args:
        swap: take the distance of positive and negative where it is less than that of anchor and negative.
    """
    distance = lambda a, b: p_norm(a - b + eps, p)  # noqa: E731
    far = distance(anchor, negative)
    if swap:
        far = jnp.minimum(far, distance(positive, negative))
    return reduced(jax.nn.relu(distance(anchor, positive) - far + margin), reduction, "ops.triplet_margin_loss")
