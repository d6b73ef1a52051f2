"""The forward Laplacian of functions of every kind, against the trace of the Hessian that JAX computes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from msjax import Tensor, ops
from msjax.core.tensor import raw
from msjax.diffops import propagate
from msjax.diffops.formulations import directional
from msjax.diffops.propagate import propagated
from msjax.ops.maths.rules import softmax

jax.config.update("jax_enable_x64", True)
W = np.random.RandomState(1).randn(4, 4) / 2
KERNEL = np.random.RandomState(2).randn(2, 1, 3)


@jax.custom_jvp
def scaled(x):
    return 3 * jnp.sin(x)


@scaled.defjvp
def _(primals, tangents):
    return scaled(*primals), 3 * jnp.cos(primals[0]) * tangents[0]


def scanned(x):
    def step(carry, w):
        carry = jnp.tanh(w @ carry) + carry
        return carry, (carry**2).sum()

    return lax.scan(step, x, jnp.stack([W, W.T, W @ W]))[1].sum()


FUNCTIONS = {
    "network": lambda x: jnp.tanh(W @ jnp.tanh(W @ x)).sum(),
    "attention": lambda x: (jax.nn.softmax(jnp.outer(x, x)) @ jnp.sin(x)).sum(),
    "both factors vary": lambda x: (jnp.outer(x, jnp.sin(x)) @ jnp.outer(jnp.cos(x), x)).sum(),
    "product with nothing summed": lambda x: jnp.tanh(lax.dot_general(x, W[0], (((), ()), ((), ())))).sum(),
    "quotient of both": lambda x: (jnp.sin(x) / (2 + x**2) + x[0] / (3 + x) + x / (2 + x[1])).sum(),
    "quotient": lambda x: (x[0] / (2 + x[1] ** 2) + W[0] / (3 + x)).sum(),
    "powers": lambda x: (x**3 * (2 + x) ** 1.5 * 2.0**x).sum() + ((2 + x) ** x).sum(),
    "norm": lambda x: jnp.linalg.norm(x) * jnp.sqrt(1 + x @ x) / jnp.cbrt(5 + x.sum()),
    "select": lambda x: jnp.where(x > 0, x**3, jnp.sin(x)).sum() + jnp.maximum(x, x**2).sum() + jnp.abs(x).max(),
    "extremes": lambda x: (
        (x**2).max() * jnp.minimum(x, x[::-1] ** 2).sum() + (x - lax.stop_gradient(x.max())).sum() ** 3
    ),
    "clamp and relu": lambda x: (jax.nn.relu(x) ** 3 + jnp.clip(x, -0.3, 0.4) ** 2 + jax.nn.gelu(x)).sum(),
    "sorted": lambda x: (jnp.sort(x) * jnp.arange(4)).sum() ** 2,
    "gathered": lambda x: (x[jnp.array([0, 2, 2])] ** 3).sum() * x[jnp.argmax(x)],
    "scattered": lambda x: (jnp.zeros(6).at[jnp.array([1, 1, 3, 5])].add(x**2) ** 2).sum(),
    "written": lambda x: lax.dynamic_update_slice(x**2, x[:1] ** 3, (1,)).sum() ** 2,
    "padded and cut": lambda x: (jnp.pad(x, 2, mode="wrap")[1:-1] ** 3).prod(),
    "cumulated": lambda x: (jnp.cumsum(x) ** 2).sum() + jnp.cumprod(1 + x**2).sum() + jax.nn.logsumexp(x),
    "convolved": lambda x: (lax.conv_general_dilated(x[None, None], KERNEL, (1,), "SAME") ** 2).sum(),
    "solved": lambda x: jnp.linalg.solve(jnp.eye(4) * 3 + jnp.outer(x, x), jnp.sin(x)).sum(),
    "determinant": lambda x: jnp.linalg.slogdet(jnp.eye(4) * 3 + jnp.outer(x, x))[1] + jnp.linalg.det(W + jnp.diag(x)),
    "eigenvalues": lambda x: jnp.linalg.eigvalsh(W + W.T + jnp.diag(x))[0],
    "complex": lambda x: jnp.abs(jnp.exp(1j * x).sum() + x[0] * x[1]) ** 2 + jnp.fft.rfft(x**2).imag.sum(),
    "special": lambda x: (lax.erf(x) + lax.lgamma(2 + x**2) + lax.digamma(3 + x) + lax.bessel_i0e(x)).sum(),
    "atan2": lambda x: jnp.arctan2(x[0], 2 + x[1] ** 2) + jnp.hypot(x[2], x[3]),
    "integers": lambda x: (x * jnp.floor(3 * x) + jnp.round(x)).sum() ** 2,
    "scan": scanned,
    "loop": lambda x: lax.fori_loop(0, 3, lambda i, v: jnp.sin(v) + v * i, x).sum(),
    "while": lambda x: lax.while_loop(lambda v: (v**2).sum() < 9, lambda v: v * (1.5 + v[0] ** 2), x).sum(),
    "cond": lambda x: lax.cond(x[0] > 0, lambda v: (v**3).sum(), lambda v: jnp.sin(v).prod(), x),
    "switch": lambda x: lax.switch(1, [jnp.sin, lambda v: v**4, jnp.cos], x).sum(),
    "custom rule": lambda x: scaled(x**2).sum(),
    "call, element by element": lambda x: jax.jit(lambda v: jnp.where(v > 0, v * jax.jit(jnp.tanh)(v + v**3), 2.0))(
        jnp.sin(x)
    ).prod(),
    "call, not element by element": lambda x: jax.jit(lambda v: jnp.sin(v) * v[::-1] + v[0] ** 2)(x).sum(),
    "call, of both": lambda x: jax.jit(lambda v, w: v * jnp.sin(w))(x**2, x[::-1]).sum(),
    "checkpoint": lambda x: jax.checkpoint(lambda v: jnp.sin(v**2))(x).sum() ** 2,
    "nested gradient": lambda x: (jax.grad(lambda v: jnp.tanh(W @ v).sum() ** 2)(x) ** 2).sum(),
    "nested map": lambda x: jax.vmap(lambda a: jnp.tanh(W @ (a * x)))(x).sum() ** 2,
    "constant": lambda x: jnp.asarray(3.0),
    "linear": lambda x: (W @ x).sum() + jnp.stack([x, -x]).reshape(-1)[::-1][2] - lax.rev(x, (0,))[0],
}
POINTS = np.random.RandomState(3).uniform(-0.9, 0.9, (3, 4))


STACKED = "network, both factors vary, quotient of both, extremes, convolved"
KINDS = [(name, False) for name in FUNCTIONS] + [(name, True) for name in STACKED.split(", ")]


@pytest.mark.parametrize(("name", "stacked"), KINDS)
def test_weighted_directions_at_a_batch(name, stacked, monkeypatch):
    if stacked:
        monkeypatch.setattr(propagate, "_MANY", 0)
    f, rng = FUNCTIONS[name], np.random.RandomState(4)
    directions, weights = rng.randn(5, 4), rng.randn(5)
    spread = np.broadcast_to(directions, (3, 5, 4))

    @jax.jit
    def found(x):
        return propagated(lambda xs: [jax.vmap(f)(*xs)], [x], [jnp.asarray(spread)], jnp.asarray(weights), 1)

    @jax.jit
    @jax.vmap
    def expected(x):
        slopes, hessian = jax.jacfwd(f)(x), jax.jacfwd(jax.jacfwd(f))(x)
        return f(x), directions @ slopes, jnp.einsum("k,ki,kj,ij", weights, directions, directions, hessian)

    for (one,), other in zip(found(POINTS), expected(POINTS), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("axes", [-1, -2, (-2, -1)])
def test_softmax_has_a_rule_of_its_own(axes, stacked, monkeypatch):
    monkeypatch.setattr(propagate, "_MANY", 0 if stacked else 4)
    known, original = [], propagate._softmax_axes
    monkeypatch.setattr(propagate, "_softmax_axes", lambda equation: known.append(original(equation)) or known[-1])

    def attention(x):
        scores = jnp.sin(x)[..., None] * x[..., None, :] + 90 * W  # some are far below others
        scores = jnp.where(W > 0.7, -jnp.inf, jnp.where(jnp.eye(4)[2][:, None] == 1, -jnp.inf, scores))
        return (softmax(scores, axes) @ jnp.cos(x)[..., None]).sum((-1, -2))

    def laplacian(x):
        return propagated(lambda xs: [attention(*xs)], [x], [jnp.eye(4)[None]], axis=1)[2][0]

    def expected(x):
        return jax.vmap(lambda x: jnp.trace(jax.hessian(attention)(x)))(x)

    np.testing.assert_allclose(jax.jit(laplacian)(POINTS), jax.jit(expected)(POINTS), rtol=1e-10, atol=1e-10)
    assert [a for a in known if a]
    found, wanted = (jax.jit(jax.grad(lambda x, f=f: (f(x) ** 2).sum()))(POINTS) for f in (laplacian, expected))
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


def test_one_point_and_unit_directions():
    f, x = FUNCTIONS["network"], POINTS[0]
    (value,), (first,), (second,) = propagated(lambda xs: [f(*xs)], [x], [jnp.eye(4)])
    np.testing.assert_allclose(value, f(x), rtol=1e-12)
    np.testing.assert_allclose(first, jax.grad(f)(x), rtol=1e-12)
    np.testing.assert_allclose(second, jnp.trace(jax.hessian(f)(x)), rtol=1e-12)


@pytest.mark.parametrize("name", ["network", "scan", "both factors vary", "custom rule", "solved"])
def test_its_gradient(name):
    f, x = FUNCTIONS[name], POINTS[0]
    found = jax.jit(jax.grad(lambda x: propagated(lambda xs: [f(*xs)], [x], [jnp.eye(4)])[2][0]))(x)
    expected = jax.jit(jax.grad(lambda x: jnp.trace(jax.hessian(f)(x))))(x)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("approximate", ["none", "tanh"])
def test_an_activation_is_taken_as_a_whole(approximate, monkeypatch):
    seen, original = [], propagate._Interpreter.apply
    monkeypatch.setattr(propagate._Interpreter, "apply", lambda *args: seen.append(args[1]) or original(*args))

    def gelu(x):
        return raw(ops.gelu(Tensor(x), approximate))

    laplacian = jax.jit(lambda x: propagated(lambda xs: [gelu(*xs)], [x], [jnp.eye(4)])[2][0])
    np.testing.assert_allclose(laplacian(POINTS[0]), jnp.einsum("ijj", jax.hessian(gelu)(POINTS[0])), rtol=1e-12)
    assert len(seen) == 1


def test_nothing_is_spent_on_what_does_not_vary():
    """Of a part without coordinates the program has one copy, not one for each direction."""
    program = jax.make_jaxpr(lambda x, w: propagated(lambda xs: [(xs[0] * jnp.tanh(w)).sum()], [x], [jnp.eye(4)])[2])(
        POINTS[0], POINTS[1]
    )
    assert str(program).count("tanh") == 1


RULES = "network, attention, both factors vary, quotient, powers, select, scattered, written, cumulated, convolved"


@pytest.mark.parametrize("name", RULES.split(", "))
def test_taylor_coefficients_are_nested_derivatives(name):
    f, x = FUNCTIONS[name], POINTS[0]
    path = [[jnp.asarray(np.random.RandomState(5).randn(4))]] * 4

    @jax.jit
    def orders(x):
        return [directional(lambda xs: [f(*xs)], [x], path, 0, by) for by in ("jet", "jvp")]

    for one, other in zip(*orders(x), strict=True):
        np.testing.assert_allclose(one[0], other[0], rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("name", ["solved", "scan", "cond", "custom rule", "sorted"])
def test_taylor_coefficients_without_a_rule_are_refused(name):
    with pytest.raises(Exception):  # noqa: B017, they fail in ways that differ, but fail
        directional(lambda xs: [FUNCTIONS[name](*xs)], [POINTS[0]], [[jnp.ones(4)]] * 3, 0, "jet")
