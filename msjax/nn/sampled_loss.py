"""The loss of many classes, estimated by some."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.nn.documented import documented
from msjax.nn.loss import LossBase


@documented
@takes(num_true="int > 0", seed="int >= 0", sampled_values="None or list or tuple", remove_accidental_hits="bool")
class SampledSoftmaxLoss(LossBase):
    """The cross entropy of true classes among these and some others, which are drawn: less than that among all.

    Args:
        num_sampled: how many classes are drawn.
        num_classes: how many classes there are.
        num_true: how many true classes each sample has.
        sampled_values: the candidates and what is expected of them, as a sampler of candidates gives; None to draw them
            with equal probabilities, each once.
        remove_accidental_hits: whether no true class of the batch is drawn.
        seed: of the draws; 0 for the generator of all.

    Inputs:
        weights: of the classes, of shape (num_classes, features).
        biases: of the classes, of shape (num_classes,).
        labels: the true classes, as int32 or int64 of shape (n, num_true).
        logits: the features, of shape (n, features).

    Returns:
        The loss: of shape (n,), or a number for "mean" and "sum".

    Raises:
        TypeError: for other labels or values.
        ValueError: if more classes are drawn, or true, than there are.

    Source:
        Jean et al., On using very large target vocabulary for neural machine translation (2014).

    Example:
        >>> loss = nn.SampledSoftmaxLoss(num_sampled=2, num_classes=3)
        >>> loss(ops.zeros((3, 4)), ops.zeros(3), Tensor([[1]]), ops.ones((1, 4))).shape
        (1,)

    Differs from MindSpore, where the reduction has no effect.
    """

    def __init__(self, num_sampled, num_classes, num_true: Any = 1, sampled_values=None, remove_accidental_hits=True,
                 seed: Any = 0, reduction: Any = "none"):  # fmt: skip
        super().__init__(reduction)
        for given, count in (("num_sampled", num_sampled), ("num_true", num_true)):
            if count > num_classes:
                raise ValueError(f"For 'SampledSoftmaxLoss', '{given}' must be at most {num_classes}, but got {count}.")
        if sampled_values is not None and len(sampled_values) != 3:
            raise ValueError(
                f"For 'SampledSoftmaxLoss', there must be 3 'sampled_values', but there are {len(sampled_values)}."
            )
        self.num_sampled, self.num_classes, self.num_true = num_sampled, num_classes, num_true
        self.sampled_values, self.remove_accidental_hits, self.seed = sampled_values, remove_accidental_hits, seed

    def construct(self, weights, biases, labels, logits):
        if labels.dtype not in (mstype.int32, mstype.int64):
            raise TypeError(f"For 'SampledSoftmaxLoss', 'labels' must be int32 or int64, but got {labels.dtype}.")
        labels = labels.reshape(-1, self.num_true)
        sampled, true_count, sampled_count = self._candidates(labels)
        true = (weights[labels] * logits.expand_dims(1)).sum(-1) + biases[labels] - true_count.log()
        others = ops.matmul(logits, weights[sampled].T) + biases[sampled] - sampled_count.log()
        scores = ops.log_softmax(ops.concat((true, others), 1), 1)
        return self.get_loss(-scores[:, : self.num_true].mean(1))

    def _candidates(self, labels):
        if self.sampled_values is not None:
            return self.sampled_values
        return ops.uniform_candidate_sampler(
            labels, self.num_true, self.num_sampled, True, self.num_classes, self.seed, self.remove_accidental_hits
        )
