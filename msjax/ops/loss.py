"""Losses of two Tensors or more, reduced by mean, sum or not at all."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.ops import checks
from msjax.ops.promotion import array, as_type, check_broadcast, inexact
from msjax.ops.rules import absolute, p_norm, scaled
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
    check_broadcast(x.shape, target.shape)
    dtype = jnp.promote_types(x.dtype, target.dtype)
    return inexact(as_type(x, dtype)), inexact(as_type(target, dtype))


# -- regression ------------------------------------------------------------------------------------------------------


@op("ops.mse_loss(input, target, reduction='mean')", "ops.mse_loss_ext(input, target, reduction='mean')",
    f"{FUNCTIONAL}.mse_loss(input, target, reduction='mean')")  # fmt: skip
def mse_loss(x, target, *, reduction="mean"):
    """(input - target) ** 2, broadcast."""
    x, target = _pair(x, target)
    return reduced(jnp.square(x - target), reduction, "ops.mse_loss")


@op("ops.l1_loss(input, target, reduction='mean')", f"{FUNCTIONAL}.l1_loss(input, target, reduction='mean')")
def l1_loss(x, target, *, reduction="mean"):
    """|input - target|, broadcast; where they are equal the derivative is 0."""
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
    if beta == 0:
        return l1_loss(x, target, reduction=reduction)
    return reduced(_huber(*_pair(x, target), beta) / beta, reduction, "ops.smooth_l1_loss")


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


# -- classification --------------------------------------------------------------------------------------------------


def _sparse_cross_entropy(x, target, weight, ignore_index, reduction, smoothing):
    """Of logits with classes on axis 1 (0 of a vector), and class numbers."""
    axis = min(1, x.ndim - 1)
    if smoothing:
        return _nll(jax.nn.log_softmax(x, axis), target, weight, ignore_index, reduction, smoothing)
    # The log-probabilities of other classes are not needed, nor the memory for them.
    top = lax.stop_gradient(x.max(axis))
    log_sum = jnp.log(jnp.exp(x - jnp.expand_dims(top, axis)).sum(axis))
    return _nll(x, target, weight, ignore_index, reduction, 0.0, lambda picked: picked - top - log_sum)


def _nll(log_p, target, weight, ignore_index, reduction, smoothing, normalized=None):
    """Of log-probabilities with classes on axis 1 (0 of a vector), and class numbers.

    Args:
        normalized: makes log-probabilities of what is picked from `log_p`, where that are logits.
    """
    axis = min(1, log_p.ndim - 1)
    classes = log_p.shape[axis]
    if target.shape != log_p.shape[:axis] + log_p.shape[axis + 1 :]:
        raise ValueError(
            "For 'nll_loss', the target must be of the input's shape without its "
            f"classes, but got {log_p.shape} and {target.shape}."
        )
    keep = target != ignore_index
    index = jnp.where(keep, target, 0)
    weights = jnp.ones(classes, log_p.dtype) if weight is None else array(weight).astype(log_p.dtype)
    # Where nothing checks the classes, one beyond them gives nan, which is seen; clipping it would hide the mistake.
    picked = jnp.take_along_axis(log_p, jnp.expand_dims(index, axis), axis, mode="fill").squeeze(axis)
    picked = picked if normalized is None else normalized(picked)
    own = jnp.where(keep, weights[index], 0)
    loss = -own * picked
    if smoothing:
        spread = (log_p * weights.reshape(-1, *(1,) * (log_p.ndim - axis - 1))).sum(axis)
        loss = (1 - smoothing) * loss - smoothing / classes * jnp.where(keep, spread, 0)
    return loss.sum() / own.sum() if reduction == "mean" else reduced(loss, reduction, "ops.nll_loss"), own.sum()


def _soft_cross_entropy(log_p, target, weight, reduction, smoothing):
    axis = min(1, log_p.ndim - 1)
    classes = log_p.shape[axis]
    if target.shape != log_p.shape:
        raise ValueError(
            f"For 'cross_entropy', probabilities must be of the input's shape {log_p.shape}, but got {target.shape}."
        )
    target = target * (1 - smoothing) + smoothing / classes
    weights = 1 if weight is None else array(weight).reshape(-1, *(1,) * (log_p.ndim - axis - 1))
    return reduced(-(target * log_p * weights).sum(axis), reduction, "ops.cross_entropy")


CROSS_ENTROPY = "(input, target, weight=None, ignore_index=-100, reduction='mean', label_smoothing=0.0)"


@op(f"ops.cross_entropy{CROSS_ENTROPY}", f"{FUNCTIONAL}.cross_entropy{CROSS_ENTROPY}", check=checks.classes,
    floats=("x",), numbers="ignore_index")  # fmt: skip
def cross_entropy(x, target, weight=None, *, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    """-log of softmax(input), at the target's classes or averaged by the target's probabilities.

    Args:
        input: logits, (N, C, ...) or (C,).
        target: class numbers, (N, ...), or probabilities, of the input's shape.
        weight: one number for each class.
        ignore_index: a class number whose samples do not count.

    Raises:
        ValueError: if the shapes do not fit.
        RuntimeError: if a target is no class.
    """
    x, target = inexact(x), array(target)
    check_reduction(reduction, "ops.cross_entropy")
    if jnp.issubdtype(target.dtype, jnp.floating):
        log_p = jax.nn.log_softmax(x, min(1, x.ndim - 1))
        return _soft_cross_entropy(log_p, target, weight, reduction, label_smoothing)
    return _sparse_cross_entropy(x, target, weight, ignore_index, reduction, label_smoothing)[0]


@op(
    "ops.nll_loss(inputs: x, target, weight=None, ignore_index=-100, reduction='mean', label_smoothing=0.0)",
    check=checks.classes,
    kinds={"ignore_index": "None or real or Tensor or scalar"},
    numbers="ignore_index",
)
def nll_loss(x, target, weight=None, *, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    """-input at the target's classes; the mean is weighted.

    Args:
        input: log-probabilities, (N, C, ...) or (C,).
        target: class numbers, (N, ...).

    Raises:
        RuntimeError: if a target is no class.
    """
    check_reduction(reduction, "ops.nll_loss")
    return _nll(inexact(x), array(target), weight, ignore_index, reduction, label_smoothing)[0]


@op(
    "ops.nll_loss_ext(input, target, weight=None, ignore_index=-100, reduction='mean')",
    f"{FUNCTIONAL}.nll_loss(input, target, weight=None, ignore_index=-100, reduction='mean')",
    check=checks.positive_classes,
    numbers="ignore_index",
)
def nll_loss_ext(x, target, weight=None, *, ignore_index=-100, reduction="mean"):
    """The same, but with a ValueError if a target is no class; negative ones are not."""
    return nll_loss(x, target, weight, ignore_index=ignore_index, reduction=reduction)


@op(
    "ops.NLLLoss(reduction='mean', ignore_index=-100)(logits: x, labels: target, weight)",
    check=checks.positive_classes,
    numbers="ignore_index",
)
def nll_loss_primitive(x, target, weight, *, reduction="mean", ignore_index=-100):
    """-logits at the labels, and the sum of the weights used."""
    check_reduction(reduction, "NLLLoss")
    return _nll(inexact(x), array(target), weight, ignore_index, reduction, 0.0)


@op("ops.SoftmaxCrossEntropyWithLogits()(logits, labels)")
def softmax_cross_entropy_with_logits(logits, labels):
    """The cross entropy of each sample with the labels' probabilities, and its derivative, softmax(logits) - labels."""
    logits = inexact(logits)
    if logits.shape != labels.shape:
        raise ValueError(
            "For 'SoftmaxCrossEntropyWithLogits', 'logits' and 'labels' must be of "
            f"one shape, but got {logits.shape}, {labels.shape}."
        )
    return -(labels * jax.nn.log_softmax(logits)).sum(-1), jax.nn.softmax(logits) - labels


