"""Schedulers of the learning rates of groups: `scheduler.step()` after each epoch sets them.

The formulas are PyTorch's, and most go from the present rate to the next, so that schedulers can be combined. Rates are
Python floats here and float32 in the groups.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.nn.optim.grouped import GroupedOptimizer


class Scheduler:
    """What all that set the rates of an optimizer's groups have.

    Args:
        optimizer: of `experimental.optim`.

    Raises:
        TypeError: if the optimizer is another one.
    """

    def __init__(self, optimizer: GroupedOptimizer):
        if not isinstance(optimizer, GroupedOptimizer):
            raise TypeError(
                f"For '{type(self).__name__}', the 'optimizer' must be one of mindspore.experimental.optim, "
                f"but got {type(optimizer)}."
            )
        self.optimizer = optimizer
        self._last_lr = self._rates_now()

    def _rates_now(self) -> list:
        """The groups' rates, which later steps leave alone."""
        rates = (group["lr"] for group in self.optimizer.param_groups)
        return [wrap(raw(rate)) if isinstance(rate, Tensor) else rate for rate in rates]

    def _for_each_group(self, value) -> list:
        """One value for each group, of a list of them or of one for all."""
        return list(value) if isinstance(value, list | tuple) else [value] * len(self.optimizer.param_groups)

    def get_last_lr(self) -> list:
        """The rates that the last step has set, one for each group."""
        return self._last_lr


def set_rate(group: dict, rate: float) -> None:
    """Give a group another learning rate."""
    if isinstance(group["lr"], Parameter):
        rebind(group["lr"], jnp.asarray(rate, np.float32))
    else:
        group["lr"] = rate


class LRScheduler(Scheduler):
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
        True
        >>> optimizer.param_groups[0]["lr"].item()
        0.05000000074505806
    """

    def __init__(self, optimizer: GroupedOptimizer, last_epoch: int = -1):
        super().__init__(optimizer)
        if last_epoch == -1:
            for group in optimizer.param_groups:
                group.setdefault("initial_lr", float(f"{float(group['lr']):.8g}"))
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.groups_num = len(self.base_lrs)
        self.last_epoch = last_epoch
        self.step()

    @property
    def rates(self) -> list[float]:
        """The present rates."""
        return [float(group["lr"]) for group in self.optimizer.param_groups]

    def get_lr(self) -> list[float]:
        """The rates of epoch `last_epoch`, one for each group."""
        raise NotImplementedError

    def step(self, epoch: int | None = None) -> bool | None:
        """Go to the next epoch.

        Args:
            epoch: the epoch to go to in place of the next; 0 to begin anew.

        Returns:
            True, as MindSpore's schedulers do.
        """
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        if epoch == 0:
            for group, rate in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
                set_rate(group, rate)
        for group, rate in zip(self.optimizer.param_groups, self.get_lr(), strict=False):
            set_rate(group, float(rate))
        self._last_lr = self._rates_now()
        return True
