"""Cells as linen modules."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import linen
from flax.errors import InvalidRngError, ModifyScopeVariableError

import msjax as ms
from msjax import Tensor, nn
from msjax.interop.flax import to_linen

X = jnp.asarray(np.random.default_rng(0).normal(size=(2, 1, 4, 4)), jnp.float32)


def cell():
    return nn.SequentialCell(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Dropout(p=0.3), nn.Dense(32, 3))


def test_collections_and_values():
    net = cell()
    variables = to_linen(net).init(jax.random.key(0), X)
    assert jax.tree.map(jnp.shape, variables) == {
        "params": {
            "0": {"weight": (2, 1, 3, 3)},
            "1": {"gamma": (2,), "beta": (2,)},
            "4": {"weight": (3, 32), "bias": (3,)},
        },
        "batch_stats": {"1": {"moving_mean": (2,), "moving_variance": (2,)}},
    }
    assert (variables["params"]["4"]["bias"] == net[4].bias.asnumpy()).all()


def test_apply_is_the_cell_and_leaves_it_alone():
    net = cell()
    module = to_linen(net)
    variables = module.init(jax.random.key(0), X)
    expected = net(Tensor(X)).asnumpy()
    assert np.allclose(jax.jit(module.apply)(variables, X), expected, atol=1e-6)
    call = jax.jit(lambda v, k: module.apply(v, X, train=True, mutable=["batch_stats"], rngs={"dropout": k}))
    first, statistics = call(variables, jax.random.key(1))
    assert (first == call(variables, jax.random.key(1))[0]).all()
    assert (first != call(variables, jax.random.key(2))[0]).any()
    assert statistics["batch_stats"]["1"]["moving_mean"].any()
    assert not net.training and not net[1].moving_mean.asnumpy().any()
    changed = {**variables, "params": jax.tree.map(jnp.zeros_like, variables["params"])}
    assert not module.apply(changed, X).any()


def test_it_trains_as_a_layer_of_a_linen_module():
    class Net(linen.Module):
        @linen.compact
        def __call__(self, x):
            return linen.Dense(1)(linen.tanh(to_linen(nn.Dense(2, 8))(x)))

    ms.set_seed(0)
    x = jnp.asarray(np.random.default_rng(1).normal(size=(16, 2)), jnp.float32)
    params = Net().init(jax.random.key(0), x)
    assert params["params"]["CellModule_0"]["weight"].shape == (8, 2)
    adam = optax.adam(1e-2)

    @jax.jit
    def step(params, state):
        loss, gradients = jax.value_and_grad(lambda p: jnp.square(Net().apply(p, x)[:, 0] - x.sum(-1)).mean())(params)
        updates, state = adam.update(gradients, state)
        return optax.apply_updates(params, updates), state, loss

    state, losses = adam.init(params), []
    for _ in range(60):
        params, state, loss = step(params, state)
        losses.append(float(loss))
    assert losses[-1] < losses[0] / 4


def test_what_does_not_fit_is_named():
    module = to_linen(cell())
    variables = module.init(jax.random.key(0), X)
    with pytest.raises(ValueError, match="The collection 'batch_stats', which SequentialCell needs, is missing"):
        module.apply({"params": variables["params"]}, X)
    variables["params"]["4"]["bias"] = jnp.ones(2)
    with pytest.raises(ValueError, match=r"params/4/bias must have shape \(3,\), but has \(2,\)"):
        module.apply(variables, X)
    with pytest.raises(InvalidRngError, match=r"The Cell draws random numbers: give rngs={'dropout': key}"):
        module.apply(module.init(jax.random.key(0), X), X, train=True, mutable=["batch_stats"])
    with pytest.raises(TypeError, match="must be Cell, but got Dense"):
        to_linen(linen.Dense(3))


def test_buffers_and_frozen_parameters_are_constants():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.register_buffer("shift", Tensor([1.0]))
            self.scale = ms.Parameter(Tensor([2.0]), requires_grad=False)

        def construct(self, x):
            return x * self.scale + self.shift

    module = to_linen(Net())
    variables = module.init(jax.random.key(0), jnp.ones(1, jnp.float32))
    assert set(variables) == {"constants"}
    assert module.apply(variables, jnp.ones(1, jnp.float32)).tolist() == [3.0]


def test_statistics_that_can_not_be_written_are_refused():
    module = to_linen(nn.BatchNorm1d(3))
    x = jnp.ones((4, 3), jnp.float32)
    variables = module.init(jax.random.key(0), x)
    with pytest.raises(ModifyScopeVariableError, match='collection "batch_stats" is immutable'):
        module.apply(variables, x, train=True)
    assert module.apply(variables, x, train=False).shape == (4, 3)
