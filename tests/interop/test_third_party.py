"""Networks that other people wrote in Flax: Kolmogorov-Arnold networks of jaxkan, which are modules of nnx."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.interop.flax import from_flax

models = pytest.importorskip("jaxkan.models.KAN")

X = Tensor(np.random.default_rng(0).uniform(-1, 1, (16, 2)).astype(np.float32))
LAYERS = {"chebyshev": {"D": 3}, "fourier": {"D": 3}}


def network(kind):
    return models.KAN([2, 3, 1], kind, dict(LAYERS[kind]), seed=1)


@pytest.mark.parametrize("kind", LAYERS)
def test_values_and_gradients(kind):
    module, x = network(kind), jnp.asarray(X.asnumpy())
    net = from_flax(module)
    graph, params, rest = nnx.split(module, nnx.Param, ...)

    @jax.jit
    def own(params, x):
        def call(params, x):
            return nnx.merge(graph, params, rest)(x)

        return call(params, x), jax.grad(lambda p: call(p, x).sum())(params), jax.jacrev(call, 1)(params, x)

    value, gradients, jacobian = own(params, x)
    assert np.allclose(net(X).asnumpy(), value, atol=1e-5)
    assert np.allclose(ms.jacrev(net)(X).asnumpy(), jacobian, atol=1e-4)
    got = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())(X)
    for g, want in zip(got, jax.tree.leaves(gradients), strict=True):
        assert np.allclose(g.asnumpy(), want, atol=1e-4)


def test_a_second_order_loss_trains_it_compiled():
    net = from_flax(network("chebyshev"))
    adam = nn.Adam(net.trainable_params(), 1e-2)

    def loss(x):
        first = ms.grad(lambda x: net(x).sum())
        second = ms.grad(lambda x: first(x)[:, 0].sum())(x)[:, 0]
        return ops.square(second - 2).mean()

    step = ms.value_and_grad(loss, None, adam.parameters)

    @ms.jit
    def train(x):
        value, gradients = step(x)
        adam(gradients)
        return value

    losses = [float(train(X)) for _ in range(60)]
    assert losses[-1] < losses[0] / 2
