"""Every operator on random expressions, against the derivatives that sympy finds."""

import random

import numpy as np
import pytest
import sympy as sp

import msjax as ms
from msjax import Tensor, diffops, ops

X = sp.symbols("x y z")
POINTS = np.random.RandomState(0).uniform(-1, 1, (7, 3))
OPS = {name: getattr(ops, name) for name in "sin cos exp tanh sqrt log atan".split()}
SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))]
METHODS = ("forward", "jvp", "forward_over_reverse", "reverse", "jet")


def expression(rng: random.Random, depth: int, symbols):
    """A random smooth expression, without poles for real arguments."""
    if depth == 0:
        return rng.choice(symbols)
    a, b = (expression(rng, depth - 1, symbols) for _ in range(2))
    return rng.choice(
        [
            lambda: a + sp.Rational(rng.randint(1, 9), 4) * b,
            lambda: a * b,
            lambda: sp.sin(a),
            lambda: sp.exp(-(a**2) / 4) + b,
            lambda: sp.tanh(a) - b,
            lambda: b / (1 + a**2),
            lambda: sp.sqrt(1 + a**2),
            lambda: sp.log(2 + sp.cos(a)) * b,
            lambda: sp.atan(a) + b,
            lambda: a**3 / 3,
        ]
    )()


def field(seed: int, size: int, depth: int = 3, method: str = "auto"):
    """(a random expression, the same as a function of Tensors whose last axis holds coordinates)."""
    expr = expression(random.Random(seed), depth, X[:size])
    if method == "jet":
        expr = expr.replace(sp.atan, sp.sin)  # JAX's Taylor mode has no rule for it
    compute = sp.lambdify(X[:size], expr, [OPS])

    def f(x):
        return compute(*(x[..., i] for i in range(size))) + 0 * x.sum(-1)

    return expr, f


def values(expr, size: int):
    """What sympy's expression, or list of expressions, is at the points."""
    if isinstance(expr, (list, tuple)):
        return np.stack([values(e, size) for e in expr], -1)
    return np.broadcast_to(sp.lambdify(X[:size], expr, "numpy")(*POINTS[:, :size].T), len(POINTS))


def assert_equal(found, expected):
    assert found.dtype == ms.float64
    scale = max(1.0, np.abs(expected).max())
    np.testing.assert_allclose(found.asnumpy(), expected, rtol=1e-10, atol=1e-10 * scale)


def points(size: int):
    return Tensor(POINTS[:, :size])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", SEEDS)
def test_laplacian(seed, method):
    expr, f = field(seed, 3, method=method)
    value, jacobian, laplacian = diffops.laplacian(f, lower=True, method=method)(points(3))
    assert_equal(value, values(expr, 3))
    assert_equal(jacobian, values([sp.diff(expr, s) for s in X], 3))
    assert_equal(laplacian, values(sum(sp.diff(expr, s, 2) for s in X), 3))


@pytest.mark.parametrize("method", ("jvp", "forward_over_reverse", "reverse"))
@pytest.mark.parametrize("seed", SEEDS)
def test_hessian(seed, method):
    expr, f = field(seed, 3, method=method)
    expected = values([[sp.diff(expr, a, b) for b in X] for a in X], 3)
    assert_equal(diffops.hessian(f, method=method)(points(3)), np.swapaxes(expected, -1, -2))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", SEEDS)
def test_hessian_diag(seed, method):
    expr, f = field(seed, 3, method=method)
    assert_equal(diffops.hessian_diag(f, method=method)(points(3)), values([sp.diff(expr, s, 2) for s in X], 3))


@pytest.mark.parametrize("as_tensor", (False, True))
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", SEEDS)
def test_second_order(seed, method, as_tensor):
    expr, f = field(seed, 3, method=method)
    a = np.random.RandomState(seed).randn(3, 3)
    expected = sum(float(a[i, j]) * sp.diff(expr, X[i], X[j]) for i in range(3) for j in range(3))
    found = diffops.second_order(f, Tensor(a) if as_tensor else a.tolist(), method=method)(points(3))
    assert_equal(found, values(expected, 3))
    diagonal = np.array([1.0, 0.0, -2.5])
    found = diffops.second_order(f, Tensor(diagonal) if as_tensor else diagonal, method=method, lower=True)(points(3))
    assert_equal(found[-1], values(sp.diff(expr, X[0], 2) - 2.5 * sp.diff(expr, X[2], 2), 3))
    assert_equal(found[1], values([sp.diff(expr, s) for s in X], 3))


