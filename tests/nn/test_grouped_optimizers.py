"""Optimizers and schedulers of `experimental.optim` against figures of MindSpore 2.10."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, mint, nn, ops
from msjax.experimental import optim
from msjax.experimental.optim import lr_scheduler as schedulers


def parameters():
    return [Parameter(Tensor([1.0, -2.0, 0.5]), name="w"), Parameter(Tensor([0.5]), name="b")]


def gradients():
    rng = np.random.RandomState(0)
    return [(Tensor(rng.randn(3), ms.float32), Tensor(rng.randn(1), ms.float32)) for _ in range(6)]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda p: optim.SGD(p, lr=0.1), [0.6769481, -2.0403614, 0.13057625]),
        (lambda p: optim.SGD(p, 0.1, momentum=0.9, weight_decay=0.1), [-0.87828505, -1.6444403, -0.7026677]),
        (lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True), [-0.93465173, -2.0294287, -0.916499]),
        (lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.5), [-0.30861464, -2.087675, -0.31100684]),
        (lambda p: optim.Adam(p, 0.1, (0.8, 0.9), weight_decay=0.1), [0.5558019, -1.9089005, -0.03127465]),
        (lambda p: optim.Adam(p, 0.1, amsgrad=True), [0.5468671, -2.0560176, -0.03256186]),
        (lambda p: optim.Adam(p, 0.1, maximize=True), [1.453133, -1.9439819, 1.0325619]),
        (lambda p: optim.AdamW(p, 0.1), [0.54223734, -2.0437582, -0.03416009]),
        (lambda p: mint.optim.AdamW(p, 0.1), [0.54223734, -2.0437582, -0.03416009]),
        (
            lambda p: optim.Adagrad(p, 0.1, lr_decay=0.1, initial_accumulator_value=0.1, weight_decay=0.1),
            [0.8195998, -1.9763808, 0.26086092],
        ),
        (lambda p: optim.Adadelta(p, weight_decay=0.1), [0.9927564, -1.9996996, 0.48628277]),
        (lambda p: optim.Adamax(p, 0.1, weight_decay=0.1), [0.6063365, -1.98558, 0.05619353]),
        (lambda p: optim.NAdam(p, 0.1, weight_decay=0.1), [0.7600342, -1.9982055, 0.11674994]),
        (lambda p: optim.RAdam(p, 0.1, weight_decay=0.1), [0.27620366, -1.8967904, 0.10497839]),
        (lambda p: optim.RMSprop(p, 0.1), [-0.8221269, -2.8650365, -2.3444371]),
        (
            lambda p: optim.RMSprop(p, 0.1, centered=True, momentum=0.9, weight_decay=0.1),
            [-6.7403708, -2.2244804, -6.9582963],
        ),
        (lambda p: optim.Rprop(p, 0.1), [0.64799994, -2.2399998, -0.4929921]),
        (lambda p: optim.ASGD(p, 0.1, t0=2.0, weight_decay=0.1), [0.6370944, -1.9238411, 0.11146884]),
    ],
)
def test_rules(make, expected):
    weights = parameters()
    optimizer = make(weights)
    for g in gradients():
        assert optimizer(g) is True
    np.testing.assert_allclose(weights[0].asnumpy(), expected, rtol=2e-4)
    assert ms.explain(optimizer).data[0]["status"] == "compiled"


@pytest.mark.parametrize(
    ("grouped", "plain"),
    [
        (lambda p: optim.SGD(p, 0.1, 0.9, 0.5, 0.1), lambda p: nn.SGD(p, 0.1, 0.9, 0.5, 0.1)),
        (lambda p: optim.Adadelta(p, weight_decay=0.1), lambda p: nn.Adadelta(p, weight_decay=0.1)),
        (lambda p: optim.Rprop(p, 0.1), lambda p: nn.Rprop(p, 0.1)),
        (lambda p: optim.ASGD(p, 0.1, t0=2.0), lambda p: nn.ASGD(p, 0.1, t0=2.0)),
        (lambda p: optim.Adagrad(p, 0.1, 0.0, 0.0, 0.1, 1e-30), lambda p: nn.Adagrad(p, 0.1, 0.1)),
    ],
)
def test_optimizers_of_both_rooms_share_a_formula(grouped, plain):
    first, second = parameters(), parameters()
    one, other = grouped(first), plain(second)
    for g in gradients():
        one(g), other(g)
        for p, q in zip(first, second, strict=True):
            np.testing.assert_allclose(p.asnumpy(), q.asnumpy(), rtol=1e-6)


def test_an_option_of_a_group_holds_from_the_next_step():
    w = Parameter(Tensor([1.0]), name="w")
    optimizer = optim.SGD([w], lr=1.0)
    for options, expected in (({}, 0.5), ({"weight_decay": 1.0}, -0.5), ({"weight_decay": 0.0, "maximize": True}, 0.0)):
        optimizer.param_groups[0].update(options)
        optimizer((Tensor([0.5]),))
        assert w.item() == expected


def test_all_groups_take_the_same_step():
    first, second = parameters()
    optimizer = optim.Adam([{"params": [first]}, {"params": [second]}, {"params": []}], lr=0.1)
    for g in gradients()[:2]:
        optimizer(g)
    assert optimizer.state_step.item() == 2
    together = parameters()
    both = optim.Adam(together, lr=0.1)
    for g in gradients()[:2]:
        both(g)
    np.testing.assert_array_equal(second.asnumpy(), together[1].asnumpy())


def two_groups():
    first, second = parameters()
    return optim.SGD([{"params": [first], "lr": 0.05}, {"params": [second]}], lr=0.1)


def test_groups_are_open():
    optimizer = two_groups()
    assert str(optimizer).startswith("SGD (\nParameter Group 0\n    dampening: 0.0\n    grad_centralization: False\n")
    ops.assign(optimizer.param_groups[0]["lr"], Tensor(0.5))
    optimizer((Tensor([1.0, 1.0, 1.0]), Tensor([1.0])))
    np.testing.assert_allclose(optimizer.parameters[0].asnumpy(), [0.5, -2.5, 0.0])
    np.testing.assert_allclose(optimizer.parameters[1].asnumpy(), [0.4])
    optimizer.add_param_group({"params": [Parameter(Tensor([1.0]), name="c")]})
    assert [p.name for p in optimizer.get_parameters()][-2:] == ["accum.c", "stat.c"]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda o: schedulers.StepLR(o, 2, 0.5), [0.05, 0.05, 0.025, 0.025, 0.0125]),
        (lambda o: schedulers.MultiStepLR(o, [1, 3], 0.1), [0.05, 0.005, 0.005, 0.0005, 0.0005]),
        (lambda o: schedulers.ExponentialLR(o, 0.9), [0.05, 0.045, 0.0405, 0.03645, 0.032805]),
        (lambda o: schedulers.ConstantLR(o, 0.5, 3), [0.025, 0.025, 0.025, 0.05, 0.05]),
        (lambda o: schedulers.LinearLR(o, 0.5, total_iters=3), [0.025, 0.033333, 0.041667, 0.05, 0.05]),
        (lambda o: schedulers.PolynomialLR(o, 4, 2.0), [0.05, 0.028125, 0.0125, 0.003125, 0.0]),
        (lambda o: schedulers.LambdaLR(o, lambda e: 0.9**e), [0.05, 0.045, 0.0405, 0.03645, 0.032805]),
        (lambda o: schedulers.MultiplicativeLR(o, lambda e: 0.95), [0.05, 0.0475, 0.045125, 0.042869, 0.040725]),
        (lambda o: schedulers.CosineAnnealingLR(o, 4, 0.01), [0.05, 0.044142, 0.03, 0.015858, 0.01]),
        (lambda o: schedulers.CosineAnnealingWarmRestarts(o, 2, 2), [0.05, 0.025, 0.05, 0.042678, 0.025]),
        (lambda o: schedulers.CyclicLR(o, 0.01, 0.1, 2), [0.01, 0.055, 0.1, 0.055, 0.01]),
        (lambda o: schedulers.CyclicLR(o, 0.01, 0.1, 2, 1, "triangular2"), [0.01, 0.055, 0.1, 0.01, 0.0325]),
        (lambda o: schedulers.CyclicLR(o, 0.01, 0.1, 2, mode="exp_range", gamma=0.9), [0.01, 0.0505, 0.0829, 0.042805]),
        (
            lambda o: schedulers.SequentialLR(
                o, [schedulers.ConstantLR(o, 0.1, 2), schedulers.ExponentialLR(o, 0.9)], [2]
            ),
            [0.005, 0.005, 0.05, 0.045, 0.0405],
        ),
    ],
)
def test_schedulers(make, expected):
    optimizer = two_groups()
    scheduler = make(optimizer)
    for rate in expected:
        assert float(optimizer.param_groups[0]["lr"]) == pytest.approx(rate, abs=1e-6)
        assert float(scheduler.get_last_lr()[0]) == pytest.approx(rate, abs=1e-6)
        silent = isinstance(scheduler, schedulers.CosineAnnealingWarmRestarts | schedulers.SequentialLR)
        assert scheduler.step() is (None if silent else True)


def test_plateau():
    optimizer = two_groups()
    scheduler, rates = schedulers.ReduceLROnPlateau(optimizer, "min", patience=1, factor=0.5), []
    for figure in (1.0, 0.9, 0.95, 0.96, 0.97, 0.5, Tensor(0.6), 0.7, 0.8):
        scheduler.step(figure)
        rates.append(float(optimizer.param_groups[0]["lr"]))
    assert rates == pytest.approx([0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.025, 0.0125, 0.0125])


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: optim.SGD(parameters(), lr=-1.0), ValueError),
        (lambda: optim.SGD(parameters(), lr="a"), TypeError),
        (lambda: optim.Adam([], lr=0.1), ValueError),
        (lambda: optim.Adam(parameters(), betas=(1.0, 0.9)), ValueError),
        (lambda: optim.Adam(parameters()[0]), TypeError),
        (lambda: optim.SGD(parameters(), 0.1, nesterov=True), ValueError),
        (lambda: optim.SGD(parameters(), 0.1, weight_decay=-1.0), ValueError),
        (lambda: optim.SGD([{"lr": 0.1}], 0.1), KeyError),
        (lambda: optim.SGD([1], 0.1), TypeError),
        (lambda: schedulers.StepLR(nn.SGD(parameters()), 1), TypeError),
    ],
)
def test_errors(make, error):
    with pytest.raises(error):
        make()


def test_parameters_may_be_named_like_what_is_kept_for_them():
    w, later = Parameter(Tensor([1.0]), name="accum.w"), Parameter(Tensor([1.0]), name="later")
    optimizer = ms.experimental.optim.Adagrad([w], lr=0.1)
    optimizer.add_param_group({"params": [later]})
    assert [p.name for p in optimizer.accum] == ["accum.accum.w", "accum.later"]
    optimizer((Tensor([2.0]), Tensor([2.0])))
    np.testing.assert_allclose([w.asnumpy()[0], later.asnumpy()[0]], [0.9, 0.9], rtol=1e-6)
