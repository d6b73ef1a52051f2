"""Learning rates that change: lists of one rate per step, and Cells that compute the rate of a step."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.tensor import raw, wrap
from msjax.nn.bounds import check
from msjax.nn.cell import Cell

# -- lists -----------------------------------------------------------------------------------------------------------


def _check_steps(name: str, total_step, step_per_epoch, decay_epoch) -> None:
    check(name, "total_step", total_step, int, above=0)
    check(name, "step_per_epoch", step_per_epoch, int, above=0)
    check(name, "decay_epoch", decay_epoch, int, above=0)


def _check_decay(name: str, learning_rate, decay_rate, is_stair) -> None:
    check(name, "learning_rate", learning_rate, float, above=0)
    check(name, "decay_rate", decay_rate, float, above=0)
    check(name, "is_stair", is_stair, bool)


def piecewise_constant_lr(milestone, learning_rates) -> list[float]:
    """`learning_rates[i]` up to step `milestone[i]`.

    Args:
        milestone: increasing positive ints; the last is the number of steps.
        learning_rates: floats, as many.

    Raises:
        TypeError, ValueError: if they are not.

    Example:
        >>> nn.piecewise_constant_lr([2, 3], [0.1, 0.05])
        [0.1, 0.1, 0.05]
    """
    name = "piecewise_constant_lr"
    for what, values in (("milestone", milestone), ("learning_rates", learning_rates)):
        if not isinstance(values, (list, tuple)):
            raise TypeError(
                f"For '{name}', the type of '{what}' should be tuple or list, but got {type(values).__name__}."
            )
    if len(milestone) != len(learning_rates):
        raise ValueError(
            f"For '{name}', the size of 'milestone' must be same with the size of 'learning_rates', "
            f"but got 'milestone' size: {len(milestone)}, 'learning_rates' size: {len(learning_rates)}."
        )
    rates: list[float] = []
    for i, (end, rate) in enumerate(zip(milestone, learning_rates, strict=True)):
        check(name, f"milestone[{i}]", end, int, above=0)
        check(name, f"learning_rates[{i}]", rate, float)
        if end < len(rates):
            raise ValueError(
                f"For '{name}', the value of milestone[{i}] must be greater than milestone[{i - 1}], "
                f"but got milestone[{i}]: {end}, milestone[{i - 1}]: {len(rates)}."
            )
        rates += [rate] * (end - len(rates))
    return rates


def exponential_decay_lr(
    learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False
) -> list[float]:
    """`learning_rate * decay_rate ** (epoch / decay_epoch)` for each step; with `is_stair`, of whole decay epochs.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.exponential_decay_lr(0.5, 0.5, 4, 2, 1)
        [0.5, 0.5, 0.25, 0.25]
    """
    _check_decay("exponential_decay_lr", learning_rate, decay_rate, is_stair)
    _check_steps("exponential_decay_lr", total_step, step_per_epoch, decay_epoch)
    return [learning_rate * decay_rate**t for t in _decays(total_step, step_per_epoch, decay_epoch, is_stair)]


def natural_exp_decay_lr(
    learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False
) -> list[float]:
    """`learning_rate * exp(-decay_rate * epoch)` for each step; with `is_stair`, of whole decay epochs.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.natural_exp_decay_lr(0.5, 0.9, 2, 2, 1)
        [0.5, 0.5]
    """
    _check_decay("natural_exp_decay_lr", learning_rate, decay_rate, is_stair)
    _check_steps("natural_exp_decay_lr", total_step, step_per_epoch, decay_epoch)
    decays = _decays(total_step, step_per_epoch, decay_epoch, is_stair)
    return [learning_rate * math.exp(-decay_rate * decay_epoch * t) for t in decays]


def inverse_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False) -> list[float]:
    """`learning_rate / (1 + decay_rate * epoch / decay_epoch)` for each step; with `is_stair`, of whole decay epochs.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.inverse_decay_lr(0.5, 1.0, 2, 1, 1)
        [0.5, 0.25]
    """
    _check_decay("inverse_decay_lr", learning_rate, decay_rate, is_stair)
    _check_steps("inverse_decay_lr", total_step, step_per_epoch, decay_epoch)
    decays = _decays(total_step, step_per_epoch, decay_epoch, is_stair)
    return [learning_rate / (1 + decay_rate * t) for t in decays]


def _decays(total_step, step_per_epoch, decay_epoch, is_stair) -> list:
    """epoch / decay_epoch at each step, rounded down with `is_stair`."""
    epochs = (step // step_per_epoch for step in range(total_step))
    return [epoch // decay_epoch if is_stair else epoch / decay_epoch for epoch in epochs]


def cosine_decay_lr(min_lr, max_lr, total_step, step_per_epoch, decay_epoch) -> list[float]:
    """From `max_lr` down half a cosine to `min_lr` in `decay_epoch` epochs.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

    Example:
        >>> nn.cosine_decay_lr(0.0, 1.0, 3, 1, 2)
        [1.0, 0.5, 0.0]
    """
    check("cosine_decay_lr", "min_lr", min_lr, float, least=0)
    check("cosine_decay_lr", "max_lr", max_lr, float, above=0)
    _check_order("cosine_decay_lr", min_lr, max_lr)
    _check_steps("cosine_decay_lr", total_step, step_per_epoch, decay_epoch)
    epochs = (min(step // step_per_epoch, decay_epoch) for step in range(total_step))
    return [min_lr + 0.5 * (max_lr - min_lr) * (1 + math.cos(math.pi * e / decay_epoch)) for e in epochs]


def _check_order(name: str, min_lr, max_lr) -> None:
    if min_lr >= max_lr:
        raise ValueError(
            f"For '{name}', the 'max_lr' must be greater than the 'min_lr', "
            f"but got 'max_lr' value: {max_lr}, 'min_lr' value: {min_lr}."
        )


def polynomial_decay_lr(
    learning_rate, end_learning_rate, total_step, step_per_epoch, decay_epoch, power, update_decay_epoch=False
) -> list[float]:
    """From `learning_rate` to `end_learning_rate` in `decay_epoch` epochs, as `(1 - epoch / decay_epoch) ** power`.

    Args:
        update_decay_epoch: begin a longer period, of a multiple of `decay_epoch`, whenever one is over.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

    Example:
        >>> nn.polynomial_decay_lr(1.0, 0.0, 3, 1, 2, 1.0)
        [1.0, 0.5, 0.0]
    """
    name = "polynomial_decay_lr"
    check(name, "learning_rate", learning_rate, float, above=0)
    check(name, "end_learning_rate", end_learning_rate, float, least=0)
    check(name, "power", power, float, above=0)
    check(name, "update_decay_epoch", update_decay_epoch, bool)
    _check_steps(name, total_step, step_per_epoch, decay_epoch)
    rates = []
    for step in range(total_step):
        epoch, period = step // step_per_epoch, decay_epoch
        if update_decay_epoch:
            period *= max(1, math.ceil(epoch / decay_epoch))
        left = 1 - min(epoch, period) / period
        rates.append((learning_rate - end_learning_rate) * left**power + end_learning_rate)
    return rates


def warmup_lr(learning_rate, total_step, step_per_epoch, warmup_epoch) -> list[float]:
    """From 0 up to `learning_rate`, epoch by epoch, in `warmup_epoch` epochs.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.warmup_lr(1.0, 3, 1, 2)
        [0.0, 0.5, 1.0]
    """
    check("warmup_lr", "learning_rate", learning_rate, float, least=0)
    check("warmup_lr", "total_step", total_step, int, above=0)
    check("warmup_lr", "step_per_epoch", step_per_epoch, int, above=0)
    check("warmup_lr", "warmup_epoch", warmup_epoch, int, above=0)
    epochs = (min(step // step_per_epoch, warmup_epoch) for step in range(total_step))
    return [learning_rate * epoch / warmup_epoch for epoch in epochs]


# -- Cells -----------------------------------------------------------------------------------------------------------


class LearningRateSchedule(Cell):
    """Base class of Cells that compute the learning rate of a step, for an optimizer's `learning_rate`.

    A subclass defines `construct(self, global_step)`; `global_step` counts the steps before this one.

    Example:
        >>> class Halving(nn.LearningRateSchedule):
        ...     def construct(self, global_step):
        ...         return 0.1 * 0.5 ** global_step
    """

    def construct(self, global_step):
        raise NotImplementedError(f"{type(self).__name__} must define construct(self, global_step).")


class _Formula(LearningRateSchedule):
    """A schedule whose rate is one compiled formula of the step and of the numbers that describe the schedule."""

    _names: tuple[str, ...]
    _formula: Callable

    def construct(self, global_step):
        return wrap(_rate(self._formula, self._numbers(), jnp.asarray(raw(global_step))))

    def _numbers(self) -> tuple:
        return tuple(getattr(self, name) for name in self._names)


@partial(jax.jit, static_argnums=(0, 1))
def _rate(formula, numbers, step):
    return formula(step.astype(np.float32), *numbers).astype(np.float32)


class _Decay(_Formula):
    _names = ("learning_rate", "decay_rate", "decay_steps", "is_stair")

    def __init__(self, learning_rate, decay_rate, decay_steps, is_stair=False):
        super().__init__()
        name = type(self).__name__
        _check_decay(name, learning_rate, decay_rate, is_stair)
        check(name, "decay_steps", decay_steps, int, above=0)
        self.learning_rate, self.decay_rate = learning_rate, decay_rate
        self.decay_steps, self.is_stair = decay_steps, is_stair


def _periods(step, decay_steps, is_stair):
    periods = step / decay_steps
    return jnp.floor(periods) if is_stair else periods


class ExponentialDecayLR(_Decay):
    """`learning_rate * decay_rate ** (step / decay_steps)`; with `is_stair`, of whole periods.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.ExponentialDecayLR(0.1, 0.5, 2)(Tensor(2))
        Tensor(shape=[], dtype=Float32, value= 0.05)
    """

    @staticmethod
    def _formula(step, learning_rate, decay_rate, decay_steps, is_stair):
        return learning_rate * decay_rate ** _periods(step, decay_steps, is_stair)


class NaturalExpDecayLR(_Decay):
    """`learning_rate * exp(-decay_rate * step)`; with `is_stair`, of steps in whole periods.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.
    """

    @staticmethod
    def _formula(step, learning_rate, decay_rate, decay_steps, is_stair):
        return learning_rate * jnp.exp(-decay_rate * decay_steps * _periods(step, decay_steps, is_stair))


class InverseDecayLR(_Decay):
    """`learning_rate / (1 + decay_rate * step / decay_steps)`; with `is_stair`, of whole periods.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.
    """

    @staticmethod
    def _formula(step, learning_rate, decay_rate, decay_steps, is_stair):
        return learning_rate / (1 + decay_rate * _periods(step, decay_steps, is_stair))


class CosineDecayLR(_Formula):
    """From `max_lr` down half a cosine to `min_lr` in `decay_steps` steps.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    _names = ("min_lr", "max_lr", "decay_steps")

    def __init__(self, min_lr, max_lr, decay_steps):
        super().__init__()
        check("CosineDecayLR", "min_lr", min_lr, float, least=0)
        check("CosineDecayLR", "max_lr", max_lr, float, above=0)
        check("CosineDecayLR", "decay_steps", decay_steps, int, above=0)
        _check_order("CosineDecayLR", min_lr, max_lr)
        self.min_lr, self.max_lr, self.decay_steps = min_lr, max_lr, decay_steps

    @staticmethod
    def _formula(step, min_lr, max_lr, decay_steps):
        part = jnp.minimum(step, decay_steps) / decay_steps
        return min_lr + 0.5 * (max_lr - min_lr) * (1 + jnp.cos(math.pi * part))


