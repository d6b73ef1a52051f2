"""Initializers: statistics, constants, names, seeds."""

import math

import numpy as np
import pytest

import msjax as ms
from msjax import nn
from msjax.nn import initializer as init
from msjax.nn.initializer import initializer

SHAPE = (400, 300)  # fan_in 300, fan_out 400


def draw(which, shape=SHAPE, dtype=ms.float32):
    return initializer(which, shape, dtype).asnumpy()


@pytest.mark.parametrize(
    "which, mean, std",
    [
        (init.Normal(), 0, 0.01),
        (init.Normal(1.0, 3.0), 3, 1),
        (init.Uniform(), 0, 0.0404),
        (init.TruncatedNormal(), 0, 0.01),
        (init.TruncatedNormal(1.0, 0.5, -1.0, 2.0), 0.5, 0.740),
        (init.XavierUniform(), 0, 0.0535),
        (init.XavierNormal(2), 0, 0.1069),
        (init.HeUniform(), 0, 0.0816),
        (init.HeUniform(1.0), 0, 0.0577),
        (init.HeUniform(mode="fan_out", nonlinearity="tanh"), 0, 0.0833),
        (init.HeNormal(mode="fan_out", nonlinearity="relu"), 0, 0.0707),
        (init.HeNormal(nonlinearity="sigmoid"), 0, 0.0577),
        (init.VarianceScaling(1.0, "fan_avg", "uniform"), 0, 0.0535),
        (init.VarianceScaling(1.0, "fan_avg", "truncated_normal"), 0, 0.0535),
        (init.VarianceScaling(1.0, "fan_avg", "untruncated_normal"), 0, 0.0535),
    ],
    ids=lambda v: type(v).__name__ if isinstance(v, init.Initializer) else str(v),
)
def test_mean_and_deviation(which, mean, std):
    values = draw(which)
    assert values.dtype == np.float32
    assert values.mean() == pytest.approx(mean, abs=0.02 * std)
    assert values.std() == pytest.approx(std, rel=0.02)


@pytest.mark.parametrize(
    "which, low, high",
    [
        (init.Uniform(), -0.07, 0.07),
        (init.XavierUniform(), -0.09258, 0.09258),
        (init.HeUniform(), -0.14142, 0.14142),
        (init.TruncatedNormal(1.0, 0.5, -1.0, 2.0), -1, 2),
    ],
    ids=lambda v: type(v).__name__ if isinstance(v, init.Initializer) else str(v),
)
def test_bounds(which, low, high):
    values = draw(which)
    assert values.min() == pytest.approx(low, rel=1e-2)
    assert values.max() == pytest.approx(high, rel=1e-2)


def test_what_a_cell_gives_for_its_parameters_is_a_plain_dict():
    net = nn.Dense(2, 3, weight_init="ones")
    assert type(net.init_parameters_data()) is dict and net.weight.asnumpy().sum() == 6


def test_the_kernel_counts_as_fan():
    assert init._calculate_fan_in_and_fan_out((3, 4, 5, 5)) == (100, 75)
    assert draw(init.HeNormal(), (40, 30, 3, 3)).std() == pytest.approx(math.sqrt(2 / 270), rel=0.03)


@pytest.mark.parametrize("shape", [(3, 4, 5), (5, 4), (4, 4)])
def test_orthogonal(shape):
    matrix = draw(init.Orthogonal(2.0), shape).reshape(shape[0], -1)
    product = matrix @ matrix.T if shape[0] <= matrix.shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-5)


@pytest.mark.parametrize("rows, sparsity, zeros", [(6, 0.25, 2), (7, 0.3, 3), (6, 0.01, 1), (3, 2.0, 3)])
def test_sparse_rounds_up(rows, sparsity, zeros):
    assert ((draw(init.Sparse(sparsity, 1.0), (rows, 4)) == 0).sum(axis=0) == zeros).all()


def test_identity_and_dirac():
    np.testing.assert_array_equal(draw("identity", (2, 3)), np.eye(2, 3))
    assert np.argwhere(draw(init.Dirac(), (4, 3, 3))).tolist() == [[0, 0, 1], [1, 1, 1], [2, 2, 1]]
    groups = [[0, 0, 1, 1], [1, 1, 1, 1], [2, 0, 1, 1], [3, 1, 1, 1]]
    assert np.argwhere(draw(init.Dirac(2), (4, 2, 3, 3))).tolist() == groups


@pytest.mark.parametrize("name", ["zeros", "One", "XavierUniform", "he_normal", "varianceScaling", "truncatedNormal"])
def test_names(name):
    assert draw(name, [2, 3], ms.float16).dtype == np.float16


def test_numbers_and_tensors():
    assert draw(0.5, 3).tolist() == [0.5] * 3
    assert draw(True, ()).tolist() == 1.0
    assert draw(init.Normal(5.0), (9,), ms.int32).dtype == np.int32
    tensor = ms.Tensor([1.0, 2.0])
    assert initializer(tensor, (2,)) is tensor


def test_an_initializer_of_the_user():
    @init._register("sevens")
    class Seven(init.Initializer):
        def __init__(self, value=7):
            super().__init__(value=value)
            self.value = value

        def _initialize(self, arr):
            init._assignment(arr, self.value * np.ones(arr.shape))

    for which in (Seven(), "Seven", "sevens"):
        np.testing.assert_array_equal(draw(which, (2, 2)), np.full((2, 2), 7))
    assert ms.Tensor(shape=(2,), dtype=ms.float32, init=Seven(8)).asnumpy().tolist() == [8, 8]


def test_seeds():
    ms.set_seed(3)
    first, second = draw("normal"), draw("normal")
    ms.set_seed(3)
    assert (draw("normal") == first).all() and (first != second).any()
    np.random.seed(5)
    first = draw(init.TruncatedNormal())
    np.random.seed(5)
    assert (draw(init.TruncatedNormal()) == first).all()


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: initializer("foo", (2,)), ValueError, "'foo' was not found"),
        (lambda: initializer(None, (2,)), TypeError, "type of the 'init'"),
        (lambda: initializer("ones", (0, 2)), ValueError, "positive ints"),
        (lambda: initializer("ones", (2.0,)), ValueError, "positive ints"),
        (lambda: initializer("ones", (2,), "float32"), TypeError, "dtype"),
        (lambda: initializer(ms.Tensor([1.0]), (2,)), ValueError, "should be same"),
        (lambda: initializer("he_uniform", (2,)), ValueError, "fewer than 2 dimensions"),
        (lambda: initializer(init.HeNormal(mode="foo"), (2, 2)), ValueError, "'mode' foo"),
        (lambda: initializer(init.HeNormal(nonlinearity="gelu"), (2, 2)), ValueError, "gelu"),
        (lambda: initializer(init.Dirac(2), (5, 2, 3)), ValueError, "divisible by groups"),
        (lambda: initializer(init.Orthogonal(), (3,)), ValueError, "no less than 2"),
        (lambda: initializer(init.TruncatedNormal(0.0), (3,)), RuntimeError, "sigma"),
        (lambda: init.VarianceScaling(-1.0), ValueError, "scale"),
        (lambda: init.VarianceScaling(1.0, "fan"), ValueError, "mode"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
