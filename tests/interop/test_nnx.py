"""Cells in the functions of flax.nnx."""

import copy
import inspect
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

import msjax as ms
from msjax import Parameter, ParameterTuple, Tensor, nn, ops

X = jnp.asarray(np.random.default_rng(0).normal(size=(4, 1, 4, 4)), jnp.float32)
Y = jnp.array([0, 1, 2, 0])


class Net(nn.Cell):
    """A convolution with moving statistics, dropout, a constant, a plain list of Cells, and a tuple of Parameters."""

    def __init__(self):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4)
        self.dropout, self.fc = nn.Dropout(p=0.5), nn.Dense(64, 3)
        self.scale = Parameter(Tensor([2.0]), requires_grad=False)
        self.layers = [nn.ReLU(), nn.Flatten()]
        self.weights = ParameterTuple(self.trainable_params())

    def construct(self, x):
        x = self.layers[0](self.bn(self.conv(x)))
        return self.fc(self.dropout(self.layers[1](x))) * self.scale


def mlp():
    return nn.SequentialCell(nn.Dense(3, 4), nn.ReLU(), nn.Dense(4, 2))


def needs_options(function, options):
    lacking = options.keys() - inspect.signature(function).parameters.keys()
    if lacking:
        pytest.skip(f"this version of Flax has no {', '.join(sorted(lacking))}")


def paths(state):
    return {".".join(map(str, path)) for path, _ in nnx.to_flat_state(state)}


def test_parameters_appear_by_kind():
    net = Net()
    _, params, stats, random, constants = nnx.split(net, nnx.Param, nnx.BatchStat, nnx.RngState, ...)
    assert paths(params) == {"conv.weight", "bn.gamma", "bn.beta", "fc.weight", "fc.bias"}
    assert paths(stats) == {"bn.moving_mean", "bn.moving_variance"}
    assert paths(random) == {"dropout.generator.key"}
    assert paths(constants) == {"scale"}


def test_state_is_live_in_both_directions():
    net = mlp()
    state = nnx.state(net)
    state["0"]["bias"][...] = jnp.ones(4, jnp.float32)
    assert net[0].bias.asnumpy().tolist() == [1.0] * 4
    net[0].bias.set_data(Tensor([2.0] * 4))
    assert state["0"]["bias"][...].tolist() == [2.0] * 4


def test_merge_without_copy_shares_the_parameters():
    net = Net()
    assert nnx.merge(*nnx.split(net)).conv.weight is net.conv.weight


def test_clone_is_independent_and_of_one_piece():
    net = Net()
    clone = nnx.clone(net)
    assert type(clone) is Net
    assert [n for n, _ in clone.parameters_and_names()] == [n for n, _ in net.parameters_and_names()]
    assert clone.weights[0] is clone.conv.weight is not net.conv.weight
    clone.set_train()
    assert not net.training and not net.bn.training
    clone.conv.weight.set_data(clone.conv.weight * 0)
    assert net.conv.weight.asnumpy().any()


def test_two_halves_of_a_split_graph_are_equal():
    net = Net()
    assert nnx.graphdef(net) == nnx.graphdef(net) == nnx.graphdef(nnx.clone(net))
    assert hash(nnx.graphdef(net)) == hash(nnx.graphdef(nnx.clone(net)))


@pytest.mark.parametrize("make", [mlp, lambda: nn.LayerNorm((3,)), lambda: nn.MultiheadAttention(8, 2)])
def test_cells_that_are_built_alike_have_equal_graphs(make):
    assert nnx.graphdef(make()) == nnx.graphdef(make())


def test_update_writes_parameters_by_name():
    net, other = mlp(), mlp()
    nnx.update(net, nnx.state(other))
    assert all(
        (a.asnumpy() == b.asnumpy()).all() for a, b in zip(net.get_parameters(), other.get_parameters(), strict=True)
    )
    assert [p.name for p in net.get_parameters()] == ["0.weight", "0.bias", "2.weight", "2.bias"]


def test_update_with_a_wrong_shape_names_the_parameter():
    with pytest.raises(ValueError, match=r"'0.weight' has shape \(4, 3\), but .* \(2, 2\)"):
        nnx.update(mlp(), {"0": {"weight": jnp.ones((2, 2))}})


