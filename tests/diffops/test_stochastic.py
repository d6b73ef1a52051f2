"""Estimates are unbiased: their mean over many keys is the exact operator, within what their variance allows."""

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, diffops, ops
from msjax.diffops import stochastic

A = np.random.RandomState(0).randn(6, 6)
X = Tensor(np.random.RandomState(1).uniform(-1, 1, (3, 6)))


def f(x):
    return ops.sin(x.matmul(Tensor(A)) / 2).sum(-1) + x.prod(-1)


def v(x):
    return ops.tanh(x.matmul(Tensor(A)))


def assert_unbiased(estimate, exact, draws=300):
    """The mean of the draws is within four standard errors; they do vary."""
    drawn = np.stack([estimate(key).asnumpy() for key in range(1, draws + 1)])
    error = drawn.std(0) / np.sqrt(draws)
    assert (error > 0).all()
    assert (np.abs(drawn.mean(0) - exact.asnumpy()) < 4 * error).all()


@pytest.mark.parametrize("kind", ["rademacher", "normal", "sparse"])
def test_laplacian(kind):
    estimate = stochastic.laplacian(f, 2, kind=kind)
    assert_unbiased(lambda key: estimate(X, key=key), diffops.laplacian(f)(X))


@pytest.mark.parametrize("coefficients", [[1.0, -2.0, 0.0, 0.5, 3.0, -1.0], A.tolist()], ids=["diagonal", "full"])
@pytest.mark.parametrize("kind", ["rademacher", "normal", "sparse"])
def test_second_order(kind, coefficients):
    estimate = stochastic.second_order(f, coefficients, 2, kind=kind)
    assert_unbiased(lambda key: estimate(X, key=key), diffops.second_order(f, coefficients)(X))


@pytest.mark.parametrize("kind", ["rademacher", "normal", "sparse"])
def test_divergence(kind):
    estimate = stochastic.divergence(v, 2, kind=kind)
    assert_unbiased(lambda key: estimate(X, key=key), diffops.divergence(v)(X))


def test_biharmonic():
    estimate = stochastic.biharmonic(f, 8)
    assert_unbiased(lambda key: estimate(X, key=key), diffops.biharmonic(f)(X))


@pytest.mark.parametrize("operator", ["laplacian", "divergence"])
def test_all_coordinates_are_exact(operator):
    function = f if operator == "laplacian" else v
    exact, estimate = getattr(diffops, operator), getattr(stochastic, operator)
    found = estimate(function, 6, kind="sparse", lower=True)(X)
    np.testing.assert_allclose(found[0].asnumpy(), function(X).asnumpy())
    np.testing.assert_allclose(found[1].asnumpy(), exact(function)(X).asnumpy(), rtol=1e-12)


def test_gradients_are_those_of_the_estimate():
    w = ms.Parameter(Tensor(1.5, ms.float64), name="w")

    def loss(x):
        return stochastic.laplacian(lambda x: f(w * x), 2)(x, key=7).sum()

    gradient, h = ms.grad(loss, None, w), 1e-5
    found = [gradient(X).item() for _ in range(3)]
    w.set_data(Tensor(1.5 + h, ms.float64))
    above = loss(X).item()
    w.set_data(Tensor(1.5 - h, ms.float64))
    assert found == pytest.approx([(above - loss(X).item()) / (2 * h)] * 3, rel=1e-7)


def test_keys():
    estimate = stochastic.laplacian(lambda x: f(x), 2)
    same = estimate(X, key=5)
    for key in (jax.random.key(5), Tensor([0, 5], ms.uint32), jax.random.PRNGKey(5)):
        np.testing.assert_allclose(estimate(X, key=key).asnumpy(), same.asnumpy(), rtol=1e-12)
    (report,) = ms.explain(estimate).data
    assert (report["status"], report["traces"]) == ("compiled", 1)
    ms.set_seed(1)
    first, second, third = (estimate(X).asnumpy() for _ in range(3))
    assert (first != second).all() and (second != third).all()  # also when it is compiled
    ms.set_seed(1)
    np.testing.assert_allclose(estimate(X).asnumpy(), first, rtol=1e-12)


def test_in_chunks_all_points_have_the_same_directions():
    whole, parts = stochastic.laplacian(f, 2), stochastic.laplacian(f, 2, chunk=2)
    np.testing.assert_allclose(parts(X, key=3).asnumpy(), whole(X, key=3).asnumpy(), rtol=1e-12)


@pytest.mark.parametrize("kind", ["rademacher", "sparse"])
def test_a_million_coordinates(kind):
    x = ops.ones((2, 1_000_000))
    found = stochastic.laplacian(lambda x: (x**2).sum(-1), 2, kind=kind)(x)
    np.testing.assert_allclose(found.asnumpy(), 2e6, rtol=1e-5)
    found = stochastic.second_order(lambda x: (x**2).sum(-1), np.full(1_000_000, 3.0), 2, kind=kind)(x)
    np.testing.assert_allclose(found.asnumpy(), 6e6, rtol=1e-5)


def test_errors():
    with pytest.raises(ValueError, match="'samples' must be an int of at least 1"):
        stochastic.laplacian(f, 0)
    with pytest.raises(ValueError, match="'kind' must be one of"):
        stochastic.laplacian(f, kind="uniform")
    with pytest.raises(TypeError, match="must be an array or nested lists, but got a Tensor"):
        stochastic.second_order(f, Tensor(A))
    with pytest.raises(ValueError, match="with 6 components in the last axis"):
        stochastic.divergence(f)(X)
