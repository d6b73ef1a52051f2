"""Confusion matrices, and the rates that are computed from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from msjax.core.kinds import takes
from msjax.train.metrics.metric import Metric, rearrange_inputs

# What the matrix is divided by: sums over these axes.
_NORMS = {"no_norm": None, "target": 1, "prediction": 0, "all": (0, 1)}


@takes(num_classes="int", normalize="'no_norm' or 'target' or 'prediction' or 'all'", threshold="float")
class ConfusionMatrix(Metric):
    """How often samples of each class (rows) were taken for each class (columns).

    `update(predicted, true)`: classes; or probabilities of each class, of shape (n, classes, ...); or of the second of
    two classes, and true classes.

    Args:
        num_classes: the number of classes.
        normalize: "no_norm" for counts; "target" or "prediction" for shares of the samples of, or taken for, each
            class; "all" for shares of all samples.
        threshold: from which probability on it is the second of two classes.

    Raises:
        TypeError, ValueError: if an argument is of another type, or another word.

    Example:
        >>> metric = ms.train.ConfusionMatrix(2)
        >>> metric.update(Tensor([1, 0, 1, 0]), Tensor([1, 0, 0, 1]))
        >>> metric.eval()
        array([[1., 1.],
               [1., 1.]])
    """

    def __init__(self, num_classes: int, normalize: str = "no_norm", threshold: float = 0.5):
        super().__init__()
        self.num_classes, self.normalize, self.threshold = num_classes, normalize, threshold
        self.clear()

    def clear(self) -> None:
        self.confusion_matrix = np.zeros((self.num_classes, self.num_classes))
        self._updated = False

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        if predicted.ndim == true.ndim + 1:
            predicted = predicted.argmax(1)
        elif predicted.ndim != true.ndim:
            raise ValueError(
                "For 'ConfusionMatrix.update', the predicted value must have as many axes as the true value, or one "
                f"more, but got shapes {predicted.shape} and {true.shape}."
            )
        elif np.issubdtype(predicted.dtype, np.floating):
            predicted = predicted >= self.threshold
        n = self.num_classes
        pairs = (true.ravel() * n + predicted.ravel()).astype(int)
        self.confusion_matrix += np.bincount(pairs, minlength=n * n).reshape(n, n)
        self._updated = True

    def eval(self) -> np.ndarray:
        """The matrix.

        Returns:
            An array of shape (num_classes, num_classes).

        Raises:
            RuntimeError: if there were no batches.
        """
        if not self._updated:
            raise RuntimeError("Please call the 'update' method before calling 'eval' method.")
        matrix, axes = self.confusion_matrix.copy(), _NORMS[self.normalize]
        if axes is None:
            return matrix
        total = matrix.sum(axis=axes, keepdims=True)
        return np.divide(matrix, total, out=np.zeros_like(matrix), where=total != 0)


def _ratio(above, below) -> np.ndarray:
    """A quotient, which is NaN where the divisor is 0."""
    above, below = np.asarray(above, float), np.asarray(below, float)
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below != 0)


def _true_rates(tp, fp, tn, fn) -> tuple[np.ndarray, np.ndarray]:
    return _ratio(tp, tp + fn), _ratio(tn, tn + fp)


def _prevalence_threshold(*counts) -> np.ndarray:
    positive, negative = _true_rates(*counts)
    return _ratio(np.sqrt(positive * (1 - negative)) + negative - 1, positive + negative - 1)


# Names, and the rate as a function of true and false positives, true and false negatives.
_RATES: list[tuple[str, Callable[..., Any]]] = [
    ("sensitivity recall hit_rate true_positive_rate tpr", lambda tp, fp, tn, fn: _ratio(tp, tp + fn)),
    ("specificity selectivity true_negative_rate tnr", lambda tp, fp, tn, fn: _ratio(tn, tn + fp)),
    ("precision positive_predictive_value ppv", lambda tp, fp, tn, fn: _ratio(tp, tp + fp)),
    ("negative_predictive_value npv", lambda tp, fp, tn, fn: _ratio(tn, tn + fn)),
    ("miss_rate false_negative_rate fnr", lambda tp, fp, tn, fn: _ratio(fn, tp + fn)),
    ("fall_out false_positive_rate fpr", lambda tp, fp, tn, fn: _ratio(fp, tn + fp)),
    ("false_discovery_rate fdr", lambda tp, fp, tn, fn: _ratio(fp, tp + fp)),
    ("false_omission_rate for", lambda tp, fp, tn, fn: _ratio(fn, tn + fn)),
    ("prevalence_threshold pt", _prevalence_threshold),
    ("threat_score critical_success_index ts csi", lambda tp, fp, tn, fn: _ratio(tp, tp + fn + fp)),
    ("accuracy acc", lambda tp, fp, tn, fn: _ratio(tp + tn, tp + fn + fp + tn)),
    ("balanced_accuracy ba", lambda *counts: sum(_true_rates(*counts)) / 2),
    ("f1_score f1", lambda tp, fp, tn, fn: _ratio(2 * tp, 2 * tp + fn + fp)),
    (
        "matthews_correlation_coefficient mcc",
        lambda tp, fp, tn, fn: _ratio(tp * tn - fp * fn, np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))),
    ),
    ("fowlkes_mallows_index fm", lambda tp, fp, tn, fn: np.sqrt(_ratio(tp, tp + fp) * _ratio(tp, tp + fn))),
    ("informedness bookmaker_informedness bm", lambda *counts: sum(_true_rates(*counts)) - 1),
    ("markedness deltap mk", lambda tp, fp, tn, fn: _ratio(tp, tp + fp) + _ratio(tn, tn + fn) - 1),
]
_BY_NAME = {name: rate for names, rate in _RATES for name in names.split()}

# How values of shape (n, classes) become one: "sum" or "mean" over these axes in turn.
_REDUCTIONS = {
    "none": ("sum", ()), "mean": ("mean", (1, 0)), "sum": ("sum", (1, 0)), "mean_batch": ("mean", (0,)),
    "sum_batch": ("sum", (0,)), "mean_channel": ("mean", (1,)), "sum_channel": ("sum", (1,)),
}  # fmt: skip


@takes(
    skip_channel="bool",
    metric_name="str",
    calculation_method="bool",
    decrease="'none' or 'mean' or 'sum' or 'mean_batch' or 'sum_batch' or 'mean_channel' or 'sum_channel'",
)
class ConfusionMatrixMetric(Metric):
    """A rate of a confusion matrix, of samples with several classes each, which are there or not.

    `update(predicted, true)`: zeros and ones of shape (n, classes, ...).

    Args:
        skip_channel: whether the first class counts, too. (MindSpore's name says the opposite.)
        metric_name: "sensitivity", "specificity", "precision", "negative predictive value", "miss rate", "fall out",
            "false discovery rate", "false omission rate", "prevalence threshold", "threat score", "accuracy",
            "balanced accuracy", "f1 score", "matthews correlation coefficient", "fowlkes mallows index",
            "informedness", "markedness", or one of their other names.
        calculation_method: whether the rate of each sample and class is averaged; else it is that of all counts.
        decrease: what then becomes of the rates of a batch: their "mean" or "sum", also over samples ("mean_batch") or
            classes ("mean_channel") alone, or "none".

    Raises:
        TypeError, ValueError: if an argument is of another type, or another word.
        NotImplementedError: when it is evaluated, if there is no such metric.

    Example:
        >>> metric = ms.train.ConfusionMatrixMetric(metric_name="tpr")
        >>> metric.update(Tensor([[[0], [1]], [[1], [0]]]), Tensor([[[0], [1]], [[0], [1]]]))
        >>> metric.eval()
        array([0.5])

    Differs from MindSpore: reductions that leave an array are averaged as an array; there they raise.
    """

    def __init__(
        self,
        skip_channel: bool = True,
        metric_name: str = "sensitivity",
        calculation_method: bool = False,
        decrease: str = "mean",
    ):
        super().__init__()
        self.skip_channel, self.metric_name = skip_channel, metric_name
        self.calculation_method, self.decrease = calculation_method, decrease
        self.clear()

    def clear(self) -> None:
        self._counts, self._total, self._number = np.zeros(4), 0.0, 0.0

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        if predicted.ndim < 2 or predicted.shape != true.shape:
            raise ValueError(
                "For 'ConfusionMatrixMetric.update', the predicted and the true value must be of one shape, with 2 "
                f"axes or more, but got {predicted.shape} and {true.shape}."
            )
        if not np.isin(true, (0, 1)).all():
            raise ValueError("For 'ConfusionMatrixMetric.update', the true value must be zeros and ones.")
        counts = self._count(predicted, true)
        if not self.calculation_method:
            self._counts += counts.sum((1, 2))
            return
        values, number = _reduce(self._rate(counts), self.decrease)
        self._total = self._total + values * number
        self._number = self._number + number

    def _count(self, predicted: np.ndarray, true: np.ndarray) -> np.ndarray:
        """True and false positives, true and false negatives, of shape (4, n, classes)."""
        if not self.skip_channel and true.shape[1] > 1:
            predicted, true = predicted[:, 1:], true[:, 1:]
        both = (predicted.astype(float) + true).reshape(*true.shape[:2], -1)
        true = true.reshape(both.shape)
        tp, tn, positive = (both == 2).sum(2), (both == 0).sum(2), true.sum(2)
        return np.stack([tp, both.shape[2] - positive - tn, tn, positive - tp]).astype(float)

    def _rate(self, counts: np.ndarray) -> np.ndarray:
        rate = _BY_NAME.get(self.metric_name.replace(" ", "_").lower())
        if rate is None:
            raise NotImplementedError(f"For 'ConfusionMatrixMetric', there is no metric {self.metric_name!r}.")
        return rate(*counts)

    def eval(self) -> Any:
        """The rate.

        Returns:
            A number, in an array of shape (1,) if it is that of all counts.

        Raises:
            RuntimeError: if there was nothing to average.
        """
        if not self.calculation_method:
            return self._rate(self._counts[:, None])
        self._check_samples(np.any(self._number))
        value = _ratio(self._total, self._number)
        return value.item() if value.size == 1 else value


def _reduce(values: np.ndarray, how: str) -> tuple[np.ndarray, np.ndarray]:
    """The values that are not NaN, added up or averaged, and how many there are; of means, how many those are of."""
    number = (~np.isnan(values)).astype(float)
    values = np.nan_to_num(values)
    kind, axes = _REDUCTIONS[how]
    for axis in axes:
        values, counted = values.sum(axis), number.sum(axis)
        if kind == "mean":
            values = np.divide(values, counted, out=np.zeros_like(values), where=counted != 0)
        number = (counted > 0).astype(float) if kind == "mean" and axis != axes[-1] else counted
    return values, number
