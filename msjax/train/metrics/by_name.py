"""Metrics by their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msjax.train.metrics.classification import (
    F1,
    Accuracy,
    Precision,
    Recall,
    Top1CategoricalAccuracy,
    Top5CategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from msjax.train.metrics.errors import MAE, MSE, Loss, Perplexity
from msjax.train.metrics.metric import Metric

_BY_NAME = {
    "accuracy": Accuracy, "acc": Accuracy, "precision": Precision, "recall": Recall, "F1": F1,
    "topk": TopKCategoricalAccuracy, "top_1_accuracy": Top1CategoricalAccuracy,
    "top_5_accuracy": Top5CategoricalAccuracy, "mae": MAE, "mse": MSE, "loss": Loss, "perplexity": Perplexity,
}  # fmt: skip


def names() -> list[str]:
    """The names that `get_metric_fn` knows.

    Returns:
        A list of texts.

    Example:
        >>> "accuracy" in ms.train.names()
        True
    """
    return list(_BY_NAME)


def get_metric_fn(name: str, *args: Any, **kwargs: Any) -> Metric:
    """The metric of a name.

    Args:
        name: one of `names()`.
        args, kwargs: those of its class.

    Returns:
        A new metric.

    Raises:
        KeyError: if the name is unknown.

    Example:
        >>> ms.train.get_metric_fn("accuracy", eval_type="multilabel").indexes is None
        True
    """
    if name not in _BY_NAME:
        raise KeyError(f"For 'get_metric_fn', unsupported metric {name}; there are {names()}.")
    return _BY_NAME[name](*args, **kwargs)


def get_metrics(metrics: dict[str, Metric] | Iterable[str] | None) -> dict[str, Metric]:
    """Metrics by name.

    Args:
        metrics: such a dict, or a set or list of names.

    Returns:
        name -> Metric.

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
