"""Single operators, loops and updates against figures of MindSpore 2.10."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, ops

X, Y = Tensor([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]]), Tensor([[2.0, 2.0, 2.0], [3.0, -3.0, 4.0]])
M, N = Tensor([7, -7, 5], ms.int32), Tensor([2, 2, -3], ms.int32)
P = Tensor([0.2, 0.5, 0.9])


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (lambda: ops.AddN()([X, Y]), [[3, 0, 5], [7, 2, -2]]),
        (lambda: ops.addn((M, N, M)), [16, -12, 7]),
        (lambda: ops.TruncateDiv()(M, N), [3, -3, -1]),
        (lambda: ops.TruncateDiv()(X, Y), [[0, -1, 1], [1, -1, -1]]),
        (lambda: ops.truncate_mod(M, N), [1, -1, 2]),
        (lambda: ops.tensor_le(X, 2), [[True, True, False], [False, False, True]]),
        (lambda: ops.polar(Tensor([1.0, 2.0]), Tensor([0.5, 1.0])), [0.87758255 + 0.47942555j, 1.0806046 + 1.6829419j]),
        (lambda: ops.logit(P), [-1.3862944, 0.0, 2.1972244]),
        (lambda: P.logit(0.3), [-0.8472978, 0.0, 0.84729785]),
        (lambda: ops.mvlgamma(Tensor([3.0, 4.0]), 2), [1.550195, 3.5650978]),
        (lambda: ops.polygamma(Tensor(1), Tensor([3.0, 4.0])), [0.39493406, 0.28382298]),
        (lambda: ops.population_count(Tensor([3, 8, -1], ms.int16)), [2, 1, 16]),
        (lambda: ops.cosine_similarity(X, Y, 0), [0.94174194, -0.97854984, -0.6]),
        (lambda: ops.MatrixPower(3)(Tensor([[1.0, 2], [3, 4]])), [[37, 54], [81, 118]]),
        (lambda: ops.ReduceStd(axis=1)(X)[0], [2.51661158, 6.08276272]),
        (lambda: ops.Betainc()(P, P, P), [0.39272216, 0.5, 0.885353]),
        (lambda: ops.iou(Tensor([[0.0, 0, 2, 2]]), Tensor([[1.0, 1, 3, 3]])), [[0.2857143]]),
        (lambda: ops.FastGelu()(X), [[0.84579575, -0.06434137, 2.9819288], [3.995585, 4.998993, -0.00022035]]),
        (lambda: ops.ForiLoop()(0, 4, lambda i, v: v + i, Tensor(0)), 6),
        (lambda: ops.WhileLoop()(lambda v: v < 20, lambda v: v * 2, Tensor(1)), 32),
        (lambda: ops.irfft(ops.rfft(X, 4), 4), [[1, -2, 3, 0], [4, 5, -6, 0]]),
        (lambda: ops.abs(ops.fft2(X)), np.abs(np.fft.fft2(X.asnumpy()))),
        (lambda: ops.fftshift(X, 1), [[3, 1, -2], [-6, 4, 5]]),
        (lambda: ops.rfftfreq(5, 0.1), [0, 2, 4]),
    ],
)
def test_values(result, expected):
    np.testing.assert_allclose(result().asnumpy(), expected, rtol=1e-5, atol=1e-6)


def test_scan():
    total, seen = ops.Scan()(lambda c, x: (c + x, c * x), Tensor(1.0), [Tensor(1.0), Tensor(2.0), Tensor(3.0)], 3)
    assert float(total) == 7 and [float(s) for s in seen] == [1, 4, 12]
    gradient = ms.grad(lambda x: ops.Scan()(lambda c, e: (c * e, c), Tensor(1.0), x)[0])
    np.testing.assert_allclose(gradient(Tensor([2.0, 3.0])).asnumpy(), [3, 2])


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (lambda v, a: ops.ApplyMomentum()(v, a, 0.1, Tensor([1.0, 1.0]), 0.9), [[0.855, 1.855], [1.45, 1.45]]),
        (lambda v, a: ops.ApplyGradientDescent()(v, 0.1, Tensor([1.0, 1.0])), [[0.9, 1.9], [0.5, 0.5]]),
        (lambda v, a: ops.ApplyAdagrad()(v, a, 0.1, Tensor([1.0, 1.0])), [[0.91835034, 1.918350], [1.5, 1.5]]),
    ],
)
def test_updates(step, expected):
    variable, slot = Parameter(Tensor([1.0, 2.0]), name="v"), Parameter(Tensor([0.5, 0.5]), name="a")
    given = step(variable, slot)
    np.testing.assert_allclose([variable.asnumpy(), slot.asnumpy()], expected, rtol=1e-6)
    first = given[0] if isinstance(given, tuple) else given
    np.testing.assert_allclose(first.asnumpy(), expected[0], rtol=1e-6)
