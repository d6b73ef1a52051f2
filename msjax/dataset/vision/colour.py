"""Colours of images: brightness, contrast, saturation, hue, grey, channels."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check, takes
from msjax.dataset.seeding import streams
from msjax.dataset.transforms.base import PyTensorOperation, refusal
from msjax.dataset.vision.base import ImageTensorOperation, PilOperation, require_pil, saturated, uniform
from msjax.dataset.vision.checks import interval, member
from msjax.dataset.vision.enumerations import ConvertMode
from msjax.dataset.vision.libraries import cv2, pillow

_FACTOR = "number [0, 16777216]"


def brighter(image: np.ndarray, factor: float) -> np.ndarray:
    """An image times a factor."""
    return saturated(image * np.float32(factor) if image.dtype == np.uint8 else image * factor, image.dtype)


def grey(image: np.ndarray) -> np.ndarray:
    """The brightness of an RGB image, of shape (H, W)."""
    return cv2().cvtColor(image, cv2().COLOR_RGB2GRAY)


def blended(image: np.ndarray, other, factor: float) -> np.ndarray:
    """Between another image, at factor 0, and this one, at 1, and beyond."""
    other = np.broadcast_to(np.asarray(other, image.dtype), image.shape)
    factor = float(np.float32(factor))
    return cv2().addWeighted(image, factor, np.ascontiguousarray(other), 1 - factor, 0)


def contrasted(image: np.ndarray, factor: float) -> np.ndarray:
    """An image's differences to its mean brightness, times a factor."""
    mean = grey(image).mean(dtype=np.float64)
    return blended(image, mean if image.dtype.kind == "f" else int(mean + 0.5), factor)


def more_saturated(image: np.ndarray, factor: float) -> np.ndarray:
    """An image's differences to its own grey, times a factor."""
    return blended(image, grey(image)[..., None], factor)


def hue_turned(image: np.ndarray, turns: float) -> np.ndarray:
    """An image whose hues go round by some turns."""
    cv = cv2()
    if image.dtype != np.uint8:
        hsv = cv.cvtColor(image, cv.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0] + np.float32(turns * 360)) % 360
        return cv.cvtColor(hsv, cv.COLOR_HSV2RGB)
    hsv = cv.cvtColor(image, cv.COLOR_RGB2HSV_FULL)
    hsv[..., 0] += np.uint8(int(turns * 255) % 256)
    return cv.cvtColor(hsv, cv.COLOR_HSV2RGB_FULL)


def _hue_turned_pil(image, turns: float):
    if image.mode in ("L", "1", "I", "F"):
        return image
    module = pillow()
    hue, saturation, value = image.convert("HSV").split()
    moved = np.asarray(hue) + np.uint8(int(turns * 255) % 256)
    return module.merge("HSV", (module.fromarray(moved), saturation, value)).convert(image.mode)


def _enhanced(image, what: str, factor: float):
    """A PIL image, enhanced by one of Pillow's classes."""
    return getattr(pillow("ImageEnhance"), what)(image).enhance(factor)


class AdjustBrightness(ImageTensorOperation):
    """Multiply an image by a factor.

    Args:
        brightness_factor (float): the factor, not negative: 0 gives black, 1 the image.

    Raises:
        TypeError: if `brightness_factor` is no number.
        ValueError: if it is negative.

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.AdjustBrightness(2.0)(np.array([[100, 200]], np.uint8)).tolist()
        [[200, 255]]
    """

    _channels = (1, 3)

    @takes(brightness_factor=_FACTOR)
    def __init__(self, brightness_factor: float):
        self.brightness_factor = brightness_factor

    def _image(self, image):
        return brighter(image, self.brightness_factor)

    def _execute_py(self, image):
        return _enhanced(image, "Brightness", self.brightness_factor)


class AdjustContrast(ImageTensorOperation):
    """Multiply an image's differences to its mean brightness by a factor.

    Args:
        contrast_factor (float): the factor, not negative: 0 gives grey, 1 the image.

    Raises:
        TypeError: if `contrast_factor` is no number.
        ValueError: if it is negative.
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.AdjustContrast(0.0)(np.array([[[100, 100, 100], [200, 200, 200]]], np.uint8))[0, 0].tolist()
        [150, 150, 150]
    """

    _axes = (3,)
    _channels = (3,)
    _dtypes = "uint8 uint16 float32"

    @takes(contrast_factor=_FACTOR)
    def __init__(self, contrast_factor: float):
        self.contrast_factor = contrast_factor

    def _image(self, image):
        return contrasted(image, self.contrast_factor)

    def _execute_py(self, image):
        return _enhanced(image, "Contrast", self.contrast_factor)


