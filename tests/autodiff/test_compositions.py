"""Two- and three-fold compositions of the transforms agree with JAX's on raw arrays."""

import functools
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.core.tensor import raw

X = Tensor(np.array([[0.3, -0.8], [1.1, 0.4]], np.float32))
V = Tensor(np.array([[0.5, -1.0], [2.0, 0.25]], np.float32))


def leaves(tree):
    return jax.tree.leaves(tree, is_leaf=lambda t: isinstance(t, Tensor))


def total(tree):
    """All outputs as one number, as MindSpore's gradients see them."""
    return sum(leaf.sum() for leaf in leaves(tree))


def like(x, v):
    """A direction of the shape of x: inside vmap x has lost axes."""
    while v.ndim > x.ndim:
        v = v[0]
    return v


def ones(tree):
    found = [ops.ones_like(t) for t in leaves(tree)]
    return found[0] if len(found) == 1 else tuple(found)


def flat(tree):
    found = leaves(tree)
    return found[0] if len(found) == 1 else tuple(found)


# name: (ours, JAX's); each takes a function of one argument and gives one.
TRANSFORMS = {
    "grad": (ms.grad, lambda f: jax.grad(lambda x: total(f(x)))),
    "value_and_grad": (ms.value_and_grad, lambda f: lambda x: (f(x), jax.grad(lambda y: total(f(y)))(x))),
    "vjp": (
        lambda f: lambda x: (lambda out, pull: pull(ones(out)))(*ms.vjp(lambda y: flat(f(y)), x)),
        lambda f: lambda x: jax.grad(lambda y: total(f(y)))(x),
    ),
    "jvp": (
        lambda f: lambda x: ms.jvp(f, x, like(x, V)),
        lambda f: lambda x: jax.jvp(f, (x,), (like(x, raw(V)),)),
    ),
    "jacfwd": (
        lambda f: ms.jacfwd(lambda x: flat(f(x))),
        lambda f: jax.jacfwd(lambda x: jax.tree.leaves(f(x))),
    ),
    "jacrev": (
        lambda f: ms.jacrev(lambda x: flat(f(x))),
        lambda f: jax.jacrev(lambda x: jax.tree.leaves(f(x))),
    ),
    "vmap": (ms.vmap, jax.vmap),
    "jit": (ms.jit, jax.jit),
    "recompute": (lambda f: lambda x: ms.recompute(f, x, use_reentrant=False), jax.checkpoint),
}


class Network(nn.Cell):
    def __init__(self):
        super().__init__()
        rng = np.random.default_rng(0)
        self.first = nn.Dense(2, 3)
        self.second = nn.Dense(3, 2)
        for p in self.get_parameters():
            p.set_data(Tensor(rng.normal(size=p.shape).astype(np.float32)))

    def construct(self, x):
        return self.second(ops.tanh(self.first(x)))


NETWORK = Network()


WEIGHTS = NETWORK.trainable_params()


def network_with(weights, x):
    first, first_bias, second, second_bias = weights
    return jnp.tanh(x @ first.T + first_bias) @ second.T + second_bias


def network_in_jax(x):
    return network_with([raw(w) for w in WEIGHTS], x)


def plain(x):
    return ops.sin(x) * x * x


def plain_in_jax(x):
    return jnp.sin(x) * x * x


FUNCTIONS = {"network": (NETWORK, network_in_jax), "plain": (plain, plain_in_jax)}
NAMES = list(TRANSFORMS)
PAIRS = list(itertools.product(NAMES, repeat=2))
TRIPLES = list(itertools.product(NAMES, repeat=3))
# A Latin square of triples: every two transforms meet in every two places.
SQUARE = [t for t in TRIPLES if sum(map(NAMES.index, t)) % len(NAMES) == 0]


def possible(function, chain) -> bool:
    """A batch of rows can lose two axes, but the network needs one of features."""
    return chain.count("vmap") <= (1 if function == "network" else 2)


def check(function, chains) -> None:
    for chain in chains:
        if not possible(function, chain):
            continue
        f, g = FUNCTIONS[function]
        for name in reversed(chain):
            f, g = TRANSFORMS[name][0](f), TRANSFORMS[name][1](g)
        found, expected = leaves(f(X)), jax.tree.leaves(g(raw(X)))
        assert len(found) == len(expected), chain
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a.asnumpy(), b, rtol=2e-4, atol=2e-4, err_msg=str(chain))


@pytest.mark.parametrize("outer", TRANSFORMS)
@pytest.mark.parametrize(("function", "chains"), [("plain", PAIRS), ("network", SQUARE)])
def test_agrees_with_jax(function, chains, outer):
    check(function, [c for c in chains if c[0] == outer])


def composed(function, chain, side: int):
    """The function transformed, on our side (0) or on JAX's (1)."""
    for name in reversed(chain):
        function = TRANSFORMS[name][side](function)
    return function


def check_weights(chain) -> None:
    """The gradient of the weights through the transforms of x."""
    if not possible("network", chain):
        return
    ours = composed(lambda x: NETWORK(x), chain, 0)
    found = ms.grad(lambda x: flat(ours(x)), None, WEIGHTS)(X)
    expected = jax.grad(lambda weights: total(composed(lambda x: network_with(weights, x), chain, 1)(raw(X))))(
        [raw(w) for w in WEIGHTS]
    )
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a.asnumpy(), b, rtol=2e-4, atol=2e-4, err_msg=str(chain))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_weights_have_gradients_through_each(name):
    check_weights([name])


@pytest.mark.slow
@pytest.mark.parametrize("chain", PAIRS)
def test_weights_have_gradients_through_all_pairs(chain):
    check_weights(chain)


@pytest.mark.slow
@pytest.mark.parametrize("outer", PAIRS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_all_triples_agree_with_jax(function, outer):
    check(function, [outer, *((*outer, inner) for inner in NAMES)])


def test_any_callable():
    class Callable:
        def __call__(self, a):
            return a * a

    for f in (Callable(), functools.partial(lambda b, a: a * b, 2.0), lambda a: a * a, ops.sin, nn.Tanh()):
        mapped = ms.jit(ms.grad(ms.vmap(ms.grad(f))))(X[0])
        expected = ms.grad(ms.grad(f))(X[0])
        np.testing.assert_allclose(mapped.asnumpy(), expected.asnumpy(), rtol=1e-5, atol=1e-6)
