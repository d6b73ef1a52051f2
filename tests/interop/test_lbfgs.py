"""L-BFGS over Parameters: the method is optax's, the program is compiled once, what it moves stays good."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.interop import objective
from msjax.interop.optax import LBFGS

DTYPES = [ms.float32, ms.float64]


def network(dtype=ms.float64):
    ms.set_seed(0)
    return nn.SequentialCell(nn.Dense(1, 4, dtype=dtype), nn.Tanh(), nn.Dense(4, 1, dtype=dtype))


def regression(dtype=ms.float64):
    x = np.linspace(-1, 1, 9)[:, None]
    return Tensor(x, dtype), Tensor(np.sin(2 * x), dtype)


def squares(net):
    return lambda x, y: ops.square(net(x) - y).mean()


@pytest.fixture
def traces(monkeypatch):
    """traces(function): how often it runs a loss in Python, 0 if all that it runs is compiled."""
    lend, count = objective.lend, []

    def counting(*args):
        count.append(0)
        return lend(*args)

    monkeypatch.setattr(objective, "lend", counting)

    def traces(function):
        count.clear()
        function()
        return len(count)

    return traces


@pytest.mark.parametrize("dtype", DTYPES)
def test_rosenbrocks_valley(dtype):
    x = Parameter(Tensor([-1.2], dtype), name="x")
    y = Parameter(Tensor([1.0], dtype), name="y")
    found = LBFGS([x, y]).run(lambda: (100 * ops.square(y - x * x) + ops.square(1 - x)).sum())
    assert found.converged and found.steps < 60
    assert found.gradient_norm <= 1e-9 and found.loss < 1e-12
    assert np.allclose([float(x), float(y)], 1, atol=1e-6)
    assert x.dtype == dtype


def test_it_agrees_with_optax():
    net, (x, y) = network(), regression()
    params = [jnp.asarray(p.asnumpy()) for p in net.trainable_params()]

    def loss(params):
        w, b, v, c = params
        return jnp.mean((jnp.tanh(x.asnumpy() @ w.T + b) @ v.T + c - y.asnumpy()) ** 2)

    theirs = optax.lbfgs(memory_size=5)
    state, known = theirs.init(params), optax.value_and_grad_from_state(loss)

    @jax.jit
    def step(params, state):
        value, gradient = known(params, state=state)
        updates, state = theirs.update(gradient, state, params, value=value, grad=gradient, value_fn=loss)
        return optax.apply_updates(params, updates), state

    ours = LBFGS(net.trainable_params(), memory_size=5)
    for _ in range(10):
        params, state = step(params, state)
        now = ours.step(squares(net), x, y)
        assert np.isclose(float(now), float(loss(params)), rtol=1e-7)
        for p, q in zip(net.trainable_params(), params, strict=True):
            assert np.allclose(p.asnumpy(), q, rtol=1e-6, atol=1e-9)


def test_run_is_many_steps():
    (x, y), nets = regression(), [network(), network()]
    first, second = (LBFGS(net.trainable_params()) for net in nets)
    losses = [float(first.step(squares(nets[0]), x, y)) for _ in range(12)]
    reports = []
    found = second.run(squares(nets[1]), x, y, steps=12, every=5, report=lambda *told: reports.append(told))
    assert found.steps == 12 and not found.converged and found.message == "all 12 steps are taken"
    assert np.isclose(found.loss, losses[-1], rtol=1e-6)
    assert [told[0] for told in reports] == [5, 10, 12]
    assert np.allclose([told[1] for told in reports], [losses[i - 1] for i in (5, 10, 12)], rtol=1e-6)
    assert reports[-1][1:] == (found.loss, found.gradient_norm)
    for p, q in zip(*(net.trainable_params() for net in nets), strict=True):
        assert np.allclose(p.asnumpy(), q.asnumpy(), rtol=1e-5)
    assert first.global_step.asnumpy() == second.global_step.asnumpy() == 12


def test_nothing_is_traced_again(traces):
    net, (x, y) = network(), regression()
    lbfgs = LBFGS(net.trainable_params())
    assert traces(lambda: lbfgs.step(squares(net), x, y)) > 0
    for _ in range(3):
        assert traces(lambda: lbfgs.step(squares(net), x, y)) == 0  # the loss is another function object each time
    assert traces(lambda: lbfgs.run(squares(net), x, y, steps=9, every=4)) > 0
    assert traces(lambda: lbfgs.run(squares(net), x + 1, y, steps=7, every=2, tolerance=1e-3)) == 0
    assert traces(lambda: lbfgs.step(squares(net), x[:4], y[:4])) > 0  # other shapes


def test_what_the_loss_has_captured_is_read_anew():
    w = Parameter(Tensor([0.0], ms.float64), name="w")
    goal, weight = Tensor([1.0], ms.float64), [2.0]
    lbfgs = LBFGS([w])

    def loss():
        return (weight[0] * ops.square(w - goal)).sum()

    assert lbfgs.run(loss).converged and np.isclose(float(w), 1)
    goal[0] = 3.0
    assert lbfgs.run(loss).converged and np.isclose(float(w), 3)
    goal.assign_value(Tensor([5.0], ms.float64))
    weight[0], before = 4.0, float(w)
    w.set_data(Tensor([4.0], ms.float64))
    assert before != 4 and float(ms.ops.square(w - goal)) == 1
    assert float(lbfgs.step(loss)) < 4
    assert lbfgs.run(loss).converged and np.isclose(float(w), 5)


def test_its_memory_goes_on_from_call_to_call_and_is_in_checkpoints(tmp_path):
    net, (x, y) = network(), regression()
    lbfgs = LBFGS(net.trainable_params())
    lbfgs.run(squares(net), x, y, steps=6)
    ms.save_checkpoint(lbfgs, str(tmp_path / "lbfgs.ckpt"))
    values = [p.asnumpy().copy() for p in net.trainable_params()]
    expected = float(lbfgs.step(squares(net), x, y))

    other = LBFGS(net.trainable_params())
    for p, value in zip(net.trainable_params(), values, strict=True):
        p.set_data(Tensor(value))
    fresh = float(other.step(squares(net), x, y))
    assert ms.load_param_into_net(other, ms.load_checkpoint(str(tmp_path / "lbfgs.ckpt"))) == ([], [])
    for p, value in zip(net.trainable_params(), values, strict=True):
        p.set_data(Tensor(value))
    assert np.isclose(float(other.step(squares(net), x, y)), expected, rtol=1e-9)
    assert not np.isclose(fresh, expected, rtol=1e-3)


def test_a_loss_that_is_not_finite_moves_nothing():
    w = Parameter(Tensor([4.0], ms.float64), name="w")
    offset = Tensor(0.0, ms.float64)
    lbfgs = LBFGS([w])

    def loss():
        return (ops.square(w) + ops.log(offset + 1)).sum()

    lbfgs.step(loss)
    value, memory = w.asnumpy().copy(), [h.asnumpy().copy() for h in lbfgs._held]
    offset.assign_value(Tensor(-2.0, ms.float64))
    assert np.isnan(float(lbfgs.step(loss)))
    found = lbfgs.run(loss)
    assert not found.converged and "not finite" in found.message
    assert np.isnan(found.loss)
    assert w.asnumpy() == value
    assert all(np.array_equal(h.asnumpy(), m) for h, m in zip(lbfgs._held, memory, strict=True))
    offset.assign_value(Tensor(0.0, ms.float64))
    assert lbfgs.run(loss).converged


def test_a_gradient_that_is_not_finite_moves_nothing():
    w = Parameter(Tensor([1.0], ms.float64), name="w")
    lbfgs = LBFGS([w])
    # The slope of sqrt is infinite at its lowest point, which the first step of length 1/2 reaches.
    assert np.isnan(float(lbfgs.step(lambda: ops.sqrt(ops.relu(w)).sum() * 0 + ops.sqrt(w - 1).sum())))
    assert w.asnumpy() == 1


def test_the_line_search_keeps_out_of_forbidden_places():
    w = Parameter(Tensor([0.1], ms.float64), name="w")
    found = LBFGS([w]).run(lambda: (w - ops.log(w)).sum(), tolerance=1e-7)  # nan for w < 0
    assert found.converged and np.isclose(float(w), 1)


def test_it_stops_when_nothing_improves():
    w = Parameter(Tensor([3.0, 1.0], ms.float32), name="w")
    found = LBFGS([w]).run(lambda: (1 + ops.square(ops.exp(w) - 3) + ops.square(w).sum()).sum(), tolerance=0.0)
    assert not found.converged and "have not lowered the loss" in found.message
    assert found.steps < 50 and np.isfinite(w.asnumpy()).all()


def test_frozen_and_shared_parameters():
    a = Parameter(Tensor([1.0], ms.float64), name="a")
    b = Parameter(Tensor([2.0], ms.float64), name="b", requires_grad=False)
    lbfgs = LBFGS([a, b, a])
    assert lbfgs.run(lambda: ops.square(a * a - b * b).sum()).converged
    assert np.isclose(float(a), 2) and float(b) == 2
    assert [p.name for p in lbfgs.parameters] == ["a"]
    a.requires_grad = False
    with pytest.raises(ValueError, match=r"requires_grad is now False for \['a'\]: make a new LBFGS"):
        lbfgs.step(lambda: ops.square(a).sum())


def test_what_the_loss_writes_is_forgotten():
    ms.set_seed(0)
    net = nn.SequentialCell(nn.Dense(3, 4), nn.BatchNorm1d(4), nn.Dense(4, 1)).set_train()
    x = Tensor(np.random.default_rng(0).normal(size=(8, 3)), ms.float32)
    before = net[1].moving_mean.asnumpy().copy()
    lbfgs = LBFGS(net.trainable_params())
    losses = [float(lbfgs.step(lambda x: ops.square(net(x) - 1).mean(), x)) for _ in range(3)]
    assert losses[2] < losses[1] < losses[0]
    assert np.array_equal(net[1].moving_mean.asnumpy(), before)


def test_it_takes_cells_and_other_line_searches_and_works_in_jit():
    net, (x, y) = network(), regression()
    loss = nn.WithLossCell(net, nn.MSELoss())
    backtracking = optax.scale_by_backtracking_linesearch(max_backtracking_steps=20)
    lbfgs = LBFGS(net.trainable_params(), linesearch=backtracking)
    losses = [float(ms.jit(lambda x, y: lbfgs.step(loss, x, y))(x, y)) for _ in range(4)]
    assert losses == sorted(losses, reverse=True) and losses[3] < losses[0]
    assert np.isclose(losses[3], float(loss(x, y)))


def test_nested_gradients_and_effects():
    net, (x, _) = network(), regression()
    lbfgs = LBFGS(net.trainable_params(), memory_size=20)
    second, seen = ms.grad(ms.grad(net)), []

    def loss(x):
        seen.append(0)  # runs, uncompiled, when the loss is traced
        return ops.square(second(x) - 1).mean()

    first = float(lbfgs.step(loss, x))
    assert float(lbfgs.step(loss, x)) < first and seen


def test_the_mode_of_a_network_is_seen_where_the_watch_sees_nothing():
    class Shifted(nn.Cell):
        def construct(self, x):
            return x + 1 if self.training else x

    w, net = Parameter(Tensor([1.0], ms.float64), name="w"), Shifted()
    lbfgs = LBFGS([w])

    def loss():
        with jax.named_scope("loss"):  # a context that the watch does not know
            return ops.square(net(w)).sum()

    for training, least in ((False, 0), (True, -1), (False, 0)):
        net.set_train(training)
        assert lbfgs.run(loss).loss < 1e-12
        assert np.isclose(float(w), least, atol=1e-6)


def test_wrong_arguments():
    w = Parameter(Tensor([1.0]), name="w")
    with pytest.raises(TypeError, match="'parameters' must be a list of Parameters"):
        LBFGS(w)
    with pytest.raises(TypeError, match="'parameters' must be a list of Parameters"):
        LBFGS([{"params": [w]}])
    with pytest.raises(ValueError, match="none of the 1 Parameters has requires_grad=True"):
        LBFGS([Parameter(Tensor([1.0]), name="w", requires_grad=False)])
    with pytest.raises(TypeError, match="memory"):
        LBFGS([w], memory=3)
    lbfgs = LBFGS([w])
    with pytest.raises(TypeError, match=r"call 'step\(loss, \*args\)'"):
        lbfgs((Tensor([1.0]),))
    with pytest.raises(TypeError, match="must be a function or a Cell, but got Tensor"):
        lbfgs.step(Tensor(1.0))
    with pytest.raises(TypeError, match="must be a Tensor of a floating type, but the function returned float"):
        lbfgs.step(lambda: 1.0)
    with pytest.raises(TypeError, match="returned a Tensor of Int"):
        lbfgs.run(lambda: Tensor(1))
    with pytest.raises(ValueError, match=r"has the shape \(2,\): take its sum or mean"):
        lbfgs.step(lambda: ops.concat([w, w]))
    for name in ("steps", "every"):
        with pytest.raises(ValueError, match=f"'{name}' must be a positive int, but got 0"):
            lbfgs.run(lambda: w.sum(), **{name: 0})