@op("ops.SparseSoftmaxCrossEntropyWithLogits(is_grad=False)(logits, labels)", check=checks.labels)
def sparse_softmax_cross_entropy_with_logits(logits, labels, *, is_grad=False):
    """The mean cross entropy with class numbers, or its derivative; a class that does not exist has probability 0.

    Raises:
        RuntimeError: if a label is negative.
    """

    def mean(x):
        x, none = inexact(x), labels.astype(np.int64) >= x.shape[1]
        loss = _sparse_cross_entropy(x, jnp.where(none, 0, labels), None, -1, "none", 0.0)[0]
        return jnp.where(none, jax.nn.logsumexp(x, 1) + jnp.inf, loss).mean()

    return jax.grad(mean)(logits) if is_grad else mean(logits)


@jax.custom_jvp
def _binary_cross_entropy(x, target):
    return -(target * jnp.log(jnp.maximum(x, 1e-12)) + (1 - target) * jnp.log(jnp.maximum(1 - x, 1e-12)))


@_binary_cross_entropy.defjvp
def _binary_cross_entropy_jvp(primals, tangents):
    # As in MindSpore: where the logarithms are cut off, a wrong probability still has a derivative.
    x, target = primals
    along_x = (x - target) / jnp.maximum(x * (1 - x), 1e-12)
    along_target = jnp.log(jnp.maximum(1 - x, 1e-12)) - jnp.log(jnp.maximum(x, 1e-12))
    return _binary_cross_entropy(x, target), along_x * tangents[0] + along_target * tangents[1]


