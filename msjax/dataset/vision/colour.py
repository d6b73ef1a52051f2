"""Colours of images: brightness, contrast, saturation, hue, gamma, lighting."""

from __future__ import annotations

import functools

import numpy as np

from msjax.core.kinds import check, takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.vision.base import ImageTensorOperation, saturated
from msjax.dataset.vision.channels import of_hues
from msjax.dataset.vision.checks import interval
from msjax.dataset.vision.libraries import cv2, pillow

_FACTOR = "number [0, 16777216]"
_LEVELS = np.arange(256, dtype=np.float32)
_PARTS_OF_BYTES = np.array([6 / 255, 1 / 255, 1 / 255], np.float32)  # hues in sixths of a turn


def brighter(image: np.ndarray, factor: float) -> np.ndarray:
    """An image times a factor."""
    if image.dtype == np.uint8:
        return cv2().LUT(image, saturated(_LEVELS * np.float32(factor), image.dtype)).reshape(image.shape)
    return saturated(image * factor, image.dtype)


def grey(image: np.ndarray) -> np.ndarray:
    """The brightness of an RGB image, of shape (H, W)."""
    return cv2().cvtColor(image, cv2().COLOR_RGB2GRAY)


def blended(image: np.ndarray, other: np.ndarray, factor: float) -> np.ndarray:
    """Between another image, at factor 0, and this one, at 1, and beyond."""
    factor = float(np.float32(factor))
    return cv2().addWeighted(other, 1 - factor, image, factor, 0)  # only the second product is rounded, as in MindSpore


def contrasted(image: np.ndarray, factor: float) -> np.ndarray:
    """An image's differences to its mean brightness, times a factor."""
    mean = cv2().mean(grey(image))[0]
    if image.dtype == np.uint8:
        table = blended(_LEVELS.astype(np.uint8), np.full(256, int(mean + 0.5), np.uint8), factor)
        return cv2().LUT(image, table.ravel())
    return blended(image, np.full_like(image, mean if image.dtype.kind == "f" else int(mean + 0.5)), factor)


def more_saturated(image: np.ndarray, factor: float) -> np.ndarray:
    """An image's differences to its own grey, times a factor."""
    return blended(image, _colourless(image), factor)


def _colourless(image: np.ndarray) -> np.ndarray:
    return cv2().cvtColor(grey(image), cv2().COLOR_GRAY2RGB)


def hue_turned(image: np.ndarray, turns: float) -> np.ndarray:
    """An image whose hues go round by some turns."""
    cv = cv2()
    if image.dtype != np.uint8:
        hsv = cv.cvtColor(image, cv.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0] + np.float32(turns * 360)) % 360
        return cv.cvtColor(hsv, cv.COLOR_HSV2RGB)
    hsv = cv.cvtColor(image, cv.COLOR_RGB2HSV_FULL)
    hsv[..., 0] += np.uint8(int(turns * 255) % 256)
    rgb = cv.cvtColor(hsv, cv.COLOR_HSV2RGB_FULL)
    # MindSpore's OpenCV cuts off fractions, 32 pixels of a row at a time, and rounds those of the rest.
    cut = hsv[:, : hsv.shape[1] // 32 * 32]
    rgb[:, : cut.shape[1]] = np.stack(of_hues(*np.moveaxis(cut * _PARTS_OF_BYTES, -1, 0)), -1) * np.float32(255)
    return rgb


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
        >>> vision.AdjustHue(0.5)(np.array([[[1, 0, 0]]], np.float32)).tolist()
        [[[0.0, 1.0, 1.0]]]
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
        if image.dtype == np.uint8:
            return cv2().LUT(image.reshape(len(image), -1), self._table).reshape(image.shape)
        return self._table[np.clip(image, 0, 255)].astype(image.dtype)

    def _execute_py(self, image):
        return image.convert("RGB").point(self._table.tolist() * 3).convert(image.mode)

    @functools.cached_property
    def _table(self) -> np.ndarray:
        """What each of 256 levels becomes."""
        raised = (np.arange(256) / 255) ** self.gamma
        return np.clip(255.999 * self.gain * raised, 0, 255).astype(np.uint8)


class RandomColor(ImageTensorOperation):
    """Multiply an image's differences to its own grey by a random factor.

    Args:
        degrees (sequence): the bounds of the factor, not negative. Default: (0.1, 1.9).

    Raises:
        TypeError: if `degrees` is no pair of numbers.
        ValueError: if it is out of bounds.
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> vision.RandomColor((1.0, 1.0))(np.array([[[100, 150, 200]]], np.uint8)).tolist()
        [[[100, 150, 200]]]
    """

    random = True
    _axes = (3,)
    _channels = (3,)
    _dtypes = "uint8 uint16 float32"

    def __init__(self, degrees=(0.1, 1.9)):
        self.degrees = interval("RandomColor", "degrees", degrees, "number >= 0")

    def _image(self, image):
        degree = float(np.float32(draws(self).uniform(*self.degrees)))
        # As `more_saturated`, but for which of the products is rounded.
        return cv2().addWeighted(image, degree, _colourless(image), 1 - degree, 0)

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
        >>> vision.RandomColorAdjust((2, 2))(np.full((1, 1, 3), 100, np.uint8)).tolist()
        [[[200, 200, 200]]]
    """

    random = True
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
        numbers, steps = draws(self), self._steps()
        numbers.shuffle(steps)
        for step, bounds in steps:
            if bounds not in ((1, 1), (0, 0)):
                image = step(numbers.uniform(*bounds))._compute(image)
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


class RandomLighting(ImageTensorOperation):
    """Add random multiples of the main colours of ImageNet's photographs (AlexNet's augmentation).

    Args:
        alpha (float): the standard deviation of the multiples. Default: 0.05.

    Raises:
        TypeError: if `alpha` is no number.
        ValueError: if it is negative.
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> vision.RandomLighting(0.0)(np.full((1, 1, 3), 100, np.uint8)).tolist()
        [[[100, 100, 100]]]
    """

    random = True
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
        shift = self._shift(np.array(draws(self).normals(3, self.alpha)))
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
