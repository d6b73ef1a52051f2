"""Losses against figures of MindSpore 2.10."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops

A = Tensor([[1.0, 2.0, 4.0], [-1.0, 0.5, 3.0]])
B = Tensor([[0.0, 2.5, 1.0], [1.0, 1.0, 1.0]])
P = Tensor([[0.1, 0.2, 0.4], [0.9, 0.5, 0.3]])
Q = Tensor([[1.0, 0.0, 0.5], [0.0, 1.0, 1.0]])
Y = Tensor([2, 0], ms.int32)
W = Tensor([1.0, 2.0, 3.0])
SIGN = Tensor([1, -1], ms.int32)


@pytest.mark.parametrize(
    ("name", "arguments", "options", "expected"),
    [
        ("mse_loss", (A, B), {}, 3.0833333),
        ("mse_loss", (A, B), {"reduction": "sum"}, 18.5),
        ("l1_loss", (A, B[:1]), {}, 1.5833334),
        ("smooth_l1_loss", (A, B), {}, [[0.5, 0.125, 2.5], [1.5, 0.125, 1.5]]),
        ("smooth_l1_loss", (A, B, 2.0, "mean"), {}, 0.72916669),
        ("huber_loss", (A, B, "none", 0.5), {}, [[0.375, 0.125, 1.375], [0.875, 0.125, 0.875]]),
        ("cross_entropy", (A, Y), {}, 2.13276029),
        ("cross_entropy", (A, Y, W), {}, 1.15130317),
        ("cross_entropy", (A, Y, W), {"reduction": "none"}, [0.50953817, 4.09567451]),
        ("cross_entropy", (A, Y), {"ignore_index": 2}, 4.09567451),
        ("cross_entropy", (A, Y), {"label_smoothing": 0.1}, 2.12442708),
        ("cross_entropy", (A, Y, W), {"label_smoothing": 0.1}, 1.18278217),
        ("cross_entropy", (A, Y, W), {"label_smoothing": 0.1, "ignore_index": 2}, 4.00524187),
        ("cross_entropy", (A, P), {}, 2.91576934),
        ("cross_entropy", (A, P, W), {"label_smoothing": 0.1}, 3.78370047),
        ("cross_entropy", (A[0], Tensor(1)), {}, 2.16984606),
        ("nll_loss", (A, Y, W), {}, -2.75),
        ("nll_loss", (A, Y), {"ignore_index": 2, "reduction": "none"}, [0, 1]),
        ("nll_loss", (A, Y), {"label_smoothing": 0.1}, -1.50833333),
        ("binary_cross_entropy", (P, Q), {}, 1.23983204),
        ("binary_cross_entropy_with_logits", (A, P), {}, 1.57404423),
        ("binary_cross_entropy_with_logits", (A, P, W, Tensor([3.0, 2.0, 1.0])), {}, 3.99668622),
        ("kl_div", (A, P), {}, -0.67854208),
        ("kl_div", (A, P, "batchmean"), {}, -2.03562617),
        ("kl_div", (A, B, "none"), {}, [[0, -2.7092731, -4], [1, -0.5, -3]]),
        ("cosine_embedding_loss", (A, B, SIGN, 0.1, "none"), {}, [0.27060318, 0.35083485]),
        ("hinge_embedding_loss", (A[0], Tensor([1.0, -1.0, 1.0]), 1.5, "none"), {}, [1, 0, 4]),
        ("gaussian_nll_loss", (A, B, P, True), {}, 4.68535376),
        ("multi_margin_loss", (A, Tensor([2, 0])), {}, 1.25),
        ("multilabel_soft_margin_loss", (A, Tensor([[1.0, 0, 1], [0, 0, 1]]), W, "none"), {}, [1.54052246, 0.80239242]),
    ],
)
def test_values(name, arguments, options, expected):
    np.testing.assert_allclose(getattr(ops, name)(*arguments, **options).asnumpy(), expected, rtol=1e-5, atol=1e-6)


def test_primitives():
    loss, derivative = ops.SoftmaxCrossEntropyWithLogits()(A, P)
    np.testing.assert_allclose(loss.asnumpy(), [0.81889224, 5.0126462], rtol=1e-5)
    np.testing.assert_allclose(derivative.asnumpy()[0], [-0.0579899363, -0.0858048, 0.4437947], rtol=1e-4)
    np.testing.assert_allclose(
        ops.SparseSoftmaxCrossEntropyWithLogits(True)(A, Y).asnumpy()[0], [0.021005, 0.0570976, -0.0781026], rtol=1e-4
    )
    np.testing.assert_allclose([x.asnumpy() for x in ops.NLLLoss()(A, Y, W)], [-2.75, 4])
    assert ops.L2Loss()(A).item() == 15.625


def test_spatial_classes():
    x = Tensor(np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2) ** 1.5)
    labels = Tensor([[[0, 1], [2, 1]], [[1, 1], [0, 2]]])
    np.testing.assert_allclose(ops.cross_entropy(x, labels).asnumpy(), 19.849956, rtol=1e-5)


def test_derivatives_at_kinks():
    x = Tensor([0.0, 1.0, 2.0])
    assert ms.grad(lambda x: ops.l1_loss(x, Tensor([0.0, 0, 0]), "sum"))(x).asnumpy().tolist() == [0, 1, 1]
    assert ms.grad(lambda x: ops.smooth_l1_loss(x, Tensor([0.0, 0, 0])))(x).asnumpy().tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: ops.mse_loss(A, B, "other"), ValueError),
        (lambda: ops.binary_cross_entropy(P, Q[:1]), ValueError),
        (lambda: ops.cosine_embedding_loss(A, B, SIGN, 2.0), ValueError),
        (lambda: ops.margin_ranking_loss(A[0], B[0], Tensor([1, -1, 1])), TypeError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call()
