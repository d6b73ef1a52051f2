"""How a scale of the loss is chosen and changed during training, as `Model` and `build_train_network` take it."""

from __future__ import annotations

from typing import Any

from msjax import nn
from msjax.nn.cell import Cell


class LossScaleManager:
    """Base class: a scale, and how it changes."""

    def get_loss_scale(self):
        """The scale of the loss."""

    def update_loss_scale(self, overflow: bool) -> None:
        """Take notice of a step, and whether it had an overflow."""

    def get_update_cell(self) -> Cell | None:
        """The Cell that does so within a training step; None if there is nothing to do."""


class FixedLossScaleManager(LossScaleManager):
    """The same scale for ever.

    Args:
        loss_scale: the scale.
        drop_overflow_update: whether a step with an overflow is skipped.

    Raises:
        ValueError: if the scale is below 1.

    Example:
        >>> ms.FixedLossScaleManager(8).get_loss_scale()
        8
    """

    def __init__(self, loss_scale: Any = 128.0, drop_overflow_update=True):
        if loss_scale < 1:
            raise ValueError(f"The argument 'loss_scale' must be >= 1, but got {loss_scale}")
        self._loss_scale = loss_scale
        self._drop_overflow_update = drop_overflow_update

    def get_loss_scale(self):
        """The scale."""
        return self._loss_scale

    def get_drop_overflow_update(self) -> bool:
        """Whether a step with an overflow is skipped."""
        return self._drop_overflow_update

    def update_loss_scale(self, overflow: bool) -> None:
        """Nothing: the scale is fixed."""

    def get_update_cell(self) -> Cell | None:
        """A Cell that keeps the scale, or None if no step is skipped."""
        return nn.FixedLossScaleUpdateCell(self._loss_scale) if self._drop_overflow_update else None


class DynamicLossScaleManager(LossScaleManager):
    """A scale that is halved after an overflow and grows after a number of steps without.

    Args:
        init_loss_scale: the scale to begin with.
        scale_factor: what it is multiplied with.
        scale_window: steps in a row without overflow after which it grows.

    Raises:
        ValueError: if the first scale is below 1, or the window is no positive int.

    Example:
        >>> manager = ms.DynamicLossScaleManager(16, 2, 100)
        >>> manager.update_loss_scale(overflow=True)
        >>> manager.get_loss_scale()
        8.0
    """

    _BAD_STEPS = 1000

    def __init__(self, init_loss_scale: Any = 2**24, scale_factor: Any = 2, scale_window: Any = 2000):
        if init_loss_scale < 1:
            raise ValueError(f"The argument 'init_loss_scale' must be > 1, but got {init_loss_scale}")
        if not isinstance(scale_window, int) or scale_window < 1:
            raise ValueError(
                "For 'DynamicLossScaleManager', the 'scale_window' must be int and must > 0, "
                f"but got '{scale_window}' with type '{type(scale_window).__name__}'."
            )
        self.loss_scale, self.scale_factor, self.scale_window = init_loss_scale, scale_factor, scale_window
        self.cur_iter, self.last_overflow_iter, self.bad_step = 1, 0, 0

    def get_loss_scale(self):
        """The scale now."""
        return self.loss_scale

    def get_drop_overflow_update(self) -> bool:
        """True: a step with an overflow is skipped."""
        return True

    def update_loss_scale(self, overflow: bool) -> None:
        """Change the scale after a step.

        Raises:
            RuntimeError: after a thousand steps in a row with an overflow.
        """
        if overflow:
            self.loss_scale = max(1, self.loss_scale * 0.5)
            self.last_overflow_iter = self.cur_iter
            self.bad_step += 1
            if self.bad_step >= self._BAD_STEPS:
                raise RuntimeError(f"{self.bad_step} steps in a row had an overflow: the network does not converge.")
        else:
            self.bad_step = 0
            if (self.cur_iter - self.last_overflow_iter) % self.scale_window == 0:
                self.loss_scale *= self.scale_factor
        self.cur_iter += 1

    def get_update_cell(self) -> Cell:
        """The Cell that changes the scale within a training step."""
        return nn.DynamicLossScaleUpdateCell(self.loss_scale, self.scale_factor, self.scale_window)
