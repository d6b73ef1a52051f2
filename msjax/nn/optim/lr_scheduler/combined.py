"""Schedulers one after another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msjax.nn.documented import documented_scheduler
from msjax.nn.optim.grouped import GroupedOptimizer
from msjax.nn.optim.lr_scheduler.scheduler import LRScheduler, Scheduler, set_rate


@documented_scheduler
class SequentialLR(Scheduler):
    """One scheduler after another.

    Args:
        schedulers: of this optimizer.
        milestones: the epochs at which the next one begins.

    Raises:
        TypeError: if the optimizer is another one.
        ValueError: if there is not one milestone less than schedulers.

    Example:
        >>> optimizer = ms.experimental.optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> schedulers = ms.experimental.optim.lr_scheduler
        >>> parts = [schedulers.ConstantLR(optimizer, 0.5, 9), schedulers.ExponentialLR(optimizer, 0.5)]
        >>> scheduler, rates = schedulers.SequentialLR(optimizer, parts, [2]), []
        >>> for _ in range(4):
        ...     rates.append(float(optimizer.param_groups[0]["lr"]))
        ...     _ = scheduler.step()
        >>> rates
        [0.5, 0.5, 1.0, 0.5]
    """

    def __init__(
        self,
        optimizer: GroupedOptimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ):
        super().__init__(optimizer)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(f"{len(schedulers)} schedulers need {len(schedulers) - 1} milestones.")
        self._schedulers, self._milestones = list(schedulers), list(milestones)
        self.last_epoch = last_epoch + 1
        for group in optimizer.param_groups:
            set_rate(group, group["initial_lr"])
        for scheduler in self._schedulers:
            scheduler.last_epoch -= 1
        self._schedulers[0].step()
        self._last_lr = self._schedulers[0].get_last_lr()

    def step(self) -> None:
        """Go to the next epoch."""
        self.last_epoch += 1
        at = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[at]
        if at > 0 and self._milestones[at - 1] == self.last_epoch:
            scheduler.step(0)
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()
