"""Learning rates that change. The figures are MindSpore's."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor
from msjax.nn import schedule as s

STEPS = (0, 1, 2, 4, 5, 9)


@pytest.mark.parametrize(
    "rates, expected",
    [
        (s.piecewise_constant_lr([2, 3], [0.1, 0.05]), [0.1, 0.1, 0.05]),
        (s.exponential_decay_lr(0.1, 0.9, 6, 2, 2), [0.1, 0.1, 0.0948683298, 0.0948683298, 0.09, 0.09]),
        (s.exponential_decay_lr(0.1, 0.9, 6, 2, 2, True), [0.1, 0.1, 0.1, 0.1, 0.09, 0.09]),
        (s.natural_exp_decay_lr(0.1, 0.9, 6, 2, 2), [0.1, 0.1, 0.0406569660, 0.0406569660, 0.0165298888, 0.0165298888]),
        (s.natural_exp_decay_lr(0.1, 0.9, 6, 2, 2, True), [0.1, 0.1, 0.1, 0.1, 0.0165298888, 0.0165298888]),
        (s.inverse_decay_lr(0.1, 0.5, 6, 1, 1), [0.1, 0.0666666667, 0.05, 0.04, 0.0333333333, 0.0285714286]),
        (s.cosine_decay_lr(0.01, 0.1, 6, 2, 2), [0.1, 0.1, 0.055, 0.055, 0.01, 0.01]),
        (s.polynomial_decay_lr(0.1, 0.01, 6, 2, 2, 0.5), [0.1, 0.1, 0.0736396103, 0.0736396103, 0.01, 0.01]),
        (s.polynomial_decay_lr(0.1, 0.01, 8, 2, 2, 0.5, True)[4:], [0.01, 0.01, 0.055, 0.055]),
        (s.warmup_lr(0.1, 6, 2, 2), [0, 0, 0.05, 0.05, 0.1, 0.1]),
    ],
)
def test_lists(rates, expected):
    np.testing.assert_allclose(rates, expected, rtol=1e-8)


@pytest.mark.parametrize(
    "cell, expected",
    [
        (s.ExponentialDecayLR(0.1, 0.9, 4), [0.1, 0.0974003747, 0.0948683247, 0.0899999961, 0.087660335, 0.0788943022]),
        (s.ExponentialDecayLR(0.1, 0.9, 4, True), [0.1, 0.1, 0.1, 0.09, 0.09, 0.081]),
        (s.NaturalExpDecayLR(0.1, 0.9, 4), [0.1, 0.040656969, 0.0165298916, 0.0027323728, 0.0011108998, 3.035394e-05]),
        (s.NaturalExpDecayLR(0.1, 0.9, 4, True), [0.1, 0.1, 0.1, 0.0027323728, 0.0027323728, 7.4658616e-05]),
        (s.InverseDecayLR(0.1, 0.9, 4), [0.1, 0.0816326514, 0.0689655170, 0.0526315831, 0.0470588244, 0.0330578536]),
        (s.CosineDecayLR(0.01, 0.1, 4), [0.1, 0.0868198052, 0.055, 0.01, 0.01, 0.01]),
        (s.PolynomialDecayLR(0.1, 0.01, 4, 0.5), [0.1, 0.0879422873, 0.0736396089, 0.01, 0.01, 0.01]),
        (s.PolynomialDecayLR(0.1, 0.01, 4, 0.5, True), [0.1, 0.0879422873, 0.0736396089, 0.01, 0.0651135221, 0.055]),
        (s.WarmUpLR(0.1, 4), [0, 0.025, 0.05, 0.1, 0.1, 0.1]),
    ],
    ids=lambda v: type(v).__name__,
)
def test_cells(cell, expected):
    rates = [cell(Tensor(i, ms.int32)) for i in STEPS]
    assert all(r.dtype == ms.float32 and r.shape == () for r in rates)
    np.testing.assert_allclose([r.item() for r in rates], expected, rtol=2e-6)


def test_the_root_of_what_is_left_after_the_last_step():
    schedule = s.PolynomialDecayLR(0.1, 0.01, 10, 0.5)
    assert [round(schedule(Tensor(step, ms.int32)).item(), 6) for step in (5, 10, 12, 35)] == [
        0.07364,
        0.01,
        0.01,
        0.01,
    ]


def test_the_step_may_have_an_axis():
    assert s.CosineDecayLR(0.01, 0.1, 4)(Tensor([2], ms.int32)).shape == (1,)


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: s.piecewise_constant_lr([2, 5], [0.1, float("nan")]), ValueError, "must be finite"),
        (lambda: s.warmup_lr(float("inf"), 6, 2, 2), ValueError, "must be finite"),
        (lambda: s.NaturalExpDecayLR(0.1, float("inf"), 4), ValueError, "must be finite"),
        (lambda: s.piecewise_constant_lr([2, 5], [0.1]), ValueError, "must be the same as the size"),
        (lambda: s.piecewise_constant_lr([5, 2], [0.1, 0.2]), ValueError, "greater than milestone"),
        (lambda: s.piecewise_constant_lr(2, [0.1]), TypeError, "tuple or list"),
        (lambda: s.piecewise_constant_lr([1, 2], [1, 2]), TypeError, "must be float"),
        (lambda: s.exponential_decay_lr(0.1, 0.9, 6.0, 2, 1), TypeError, "total_step"),
        (lambda: s.exponential_decay_lr(-0.1, 0.9, 6, 2, 1), ValueError, "must be float > 0"),
        (lambda: s.cosine_decay_lr(0.1, 0.01, 6, 2, 2), ValueError, "'max_lr' must be greater"),
        (lambda: s.warmup_lr(0.1, 6, 2, 0), ValueError, "warmup_epoch"),
        (lambda: s.CosineDecayLR(0, 0.01, 4), TypeError, "min_lr"),
        (lambda: s.ExponentialDecayLR(0.1, 0.9, 4, 1), TypeError, "is_stair"),
        (lambda: s.PolynomialDecayLR(0.1, 0.01, 4, 0.0), ValueError, "power"),
        (lambda: s.LearningRateSchedule()(Tensor(1)), NotImplementedError, "construct"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
