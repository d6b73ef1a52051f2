"""Loss layers."""

from __future__ import annotations

__stateless__ = True  # see core.effects: a function may make these layers anew on each call

import math
from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core import watching
from msjax.core.effects import only_computes
from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.layer.activation import BY_NAME, get_activation
from msjax.nn.layer.rows import layers
from msjax.ops.table import lookup


@takes(reduction="'mean' or 'sum' or 'none'")
class LossBase(Cell):
    """Base class of losses. A subclass computes one loss for each element and hands it to `get_loss`.

    Args:
        reduction: what becomes of the losses: "mean", "sum" or "none".

    Inputs:
        args, kwargs: what a subclass takes, predictions and labels as a rule.

    Returns:
        A Tensor without axes, or for "none" one loss for each element.

    Raises:
        TypeError, ValueError: for another reduction.

    Example:
        >>> class AbsLoss(nn.LossBase):
        ...     def construct(self, logits, labels):
        ...         return self.get_loss(ops.abs(logits - labels))
        >>> print(AbsLoss()(Tensor([1.0, 3.0]), Tensor([2.0, 2.0])))
        1.0
    """

    def __init__(self, reduction: Any = "mean"):
        super().__init__()
        self._reduction = reduction
        self.average, self.reduce = reduction == "mean", reduction != "none"

    @only_computes
    def get_axis(self, x) -> tuple[int, ...]:
        """The numbers of all axes.

        Args:
            x: a Tensor.

        Returns:
            A tuple of ints.
        """
        return tuple(range(x.ndim))

    @only_computes
    def get_loss(self, x, weights: Any = 1.0) -> Tensor:
        """`x` times `weights`, reduced as `reduction` says.

        Args:
            x: the losses, a Tensor.
            weights: a Tensor whose shape broadcasts to that of x, or a number.

        Returns:
            A Tensor.
        """
        x = x * weights
        return x if not self.reduce else x.mean() if self.average else x.sum()

    def construct(self, *args: Any, **kwargs: Any) -> Any:  # so that a subclass may take other inputs
        raise NotImplementedError(f"{type(self).__name__} must define construct(self, logits, labels).")


_Loss = LossBase

_REDUCED = "reduction='mean'"
layers(
    {
        f"nn.L1Loss({_REDUCED})(logits, labels)": "ops.l1_loss",
        f"nn.MAELoss({_REDUCED})(logits, label)": "ops.l1_loss",
        f"nn.MSELoss({_REDUCED})(logits, labels)": "ops.mse_loss",
        "nn.SmoothL1Loss(beta=1.0, reduction='none')(logits, labels)": "ops.smooth_l1_loss",
        f"nn.HuberLoss({_REDUCED}, delta=1.0)(logits, labels)": "ops.huber_loss",
        f"nn.GaussianNLLLoss(*, full=False, eps=1e-6, {_REDUCED})(logits, labels, var)": "ops.gaussian_nll_loss",
        f"nn.CrossEntropyLoss(weight=None, ignore_index=-100, {_REDUCED}, label_smoothing=0.0)(logits, labels)": (
            "ops.cross_entropy"
        ),
        f"nn.NLLLoss(weight=None, ignore_index=-100, {_REDUCED})(logits, labels)": "ops.nll_loss",
        f"nn.BCELoss(weight=None, {_REDUCED})(logits, labels)": "ops.binary_cross_entropy",
        f"nn.BCEWithLogitsLoss({_REDUCED}, weight=None, pos_weight=None)(input, target)": (
            "ops.binary_cross_entropy_with_logits"
        ),
        f"nn.CosineEmbeddingLoss(margin=0.0, {_REDUCED})(logits_x1, logits_x2, labels)": "ops.cosine_embedding_loss",
        f"nn.HingeEmbeddingLoss(margin=1.0, {_REDUCED})(logits, labels)": "ops.hinge_embedding_loss",
        f"nn.MarginRankingLoss(margin=0.0, {_REDUCED})(input1, input2, target)": "ops.margin_ranking_loss",
        f"nn.MultilabelMarginLoss({_REDUCED})(x, target)": "ops.multilabel_margin_loss",
        f"nn.MultiLabelSoftMarginLoss(weight=None, {_REDUCED})(x, target)": "ops.multilabel_soft_margin_loss",
        f"nn.SoftMarginLoss({_REDUCED})(logits, labels)": "ops.soft_margin_loss",
    },
    kinds={
        "None or real": "SmoothL1Loss.beta",
        "real (0, inf)": "GaussianNLLLoss.eps",
        "None or Tensor": (
            "CrossEntropyLoss.weight NLLLoss.weight BCEWithLogitsLoss.weight BCEWithLogitsLoss.pos_weight"
        ),
        "int": "CrossEntropyLoss.ignore_index NLLLoss.ignore_index",
        "float [0, 1]": "CrossEntropyLoss.label_smoothing",
        "float [-1, 1]": "CosineEmbeddingLoss.margin",
        "number": "HingeEmbeddingLoss.margin",
    },
    base=LossBase,
    start="reduction",
)