class AdjustSaturation(ImageTensorOperation):
    """Multiply an image's differences to its own grey by a factor.

    Args:
        saturation_factor (float): the factor, not negative: 0 gives grey, 1 the image.

    Raises:
        TypeError: if `saturation_factor` is no number.
        ValueError: if it is negative.
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.AdjustSaturation(1.0)(np.array([[[100, 150, 200]]], np.uint8)).tolist()
        [[[100, 150, 200]]]
    """

    _axes = (3,)
    _channels = (3,)
    _dtypes = "uint8 uint16 float32"

    @takes(saturation_factor=_FACTOR)
    def __init__(self, saturation_factor: float):
        self.saturation_factor = saturation_factor

    def _image(self, image):
        return more_saturated(image, self.saturation_factor)

    def _execute_py(self, image):
        return _enhanced(image, "Color", self.saturation_factor)


class AdjustHue(ImageTensorOperation):
    """Turn the hues of an image.

    Args:
        hue_factor (float): by how many turns, in [-0.5, 0.5].

    Raises:
        TypeError: if `hue_factor` is no number.
        ValueError: if it is out of bounds.
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.AdjustHue(0.5)(np.array([[[255, 0, 0]]], np.uint8)).tolist()
        [[[0, 255, 255]]]
    """

    _axes = (3,)
    _channels = (3,)
    _dtypes = "uint8 float32"

    @takes(hue_factor="number [-0.5, 0.5]")
    def __init__(self, hue_factor: float):
        self.hue_factor = hue_factor

    def _image(self, image):
        return hue_turned(image, self.hue_factor)

    def _execute_py(self, image):
        return _hue_turned_pil(image, self.hue_factor)


class AdjustGamma(ImageTensorOperation):
    """Raise an image, from 0 to 1, to a power, and multiply it.

    Args:
        gamma (float): the power, not negative.
        gain (float): the factor. Default: 1.

    Raises:
        TypeError: if an argument is no number.
        ValueError: if `gamma` is negative.
        RuntimeError: if the image has not 1 or 3 channels.

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.AdjustGamma(2.0)(np.array([[255, 0]], np.uint8)).tolist()
        [[255, 0]]
    """

    _axes = ()
    _channels = (1, 3)

    @takes(gamma=_FACTOR, gain="number")
    def __init__(self, gamma: float, gain: float = 1):
        self.gamma = gamma
        self.gain = gain

    def _image(self, image):
        if image.dtype.kind == "f":
            scaled = np.clip(image.astype(np.float32) * np.float32(self.gain), 0, None)
            return np.clip(np.power(scaled, np.float32(self.gamma)), 0, 1)
        return np.uint8(self._table())[np.clip(image, 0, 255)].astype(image.dtype)

    def _execute_py(self, image):
        return image.convert("RGB").point(self._table() * 3).convert(image.mode)

    def _table(self) -> list[int]:
        """What each of 256 levels becomes."""
        return [int(min(255.999 * self.gain * (level / 255) ** self.gamma, 255)) for level in range(256)]


class RandomColor(ImageTensorOperation):
    """Multiply an image's differences to its own grey by a random factor.

    Args:
        degrees (sequence): the bounds of the factor, not negative. Default: (0.1, 1.9).

    Raises:
        TypeError: if `degrees` is no pair of numbers.
        ValueError: if it is out of bounds.
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.RandomColor((1.0, 1.0))(np.array([[[100, 150, 200]]], np.uint8)).tolist()
        [[[100, 150, 200]]]
    """

    _axes = (3,)
    _channels = (3,)
    _dtypes = "uint8 uint16 float32"

    def __init__(self, degrees=(0.1, 1.9)):
        self.degrees = interval("RandomColor", "degrees", degrees, "number >= 0")

    def _image(self, image):
        return more_saturated(image, uniform(self.degrees))

    def _execute_py(self, image):
        low, high = self.degrees
        return _enhanced(image, "Color", (high - low) * streams().python.random() + low)


class RandomColorAdjust(ImageTensorOperation):
    """Adjust brightness, contrast, saturation and hue at random.

    Args:
        brightness (Union[float, sequence]): the bounds of the factor; a number b means from max(0, 1 - b) to 1 + b.
            Default: (1, 1).
        contrast (Union[float, sequence]): likewise. Default: (1, 1).
        saturation (Union[float, sequence]): likewise. Default: (1, 1).
        hue (Union[float, sequence]): the bounds of the turns, in [-0.5, 0.5]; a number means from minus it to it.
            Default: (0, 0).

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.RandomColorAdjust((2, 2))(np.full((1, 1, 3), 100, np.uint8)).tolist()
        [[[200, 200, 200]]]
    """

    _axes = (3,)
    _channels = (3,)

    def __init__(self, brightness=(1, 1), contrast=(1, 1), saturation=(1, 1), hue=(0, 0)):
        self.brightness = _bounds("brightness", brightness)
        self.contrast = _bounds("contrast", contrast)
        self.saturation = _bounds("saturation", saturation)
        self.hue = _bounds("hue", hue, 0.0, "number [-0.5, 0.5]")

    def _steps(self) -> list[tuple]:
        """What to adjust, and the bounds of its factor."""
        return [
            (AdjustBrightness, self.brightness),
            (AdjustContrast, self.contrast),
            (AdjustSaturation, self.saturation),
            (AdjustHue, self.hue),
        ]

    def _image(self, image):
        steps = [(step, bounds) for step, bounds in self._steps() if bounds not in ((1, 1), (0, 0))]
        for at in streams().generator.permutation(len(steps)):
            step, bounds = steps[at]
            image = step(uniform(bounds))._compute(image)
        return image

    def _execute_py(self, image):
        random = streams().python
        steps = [step(random.uniform(*bounds)) for step, bounds in self._steps()]
        random.shuffle(steps)
        for step in steps:
            image = step(image)
        return image


