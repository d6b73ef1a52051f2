"""Optimizers: trajectories recorded from MindSpore, arguments, groups, learning rates, compiled steps."""

import inspect
import json
import math
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.core.tensor import raw
from msjax.experimental import optim
from msjax.nn.optim.grouped import GroupedOptimizer
from msjax.nn.optim.optimizer import opt_init_args_register
from msjax.nn.optim.rules.adam import Adam as Rule

CASES = json.loads((Path(__file__).parent / "optimizers.json").read_text())["cases"]


def data(steps=6):
    generator = np.random.default_rng(0)
    draw = lambda: [generator.standard_normal(s).astype(np.float32) for s in ((3, 2), (4,))]  # noqa: E731
    return draw(), [draw() for _ in range(steps)]


def parameters(start=None):
    weight, bias = data()[0] if start is None else start
    return [Parameter(Tensor(weight), name="weight"), Parameter(Tensor(bias), name="bias")]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['optimizer']}-{'-'.join(c['arguments'])}")
def test_six_steps(case):
    start, gradients = data()
    params = parameters(start)
    kwargs = {k: tuple(v) if k in ("etas", "step_sizes") else v for k, v in case["arguments"].items()}
    optimizer = getattr(nn, case["optimizer"])(params, **kwargs)
    for gradient, expected in zip(gradients, case["steps"], strict=True):
        assert optimizer(tuple(map(Tensor, gradient))) == (True, True)
        for p, values in zip(params, expected, strict=True):
            np.testing.assert_allclose(p.asnumpy().ravel(), values, rtol=1e-5, atol=2e-6)
    state = {p.name: p for p in optimizer.get_parameters() if p.name not in ("weight", "bias")}
    assert set(state) == set(case["state"])
    for name, values in case["state"].items():
        np.testing.assert_allclose(state[name].asnumpy().ravel(), values, rtol=1e-5, atol=2e-6)


def one(make, p=(1.0, -2.0), g=(0.5, 0.25), steps=1):
    parameter = Parameter(Tensor(list(p)), name="p")
    optimizer = make([parameter])
    for _ in range(steps):
        optimizer((Tensor(list(g)),))
    return parameter.asnumpy()


def test_what_the_documentation_says_where_the_kernel_differs():
    nesterov = one(lambda ps: nn.Momentum(ps, 0.1, 0.9, use_nesterov=True))
    np.testing.assert_allclose(nesterov, np.array([1, -2]) - 0.1 * 1.9 * np.array([0.5, 0.25]), rtol=1e-6)
    fixed = one(lambda ps: nn.Adagrad(ps, 0.25, 0.1, update_slots=False), steps=2)
    np.testing.assert_allclose(fixed, np.array([1, -2]) - 2 * 0.1 * np.array([0.5, 0.25]) / 0.5, rtol=1e-6)
    ftrl = one(lambda ps: nn.FTRL(ps, learning_rate=0.1, l1=0.1))
    np.testing.assert_allclose(ftrl, [2.1538023 / 5.9160798, -1.8877025 / 4.0311289], rtol=1e-6)


def test_lamb_moves_by_the_parameters_length():
    moved = one(lambda ps: nn.Lamb(ps, 0.1))
    np.testing.assert_allclose(moved, np.array([1, -2]) - 0.1 * np.sqrt(5) / np.sqrt(2), rtol=1e-5)


def test_lars_scales_gradients():
    moved = one(lambda ps: nn.LARS(nn.SGD(ps, 0.5), epsilon=0.0, coefficient=0.1))
    g = np.array([0.5, 0.25])
    np.testing.assert_allclose(moved, np.array([1, -2]) - 0.5 * 0.1 * np.sqrt(5) / np.linalg.norm(g) * g, rtol=1e-5)
    lars = nn.LARS(nn.SGD(parameters(), 0.5))
    assert isinstance(lars, nn.Optimizer) and lars.get_lr().item() == 0.5 and lars.lars_flag == (True, False)
    left = one(lambda ps: nn.LARS(nn.SGD(ps, 0.5), lars_filter=lambda p: False))
    np.testing.assert_allclose(left, [0.75, -2.125])


