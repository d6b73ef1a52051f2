"""Modules of Flax as Cells."""

import copy

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx
from flax.traverse_util import flatten_dict
from interop.modules import CNN, MLP, Attention, Block, Normed

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.interop.flax import from_flax
from msjax.interop.jax import to_function


def tensor(*shape):
    return Tensor(np.random.default_rng(len(shape)).normal(size=shape).astype(np.float32))


@pytest.fixture
def cnn():
    return from_flax(CNN(), tensor(2, 4, 4, 1), rngs=0)


def test_parameters_are_named_by_path(cnn):
    trained = {
        "Conv_0.kernel",
        "Conv_0.bias",
        "BatchNorm_0.scale",
        "BatchNorm_0.bias",
        "Dense_0.kernel",
        "Dense_0.bias",
    }
    assert {p.name for p in cnn.trainable_params()} == trained
    assert {p.name for p in cnn.untrainable_params()} == {"batch_stats.BatchNorm_0.mean", "batch_stats.BatchNorm_0.var"}
    net = nn.SequentialCell(cnn, nn.Dense(3, 2))
    assert "0.Conv_0.kernel" in net.parameters_dict()


def test_a_linen_module_computes_the_same(cnn):
    x = tensor(2, 4, 4, 1)
    assert np.allclose(cnn(x).asnumpy(), CNN().apply(cnn.variables(), x.asnumpy(), train=False), atol=1e-6)
    assert np.allclose(cnn(x).asnumpy(), cnn(x, train=False).asnumpy())


def test_an_nnx_module_computes_the_same():
    block, x = Block(8, nnx.Rngs(0)), tensor(2, 5, 8)
    net = from_flax(block)
    block.eval()
    assert np.allclose(net(x).asnumpy(), block(x.asnumpy()), atol=1e-6)
    assert {"attention.query.kernel", "norms.0.scale", "up.kernel"} <= {p.name for p in net.trainable_params()}
    assert {p.name for p in net.untrainable_params()} == {"dropout.rngs.count", "dropout.rngs.key"}


def test_training_mode_is_mapped(cnn):
    x = tensor(2, 4, 4, 1)
    assert (cnn(x).asnumpy() == cnn(x).asnumpy()).all()
    assert not cnn.parameters_dict()["batch_stats.BatchNorm_0.mean"].asnumpy().any()
    cnn.set_train()
    assert (cnn(x).asnumpy() != cnn(x).asnumpy()).any()  # dropout
    mean = cnn.parameters_dict()["batch_stats.BatchNorm_0.mean"]
    assert mean.asnumpy().any()
    cnn.set_train(False)
    before = mean.asnumpy()
    cnn(x)
    assert (mean.asnumpy() == before).all()


def test_training_mode_of_nnx():
    net = from_flax(Normed(nnx.Rngs(0)))
    x = tensor(4, 3)
    net(x)
    assert not net.parameters_dict()["norm.mean"].asnumpy().any()
    net.set_train()(x)
    assert net.parameters_dict()["norm.mean"].asnumpy().any()
    block = from_flax(Block(8, nnx.Rngs(0))).set_train()
    y = tensor(2, 5, 8)
    assert (block(y).asnumpy() != block(y).asnumpy()).any()
    assert block.parameters_dict()["dropout.rngs.count"].asnumpy() == 2


def test_moving_statistics_are_the_modules_own(cnn):
    x = tensor(2, 4, 4, 1)
    variables = cnn.variables()
    cnn.set_train()(x)
    _, expected = CNN().apply(
        variables, x.asnumpy(), train=True, mutable=["batch_stats"], rngs={"dropout": jax.random.key(0)}
    )
    for got, want in zip(jax.tree.leaves(cnn.variables()["batch_stats"]), jax.tree.leaves(expected), strict=True):
        assert np.allclose(got, want, atol=1e-6)


def same_program(*functions_and_arguments):
    """Whether two functions are the same jaxpr, and so the same cost; newer versions of JAX inline later."""
    *functions, params, x = functions_and_arguments

    def equations(jaxpr):
        for equation in jaxpr.eqns:
            inner = equation.params.get("jaxpr") if equation.primitive.name == "jit" else None
            if inner is not None and equation.params["name"] == "run":
                yield from equations(inner.jaxpr)
            else:
                yield equation.primitive.name, [v.aval for v in equation.outvars]

    first, second = (list(equations(jax.make_jaxpr(f)(params, x).jaxpr)) for f in functions)
    return first == second


