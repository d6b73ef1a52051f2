"""Activations and clipping: values against plain formulas, derivatives at kinks as MindSpore's."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops

POINTS = [-6.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0]


@pytest.mark.parametrize(
    ("name", "arguments", "derivatives"),
    [
        ("relu", (), [0, 0, 0, 0, 0, 1, 1, 1, 1]),
        ("relu6", (), [0, 0, 0, 0, 0, 1, 1, 1, 1]),
        ("hardtanh", (), [0, 0, 0.5, 1, 1, 1, 0.5, 0, 0]),
        ("clamp", (-1, 1), [0, 0, 1, 1, 1, 1, 1, 0, 0]),
        ("clip_by_value", (-1, 1), [0, 0, 0.5, 1, 1, 1, 0.5, 0, 0]),
        ("leaky_relu", (), [0.2, 0.2, 0.2, 0.2, 0.6, 1, 1, 1, 1]),
        ("leaky_relu", (2.0,), [2, 2, 2, 2, 1.5, 1, 1, 1, 1]),
        ("hardswish", (), [0, -0.5, 1 / 6, 1 / 3, 0.5, 2 / 3, 5 / 6, 1.5, 1]),
        ("hardsigmoid", (), [0, 0, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 0, 0]),
        ("hardshrink", (), [1, 1, 1, 0, 0, 0, 1, 1, 1]),
        ("softshrink", (), [1, 1, 1, 0, 0, 0, 1, 1, 1]),
        ("threshold", (1.0, 20.0), [0, 0, 0, 0, 0, 0, 0, 1, 1]),
        ("selu", (), [0.004358, 0.08752896, 0.646769, 1.066332, 1.050701, 1.050701, 1.050701, 1.050701, 1.050701]),
        ("gelu", (), [0, -0.011946, -0.083315, 0.132505, 0.5, 0.867495, 1.083315, 1.011946, 1]),
    ],
)
def test_derivative_at_kinks(name, arguments, derivatives):
    derivative = ms.grad(lambda x: getattr(ops, name)(x, *arguments))(Tensor(POINTS))
    np.testing.assert_allclose(derivative.asnumpy(), np.float32(derivatives), atol=1e-4)


@pytest.mark.parametrize(
    "name", ["relu6", "elu", "selu", "celu", "silu", "mish", "softplus", "logsigmoid", "gelu", "hardswish"]
)
def test_third_derivative_is_finite(name):
    function = getattr(ops, name)
    for _ in range(3):
        function = ms.grad(function)
    assert np.isfinite(function(Tensor(POINTS)).asnumpy()).all()


def test_softmax_family():
    x = np.float32([[1, 2, 3], [1, 5, 2]])
    expected = np.exp(x) / np.exp(x).sum(1, keepdims=True)
    for result in (
        ops.softmax(Tensor(x)),
        ops.Softmax(1)(Tensor(x)),
        Tensor(x).softmax(-1),
        ops.log_softmax(Tensor(x)).exp(),
    ):
        np.testing.assert_allclose(result.asnumpy(), expected, rtol=1e-5)
    assert ops.softmax(Tensor(x), 0, dtype=ms.float64).dtype == ms.float64
    with pytest.raises(ValueError, match=r"\[-2,2\)"):
        ops.softmax(Tensor(x), 2)


def test_gumbel_softmax_hard_is_one_hot_with_soft_derivative():
    logits = Tensor([[0.1, 2.0, -1.0]])
    assert sorted(ops.gumbel_softmax(logits, hard=True).asnumpy()[0].round(5)) == [0, 0, 1]
    derivative = ms.grad(lambda x: (ops.gumbel_softmax(x, hard=True) * Tensor([1.0, 2.0, 3.0])).sum())(logits)
    assert np.abs(derivative.asnumpy()).max() > 0


def test_inplace_relu_writes_into_its_input():
    x = Tensor([-1.0, 1.0])
    assert ops.relu(x, inplace=True) is x
    assert x.asnumpy().tolist() == [0, 1]


def test_clipping_by_norm():
    x = [Tensor([3.0, 0.0]), Tensor([4.0])]
    clipped = ops.clip_by_global_norm(x, 1.0)
    np.testing.assert_allclose(np.concatenate([c.asnumpy() for c in clipped]), [0.6, 0, 0.8], rtol=1e-6)
    np.testing.assert_allclose(ops.clip_by_norm(x[0], 1).asnumpy(), [1, 0], rtol=1e-6)
    np.testing.assert_allclose(ops.clip_by_norm(x[0], 100).asnumpy(), [3, 0])


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: ops.gelu(x, "other"), ValueError),
        (lambda x: ops.gelu(x.astype(ms.int32)), TypeError),
        (lambda x: ops.clamp(x), ValueError),
        (lambda x: ops.prelu(x, Tensor([0.1, 0.2, 0.3])), ValueError),
        (lambda x: ops.glu(Tensor([1.0, 2.0, 3.0])), ValueError),
        (lambda x: ops.softshrink(x, -1.0), RuntimeError),
        (lambda x: ops.rrelu(x, 0.5, 0.25), ValueError),
        (lambda x: ops.lerp(x.astype(ms.int32), x, 0.5), TypeError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call(Tensor([[1.0, 2.0], [3.0, 4.0]]))
