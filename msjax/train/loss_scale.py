"""Scales of the loss: what changes them during training, for `Model` and `build_train_network`, and by hand."""

from __future__ import annotations

__only_computes__ = True  # see core.effects

from abc import ABC, abstractmethod
from typing import Any

import jax.numpy as jnp

from msjax import nn, ops
from msjax.core import dtype as mstype
from msjax.core.effects import has_effects
from msjax.core.kinds import check, takes_finite
from msjax.core.nested import like
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind
from msjax.nn.cell import Cell
from msjax.nn.loss_scale import finite, if_else, next_scale


@has_effects
class LossScaleManager:
    """Base class: a scale, and how it changes.

    Example:
        >>> class Eight(ms.LossScaleManager):
        ...     def get_loss_scale(self):
        ...         return 8.0
        >>> Eight().get_loss_scale()
        8.0
    """

    def get_loss_scale(self) -> Any:
        """The scale of the loss."""

    def update_loss_scale(self, overflow: bool) -> None:
        """Take notice of a step.

        Args:
            overflow: whether it had an overflow.
        """

    def get_update_cell(self) -> Cell | None:
        """The Cell that does so within a training step; None if there is nothing to do."""


@takes_finite(loss_scale="real >= 1 or scalar >= 1 or Tensor >= 1")
class FixedLossScaleManager(LossScaleManager):
    """The same scale for ever.

    Args:
        loss_scale: the scale.
        drop_overflow_update: whether a step with an overflow is skipped.

    Raises:
        TypeError, ValueError: if the scale is no number of at least 1.

    Example:
        >>> ms.FixedLossScaleManager(8).get_loss_scale()
        8
    """

    def __init__(self, loss_scale: float = 128.0, drop_overflow_update: bool = True):
        self._loss_scale = loss_scale
        self._drop_overflow_update = drop_overflow_update

    def get_loss_scale(self) -> float:
        """The scale."""
        return self._loss_scale

    def get_drop_overflow_update(self) -> bool:
        """Whether a step with an overflow is skipped."""
        return self._drop_overflow_update

    def update_loss_scale(self, overflow: bool) -> None:
        """Do nothing: the scale is fixed.

        Args:
            overflow: whether a step had an overflow.
        """

    def get_update_cell(self) -> Cell | None:
        """A Cell that keeps the scale, or None if no step is skipped."""
        return nn.FixedLossScaleUpdateCell(self._loss_scale) if self._drop_overflow_update else None


@takes_finite(init_loss_scale="real >= 1 or scalar >= 1 or Tensor >= 1", scale_window="int >= 1 or bool")
class DynamicLossScaleManager(LossScaleManager):
    """A scale that shrinks after an overflow and grows after a number of steps without.

    Args:
        init_loss_scale: the scale to begin with.
        scale_factor: what it is multiplied with or divided by; it does not fall below 1.
        scale_window: steps in a row without overflow after which it grows.

    Raises:
        TypeError, ValueError: if the first scale is no number of at least 1, or the window no positive int.

    Example:
        >>> manager = ms.DynamicLossScaleManager(16, 2, 100)
        >>> manager.update_loss_scale(overflow=True)
        >>> manager.get_loss_scale()
        8.0
    """

    _BAD_STEPS = 1000

    def __init__(self, init_loss_scale: float = 2**24, scale_factor: int = 2, scale_window: int = 2000):
        self.loss_scale, self.scale_factor, self.scale_window = init_loss_scale, scale_factor, scale_window
        self.cur_iter, self.last_overflow_iter, self.bad_step = 1, 0, 0

    def get_loss_scale(self) -> float:
        """The scale now."""
        return self.loss_scale

    def get_drop_overflow_update(self) -> bool:
        """True: a step with an overflow is skipped."""
        return True

    def update_loss_scale(self, overflow: bool) -> None:
        """Change the scale after a step.

        Args:
            overflow: whether it had an overflow.

        Raises:
            RuntimeError: after a thousand steps in a row with an overflow.
        """
        # Only overflows are remembered here, so a change for the better is a whole number of windows ago.
        since = (self.cur_iter - self.last_overflow_iter - 1) % self.scale_window + 1
        self.loss_scale = next_scale(
            self.loss_scale, overflow, since, self.scale_factor, self.scale_window, where=if_else
        )
        self.bad_step = self.bad_step + 1 if overflow else 0
        if overflow:
            self.last_overflow_iter = self.cur_iter
        if self.bad_step >= self._BAD_STEPS:
            raise RuntimeError(f"{self.bad_step} steps in a row had an overflow: the network does not converge.")
        self.cur_iter += 1

    def get_update_cell(self) -> Cell:
        """The Cell that changes the scale within a training step."""
        return nn.DynamicLossScaleUpdateCell(self.loss_scale, self.scale_factor, self.scale_window)


# -- by hand -----------------------------------------------------------------------------------------------------------