@documented
class RMSELoss(LossBase):
    """sqrt(mean((logits - label) ** 2)).

    Returns:
        A Tensor without axes.

    Example:
        >>> nn.RMSELoss()(Tensor([1.0, 5.0]), Tensor([1.0, 5.0])).item()
        0.0
    """

    def __init__(self):
        super().__init__()
        self.MSELoss = lookup("nn", "MSELoss")()

    def construct(self, logits, label):
        return ops.sqrt(self.MSELoss(logits, label))


@documented
class PoissonNLLLoss(LossBase):
    """exp(input) - target * input, or input - target * log(input + eps) if not `log_input`; with `full` also Stirling's
    approximation of log(target!), for targets above 1.

    Args:
        log_input: whether the input is the logarithm of the rate.
        full: whether the term that depends on the target alone is added.
        eps: what keeps the logarithm of 0 finite.

    Inputs:
        input: a Tensor of any shape: the rate, or its logarithm.
        target: a Tensor of the same shape: the counts.

    Returns:
        A Tensor without axes, or for "none" of the input's shape.

    Example:
        >>> nn.PoissonNLLLoss()(Tensor([0.0, 0.0]), Tensor([1.0, 2.0])).item()
        1.0
    """

    def __init__(self, log_input=True, full=False, eps: Any = 1e-8, reduction: Any = "mean"):
        super().__init__(reduction)
        self.log_input, self.full, self.eps = log_input, full, eps

    def construct(self, input, target):
        loss = ops.exp(input) - target * input if self.log_input else input - target * ops.log(input + self.eps)
        if self.full:
            above = target > 1
            safe = ops.where(above, target, 1.0)
            loss = loss + ops.where(above, safe * ops.log(safe) - safe + 0.5 * ops.log(2 * math.pi * safe), 0.0)
        return self.get_loss(loss)


@documented
@takes(sparse="bool")
class SoftmaxCrossEntropyWithLogits(LossBase):
    """The cross entropy of each sample, -sum(labels * log(softmax(logits))).

    Args:
        sparse: whether labels are the numbers of the classes, rather than probabilities.

    Inputs:
        logits: a Tensor (N, C).
        labels: a Tensor (N, C), or with `sparse` (N,) of ints.

    Returns:
        A Tensor (N,) for "none", else without axes.

    Example:
        >>> nn.SoftmaxCrossEntropyWithLogits(sparse=True)(ops.zeros((2, 4)), Tensor([0, 3])).asnumpy().round(3)
        array([1.386, 1.386], dtype=float32)
    """

    def __init__(self, sparse=False, reduction: Any = "none"):
        super().__init__(reduction)
        self.sparse, self.reduction = sparse, reduction

    def construct(self, logits, labels):
        if self.sparse and self._reduction == "mean":
            return ops.SparseSoftmaxCrossEntropyWithLogits()(logits, labels)
        if self.sparse:  # a label that is no class counts nothing
            labels = ops.where(ops.logical_and(labels >= 0, labels < logits.shape[1]), labels, -100)
            return ops.cross_entropy(logits, labels, reduction=self._reduction)
        return self.get_loss(ops.SoftmaxCrossEntropyWithLogits()(logits, labels)[0])


