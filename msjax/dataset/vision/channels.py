"""Channels of images: grey, BGR, transparency, hue and saturation."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check, check_is, takes
from msjax.dataset.seeding import streams
from msjax.dataset.transforms.base import PyTensorOperation, refusal
from msjax.dataset.vision.base import ImageTensorOperation, PilOperation, require_pil
from msjax.dataset.vision.enumerations import ConvertMode
from msjax.dataset.vision.libraries import cv2, pillow


class Grayscale(PilOperation):
    """Turn a PIL image grey.

    Args:
        num_output_channels (int): 1 or 3. Default: 1.

    Raises:
        TypeError: if `num_output_channels` is no int, or the input no PIL image.
        ValueError: if it is another.

    Example:
        >>> vision.Grayscale()(vision.ToPIL()(np.zeros((8, 10, 3), np.uint8))).mode
        'L'
    """

    @takes(num_output_channels="int [1, 3]")
    def __init__(self, num_output_channels: int = 1):
        if num_output_channels == 2:
            raise ValueError("For 'Grayscale', the 'num_output_channels' must be 1 or 3, but got 2.")
        self.num_output_channels = num_output_channels

    def _pil(self, image):
        return _grey_pil(image, self.num_output_channels)


def _grey_pil(image, channels: int):
    grey = image.convert("L")
    return grey if channels == 1 else pillow().merge("RGB", (grey,) * 3)


class RandomGrayscale(PyTensorOperation):
    """Turn a PIL image grey, with a probability. The number of channels stays.

    Args:
        prob (float): the probability. Default: 0.1.

    Raises:
        TypeError: if `prob` is no number, or the input no PIL image.
        ValueError: if it is not in [0, 1].

    Example:
        >>> vision.RandomGrayscale(1.0)(vision.ToPIL()(np.zeros((8, 10, 3), np.uint8))).mode
        'RGB'
    """

    random = True

    @takes(prob="number [0, 1]")
    def __init__(self, prob: float = 0.1):
        self.prob = prob

    def _execute_py(self, image):
        require_pil(self, image)
        channels = 1 if image.mode == "L" else 3
        return _grey_pil(image, channels) if self.prob > streams().python.random() else image


class ConvertColor(ImageTensorOperation):
    """Convert the channels of an image.

    Args:
        convert_mode (ConvertMode): from which to which.

    Raises:
        TypeError: if `convert_mode` is no ConvertMode.
        RuntimeError: if the image has other channels.

    Example:
        >>> vision.ConvertColor(vision.ConvertMode.COLOR_RGB2BGR)(np.array([[[1, 2, 3]]], np.uint8)).tolist()
        [[[3, 2, 1]]]
    """

    def __init__(self, convert_mode: ConvertMode):
        check_is("ConvertColor", "convert_mode", convert_mode, ConvertMode)
        self.convert_mode = convert_mode

    def _image(self, image):
        cv = cv2()
        try:
            return cv.cvtColor(image, getattr(cv, self.convert_mode.name))
        except cv.error as error:
            raise refusal(
                self, f"{self.convert_mode.name} can not convert an image of {image.dtype} and shape {image.shape}"
            ) from error


class _HueOperation(PyTensorOperation):
    """Base of the conversions between RGB and HSV of float images, whose channels are in [0, 1].

    A subclass says how, as a function of three channels.
    """

    random = False

    def __init__(self, is_hwc: bool = False):
        check(type(self).__name__, "is_hwc", is_hwc, "bool")
        self.is_hwc = is_hwc

    def _execute_py(self, image):
        owner = type(self).__name__
        if not isinstance(image, np.ndarray):
            raise TypeError(f"For '{owner}', the input must be a numpy array, but got {type(image).__name__}.")
        if image.ndim not in (3, 4):
            shapes = "(H, W, 3) or (N, H, W, 3)" if self.is_hwc else "(3, H, W) or (N, 3, H, W)"
            raise TypeError(f"For '{owner}', the image must be of shape {shapes}, but got {image.shape}.")
        axis = -1 if self.is_hwc else -3
        if image.shape[axis] != 3:
            raise TypeError(
                f"For '{owner}', the image must have 3 channels, but got {image.shape[axis]}, shape {image.shape}."
            )
        channels = np.moveaxis(image.astype(np.float64), axis, 0)
        return np.stack(self._converted(*channels), axis)

    def _converted(self, *channels):
        raise NotImplementedError


class RgbToHsv(_HueOperation):
    """Convert from red, green, blue to hue, saturation, value, all in [0, 1].

    Args:
        is_hwc (bool): whether images are of shape (H, W, C), else (C, H, W). Default: False.

    Returns:
        A float64 image.

    Raises:
        TypeError: if `is_hwc` is no bool, or the input no image of three channels.

    Example:
        >>> vision.RgbToHsv(True)(np.array([[[0.0, 1.0, 1.0]]])).tolist()
        [[[0.5, 1.0, 1.0]]]
    """

    def _converted(self, red, green, blue):
        largest, smallest = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
        extent = largest - smallest
        coloured = np.where(extent == 0, 1.0, extent)
        to_red, to_green, to_blue = ((largest - channel) / coloured for channel in (red, green, blue))
        sixths = np.where(red == largest, to_blue - to_green, 2.0 + to_red - to_blue)
        sixths = np.where((red != largest) & (green != largest), 4.0 + to_green - to_red, sixths)
        saturation = np.where(extent == 0, 0.0, extent / np.where(largest == 0, 1.0, largest))
        return np.where(extent == 0, 0.0, sixths / 6.0 % 1.0), saturation, largest


class HsvToRgb(_HueOperation):
    """Convert from hue, saturation, value to red, green, blue, all in [0, 1].

    Args:
        is_hwc (bool): whether images are of shape (H, W, C), else (C, H, W). Default: False.

    Returns:
        A float64 image.

    Raises:
        TypeError: if `is_hwc` is no bool, or the input no image of three channels.

    Example:
        >>> vision.HsvToRgb(True)(np.array([[[0.5, 1.0, 1.0]]])).tolist()
        [[[0.0, 1.0, 1.0]]]
    """

    def _converted(self, hue, saturation, value):
        return [np.where(saturation == 0.0, value, channel) for channel in of_hues(hue * 6.0, saturation, value)]


def of_hues(sixths: np.ndarray, saturation: np.ndarray, value: np.ndarray) -> list[np.ndarray]:
    """Red, green and blue of hues in sixths of a turn."""
    sector = np.trunc(sixths)
    part = sixths - sector
    low = value * (1.0 - saturation)
    falling = value * (1.0 - saturation * part)
    rising = value * (1.0 - saturation * (1.0 - part))
    sixth = sector.astype(np.int64) % 6
    red = np.choose(sixth, [value, falling, low, low, rising, value])
    green = np.choose(sixth, [rising, value, value, falling, low, low])
    blue = np.choose(sixth, [low, low, rising, value, value, falling])
    return [red, green, blue]