@pytest.mark.parametrize("given", ["a", None, [1.0]])
def test_update_with_no_array_names_the_parameter(given):
    net = mlp()
    with pytest.raises(TypeError, match=r"'0.weight' holds an array, but Flax gives it"):
        nnx.update(net, {"0": {"weight": given}})
    assert net[0].weight.shape == (4, 3)


def test_update_takes_arrays_of_numpy():
    net = mlp()
    nnx.update(net, {"0": {"weight": np.ones((4, 3)), "bias": ops.ones(4)}})
    assert net[0].weight.dtype == ms.float32 and (net[0].weight.asnumpy() == 1).all()
    with pytest.raises(ValueError, match=r"'0.weight' has shape \(4, 3\), but .* \(2, 2\)"):
        nnx.update(net, {"0": {"weight": np.ones((2, 2))}})


@pytest.mark.parametrize("state", [{"3": {"weight": np.ones(1)}}, nnx.State({"3": nnx.Param(jnp.ones(1))})])
def test_update_with_a_wrong_name_names_it(state):
    net = mlp()
    with pytest.raises(ValueError, match=r"SequentialCell has no '3' that Flax could set: it has \['0', '1', '2'\]"):
        nnx.update(net, state)
    assert [p.name for p in net.get_parameters()] == ["0.weight", "0.bias", "2.weight", "2.bias"]


def test_iter_graph_and_children():
    net = mlp()
    found = dict(nnx.iter_graph(net))
    assert found[()] is net and found[("2",)] is net[2]
    assert isinstance(found["2", "weight"], nnx.Param)
    assert [name for name, _ in nnx.iter_children(net)] == ["0", "1", "2"]


def test_display_shows_the_cell(capsys):
    nnx.display(mlp())
    assert "Dense(input_channels=3" in capsys.readouterr().out


def test_gradients_are_those_of_ms_grad():
    net = mlp()
    x = X.reshape(-1, 16)[:, :3]
    loss, gradients = nnx.value_and_grad(lambda net: jnp.square(net(x)).mean())(net)
    ours = ms.value_and_grad(lambda: ops.square(net(Tensor(x))).mean(), None, net.trainable_params())
    expected_loss, expected = ours()
    assert np.allclose(loss, expected_loss.asnumpy())
    for name, want in zip(("0.weight", "0.bias", "2.weight", "2.bias"), expected, strict=True):
        got = dict(nnx.to_flat_state(gradients))[tuple(name.split("."))]
        assert np.allclose(got[...], want.asnumpy(), atol=1e-6)


def test_a_derivative_that_the_cell_defines():
    class Tenfold(nn.Cell):
        def construct(self, x):
            return x * 2

        def bprop(self, x, out, dout):
            return (dout * 10,)

    x = jnp.ones(3, jnp.float32)
    gradient = nnx.grad(lambda cell, x: cell(x).sum(), argnums=1)
    assert gradient(Tenfold(), x).tolist() == nnx.jit(gradient)(Tenfold(), x).tolist() == [10.0] * 3


def test_derivatives_of_derivatives_in_construct():
    class Residual(nn.Cell):
        def __init__(self, activation):
            super().__init__()
            self.net = nn.SequentialCell(nn.Dense(1, 8), activation, nn.Dense(8, 1))

        def construct(self, x):
            first = ms.grad(lambda x: self.net(x).sum())
            return ms.grad(lambda x: first(x).sum())(x)

    for activation in (nn.Tanh(), nn.ReLU()):  # of the second, the derivative vanishes
        net, x = Residual(activation), jnp.ones((5, 1), jnp.float32)
        assert np.allclose(nnx.jit(lambda net, x: net(x))(net, x), net(Tensor(x)).asnumpy(), atol=1e-6)


def test_a_frozen_parameter_is_not_trained():
    net = mlp()
    net[0].weight.requires_grad = False
    assert paths(nnx.state(net, nnx.Param)) == {"0.bias", "2.weight", "2.bias"}
    net[0].weight.requires_grad = True
    assert "0.weight" in paths(nnx.state(net, nnx.Param))


@nnx.jit
def train_step(net, optimizer, x, y):
    def loss(net):
        return optax.softmax_cross_entropy_with_integer_labels(net(x), y).mean()

    value, gradients = nnx.value_and_grad(loss)(net)
    optimizer.update(net, gradients)
    return value


