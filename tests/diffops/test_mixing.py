"""A function that mixes the rows of its batch has no derivatives at points: that is said, and only where it is so."""

import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, diffops, nn, ops

X = np.random.RandomState(0).randn(6, 4).astype(np.float32)


def network(*layers):
    ms.set_seed(0)
    return nn.SequentialCell(*layers)


def attention(x):
    q = x.reshape(-1, 2, 2)
    return (ops.softmax(q.matmul(q.swapaxes(1, 2)), -1).matmul(q) ** 2).sum((1, 2))


APART = {
    "dense": network(nn.Dense(4, 8), nn.Tanh(), nn.LayerNorm((8,)), nn.GELU(), nn.Dense(8, 2)),
    "convolution": lambda x: ops.conv1d(x.expand_dims(1), ops.ones((1, 1, 2), ms.float32)).sum((1, 2)),
    "attention": attention,
    "vmap": ms.vmap(lambda p: ops.sin(p).sum() * p[0]),
    "of features": lambda x: (ops.cumsum(x, 1) * ops.flip(x, (1,)) * ops.roll(x, 1, 1)).sum(-1),
    "sorted features": lambda x: (ops.sort(x, 1)[0] * Tensor(X[:1])).sum(-1),
    "chosen": lambda x: ops.amax(ops.where(x > 0, ops.sin(x), x**2), 1),
    "picked": lambda x: x[:, Tensor([2, 0])].prod(-1) + x[:, 1] * x[:, 0],
    "joined": lambda x: ops.concat((x, ops.exp(x)), 1).sum(1),
    "constants of a batch": lambda x: ((x - Tensor(X).mean(0)) ** 2).sum(1),
    "stopped": lambda x: (x - ops.stop_gradient(x.max())).exp().sum(1),
    "a loop": lambda x: jax.lax.fori_loop(0, 3, lambda _, c: jnp.sin(c) * c, jnp.asarray(x)).sum(-1),
    "evaluated": network(nn.Dense(4, 3), nn.BatchNorm1d(3), nn.Dense(3, 1)).set_train(False),
}
MIXED = {
    "rolled": lambda x: ops.sin(x).sum(-1) * ops.roll(x, 1, 0)[:, 0],
    "centred": lambda x: ((x - x.mean(0)) ** 2).sum(1),
    "softmax": lambda x: ops.softmax(x, 0).sum(1),
    "cumulated": lambda x: ops.cumsum(x, 0).sum(1),
    "sorted": lambda x: ops.sort(x, 0)[0].sum(1),
    "flipped": lambda x: ops.flip(x, (0,)).sum(1) * x[:, 0],
    "pairs": lambda x: ops.exp(-((x.expand_dims(0) - x.expand_dims(1)) ** 2).sum(-1)).sum(1),
    "products": lambda x: x.matmul(x.T).sum(1),
    "trained": network(nn.Dense(4, 3), nn.BatchNorm1d(3), nn.Dense(3, 1)).set_train(True),
}


def warned(function, x=X, **options) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        diffops.laplacian(function, method="jvp", **options)(Tensor(x))
    return [str(w.message) for w in caught if "mixes the rows" in str(w.message)]


@pytest.mark.parametrize("name", APART)
def test_nothing_is_said_of_independent_rows(name):
    assert not warned(APART[name])


@pytest.mark.parametrize("name", MIXED)
def test_mixed_rows_are_spoken_of(name):
    (text,) = warned(MIXED[name])
    assert text.startswith("diffops.laplacian: the function mixes the rows of its batch (by ")


def test_two_axes_of_a_batch():
    grid = X.reshape(2, 3, 4)
    assert warned(lambda x: x.sum(1, keepdims=True).sum(-1) * x[..., 0], grid)
    assert not warned(lambda x: ops.sin(x).reshape(6, 4).sum(-1).reshape(2, 3), grid)


def test_parts_of_a_batch_and_one_row():
    assert warned(MIXED["centred"], chunk=2)
    assert not warned(MIXED["centred"], X[:1])
    assert not warned(lambda x: (x * x).sum(), X[0])