@pytest.mark.parametrize("wrapper", [nn.AdaSumByGradWrapCell, nn.AdaSumByDeltaWeightWrapCell, nn.OptTFTWrapper])
def test_wrappers_leave_the_step_of_one_worker(wrapper):
    np.testing.assert_array_equal(one(lambda ps: wrapper(nn.SGD(ps, 0.5))), [0.75, -2.125])
    with pytest.raises(TypeError, match="Optimizer"):
        wrapper(nn.Cell())


# -- groups and rates -------------------------------------------------------------------------------------------------


def test_groups():
    weight, bias = parameters()
    groups = [
        {"params": [weight], "lr": 0.5, "weight_decay": 0.1},
        {"params": [bias]},
        {"order_params": [bias, weight]},
    ]
    optimizer = nn.SGD(groups, 0.25, weight_decay=0.0)
    before = weight.asnumpy(), bias.asnumpy()
    assert [p.name for p in optimizer.parameters] == ["bias", "weight"]
    assert [p.name for p in optimizer.get_lr()] == ["learning_rate", "learning_rate_group_0"]
    assert optimizer.decay_flags == (False, True) and optimizer.is_group_lr
    optimizer((Tensor(np.ones(4, np.float32)), Tensor(np.ones((3, 2), np.float32))))
    np.testing.assert_allclose(bias.asnumpy(), before[1] - 0.25, rtol=1e-6)
    np.testing.assert_allclose(weight.asnumpy(), before[0] - 0.5 * (1 + 0.1 * before[0]), rtol=1e-5)


def test_a_group_with_a_schedule():
    weight, bias = parameters()
    groups = [{"params": [weight], "lr": nn.ExponentialDecayLR(0.1, 0.5, 1)}, {"params": [bias], "lr": [0.3, 0.2]}]
    optimizer = nn.SGD(groups, 0.25)
    for expected in ([0.1, 0.3], [0.05, 0.2], [0.025, 0.2]):
        np.testing.assert_allclose([r.item() for r in optimizer.get_lr()], expected, rtol=1e-6)
        optimizer((Tensor(np.ones((3, 2), np.float32)), Tensor(np.ones(4, np.float32))))
    assert optimizer.global_step.asnumpy().tolist() == [3]


def test_beta_and_gamma_do_not_decay():
    ps = [Parameter(Tensor([1.0]), name=n) for n in ("w", "bn.beta", "bn.gamma", "bias")]
    optimizer = nn.SGD(ps, 0.5, weight_decay=1.0)
    assert optimizer.decay_flags == (True, False, False, True)
    optimizer(tuple(Tensor([0.0]) for _ in ps))
    assert [p.item() for p in ps] == [0.5, 1.0, 1.0, 0.5]


def test_the_learning_rate_can_be_set():
    p = Parameter(Tensor([1.0]), name="p")
    optimizer = nn.SGD([p], 0.5)
    optimizer.learning_rate.set_data(Tensor(0.25))
    optimizer((Tensor([1.0]),))
    assert p.item() == 0.75
    optimizer.learning_rate = Parameter(Tensor(0.5), name="lr")
    optimizer((Tensor([1.0]),))
    assert p.item() == 0.25


def test_a_schedule_of_the_user_and_a_decay_that_changes():
    class Halving(nn.LearningRateSchedule):
        def construct(self, global_step):
            return 0.5**global_step

    p = Parameter(Tensor([1.0]), name="p")
    optimizer = nn.Momentum([p], Halving(), 0.0, weight_decay=Halving())
    optimizer((Tensor([0.0]),))
    assert p.item() == 0
    optimizer((Tensor([1.0]),))
    assert p.item() == -0.5