def test_a_compiled_step_trains_and_moves_all_state():
    ms.set_seed(0)
    net = Net().set_train()
    optimizer = nnx.Optimizer(net, optax.adam(1e-2), wrt=nnx.Param)
    key, scale = ms.get_rng_state().asnumpy(), net.scale.asnumpy()
    losses = [float(train_step(net, optimizer, X, Y)) for _ in range(30)]
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) / 2
    assert net.bn.moving_mean.asnumpy().any()
    assert (ms.get_rng_state().asnumpy() != key).any()
    assert (net.scale.asnumpy() == scale).all()
    net.set_train(False)
    assert net(Tensor(X)).asnumpy().argmax(-1).tolist() == Y.tolist()


def test_dropout_draws_anew_in_each_call():
    layer = nn.Dropout(p=0.5).set_train()
    call = nnx.jit(lambda layer, x: layer(x))
    ones = jnp.ones(64, jnp.float32)
    first, second = call(layer, ones), call(layer, ones)
    assert (first != second).any()
    ms.set_seed(3)
    third = call(layer, ones)
    ms.set_seed(3)
    assert (layer(Tensor(ones)).asnumpy() == third).all()


def test_streams_are_split_and_reseeded():
    net = nn.SequentialCell(nn.Dense(3, 8), nn.Dropout(p=0.5)).set_train()
    state = nnx.StateAxes({nnx.RngState: 0, ...: None})
    each = nnx.split_rngs(splits=4)(nnx.vmap(lambda net, x: net(x), in_axes=(state, 0)))
    x = jnp.ones((4, 3), jnp.float32)
    first, second = each(net, x), each(net, x)
    assert (first[0] != first[1]).any() and (first != second).any()
    nnx.reseed(net, default=3)
    again = each(net, x)
    nnx.reseed(net, default=3)
    assert (again == each(net, x)).all()
    assert ms.get_rng_state().asnumpy().shape == (16,)


def test_a_split_stream_says_why_it_can_not_draw():
    backups = nnx.split_rngs(nn.Dropout(p=0.5).set_train(), splits=3)
    with pytest.raises(RuntimeError, match=r"a key for each of \(3,\) rows of a vmap.*nnx.restore_rngs"):
        ops.dropout(ops.ones(3))
    nnx.restore_rngs(backups)
    ops.dropout(ops.ones(3))


@pytest.mark.parametrize("options", [{}, {"graph_updates": False}])
def test_streams_are_forked(options):
    needs_options(nnx.fork_rngs, options)
    layer = nn.Dropout(p=0.5).set_train()
    forked = nnx.fork_rngs(layer, **options)
    assert jnp.issubdtype(nnx.state(layer)["generator"]["key"][...].dtype, jax.dtypes.prng_key)
    assert layer(ops.ones(8)).shape == (8,) and forked is not None


def test_variables_of_flax_are_attributes():
    class Count(nnx.Variable):
        pass

    class Counting(nn.Cell):
        def __init__(self):
            super().__init__()
            self.calls = Count(jnp.array(0))

        def construct(self, x):
            self.calls[...] += 1
            return x

    net, call = Counting(), nnx.jit(lambda net, x: net(x))
    call(net, jnp.ones(2)), call(net, jnp.ones(2)), net(ops.ones(2))
    assert net.calls[...] == 3
    assert paths(nnx.state(net, Count)) == {"calls"}
    assert nnx.clone(net).calls is not net.calls


def test_view_sets_the_mode_of_a_copy():
    net = nn.SequentialCell(nn.Dense(3, 4), nn.BatchNorm1d(4), nn.Dropout(p=0.5)).set_train()
    view = nnx.view(net, deterministic=True)
    assert [cell.training for cell in view] == [False, True, False] and net[2].training
    assert view[0].weight is net[0].weight
    view = nnx.view(net, use_running_average=True)
    assert [cell.training for cell in view] == [True, False, True]
    assert [cell.training for cell in nnx.view(net, only=nn.Dropout, deterministic=True)] == [True, True, False]
    with pytest.raises(ValueError, match=r"Unused keys found in nnx.view: .*'speed'"):
        nnx.view(net, speed=1)