def test_the_compiled_step_is_the_modules_own(cnn):
    x = tensor(2, 4, 4, 1).asnumpy()
    params, apply = to_function(cnn)
    statistics = cnn.variables()["batch_stats"]

    def own(params, x):
        nested = {}
        for name, array in params.items():
            module, leaf = name.split(".")
            nested.setdefault(module, {})[leaf] = array
        return CNN().apply({"params": nested, "batch_stats": statistics}, x, train=False)

    assert same_program(apply, own, params, x)


def test_the_compiled_step_of_nnx_is_the_modules_own():
    block, x = Block(8, nnx.Rngs(0)), tensor(2, 5, 8).asnumpy()
    params, apply = to_function(from_flax(block))
    block.eval()
    graph, _, rest = nnx.split(block, nnx.Param, ...)

    def own(params, x):
        nested = {}
        for name, array in params.items():
            *path, leaf = (int(key) if key.isdigit() else key for key in name.split("."))
            place = nested
            for key in path:
                place = place.setdefault(key, {})
            place[leaf] = array
        return nnx.merge(graph, nested, rest)(x)

    assert same_program(apply, own, params, x)


def test_masks_and_keywords_reach_the_module():
    x, mask = tensor(2, 5, 8), Tensor(np.tril(np.ones((1, 1, 5, 5), bool)))
    net = from_flax(Attention(), x, rngs=0)
    expected = Attention().apply(net.variables(), x.asnumpy(), jnp.asarray(mask.asnumpy()))
    assert np.allclose(net(x, mask=mask).asnumpy(), expected, atol=1e-6)
    assert (net.set_train()(x).asnumpy() != net(x).asnumpy()).any()
    assert (net(x, deterministic=True).asnumpy() == net(x, deterministic=True).asnumpy()).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda p: nn.Momentum(p, 0.05, 0.9),
        lambda p: nn.Adam(p, 1e-2),
        lambda p: nn.SGD(p, 0.05),
        lambda p: nn.Lamb(p, 1e-2),
    ],
)
@pytest.mark.parametrize("compiled", [False, True])
def test_optimizers_train_it(make, compiled):
    x = tensor(16, 2)
    y = x.sum(-1, keepdims=True)
    net = from_flax(MLP(), x, rngs=1).set_train()
    optimizer = make(net.trainable_params())
    step = ms.value_and_grad(lambda x, y: ops.square(net(x) - y).mean(), None, optimizer.parameters)

    def train(x, y):
        loss, gradients = step(x, y)
        optimizer(gradients)
        return loss

    train = ms.jit(train) if compiled else train
    losses = [float(train(x, y)) for _ in range(25)]
    assert losses[-1] < losses[0] / 2


def test_gradients_of_every_transform():
    x = tensor(3, 2)
    net = from_flax(MLP(), x, rngs=0)

    def own(x):
        return MLP().apply(net.variables(), x)

    array = x.asnumpy()
    assert np.allclose(ms.jacrev(net)(x).asnumpy(), jax.jacrev(own)(array), atol=1e-6)
    assert np.allclose(ms.jacfwd(net)(x).asnumpy(), jax.jacfwd(own)(array), atol=1e-6)
    assert np.allclose(ms.vmap(net)(x).asnumpy(), own(array), atol=1e-6)
    assert np.allclose(ms.jvp(net, x, x)[1].asnumpy(), jax.jvp(own, (array,), (array,))[1], atol=1e-6)
    second = ms.grad(lambda x: ms.grad(lambda x: net(x).sum())(x).sum())(x)
    expected = jax.grad(lambda x: jax.grad(lambda x: own(x).sum())(x).sum())(array)
    assert np.allclose(second.asnumpy(), expected, atol=1e-6)
    got = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())(x)
    want = flatten_dict(jax.grad(lambda v: MLP().apply(v, array).sum())(net.variables()))
    named = dict(zip([p.name for p in net.trainable_params()], got, strict=True))
    assert all(np.allclose(named[".".join(path[1:])].asnumpy(), v, atol=1e-5) for path, v in want.items())


def test_checkpoints(cnn, tmp_path):
    x = tensor(2, 4, 4, 1)
    cnn.set_train()(x)
    ms.save_checkpoint(cnn, str(tmp_path / "net.ckpt"))
    other = from_flax(CNN(), x, rngs=5)
    assert ms.load_param_into_net(other, ms.load_checkpoint(str(tmp_path / "net.ckpt"))) == ([], [])
    cnn.set_train(False)
    assert (other(x).asnumpy() == cnn(x).asnumpy()).all()