@op(
    "ops.binary_cross_entropy(logits, labels, weight=None, reduction='mean')",
    "ops.BinaryCrossEntropy(reduction='mean')(input, target, weight=None)",
    f"{FUNCTIONAL}.binary_cross_entropy(input, target, weight=None, reduction='mean')",
    check=checks.probabilities,
)
def binary_cross_entropy(x, target, weight=None, *, reduction="mean"):
    """-(target * log(input) + (1 - target) * log(1 - input)); probabilities below 1e-12 count as that.

    Raises:
        ValueError: if the shapes differ.
        RuntimeError: if an element of the input is not between 0 and 1.
    """
    x, target = inexact(x), inexact(target)
    if x.shape != target.shape:
        raise ValueError(
            f"For 'binary_cross_entropy', input and target must be of one shape, but got {x.shape} and {target.shape}."
        )
    loss = _binary_cross_entropy(x, target)
    return reduced(loss if weight is None else loss * array(weight), reduction, "binary_cross_entropy")


@op(
    "ops.binary_cross_entropy_with_logits(input, target, weight=None, pos_weight=None, reduction='mean')",
    "ops.BCEWithLogitsLoss(reduction='mean')(input, target, weight=None, posWeight: pos_weight = None)",
    f"{FUNCTIONAL}.binary_cross_entropy_with_logits(input, target, weight=None, reduction='mean', pos_weight=None)",
)
def binary_cross_entropy_with_logits(x, target, weight=None, pos_weight=None, *, reduction="mean"):
    """binary_cross_entropy of sigmoid(input); `pos_weight` multiplies the target's part."""
    x, target = inexact(x), inexact(target)
    positive = target if pos_weight is None else target * array(pos_weight)
    loss = positive * jax.nn.softplus(-x) + (1 - target) * jax.nn.softplus(x)
    return reduced(loss if weight is None else loss * array(weight), reduction, "binary_cross_entropy_with_logits")


@op("ops.SigmoidCrossEntropyWithLogits()(logits, label)")
def sigmoid_cross_entropy_with_logits(x, target):
    """binary_cross_entropy of sigmoid(logits), elementwise."""
    return binary_cross_entropy_with_logits(x, target, reduction="none")


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
    """target * (log(target) - input), 0 where the target is; input (and with `log_target` the target) are logarithms.

    Args:
        reduction: also "batchmean", the sum divided by the number of samples.
    """
    x, target = _pair(x, target)
    if log_target:
        return _batch_reduced(jnp.exp(target) * (target - x), reduction, "ops.kl_div")
    positive = target > 0
    loss = jnp.where(positive, target * (jnp.log(jnp.where(positive, target, 1)) - x), 0)
    return _batch_reduced(loss, reduction, "ops.kl_div")


COSINE = "(input1, input2, target, margin=0.0, reduction='mean')"


@op(f"ops.cosine_embedding_loss{COSINE}", f"{FUNCTIONAL}.cosine_embedding_loss{COSINE}")
def cosine_embedding_loss(x, y, target, *, margin=0.0, reduction="mean"):
    """1 - cos(input1, input2) where the target is 1, and max(0, cos - margin) where it is -1; cos of zeros counts as 0.

    Raises:
        ValueError: if margin is not in [-1, 1].
    """
    if not -1 <= margin <= 1:
        raise ValueError(
            f"For 'cosine_embedding_loss', the 'margin' must be in range of [-1.0, 1.0], but got {margin}."
        )
    x, y = map(scaled, _pair(x, y))
    squares = jnp.square(x).sum(-1) * jnp.square(y).sum(-1)
    cosine = jnp.where(squares == 0, 0, (x * y).sum(-1) * lax.rsqrt(jnp.where(squares == 0, 1, squares)))
    loss = jnp.where(target == 1, 1 - cosine, jnp.where(target == -1, jnp.maximum(cosine - margin, 0), 0))
    return reduced(loss, reduction, "ops.cosine_embedding_loss")


