"""Sorting, extremes, medians: values, index dtypes, and who gets the gradient of equal elements."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.table import lookup

X = Tensor([[1.0, 5.0, 5.0], [4.0, 2.0, 0.0]])


@pytest.mark.parametrize(
    ("call", "values", "places", "dtype"),
    [
        (lambda: ops.max(X, 1), [5, 4], [1, 0], ms.int64),
        (lambda: ops.min(X, -1), [1, 0], [0, 2], ms.int64),
        (lambda: X.max(1), [5, 4], [1, 0], ms.int64),
        (lambda: X.max(axis=1, return_indices=True), [5, 4], [1, 0], ms.int64),
        (lambda: X.argmax_with_value(1), [5, 4], [1, 0], ms.int64),
        (lambda: ops.median(X), [5, 2], [1, 1], ms.int64),
        (lambda: ops.topk(X, 2), [[5, 5], [4, 2]], [[1, 2], [0, 1]], ms.int32),
        (lambda: ops.topk(X, 1, 0, False), [[1, 2, 0]], [[0, 1, 1]], ms.int32),
        (lambda: ops.sort(X, 0, True), [[4, 5, 5], [1, 2, 0]], [[1, 0, 0], [0, 1, 1]], ms.int32),
        (lambda: ops.cummax(X, 1), [[1, 5, 5], [4, 4, 4]], [[0, 1, 2], [0, 0, 0]], ms.int64),
        (lambda: ops.cummin(X, 1), [[1, 1, 1], [4, 2, 0]], [[0, 0, 0], [0, 1, 2]], ms.int32),
    ],
)
def test_values_and_places(call, values, places, dtype):
    found, where = call()
    assert found.tolist() == values
    assert where.tolist() == places
    assert where.dtype is dtype


def test_values_only():
    assert X.max().item() == 5
    assert X.max(axis=1).tolist() == [5, 4]
    assert X.min(axis=(0, 1)).item() == 0
    assert ops.amax(X, 1, True).tolist() == [[5], [4]]
    assert [t.item() for t in ops.max(X)] == [5, 0]


def test_overloads_of_mint():
    largest = lookup("mint", "max")
    assert largest(X).item() == 5
    assert largest(X, 1)[1].tolist() == [1, 0]
    assert largest(X, Tensor([3.0, 3.0, 3.0])).tolist() == [[3, 5, 5], [4, 3, 3]]


def test_argmax_and_argmin():
    assert ops.argmax(X).item() == 1
    assert ops.argmax(X, 1).dtype is ms.int64
    assert ops.argmin(X, axis=1).dtype is ms.int32
    assert ops.Argmax()(X).dtype is ms.int32
    assert [t.tolist() for t in ops.ArgMaxWithValue(1)(X)] == [[1, 0], [5, 4]]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: x.max(axis=0), [1, 0, 0]),  # the first of equals
        (lambda x: ops.max(x, 0)[0], [1, 0, 0]),
        (lambda x: x.max(), [0.5, 0.5, 0]),  # shared
        (lambda x: ops.amax(x), [0.5, 0.5, 0]),
        (lambda x: ops.sort(x)[0][0], [0, 0, 1]),
        (lambda x: ops.topk(x, 1)[0][0], [1, 0, 0]),
        (lambda x: ops.median(x)[0], [1, 0, 0]),
    ],
)
def test_gradients_of_equals(function, expected):
    assert ms.grad(function)(Tensor([3.0, 3.0, 1.0])).tolist() == expected


def test_quantile():
    assert ops.quantile(X, 0.5).item() == np.quantile(X.asnumpy(), 0.5)
    found = ops.quantile(X, Tensor([0.25, 0.5]), 1, True)
    np.testing.assert_allclose(found.asnumpy(), np.quantile(X.asnumpy(), [0.25, 0.5], 1, keepdims=True))
    assert found.dtype is ms.float32


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: ops.topk(X, 9), ValueError),
        (lambda: ops.topk(X, 2.0), TypeError),
        (lambda: ops.max(X, (0, 1)), TypeError),
        (lambda: ops.max(Tensor(np.zeros((0, 3), np.float32))), ValueError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call()


def test_nan_is_the_largest():
    x = Tensor(np.float32([3, np.nan, 1, np.inf, -np.inf, 1]))
    assert ops.topk(x, 3)[1].tolist() == [1, 3, 0]
    assert ops.topk(x, 3, None, False)[1].tolist() == [4, 2, 5]
    assert ops.argmax(x).item() == 1