def test_state_goes_both_ways(cnn):
    x = tensor(2, 4, 4, 1)
    variables = CNN().init(jax.random.key(9), x.asnumpy(), train=False)
    cnn.load_variables(variables)
    assert jax.tree.all(jax.tree.map(lambda a, b: bool((a == b).all()), cnn.variables(), variables))
    assert np.allclose(cnn(x).asnumpy(), CNN().apply(variables, x.asnumpy(), train=False), atol=1e-6)
    begun = from_flax(CNN(), x, variables=variables)
    assert (begun(x).asnumpy() == cnn(x).asnumpy()).all()


def test_state_of_nnx_goes_both_ways():
    block, net = Block(8, nnx.Rngs(4)), from_flax(Block(8, nnx.Rngs(0)))
    net.load_variables(nnx.state(block))
    nnx.update(block, net.variables())
    block.eval()
    x = tensor(2, 5, 8)
    assert np.allclose(net(x).asnumpy(), block(x.asnumpy()), atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda v: {"params": v["params"]}, "lack 'batch_stats'; there must be"),
        (
            lambda v: {**v, "params": {k: w for k, w in v["params"].items() if k != "Conv_0"}},
            "Conv_0/kernel is missing",
        ),
        (lambda v: {**v, "cache": {"a": jnp.ones(1)}}, "cache/a is unknown"),
        (
            lambda v: {**v, "params": {**v["params"], "Dense_0": {"kernel": jnp.ones((2, 2)), "bias": jnp.ones(3)}}},
            r"params/Dense_0/kernel must have shape \(64, 3\), but has \(2, 2\)",
        ),
    ],
)
def test_what_does_not_fit_is_named(cnn, change, message):
    before = cnn.parameters_dict()["Conv_0.kernel"].asnumpy()
    with pytest.raises(ValueError, match=message):
        cnn.load_variables(change(cnn.variables()))
    with pytest.raises(ValueError, match=message):
        from_flax(CNN(), tensor(2, 4, 4, 1), variables=change(cnn.variables()))
    assert (cnn.parameters_dict()["Conv_0.kernel"].asnumpy() == before).all()


def test_what_is_no_module_is_refused():
    with pytest.raises(TypeError, match=r"must be a module of linen or nnx, but got Dense"):
        from_flax(nn.Dense(2, 3))
    with pytest.raises(ValueError, match="needs example inputs"):
        from_flax(MLP())
    with pytest.raises(ValueError, match=r"random stream that 'rngs' does not name"):
        from_flax(CNN(), tensor(2, 4, 4, 1), rngs={"params": 0})


def test_an_unused_stream_draws_nothing():
    net = from_flax(MLP(), tensor(2, 2), rngs=0).set_train()
    state = ms.get_rng_state().asnumpy()
    net(tensor(2, 2))
    assert (ms.get_rng_state().asnumpy() == state).all()


def test_set_seed_governs_init_and_dropout():
    def run():
        ms.set_seed(7)
        return from_flax(CNN(), tensor(2, 4, 4, 1)).set_train()(tensor(2, 4, 4, 1)).asnumpy()

    assert (run() == run()).all()


def test_copies_are_independent(cnn):
    x = tensor(2, 4, 4, 1)
    other = copy.deepcopy(cnn)
    assert (other(x).asnumpy() == cnn(x).asnumpy()).all()
    other.trainable_params()[0].set_data(other.trainable_params()[0] + 1)
    assert (other(x).asnumpy() != cnn(x).asnumpy()).any()


def test_a_module_goes_back_into_nnx(cnn):
    x = tensor(2, 4, 4, 1)
    params, statistics = nnx.state(cnn, nnx.Param, nnx.BatchStat)
    assert len(jax.tree.leaves(params)) == 6 and len(jax.tree.leaves(statistics)) == 2
    assert np.allclose(nnx.jit(lambda net, x: net(x))(cnn, x.asnumpy()), cnn(x).asnumpy(), atol=1e-6)


def test_outputs_keep_their_structure():
    class Two(linen.Module):
        @linen.compact
        def __call__(self, x):
            return {"a": linen.Dense(2)(x), "b": (x, None)}

    answer = from_flax(Two(), tensor(3, 2), rngs=0)(tensor(3, 2))
    assert answer["a"].shape == (3, 2) and isinstance(answer["b"][0], Tensor) and answer["b"][1] is None


class Switched(linen.Module):
    """A module that is told at its construction whether it trains."""

    train: bool = True

    @linen.compact
    def __call__(self, x):
        return linen.Dropout(0.5)(linen.BatchNorm(use_running_average=not self.train)(x), deterministic=not self.train)