@documented
@takes(weight="None or Tensor", gamma="float")
class FocalLoss(LossBase):
    """The cross entropy, times (1 - p) ** gamma with p the probability of the label's class (Lin et al., 2017).

    Args:
        weight: one number for each class, or None.
        gamma: how much the loss of what is predicted well is reduced.

    Inputs:
        logits: a Tensor (N, C), (N, C, H) or (N, C, H, W).
        labels: a Tensor of class numbers, with size 1 in place of C, or of probabilities of the shape of the logits.

    Returns:
        A Tensor without axes, or for "none" the mean over the places of each sample, and of each class if labels are
        probabilities.

    Raises:
        TypeError: if `gamma` is not a float.
        ValueError: in calls, if logits and labels have another number of axes.

    Example:
        >>> round(nn.FocalLoss()(ops.zeros((2, 4)), Tensor([[0], [3]])).item(), 3)
        0.78
    """

    def __init__(self, weight=None, gamma: Any = 2.0, reduction: Any = "mean"):
        super().__init__(reduction)
        self.weight, self.gamma = weight, gamma

    def construct(self, logits, labels):
        if logits.ndim != labels.ndim:
            raise ValueError(
                "For 'FocalLoss', 'logits' and 'labels' must have the same number of axes, "
                f"but got shapes {logits.shape} and {labels.shape}."
            )
        n, c = logits.shape[:2]
        log_p = ops.log_softmax(logits.reshape(n, c, -1), 1)
        if labels.shape[1] == 1:
            index = labels.reshape(labels.shape[0], 1, -1).astype(mstype.int32)
            log_p = ops.gather_elements(log_p, 1, index)
            loss = -log_p * (1 if self.weight is None else ops.gather(self.weight, index, 0))
        else:
            weights = 1 if self.weight is None else self.weight.reshape(1, c, 1)
            loss = -log_p * labels.reshape(n, c, -1) * weights
        loss = (loss * ops.pow(1 - ops.exp(log_p), self.gamma)).mean(-1)
        return self.get_loss(loss.squeeze(1) if labels.shape[1] == 1 else loss)


@documented
@takes(smooth="float (0, inf)")
class DiceLoss(LossBase):
    """1 - 2 * sum(logits * label) / (sum(logits ** 2) + sum(label ** 2) + smooth).

    Args:
        smooth: what keeps the quotient finite.

    Inputs:
        logits: a Tensor of any shape.
        label: a Tensor of the same shape.

    Returns:
        A Tensor without axes.

    Raises:
        ValueError: in calls, for other shapes.

    Example:
        >>> round(nn.DiceLoss()(Tensor([0.0, 1.0]), Tensor([0.0, 1.0])).item(), 4)
        0.0
    """

    def __init__(self, smooth: Any = 1e-5):
        super().__init__()
        self.smooth = smooth

    def construct(self, logits, label):
        if logits.shape != label.shape:
            raise ValueError(
                f"For 'DiceLoss', 'logits' and 'label' must be of one shape, but got {logits.shape} and {label.shape}."
            )
        overlap = (logits * label).sum()
        total = (logits * logits).sum() + (label * label).sum()
        return 1 - 2 * overlap / (total + self.smooth)


