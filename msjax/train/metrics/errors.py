"""Metrics of how far outputs are from what they should be."""

from __future__ import annotations

from typing import Any

import numpy as np

from msjax.core.kinds import takes
from msjax.train.metrics.metric import Mean, rearrange_inputs


class MAE(Mean):
    """The absolute errors, added up for each sample and averaged over samples; `update(predicted, true)`, of one shape.

    Example:
        >>> metric = ms.train.MAE()
        >>> metric.update(Tensor([1.0, 2.0]), Tensor([0.0, 0.0]))
        >>> metric.eval()
        1.5
    """

    _names = ("_abs_error_sum", "_samples_num")

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        self._count(np.abs(predicted.reshape(true.shape) - true).sum(), len(true))


class MSE(Mean):
    """The squared errors, added up for each sample and averaged over samples; `update(predicted, true)`, of one shape.

    Example:
        >>> metric = ms.train.MSE()
        >>> metric.update(Tensor([1.0, 2.0]), Tensor([0.0, 0.0]))
        >>> metric.eval()
        2.5
    """

    _names = ("_squared_error_sum", "_samples_num")

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        self._count(np.square(predicted.reshape(true.shape) - true).sum(), len(true))


class Loss(Mean):
    """The mean of the losses; `update(loss)`, of shape () or (n,).

    Example:
        >>> metric = ms.train.Loss()
        >>> metric.update(Tensor(1.0))
        >>> metric.update(Tensor(2.0))
        >>> metric.eval()
        1.5
    """

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        (loss,) = self._arrays(inputs, 1)
        loss = loss.reshape(1) if loss.ndim == 0 else loss
        if loss.ndim != 1:
            raise ValueError(f"For 'Loss.update', the dimension of your input (loss) must be 1, but got {loss.ndim}.")
        self._count(loss.mean(-1), 1)


@takes(ignore_label="None or int")
class Perplexity(Mean):
    """The exponential of the mean negative logarithm of the true classes' probabilities.

    `update(predicted, true)`: probabilities of shape (..., classes), and classes of shape (...).

    Args:
        ignore_label: a class that does not count.

    Raises:
        TypeError: if that is no int.

    Example:
        >>> metric = ms.train.Perplexity()
        >>> metric.update(Tensor([[0.25, 0.75], [0.25, 0.75]]), Tensor([0, 0]))
        >>> metric.eval()
        4.0
    """

    _names = ("_sum_metric", "_num_inst")

    def __init__(self, ignore_label: int | None = None):
        self.ignore_label = ignore_label
        super().__init__()

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        true = true.ravel().astype(np.int64)
        probability = predicted.reshape(-1, predicted.shape[-1])[np.arange(true.size), true]
        counted = np.ones(true.size, bool) if self.ignore_label is None else true != self.ignore_label
        self._count(-np.log(np.maximum(1e-10, probability[counted])).sum(), counted.sum())

    def eval(self) -> float:
        return float(np.exp(super().eval()))
