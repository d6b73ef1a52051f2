"""Normalization against figures of MindSpore 2.10."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, ops

X = Tensor((np.arange(24).reshape(2, 3, 2, 2) ** 1.5).astype(np.float32))
A = Tensor([[1.0, 2.0, 4.0], [-1.0, 0.5, 3.0]])
ONES, ZEROS = Tensor(np.ones(3, np.float32)), Tensor(np.zeros(3, np.float32))


def head(result, n=4):
    return result.asnumpy().ravel()[:n]


def test_layer_norm():
    np.testing.assert_allclose(head(ops.layer_norm(A, (3,))), [-1.06904, -0.26726, 1.33630, -1.11117], rtol=1e-4)
    result, mean, variance = ops.LayerNorm()(A, Tensor([1.0, 2.0, 1.0]), Tensor([1.0, 1.0, 0.0]))
    np.testing.assert_allclose(head(result, 3), [-0.0690448, 0.4654777, 1.3363062], rtol=1e-5)
    np.testing.assert_allclose(head(mean), [2.3333333, 0.8333333], rtol=1e-6)
    np.testing.assert_allclose(head(variance), [1.5555556, 2.7222223], rtol=1e-6)


def test_batch_norm_moves_the_moments_in_training_only():
    mean, variance = Parameter(ZEROS), Parameter(ONES)
    result = ops.batch_norm(X, mean, variance, ONES, ZEROS)
    np.testing.assert_allclose(head(result), [0, 0.999995, 2.828413, 5.196126], rtol=1e-5)
    assert mean.asnumpy().tolist() == [0, 0, 0]
    result = ops.batch_norm(X, mean, variance, ONES, ZEROS, True, 0.1)
    np.testing.assert_allclose(head(result), [-1.075262, -1.033895, -0.958258, -0.860311], rtol=1e-5)
    np.testing.assert_allclose(mean.asnumpy(), [2.599299, 4.320962, 6.461289], rtol=1e-5)
    np.testing.assert_allclose(variance.asnumpy(), [67.68452, 108.206154, 147.3199], rtol=1e-5)


def test_group_and_instance_norm():
    weight = Tensor([1.0, 2.0, 3.0])
    np.testing.assert_allclose(
        head(ops.group_norm(X, 1, weight), 5), [-1.261299, -1.176816, -1.0223447, -0.822312, -1.170868], rtol=1e-5
    )
    np.testing.assert_allclose(head(ops.group_norm(X, 3)), head(ops.instance_norm(X)))


def test_vectors_and_neighbours():
    np.testing.assert_allclose(head(ops.L2Normalize()(A), 3), [0.7071068, 0.9701425, 0.8], rtol=1e-6)
    np.testing.assert_allclose(head(ops.L2Normalize(1, 100.0)(A), 3), [0.1, 0.2, 0.4], rtol=1e-6)
    np.testing.assert_allclose(head(ops.lrn(X, 1, 2.0, 0.5, 0.75)), [0, 0.0436833, 0.0810712, 0.1027545], rtol=1e-5)
    result, scale = ops.rms_norm(A, ONES)
    np.testing.assert_allclose(result.asnumpy(), A.asnumpy() * scale.asnumpy(), rtol=1e-6)


def test_second_derivative_is_finite():
    once = ms.grad(lambda x: (ops.layer_norm(x, (3,)) ** 3).sum())
    assert np.isfinite(ms.grad(lambda x: (once(x) ** 2).sum())(A).asnumpy()).all()


@pytest.mark.parametrize(
    "call",
    [
        lambda: ops.layer_norm(A, (2,)),
        lambda: ops.group_norm(X, 2),
        lambda: ops.batch_norm(X, ZEROS[:2], ONES[:2], ONES, ZEROS),
    ],
)
def test_errors(call):
    with pytest.raises(ValueError):
        call()
