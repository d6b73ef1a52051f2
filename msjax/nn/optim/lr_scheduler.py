"""Learning-rate schedulers of `experimental.optim`: `scheduler.step()` after each epoch sets the groups' rates.

The formulas are PyTorch's, and most go from the present rate to the next, so that schedulers can be combined. Rates are
Python floats here and float32 in the groups.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import check, takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.nn.optim.grouped import GroupedOptimizer


def _check_optimizer(name: str, optimizer) -> None:
    if not isinstance(optimizer, GroupedOptimizer):
        raise TypeError(
            f"For '{name}', the 'optimizer' must be one of mindspore.experimental.optim, but got {type(optimizer)}."
        )


def _set(group: dict, rate: float) -> None:
    if isinstance(group["lr"], Parameter):
        rebind(group["lr"], jnp.asarray(rate, np.float32))
    else:
        group["lr"] = rate


def _rates_now(optimizer) -> list:
    """The groups' rates, which later steps leave alone."""
    rates = (group["lr"] for group in optimizer.param_groups)
    return [wrap(raw(rate)) if isinstance(rate, Tensor) else rate for rate in rates]


def _for_each_group(optimizer, value) -> list:
    """One value for each group, of a list of them or of one for all."""
    return list(value) if isinstance(value, list | tuple) else [value] * len(optimizer.param_groups)


class LRScheduler:
    """Base class; a subclass defines `get_lr()`, one rate for each group.

    Args:
        optimizer: of `experimental.optim`.
        last_epoch: the epoch that has been done, -1 to begin.

    Raises:
        TypeError: if the optimizer is another one.
        KeyError: if `last_epoch` is not -1 and a group has no "initial_lr".

    Example:
        >>> optimizer = ms.experimental.optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=0.1)
        >>> scheduler = ms.experimental.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
        >>> scheduler.step()
        >>> optimizer.param_groups[0]["lr"].item()
        0.05000000074505806
    """

    def __init__(self, optimizer, last_epoch: Any = -1):
        _check_optimizer(type(self).__name__, optimizer)
        if last_epoch == -1:
            for group in optimizer.param_groups:
                group.setdefault("initial_lr", float(f"{float(group['lr']):.8g}"))
        self.optimizer = optimizer
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.groups_num = len(self.base_lrs)
        self.last_epoch = last_epoch
        self._last_lr = _rates_now(optimizer)
        self.step()

    @property
    def rates(self) -> list[float]:
        """The present rates."""
        return [float(group["lr"]) for group in self.optimizer.param_groups]

    def get_lr(self) -> list:
        """The rates of epoch `last_epoch`."""
        raise NotImplementedError

    def step(self, epoch=None) -> None:
        """Go to the next epoch, or begin anew at epoch 0."""
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        if epoch == 0:
            for group, rate in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
                _set(group, rate)
        for group, rate in zip(self.optimizer.param_groups, self.get_lr(), strict=False):
            _set(group, float(rate))
        self._last_lr = _rates_now(self.optimizer)

    def get_last_lr(self) -> list:
        """The rates that the last step has set."""
        return self._last_lr


@takes(step_size="int or bool", gamma="float")
class StepLR(LRScheduler):
    """Times `gamma` every `step_size` epochs."""

    def __init__(self, optimizer, step_size, gamma: Any = 0.1, last_epoch: Any = -1):
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        drop = self.last_epoch and self.last_epoch % self.step_size == 0
        return [rate * self.gamma if drop else rate for rate in self.rates]


@takes(milestones="list", gamma="number")
class MultiStepLR(LRScheduler):
    """Times `gamma` at each of the `milestones`."""

    def __init__(self, optimizer, milestones, gamma: Any = 0.1, last_epoch: Any = -1):
        for milestone in milestones:
            check("MultiStepLR", "milestones", milestone, "int")
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [rate * self.gamma ** self.milestones[self.last_epoch] for rate in self.rates]


@takes(gamma="float")
class ExponentialLR(LRScheduler):
    """Times `gamma` in each epoch."""

    def __init__(self, optimizer, gamma, last_epoch: Any = -1):
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [rate * self.gamma if self.last_epoch else rate for rate in self.rates]


