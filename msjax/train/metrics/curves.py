"""Receiver operating characteristics, and the area under a curve."""

from __future__ import annotations

from typing import Any

import numpy as np

from msjax.core.kinds import takes
from msjax.train.metrics.metric import Metric, rearrange_inputs


@takes(class_num="None or int", pos_label="None or int")
class ROC(Metric):
    """The receiver operating characteristic of the batch given last: rates of false and true positives by threshold.

    `update(predicted, true)`: probabilities of the positive class and classes, of one shape; or probabilities of each
    class, of shape (n, classes, ...), and classes of shape (n, ...).

    Args:
        class_num: the number of classes; None or 1 for two of which one is positive.
        pos_label: the positive class, by default 1.

    Raises:
        TypeError: if an argument is no int.

    Example:
        >>> metric = ms.train.ROC(pos_label=1)
        >>> metric.update(Tensor([0.1, 0.4, 0.8]), Tensor([0, 1, 1]))
        >>> false, true, thresholds = metric.eval()
        >>> true
        array([0. , 0.5, 1. , 1. ])

    Source: T. Fawcett, An introduction to ROC analysis, 2006, algorithm 2.

    Differs from MindSpore: probabilities of each class may be of any number of samples; there it has to be that of the
    classes.
    """

    def __init__(self, class_num: int | None = None, pos_label: int | None = None):
        super().__init__()
        self.class_num, self.pos_label = class_num, pos_label
        self.clear()

    def clear(self) -> None:
        self._batch: tuple[np.ndarray, np.ndarray] | None = None

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        if predicted.ndim == true.ndim:
            if self.class_num not in (None, 1):
                raise ValueError(
                    "For 'ROC', when the predicted and true values have the same shape, 'class_num' must be 1, but got "
                    f"{self.class_num}."
                )
            self._batch = predicted.ravel(), true.ravel()
        elif predicted.ndim == true.ndim + 1:
            if self.pos_label is not None:
                raise ValueError(f"For 'ROC' of each class, 'pos_label' must be None, but got {self.pos_label}.")
            if self.class_num != predicted.shape[1]:
                raise ValueError(
                    f"For 'ROC', 'class_num' must be the number of classes of the predicted value, {predicted.shape[1]}"
                    f", but got {self.class_num}."
                )
            self._batch = np.moveaxis(predicted, 1, -1).reshape(-1, predicted.shape[1]), true.ravel()
        else:
            raise ValueError(
                "For 'ROC', the predicted value must have as many axes as the true value, or one more, but got shapes "
                f"{predicted.shape} and {true.shape}."
            )

    def eval(self) -> tuple:
        """The curve.

        Returns:
            Rates of false positives, rates of true positives, and thresholds, arrays; of several classes lists of them.

        Raises:
            RuntimeError: if there was no batch.
            ValueError: if it has no positive or no negative sample.
        """
        if self._batch is None:
            raise RuntimeError("Please call the 'update' method before calling 'eval' method.")
        predicted, true = self._batch
        if predicted.ndim == 1:
            return _curve(predicted, true == (1 if self.pos_label is None else self.pos_label))
        curves = [_curve(predicted[:, c], true == c) for c in range(predicted.shape[1])]
        return tuple(map(list, zip(*curves, strict=True)))


def _curve(scores: np.ndarray, positive: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.argsort(-scores)
    scores, positive = scores[order], positive[order]
    last = np.append(np.flatnonzero(np.diff(scores)), scores.size - 1)  # of the samples with equal scores
    true = np.concatenate([[0.0], np.cumsum(positive)[last]])
    false = np.concatenate([[0.0], 1 + last - true[1:]])
    for count, what in ((false[-1], "negative"), (true[-1], "positive")):
        if count <= 0:
            raise ValueError(f"For 'ROC.eval', there are no {what} samples, so their rate has no meaning.")
    # One threshold more, above all scores.
    return false / false[-1], true / true[-1], np.concatenate([scores[:1] + 1, scores[last]])


def auc(x: np.ndarray, y: np.ndarray, reorder: bool = False) -> float:
    """The area under a curve, by the trapezoidal rule.

    Args:
        x: where, of shape (n,) or (n, 1), in rising or falling order.
        y: the values, of the same length.
        reorder: whether to sort by x first.

    Returns:
        The area.

    Raises:
        TypeError: if x or y is no numpy array.
        ValueError: if their lengths differ or are below 2, if they have more axes, or if x is in no order.

    Example:
        >>> float(ms.train.auc(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0])))
        1.5
    """
    for name, array in (("x", x), ("y", y)):
        if not isinstance(array, np.ndarray):
            raise TypeError(f"For 'auc', '{name}' must be a numpy array, but got {type(array).__name__}.")
        if array.ndim != 1 and not (array.ndim == 2 and array.shape[1] == 1):
            raise ValueError(f"For 'auc', '{name}' must be of shape (n,) or (n, 1), but got {array.shape}.")
    x, y = x.ravel(), y.ravel()
    if x.size != y.size or x.size < 2:
        raise ValueError(f"For 'auc', 'x' and 'y' must have the same length, 2 or more, but got {x.size} and {y.size}.")
    if reorder:
        order = np.lexsort((y, x))
        x, y = x[order], y[order]
    steps = np.diff(x)
    if (steps < 0).any() and (steps > 0).any():
        raise ValueError("For 'auc', 'x' must be in rising or falling order, or 'reorder' be True.")
    area: Any = np.trapezoid(y, x)
    return -area if (steps < 0).any() else area