class PolynomialDecayLR(_Formula):
    """From `learning_rate` to `end_learning_rate` in `decay_steps` steps, as `(1 - step / decay_steps) ** power`.

    Args:
        update_decay_steps: begin a longer period, of a multiple of `decay_steps`, whenever one is over.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    _names = ("learning_rate", "end_learning_rate", "decay_steps", "power", "update_decay_steps")

    def __init__(self, learning_rate, end_learning_rate, decay_steps, power, update_decay_steps=False):
        super().__init__()
        name = "PolynomialDecayLR"
        check(name, "learning_rate", learning_rate, float, above=0)
        check(name, "end_learning_rate", end_learning_rate, float, least=0)
        check(name, "decay_steps", decay_steps, int, above=0)
        check(name, "power", power, float, above=0)
        check(name, "update_decay_steps", update_decay_steps, bool)
        self.learning_rate, self.end_learning_rate = learning_rate, end_learning_rate
        self.decay_steps, self.power, self.update_decay_steps = decay_steps, power, update_decay_steps

    @staticmethod
    def _formula(step, learning_rate, end_learning_rate, decay_steps, power, update_decay_steps):
        period = decay_steps * jnp.maximum(jnp.ceil(step / decay_steps), 1) if update_decay_steps else decay_steps
        left = 1 - jnp.minimum(step, period) / period
        return (learning_rate - end_learning_rate) * left**power + end_learning_rate


class WarmUpLR(_Formula):
    """From 0 up to `learning_rate` in `warmup_steps` steps.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    _names = ("learning_rate", "warmup_steps")

    def __init__(self, learning_rate, warmup_steps):
        super().__init__()
        check("WarmUpLR", "learning_rate", learning_rate, float, least=0)
        check("WarmUpLR", "warmup_steps", warmup_steps, int, above=0)
        self.learning_rate, self.warmup_steps = learning_rate, warmup_steps

    @staticmethod
    def _formula(step, learning_rate, warmup_steps):
        return learning_rate * jnp.minimum(step, warmup_steps) / warmup_steps