def test_train_and_eval_as_flax_calls_them():
    class Holding(nn.Cell):
        def __init__(self):
            super().__init__()
            self.drop, self.module = nn.Dropout(p=0.5), nnx.Dropout(0.5)

    net = Holding()
    net.train()
    assert net.drop.training and not net.module.deterministic
    net.eval()
    assert not net.drop.training and net.module.deterministic


def test_one_program_serves_until_something_static_changes():
    net, traces = mlp(), []

    @nnx.jit
    def call(net, x):
        traces.append(net.training)
        return net(x)

    x = jnp.ones((2, 3), jnp.float32)
    net.set_train(False)
    call(net, x), call(net, x), call(net.set_train(), x), call(net.set_train(False), x), call(nnx.clone(net), x)
    assert traces == [False, True]
    net[0].alpha = 2
    call(net, x)
    net[0].alpha = 2.0  # another type, hence perhaps another dtype
    call(net, x)
    assert len(traces) == 4


def test_an_attribute_set_in_construct_comes_out():
    class Caching(nn.Cell):
        def construct(self, x):
            self.cache = x * 2
            self.pair = [x, {"double": self.cache}]
            return x

    net, call = Caching(), nnx.jit(lambda net, x: net(x))
    for value in (1.0, 2.0, 3.0):
        call(net, jnp.full(2, value, jnp.float32))
        assert net.cache.asnumpy().tolist() == [2 * value] * 2
        assert np.asarray(net.pair[1]["double"]).tolist() == [2 * value] * 2
    assert paths(nnx.state(net, nnx.Intermediate)) == {"cache"}
    assert "cache" in paths(nnx.pop(net, nnx.Intermediate)) and not hasattr(net, "cache")


def test_a_python_attribute_changed_in_construct_comes_out():
    class Counting(nn.Cell):
        def __init__(self):
            super().__init__()
            self.seen = []

        def construct(self, x):
            self.seen.append(x.shape)
            return x

    net = Counting()
    nnx.jit(lambda net, x: net(x))(net, jnp.ones(3))
    assert net.seen == [(3,)]


def test_tied_parameters_stay_tied():
    class Tied(nn.Cell):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Dense(3, 3, has_bias=False), nn.Dense(3, 3, has_bias=False)
            self.b.weight = self.a.weight

        def construct(self, x):
            return self.b(self.a(x))

    net = Tied()
    assert paths(nnx.state(net)) == {"a.weight"}
    clone = nnx.clone(net)
    assert clone.a.weight is clone.b.weight
    x = jnp.ones((1, 3), jnp.float32)
    (gradient,) = jax.tree.leaves(nnx.grad(lambda net: net(x).sum())(net))
    expected = ms.grad(lambda: net(Tensor(x)).sum(), None, net.trainable_params())()[0]
    assert np.allclose(gradient, expected.asnumpy())


def test_multiple_inheritance_generators_and_deepcopy():
    class Mixin:
        def twice(self, x):
            return x * 2

    class Both(nn.Cell, Mixin):
        def __init__(self):
            super().__init__()
            self.dense, self.generator = nn.Dense(2, 2), ms.Generator().manual_seed(1)
            self.forward = self.twice

        def construct(self, x):
            return self.forward(self.dense(x))

    net = copy.deepcopy(Both())
    assert paths(nnx.state(net, nnx.RngState)) == {"generator.key"}
    x = jnp.ones((1, 2), jnp.float32)
    assert np.allclose(nnx.jit(lambda net, x: net(x))(net, x), net(Tensor(x)).asnumpy())
    assert nnx.clone(net).forward.__self__ is not net


def test_a_whole_training_cell_goes_into_nnx_jit():
    net = mlp()
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Adam(net.trainable_params(), 1e-2))
    twin = copy.deepcopy(step)
    run = nnx.jit(lambda step, x, y: step(x, y))
    x, y = jnp.ones((4, 3), jnp.float32), jnp.zeros((4, 2), jnp.float32)
    for _ in range(3):
        assert np.allclose(run(step, x, y), twin(Tensor(x), Tensor(y)).asnumpy(), rtol=1e-5)
    assert step.optimizer.global_step.asnumpy() == 3