@documented
@takes(
    weights="None or Tensor",
    ignore_indiex="None or int",
    activation=f"None or Cell or {' or '.join(map(repr, BY_NAME))}",
)
class MultiClassDiceLoss(LossBase):
    """The mean over classes (axis 1) of the dice losses of softmax(logits).

    Args:
        weights: one weight for each class, a Tensor (classes, ...), or None.
        ignore_indiex: a class that does not count, or None.
        activation: "softmax" or another activation's name, a Cell, or None for none.

    Inputs:
        logits: a Tensor (N, C, ...).
        label: a Tensor of the same shape.

    Returns:
        A Tensor without axes.

    Raises:
        ValueError: in calls, for other shapes.

    Example:
        >>> labels = Tensor([[0.0, 1.0], [1.0, 0.0]])
        >>> round(nn.MultiClassDiceLoss(activation=None)(labels, labels).item(), 4)
        0.0
    """

    def __init__(self, weights=None, ignore_indiex=None, activation: Any = "softmax"):
        super().__init__()
        self.weights, self.ignore_indiex = weights, ignore_indiex
        self.activation = get_activation(activation) if isinstance(activation, str) else activation
        self.dice = DiceLoss(1e-5)

    def construct(self, logits, label):
        if self.weights is not None and self.weights.shape[0] != label.shape[1]:
            raise ValueError(
                "For 'MultiClassDiceLoss', there must be as many 'weights' as classes in 'label', "
                f"but got {self.weights.shape[0]} and {label.shape[1]}."
            )
        if self.activation is not None:
            logits = watching.seen(self.activation)(logits)
        total = Tensor(0.0)
        for i in range(label.shape[1]):
            if i != self.ignore_indiex:
                loss = self.dice(logits[:, i], label[:, i])
                total = total + (loss if self.weights is None else loss * self.weights[i])
        return total / label.shape[1]


@documented
@takes(reduction="'none' or 'mean' or 'batchmean' or 'sum'")
class KLDivLoss(LossBase):
    """labels * (log(labels) - logits) where the labels are above 0: how far they are from the distribution exp(logits).

    Args:
        reduction: "mean", "sum", "none", or "batchmean", the sum divided by the size of the batch.

    Inputs:
        logits: a Tensor of logarithms of probabilities.
        labels: a Tensor of probabilities, of the same shape.

    Returns:
        A Tensor without axes, or for "none" of the input's shape.

    Example:
        >>> nn.KLDivLoss()(Tensor([0.0, 0.0]), Tensor([1.0, 1.0])).item()
        0.0
    """

    def __init__(self, reduction: Any = "mean"):
        super().__init__()
        self.reduction = reduction

    def construct(self, logits, labels):
        return ops.kl_div(logits, labels, self.reduction)


@documented
@takes(p="int [1, 2]", margin="float")
class MultiMarginLoss(LossBase):
    """For each sample, the sum over all classes but its own of max(0, margin - x[own] + x[class]) ** p / C.

    Args:
        p: 1 or 2.
        margin: how much larger the value of the own class should be.
        weight: one number for each class, or None.

    Inputs:
        x: a Tensor (N, C).
        target: a Tensor (N,) of class numbers.
        weight: instead of the constructor's, or None.

    Returns:
        A Tensor without axes, or (N,) for "none".

    Example:
        >>> nn.MultiMarginLoss()(Tensor([[0.0, 2.0]]), Tensor([1])).item()
        0.0
    """

    def __init__(self, p: Any = 1, margin: Any = 1.0, reduction: Any = "mean", weight=None):
        super().__init__(reduction)
        self.p, self.margin, self.weight = p, margin, weight

    def construct(self, x, target, weight=None):
        weight = self.weight if weight is None else weight
        return ops.multi_margin_loss(x, target, self.p, self.margin, weight, self._reduction)