@pytest.mark.parametrize("mode", [ms.PYNATIVE_MODE, ms.GRAPH_MODE])
def test_derived_optimizers_find_the_numbers_of_their_base(mode):
    class Mine(nn.AdamWeightDecay):
        def construct(self, gradients):
            for p, g, m, v in zip(self.parameters, gradients, self.moments1, self.moments2, strict=True):
                ops.assign(m, self.beta1 * m + (1 - self.beta1) * g)
                ops.assign(v, self.beta2 * v + (1 - self.beta2) * g * g)
                ops.assign(p, p - self.get_lr() * m / (ops.sqrt(v) + self.eps))
            return True

    ours, base = (Parameter(Tensor([1.0, 2.0]), name="w") for _ in range(2))
    mine, plain = (kind([p], 0.1, 0.8, eps=1e-3) for kind, p in ((Mine, ours), (nn.AdamWeightDecay, base)))
    ms.set_context(mode=mode)
    for k in range(4):
        mine((Tensor([1.0, k]),)), plain((Tensor([1.0, k]),))
    np.testing.assert_allclose(ours.asnumpy(), base.asnumpy(), rtol=1e-5)
    assert [r["status"] for r in ms.explain().data if "Mine.construct" in r["function"]][-1] == "compiled"
    adam = nn.Adam([ours], 0.1, use_nesterov=True)
    assert (adam.beta1.shape, mine.beta1.shape, adam.use_nesterov, adam.use_locking) == ((), (1,), True, False)
    assert isinstance(adam.beta2, Tensor) and adam.eps.dtype == ms.float32


def test_an_optimizer_of_the_user():
    class Mine(nn.Optimizer):
        @opt_init_args_register
        def __init__(self, learning_rate, params, **kwargs):
            super().__init__(learning_rate, params, **kwargs)
            self.moments = self.parameters.clone(prefix="moments", init="zeros")

        def construct(self, gradients):
            for p, g in zip(self.parameters, self.scale_grad(self.decay_weight(gradients)), strict=True):
                p.set_data(p - self.get_lr() * g)
            self.assignadd(self.global_step, self.global_step_increase_tensor)
            return True

    p = Parameter(Tensor([1.0]), name="p")
    optimizer = Mine(0.5, [p], weight_decay=0.5, loss_scale=2.0)
    assert optimizer((Tensor([1.0]),)) and p.item() == 0.5
    assert optimizer.global_step.item() == 1
    assert optimizer.init_params["learning_rate"] == 0.5
    assert str(inspect.signature(Mine.__init__)) == "(self, *args, **kwargs)"
    assert [q.name for q in optimizer.get_parameters()] == ["global_step", "learning_rate", "p", "moments.p"]


def test_an_optimizer_of_the_user_counts_its_steps_if_it_has_to():
    class Mine(nn.Optimizer):
        def get_lr(self):
            if self._is_dynamic_lr_or_weight_decay():
                self.assignadd(self.global_step, self.global_step_increase_tensor)
            return super().get_lr()

    class Growing(nn.Cell):
        def construct(self, global_step):
            return 0.1 * global_step

    p, rate = Parameter(Tensor([1.0]), name="p"), nn.ExponentialDecayLR(0.4, 0.5, 1)
    counts = []
    for optimizer in (Mine(0.1, [p]), Mine([0.1, 0.1], [p]), Mine(rate, [p]), Mine(0.1, [p], weight_decay=Growing())):
        optimizer.get_lr()
        counts.append(optimizer.global_step.item())
    assert counts == [0, 1, 1, 1]


def test_centralization_is_for_convolutions():
    conv = Parameter(Tensor(np.zeros((1, 1, 2, 1), np.float32)), name="conv")
    dense = Parameter(Tensor(np.zeros((1, 2), np.float32)), name="dense")
    optimizer = nn.SGD([{"params": [conv, dense], "grad_centralization": True}], 1.0)
    optimizer((Tensor([[[[1.0], [2.0]]]]), Tensor([[1.0, 2.0]])))
    assert conv.asnumpy().ravel().tolist() == [0.5, -0.5] and dense.asnumpy().tolist() == [[-1, -2]]


