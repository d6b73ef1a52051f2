"""Masks: ranges of frequencies or times of a spectrum are one value."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.audio.base import INT32, AudioTensorOperation
from msjax.dataset.seeding import draws
from msjax.dataset.transforms.base import refusal


def _masked(operation, sound: np.ndarray, start: int, width: int, value: float, axis: int) -> np.ndarray:
    """A spectrum with one value from `start` on."""
    length = sound.shape[axis]
    if start + width > length:
        raise refusal(
            operation, f"the mask must end within the {length} places of axis {axis}, but ends at {start + width}"
        )
    result = sound.copy()
    result[(..., slice(start, start + width)) + (slice(None),) * (-axis - 1)] = value
    return result


class MaskAlongAxis(AudioTensorOperation):
    """One value in a range of an axis of a spectrum of shape (..., freq, time).

    Args:
        mask_start (int): where the range begins.
        mask_width (int): how long it is.
        mask_value (float): the value.
        axis (int): 1 for frequencies, 2 for times.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the range ends beyond the axis.

    Example:
        >>> audio.MaskAlongAxis(1, 2, 0.0, 2)(np.ones((1, 1, 4))).tolist()
        [[[1.0, 0.0, 0.0, 1.0]]]
    """

    _least_axes = 2

    def __init__(self, mask_start, mask_width, mask_value, axis):
        owner = "MaskAlongAxis"
        check(owner, "mask_start", mask_start, f"int [0, {INT32}]")
        check(owner, "mask_width", mask_width, f"int [1, {INT32}]")
        check(owner, "mask_value", mask_value, "number")
        check(owner, "axis", axis, "int [1, 2]")
        self.mask_start, self.mask_width = mask_start, mask_width
        self.mask_value, self.axis = mask_value, axis

    def _sound(self, sound):
        return _masked(self, sound, self.mask_start, self.mask_width, self.mask_value, self.axis - 3)


class MaskAlongAxisIID(AudioTensorOperation):
    """One value in a random range of an axis of a spectrum of shape (..., freq, time).

    Args:
        mask_param (int): how long the range is at most.
        mask_value (float): the value.
        axis (int): 1 for frequencies, 2 for times.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if `mask_param` is greater than the axis is long.

    Example:
        >>> bool((audio.MaskAlongAxisIID(2, 0.0, 2)(np.ones((1, 1, 9))) == 0).sum() <= 2)
        True
    """

    _least_axes, random = 2, True

    def __init__(self, mask_param, mask_value, axis):
        owner = "MaskAlongAxisIID"
        check(owner, "mask_param", mask_param, f"int [0, {INT32}]")
        check(owner, "mask_value", mask_value, "number")
        check(owner, "axis", axis, "int [1, 2]")
        self.mask_param, self.mask_value, self.axis = mask_param, mask_value, axis

    def _sound(self, sound):
        return _random_mask(self, sound, self.mask_param, self.mask_value, self.axis - 3)


def _random_mask(operation, sound: np.ndarray, longest: int, value: float, axis: int) -> np.ndarray:
    length = sound.shape[axis]
    if longest > length:
        raise refusal(operation, f"the mask must be at most as long as axis {axis}, {length}, but got {longest}")
    draw = draws(operation)
    width = int(draw.unit() * longest)
    start = int(draw.unit() * (length - width))
    return _masked(operation, sound, start, width, value, axis)


class _AxisMasking(AudioTensorOperation):
    """Base of masks of one axis: in a given range, or in a random one."""

    _least_axes, _axis = 2, -1

    def __init__(self, iid_masks, longest, mask_start, mask_value, name):
        owner = type(self).__name__
        check(owner, "iid_masks", iid_masks, "bool")
        check(owner, name, longest, f"int [0, {INT32}]")
        check(owner, "mask_start", mask_start, f"int [0, {INT32}]")
        check(owner, "mask_value", mask_value, "number >= 0")
        self.iid_masks, self.longest, self.mask_start, self.mask_value = iid_masks, longest, mask_start, mask_value
        self.random = iid_masks

    def _sound(self, sound):
        if self.iid_masks:
            return _random_mask(self, sound, self.longest, self.mask_value, self._axis)
        return _masked(self, sound, self.mask_start, self.longest, self.mask_value, self._axis)


class FrequencyMasking(_AxisMasking):
    """One value in a range of frequencies of a spectrum of shape (..., freq, time).

    Args:
        iid_masks (bool, optional): whether the range is random. Default: False.
        freq_mask_param (int, optional): how many frequencies it has; at most, if it is random. Default: 0.
        mask_start (int, optional): where it begins, if it is not. Default: 0.
        mask_value (float, optional): the value. Default: 0.0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is negative.
        RuntimeError: if the range ends beyond the axis.

    Example:
        >>> audio.FrequencyMasking(freq_mask_param=1)(np.ones((1, 2, 2))).tolist()
        [[[0.0, 0.0], [1.0, 1.0]]]
    """

    _axis = -2

    def __init__(self, iid_masks=False, freq_mask_param=0, mask_start=0, mask_value=0.0):
        super().__init__(iid_masks, freq_mask_param, mask_start, mask_value, "freq_mask_param")


class TimeMasking(_AxisMasking):
    """One value in a range of times of a spectrum of shape (..., freq, time).

    Args:
        iid_masks (bool, optional): whether the range is random. Default: False.
        time_mask_param (int, optional): how many times it has; at most, if it is random. Default: 0.
        mask_start (int, optional): where it begins, if it is not. Default: 0.
        mask_value (float, optional): the value. Default: 0.0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is negative.
        RuntimeError: if the range ends beyond the axis.

    Example:
        >>> audio.TimeMasking(time_mask_param=1)(np.ones((1, 2, 2))).tolist()
        [[[0.0, 1.0], [0.0, 1.0]]]
    """

    _axis = -1

    def __init__(self, iid_masks=False, time_mask_param=0, mask_start=0, mask_value=0.0):
        super().__init__(iid_masks, time_mask_param, mask_start, mask_value, "time_mask_param")
