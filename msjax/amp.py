"""Automatic mixed precision: networks that compute in float16 or bfloat16, and losses scaled to suit them."""

from __future__ import annotations

__only_computes__ = True  # see core.effects

from abc import ABC, abstractmethod
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.names import unknown_name
from msjax.core.nested import like
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind
from msjax.nn.loss_scale import finite
from msjax.train.loss_scale_manager import DynamicLossScaleManager, FixedLossScaleManager, LossScaleManager
from msjax.train.mixed_precision import (
    auto_mixed_precision,
    build_train_network,
    custom_mixed_precision,
    get_black_list,
    get_white_list,
)

__all__ = [
    "DynamicLossScaleManager", "LossScaleManager", "FixedLossScaleManager", "build_train_network",
    "DynamicLossScaler", "StaticLossScaler", "LossScaler", "auto_mixed_precision", "all_finite",
    "custom_mixed_precision", "get_white_list", "get_black_list",
]  # fmt: skip


def all_finite(inputs) -> Tensor:
    """Whether no element of the Tensors is infinite or NaN.

    Args:
        inputs: a tuple or list of Tensors, such as gradients.

    Raises:
        TypeError: if it is no tuple or list of Tensors.
        ValueError: if it is empty.

    Example:
        >>> amp.all_finite((Tensor([1.0]), Tensor([float("inf")])))
        Tensor(shape=[], dtype=Bool, value= False)
    """
    if not isinstance(inputs, tuple | list) or not all(isinstance(i, Tensor) for i in inputs):
        raise TypeError(f"For 'all_finite', the input must be a tuple or list of Tensors, but got {inputs!r:.60}.")
    if not inputs:
        raise ValueError("For 'all_finite', the input must have at least one Tensor, but got none.")
    return finite(inputs)


class LossScaler(ABC):
    """Base class: scales a loss, and its gradients back."""

    @abstractmethod
    def scale(self, inputs) -> Any:
        """`inputs` times the scale."""

    @abstractmethod
    def unscale(self, inputs) -> Any:
        """`inputs` divided by the scale."""

    @abstractmethod
    def adjust(self, grads_finite):
        """Change the scale after a step, whose gradients were finite or not."""


class StaticLossScaler(LossScaler):
    """A scale that stays.

    Args:
        scale_value: an int or float of at least 1.

    Raises:
        TypeError, ValueError: if it is not.

    Example:
        >>> scaler = amp.StaticLossScaler(4)
        >>> scaler.unscale(scaler.scale((Tensor([1.0]),)))
        (Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00]),)
    """

    def __init__(self, scale_value):
        self.scale_value = _scale(scale_value)

    def scale(self, inputs):
        """Each Tensor of `inputs`, a Tensor or nested tuples and lists, times the scale, in its own dtype."""
        return _grad_scale_map(self.scale_value, inputs)

    def unscale(self, inputs):
        """Each Tensor of `inputs` divided by the scale, in its own dtype."""
        return _grad_unscale_map(self.scale_value, inputs)

    def adjust(self, grads_finite) -> bool:
        """False: the scale stays."""
        return False


class DynamicLossScaler(LossScaler):
    """A scale that shrinks when gradients overflow, and grows after a number of steps without.

    Args:
        scale_value: the scale to begin with, at least 1.
        scale_factor: what it is multiplied with or divided by, a positive int.
        scale_window: steps in a row with finite gradients after which it grows, a positive int.

    Raises:
        TypeError, ValueError: if an argument is not as said.

    Example:
        >>> scaler = amp.DynamicLossScaler(scale_value=1024, scale_factor=2, scale_window=1)
        >>> scaler.adjust(Tensor(False))
        True
        >>> scaler.scale_value.item()
        512.0
    """

    def __init__(self, scale_value, scale_factor, scale_window):
        self.scale_value = _scale(scale_value)
        self.scale_factor = _positive_int("scale_factor", scale_factor)
        self.scale_window = _positive_int("scale_window", scale_window)
        self.counter = Parameter(Tensor(0, mstype.int32), name="counter")

    scale, unscale = StaticLossScaler.scale, StaticLossScaler.unscale

    def adjust(self, grads_finite) -> bool:
        """Change the scale after a step.

        Args:
            grads_finite: a Tensor of one bool, as `all_finite` gives.

        Returns:
            True.

        Raises:
            TypeError: if it is no Tensor.
        """
        if not isinstance(grads_finite, Tensor):
            raise TypeError(f"For 'adjust', 'grads_finite' must be a Tensor, but got {type(grads_finite).__name__}.")
        good, scale, counter = raw(grads_finite).reshape(()), raw(self.scale_value), raw(self.counter)
        larger = scale * np.float32(self.scale_factor)
        larger = jnp.where((counter == self.scale_window - 1) & jnp.isfinite(larger), larger, scale)
        smaller = jnp.maximum(scale / np.float32(self.scale_factor), np.float32(1))
        rebind(self.scale_value, jnp.where(good, larger, smaller))
        rebind(self.counter, jnp.where(good, (counter + 1) % self.scale_window, 0).astype(jnp.int32))
        return True


def _scale(value) -> Parameter:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(
            f"The type of 'scale_value' should be one of '['float', 'int']', but got type '{type(value).__name__}'."
        )
    if value < 1:
        raise ValueError(f"The argument 'scale_value' must be > 1, but got {value}")
    return Parameter(Tensor(value, mstype.float32), name="scale_value")


def _positive_int(name: str, value) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"The '{name}' must be int, but got '{type(value).__name__}'")
    if value < 1:
        raise ValueError(f"The '{name}' must be int and must > 0, but got '{value}' with type 'int'.")
    return value


def _grad_scale_map(scale, inputs):
    """Each Tensor of `inputs` times the scale, in its own dtype; scalers written for MindSpore look for it."""
    if isinstance(inputs, tuple | list):
        return like(inputs, (_grad_scale_map(scale, i) for i in inputs))
    return inputs * ops.cast(scale, inputs.dtype)


def _grad_unscale_map(scale, inputs):
    """... divided by the scale."""
    return _grad_scale_map(ops.reciprocal(scale), inputs)


__getattr__ = unknown_name(__name__)