@takes(total_iters="int or bool")
class ConstantLR(LRScheduler):
    """Times `factor` for `total_iters` epochs."""

    def __init__(self, optimizer, factor: Any = 1.0 / 3, total_iters: Any = 5, last_epoch: Any = -1):
        if not 0 <= factor <= 1:
            raise ValueError("Constant multiplicative factor expected to be between 0 and 1.")
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        if self.last_epoch == 0:
            return [rate * self.factor for rate in self.rates]
        return [rate / self.factor if self.last_epoch == self.total_iters else rate for rate in self.rates]


@takes(total_iters="int or bool")
class LinearLR(LRScheduler):
    """A factor that goes from `start_factor` to `end_factor` in `total_iters` epochs."""

    def __init__(
        self, optimizer, start_factor: Any = 1.0 / 3, end_factor: Any = 1.0, total_iters: Any = 5, last_epoch: Any = -1
    ):
        if not 0 < start_factor <= 1:
            raise ValueError("Starting multiplicative factor expected to be greater than 0 and less or equal to 1.")
        if not 0 <= end_factor <= 1:
            raise ValueError("Ending multiplicative factor expected to be between 0 and 1.")
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        rise, epoch = self.end_factor - self.start_factor, self.last_epoch
        if epoch == 0:
            return [rate * self.start_factor for rate in self.rates]
        before = self.start_factor + rise * (epoch - 1) / self.total_iters
        change = 1.0 if epoch > self.total_iters else 1 + rise / self.total_iters / before
        return [rate * change for rate in self.rates]


@takes(total_iters="int or bool", power="float >= 0")
class PolynomialLR(LRScheduler):
    """The rate goes to 0 in `total_iters` epochs as (1 - epoch / total_iters) ** power."""

    def __init__(self, optimizer, total_iters: Any = 5, power: Any = 1.0, last_epoch: Any = -1):
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        left = self.total_iters - self.last_epoch
        change = (left / (left + 1)) ** self.power if self.last_epoch and left >= 0 else 1.0
        return [rate * change for rate in self.rates]


class _Functions(LRScheduler):
    def __init__(self, optimizer, lr_lambda, last_epoch: Any = -1):
        _check_optimizer(type(self).__name__, optimizer)
        count = len(optimizer.param_groups)
        self.lr_lambdas = _for_each_group(optimizer, lr_lambda)
        if len(self.lr_lambdas) != count:
            raise ValueError(f"Expected {count} lr_lambdas, but got {len(self.lr_lambdas)}")
        super().__init__(optimizer, last_epoch)


class LambdaLR(_Functions):
    """The initial rate times `lr_lambda(epoch)`; one function, or one for each group."""

    def get_lr(self):
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [rate * float(function(self.last_epoch)) for rate, function in pairs]


class MultiplicativeLR(_Functions):
    """The rate times `lr_lambda(epoch)` in each epoch."""

    def get_lr(self):
        pairs = zip(self.rates, self.lr_lambdas, strict=True)
        return [rate * float(function(self.last_epoch)) if self.last_epoch else rate for rate, function in pairs]


@takes(T_max="int or bool", eta_min="real")
class CosineAnnealingLR(LRScheduler):
    """Down to `eta_min` in `T_max` epochs by a cosine, and up again."""

    def __init__(self, optimizer, T_max, eta_min: Any = 0.0, last_epoch: Any = -1):
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        epoch, low, pairs = self.last_epoch, self.eta_min, list(zip(self.rates, self.base_lrs, strict=True))
        if epoch == 0:
            return self.rates
        now, before = (1 + math.cos(math.pi * e / self.T_max) for e in (epoch, epoch - 1))
        if (epoch - 1 - self.T_max) % (2 * self.T_max) == 0:  # `before` is 0
            return [rate + (base - low) * now / 2 for rate, base in pairs]
        return [low + (rate - low) * now / before for rate, _ in pairs]


@takes(T_0="int > 0 or bool", T_mult="int > 0 or bool", eta_min="number")
class CosineAnnealingWarmRestarts(LRScheduler):
    """Down to `eta_min` by a cosine in `T_0` epochs, then anew in `T_mult` times as many."""

    def __init__(self, optimizer, T_0, T_mult: Any = 1, eta_min: Any = 0, last_epoch: Any = -1):
        if T_0 <= 0 or T_mult < 1:
            raise ValueError(f"'T_0' must be > 0 and 'T_mult' >= 1, but got {T_0} and {T_mult}.")
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        length, since = self.T_0, self.last_epoch
        while since >= length:
            since, length = since - length, length * self.T_mult
        cosine = math.cos(math.pi * since / length)
        return [self.eta_min + (rate - self.eta_min) * (1 + cosine) / 2 for rate in self.base_lrs]