# -- tracing and dtypes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [lambda ps: nn.Adam(ps, nn.CosineDecayLR(0.0, 0.1, 9)), lambda ps: nn.Momentum(ps, [0.1, 0.2], 0.9)]
)
def test_a_step_under_jit(make):
    def run(compiled):
        start, gradients = data()
        params = parameters(start)
        optimizer = make(params)
        handles = list(optimizer.get_parameters())

        def step(arrays, gradient):
            for handle, array in zip(handles, arrays, strict=True):
                handle._array = array
            optimizer(tuple(map(Tensor, gradient)))
            return [raw(h) for h in handles]

        step = jax.jit(step) if compiled else step
        arrays = [raw(h) for h in handles]
        for gradient in gradients:
            arrays = step(arrays, list(map(jnp.asarray, gradient)))
        return arrays

    for a, b in zip(run(True), run(False), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", [ms.float16, ms.bfloat16])
def test_half_precision_stays(dtype):
    p = Parameter(Tensor([1.0, 2.0], dtype), name="p")
    optimizer = nn.Adam([p], 0.1)
    optimizer((Tensor([1.0, 1.0], dtype),))
    assert p.dtype == dtype and optimizer.moment1[0].dtype == dtype
    np.testing.assert_allclose(raw(p).astype(np.float32), [0.9, 1.9], rtol=1e-2)


def test_no_float64_in_a_step():
    params = parameters()
    optimizer = nn.Adam(params, nn.CosineDecayLR(0.0, 0.1, 9), weight_decay=0.1, loss_scale=2.0)

    def step(*gradient):
        optimizer(tuple(map(Tensor, gradient)))
        return [raw(p) for p in params]

    assert "f64" not in str(jax.make_jaxpr(step)(*data()[1][0]))


def test_equal_rules_share_a_compiled_call_and_fit_optax():
    assert Rule(0.9, 0.99, 1e-8) == Rule(0.9, 0.99, 1e-8)
    rule, arrays = Rule(0.9, 0.99, 1e-8), [jnp.ones(2)]
    moves, state = rule.update([jnp.ones(2)], rule.init(arrays), arrays, 0.1)
    np.testing.assert_allclose(moves[0], -0.1, rtol=1e-4)
    assert state.step.tolist() == [1]


# -- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda p: nn.Momentum(p, None, 0.9), TypeError, "learning_rate"),
        (lambda p: nn.Momentum(p, -1.0, 0.9), ValueError, "learning rate"),
        (lambda p: nn.Momentum(p, nn.Cell(), 0.9), TypeError, "LearningRateSchedule"),
        (lambda p: nn.Momentum(p, Tensor([[0.1]]), 0.9), ValueError, "dimension"),
        (lambda p: nn.Momentum(None, 0.1, 0.9), ValueError, "None"),
        (lambda p: nn.Momentum([], 0.1, 0.9), ValueError, "empty"),
        (lambda p: nn.Momentum([Tensor([1.0])], 0.1, 0.9), TypeError, "'Parameter' or 'dict'"),
        (lambda p: nn.Momentum([{"lr": 0.1}], 0.1, 0.9), KeyError, "params"),
        (lambda p: nn.Momentum([{"params": p, "betas": 1}], 0.1, 0.9), KeyError, "betas"),
        (lambda p: nn.Momentum([{"params": p}, {"params": p}], 0.1, 0.9), RuntimeError, "already exists"),
        (lambda p: nn.Momentum([{"params": []}], 0.1, 0.9), ValueError, "empty"),
        (lambda p: nn.Momentum([{"params": p}, {"order_params": p[:1]}], 0.1, 0.9), ValueError, "same as the length"),
        (lambda p: nn.Momentum(p, 0.1, 0.9, weight_decay="a"), TypeError, "weight_decay"),
        (lambda p: nn.Momentum(p, 0.1, 0.9, weight_decay=-1.0), ValueError, "weight_decay"),
        (lambda p: nn.Momentum(p, 0.1, 0.9, loss_scale=0.0), ValueError, "loss_scale"),
        (lambda p: nn.Momentum(p, 0.1, 1), TypeError, "momentum"),
        (lambda p: nn.Momentum(p, 0.1, -1.0), ValueError, "momentum"),
        (lambda p: nn.SGD(p, 0.1, nesterov=True), ValueError, "nesterov"),
        (lambda p: nn.Adam(p, beta1=1.0), ValueError, "beta1"),
        (lambda p: nn.Adam(p, eps=0.0), ValueError, "eps"),
        (lambda p: nn.Adam(p, foo=1), KeyError, "foo"),
        (lambda p: nn.Adam(p, use_lazy=True, use_offload=True), ValueError, "only one of"),
        (lambda p: nn.Adadelta(p, rho=2.0), ValueError, "rho"),
        (lambda p: nn.FTRL(p, lr_power=1.0), ValueError, "lr_power"),
        (lambda p: nn.Rprop(p, etas=(0.5, 0.9)), ValueError, "etas"),
        (lambda p: nn.AdaFactor(p, 0.1), ValueError, "relative_step"),
        (lambda p: nn.LARS(p), TypeError, "Optimizer"),
        (lambda p: nn.SGD(p[1:]).get_lr_parameter(p[0]), ValueError, "not in the optimizer"),
        (lambda p: nn.SGD(p).get_lr_parameter(tuple(p)), TypeError, "list"),
        (lambda p: nn.SGD([{"params": p, "grad_centralization": 1}]), TypeError, "grad_centralization"),
        (lambda p: nn.SGD(p)((Tensor([1.0]),)), RuntimeError, "2, but got 1"),
        (lambda p: nn.SGD(p[1:])((Tensor([1.0]),)), ValueError, "shape"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call(parameters())


@pytest.mark.parametrize("rate", [[0.1, 0.2], nn.ExponentialDecayLR(0.1, 0.5, 1)])
def test_what_decides_a_rate_is_a_parameter_or_a_schedule(rate):
    first, second = parameters()
    optimizer = nn.SGD([{"params": [first], "lr": rate}, {"params": [second]}], 0.3)
    found = optimizer.get_lr_parameter(first)
    assert found is rate if isinstance(rate, nn.Cell) else np.allclose(found.asnumpy(), rate)
    assert optimizer.get_lr_parameter(second).asnumpy() == np.float32(0.3)


def test_a_step_writes_over_what_nobody_else_holds():
    kept, given = (Parameter(Tensor(np.ones(8, np.float32)), name=name) for name in ("kept", "given"))
    optimizer = nn.Adam([kept, given], learning_rate=0.5)
    gradients = [Tensor(np.ones(8, np.float32))] * 2
    for _ in range(3):  # the first steps of a program leave what they write over alone
        optimizer(gradients)
    held, before = raw(kept), kept.asnumpy()
    address = raw(given).unsafe_buffer_pointer()
    optimizer(gradients)
    assert raw(given).unsafe_buffer_pointer() == address
    np.testing.assert_array_equal(held, before)
    np.testing.assert_array_equal(raw(kept), raw(given))


NEEDED = "learning_rate", "lr", "momentum"


def _numbers(optimizer: type) -> list[str]:
    """The options that are numbers; without a threshold nothing is clipped, so that may be infinite."""
    options = inspect.signature(optimizer).parameters.values()
    numbers = [p.name for p in options if p.name in NEEDED or isinstance(p.default, float)]
    return [name for name in numbers if name != "clip_threshold"]


def _optimizers() -> list[type]:
    kinds = [room[name] for room in (vars(optim), {n: getattr(nn, n) for n in dir(nn)}) for name in sorted(room)]
    kinds = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, nn.Optimizer | GroupedOptimizer)]
    return [kind for kind in kinds if kind not in (nn.Optimizer, GroupedOptimizer)]


