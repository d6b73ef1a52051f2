"""Only what is linear is transposed: rules of users' may do anything with the cotangents."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import msjax as ms
from msjax import Tensor, nn
from msjax.autodiff.linear import is_linear

BACKWARDS = {
    "twice": lambda g: 2 * g,
    "square": lambda g: g * g,
    "clip": lambda g: jnp.clip(g, -0.5, 0.5),
    "normalize": lambda g: g / jnp.maximum(1.0, jnp.linalg.norm(g)),
    "shift": lambda g: g + 1,
    "constant": lambda g: jnp.ones_like(g),
    "sign": jnp.sign,
    "relu": jax.nn.relu,
    "branch": lambda g: lax.cond(g.sum() > 2, lambda g: 3 * g, lambda g: g, g),
    "where": lambda g: jnp.where(g > 1, g, 0),
    "rounded": lambda g: g.astype(int).astype(g.dtype),
}
P = np.array([1.0, 2.0])
X = np.array([[1.0], [2.0], [3.0]])


def ruled(backward):
    @jax.custom_vjp
    def identity(x):
        return x

    identity.defvjp(lambda x: (x, None), lambda _, g: (backward(g),))
    return identity


def of_jax(backward):
    return ruled(backward)


def of_cell(backward):
    class Identity(nn.Cell):
        def construct(self, x):
            return x * 1

        def bprop(self, x, out, dout):
            return (Tensor(backward(dout)),)

    return Identity()


def of_function(backward):
    class Identity(ms._Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, g):
            return Tensor(backward(g))

    return Identity.apply


def in_modes(function, *args):
    """What a function gives eagerly, compiled by itself, and by ms.jit."""
    ms.set_compile("off")
    try:
        found = [function(*args)]
    finally:
        ms.set_compile("auto")
    found += [[function(*args) for _ in range(2)][-1], ms.jit(function)(*args)]
    return [np.asarray(f) for f in found]


CASES = [(name, of_jax) for name in BACKWARDS]
CASES += [(name, rule) for name in ("twice", "clip", "shift") for rule in (of_cell, of_function)]


@pytest.mark.parametrize(("name", "rule"), CASES)
def test_jacobians_go_by_the_rule_as_it_is_written(name, rule):
    through, own = rule(BACKWARDS[name]), ruled(BACKWARDS[name])
    wanted = np.asarray(jax.jacrev(lambda p: own(3 * p**2))(jnp.asarray(P)))

    def f(p):
        return through(ms.grad(lambda p: (p**3).sum())(p))

    found = [
        *in_modes(lambda p: ms.jacrev(f)(p), Tensor(P)),
        *in_modes(lambda p: ms.jacfwd(f)(p), Tensor(P)),
        ms.jvp(f, Tensor(P), Tensor(P))[1].asnumpy(),
    ]
    for one in found[:-1]:
        np.testing.assert_allclose(one, wanted, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(found[-1], wanted @ P, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("name", BACKWARDS)
def test_a_gradient_of_gradients_of_rows(name):
    through = ruled(BACKWARDS[name])

    def by_hand(x):
        return through(jax.vmap(jax.grad(lambda x: x**3))(x) * x).sum()

    wanted = np.asarray(jax.grad(by_hand)(jnp.asarray(X.ravel()))).reshape(X.shape)
    for found in in_modes(ms.grad(lambda x: through(ms.grad(lambda x: x**3)(x) * x)), Tensor(X)):
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_a_rule_that_needs_values():
    def backward(g):
        return g * 3 if float(g.sum()) > 0.5 else g

    for jacobian in (ms.jacrev, ms.jacfwd):
        found = jacobian(of_cell(backward))(Tensor(P))
        np.testing.assert_allclose(found.asnumpy(), 3 * np.eye(2))


MATRIX = np.arange(6.0).reshape(2, 3)
LINEAR = {
    "product": (True, lambda g: g @ MATRIX),
    "pieces": (True, lambda g: jnp.concatenate([g[:1], jnp.zeros(2), g[::-1]])),
    "pad": (True, lambda g: jnp.pad(g, 1)),
    "padded with ones": (False, lambda g: jnp.pad(g, 1, constant_values=1.0)),
    "scatter": (True, lambda g: jnp.zeros(5).at[np.array([1, 3])].add(g)),
    "scatter into ones": (False, lambda g: jnp.ones(5).at[np.array([1, 3])].add(g)),
    "cumsum": (True, jnp.cumsum),
    "fft": (True, lambda g: jnp.fft.irfft(jnp.fft.rfft(g))),
    "scan": (True, lambda g: lax.scan(lambda c, a: (c * 2 + a, c), jnp.zeros(2), jnp.outer(MATRIX[1], g))[0]),
    "powers": (False, lambda g: lax.scan(lambda c, _: (c * g, c), jnp.ones(2), None, 3)[0]),
    "cond": (True, lambda g: lax.cond(MATRIX.sum() > 3, lambda g: g, lambda g: 2 * g, g)),
    "remat": (True, jax.checkpoint(lambda g: g * 2)),
    "jit": (True, jax.jit(lambda g: g - 3 * g)),
    "inner square": (False, jax.jit(lambda g: g * g)),
    "unused": (True, lambda g: (g, jnp.zeros(3))),
    "constant beside": (False, lambda g: (g, jnp.ones(3))),
    "select": (True, lambda g: jnp.where(MATRIX[0, :2] > 0, g, 0)),
    "max pooling": (False, lambda g: lax.reduce_max(g, (0,))),
}


@pytest.mark.parametrize("name", LINEAR)
def test_what_is_known_to_be_linear(name):
    linear, function = LINEAR[name]
    assert is_linear(jax.make_jaxpr(function)(jnp.asarray(P))) == linear


def test_the_way_back_of_layers_is_linear():
    net = nn.SequentialCell(
        nn.Conv2d(1, 2, 3), nn.LayerNorm((2, 4, 4), 1, 1), nn.GELU(), nn.MaxPool2d(2, 2), nn.Flatten(), nn.Dense(8, 3)
    )
    x = Tensor(np.random.RandomState(0).randn(2, 1, 4, 4).astype(np.float32))
    (out, pull) = jax.vjp(net, x)
    assert is_linear(jax.make_jaxpr(pull)(out))