def _bounds(name: str, value, middle: float = 1.0, kind: str = "number >= 0") -> tuple:
    if isinstance(value, (list, tuple)):
        return interval("RandomColorAdjust", name, value, kind)
    check("RandomColorAdjust", name, value, "number [0, 0.5]" if middle == 0 else "number >= 0")
    return (middle - value if middle == 0 else max(0.0, middle - value)), middle + value


class Grayscale(PilOperation):
    """Turn a PIL image grey.

    Args:
        num_output_channels (int): 1 or 3. Default: 1.

    Raises:
        TypeError: if `num_output_channels` is no int, or the input no PIL image.
        ValueError: if it is another.

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
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
    made = image.convert("L")
    return made if channels == 1 else pillow().merge("RGB", (made,) * 3)


class RandomGrayscale(PyTensorOperation):
    """Turn a PIL image grey, with a probability. The number of channels stays.

    Args:
        prob (float): the probability. Default: 0.1.

    Raises:
        TypeError: if `prob` is no number, or the input no PIL image.
        ValueError: if it is not in [0, 1].

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.RandomGrayscale(1.0)(vision.ToPIL()(np.zeros((8, 10, 3), np.uint8))).mode
        'RGB'
    """

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
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.ConvertColor(vision.ConvertMode.COLOR_RGB2BGR)(np.array([[[1, 2, 3]]], np.uint8)).tolist()
        [[[3, 2, 1]]]
    """

    def __init__(self, convert_mode: ConvertMode):
        member("ConvertColor", "convert_mode", convert_mode, ConvertMode)
        self.convert_mode = convert_mode

    def _image(self, image):
        cv = cv2()
        try:
            return cv.cvtColor(image, getattr(cv, self.convert_mode.name))
        except cv.error as error:
            raise refusal(
                self, f"{self.convert_mode.name} can not convert an image of {image.dtype} and shape {image.shape}"
            ) from error


class RandomLighting(ImageTensorOperation):
    """Add random multiples of the main colours of ImageNet's photographs (AlexNet's augmentation).

    Args:
        alpha (float): the standard deviation of the multiples. Default: 0.05.

    Raises:
        TypeError: if `alpha` is no number.
        ValueError: if it is negative.
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.RandomLighting(0.0)(np.full((1, 1, 3), 100, np.uint8)).tolist()
        [[[100, 100, 100]]]
    """

    _axes = (3,)
    _channels = (3,)
    # Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural networks, 2012.
    _VALUES = np.array([0.2175, 0.0188, 0.0045])
    _VECTORS = np.array(
        [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]]
    )  # in columns

    @takes(alpha=_FACTOR)
    def __init__(self, alpha: float = 0.05):
        self.alpha = alpha

    def _image(self, image):
        shift = self._shift(streams().generator.normal(0.0, self.alpha, 3))
        if image.dtype.kind == "f":
            return (image + shift).astype(image.dtype)
        return saturated(image + shift * 255, image.dtype)

    def _execute_py(self, image):
        normal = streams().numpy.normal
        shift = self._shift(np.array([normal(loc=0.0, scale=self.alpha) for _ in range(3)])) * 255
        array = np.asarray(image.convert("RGB"))
        return pillow().fromarray(np.clip(array + shift, 0, 255).astype(np.uint8))

    def _shift(self, multiples: np.ndarray) -> np.ndarray:
        return self._VECTORS @ (self._VALUES * multiples)


class _HueOperation(PyTensorOperation):
    """Base of the conversions between RGB and HSV of float images, whose channels are in [0, 1].

    A subclass says how, as a function of three channels.
    """

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
        >>> import numpy as np
        >>> from msjax.dataset import vision
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
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.HsvToRgb(True)(np.array([[[0.5, 1.0, 1.0]]])).tolist()
        [[[0.0, 1.0, 1.0]]]
    """

    def _converted(self, hue, saturation, value):
        sector = np.trunc(hue * 6.0)
        part = hue * 6.0 - sector
        low = value * (1.0 - saturation)
        falling = value * (1.0 - saturation * part)
        rising = value * (1.0 - saturation * (1.0 - part))
        sixth = sector.astype(np.int64) % 6
        red = np.choose(sixth, [value, falling, low, low, rising, value])
        green = np.choose(sixth, [rising, value, value, falling, low, low])
        blue = np.choose(sixth, [low, low, rising, value, value, falling])
        return [np.where(saturation == 0.0, value, channel) for channel in (red, green, blue)]