@pytest.mark.parametrize("method", ("forward", "jvp", "forward_over_reverse", "reverse"))
@pytest.mark.parametrize("seed", SEEDS)
def test_biharmonic(seed, method):
    expr, f = field(seed, 2, depth=2)
    laplacian = sum(sp.diff(expr, s, 2) for s in X[:2])
    found = diffops.biharmonic(f, method=method, lower=True)(points(2))
    assert_equal(found[0], values(expr, 2))
    assert_equal(found[1], values(laplacian, 2))
    assert_equal(found[2], values(sum(sp.diff(laplacian, s, 2) for s in X[:2]), 2))


@pytest.mark.parametrize("by", ("x", "xy", "xxy", "yyy", "xyxy"))
@pytest.mark.parametrize("seed", SEEDS)
def test_partial(seed, by):
    expr, f = field(seed, 2, depth=2, method="jet")
    x = points(2)
    expected = [sp.diff(expr, *by[:n]) if n else expr for n in range(len(by) + 1)]
    for method in ("jvp", "reverse", *(["jet"] if len(set(by)) == 1 else [])):
        orders = diffops.partial(f, by, names="xy", lower=True, method=method)(x)
        for found, wanted in zip(orders, expected, strict=True):
            assert_equal(found, values(wanted, 2))
    counts = (by.count("x"), by.count("y"))
    assert_equal(diffops.partial(f, counts)(x), values(expected[-1], 2))
    columns = diffops.partial(lambda x, y: f(ops.concat((x, y), 1)), by)
    assert_equal(columns(x[:, :1], x[:, 1:]), values(expected[-1], 2))


@pytest.mark.parametrize("method", ("jvp", "reverse", "jet"))
@pytest.mark.parametrize("order", (1, 2, 3, 5))
@pytest.mark.parametrize("seed", SEEDS)
def test_directional(seed, order, method):
    expr, f = field(seed, 2, depth=2, method=method)
    directions, s = [[1.0, 0.0], [0.5, -2.0]], sp.symbols("s")
    expected = []
    for v in directions:
        moved = expr.subs({X[i]: X[i] + s * v[i] for i in range(2)}, simultaneous=True)
        expected.append(sp.diff(moved, s, order).subs(s, 0))
    found = diffops.directional(f, order, directions, method=method)(points(2))
    assert_equal(found, values(expected, 2))
    assert_equal(diffops.directional(f, order, directions[1], method=method)(points(2)), values(expected[1], 2))


@pytest.mark.parametrize("method", ("forward", "reverse"))
@pytest.mark.parametrize("size", (2, 3))
@pytest.mark.parametrize("seed", SEEDS)
def test_vector_fields(seed, size, method):
    exprs, parts = zip(*(field(10 * seed + i, size) for i in range(size)), strict=True)

    def f(x):
        return ops.stack([part(x) for part in parts], -1)

    x = points(size)
    jacobian = values([[sp.diff(e, s) for e in exprs] for s in X[:size]], size)
    assert_equal(diffops.jacobian(f, method=method)(x), jacobian)
    value, _, divergence = diffops.divergence(f, method=method, lower=True)(x)
    assert_equal(value, values(exprs, size))
    assert_equal(divergence, np.trace(jacobian, axis1=-2, axis2=-1))
    d = jacobian
    expected = d[:, 1, 0] - d[:, 0, 1]
    if size == 3:
        expected = np.stack([d[:, 2, 1] - d[:, 1, 2], d[:, 0, 2] - d[:, 2, 0], expected], -1)
    assert_equal(diffops.curl(f, method=method)(x), expected)