@op("ops.margin_ranking_loss(input1, input2, target, margin=0.0, reduction='mean')")
def margin_ranking_loss(x, y, target, *, margin=0.0, reduction="mean"):
    """max(0, margin - target * (input1 - input2)), for targets of 1 and -1; at the kink with the derivative above it.

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
    """The input where the target is 1, and max(0, margin - input) where it is -1."""
    loss = jnp.where(target == 1, x, 0) + jnp.where(target == -1, jnp.maximum(margin - x, 0), 0)
    return reduced(loss, reduction, "ops.hinge_embedding_loss")


@op("ops.multi_margin_loss(input, target, p=1, margin=1, weight=None, reduction='mean')",
    "ops.MultiMarginLoss(p=1, margin=1.0, reduction='mean')(x, target, weight=None)",
    check=checks.margin_classes, floats=("x",), numbers="p margin")  # fmt: skip
def multi_margin_loss(x, target, weight=None, *, p=1, margin=1, reduction="mean"):
    """The mean over classes of max(0, margin - x[target] + x) ** p without the target's own, times its weight.

    Raises:
        ValueError: if p is neither 1 nor 2, or a target is no class.
    """
    if p not in (1, 2):
        raise ValueError(f"For 'multi_margin_loss', 'p' must be 1 or 2, but got {p}.")
    own = jnp.take_along_axis(x, target[:, None], 1)
    terms = jax.nn.relu(margin - own + x) ** p
    terms = terms if weight is None else terms * array(weight)[target][:, None]
    others = jnp.arange(x.shape[1]) != target[:, None]
    return reduced(jnp.where(others, terms, 0).sum(1) / x.shape[1], reduction, "ops.multi_margin_loss")


@op("ops.multilabel_margin_loss(input, target, reduction='mean')", floats=("x",))
def multilabel_margin_loss(x, target, *, reduction="mean"):
    """The mean over classes of max(0, 1 - x[label] + x), summed over labels, for classes that are no labels.

    Args:
        target: class numbers, of the input's shape; those from the first -1 on do not count.
    """
    x, target = jnp.atleast_2d(inexact(x)), jnp.atleast_2d(array(target))
    counts = jnp.cumsum(target < 0, axis=1) == 0
    index = jnp.where(counts, target, 0)
    is_label = ((index[:, :, None] == jnp.arange(x.shape[1])) & counts[:, :, None]).any(1)
    terms = jax.nn.relu(1 - jnp.take_along_axis(x, index, 1)[:, :, None] + x[:, None, :])
    loss = jnp.where(counts[:, :, None] & ~is_label[:, None, :], terms, 0).sum((1, 2)) / x.shape[1]
    return reduced(loss, reduction, "ops.multilabel_margin_loss")


@op("ops.MultilabelMarginLoss(reduction='mean')(x, target)")
def multilabel_margin_loss_primitive(x, target, *, reduction="mean"):
    """multilabel_margin_loss, and which classes are labels (int32)."""
    counts = jnp.cumsum(target < 0, axis=-1) == 0
    index = jnp.where(counts, target, 0)
    is_label = ((index[..., :, None] == jnp.arange(x.shape[-1])) & counts[..., :, None]).any(-2)
    return multilabel_margin_loss(x, target, reduction=reduction), is_label.astype(np.int32)


@op("ops.multilabel_soft_margin_loss(input, target, weight=None, reduction='mean')", floats=("x",))
def multilabel_soft_margin_loss(x, target, weight=None, *, reduction="mean"):
    """binary_cross_entropy_with_logits, averaged over classes."""
    loss = binary_cross_entropy_with_logits(x, target, weight, reduction="none").mean(-1)
    return reduced(loss, reduction, "ops.multilabel_soft_margin_loss")


@op("ops.soft_margin_loss(input, target, reduction='mean')", "ops.SoftMarginLoss(reduction='mean')(input, target)",
    f"{FUNCTIONAL}.soft_margin_loss(input, target, reduction='mean')")  # fmt: skip
def soft_margin_loss(x, target, *, reduction="mean"):
    """log(1 + exp(-target * input))."""
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
