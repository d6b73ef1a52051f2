"""optax's transformations for Cells, MindSpore's optimizers for optax."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.interop.optax import optimizer, transformation

RNG = np.random.default_rng(0)


def network():
    ms.set_seed(0)
    return nn.SequentialCell(nn.Dense(3, 4), nn.LayerNorm((4,)), nn.Dense(4, 1))


def data():
    x = RNG.normal(size=(16, 3)).astype(np.float32)
    return Tensor(x), Tensor(x.sum(-1, keepdims=True))


@pytest.mark.parametrize("compiled", [False, True])
def test_optax_drives_a_cell(compiled):
    net, (x, y) = network(), data()
    chain = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(optax.cosine_decay_schedule(3e-2, 200)))
    adamw = optimizer(net.trainable_params(), chain)
    step = ms.value_and_grad(lambda x, y: ops.square(net(x) - y).mean(), None, adamw.parameters)

    def train(x, y):
        loss, gradients = step(x, y)
        adamw(gradients)
        return loss

    train = ms.jit(train) if compiled else train
    params = {p.name: jnp.asarray(p.asnumpy()) for p in net.trainable_params()}
    state, losses = chain.init(params), []
    for i in range(8):
        if i < 2:
            gradients = step(x, y)[1]
            named = {p.name: jnp.asarray(g.asnumpy()) for p, g in zip(adamw.parameters, gradients, strict=True)}
            updates, state = chain.update(named, state, params)
            params = optax.apply_updates(params, updates)
        losses.append(float(train(x, y)))
        if i < 2:
            assert all(np.allclose(p.asnumpy(), params[p.name], atol=1e-6) for p in adamw.parameters)
    assert losses[-1] < losses[0]
    assert adamw.global_step.asnumpy() == 8


def test_its_state_is_in_checkpoints(tmp_path):
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    first = optimizer([w], optax.adam(0.1))
    first((Tensor([1.0, 1.0]),))
    ms.save_checkpoint(first, str(tmp_path / "state.ckpt"))
    other = optimizer([w], optax.adam(0.1))
    assert ms.load_param_into_net(other, ms.load_checkpoint(str(tmp_path / "state.ckpt"))) == ([], [])
    assert {"optax.0.count", "optax.0.mu.w", "optax.0.nu.w"} <= set(other.parameters_dict())
    assert other.parameters_dict()["optax.0.mu.w"].asnumpy().any()


def test_it_fits_into_mindspores_training():
    net, (x, y) = network(), data()
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer(net.trainable_params(), optax.adam(1e-2)))
    losses = [float(step(x, y)) for _ in range(10)]
    assert losses[-1] < losses[0]


def test_extra_arguments_reach_the_transformation():
    w = Parameter(Tensor([1.0]), name="w")
    plateau = optimizer([w], optax.chain(optax.sgd(1.0), optax.contrib.reduce_on_plateau(patience=1, factor=0.5)))
    plateau((Tensor([1.0]),), value=Tensor(1.0))
    assert w.asnumpy() == 0.0


def test_wrong_arguments():
    w = Parameter(Tensor([1.0]), name="w")
    with pytest.raises(TypeError, match=r"must be an optax.GradientTransformation, but got float"):
        optimizer([w], 0.1)
    with pytest.raises(RuntimeError, match="there must be 1 gradients, but got 2"):
        optimizer([w], optax.sgd(0.1))((Tensor([1.0]), Tensor([1.0])))
    with pytest.raises(ValueError, match=r"the gradient of 'w' must have shape \(1,\), but got \(2,\)"):
        optimizer([w], optax.sgd(0.1))((Tensor([1.0, 2.0]),))
    assert w.asnumpy() == 1


OPTIMIZERS = [
    (nn.Adam, dict(learning_rate=nn.ExponentialDecayLR(0.1, 0.9, 1), weight_decay=0.1)),
    (nn.AdamWeightDecay, dict(learning_rate=0.1, weight_decay=0.1)),
    (nn.SGD, dict(learning_rate=[0.1, 0.2, 0.3], momentum=0.9)),
    (nn.Momentum, dict(learning_rate=0.1, momentum=0.9)),
    (nn.RMSProp, {}),
    (nn.Adagrad, {}),
    (nn.Adadelta, {}),
    (nn.AdaMax, {}),
    (nn.AdaFactor, dict(learning_rate=0.1, relative_step=False)),
    (nn.Lamb, dict(learning_rate=0.1)),
    (nn.LazyAdam, {}),
    (nn.AdamOffload, {}),
    (nn.FTRL, {}),
    (nn.ProximalAdagrad, {}),
    (nn.Rprop, {}),
    (nn.ASGD, {}),
]


@pytest.mark.parametrize(("kind", "arguments"), OPTIMIZERS, ids=lambda v: getattr(v, "__name__", ""))
def test_each_optimizer_is_a_transformation(kind, arguments):
    params = {"a": jnp.ones((2, 3), jnp.float32), "b": {"beta": jnp.full(3, 2, jnp.float32)}}
    handles = [Parameter(Tensor(params["a"]), name="a"), Parameter(Tensor(params["b"]["beta"]), name="b.beta")]
    ours, tx = kind(handles, **arguments), transformation(kind, **arguments)
    state, update = tx.init(params), jax.jit(tx.update)
    for i in range(3):
        gradients = jax.tree.map(lambda p, i=i: 0.3 * p + i, params)
        ours((Tensor(gradients["a"]), Tensor(gradients["b"]["beta"])))
        updates, state = update(gradients, state, params)
        params = optax.apply_updates(params, updates)
    assert np.allclose(params["a"], handles[0].asnumpy(), rtol=1e-5, atol=1e-6)
    assert np.allclose(params["b"]["beta"], handles[1].asnumpy(), rtol=1e-5, atol=1e-6)


def test_a_transformation_is_part_of_a_chain_and_of_nnx():
    from flax import nnx

    model = nnx.Linear(2, 3, rngs=nnx.Rngs(0))
    chain = optax.chain(optax.clip(1.0), transformation(nn.Adam, learning_rate=0.1))
    moving = nnx.Optimizer(model, chain, wrt=nnx.Param)

    @nnx.jit
    def step(model, moving):
        loss, gradients = nnx.value_and_grad(lambda m: jnp.square(m(jnp.ones((1, 2), jnp.float32))).sum())(model)
        moving.update(model, gradients)
        return loss

    losses = [float(step(model, moving)) for _ in range(10)]
    assert losses[-1] < losses[0]


def test_update_needs_the_parameters():
    adam = transformation(nn.Adam)
    params = {"w": jnp.ones(2, jnp.float32)}
    with pytest.raises(ValueError, match="Adam moves parameters by their values"):
        adam.update(params, adam.init(params))
    with pytest.raises(ValueError, match="gradients and parameters must be trees of one structure"):
        adam.update({"v": params["w"]}, adam.init(params), params)
    with pytest.raises(TypeError, match="'kind' must be a class of optimizers, but got 5"):
        transformation(5)


@pytest.mark.parametrize("compiled", [False, True])
def test_random_keys_are_state(compiled):
    weights = [Parameter(Tensor([1.0, 2.0]), name="w")]
    transform = optax.chain(optax.add_noise(0.1, 0.5, key=0), optax.sgd(0.1))
    noisy = optimizer(weights, transform)
    step = ms.jit(noisy) if compiled else noisy
    params = {"w": jnp.array([1.0, 2.0], jnp.float32)}
    state = transform.init(params)
    for _ in range(3):
        step((ops.ones(2),))
        updates, state = transform.update({"w": jnp.ones(2, jnp.float32)}, state, params)
        params = optax.apply_updates(params, updates)
    assert np.allclose(weights[0].asnumpy(), params["w"], atol=1e-6)


def test_a_function_among_the_extra_arguments_is_refused():
    with pytest.raises(TypeError, match=r"'value_fn' must be a Tensor or a number.*interop.optax.LBFGS"):
        optimizer([Parameter(Tensor([1.0]), name="w")], optax.lbfgs())((Tensor([1.0]),), value_fn=lambda p: p)
