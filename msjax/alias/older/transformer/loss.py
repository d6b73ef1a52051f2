"""The loss of old transformers."""

from __future__ import annotations

from typing import Any

from msjax import nn, ops
from msjax.alias.older.transformer.config import default_dpmp_config
from msjax.core import dtype as mstype


class CrossEntropyLoss(nn.Cell):
    """The mean cross entropy of the tokens that count.

    Args:
        parallel_config: accepted.

    Inputs:
        logits: (tokens, vocabulary).
        label: (tokens,).
        input_mask: 1 for tokens that count, else 0, as many as there are tokens.

    Returns:
        A number.
    """

    def __init__(self, parallel_config: Any = default_dpmp_config):
        super().__init__()
        self.parallel_config = parallel_config

    def construct(self, logits, label, input_mask):
        losses = ops.cross_entropy(logits.astype(mstype.float32), label.astype(mstype.int32), reduction="none")
        mask = input_mask.reshape(-1).astype(mstype.float32)
        return (losses * mask).sum() / (mask.sum() + 1e-8)
