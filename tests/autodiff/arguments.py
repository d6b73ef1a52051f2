"""What samples of operators are made of."""

import numpy as np

from msjax import Tensor


def f(*shape: int, seed: int = 0) -> Tensor:
    """Numbers between 0.2 and 0.9, no two alike."""
    return Tensor(np.random.default_rng([seed, *shape]).uniform(0.2, 0.9, shape))


def i(*values) -> Tensor:
    return Tensor(np.array(values, np.int64))


def mask(*shape: int) -> Tensor:
    return Tensor(np.arange(np.prod(shape)).reshape(shape) % 2 == 0)


def positive(n: int) -> Tensor:
    """A positive definite matrix."""
    a = np.random.default_rng(n).uniform(0.2, 0.9, (n, n))
    return Tensor(a @ a.T + n * np.eye(n))


def lower(n: int) -> Tensor:
    return Tensor(np.linalg.cholesky(positive(n).asnumpy()))


def boxes(n: int, seed: int = 0) -> Tensor:
    """Boxes by their left, top, right and bottom borders."""
    corners = f(n, 2, seed=seed).asnumpy()
    return Tensor(np.c_[corners, corners + 1 + f(n, 2, seed=seed + 1).asnumpy()])


def call(*arrays, **statics):
    """The arrays and the static arguments of one call."""
    return arrays, statics
