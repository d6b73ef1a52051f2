"""Rates that go down, or up and down, again and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from msjax.core.kinds import takes_finite
from msjax.nn.documented import documented_scheduler
from msjax.nn.optim.grouped import GroupedOptimizer
from msjax.nn.optim.lr_scheduler.scheduler import LRScheduler, Scheduler


@documented_scheduler
@takes_finite(T_max="int or bool", eta_min="real")
class CosineAnnealingLR(LRScheduler):
    """Down to `eta_min` in `T_max` epochs by a cosine, and up again (Loshchilov and Hutter 2017).

    Args:
        T_max: epochs of the way down.
        eta_min: the least rate.

    Example:
        T_max=2 -> [1.0, 0.5, 0.0, 0.5]
    """

    def __init__(self, optimizer: GroupedOptimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1):
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        epoch, low, pairs = self.last_epoch, self.eta_min, list(zip(self.rates, self.base_lrs, strict=True))
        if epoch == 0:
            return self.rates
        now, before = (1 + math.cos(math.pi * e / self.T_max) for e in (epoch, epoch - 1))
        if (epoch - 1 - self.T_max) % (2 * self.T_max) == 0:  # `before` is 0
            return [rate + (base - low) * now / 2 for rate, base in pairs]
        return [low + (rate - low) * now / before for rate, _ in pairs]


@documented_scheduler
@takes_finite(T_0="int > 0 or bool", T_mult="int > 0 or bool", eta_min="number")
class CosineAnnealingWarmRestarts(LRScheduler):
    """Down to `eta_min` by a cosine in `T_0` epochs, then anew in `T_mult` times as many.

    Source: Loshchilov and Hutter 2017.

    Args:
        T_0: epochs of the first way down.
        T_mult: how many times longer each next one is, an int.
        eta_min: the least rate.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type or not positive.

    Example:
        T_0=2 -> [1.0, 0.5, 1.0, 0.5]
    """

    def __init__(
        self, optimizer: GroupedOptimizer, T_0: int, T_mult: int = 1, eta_min: float = 0, last_epoch: int = -1
    ):
        if T_0 <= 0 or T_mult < 1:
            raise ValueError(f"'T_0' must be > 0 and 'T_mult' >= 1, but got {T_0} and {T_mult}.")
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        length, since = self.T_0, self.last_epoch
        while since >= length:
            since, length = since - length, length * self.T_mult
        cosine = math.cos(math.pi * since / length)
        return [self.eta_min + (rate - self.eta_min) * (1 + cosine) / 2 for rate in self.base_lrs]

    def step(self, epoch: int | None = None) -> None:
        """Go to the next epoch.

        Args:
            epoch: the epoch to go to in place of the next; 0 to begin anew.
        """
        super().step(epoch)


@documented_scheduler
class CyclicLR(LRScheduler):
    """Between `base_lr` and `max_lr`, up in `step_size_up` steps and down in `step_size_down` (Smith 2017).

    Args:
        base_lr: the least rate, or one for each group.
        max_lr: the greatest rate, or one for each group.
        step_size_up: steps of a way up.
        step_size_down: steps of a way down; None for as many.
        mode: "triangular", "triangular2" (half as high in each cycle) or "exp_range" (times gamma ** step).
        gamma: of "exp_range".
        scale_fn: what the height is multiplied with, a function, in place of `mode`.
        scale_mode: what that is a function of: the "cycle", from 1, or the "iterations".

    Raises:
        ValueError: if `mode` is unknown and there is no `scale_fn`.

    Example:
        0.0, 1.0, step_size_up=2 -> [0.0, 0.5, 1.0, 0.5]
    """

    def __init__(
        self,
        optimizer: GroupedOptimizer,
        base_lr: float | Sequence[float],
        max_lr: float | Sequence[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[int], float] | None = None,
        scale_mode: str = "cycle",
        last_epoch: int = -1,
    ):
        scales = {
            "triangular": (lambda x: 1.0, "cycle"),
            "triangular2": (lambda x: 0.5 ** (x - 1), "cycle"),
            "exp_range": (lambda x: gamma**x, "iterations"),
        }
        if mode not in scales and scale_fn is None:
            raise ValueError(f"'mode' must be one of {list(scales)}, but got {mode!r}.")
        self.scale_fn, self.scale_mode = (scale_fn, scale_mode) if scale_fn else scales[mode]
        self.up, self.length = step_size_up, step_size_up + (step_size_up if step_size_down is None else step_size_down)
        Scheduler.__init__(self, optimizer)  # the rates must be known before the first step, which the base takes
        self.max_lrs = self._for_each_group(max_lr)
        for group, low in zip(optimizer.param_groups, self._for_each_group(base_lr), strict=True):
            group["initial_lr"] = low
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        cycle, since = divmod(self.last_epoch, self.length)
        height = since / self.up if since <= self.up else (self.length - since) / (self.length - self.up)
        scale = self.scale_fn(cycle + 1 if self.scale_mode == "cycle" else self.last_epoch)
        return [low + (high - low) * height * scale for low, high in zip(self.base_lrs, self.max_lrs, strict=True)]
