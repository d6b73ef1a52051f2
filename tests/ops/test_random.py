"""Random operators: reproducible from a seed, moving on by themselves, right in dtype, shape and distribution."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.core import random
from msjax.ops.table import lookup


@pytest.fixture(autouse=True)
def seeded():
    ms.set_seed(1)


def test_set_seed_starts_anew():
    first, second = ops.randn(3).tolist(), ops.randn(3).tolist()
    assert first != second
    ms.set_seed(1)
    assert ops.randn(3).tolist() == first
    assert ms.get_seed() == 1


def test_state_can_be_kept_and_restored():
    state = random.get_rng_state()
    first = ops.rand(2).tolist()
    random.set_rng_state(state)
    assert ops.rand(2).tolist() == first
    with pytest.raises(ValueError, match="16 bytes"):
        random.set_rng_state(Tensor([1, 2]))


def test_generators_are_independent():
    mine = random.Generator().manual_seed(3)
    first = lookup("mint", "rand")(2, generator=mine).tolist()
    before = ops.rand(2).tolist()
    ms.set_seed(1)
    assert lookup("mint", "rand")(2, generator=mine.manual_seed(3)).tolist() == first
    assert ops.rand(2).tolist() == before
    assert mine.initial_seed() == 3


def test_a_seed_of_its_own_leaves_the_state_alone():
    state = random.get_rng_state().tolist()
    assert ops.standard_normal((2,), seed=5).tolist() == ops.standard_normal((2,), seed=5).tolist()
    assert random.get_rng_state().tolist() == state


@pytest.mark.parametrize(
    ("call", "dtype", "shape"),
    [
        (lambda: ops.randn(2, 3), ms.float32, (2, 3)),
        (lambda: ops.rand((2, 3), dtype=ms.float16), ms.float16, (2, 3)),
        (lambda: ops.randint(0, 5, (2,)), ms.int64, (2,)),
        (lambda: ops.randperm(4), ms.int64, (4,)),
        (lambda: ops.normal((3, 2), Tensor([0.0, 1.0]), Tensor(1.0)), ms.float32, (3, 2)),
        (lambda: ops.uniform((2,), Tensor(0, ms.int32), Tensor(5, ms.int32), dtype=ms.int32), ms.int32, (2,)),
        (lambda: ops.multinomial(Tensor([1.0, 2.0]), 3), ms.int32, (3,)),
        (lambda: ops.random_gamma(Tensor([7, 5]), Tensor([0.5, 1.5])), ms.float32, (7, 5, 2)),
        (lambda: ops.random_poisson(Tensor([2]), Tensor([1.0, 2.0])), ms.float32, (2, 2)),
        (lambda: ops.bernoulli(Tensor([1, 2])), ms.int64, (2,)),
        (lambda: ops.UniformReal()((2, 2)), ms.float32, (2, 2)),
        (lambda: lookup("numpy", "randint")(5), ms.int32, (1,)),
        (lambda: lookup("mint", "randint")(1, 5, (2,)), ms.int64, (2,)),
    ],
)
def test_dtypes_and_shapes(call, dtype, shape):
    result = call()
    assert (result.dtype, result.shape) == (dtype, shape)


def test_moments():
    x = ops.normal((20000,), 2.0, 3.0).asnumpy()
    assert abs(x.mean() - 2) < 0.1
    assert abs(x.std() - 3) < 0.1
    u = ops.rand(20000).asnumpy()
    assert abs(u.mean() - 0.5) < 0.02
    assert ((u >= 0) & (u < 1)).all()


def test_permutations_and_choices():
    assert sorted(ops.randperm(9).tolist()) == list(range(9))
    assert sorted(ops.shuffle(Tensor([3, 1, 2])).tolist()) == [1, 2, 3]
    drawn = ops.multinomial(Tensor([[1.0, 0.0, 2.0]]), 2, False).tolist()[0]
    assert sorted(drawn) == [0, 2]


def test_in_place():
    x = Tensor(np.zeros(1000, np.float32))
    assert x.uniform_(2, 3) is x
    assert x.min().item() >= 2
    assert x.max().item() < 3
    x.normal_(5.0, 0.1)
    assert abs(x.mean().item() - 5) < 0.1


def test_dropout():
    x = Tensor(np.ones((100, 100), np.float32))
    out = ops.dropout(x, 0.25).asnumpy()
    assert np.unique(out).tolist() == pytest.approx([0, 4 / 3])
    assert abs((out == 0).mean() - 0.25) < 0.03
    assert (ops.dropout(x, 0.25, training=False).asnumpy() == 1).all()
    assert (ops.dropout(x, 1.0).asnumpy() == 0).all()
    out, mask = ops.Dropout(0.5)(x)
    assert (out.asnumpy() == 2 * mask.asnumpy()).all()


def test_dropout_of_channels():
    out = ops.dropout2d(Tensor(np.ones((2, 50, 3, 3), np.float32)), 0.5).asnumpy()
    assert (out == out[:, :, :1, :1]).all()
    assert 0 < (out[:, :, 0, 0] == 0).mean() < 1


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: ops.bernoulli(Tensor([1.0]), 2.0), ValueError),
        (lambda: ops.randint(0, 5, 2), ValueError),
        (lambda: ops.randint(5, 0, (2,)), RuntimeError),
        (lambda: ops.dropout(Tensor([1]), 0.5), TypeError),
        (lambda: ops.dropout(Tensor([1.0]), 1.5), ValueError),
        (lambda: ms.set_seed(-1), ValueError),
        (lambda: ms.set_seed(1.5), TypeError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call()


def test_gradients_see_the_same_draw():
    x = Tensor(np.ones(50, np.float32))
    value, gradient = ms.value_and_grad(lambda a: ops.dropout(a, 0.5))(x)
    assert value.tolist() == gradient.tolist()