@documented
class TripletMarginLoss(LossBase):
    """max(0, |x - positive| - |x - negative| + margin), with the p-norms of the differences.

    Args:
        p: the degree of the norm.
        swap: whether the distance of positive and negative is used, where that is smaller than that of x and negative.
        eps: what is added to the differences, so that the norm has a derivative.
        margin: how much nearer the positive should be.

    Inputs:
        x: a Tensor (N, features).
        positive: a Tensor of the same shape, of what is alike.
        negative: a Tensor of the same shape, of what is not.
        margin: instead of the constructor's, unless it is 1.0.

    Returns:
        A Tensor without axes, or (N,) for "none".

    Example:
        >>> nn.TripletMarginLoss()(Tensor([[0.0]]), Tensor([[0.0]]), Tensor([[9.0]])).item()
        0.0
    """

    def __init__(self, p: Any = 2, swap=False, eps: Any = 1e-6, reduction: Any = "mean", margin: Any = 1.0):
        super().__init__(reduction)
        self.p, self.swap, self.eps, self.margin = p, swap, eps, margin

    def construct(self, x, positive, negative, margin=1.0):
        if isinstance(margin, float) and margin == 1.0:
            margin = self.margin
        return ops.triplet_margin_loss(x, positive, negative, margin, self.p, self.eps, self.swap, self._reduction)


@documented
@takes(swap="bool", margin="float")
class TripletMarginWithDistanceLoss(LossBase):
    """max(0, |x - positive| - |x - negative| + margin), with distances of one's own.

    Args:
        distance_function: a function of two Tensors (N, features) that gives their distances, (N,); None for the length
            of their difference.
        swap: whether the distance of positive and negative is used, where that is smaller than that of x and negative.
        margin: how much nearer the positive should be.

    Inputs:
        x: a Tensor (N, features).
        positive: a Tensor of the same shape, of what is alike.
        negative: a Tensor of the same shape, of what is not.

    Returns:
        A Tensor without axes, or (N,) for "none".

    Example:
        >>> near = lambda a, b: (a - b).abs().sum(-1)
        >>> loss = nn.TripletMarginWithDistanceLoss(near, margin=2.0)
        >>> loss(Tensor([[0.0]]), Tensor([[3.0]]), Tensor([[4.0]])).item()
        1.0
    """

    def __init__(self, distance_function=None, swap=False, reduction: Any = "mean", margin: Any = 1.0):
        super().__init__(reduction)
        self.distance_function = distance_function or (lambda x, y: ops.norm(x - y, dim=-1))
        self.swap, self.margin = swap, margin

    def construct(self, x, positive, negative):
        far = self.distance_function(x, negative)
        if self.swap:
            far = ops.minimum(far, self.distance_function(positive, negative))
        return self.get_loss(ops.relu(self.distance_function(x, positive) - far + self.margin))


@documented
@takes(blank="int", reduction="'none' or 'mean' or 'sum'", zero_infinity="bool")
class CTCLoss(LossBase):
    """Minus the logarithm of the probability that labels come in this order, whenever each of them does.

    Args:
        blank: the class that names no label.
        reduction: "none", "sum", or "mean", which divides by the numbers of labels first.
        zero_infinity: whether the loss is 0 where the labels cannot come, instead of inf.

    Inputs:
        log_probs: logarithms of probabilities, of shape (time, n, classes), or (time, classes) of one sequence.
        targets: the labels, of shape (n, labels), or (labels,).
        input_lengths, target_lengths: of shape (n,): how many times and labels there are.

    Returns:
        The loss: a number, or of shape (n,) without a reduction.

    Raises:
        ValueError: if shapes, lengths or `blank` do not fit.

    Example:
        >>> probabilities = ops.ones((4, 1, 3)) / 3
        >>> print(nn.CTCLoss()(probabilities.log(), Tensor([[1, 2]]), Tensor([4]), Tensor([2])).round(decimals=4))
        0.8432
    """

    def __init__(self, blank=0, reduction="mean", zero_infinity=False):
        super().__init__()
        self.blank, self.reduction, self.zero_infinity = blank, reduction, zero_infinity

    def construct(self, log_probs, targets, input_lengths, target_lengths):
        single = log_probs.ndim == 2
        if single:
            log_probs, targets = log_probs[:, None], targets.reshape(1, -1)
        of = (log_probs, targets, input_lengths, target_lengths)
        loss = ops.ctc_loss(*of, self.blank, self.reduction, self.zero_infinity)[0]
        return loss.reshape(()) if single else loss
