"""Rates that are multiplied by factors from epoch to epoch.

Examples are arguments and the rates of the first epochs; `documented_scheduler` makes programs of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from msjax.core.kinds import check, takes_finite
from msjax.nn.documented import documented_scheduler
from msjax.nn.optim.grouped import GroupedOptimizer
from msjax.nn.optim.lr_scheduler.scheduler import LRScheduler, Scheduler


@documented_scheduler
@takes_finite(step_size="int or bool", gamma="float")
class StepLR(LRScheduler):
    """The rate times `gamma` every `step_size` epochs.

    Args:
        step_size: epochs from one change to the next.

    Example:
        step_size=2, gamma=0.5 -> [1.0, 1.0, 0.5, 0.5]
    """

    def __init__(self, optimizer: GroupedOptimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1):
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        drop = self.last_epoch and self.last_epoch % self.step_size == 0
        return [rate * self.gamma if drop else rate for rate in self.rates]


@documented_scheduler
@takes_finite(milestones="list", gamma="number")
class MultiStepLR(LRScheduler):
    """The rate times `gamma` at each of the `milestones`.

    Args:
        milestones: a list of epochs.

    Example:
        [1, 3], gamma=0.5 -> [1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, optimizer: GroupedOptimizer, milestones: list[int], gamma: float = 0.1, last_epoch: int = -1):
        for milestone in milestones:
            check("MultiStepLR", "milestones", milestone, "int")
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        return [rate * self.gamma ** self.milestones[self.last_epoch] for rate in self.rates]


@documented_scheduler
@takes_finite(gamma="float")
class ExponentialLR(LRScheduler):
    """The rate times `gamma` in each epoch.

    Example:
        gamma=0.5 -> [1.0, 0.5, 0.25]
    """

    def __init__(self, optimizer: GroupedOptimizer, gamma: float, last_epoch: int = -1):
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        return [rate * self.gamma if self.last_epoch else rate for rate in self.rates]


@documented_scheduler
@takes_finite(total_iters="int or bool")
class ConstantLR(LRScheduler):
    """The rate times `factor` for `total_iters` epochs.

    Args:
        factor: what the rate is multiplied with, from 0 to 1.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type, or the factor out of range.

    Example:
        factor=0.5, total_iters=2 -> [0.5, 0.5, 1.0]
    """

    def __init__(
        self, optimizer: GroupedOptimizer, factor: float = 1.0 / 3, total_iters: int = 5, last_epoch: int = -1
    ):
        if not 0 <= factor <= 1:
            raise ValueError("Constant multiplicative factor expected to be between 0 and 1.")
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.last_epoch == 0:
            return [rate * self.factor for rate in self.rates]
        return [rate / self.factor if self.last_epoch == self.total_iters else rate for rate in self.rates]


@documented_scheduler
@takes_finite(total_iters="int or bool")
class LinearLR(LRScheduler):
    """The rate times a factor that goes from `start_factor` to `end_factor` in `total_iters` epochs.

    Args:
        start_factor: the first factor, in (0, 1].
        end_factor: the last one, from 0 to 1.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type, or a factor out of range.

    Example:
        start_factor=0.5, total_iters=2 -> [0.5, 0.75, 1.0, 1.0]
    """

    def __init__(
        self,
        optimizer: GroupedOptimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ):
        if not 0 < start_factor <= 1:
            raise ValueError("Starting multiplicative factor expected to be greater than 0 and less or equal to 1.")
        if not 0 <= end_factor <= 1:
            raise ValueError("Ending multiplicative factor expected to be between 0 and 1.")
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        rise, epoch = self.end_factor - self.start_factor, self.last_epoch
        if epoch == 0:
            return [rate * self.start_factor for rate in self.rates]
        before = self.start_factor + rise * (epoch - 1) / self.total_iters
        change = 1.0 if epoch > self.total_iters else 1 + rise / self.total_iters / before
        return [rate * change for rate in self.rates]


@documented_scheduler
@takes_finite(total_iters="int or bool", power="float >= 0")
class PolynomialLR(LRScheduler):
    """The rate goes to 0 in `total_iters` epochs as `(1 - epoch / total_iters) ** power`.

    Args:
        power: 1 for a straight line.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type, or the power negative.

    Example:
        total_iters=2, power=2.0 -> [1.0, 0.25, 0.0]
    """

    def __init__(self, optimizer: GroupedOptimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1):
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        left = self.total_iters - self.last_epoch
        change = (left / (left + 1)) ** self.power if self.last_epoch and left >= 0 else 1.0
        return [rate * change for rate in self.rates]


class _Functions(LRScheduler):
    def __init__(
        self,
        optimizer: GroupedOptimizer,
        lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
        last_epoch: int = -1,
    ):
        Scheduler.__init__(self, optimizer)  # the functions must be known before the first step, which the base takes
        count = len(optimizer.param_groups)
        self.lr_lambdas = self._for_each_group(lr_lambda)
        if len(self.lr_lambdas) != count:
            raise ValueError(f"Expected {count} lr_lambdas, but got {len(self.lr_lambdas)}")
        super().__init__(optimizer, last_epoch)


@documented_scheduler
class LambdaLR(_Functions):
    """The initial rate times `lr_lambda(epoch)`.

    Raises:
        ValueError: if there are not as many functions as groups.

    Example:
        lambda epoch: 1 / (1 + epoch) -> [1.0, 0.5, 0.3333]
    """

    def get_lr(self) -> list[float]:
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [rate * float(function(self.last_epoch)) for rate, function in pairs]


@documented_scheduler
class MultiplicativeLR(_Functions):
    """The rate times `lr_lambda(epoch)` in each epoch.

    Raises:
        ValueError: if there are not as many functions as groups.

    Example:
        lambda epoch: 0.5 -> [1.0, 0.5, 0.25]
    """

    def get_lr(self) -> list[float]:
        pairs = zip(self.rates, self.lr_lambdas, strict=True)
        return [rate * float(function(self.last_epoch)) if self.last_epoch else rate for rate, function in pairs]
