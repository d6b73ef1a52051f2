"""Rates that fall when training does not get on."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msjax.core.tensor import Tensor
from msjax.nn.documented import documented_scheduler
from msjax.nn.optim.grouped import GroupedOptimizer
from msjax.nn.optim.lr_scheduler.scheduler import Scheduler, set_rate


@documented_scheduler
class ReduceLROnPlateau(Scheduler):
    """The rate times `factor` when a figure has not got better for `patience` epochs; `step(figure)`.

    Args:
        mode: "min" or "max", which way is better.
        factor: what the rate is multiplied with, below 1.
        patience: epochs to wait.
        threshold: by how much it must be better to count.
        threshold_mode: "rel", as a part of the best figure, or "abs".
        cooldown: epochs without counting after a reduction.
        min_lr: a bound, or one for each group.
        eps: smaller changes of a rate are left out.

    Raises:
        TypeError: if the optimizer is another one.
        ValueError: if the factor is not below 1, or a mode is unknown.

    Example:
        >>> optimizer = ms.experimental.optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> scheduler = ms.experimental.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0, factor=0.5)
        >>> for loss in (3.0, 2.0, 2.0):
        ...     _ = scheduler.step(loss)
        >>> float(optimizer.param_groups[0]["lr"])
        0.5
    """

    def __init__(
        self,
        optimizer: GroupedOptimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0,
        eps: float = 1e-8,
    ):
        super().__init__(optimizer)
        if not factor < 1.0:  # nor nan
            raise ValueError("Factor should be < 1.0.")
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs"):
            raise ValueError(f"'mode' {mode!r} or 'threshold_mode' {threshold_mode!r} is unknown.")
        self.mode, self.factor, self.patience = mode, factor, patience
        self.threshold, self.threshold_mode, self.cooldown, self.eps = threshold, threshold_mode, cooldown, eps
        self.min_lrs = self._for_each_group(min_lr)
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = self.last_epoch = 0

    @property
    def in_cooldown(self) -> bool:
        """Whether a reduction was a short time ago."""
        return self.cooldown_counter > 0

    def is_better(self, figure: float) -> bool:
        """Whether a figure is better than the best one by more than the threshold.

        Args:
            figure: the figure of an epoch.

        Returns:
            Whether it is.
        """
        sign = 1 if self.mode == "min" else -1
        margin = self.threshold * (abs(self.best) if self.threshold_mode == "rel" else 1.0)
        return math.isinf(self.best) or sign * figure < sign * self.best - margin

    def step(self, metrics: float | Tensor) -> bool:
        """Note the figure of an epoch, and reduce the rates if it is time.

        Args:
            metrics: the figure, a number or a Tensor of one element.

        Returns:
            True, as MindSpore's schedulers do.
        """
        figure = float(metrics)
        self.last_epoch += 1
        if self.is_better(figure):
            self.best, self.num_bad_epochs = figure, 0
        else:
            self.num_bad_epochs += 1
        if self.in_cooldown:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown_counter - 1, 0
        if self.num_bad_epochs > self.patience:
            self._reduce()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._last_lr = self._rates_now()
        return True

    def _reduce(self) -> None:
        for group, least in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
            old = float(group["lr"])
            new = max(old * self.factor, least)
            if old - new > self.eps:
                set_rate(group, new)
