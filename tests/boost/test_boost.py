"""`mindspore.boost`: gradients added up, layers frozen by turns, normalized last layers. Numbers are MindSpore's."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, boost, nn, ops
from msjax.boost.boost import AutoBoost
from msjax.boost.grad_accumulation import gradient_accumulation_op, gradient_clear_op
from msjax.boost.less_batch_normalization import CommonHeadLastFN


@pytest.fixture(autouse=True)
def the_first_one(monkeypatch):
    monkeypatch.setattr(AutoBoost, "_the_one", None)


def network():
    return nn.SequentialCell(
        nn.Conv2d(1, 2, 3, has_bias=True), nn.BatchNorm2d(2), nn.Flatten(), nn.Dense(18, 4), nn.Dense(4, 3),
        nn.Dense(3, 2), nn.Dense(2, 2),
    )  # fmt: skip


def names(parameters):
    return [parameter.name for parameter in parameters]


def test_gradients_are_added_up():
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    add = boost.GradientAccumulation(2, nn.SGD([w], 0.5))
    seen = []
    for _ in range(3):
        assert add(Tensor(1.0), (Tensor([1.0, 2.0]),)) == 1
        seen.append((w.tolist(), add._grad_accumulation[0].tolist(), int(add._accumulation_step)))
    assert seen == [([1, 2], [0.5, 1], 1), ([0.5, 1], [0, 0], 0), ([0.5, 1], [0.5, 1], 1)]
    with pytest.raises(ValueError, match="max_accumulation_step"):
        boost.GradientAccumulation(0, nn.SGD([w], 0.5))


def test_gradients_are_added_up_in_graph_mode_by_a_class_that_derives_from_it():
    class Mine(boost.GradientAccumulation):
        def construct(self, loss, grads):
            add = ops.partial(gradient_accumulation_op, self._max_accumulation_step)
            loss = ops.depend(loss, self.hyper_map(add, self._grad_accumulation, grads))
            self._accumulation_step += 1
            if self._accumulation_step >= self._max_accumulation_step:
                loss = ops.depend(loss, self.optimizer(self._grad_accumulation))
                loss = ops.depend(loss, self.hyper_map(ops.partial(gradient_clear_op), self._grad_accumulation))
                self._accumulation_step = 0
            return loss

    w = Parameter(Tensor([1.0, 2.0]), name="w")
    add = Mine(2, nn.SGD([w], 0.5))
    seen = []
    ms.set_context(mode=ms.GRAPH_MODE)
    try:
        for _ in range(3):
            assert add(Tensor(1.0), (Tensor([1.0, 2.0]),)) == 1
            seen.append((w.tolist(), add._grad_accumulation[0].tolist(), int(add._accumulation_step)))
    finally:
        ms.set_context(mode=ms.PYNATIVE_MODE)
    assert seen == [([1, 2], [0.5, 1], 1), ([0.5, 1], [0, 0], 0), ([0.5, 1], [0.5, 1], 1)]


def test_the_parts_of_a_sum():
    total = Parameter(Tensor([1.0, 2.0]), name="total")
    assert gradient_accumulation_op(2, total, Tensor([4.0, 4.0])).tolist() == [3, 4] == total.tolist()
    assert gradient_clear_op(total).tolist() == [0, 0] == total.tolist()


def test_normalized_layer():
    layer = CommonHeadLastFN(2, 2, Tensor([[3.0, 4.0], [0.0, 2.0]]))
    wanted = [[0.9899495, 0.70710677], [1.0, 0.8]]
    assert np.allclose(layer(Tensor([[1.0, 1.0], [3.0, 4.0]])).asnumpy(), wanted)
    assert names(layer.get_parameters()) == ["weight", "multiplier", "bias"]


def test_last_layers_are_exchanged():
    inner = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU(), nn.Dense(3, 2))
    net, x = boost.LessBN(inner, fn_flag=True), ops.ones((1, 2))
    assert isinstance(inner[2], CommonHeadLastFN) and type(inner[0]) is nn.Dense and not inner[2].has_bias
    assert np.array_equal(net(x), inner(x)) and len({*names(net.get_parameters())}) == 4
    plain = nn.Dense(2, 3)
    assert boost.LessBN(plain).network is plain and np.array_equal(boost.LessBN(plain)(x), plain(x))


def test_groups_of_layers():
    freeze = boost.GradientFreeze(4, 1, 0.5, 20)
    net = network()
    whole, half = freeze.split_parameters_groups(net, 2)
    assert names(whole) == names(net.trainable_params()) and names(half) == names(whole)[6:]


def test_whose_turn_it_is():
    freeze = boost.GradientFreeze(4, 1, 0.5, 20)
    np.random.seed(1)
    sequence = freeze.generate_freeze_index_sequence
    assert sequence(4, 0, 0.5, 10) == [0, 0, 0, 1, 2, 3, 0, 0, 0, 1, 2, 3]
    assert sequence(4, 1, 0.5, 20) == [0, 2, 0, 1, 0, 3, 0, 2, 0, 3, 0, 3, 0, 2, 0, 2, 0, 2, 0, 1]
    assert sequence(1, 1, 0.5, 10) == [0] * 10 and sequence(3, 0, 0.7, 10) == [0, 0, 0, 0, 1, 2] * 2
    with pytest.raises(ValueError, match="strategy '5'"):
        sequence(3, 5, 0.7, 10)


def test_frozen_layers_stay():
    net = nn.WithLossCell(nn.SequentialCell(nn.Dense(2, 3), nn.Dense(3, 1)), nn.MSELoss())
    first, last = (list(cell.trainable_params()) for cell in net.backbone_network)
    optimizer = boost.FreezeOpt(nn.Momentum([*first, *last], 0.1, 0.9), [[*first, *last], last], [0, 1])
    assert [len(one.parameters) for one in optimizer.opts] == [4, 2] and optimizer.opts[1].__class__ is nn.Momentum
    step, data = boost.BoostTrainOneStepCell(net, optimizer), (ops.ones((4, 2)), ops.ones((4, 1)))
    for moves in (True, False, True):
        before = [p.asnumpy() for p in (first[0], last[0])]
        step(*data)
        assert np.array_equal(first[0], before[0]) != moves and not np.array_equal(last[0], before[1])


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"opt": 3}, TypeError),
        ({"train_strategy": [0]}, ValueError),
        ({"train_parameter_groups": 3}, TypeError),
        ({"train_parameter_groups": [3]}, TypeError),
        ({"train_parameter_groups": [[]], "train_strategy": ["a"]}, ValueError),
        ({"train_parameter_groups": [[]], "train_strategy": 3}, TypeError),
    ],
)
def test_groups_and_turns_are_checked(arguments, error):
    with pytest.raises(error):
        boost.FreezeOpt(**{"opt": nn.SGD(nn.Dense(2, 3).trainable_params()), **arguments})


def test_groups_of_an_optimizer():
    net = network()
    parameters = net.trainable_params()
    optimizer = nn.Momentum(
        [{"params": parameters[:4], "lr": 0.1}, {"params": parameters[4:]}, {"order_params": parameters}], 0.01, 0.9
    )
    process = boost.OptimizerProcess(optimizer)
    groups = boost.ParameterProcess.generate_group_params(parameters[2:6], process.origin_params)
    assert [names(group.get("params", ())) for group in groups] == [
        ["1.gamma", "1.beta"], ["3.weight", "3.bias"], [],
    ]  # fmt: skip
    process.add_grad_centralization(net)
    assert [(group.get("lr"), group.get("grad_centralization", False)) for group in process.origin_params] == [
        (0.1, True), (0.1, False), (None, True), (None, False), (None, False),
    ]  # fmt: skip
    anew = process.generate_new_optimizer()
    assert type(anew) is nn.Momentum and anew is not optimizer and len(anew.parameters) == 12
    assert [p.comm_fusion for p in boost.ParameterProcess().assign_parameter_group(parameters, [3, 5])] == [
        1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3,
    ]  # fmt: skip


def test_lars_is_made_anew():
    weights = nn.Dense(2, 3).trainable_params()
    lars = nn.LARS(nn.Momentum(weights, 0.1, 0.9), coefficient=0.02)
    anew = boost.FreezeOpt(lars).opts[0]
    assert type(anew) is nn.LARS and anew.coefficient == 0.02 and type(anew.opt) is nn.Momentum


def test_levels():
    first = boost.AutoBoost(
        "O1", {"grad_freeze": {"param_groups": 2, "total_steps": 6, "freeze_type": 0, "freeze_p": 0.5}}
    )
    assert boost.AutoBoost("O2") is first and first.level == "O1"
    assert [way for way, on in first.boost_config.items() if on] == ["less_bn", "grad_freeze"]
    net = nn.WithLossCell(nn.SequentialCell(nn.Dense(2, 3), nn.Dense(3, 1)), nn.MSELoss())
    boosted, optimizer = first.network_auto_process_train(net, nn.SGD(net.trainable_params(), 0.1))
    assert isinstance(optimizer, boost.FreezeOpt) and optimizer.train_strategy.tolist() == [0, 1] * 3
    step = boost.BoostTrainOneStepCell(boosted, optimizer)
    losses = [float(step(ops.ones((4, 2)), ops.ones((4, 1)))) for _ in range(6)]
    assert losses[-1] < losses[0]


def test_levels_are_checked():
    with pytest.raises(ValueError, match="boost mode"):
        boost.AutoBoost("O1", {"boost": {"mode": "x"}})
    with pytest.raises(ValueError, match="dim_reduce"):
        boost.AutoBoost("O1", {"boost": {"mode": "manual", "dim_reduce": True}})


def test_a_step_that_adds_up():
    boost.AutoBoost(
        "O0",
        {"boost": {"mode": "manual", "grad_accumulation": True}, "grad_accumulation": {"grad_accumulation_step": 2}},
    )
    net = nn.WithLossCell(nn.Dense(2, 1), nn.MSELoss())
    weight = net.trainable_params()[0]
    step, data = (
        boost.BoostTrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.1)),
        (ops.ones((4, 2)), ops.ones((4, 1))),
    )
    values = [weight.asnumpy()]
    for _ in range(2):
        step(*data)
        values.append(weight.asnumpy())
    assert np.array_equal(values[0], values[1]) and not np.array_equal(values[1], values[2])


def test_steps_are_those_of_nn():
    after = []
    for kind in (nn.TrainOneStepCell, boost.BoostTrainOneStepCell):
        ms.set_seed(1)
        net = nn.WithLossCell(nn.Dense(2, 1), nn.MSELoss())
        step = kind(net, nn.SGD(net.trainable_params(), 0.1))
        after.append((float(step(ops.ones((4, 2)), ops.ones((4, 1)))), net.trainable_params()[0].tolist()))
    assert after[0] == after[1]
    scaled = boost.BoostTrainOneStepWithLossScaleCell(net, nn.SGD(net.trainable_params(), 0.1), Tensor(8.0))
    _, overflow, scale = scaled(ops.ones((4, 2)), ops.ones((4, 1)))
    assert not overflow and scale == 8
    with pytest.raises(TypeError, match="all layers"):
        boost.BoostTrainOneStepWithLossScaleCell(net, boost.FreezeOpt(nn.SGD(net.trainable_params())), Tensor(8.0))
