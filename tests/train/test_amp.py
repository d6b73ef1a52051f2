"""Mixed precision and scales of the loss."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, amp, nn, ops

INF = float("inf")


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc, self.bn, self.relu, self.matmul = nn.Dense(2, 3), nn.BatchNorm1d(3), nn.ReLU(), ops.MatMul()
        self.seq = nn.SequentialCell(nn.Dense(3, 3), nn.LayerNorm((3,)))
        self.seen = {}

    def construct(self, x):
        for name in ("fc", "bn", "relu", "seq"):
            x = getattr(self, name)(x)
            self.seen[name] = str(x.dtype)
        return self.matmul(x, x.T)


X = np.linspace(-1, 1, 8, dtype=np.float32).reshape(4, 2)


@pytest.mark.parametrize(
    ("level", "seen"), [("O0", "Float32"), ("O1", "Float32"), ("O2", "Float16"), ("O3", "Float16")]
)
def test_levels(level, seen):
    net = Net()
    names = [p.name for p in net.get_parameters()]
    exact = net(Tensor(X)).asnumpy()
    mixed = amp.auto_mixed_precision(net, level)
    result = mixed(Tensor(X))
    assert result.dtype is ms.float32
    assert set(net.seen.values()) == {seen}
    assert [p.name for p in mixed.get_parameters()] == names
    assert all(p.dtype is ms.float32 for p in mixed.get_parameters())
    np.testing.assert_allclose(result.asnumpy(), exact, atol=0.02)
    assert np.array_equal(result.asnumpy(), exact) == (level == "O0")
    gradients = ms.grad(lambda x: mixed(x).sum(), None, mixed.trainable_params())(Tensor(X))
    assert all(g.dtype is ms.float32 for g in gradients)
    assert mixed.set_train().training and net.fc.training


def test_layers_that_stay_wide():
    mixed = amp.auto_mixed_precision(Net(), "O2")
    assert repr(mixed).count("_OutputTo16") == 2
    assert repr(amp.auto_mixed_precision(Net(), "O3")).count("_OutputTo16") == 0
    assert mixed._backbone.bn._backbone._to_float is ms.float32


def test_bfloat16():
    net = Net()
    amp.auto_mixed_precision(net, "O2", ms.bfloat16)(Tensor(X))
    assert set(net.seen.values()) == {"BFloat16"}


def test_custom_lists():
    net = Net()
    mixed = amp.custom_mixed_precision(net, white_list=[nn.Dense])
    assert mixed(Tensor(X)).dtype is ms.float32
    assert net.fc._to_float is ms.float16 and net.bn._to_float is None
    mixed = amp.custom_mixed_precision(Net(), black_list=[nn.SequentialCell])
    assert repr(mixed).count("_OutputTo16") == 1


@pytest.mark.parametrize(
    ("call", "given", "expected"),
    [
        (lambda x: ops.matmul(x, x), ms.float32, ms.float16),
        (lambda x: x @ x, ms.float32, ms.float16),
        (lambda x: ops.MatMul()(x, x), ms.float32, ms.float16),
        (lambda x: ops.dense(x, x), ms.float32, ms.float16),
        (lambda x: ops.baddbmm(x[None], x[None], x[None]), ms.float32, ms.float32),
        (ops.exp, ms.float16, ms.float32),
        (lambda x: ops.softmax(x, -1), ms.float16, ms.float32),
        (lambda x: x.sum(), ms.float16, ms.float32),
        (lambda x: x.mean(), ms.float16, ms.float16),
        (ops.relu, ms.float16, ms.float16),
        (lambda x: ops.concat((x, x.astype(ms.float32))), ms.float16, ms.float32),
    ],
)
def test_auto_chooses_by_operator(call, given, expected):
    x = ops.ones((2, 2), given)
    mixed = amp.auto_mixed_precision(call, "auto")
    assert mixed(x).dtype == ms.jit(mixed)(x).dtype == expected
    assert ops.exp(ops.ones(1, ms.float16)).dtype == ms.float16  # only inside


def test_auto_of_networks_and_their_training():
    net = nn.SequentialCell(nn.Dense(2, 2, has_bias=False), nn.ReLU())
    assert amp.auto_mixed_precision(net, "auto", ms.bfloat16) is net
    x = ops.ones((2, 2))
    assert net(x).dtype == ms.bfloat16
    image = ops.ones((1, 2, 4, 4))
    layers = [  # and what it gives in MindSpore 2.10
        (nn.Dense(2, 2), x, ms.float32),
        (nn.Conv2d(2, 2, 3), image, ms.float16),
        (nn.Conv2d(2, 2, 3, has_bias=True), image, ms.float32),
        (nn.Conv2dTranspose(2, 2, 3), image, ms.float16),
        (nn.Conv1d(2, 2, 3), image[:, :, 0], ms.float16),
        (nn.SequentialCell(nn.Dense(2, 2, has_bias=False), nn.LayerNorm((2,))), x, ms.float32),
    ]
    for layer, given, expected in layers:
        assert amp.auto_mixed_precision(layer, "auto")(given).dtype == expected
    f = ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params())
    assert {g.dtype for _ in range(3) for g in f(x)[1]} == {ms.float32}
    assert ms.explain(f).compiled
    other = nn.Dense(2, 2)
    step = amp.build_train_network(other, nn.SGD(other.trainable_params()), nn.MSELoss(), level="auto")
    assert step(x, x).dtype in (ms.float16, ms.float32)
    model = ms.Model(nn.Dense(2, 2), nn.MSELoss(), nn.SGD(other.trainable_params()), amp_level="auto")
    assert model.train_network(x, x).dtype == step(x, x).dtype


def test_lists_are_new_each_time():
    amp.get_white_list().clear()
    assert {nn.Dense, nn.Conv2d, ops.MatMul} <= set(amp.get_white_list())
    assert amp.get_black_list() == [nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.LayerNorm]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: amp.auto_mixed_precision(Net(), "O9"), ValueError),
        (lambda: amp.auto_mixed_precision(3, "O1"), TypeError),
        (lambda: amp.auto_mixed_precision(Net(), "O1", ms.float32), ValueError),
        (lambda: amp.auto_mixed_precision([1], "auto"), TypeError),
        (lambda: amp.auto_mixed_precision(Net(), "auto", ms.float32), ValueError),
        (lambda: amp.custom_mixed_precision(Net()), ValueError),
        (lambda: amp.custom_mixed_precision(Net(), white_list=[], black_list=[]), ValueError),
        (lambda: amp.custom_mixed_precision(Net(), white_list=3), TypeError),
        (lambda: amp.custom_mixed_precision(Net(), white_list=[nn.ReLU()]), TypeError),
        (lambda: amp.custom_mixed_precision(3, white_list=[]), TypeError),
        (lambda: amp.custom_mixed_precision(Net(), white_list=[], dtype=ms.int32), ValueError),
        (lambda: amp.StaticLossScaler(0), ValueError),
        (lambda: amp.StaticLossScaler("a"), TypeError),
        (lambda: amp.StaticLossScaler(True), TypeError),
        (lambda: amp.DynamicLossScaler(1, 2, 0), ValueError),
        (lambda: amp.DynamicLossScaler(1, 2.5, 1), TypeError),
        (lambda: amp.DynamicLossScaler(2, 2, 2).adjust(True), TypeError),
        (lambda: amp.LossScaler(), TypeError),
        (lambda: amp.all_finite(Tensor([1.0])), TypeError),
        (lambda: amp.all_finite((1.0,)), TypeError),
        (lambda: amp.all_finite(()), ValueError),
        (lambda: amp.FixedLossScaleManager(0), ValueError),
        (lambda: amp.DynamicLossScaleManager(0), ValueError),
        (lambda: amp.DynamicLossScaleManager(2, 2, 0), ValueError),
        (lambda: amp.build_train_network(Net(), None, foo=1), ValueError),
    ],
)
def test_what_is_refused(call, error):
    with pytest.raises(error):
        call()


@pytest.mark.parametrize("scaler", [amp.StaticLossScaler(4), amp.DynamicLossScaler(4, 2, 2)])
def test_scale_and_unscale(scaler):
    assert scaler.scale(Tensor([1.0, 2.0])).asnumpy().tolist() == [4.0, 8.0]
    assert scaler.scale([Tensor([1.0], ms.float16)])[0].dtype is ms.float16
    nested = scaler.unscale((Tensor([1.0]), (Tensor(3.0, ms.float16),)))
    assert nested[0].asnumpy().tolist() == [0.25]
    assert (nested[1][0].item(), nested[1][0].dtype) == (0.75, ms.float16)


@pytest.mark.parametrize("jit", [False, True])
def test_dynamic_scaler(jit):
    scaler, found = amp.DynamicLossScaler(1024, 2, 2), []
    adjust = ms.jit(scaler.adjust) if jit else scaler.adjust
    for finite in (True, True, True, False, False, True):
        assert adjust(Tensor(finite)) in (True,)
        found.append((scaler.scale_value.item(), scaler.counter.item()))
    assert found == [(1024, 1), (2048, 0), (2048, 1), (1024, 0), (512, 0), (512, 1)]


def test_dynamic_scaler_stays_in_range():
    low, high = amp.DynamicLossScaler(1.5, 2, 2), amp.DynamicLossScaler(3e38, 2, 1)
    for _ in range(3):
        low.adjust(Tensor(False))
        high.adjust(Tensor(True))
    assert (low.scale_value.item(), high.scale_value.item()) == (1.0, np.float32(3e38))
    assert amp.StaticLossScaler(2).adjust(Tensor(False)) is False


def test_all_finite():
    assert amp.all_finite((Tensor([1.0]), Tensor([1]))).item() is True
    assert amp.all_finite([Tensor([1.0, INF])]).item() is False
    assert amp.all_finite([Tensor(float("nan")), Tensor(1.0)]).item() is False


def test_fixed_manager():
    manager = amp.FixedLossScaleManager()
    assert (manager.get_loss_scale(), manager.get_drop_overflow_update()) == (128.0, True)
    assert manager.get_update_cell().get_loss_scale() == 128.0
    assert amp.FixedLossScaleManager(8, False).get_update_cell() is None


def test_dynamic_manager():
    manager, found = amp.DynamicLossScaleManager(16, 2, 2), []
    for overflow in (False, False, False, True, True):
        manager.update_loss_scale(overflow)
        found.append(manager.get_loss_scale())
    assert found == [16, 32, 32, 16.0, 8.0]
    assert manager.get_update_cell().scale_window == 2


def test_all_that_change_scales_agree():
    overflows = (False, False, False, True, True, False, False, False, True, True, True, True, True, True, True)
    manager, scaler = amp.DynamicLossScaleManager(1024, 3, 2), amp.DynamicLossScaler(1024, 3, 2)
    cell, scale = amp.DynamicLossScaleManager(1024, 3, 2).get_update_cell(), ms.Parameter(Tensor(1024.0))
    found = []
    for overflow in overflows:
        manager.update_loss_scale(overflow)
        scaler.adjust(Tensor(not overflow))
        cell(scale, Tensor(overflow))
        found.append(manager.get_loss_scale())
        np.testing.assert_allclose([scaler.scale_value.item(), scale.item()], found[-1], rtol=1e-6)
    # MindSpore's figures
    np.testing.assert_allclose(found[:8], [1024, 3072, 3072, 1024, 1024 / 3, 1024 / 3, 1024, 1024])
    assert found[-1] == 1


def test_build_train_network():
    x, y = Tensor(X), Tensor(np.ones((4, 1), np.float32))

    def after_a_step(**options):
        ms.set_seed(1)
        net = nn.Dense(2, 1)
        cell = amp.build_train_network(net, nn.SGD(net.trainable_params(), 0.1), nn.MSELoss(), **options)
        cell(x, y)
        return type(cell).__name__, net.weight.asnumpy()

    name, exact = after_a_step()
    assert name == "TrainOneStepCell"
    for options, expected in [
        ({"level": "O2", "loss_scale_manager": None}, "TrainOneStepCell"),
        ({"level": "O3", "cast_model_type": ms.float32, "keep_batchnorm_fp32": True}, "TrainOneStepCell"),
        ({"level": "O0", "cast_model_type": ms.float16}, "TrainOneStepCell"),
        ({"loss_scale_manager": amp.FixedLossScaleManager(8)}, "TrainOneStepWithLossScaleCell"),
        ({"level": "O3", "loss_scale_manager": amp.DynamicLossScaleManager(8)}, "TrainOneStepWithLossScaleCell"),
    ]:
        name, found = after_a_step(**options)
        assert name == expected
        np.testing.assert_allclose(found, exact, atol=2e-3)
    assert after_a_step(level="O2")[0] == "TrainOneStepWithLossScaleCell"  # the scale of O2 finds itself
    for options, error in [
        ({"cast_model_type": ms.int32}, TypeError),
        ({"keep_batchnorm_fp32": 3}, TypeError),
        ({"loss_scale_manager": 3}, TypeError),
        ({"level": "O9"}, ValueError),
        ({"other": 1}, ValueError),
    ]:
        with pytest.raises(error):
            after_a_step(**options)


def test_what_is_cast():
    class Dtypes(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense, self.norm, self.seen = nn.Dense(2, 2), nn.BatchNorm1d(2), []

        def construct(self, x):
            y = self.dense(x)
            self.seen.append((y.dtype, self.norm(y).dtype))
            return y

    def seen(**options):
        net = Dtypes()
        optimizer = nn.SGD(net.trainable_params())
        amp.build_train_network(net, optimizer, nn.MSELoss(), loss_scale_manager=None, **options)
        net(Tensor(X))
        return net.seen[-1]

    f16, f32 = ms.float16, ms.float32
    assert seen() == seen(level="O2", cast_model_type=f32) == (f32, f32)
    assert seen(level="O2") == seen(cast_model_type=f16, keep_batchnorm_fp32=True)
    assert seen(level="O3") == seen(cast_model_type=f16) == seen(level="O2", keep_batchnorm_fp32=False) == (f16, f16)