@pytest.mark.parametrize("options", [{}, {"graph_updates": False}, {"graph": False, "graph_updates": False}])
def test_every_mode_of_graphs(options):
    needs_options(nnx.jit, options)
    net, x = mlp(), jnp.ones((2, 3), jnp.float32)
    assert np.allclose(nnx.jit(lambda net, x: jnp.asarray(net(x)), **options)(net, x), net(Tensor(x)).asnumpy())


def test_transforms_of_nnx():
    net, x = mlp(), jnp.ones((5, 3), jnp.float32)
    expected = net(Tensor(x)).asnumpy()
    assert np.allclose(nnx.vmap(lambda net, x: net(x), in_axes=(None, 0))(net, x), expected)
    assert np.allclose(nnx.cond(True, lambda net, x: net(x), lambda net, x: net(x) * 2, net, x), expected)
    assert np.allclose(nnx.remat(lambda net, x: net(x))(net, x), expected)
    assert nnx.eval_shape(lambda net, x: net(x), net, x).shape == (5, 2)


def test_stacked_cells_by_vmap_and_scan():
    cells = nnx.vmap(lambda i: nn.Dense(3, 3), in_axes=0)(jnp.arange(4))
    assert cells.weight.shape == (4, 3, 3)
    x = jnp.ones((2, 3), jnp.float32)
    each = nnx.vmap(lambda cell, x: cell(x), in_axes=(0, None))(cells, x)
    assert each.shape == (4, 2, 3)
    run = nnx.scan(lambda x, cell: (cell(x), None), in_axes=(nnx.Carry, 0), out_axes=(nnx.Carry, 0))
    assert run(x, cells)[0].shape == (2, 3)


def test_cells_and_modules_hold_each_other():
    class Module(nnx.Module):
        def __init__(self):
            self.cell, self.linear = mlp(), nnx.Linear(2, 2, rngs=nnx.Rngs(0))

        def __call__(self, x):
            return self.linear(jnp.asarray(self.cell(x)))

    class Holding(nn.Cell):
        def __init__(self):
            super().__init__()
            self.module, self.dense = nnx.Linear(3, 3, rngs=nnx.Rngs(0)), nn.Dense(3, 3)

        def construct(self, x):
            return self.dense(Tensor(self.module(jnp.asarray(x))))

    x = jnp.ones((1, 3), jnp.float32)
    module, cell = Module(), Holding()
    assert paths(nnx.state(module)) >= {"cell.0.weight", "linear.kernel"}
    assert paths(nnx.state(cell)) >= {"module.kernel", "dense.weight"}
    assert np.allclose(nnx.jit(lambda m, x: m(x))(module, x), module(x), atol=1e-6)
    assert np.allclose(nnx.jit(lambda m, x: m(x))(cell, x), cell(Tensor(x)).asnumpy(), atol=1e-6)


def test_arrays_answer_arrays_and_tensors_tensors():
    net = nnx.clone(mlp())
    x = jnp.ones((1, 3), jnp.float32)
    assert isinstance(net(x), jax.Array)
    assert isinstance(net(Tensor(x)), Tensor)
    gradients = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())(Tensor(x))
    assert [g.shape for g in gradients] == [(4, 3), (4,), (2, 4), (2,)]


def test_copies_and_pickles_of_a_cell_that_flax_has_seen():
    net = mlp()
    state = nnx.state(net)
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        other[0].bias.set_data(Tensor([5.0] * 4))
        assert nnx.state(other)["0"]["bias"][...].tolist() == [5.0] * 4
        assert state["0"]["bias"][...].tolist() == net[0].bias.asnumpy().tolist() != [5.0] * 4


def test_flax_is_imported_by_its_user_only(run_python):
    code = "import sys, msjax as ms; from msjax import nn; nn.Dense(1, 1); print('flax' in sys.modules)"
    assert run_python(code).strip() == "False"


@pytest.mark.parametrize(
    "order",
    [
        "from flax import nnx\nimport msjax as ms\nfrom msjax import nn\nclass Net(nn.Dense): pass",
        "import msjax as ms\nfrom msjax import nn\nclass Net(nn.Dense): pass\nfrom flax import nnx",
        "import msjax as ms\nfrom msjax import nn\nfrom flax import nnx\nclass Net(nn.Dense): pass",
    ],
)
def test_any_order_of_imports(run_python, order):
    assert run_python(f"{order}\nprint(len(nnx.split(Net(2, 3))[1]))").strip() == "2"
