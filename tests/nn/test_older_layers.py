"""Layers of older programs against figures of MindSpore 2.10."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn

X = Tensor([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])


@pytest.mark.parametrize(
    ("layer", "args", "expected"),
    [
        (nn.ClipByNorm(), (X, Tensor([1.0])), [[0.1048285, -0.209657, 0.3144854], [0.4193139, 0.5241424, -0.6289709]]),
        (nn.ClipByNorm(), (X, Tensor([100.0])), X.asnumpy()),
        (nn.Norm(axis=1), (X,), [3.7416575, 8.774964]),
        (nn.Norm(axis=1, keep_dims=True), (X,), [[3.7416575], [8.774964]]),
        (nn.Norm(), (X,), 9.539392),
        (nn.OneHot(depth=3, axis=0, dtype=ms.int32), (Tensor([0, 2]),), [[1, 0], [0, 0], [0, 1]]),
        (nn.Triu(), (X, 1), [[0, -2, 3], [0, 0, -6]]),
        (nn.Tril(), (X,), [[1, 0, 0], [4, 5, 0]]),
        (nn.Range(1, 8, 3), (), [1, 4, 7]),
        (nn.Roll(1, 0), (X,), [[4, 5, -6], [1, -2, 3]]),
        (nn.ReduceLogSumExp(1), (X,), [3.1328447, 5.3132734]),
        (nn.MatMul(transpose_x2=True), (X, X), [[14, -24], [-24, 77]]),
        (nn.L1Regularizer(0.5), (X,), 10.5),
        (nn.LGamma(), (Tensor([3.0, 4.0]),), [0.6931474, 1.7917603]),
        (nn.DiGamma(), (Tensor([3.0, 4.0]),), [0.9227843, 1.2561178]),
        (nn.IGamma(), (Tensor([2.0]), Tensor([3.0])), [0.8008517]),
        (nn.LBeta(), (Tensor([2.0]), Tensor([3.0])), [-2.4849057]),
        (nn.TimeDistributed(nn.Dense(3, 1, "ones", has_bias=False), 1), (X[None],), [[[2], [3]]]),
        (nn.PSNR(), (Tensor(np.full((1, 3, 4, 4), 0.5)), Tensor(np.ones((1, 3, 4, 4)))), [6.0206]),
    ],
)
def test_layers(layer, args, expected):
    np.testing.assert_allclose(layer(*args).asnumpy(), expected, rtol=1e-5)


def test_diagonals_of_batches():
    x = Tensor(np.arange(12, dtype=np.float32).reshape(2, 2, 3))
    assert nn.MatrixDiagPart()(x).tolist() == [[0, 4], [6, 10]]
    changed = nn.MatrixSetDiag()(x, Tensor([[7.0, 8.0], [9.0, 9.0]]))
    assert nn.MatrixDiagPart()(changed).tolist() == [[7, 8], [9, 9]] and changed[0, 0].tolist() == [7, 1, 2]
    assert np.array_equal(nn.MatrixDiag()(X)[1], np.diag([4.0, 5.0, -6.0]))


def test_gradients_of_images():
    images = Tensor(np.arange(4, dtype=np.float32).reshape(1, 1, 2, 2))
    down, across = nn.ImageGradients()(images)
    assert down.tolist() == [[[[2, 2], [0, 0]]]] and across.tolist() == [[[[1, 0], [1, 0]]]]
    with pytest.raises(ValueError, match="4 axes"):
        nn.ImageGradients()(X)


@pytest.mark.parametrize("adjoint", [False, True])
def test_sparse_matrices(adjoint):
    indices, values = Tensor([[0, 1], [1, 2]]), Tensor([2.0, 3.0])
    whole = nn.SparseToDense()(ms.COOTensor(indices, values, (2, 3))).asnumpy()
    assert whole.tolist() == [[0, 2, 0], [0, 0, 3]]
    dense = X.asnumpy().T if not adjoint else X.asnumpy()
    product = nn.SparseTensorDenseMatmul(adjoint)(indices, values, (2, 3), Tensor(dense))
    assert np.allclose(product.asnumpy(), (whole.T if adjoint else whole) @ dense)
    with pytest.raises(TypeError, match="adjoint_st"):
        nn.SparseTensorDenseMatmul(3)


def test_moments():
    mean, variance = nn.Moments(axis=1, keep_dims=True)(X)
    np.testing.assert_allclose(mean.asnumpy(), [[2 / 3], [1]], rtol=1e-6)
    np.testing.assert_allclose(variance.asnumpy(), [[4.2222223], [24.666666]], rtol=1e-6)


def test_combined():
    names = [type(c).__name__ for c in nn.Conv2dBnAct(2, 3, 3, has_bn=True, activation="leakyrelu").cells()]
    assert names == ["Conv2d", "BatchNorm2d", "LeakyReLU"]
    assert nn.DenseBnAct(3, 2, has_bn=True, activation="relu")(X).shape == (2, 2)
