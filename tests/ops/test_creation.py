"""Constants, ranges, grids and diagonals: values, and MindSpore's default dtypes."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.table import lookup


@pytest.mark.parametrize(
    ("call", "dtype", "value"),
    [
        (lambda: ops.zeros((2,)), ms.float32, [0, 0]),
        (lambda: ops.ones(2, ms.int32), ms.int32, [1, 1]),
        (lambda: ops.zeros(Tensor([1, 2])), ms.float32, [[0, 0]]),
        (lambda: ops.ones_like(Tensor([True])), ms.bool_, [True]),
        (lambda: ops.full((2,), 1.5), ms.int64, [1, 1]),
        (lambda: ops.full((2,), 1.5, dtype=ms.float32), ms.float32, [1.5, 1.5]),
        (lambda: lookup("mint", "full")((2,), 1.5), ms.float32, [1.5, 1.5]),
        (lambda: ops.full_like(Tensor([1, 2]), 2.5), ms.int64, [2, 2]),
        (lambda: ops.eye(2, 3, ms.int32), ms.int32, [[1, 0, 0], [0, 1, 0]]),
        (lambda: ops.arange(3), ms.int64, [0, 1, 2]),
        (lambda: ops.arange(1, 2, 0.25), ms.float32, [1, 1.25, 1.5, 1.75]),
        (lambda: ops.arange(5, 0, -2), ms.int64, [5, 3, 1]),
        (lambda: lookup("numpy", "arange")(3), ms.int32, [0, 1, 2]),
        (lambda: ops.linspace(0, 1, 5), ms.float32, [0, 0.25, 0.5, 0.75, 1]),
        (lambda: ops.linspace(Tensor(0, ms.float64), Tensor(1, ms.float64), 3), ms.float64, [0, 0.5, 1]),
        (lambda: ops.logspace(Tensor(0.0), Tensor(2.0), 3), ms.float32, [1, 10, 100]),
        (lambda: ops.one_hot(Tensor([0, 2]), 3), ms.int64, [[1, 0, 0], [0, 0, 1]]),
        (lambda: ops.one_hot(Tensor([0, 5, -1]), 2, 1.0, 0.0), ms.float32, [[1, 0], [0, 0], [0, 0]]),
        (lambda: ops.one_hot(Tensor([0, 2]), 3, 2, -1, 0), ms.int64, [[2, -1], [-1, -1], [-1, 2]]),
        (lambda: ops.diag(Tensor([1.0, 2.0])), ms.float32, [[1, 0], [0, 2]]),
        (lambda: ops.diag_embed(Tensor([1.0]), 1), ms.float32, [[0, 1], [0, 0]]),
        (lambda: ops.triu(Tensor([[1, 2], [3, 4]]), 1), ms.int64, [[0, 2], [0, 0]]),
        (lambda: ops.tril_indices(2, 2), ms.int64, [[0, 1, 1], [0, 0, 1]]),
        (lambda: ops.cartesian_prod(Tensor([1, 2]), Tensor([3])), ms.int64, [[1, 3], [2, 3]]),
        (lambda: lookup("numpy", "array")([1, 2]), ms.int32, [1, 2]),
        (lambda: lookup("numpy", "mgrid")[0:2], ms.int32, [0, 1]),
        (lambda: Tensor([1.0]).new_zeros(2, ms.int32), ms.int32, [0, 0]),
    ],
)
def test_created(call, dtype, value):
    result = call()
    assert result.dtype is dtype
    assert result.tolist() == value


@pytest.mark.parametrize("indexing", ["xy", "ij"])
def test_meshgrid(indexing):
    x, y = np.float32([1, 2]), np.float32([3, 4, 5])
    ours, theirs = ops.meshgrid(Tensor(x), Tensor(y), indexing=indexing), np.meshgrid(x, y, indexing=indexing)
    for i in range(2):
        assert (ours[i].asnumpy() == theirs[i]).all()


def test_the_ends_of_linspace_are_differentiable():
    gradient = ms.grad(lambda end: ops.linspace(0, end, 3))(Tensor(1.0))
    assert gradient.item() == 1.5


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: ops.zeros(-1), ValueError),
        (lambda: ops.zeros(1.5), TypeError),
        (lambda: ops.full(2, 3), TypeError),
        (lambda: ops.arange(3, 0), ValueError),
        (lambda: ops.arange(0, 3, 0), ValueError),
        (lambda: ops.linspace(0, 1, 0), ValueError),
        (lambda: ops.linspace(Tensor([0.0]), Tensor([1.0]), 2), ValueError),
        (lambda: ops.one_hot(Tensor([0.0]), 2), TypeError),
        (lambda: ops.meshgrid(Tensor([1.0]), indexing="zz"), ValueError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call()


def test_bands_go_there_and_back():
    band = Tensor([[9.0, 1.0], [4.0, 3.0], [2.0, 9.0]])
    matrix = ops.matrix_diag(band, Tensor([-1, 1], ms.int32))
    assert matrix.tolist() == [[4, 1], [2, 3]]
    assert ops.matrix_diag_part(matrix, Tensor([-1, 1], ms.int32), Tensor(9.0)).tolist() == band.tolist()
    assert ops.matrix_set_diag(matrix, Tensor([5.0, 6.0])).tolist() == [[5, 1], [2, 6]]
    with pytest.raises(ValueError, match="align"):
        ops.matrix_diag(band, (-1, 1), align="LEFT")
