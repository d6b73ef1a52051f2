"""Reductions and cumulative operators, against numpy and against figures of MindSpore 2.10.0."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.table import lookup

X = np.array([[1.0, 5.0, 5.0], [4.0, 2.0, 0.0]], np.float32)
INTEGERS = np.array([[1, 2, 3], [4, 5, 6]], np.int32)


def mint(name):
    return lookup("mint", name)


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ["sum", "prod", "mean", "std", "var"])
def test_floats_reduce_as_in_numpy(name, axis, keepdims):
    function = getattr(ops, name)
    keyword = {"sum": "keepdim", "prod": "keep_dims", "mean": "keep_dims"}.get(name, "keepdims")
    result = function(Tensor(X), axis, **{keyword: keepdims})
    assert result.dtype is ms.float32
    np.testing.assert_allclose(result.asnumpy(), getattr(np, name)(X, axis, keepdims=keepdims), rtol=1e-6)


@pytest.mark.parametrize(
    ("result", "dtype", "value"),
    [
        (lambda: ops.sum(Tensor(INTEGERS)), ms.int64, 21),
        (lambda: ops.sum(Tensor([True, True])), ms.int64, 2),
        (lambda: ops.ReduceSum()(Tensor(INTEGERS)), ms.int32, 21),
        (lambda: ops.mean(Tensor(INTEGERS)), ms.int32, 3),
        (lambda: ops.mean(Tensor(-INTEGERS)), ms.int32, -3),
        (lambda: ops.prod(Tensor(INTEGERS)), ms.int64, 720),
        (lambda: ops.ReduceProd()(Tensor(INTEGERS.astype(np.int8))), ms.int8, -48),
        (lambda: ops.cumsum(Tensor(INTEGERS), 1)[-1, -1], ms.int32, 15),
        (lambda: ops.cumprod(Tensor(INTEGERS), 1)[-1, -1], ms.int64, 120),
        (lambda: ops.count_nonzero(Tensor(X)), ms.int32, 5),
        (lambda: Tensor(INTEGERS).sum(dtype=ms.float32), ms.float32, 21),
        (lambda: Tensor(X).sum(axis=1, keepdims=True, initial=3)[0, 0], ms.float32, 14),
    ],
)
def test_dtypes(result, dtype, value):
    assert result().dtype is dtype
    assert result().item() == value


def test_the_two_signatures_of_a_method():
    x = Tensor(X)
    np.testing.assert_allclose(x.var(1).asnumpy(), X.var(1), rtol=1e-6)
    np.testing.assert_allclose(x.var(dim=1).asnumpy(), X.var(1, ddof=1), rtol=1e-6)
    np.testing.assert_allclose(mint("std")(x, correction=0).asnumpy(), X.std(), rtol=1e-6)
    assert x.sum(0, True).shape == (1, 3)
    assert x.sum(0, ms.float16).dtype is ms.float16


@pytest.mark.parametrize(
    ("exclusive", "reverse", "first"),
    [(False, False, [1, 6, 11]), (True, False, [0, 1, 6]), (False, True, [11, 10, 5]), (True, True, [10, 5, 0])],
)
def test_cumsum_primitive(exclusive, reverse, first):
    assert ops.CumSum(exclusive, reverse)(Tensor(X), 1)[0].tolist() == first


def test_nan_is_passed_over():
    x = Tensor([[1.0, np.nan], [3.0, 4.0]])
    assert ops.nansum(x).item() == 8
    assert ops.nanmean(x, 1).tolist() == [1, 3.5]
    assert ops.nanmedian(x)[0].tolist() == [1, 3]
    assert [y.tolist() for y in ops.aminmax(x)] == [[1, 4], [3, 4]]
    assert [y.tolist() for y in ops.aminmax(x, axis=None, keepdims=True)] == [[[1]], [[4]]]
    assert np.isnan(ops.aminmax(x[0, 1:])[1].item())


def test_a_bool_may_say_whether_one_is_taken_from_the_number_of_elements():
    x = Tensor([1.0, 2.0, 6.0])
    assert ops.var(x, ddof=True).item() == ops.var(x, ddof=1).item() == 7
    assert ops.std_mean(x, ddof=False)[0].item() == ops.std(x).item()
    with pytest.raises(TypeError, match="'ddof' must be int or bool"):
        ops.std(x, ddof=1.0)


def test_logsumexp_does_not_overflow():
    assert ops.logsumexp(Tensor([1000.0, 1000.0]), 0).item() == pytest.approx(1000 + np.log(2))


@pytest.mark.parametrize(("axis", "error"), [(5, ValueError), (1.0, TypeError), ((0, 0), ValueError)])
def test_bad_axis(axis, error):
    with pytest.raises(error):
        ops.sum(Tensor(X), axis)


def test_no_float64_appears():
    for name in ("sum", "mean", "prod", "std", "var", "nanmean", "max", "amax", "norm"):
        result = getattr(ops, name)(Tensor(X))
        assert (result[0] if isinstance(result, tuple) else result).dtype is ms.float32, name
