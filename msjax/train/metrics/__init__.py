"""Metrics: how good a network's outputs are, gathered over batches."""

from msjax.train.metrics.by_name import get_metric_fn, get_metrics, names
from msjax.train.metrics.classification import (
    F1,
    Accuracy,
    Fbeta,
    Precision,
    Recall,
    Top1CategoricalAccuracy,
    Top5CategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from msjax.train.metrics.confusion import ConfusionMatrix, ConfusionMatrixMetric
from msjax.train.metrics.curves import ROC, auc
from msjax.train.metrics.errors import MAE, MSE, Loss, Perplexity
from msjax.train.metrics.likeness import BleuScore, CosineSimilarity
from msjax.train.metrics.metric import Metric, rearrange_inputs
from msjax.train.metrics.occlusion import OcclusionSensitivity
from msjax.train.metrics.segmentation import Dice, HausdorffDistance, MeanSurfaceDistance, RootMeanSquareDistance