@pytest.mark.parametrize("kind", _optimizers())
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_numbers_are_finite(kind, value):
    for option in _numbers(kind):
        with pytest.raises((TypeError, ValueError), match=r"finite|must be|\[0|factor"):
            kind(parameters(), **dict.fromkeys({*_numbers(kind)} & {*NEEDED}, 0.1) | {option: value})


@pytest.mark.parametrize("rate", [[0.1, math.nan], Tensor(math.inf), Tensor([0.1, math.nan])])
def test_each_rate_is_finite(rate):
    with pytest.raises(ValueError, match="finite"):
        nn.SGD(parameters(), rate)
    with pytest.raises(ValueError, match="finite"):
        nn.SGD([{"params": parameters(), "lr": rate}], 0.1)


def test_the_device_of_an_update_is_noted():
    weights = [Parameter(Tensor([1.0]), name="w")]
    optimizer = nn.LazyAdam(weights, 0.1)
    optimizer.target = "CPU"
    optimizer((Tensor([1.0]),))
    assert optimizer.target == "CPU" and weights[0].asnumpy()[0] < 1
    with pytest.raises(ValueError, match="must be 'CPU', 'Ascend' or 'GPU', but got TPU"):
        optimizer.target = "TPU"
    with pytest.raises(NotImplementedError, match="'SGD'"):
        nn.SGD(weights, 0.1).target = "CPU"