class CyclicLR(LRScheduler):
    """Between `base_lr` and `max_lr`, up in `step_size_up` steps and down in `step_size_down`.

    Args:
        mode: "triangular", "triangular2" (half as high in each cycle) or "exp_range" (times gamma ** step).
        scale_fn, scale_mode: a function of the "cycle" or of the "iterations" instead.
    """

    def __init__(
        self,
        optimizer,
        base_lr,
        max_lr,
        step_size_up: Any = 2000,
        step_size_down=None,
        mode: Any = "triangular",
        gamma: Any = 1.0,
        scale_fn=None,
        scale_mode: Any = "cycle",
        last_epoch: Any = -1,
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
        _check_optimizer("CyclicLR", optimizer)
        self.max_lrs = _for_each_group(optimizer, max_lr)
        for group, low in zip(optimizer.param_groups, _for_each_group(optimizer, base_lr), strict=True):
            group["initial_lr"] = low
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        cycle, place = divmod(self.last_epoch, self.length)
        height = place / self.up if place <= self.up else (self.length - place) / (self.length - self.up)
        scale = self.scale_fn(cycle + 1 if self.scale_mode == "cycle" else self.last_epoch)
        return [low + (high - low) * height * scale for low, high in zip(self.base_lrs, self.max_lrs, strict=True)]


class SequentialLR:
    """One scheduler after another; `milestones` are the epochs at which the next one begins."""

    def __init__(self, optimizer, schedulers, milestones, last_epoch: Any = -1):
        _check_optimizer("SequentialLR", optimizer)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(f"{len(schedulers)} schedulers need {len(schedulers) - 1} milestones.")
        self.optimizer, self._schedulers, self._milestones = optimizer, list(schedulers), list(milestones)
        self.last_epoch = last_epoch + 1
        for group in optimizer.param_groups:
            _set(group, group["initial_lr"])
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

    def get_last_lr(self) -> list:
        """The rates that the last step has set."""
        return self._last_lr


class ReduceLROnPlateau:
    """Times `factor` when a figure has not got better for `patience` epochs; `step(figure)`.

    Args:
        mode: "min" or "max", which way is better.
        threshold, threshold_mode: by how much, "rel" or "abs", it must be better to count.
        cooldown: epochs without counting after a reduction.
        min_lr: a bound, or one for each group.
        eps: smaller changes of a rate are left out.
    """

    def __init__(
        self,
        optimizer,
        mode: Any = "min",
        factor: Any = 0.1,
        patience: Any = 10,
        threshold: Any = 1e-4,
        threshold_mode: Any = "rel",
        cooldown: Any = 0,
        min_lr: Any = 0,
        eps: Any = 1e-8,
    ):
        _check_optimizer("ReduceLROnPlateau", optimizer)
        if factor >= 1.0:
            raise ValueError("Factor should be < 1.0.")
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs"):
            raise ValueError(f"'mode' {mode!r} or 'threshold_mode' {threshold_mode!r} is unknown.")
        self.optimizer, self.mode, self.factor, self.patience = optimizer, mode, factor, patience
        self.threshold, self.threshold_mode, self.cooldown, self.eps = threshold, threshold_mode, cooldown, eps
        self.min_lrs = _for_each_group(optimizer, min_lr)
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = self.last_epoch = 0
        self._last_lr = _rates_now(optimizer)

    @property
    def in_cooldown(self) -> bool:
        """Whether a reduction was a short time ago."""
        return self.cooldown_counter > 0

    def is_better(self, figure: float) -> bool:
        """Whether a figure is better than the best one by more than the threshold."""
        sign = 1 if self.mode == "min" else -1
        margin = self.threshold * (abs(self.best) if self.threshold_mode == "rel" else 1.0)
        return math.isinf(self.best) or sign * figure < sign * self.best - margin

    def step(self, metrics) -> None:
        """Note the figure of an epoch, and reduce the rates if it is time."""
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
        self._last_lr = _rates_now(self.optimizer)

    def _reduce(self) -> None:
        for group, least in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
            old = float(group["lr"])
            new = max(old * self.factor, least)
            if old - new > self.eps:
                _set(group, new)

    def get_last_lr(self) -> list:
        """The rates after the last step."""
        return self._last_lr
