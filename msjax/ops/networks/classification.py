"""Losses of classes: of logits, probabilities and their logarithms, against class numbers or probabilities."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.ops.call import checks
from msjax.ops.call.promotion import array, inexact
from msjax.ops.networks.loss import FUNCTIONAL, check_reduction, reduced
from msjax.ops.table import op


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
    """-log of `softmax(x)`, at the target's classes or averaged by the target's probabilities.

    Args:
        x: logits, (N, C, ...) or (C,).
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
    """-x at the target's classes; the mean is weighted.

    Args:
        x: log-probabilities, (N, C, ...) or (C,).
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
    """-x at the target's classes; the mean is weighted.

    Args:
        x: log-probabilities, (N, C, ...) or (C,).
        target: class numbers, (N, ...).

    Raises:
        ValueError: if a target is no class; negative ones are not.
    """
    return nll_loss(x, target, weight, ignore_index=ignore_index, reduction=reduction)


@op(
    "ops.NLLLoss(reduction='mean', ignore_index=-100)(logits: x, labels: target, weight)",
    check=checks.positive_classes,
    numbers="ignore_index",
)
def nll_loss_primitive(x, target, weight, *, reduction="mean", ignore_index=-100) -> tuple[jax.Array, jax.Array]:
    """-logits at the labels, and the sum of the weights used."""
    check_reduction(reduction, "NLLLoss")
    return _nll(inexact(x), array(target), weight, ignore_index, reduction, 0.0)


@op("ops.SoftmaxCrossEntropyWithLogits()(logits, labels)")
def softmax_cross_entropy_with_logits(logits, labels) -> tuple[jax.Array, jax.Array]:
    """The cross entropy of each sample with the labels' probabilities, and its derivative, softmax(logits) - labels."""
    logits = inexact(logits)
    checks.one_shape("SoftmaxCrossEntropyWithLogits", logits=logits, labels=labels)
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
    """`-(target * log(x) + (1 - target) * log(1 - x))`; probabilities below 1e-12 count as that.

    Raises:
        ValueError: if the shapes differ.
        RuntimeError: if an element of the input is not between 0 and 1.
    """
    x, target = inexact(x), inexact(target)
    checks.one_shape("binary_cross_entropy", input=x, target=target)
    loss = _binary_cross_entropy(x, target)
    return reduced(loss if weight is None else loss * array(weight), reduction, "binary_cross_entropy")


@op(
    "ops.binary_cross_entropy_with_logits(input, target, weight=None, pos_weight=None, reduction='mean')",
    "ops.BCEWithLogitsLoss(reduction='mean')(input, target, weight=None, posWeight: pos_weight = None)",
    f"{FUNCTIONAL}.binary_cross_entropy_with_logits(input, target, weight=None, reduction='mean', pos_weight=None)",
)
def binary_cross_entropy_with_logits(x, target, weight=None, pos_weight=None, *, reduction="mean"):
    """binary_cross_entropy of `sigmoid(x)`; `pos_weight` multiplies the target's part."""
    x, target = inexact(x), inexact(target)
    checks.one_shape("binary_cross_entropy_with_logits", input=x, target=target)
    loss = _of_logits(x, target, pos_weight)
    return reduced(loss if weight is None else loss * array(weight), reduction, "binary_cross_entropy_with_logits")


def _of_logits(x, target, pos_weight=None):
    positive = target if pos_weight is None else target * array(pos_weight)
    return positive * jax.nn.softplus(-x) + (1 - target) * jax.nn.softplus(x)


@op("ops.SigmoidCrossEntropyWithLogits()(logits, label)")
def sigmoid_cross_entropy_with_logits(x, target):
    """binary_cross_entropy of sigmoid(logits), elementwise."""
    return binary_cross_entropy_with_logits(x, target, reduction="none")


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


@op("ops.multilabel_margin_loss(input, target, reduction='mean')", floats=("x",), check=checks.several_classes)
def multilabel_margin_loss(x, target, *, reduction="mean"):
    """The mean over classes of max(0, 1 - x[label] + x), summed over labels, for classes that are no labels.

    Args:
        target: class numbers, of the input's shape; those from the first -1 on do not count.

    Raises:
        ValueError: if a target is neither a class nor -1.
    """
    x, target = jnp.atleast_2d(inexact(x)), jnp.atleast_2d(array(target))
    counts = jnp.cumsum(target < 0, axis=1) == 0
    index = jnp.where(counts, target, 0)
    is_label = ((index[:, :, None] == jnp.arange(x.shape[1])) & counts[:, :, None]).any(1)
    terms = jax.nn.relu(1 - jnp.take_along_axis(x, index, 1)[:, :, None] + x[:, None, :])
    loss = jnp.where(counts[:, :, None] & ~is_label[:, None, :], terms, 0).sum((1, 2)) / x.shape[1]
    return reduced(loss, reduction, "ops.multilabel_margin_loss")


@op("ops.MultilabelMarginLoss(reduction='mean')(x, target)", check=checks.several_classes)
def multilabel_margin_loss_primitive(x, target, *, reduction="mean") -> tuple[jax.Array, jax.Array]:
    """multilabel_margin_loss, and which classes are labels (int32)."""
    counts = jnp.cumsum(target < 0, axis=-1) == 0
    index = jnp.where(counts, target, 0)
    is_label = ((index[..., :, None] == jnp.arange(x.shape[-1])) & counts[..., :, None]).any(-2)
    return multilabel_margin_loss(x, target, reduction=reduction), is_label.astype(np.int32)


@op("ops.multilabel_soft_margin_loss(input, target, weight=None, reduction='mean')", floats=("x",))
def multilabel_soft_margin_loss(x, target, weight=None, *, reduction="mean"):
    """binary_cross_entropy_with_logits of shapes that broadcast, averaged over classes."""
    loss = _of_logits(inexact(x), inexact(target))
    loss = (loss if weight is None else loss * array(weight)).mean(-1)
    return reduced(loss, reduction, "ops.multilabel_soft_margin_loss")
