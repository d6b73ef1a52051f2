"""Learning rates that change: Cells that compute the rate of a step, and lists of one rate per step.

Each formula stands once, as a function of a module of mathematics: the Cells are compiled with `jax.numpy`, in float32;
the lists are of Python numbers, by `math`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import check, check_finite, takes_finite
from msjax.core.tensor import Tensor, raw, wrap
from msjax.nn.cell import Cell
from msjax.nn.documented import documented_rates, documented_schedule

# -- formulas: of the time, which is a step for Cells and an epoch for lists -----------------------------------------


class _Numbers:
    """The functions of `jax.numpy` that formulas use, for Python numbers."""

    floor, ceil, exp, cos = math.floor, math.ceil, math.exp, math.cos
    minimum, maximum = min, max


def _periods(mathematics, time, length, is_stair):
    return mathematics.floor(time / length) if is_stair else time / length


def _exponential(mathematics, time, learning_rate, decay_rate, length, is_stair):
    return learning_rate * decay_rate ** _periods(mathematics, time, length, is_stair)


def _natural_exponential(mathematics, time, learning_rate, decay_rate, length, is_stair):
    return learning_rate * mathematics.exp(-decay_rate * length * _periods(mathematics, time, length, is_stair))


def _inverse(mathematics, time, learning_rate, decay_rate, length, is_stair):
    return learning_rate / (1 + decay_rate * _periods(mathematics, time, length, is_stair))


def _cosine(mathematics, time, min_lr, max_lr, length):
    part = mathematics.minimum(time, length) / length
    return min_lr + 0.5 * (max_lr - min_lr) * (1 + mathematics.cos(math.pi * part))


def _polynomial(mathematics, time, learning_rate, end_learning_rate, length, power, grows):
    period = length * mathematics.maximum(mathematics.ceil(time / length), 1) if grows else length
    # XLA contracts the difference, which may be less than 0 then, and has no root.
    left = mathematics.maximum(1 - mathematics.minimum(time, period) / period, 0)
    return (learning_rate - end_learning_rate) * left**power + end_learning_rate


def _warm_up(mathematics, time, learning_rate, length):
    return learning_rate * mathematics.minimum(time, length) / length


# -- lists -----------------------------------------------------------------------------------------------------------

_COUNTS = {"total_step": "int > 0", "step_per_epoch": "int > 0", "decay_epoch": "int > 0"}
_DECAY = {"learning_rate": "float > 0", "decay_rate": "float > 0", "is_stair": "bool"}
_RANGE = {"min_lr": "float >= 0", "max_lr": "float > 0"}
_POWER = {"learning_rate": "float > 0", "end_learning_rate": "float >= 0", "power": "float > 0"}


def _listed(formula: Callable, total_step: int, step_per_epoch: int, *numbers) -> list[float]:
    """The rate of each step: that of its epoch."""
    return [formula(_Numbers, step // step_per_epoch, *numbers) for step in range(total_step)]


def _check_order(name: str, min_lr: float, max_lr: float) -> None:
    if min_lr >= max_lr:
        raise ValueError(
            f"For '{name}', the 'max_lr' must be greater than the 'min_lr', "
            f"but got 'max_lr' value: {max_lr}, 'min_lr' value: {min_lr}."
        )


@documented_rates
@takes_finite(milestone="tuple or list", learning_rates="tuple or list")
def piecewise_constant_lr(milestone: Sequence[int], learning_rates: Sequence[float]) -> list[float]:
    """A list of `learning_rates[i]` up to step `milestone[i]`.

    Args:
        milestone: increasing positive ints; the last is the number of steps.
        learning_rates: floats, as many.

    Raises:
        TypeError, ValueError: if an argument is not as described.

    Example:
        >>> nn.piecewise_constant_lr([2, 3], [0.1, 0.05])
        [0.1, 0.1, 0.05]
    """
    name = "piecewise_constant_lr"
    if len(milestone) != len(learning_rates):
        raise ValueError(
            f"For '{name}', the size of 'milestone' must be the same as the size of 'learning_rates', "
            f"but got 'milestone' size: {len(milestone)}, 'learning_rates' size: {len(learning_rates)}."
        )
    rates: list[float] = []
    for i, (end, rate) in enumerate(zip(milestone, learning_rates, strict=True)):
        check(name, f"milestone[{i}]", end, "int > 0")
        check_finite(name, f"learning_rates[{i}]", rate, "float")
        if end < len(rates):
            raise ValueError(
                f"For '{name}', the value of milestone[{i}] must be greater than milestone[{i - 1}], "
                f"but got milestone[{i}]: {end}, milestone[{i - 1}]: {len(rates)}."
            )
        rates += [rate] * (end - len(rates))
    return rates


@documented_rates
@takes_finite(**_DECAY, **_COUNTS)
def exponential_decay_lr(
    learning_rate: float,
    decay_rate: float,
    total_step: int,
    step_per_epoch: int,
    decay_epoch: int,
    is_stair: bool = False,
) -> list[float]:
    """A list of `learning_rate * decay_rate ** (epoch / decay_epoch)`.

    Args:
        decay_rate: what it is multiplied with in `decay_epoch` epochs.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.exponential_decay_lr(0.5, 0.5, 4, 2, 1)
        [0.5, 0.5, 0.25, 0.25]
    """
    return _listed(_exponential, total_step, step_per_epoch, learning_rate, decay_rate, decay_epoch, is_stair)


@documented_rates
@takes_finite(**_DECAY, **_COUNTS)
def natural_exp_decay_lr(
    learning_rate: float,
    decay_rate: float,
    total_step: int,
    step_per_epoch: int,
    decay_epoch: int,
    is_stair: bool = False,
) -> list[float]:
    """A list of `learning_rate * exp(-decay_rate * epoch)`.

    Args:
        decay_rate: how fast it falls, per epoch.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.natural_exp_decay_lr(0.5, 0.9, 2, 2, 1)
        [0.5, 0.5]
    """
    return _listed(_natural_exponential, total_step, step_per_epoch, learning_rate, decay_rate, decay_epoch, is_stair)


@documented_rates
@takes_finite(**_DECAY, **_COUNTS)
def inverse_decay_lr(
    learning_rate: float,
    decay_rate: float,
    total_step: int,
    step_per_epoch: int,
    decay_epoch: int,
    is_stair: bool = False,
) -> list[float]:
    """A list of `learning_rate / (1 + decay_rate * epoch / decay_epoch)`.

    Args:
        decay_rate: how fast it falls, per period.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.inverse_decay_lr(0.5, 1.0, 2, 1, 1)
        [0.5, 0.25]
    """
    return _listed(_inverse, total_step, step_per_epoch, learning_rate, decay_rate, decay_epoch, is_stair)


@documented_rates
@takes_finite(**_RANGE, **_COUNTS)
def cosine_decay_lr(
    min_lr: float, max_lr: float, total_step: int, step_per_epoch: int, decay_epoch: int
) -> list[float]:
    """A list from `max_lr` down half a cosine to `min_lr` in `decay_epoch` epochs (Loshchilov and Hutter 2017).

    Args:
        decay_epoch: epochs until the last rate.

    Example:
        >>> nn.cosine_decay_lr(0.0, 1.0, 3, 1, 2)
        [1.0, 0.5, 0.0]
    """
    _check_order("cosine_decay_lr", min_lr, max_lr)
    return _listed(_cosine, total_step, step_per_epoch, min_lr, max_lr, decay_epoch)


@documented_rates
@takes_finite(**_POWER, **_COUNTS, update_decay_epoch="bool")
def polynomial_decay_lr(
    learning_rate: float,
    end_learning_rate: float,
    total_step: int,
    step_per_epoch: int,
    decay_epoch: int,
    power: float,
    update_decay_epoch: bool = False,
) -> list[float]:
    """From `learning_rate` to `end_learning_rate` in `decay_epoch` epochs, as `(1 - epoch / decay_epoch) ** power`.

    Args:
        decay_epoch: epochs until the last rate.
        update_decay_epoch: whether a longer period, of a multiple of `decay_epoch`, begins whenever one is over.

    Example:
        >>> nn.polynomial_decay_lr(1.0, 0.0, 3, 1, 2, 1.0)
        [1.0, 0.5, 0.0]
    """
    numbers = learning_rate, end_learning_rate, decay_epoch, power, update_decay_epoch
    return _listed(_polynomial, total_step, step_per_epoch, *numbers)


@documented_rates
@takes_finite(learning_rate="float >= 0", total_step="int > 0", step_per_epoch="int > 0", warmup_epoch="int > 0")
def warmup_lr(learning_rate: float, total_step: int, step_per_epoch: int, warmup_epoch: int) -> list[float]:
    """A list from 0 up to `learning_rate`, epoch by epoch, in `warmup_epoch` epochs.

    Args:
        learning_rate: the last rate.
        warmup_epoch: epochs until the last rate.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.warmup_lr(1.0, 3, 1, 2)
        [0.0, 0.5, 1.0]
    """
    return _listed(_warm_up, total_step, step_per_epoch, learning_rate, warmup_epoch)


# -- Cells -----------------------------------------------------------------------------------------------------------


class LearningRateSchedule(Cell):
    """Base class of Cells that compute the learning rate of a step, for an optimizer's `learning_rate`.

    A subclass defines `construct(self, global_step)`.

    Args:
        auto_prefix, flags: as for `Cell`.

    Example:
        >>> class Halving(nn.LearningRateSchedule):
        ...     def construct(self, global_step):
        ...         return 0.1 * 0.5 ** global_step
        >>> Halving()(Tensor(1.0)).item()
        0.05
    """

    def construct(self, global_step: Tensor) -> Any:
        """The learning rate of a step.

        Args:
            global_step: the number of steps before this one, of shape () or (1,).

        Returns:
            The rate, of the same shape.
        """
        raise NotImplementedError(f"{type(self).__name__} must define construct(self, global_step).")


class _Formula(LearningRateSchedule):
    # The rate is one compiled formula of the step and of the numbers that describe the schedule.
    _names: tuple[str, ...]
    _formula: Callable

    def construct(self, global_step):
        return wrap(_rate(self._formula, self._numbers(), jnp.asarray(raw(global_step))))

    def _numbers(self) -> tuple:
        return tuple(getattr(self, name) for name in self._names)


@partial(jax.jit, static_argnums=(0, 1))
def _rate(formula, numbers, step):
    return formula(jnp, step.astype(np.float32), *numbers).astype(np.float32)


@takes_finite(**_DECAY, decay_steps="int > 0")
class _Decay(_Formula):
    _names = ("learning_rate", "decay_rate", "decay_steps", "is_stair")

    def __init__(self, learning_rate: float, decay_rate: float, decay_steps: int, is_stair: bool = False):
        super().__init__()
        self.learning_rate, self.decay_rate = learning_rate, decay_rate
        self.decay_steps, self.is_stair = decay_steps, is_stair


@documented_schedule
class ExponentialDecayLR(_Decay):
    """`learning_rate * decay_rate ** (step / decay_steps)`.

    Args:
        decay_rate: what it is multiplied with in `decay_steps` steps.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.ExponentialDecayLR(0.1, 0.5, 2)(Tensor(2))
        Tensor(shape=[], dtype=Float32, value= 0.05)
    """

    _formula = staticmethod(_exponential)


@documented_schedule
class NaturalExpDecayLR(_Decay):
    """`learning_rate * exp(-decay_rate * step)`.

    Args:
        decay_rate: how fast it falls, per step.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.NaturalExpDecayLR(0.1, 0.5, 2)(Tensor(0))
        Tensor(shape=[], dtype=Float32, value= 0.1)
    """

    _formula = staticmethod(_natural_exponential)


@documented_schedule
class InverseDecayLR(_Decay):
    """`learning_rate / (1 + decay_rate * step / decay_steps)`.

    Args:
        decay_rate: how fast it falls, per period.

    Raises:
        TypeError, ValueError: if an argument is not positive or of the wrong type.

    Example:
        >>> nn.InverseDecayLR(0.1, 1.0, 2)(Tensor(2))
        Tensor(shape=[], dtype=Float32, value= 0.05)
    """

    _formula = staticmethod(_inverse)


@documented_schedule
@takes_finite(**_RANGE, decay_steps="int > 0")
class CosineDecayLR(_Formula):
    """From `max_lr` down half a cosine to `min_lr` in `decay_steps` steps (Loshchilov and Hutter 2017).

    Args:
        decay_steps: steps until the last rate.

    Example:
        >>> nn.CosineDecayLR(0.0, 0.1, 4)(Tensor(2))
        Tensor(shape=[], dtype=Float32, value= 0.05)
    """

    _names = ("min_lr", "max_lr", "decay_steps")
    _formula = staticmethod(_cosine)

    def __init__(self, min_lr: float, max_lr: float, decay_steps: int):
        super().__init__()
        _check_order("CosineDecayLR", min_lr, max_lr)
        self.min_lr, self.max_lr, self.decay_steps = min_lr, max_lr, decay_steps


@documented_schedule
@takes_finite(**_POWER, decay_steps="int > 0", update_decay_steps="bool")
class PolynomialDecayLR(_Formula):
    """From `learning_rate` to `end_learning_rate` in `decay_steps` steps, as `(1 - step / decay_steps) ** power`.

    Args:
        decay_steps: steps until the last rate.
        update_decay_steps: whether a longer period, of a multiple of `decay_steps`, begins whenever one is over.

    Example:
        >>> nn.PolynomialDecayLR(0.1, 0.0, 4, 1.0)(Tensor(2))
        Tensor(shape=[], dtype=Float32, value= 0.05)
    """

    _names = ("learning_rate", "end_learning_rate", "decay_steps", "power", "update_decay_steps")
    _formula = staticmethod(_polynomial)

    def __init__(
        self,
        learning_rate: float,
        end_learning_rate: float,
        decay_steps: int,
        power: float,
        update_decay_steps: bool = False,
    ):
        super().__init__()
        self.learning_rate, self.end_learning_rate = learning_rate, end_learning_rate
        self.decay_steps, self.power, self.update_decay_steps = decay_steps, power, update_decay_steps


@documented_schedule
@takes_finite(learning_rate="float >= 0", warmup_steps="int > 0")
class WarmUpLR(_Formula):
    """From 0 up to `learning_rate` in `warmup_steps` steps.

    Args:
        learning_rate: the last rate.
        warmup_steps: steps until the last rate.

    Example:
        >>> nn.WarmUpLR(0.1, 4)(Tensor(2))
        Tensor(shape=[], dtype=Float32, value= 0.05)
    """

    _names = ("learning_rate", "warmup_steps")
    _formula = staticmethod(_warm_up)

    def __init__(self, learning_rate: float, warmup_steps: int):
        super().__init__()
        self.learning_rate, self.warmup_steps = learning_rate, warmup_steps
