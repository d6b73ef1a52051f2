"""Metrics of how far outputs are from what they should be."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import takes
from msjax.train.metrics.metric import Mean, rearrange_inputs


class MAE(Mean):
    """The absolute errors, added up for each sample and averaged over samples."""

    @rearrange_inputs
    def update(self, *inputs) -> None:
        predicted, true = self._arrays(inputs, 2)
        self._total += np.abs(predicted.reshape(true.shape) - true).sum()
        self._samples += len(true)


class MSE(Mean):
    """The squared errors, added up for each sample and averaged over samples."""

    @rearrange_inputs
    def update(self, *inputs) -> None:
        predicted, true = self._arrays(inputs, 2)
        self._total += np.square(predicted.reshape(true.shape) - true).sum()
        self._samples += len(true)


class Loss(Mean):
    """The mean of the losses."""

    @rearrange_inputs
    def update(self, *inputs) -> None:
        (loss,) = self._arrays(inputs, 1)
        loss = loss.reshape(1) if loss.ndim == 0 else loss
        if loss.ndim != 1:
            raise ValueError(f"For 'Loss.update', the dimension of your input (loss) must be 1, but got {loss.ndim}.")
        self._total += loss.mean(-1)
        self._samples += 1


@takes(ignore_label="None or int")
class Perplexity(Mean):
    """The exponential of the mean negative logarithm of the true classes' probabilities.

    Args:
        ignore_label: a class that does not count.
    """

    def __init__(self, ignore_label=None):
        self.ignore_label = ignore_label
        super().__init__()

    @rearrange_inputs
    def update(self, *inputs) -> None:
        predicted, true = self._arrays(inputs, 2)
        true = true.ravel().astype(np.int64)
        probability = predicted.reshape(-1, predicted.shape[-1])[np.arange(true.size), true]
        counted = np.ones(true.size, bool) if self.ignore_label is None else true != self.ignore_label
        self._total -= np.log(np.maximum(1e-10, probability[counted])).sum()
        self._samples += counted.sum()

    def eval(self) -> float:
        return float(np.exp(super().eval()))
