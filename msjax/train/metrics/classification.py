"""Metrics of classes: how many are right, and how many of those that there are."""

from __future__ import annotations

from typing import Any

import numpy as np

from msjax.core.kinds import check
from msjax.train.metrics.metric import Mean, Metric, rearrange_inputs


def _classes(true: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """True classes as numbers, also of one-hot rows."""
    true = true.argmax(1) if predicted.ndim > 1 and true.shape == predicted.shape else true
    if predicted.ndim != true.ndim + 1 or predicted.shape[:1] + predicted.shape[2:] != true.shape:
        raise ValueError(
            "In classification case, y_pred (predicted value) shape and y (true value) shape can not match: y shape "
            "should be y_pred shape without its axis 1, or the same, "
            f"but got y_pred shape {predicted.shape} and y shape {true.shape}."
        )
    return true.astype(np.int64)


def _check_type(eval_type: str) -> str:
    if eval_type not in ("classification", "multilabel"):
        raise TypeError(f"The argument 'eval_type' must be in {{'multilabel', 'classification'}}, but got {eval_type}")
    return eval_type


class Accuracy(Mean):
    """The share of samples that are right.

    Args:
        eval_type: "classification": probabilities of each class against classes or one-hot rows; "multilabel": rows of
            zeros and ones that have to be equal.

    Raises:
        TypeError: if it is another.

    Example:
        >>> metric = ms.train.Accuracy()
        >>> metric.update(Tensor([[0.2, 0.8], [0.9, 0.1]]), Tensor([1, 1]))
        >>> metric.eval()
        0.5
    """

    _names, _class_num = ("_correct_num", "_total_num"), 0

    def __init__(self, eval_type: str = "classification"):
        self._type = _check_type(eval_type)
        super().__init__()

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        if self._type == "classification":
            classes = _classes(true, predicted)
            right = predicted.argmax(1) == classes
        else:
            rows = (np.moveaxis(a, 1, -1).reshape(-1, a.shape[1]) for a in (predicted, true))
            right = np.equal(*rows).all(-1)
        self._class_num = predicted.shape[1]
        self._count(right.sum(), right.size)


class _Counts(Metric):
    """What was right, predicted and true, for each class, or with "multilabel" each sample."""

    def __init__(self, eval_type: str = "classification"):
        super().__init__()
        self._type = _check_type(eval_type)
        self.clear()

    def clear(self) -> None:
        self._class_num = 0
        self._true_positives, self._positives, self._actual_positives = np.zeros(0), np.zeros(0), np.zeros(0)

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        if self._type == "multilabel":
            counts = [(a != 0).sum(1) for a in (predicted * true, predicted, true)]
            old = (self._true_positives, self._positives, self._actual_positives)
            self._true_positives, self._positives, self._actual_positives = (
                np.append(o, c) for o, c in zip(old, counts, strict=True)
            )
            return
        true = _classes(true, predicted).ravel()
        number = predicted.shape[1]
        predicted = predicted.argmax(1).ravel()
        counts = [np.bincount(a, minlength=number) for a in (true[true == predicted], predicted, true)]
        self._class_num = number
        if not self._true_positives.size:
            self._true_positives, self._positives, self._actual_positives = np.zeros((3, number))
        self._true_positives, self._positives, self._actual_positives = (
            self._true_positives + counts[0], self._positives + counts[1], self._actual_positives + counts[2]
        )  # fmt: skip

    def eval(self, average: bool = False) -> Any:
        """The metric of all batches since `clear`.

        Args:
            average: whether to give the mean over classes.

        Returns:
            One number, or an array of one for each class.

        Raises:
            RuntimeError: if there were no batches.
        """
        self._check_samples(self._true_positives.size)
        scores = self._scores()
        return float(scores.mean()) if average else scores

    def _scores(self) -> np.ndarray:
        """One number for each class."""
        raise NotImplementedError


class Precision(_Counts):
    """The share of predictions that are right, for each class; `eval(average=True)` gives their mean.

    Args:
        eval_type: "classification": probabilities of each class, of shape (n, classes, ...), against classes or one-hot
            rows; "multilabel": rows of zeros and ones.

    Raises:
        TypeError: if it is another.

    Example:
        >>> metric = ms.train.Precision()
        >>> metric.update(Tensor([[0.2, 0.8], [0.1, 0.9]]), Tensor([1, 0]))
        >>> metric.eval()
        array([0. , 0.5])
    """

    def _scores(self) -> np.ndarray:
        return self._true_positives / np.maximum(self._positives, 1)


class Recall(_Counts):
    """The share of samples that are found, for each class; `eval(average=True)` gives their mean.

    Args:
        eval_type: "classification": probabilities of each class, of shape (n, classes, ...), against classes or one-hot
            rows; "multilabel": rows of zeros and ones.

    Raises:
        TypeError: if it is another.

    Example:
        >>> metric = ms.train.Recall()
        >>> metric.update(Tensor([[0.2, 0.8], [0.1, 0.9]]), Tensor([1, 0]))
        >>> metric.eval()
        array([0., 1.])
    """

    def _scores(self) -> np.ndarray:
        return self._true_positives / np.maximum(self._actual_positives, 1)


class Fbeta(_Counts):
    """The weighted harmonic mean of precision and recall, for each class; `eval(average=True)` gives their mean.

    Args:
        beta: the weight of recall.

    Raises:
        ValueError: if it is not positive.

    Example:
        >>> metric = ms.train.Fbeta(1.0)
        >>> metric.update(Tensor([[0.2, 0.8], [0.1, 0.9]]), Tensor([1, 0]))
        >>> metric.eval().round(4)
        array([0.    , 0.6667])
    """

    def __init__(self, beta: float):
        if not beta > 0:
            raise ValueError(f"For 'Fbeta', the argument 'beta' must be greater than 0, but got {beta}.")
        self.beta = beta
        super().__init__()

    def _scores(self) -> np.ndarray:
        weight = self.beta**2
        below = weight * self._actual_positives + self._positives
        return (1 + weight) * self._true_positives / np.where(below == 0, 1, below)


class F1(Fbeta):
    """The harmonic mean of precision and recall, for each class; `eval(average=True)` gives their mean.

    Example:
        >>> metric = ms.train.F1()
        >>> metric.update(Tensor([[0.2, 0.8], [0.1, 0.9]]), Tensor([1, 0]))
        >>> round(metric.eval(average=True), 4)
        0.3333
    """

    def __init__(self):
        super().__init__(1.0)


class TopKCategoricalAccuracy(Mean):
    """The share of samples whose class is among the `k` most probable.

    `update(predicted, true)`: probabilities of shape (n, classes), and classes or one-hot rows.

    Args:
        k: how many.

    Raises:
        TypeError, ValueError: if `k` is no positive int.

    Example:
        >>> metric = ms.train.TopKCategoricalAccuracy(2)
        >>> metric.update(Tensor([[0.2, 0.5, 0.3], [0.1, 0.2, 0.7]]), Tensor([2, 0]))
        >>> metric.eval()
        0.5
    """

    _names = ("_correct_num", "_samples_num")

    def __init__(self, k: int):
        check("TopKCategoricalAccuracy", "k", k, "int >= 1")
        self.k = k
        super().__init__()

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        best = np.argsort(-predicted, axis=1, kind="stable")[:, : self.k]
        right = (best == _classes(true, predicted)[:, None]).any(1)
        self._count(right.sum(), right.size)


class Top1CategoricalAccuracy(TopKCategoricalAccuracy):
    """The share of samples whose class is the most probable; `update` as that of `TopKCategoricalAccuracy`.

    Example:
        >>> metric = ms.train.Top1CategoricalAccuracy()
        >>> metric.update(Tensor([[0.2, 0.8], [0.1, 0.9]]), Tensor([1, 0]))
        >>> metric.eval()
        0.5
    """

    def __init__(self):
        super().__init__(1)


class Top5CategoricalAccuracy(TopKCategoricalAccuracy):
    """The share of samples whose class is among the five most probable; `update` as that of `TopKCategoricalAccuracy`.

    Example:
        >>> metric = ms.train.Top5CategoricalAccuracy()
        >>> metric.update(Tensor([[0.2, 0.8], [0.1, 0.9]]), Tensor([1, 0]))
        >>> metric.eval()
        1.0
    """

    def __init__(self):
        super().__init__(5)
