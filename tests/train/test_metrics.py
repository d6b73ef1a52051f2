"""Metrics, against MindSpore's results for the same batches."""

import numpy as np
import pytest

from msjax import Tensor, train

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
    ],
)
def test_what_is_refused(call, error):
    with pytest.raises(error):
        call()
