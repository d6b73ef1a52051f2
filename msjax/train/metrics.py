"""Metrics: how good a network's outputs are, gathered over batches."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from msjax.core.kinds import takes
from msjax.core.tensor import Tensor


class Metric(ABC):
    """Base class: `clear()`, then `update(...)` for each batch, then `eval()`.

    Example:
        >>> metric = train.MAE()
        >>> metric.update(Tensor([1.0, 2.0]), Tensor([0.0, 0.0]))
        >>> metric.eval()
        1.5
    """

    def __init__(self):
        self._indexes: list[int] | None = None

    @property
    def indexes(self) -> list[int] | None:
        """Which of the values given to `update` are used, and in which order; None for as they come."""
        return getattr(self, "_indexes", None)

    def set_indexes(self, indexes: list[int]) -> Metric:
        """Choose which of the values given to `update` are used, and in which order; gives this metric.

        Raises:
            ValueError: if `indexes` is no list of ints.
        """
        if not isinstance(indexes, list) or not all(isinstance(i, int) for i in indexes):
            raise ValueError(
                f"For 'set_indexes', the argument 'indexes' should be a list of ints, but got {indexes!r}."
            )
        self._indexes = indexes
        return self

    def __call__(self, *inputs):
        """The metric of one batch alone."""
        self.clear()
        self.update(*inputs)
        return self.eval()

    @abstractmethod
    def clear(self) -> None:
        """Begin anew."""

    @abstractmethod
    def eval(self):
        """The metric of all batches since `clear`.

        Raises:
            RuntimeError: if there were none.
        """

    @abstractmethod
    def update(self, *inputs) -> None:
        """Take notice of a batch.

        Raises:
            ValueError: if number or shapes of the values do not fit.
        """

    def _convert_data(self, data) -> np.ndarray:
        if isinstance(data, Tensor):
            return data.asnumpy()
        if isinstance(data, list | tuple | np.ndarray | int | float | np.generic):
            return np.asarray(data)
        raise TypeError(f"For a metric, data must be a Tensor, list or numpy array, but got {type(data)}.")

    def _arrays(self, inputs, wanted: int) -> list[np.ndarray]:
        if len(inputs) != wanted:
            what = "1 input (loss)" if wanted == 1 else f"{wanted} inputs (predicted value, true value)"
            raise ValueError(f"For '{type(self).__name__}.update', it needs {what}, but got {len(inputs)}")
        return [self._convert_data(i) for i in inputs]

    def _check_samples(self, count) -> None:
        if not count:
            raise RuntimeError(
                f"The '{type(self).__name__}' can not be calculated, because the number of samples is 0, please check "
                "whether your inputs are empty, or has called update method before calling eval method."
            )


def rearrange_inputs(func) -> Any:
    """Decorate an `update`, so that `set_indexes` chooses among the values it is given."""

    @functools.wraps(func)
    def update(self, *inputs):
        return func(self, *inputs if self.indexes is None else (inputs[i] for i in self.indexes))

    return update


class _Mean(Metric):
    """The mean of a number for each sample."""

    def __init__(self):
        super().__init__()
        self.clear()

    def clear(self) -> None:
        self._total, self._samples = 0.0, 0

    def eval(self) -> float:
        self._check_samples(self._samples)
        return float(self._total / self._samples)


class MAE(_Mean):
    """The absolute errors, added up for each sample and averaged over samples."""

    @rearrange_inputs
    def update(self, *inputs) -> None:
        predicted, true = self._arrays(inputs, 2)
        self._total += np.abs(predicted.reshape(true.shape) - true).sum()
        self._samples += len(true)


class MSE(_Mean):
    """The squared errors, added up for each sample and averaged over samples."""

    @rearrange_inputs
    def update(self, *inputs) -> None:
        predicted, true = self._arrays(inputs, 2)
        self._total += np.square(predicted.reshape(true.shape) - true).sum()
        self._samples += len(true)


class Loss(_Mean):
    """The mean of the losses."""

    @rearrange_inputs
    def update(self, *inputs) -> None:
        (loss,) = self._arrays(inputs, 1)
        loss = loss.reshape(1) if loss.ndim == 0 else loss
        if loss.ndim != 1:
            raise ValueError(f"For 'Loss.update', the dimension of your input (loss) must be 1, but got {loss.ndim}.")
        self._total += loss.mean(-1)
        self._samples += 1


def _classes(true: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """True classes as numbers, also of one-hot rows."""
    true = true.argmax(1) if true.ndim == predicted.ndim and true.shape == predicted.shape else true
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


class Accuracy(_Mean):
    """The share of samples that are right.

    Args:
        eval_type: "classification": probabilities of each class against classes or one-hot rows; "multilabel": rows of
            zeros and ones that have to be equal.

    Raises:
        TypeError: if it is another.

    Example:
        >>> metric = train.Accuracy()
        >>> metric.update(Tensor([[0.2, 0.8], [0.9, 0.1]]), Tensor([1, 1]))
        >>> metric.eval()
        0.5
    """

    def __init__(self, eval_type: Any = "classification"):
        self._type = _check_type(eval_type)
        super().__init__()

    @rearrange_inputs
    def update(self, *inputs) -> None:
        predicted, true = self._arrays(inputs, 2)
        if self._type == "classification":
            right = predicted.argmax(1) == _classes(true, predicted)
        else:
            flat = lambda a: np.moveaxis(a, 1, -1).reshape(-1, a.shape[1])  # noqa: E731
            right = (flat(predicted) == flat(true)).all(-1)
        self._total += right.sum()
        self._samples += right.size


class _Counts(Metric):
    """What was right, predicted and true, for each class, or with "multilabel" each sample."""

    def __init__(self, eval_type: Any = "classification"):
        super().__init__()
        self._type = _check_type(eval_type)
        self.clear()

    def clear(self) -> None:
        self._right, self._predicted, self._true = np.zeros(0), np.zeros(0), np.zeros(0)

    @rearrange_inputs
    def update(self, *inputs) -> None:
        predicted, true = self._arrays(inputs, 2)
        if self._type == "multilabel":
            counts = [(a != 0).sum(1) for a in (predicted * true, predicted, true)]
            old = (self._right, self._predicted, self._true)
            self._right, self._predicted, self._true = (np.append(o, c) for o, c in zip(old, counts, strict=True))
            return
        number, true = predicted.shape[1], _classes(true, predicted).ravel()
        predicted = predicted.argmax(1).ravel()
        counts = [np.bincount(a, minlength=number) for a in (true[true == predicted], predicted, true)]
        if not self._right.size:
            self._right, self._predicted, self._true = np.zeros((3, number))
        self._right, self._predicted, self._true = (
            self._right + counts[0], self._predicted + counts[1], self._true + counts[2]
        )  # fmt: skip

    def _share(self, counts: np.ndarray, average: bool):
        self._check_samples(self._right.size)
        share = self._right / np.maximum(counts, 1)
        return float(share.mean()) if average else share


class Precision(_Counts):
    """The share of predictions that are right, for each class; `eval(average=True)` gives their mean."""

    def eval(self, average=False):
        return self._share(self._predicted, average)


class Recall(_Counts):
    """The share of samples that are found, for each class; `eval(average=True)` gives their mean."""

    def eval(self, average=False):
        return self._share(self._true, average)


class Fbeta(_Counts):
    """The weighted harmonic mean of precision and recall, for each class; `eval(average=True)` gives their mean.

    Args:
        beta: the weight of recall.

    Raises:
        ValueError: if it is not positive.
    """

    def __init__(self, beta):
        if not beta > 0:
            raise ValueError(f"For 'Fbeta', the argument 'beta' must be greater than 0, but got {beta}.")
        self._beta = beta
        super().__init__()

    def eval(self, average=False):
        weight = self._beta**2
        self._check_samples(self._right.size)
        below = weight * self._true + self._predicted
        score = (1 + weight) * self._right / np.where(below == 0, 1, below)
        return float(score.mean()) if average else score


class F1(Fbeta):
    """The harmonic mean of precision and recall, for each class."""

    def __init__(self):
        super().__init__(1.0)


@takes(k="int >= 1")
class TopKCategoricalAccuracy(_Mean):
    """The share of samples whose class is among the `k` most probable.

    Raises:
        TypeError, ValueError: if `k` is no positive int.
    """

    def __init__(self, k):
        self.k = k
        super().__init__()

    @rearrange_inputs
    def update(self, *inputs) -> None:
        predicted, true = self._arrays(inputs, 2)
        best = np.argsort(-predicted, axis=1, kind="stable")[:, : self.k]
        right = (best == _classes(true, predicted)[:, None]).any(1)
        self._total += right.sum()
        self._samples += right.size


class Top1CategoricalAccuracy(TopKCategoricalAccuracy):
    """The share of samples whose class is the most probable."""

    def __init__(self):
        super().__init__(1)


class Top5CategoricalAccuracy(TopKCategoricalAccuracy):
    """The share of samples whose class is among the five most probable."""

    def __init__(self):
        super().__init__(5)


@takes(ignore_label="None or int")
class Perplexity(_Mean):
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


_BY_NAME = {
    "accuracy": Accuracy, "acc": Accuracy, "precision": Precision, "recall": Recall, "F1": F1, "topk":
    TopKCategoricalAccuracy, "top_1_accuracy": Top1CategoricalAccuracy, "top_5_accuracy": Top5CategoricalAccuracy,
    "mae": MAE, "mse": MSE, "loss": Loss, "perplexity": Perplexity,
}  # fmt: skip


def names() -> list[str]:
    """The names that `get_metric_fn` knows."""
    return list(_BY_NAME)


def get_metric_fn(name: str, *args, **kwargs) -> Metric:
    """The metric of a name, made with the other arguments.

    Raises:
        KeyError: if the name is unknown.

    Example:
        >>> train.get_metric_fn("accuracy", eval_type="multilabel").indexes is None
        True
    """
    if name not in _BY_NAME:
        raise KeyError(f"For 'get_metric_fn', unsupported metric {name}; there are {names()}.")
    return _BY_NAME[name](*args, **kwargs)


def get_metrics(metrics) -> dict[str, Metric]:
    """name -> Metric, of such a dict, or a set or list of names.

    Raises:
        TypeError: if it is something else.
    """
    if metrics is None:
        return {}
    if isinstance(metrics, dict):
        if not all(isinstance(m, Metric) for m in metrics.values()):
            raise TypeError(f"For 'Model', metrics must be a dict of Metric objects, but got {metrics!r}.")
        return dict(metrics)
    if isinstance(metrics, set | list | tuple):
        return {name: get_metric_fn(name) for name in metrics}
    raise TypeError(f"For 'Model', metrics must be None, dict, set or list, but got {type(metrics)}.")
