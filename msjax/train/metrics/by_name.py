"""Metrics by their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msjax.train import metrics as all_metrics
from msjax.train.metrics.metric import Metric

_CLASSES = """
accuracy Accuracy    acc Accuracy    auc auc    bleu_score BleuScore    confusion_matrix ConfusionMatrix
confusion_matrix_metric ConfusionMatrixMetric    cosine_similarity CosineSimilarity    dice Dice    F1 F1
hausdorff_distance HausdorffDistance    loss Loss    mae MAE    mean_surface_distance MeanSurfaceDistance    mse MSE
occlusion_sensitivity OcclusionSensitivity    perplexity Perplexity    precision Precision    recall Recall    roc ROC
root_mean_square_distance RootMeanSquareDistance    top_1_accuracy Top1CategoricalAccuracy
top_5_accuracy Top5CategoricalAccuracy    topk TopKCategoricalAccuracy
""".split()
_BY_NAME = dict(zip(_CLASSES[::2], _CLASSES[1::2], strict=True))


def names() -> list[str]:
    """The names that `get_metric_fn` knows.

    Returns:
        A list of texts.

    Example:
        >>> "accuracy" in ms.train.names()
        True
    """
    return sorted(_BY_NAME)


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
    return getattr(all_metrics, _BY_NAME[name])(*args, **kwargs)


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