def test_training_mode_as_an_attribute():
    x = tensor(8, 3)
    net = from_flax(Switched(), x, rngs=0)
    assert (net(x).asnumpy() == net(x).asnumpy()).all()
    assert not net.parameters_dict()["batch_stats.BatchNorm_0.mean"].asnumpy().any()
    net.set_train()
    assert (net(x).asnumpy() != net(x).asnumpy()).any()
    assert net.parameters_dict()["batch_stats.BatchNorm_0.mean"].asnumpy().any()
    bare = from_flax(linen.Dropout(0.5, deterministic=True), x, rngs=0)
    assert (bare(x).asnumpy() == x.asnumpy()).all() and (bare.set_train()(x).asnumpy() != x.asnumpy()).any()


def test_a_cache_for_decoding_is_written():
    module, x = linen.MultiHeadDotProductAttention(2, decode=True), tensor(2, 5, 4)
    net = from_flax(module, x, rngs=0)
    variables = net.variables()
    for step in range(3):
        token = x[:, step : step + 1]
        expected, cache = module.apply(variables, token.asnumpy(), mutable=["cache"])
        variables = {**variables, **cache}
        assert np.allclose(net(token).asnumpy(), expected, atol=1e-6)
    assert net.parameters_dict()["cache.cache_index"].asnumpy() == 3


def test_a_parameter_that_is_replaced_is_used():
    x = tensor(4, 3)
    net = from_flax(linen.Dense(2), x, rngs=0)
    net.kernel = ms.Parameter(ops.zeros((3, 2)), name="kernel")
    net.bias.set_data(ops.ones(2))
    assert (net(x).asnumpy() == 1).all() and not net.variables()["params"]["kernel"].any()


def test_to_float_reaches_the_module():
    net = from_flax(linen.Dense(2), tensor(4, 3), rngs=0).to_float(ms.float16)
    assert net(tensor(4, 3)).dtype == ms.float16 and net.kernel.dtype == ms.float32


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: from_flax(MLP(), tensor(2, 2), rngs="a"), TypeError, "'rngs' must be a seed, .* but got str"),
        (
            lambda: from_flax(MLP(), tensor(2, 2), rngs={"dropout": 0}),
            ValueError,
            r"for 'params', but got \['dropout'\]",
        ),
        (
            lambda: from_flax(nnx.eval_shape(lambda: Normed(nnx.Rngs(0)))),
            ValueError,
            "Normed are shapes without values",
        ),
        (
            lambda: from_flax(MLP(), tensor(2, 2), rngs=0).load_variables(MLP()),
            TypeError,
            "must be a dictionary or an nnx.State, but got MLP",
        ),
        (lambda: from_flax(nn.Dense(2, 2)), TypeError, "but got Dense, which is a Cell already"),
        (lambda: from_flax(MLP), TypeError, "but got the class MLP: make one of it first"),
        (lambda: from_flax(MLP(), "a"), TypeError, "example inputs must be Tensors or arrays, but got str"),
        (lambda: from_flax(MLP(), tensor(2, 2), variables=5), TypeError, "must be a dictionary of collections.* int"),
        (lambda: from_flax(Normed(nnx.Rngs(0)), variables={}), TypeError, "'variables' are for a linen module"),
    ],
)
def test_what_is_no_state_or_key_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_streams_among_the_arguments_move_on():
    class Dropping(nnx.Module):
        def __init__(self):
            self.dropout = nnx.Dropout(0.5)

        def __call__(self, x, *, rngs):
            return self.dropout(x, rngs=rngs)

    net, module, x = from_flax(Dropping()).set_train(), Dropping(), tensor(4, 8)
    ours, theirs = nnx.Rngs(0), nnx.Rngs(0)
    for _ in range(2):
        assert (net(x, rngs=ours).asnumpy() == module(x.asnumpy(), rngs=theirs)).all()


def test_a_module_that_looks_at_values():
    class Looking(linen.Module):
        @linen.compact
        def __call__(self, x):
            x = linen.Dense(3)(x)
            return x if x.sum() > 0 else -x

    x = tensor(4, 3)
    net = from_flax(Looking(), x, rngs=0)
    expected = Looking().apply(net.variables(), x.asnumpy())
    for call in (net, ms.jit(net)):
        assert np.allclose(call(x).asnumpy(), expected, atol=1e-6)
    gradient = jax.grad(lambda v: Looking().apply(v, x.asnumpy()).sum())(net.variables())["params"]["Dense_0"]["bias"]
    assert np.allclose(ms.grad(lambda x: net(x).sum(), None, net.trainable_params())(x)[0].asnumpy(), gradient)