def all_finite(inputs: Any) -> Tensor:
    """Whether no element of the Tensors is infinite or NaN.

    Args:
        inputs: a tuple or list of Tensors, such as gradients.

    Returns:
        A Tensor of one bool.

    Raises:
        TypeError: if it is no tuple or list of Tensors.
        ValueError: if it is empty.

    Example:
        >>> ms.amp.all_finite((Tensor([1.0]), Tensor([float("inf")])))
        Tensor(shape=[], dtype=Bool, value= False)
    """
    if not isinstance(inputs, tuple | list) or not all(isinstance(i, Tensor) for i in inputs):
        raise TypeError(f"For 'all_finite', the input must be a tuple or list of Tensors, but got {inputs!r:.60}.")
    if not inputs:
        raise ValueError("For 'all_finite', the input must have at least one Tensor, but got none.")
    return finite(inputs)


class LossScaler(ABC):
    """Base class: scales a loss, and its gradients back.

    Example:
        >>> isinstance(ms.amp.StaticLossScaler(4), ms.amp.LossScaler)
        True
    """

    @abstractmethod
    def scale(self, inputs: Any) -> Any:
        """Multiply with the scale.

        Args:
            inputs: a Tensor, or nested tuples and lists of Tensors.

        Returns:
            The like, each Tensor times the scale.
        """

    @abstractmethod
    def unscale(self, inputs: Any) -> Any:
        """Divide by the scale.

        Args:
            inputs: a Tensor, or nested tuples and lists of Tensors.

        Returns:
            The like, each Tensor divided by the scale.
        """

    @abstractmethod
    def adjust(self, grads_finite: Tensor) -> Any:
        """Change the scale after a step.

        Args:
            grads_finite: whether its gradients were finite.

        Returns:
            Whether the scale may have changed.
        """


@takes_finite(scale_value="number >= 1")
class StaticLossScaler(LossScaler):
    """A scale that stays.

    Args:
        scale_value: an int or float of at least 1.

    Raises:
        TypeError, ValueError: if it is not.

    Example:
        >>> scaler = ms.amp.StaticLossScaler(4)
        >>> scaler.unscale(scaler.scale((Tensor([1.0]),)))
        (Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00]),)
    """

    def __init__(self, scale_value: float):
        self.scale_value = Parameter(Tensor(scale_value, mstype.float32), name="scale_value")

    def scale(self, inputs: Any) -> Any:
        """Multiply with the scale.

        Args:
            inputs: a Tensor, or nested tuples and lists of Tensors.

        Returns:
            The like, each Tensor times the scale, in its own dtype.
        """
        return _grad_scale_map(self.scale_value, inputs)

    def unscale(self, inputs: Any) -> Any:
        """Divide by the scale.

        Args:
            inputs: a Tensor, or nested tuples and lists of Tensors.

        Returns:
            The like, each Tensor divided by the scale, in its own dtype.
        """
        return _grad_unscale_map(self.scale_value, inputs)

    def adjust(self, grads_finite: Tensor) -> bool:
        """Do nothing: the scale stays.

        Args:
            grads_finite: whether the gradients of a step were finite.

        Returns:
            False.
        """
        return False


@takes_finite(scale_value="number >= 1", scale_factor="int > 0", scale_window="int > 0")
class DynamicLossScaler(LossScaler):
    """A scale that shrinks when gradients overflow, and grows after a number of steps without.

    Args:
        scale_value: the scale to begin with, at least 1.
        scale_factor: what it is multiplied with or divided by, a positive int.
        scale_window: steps in a row with finite gradients after which it grows, a positive int.

    Raises:
        TypeError, ValueError: if an argument is not as said.

    Example:
        >>> scaler = ms.amp.DynamicLossScaler(scale_value=1024, scale_factor=2, scale_window=1)
        >>> scaler.adjust(Tensor(False))
        True
        >>> scaler.scale_value.item()
        512.0
    """

    def __init__(self, scale_value: float, scale_factor: int, scale_window: int):
        self.scale_value = Parameter(Tensor(scale_value, mstype.float32), name="scale_value")
        self.scale_factor, self.scale_window = scale_factor, scale_window
        self.counter = Parameter(Tensor(0, mstype.int32), name="counter")

    scale, unscale = StaticLossScaler.scale, StaticLossScaler.unscale

    def adjust(self, grads_finite: Tensor) -> bool:
        """Change the scale after a step.

        Args:
            grads_finite: a Tensor of one bool, as `all_finite` gives.

        Returns:
            True.

        Raises:
            TypeError: if it is no Tensor.
        """
        check("adjust", "grads_finite", grads_finite, "Tensor")
        good, scale, counter = raw(grads_finite).reshape(()), raw(self.scale_value), raw(self.counter)
        since = jnp.where(jnp.isfinite(scale * self.scale_factor), counter + 1, 0)  # it never grows to infinity
        rebind(self.scale_value, next_scale(scale, ~good, since, self.scale_factor, self.scale_window))
        rebind(self.counter, jnp.where(good, (counter + 1) % self.scale_window, 0).astype(jnp.int32))
        return True


def _grad_scale_map(scale, inputs):
    """Each Tensor of `inputs` times the scale, in its own dtype; scalers written for MindSpore look for it."""
    if isinstance(inputs, tuple | list):
        return like(inputs, (_grad_scale_map(scale, i) for i in inputs))
    return inputs * ops.cast(scale, inputs.dtype)


def _grad_unscale_map(scale, inputs):
    """... divided by the scale."""
    return _grad_scale_map(ops.reciprocal(scale), inputs)
