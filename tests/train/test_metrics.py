"""Metrics, against MindSpore's results for the same batches."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, train

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("metric_cases", HERE / "metric_cases.py")
metric_cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(metric_cases)
RECORDED = json.loads((HERE / "golden" / "metrics.json").read_text())["cases"]

X = Tensor(np.array([[0.2, 0.5], [0.3, 0.1], [0.9, 0.6]], np.float32))
Y = Tensor(np.array([1, 0, 1], np.int32))
ONE_HOT = Tensor(np.array([[0, 1], [1, 0], [0, 1]], np.float32))
LABELS = Tensor(np.array([[1, 1], [0, 1], [1, 0]], np.float32))
TRUE_LABELS = Tensor(np.array([[1, 1], [1, 1], [1, 0]], np.float32))
X5 = Tensor(np.array([[0.2, 0.5, 0.3, 0.6, 0.2], [0.1, 0.35, 0.5, 0.2, 0.0], [0.9, 0.6, 0.2, 0.01, 0.3]], np.float32))
Y5 = Tensor(np.array([2, 0, 1], np.float32))


@pytest.mark.parametrize(
    ("metric", "batches", "expected"),
    [
        (train.Accuracy(), [(X, Y), (X, Y)], 2 / 3),
        (train.Accuracy(), [(X, ONE_HOT)], 2 / 3),
        (train.Accuracy("multilabel"), [(LABELS, TRUE_LABELS)], 2 / 3),
        (train.MAE(), [(X, ONE_HOT), (X, ONE_HOT)], 0.9333333969116211),
        (train.MSE(), [(X, ONE_HOT)], 0.5866666237513224),
        (train.Loss(), [(Tensor(1.0),), (Tensor(2.0),)], 1.5),
        (train.Loss(), [(Tensor([3.0]),)], 3.0),
        (train.Recall(), [(X, ONE_HOT), (X, ONE_HOT)], [1.0, 0.5]),
        (train.Precision(), [(X, Y)], [0.5, 1.0]),
        (train.Precision("multilabel"), [(LABELS, TRUE_LABELS)], [1.0, 1.0, 1.0]),
        (train.Recall("multilabel"), [(LABELS, TRUE_LABELS)], [1.0, 0.5, 1.0]),
        (train.F1(), [(X, Y)], [2 / 3, 2 / 3]),
        (train.Fbeta(2), [(X, Y)], [5 / 6, 5 / 9]),
        (train.Top1CategoricalAccuracy(), [(X5, Y5)], 0.0),
        (train.TopKCategoricalAccuracy(3), [(X5, Y5)], 2 / 3),
        (train.Top5CategoricalAccuracy(), [(X5, Y5)], 1.0),
        (train.Perplexity(), [(X, Y)], 2.2314431850023855),
        (train.Perplexity(ignore_label=0), [(X, Y)], 1.8257418694340384),
    ],
)
def test_results(metric, batches, expected):
    for _ in range(2):  # clear() forgets
        metric.clear()
        for batch in batches:
            metric.update(*batch)
        assert metric.eval() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("metric", "batches", "expected"), RECORDED, ids=[f"{metric}: {batches[0]}" for metric, batches, _ in RECORDED]
)
def test_recorded_results(metric, batches, expected):
    got = metric_cases.result(ms, metric, batches)
    if metric.startswith("ROC"):  # lists of different lengths
        assert all(map(np.allclose, _arrays(got), _arrays(expected)))
        assert len(_arrays(got)) == len(_arrays(expected))
    else:
        assert np.allclose(got, expected, rtol=1e-6, equal_nan=True)
        assert np.shape(got) == np.shape(expected)


def _arrays(value) -> list:
    return [value] if isinstance(value[0], float) else [array for part in value for array in _arrays(part)]


def test_all_cases_are_recorded():
    assert [(metric, batches) for metric, batches, _ in RECORDED] == metric_cases.CASES


def test_averages_over_classes():
    for metric in (train.Precision(), train.F1()):
        metric.update(X, Y)
        assert metric.eval(average=True) == pytest.approx(float(metric.eval().mean()))


def test_indexes_choose_among_the_inputs():
    metric = train.Accuracy().set_indexes([0, 2])
    assert metric.indexes == [0, 2]
    assert metric(X, X, Y) == pytest.approx(2 / 3)
    with pytest.raises(ValueError):
        metric.set_indexes(3)


def test_names():
    assert {"accuracy", "mae", "loss", "F1"} <= set(train.names())
    assert isinstance(train.get_metric_fn("topk", 2), train.TopKCategoricalAccuracy)
    with pytest.raises(KeyError):
        train.get_metric_fn("zz")


@pytest.mark.parametrize("metric", [train.Accuracy(), train.MAE(), train.Loss(), train.Recall(), train.Perplexity()])
def test_no_samples(metric):
    metric.clear()
    with pytest.raises(RuntimeError, match="samples is 0"):
        metric.eval()


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: train.Accuracy("x"), TypeError),
        (lambda: train.Accuracy().update(X), ValueError),
        (lambda: train.Accuracy().update(X, Tensor([1.0, 0.0])), ValueError),
        (lambda: train.MAE().update(X), ValueError),
        (lambda: train.Loss().update(X), ValueError),
        (lambda: train.Loss().update("x"), TypeError),
        (lambda: train.Fbeta(0), ValueError),
        (lambda: train.TopKCategoricalAccuracy(0), ValueError),
        (lambda: train.TopKCategoricalAccuracy(1.5), TypeError),
        (lambda: train.ROC("a"), TypeError),
        (lambda: train.ROC().eval(), RuntimeError),
        (lambda: train.ROC(2).update(Y, Y), ValueError),
        (lambda: train.ROC(3).update(X, Y), ValueError),
        (lambda: train.ROC(2, 1).update(X, Y), ValueError),
        (lambda: train.ROC()(Y, Tensor([1, 1, 1])), ValueError),
        (lambda: train.auc([0, 1], np.ones(2)), TypeError),
        (lambda: train.auc(np.ones(1), np.ones(1)), ValueError),
        (lambda: train.auc(np.array([0, 2, 1]), np.ones(3)), ValueError),
        (lambda: train.ConfusionMatrix(2.0), TypeError),
        (lambda: train.ConfusionMatrix(2, "x"), ValueError),
        (lambda: train.ConfusionMatrix(2).eval(), RuntimeError),
        (lambda: train.ConfusionMatrix(2).update(X5, Y[0]), ValueError),
        (lambda: train.ConfusionMatrixMetric(decrease="x"), ValueError),
        (lambda: train.ConfusionMatrixMetric(metric_name="x").eval(), NotImplementedError),
        (lambda: train.ConfusionMatrixMetric(calculation_method=True).eval(), RuntimeError),
        (lambda: train.ConfusionMatrixMetric().update(X, X), ValueError),
        (lambda: train.Dice(-1.0), ValueError),
        (lambda: train.Dice().eval(), RuntimeError),
        (lambda: train.Dice().update(X, Y), ValueError),
        (lambda: train.HausdorffDistance("x"), ValueError),
        (lambda: train.HausdorffDistance(percentile=1), TypeError),
        (lambda: train.HausdorffDistance(percentile=101.0)(Y, Y, 1), ValueError),
        (lambda: train.HausdorffDistance().update(Y, Y), ValueError),
        (lambda: train.MeanSurfaceDistance().update(Y, Y, 3), ValueError),
        (lambda: train.MeanSurfaceDistance().update(Y, Y, "x"), ValueError),
        (lambda: train.RootMeanSquareDistance().update(Y, Y, "x"), TypeError),
        (lambda: train.RootMeanSquareDistance().eval(), RuntimeError),
        (lambda: train.CosineSimilarity("x"), ValueError),
        (lambda: train.CosineSimilarity().eval(), RuntimeError),
        (lambda: train.BleuScore(5), ValueError),
        (lambda: train.BleuScore().update([["a"]], []), ValueError),
        (lambda: train.OcclusionSensitivity(1), TypeError),
        (lambda: train.OcclusionSensitivity().update(X, X, [1]), TypeError),
    ],
)
def test_what_is_refused(call, error):
    with pytest.raises(error):
        call()


def test_areas_under_curves():
    x, y = np.array([0.0, 0.25, 1.0]), np.array([0.0, 1.0, 1.0])
    assert train.auc(x, y) == train.auc(x[::-1], y[::-1]) == train.auc(x[:, None], y) == pytest.approx(0.875)
    assert train.auc(x[[1, 0, 2]], y[[1, 0, 2]], reorder=True) == pytest.approx(0.875)


def test_rates_that_stay_arrays():
    hits, truth = (metric_cases.ARRAYS[name] for name in ("hits", "truth"))
    metric = train.ConfusionMatrixMetric(True, "acc", True, "mean_batch")
    metric.update(hits, truth)
    assert metric.eval() == pytest.approx((hits == truth).mean((0, 2)))


def test_metrics_are_found_under_the_paths_that_programs_use():
    from msjax.nn import ROC, auc
    from msjax.nn.metrics import ConfusionMatrixMetric

    assert (ROC, auc, ConfusionMatrixMetric) == (train.ROC, train.auc, train.ConfusionMatrixMetric)
