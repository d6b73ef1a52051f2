"""Cells around a network: loss, gradients, training steps, scaled losses."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn

X = Tensor(np.array([[1.0, 2.0], [3.0, -1.0]], np.float32))
Y = Tensor(np.array([[1.0], [0.0]], np.float32))


@pytest.fixture
def net():
    found = nn.Dense(2, 1)
    found.weight.set_data(Tensor([[0.5, -1.0]]))
    found.bias.set_data(Tensor([0.25]))
    return found


@pytest.fixture
def with_loss(net):
    return nn.WithLossCell(net, nn.MSELoss())


def gradients_by_hand(net):
    error = X.asnumpy() @ net.weight.asnumpy().T + net.bias.asnumpy() - Y.asnumpy()
    return (error * X.asnumpy()).sum(0, keepdims=True), error.sum(0), float((error**2).mean())


def test_loss_cells_keep_names(net, with_loss):
    loss = gradients_by_hand(net)[2]
    assert [p.name for p in with_loss.get_parameters()] == ["weight", "bias"]
    assert with_loss.backbone_network is net
    assert with_loss(X, Y).item() == pytest.approx(loss)
    value, output, label = nn.WithEvalCell(net, nn.MSELoss(), add_cast_fp32=True)(X, Y)
    assert (value.item(), output.shape, label is Y) == (pytest.approx(loss), (2, 1), True)
    assert len(nn.WithEvalCell(net, None)(X, Y)) == 2


def test_with_grad_cell(net):
    weight, bias, _ = gradients_by_hand(net)
    for factor, sens in ((1, None), (2, Tensor(2.0))):
        found = nn.WithGradCell(net, nn.MSELoss(), sens)(X, Y)
        np.testing.assert_allclose(found[0].asnumpy(), factor * weight, rtol=1e-6)
        np.testing.assert_allclose(found[1].asnumpy(), factor * bias, rtol=1e-6)


def test_forward_value_and_grad_nests_like_grad_operation(net, with_loss):
    weights = net.trainable_params()

    def shapes(**options):
        sens = (2.0,) if options.get("sens_param") else ()
        value, found = nn.ForwardValueAndGrad(with_loss, **options)(X, Y, *sens)
        assert value.item() == pytest.approx(gradients_by_hand(net)[2])
        return ms.ops.HyperMap()(lambda g: str(g.shape), found) if isinstance(found, tuple) else str(found.shape)

    assert shapes() == "(2, 2)"
    assert shapes(sens_param=True) == "(2, 2)"
    assert shapes(get_all=True) == ("(2, 2)", "(2, 1)")
    assert shapes(get_by_list=True, weights=weights) == ("(1, 2)", "(1,)")
    assert shapes(get_all=True, get_by_list=True, weights=weights) == (("(2, 2)", "(2, 1)"), ("(1, 2)", "(1,)"))


@pytest.mark.parametrize(
    "arguments",
    [{"network": 3}, {"get_all": 1}, {"get_by_list": True}, {"get_by_list": True, "weights": 3}],
)
def test_forward_value_and_grad_checks_types(with_loss, arguments):
    with pytest.raises(TypeError, match="ForwardValueAndGrad"):
        nn.ForwardValueAndGrad(**{"network": with_loss, **arguments})


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("sens", [1.0, 10.0])
def test_one_step_of_training(net, with_loss, sens, jit):
    weight, bias, loss = gradients_by_hand(net)
    before = net.weight.asnumpy(), net.bias.asnumpy()
    cell = nn.TrainOneStepCell(with_loss, nn.SGD(net.trainable_params(), 0.1), sens, return_grad=True)
    value, gradients = (ms.jit(cell.construct) if jit else cell)(X, Y)
    assert value.item() == pytest.approx(loss)
    np.testing.assert_allclose(gradients["bias"].asnumpy(), sens * bias, rtol=1e-6)
    np.testing.assert_allclose(net.weight.asnumpy(), before[0] - 0.1 * sens * weight, rtol=1e-5)
    np.testing.assert_allclose(net.bias.asnumpy(), before[1] - 0.1 * sens * bias, rtol=1e-5)


def test_a_step_of_ones_own(net, with_loss):
    class Clipped(nn.TrainOneStepCell):
        def construct(self, *inputs):
            loss = self.network(*inputs)
            gradients = self.grad(self.network, self.weights)(*inputs, ms.ops.ones_like(loss) * self.sens)
            return ms.ops.depend(loss, self.optimizer(self.grad_reducer(ms.ops.clip_by_value(gradients, -0.1, 0.1))))

    before = net.bias.item()
    step = Clipped(with_loss, nn.SGD(net.trainable_params(), 1.0))
    assert step.parallel_mode == ms.ParallelMode.STAND_ALONE and not step.reducer_flag
    step(X, Y)
    assert abs(net.bias.item() - before) == pytest.approx(0.1)


def test_sens_of_zero_is_refused(net, with_loss):
    with pytest.raises(ValueError, match="can not be 0"):
        nn.TrainOneStepCell(with_loss, nn.SGD(net.trainable_params(), 0.1), sens=0)


def test_parameter_update(net):
    nn.ParameterUpdate(net.bias)(Tensor([7.0]))
    assert net.bias.item() == 7.0
    with pytest.raises(TypeError, match="must be Parameter"):
        nn.ParameterUpdate(Tensor([1.0]))


# What MindSpore's cell made of its scale: first value, overflow of each step, window, scales afterwards.
@pytest.mark.parametrize(
    ("first", "overflows", "window", "scales"),
    [
        (16, "00001100000", 2, [16, 32, 32, 64, 32, 16, 16, 32, 32, 64, 64]),
        (2, "111000", 1, [1, 1, 1, 2, 4, 8]),
        (4, "00010000", 3, [4, 4, 8, 4, 4, 4, 8, 8]),
    ],
)
def test_dynamic_scale(first, overflows, window, scales):
    update, scale, found = nn.DynamicLossScaleUpdateCell(first, 2, window), Parameter(Tensor(float(first))), []
    for overflow in overflows:
        update(scale, Tensor(overflow == "1"))
        found.append(scale.item())
    assert found == scales


def test_scaled_steps_skip_overflows(net, with_loss):
    weight, _, loss = gradients_by_hand(net)
    before = net.weight.asnumpy()
    update = nn.DynamicLossScaleUpdateCell(2.0**12, 2, 1000)
    cell = nn.TrainOneStepWithLossScaleCell(with_loss, nn.SGD(net.trainable_params(), 0.1), update)
    value, overflow, scale = cell(X, Y)
    assert (value.item(), bool(overflow), scale.item()) == (pytest.approx(loss), False, 4096.0)
    after = net.weight.asnumpy()
    np.testing.assert_allclose(after, before - 0.1 * weight, rtol=1e-5)
    _, overflow, scale = cell(X * float("inf"), Y)
    assert (bool(overflow), scale.item(), cell.scale_sense.item()) == (True, 4096.0, 2048.0)
    assert np.array_equal(net.weight.asnumpy(), after)
    cell.set_sense_scale(Tensor(8.0))
    assert cell(X, Y)[2].item() == 8.0


def test_scale_is_a_cell_or_a_tensor_of_one_element(net, with_loss):
    optimizer = nn.SGD(net.trainable_params(), 0.1)
    assert nn.TrainOneStepWithLossScaleCell(with_loss, optimizer, nn.FixedLossScaleUpdateCell(8)).scale_sense == 8.0
    with pytest.raises(TypeError, match="must be Cell or Tensor"):
        nn.TrainOneStepWithLossScaleCell(with_loss, optimizer, 8.0)
    with pytest.raises(ValueError, match="shape"):
        nn.TrainOneStepWithLossScaleCell(with_loss, optimizer, Tensor([1.0, 2.0]))
