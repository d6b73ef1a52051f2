"""Levels of images: equalise, stretch, invert, posterise, solarise."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check, takes
from msjax.dataset.seeding import draws
from msjax.dataset.vision.base import ImageTensorOperation, Sometimes, saturated
from msjax.dataset.vision.checks import interval, sequence
from msjax.dataset.vision.libraries import cv2, pillow


def _channels_mapped(image: np.ndarray, function) -> np.ndarray:
    """A function from channel to channel applied to each."""
    if image.ndim == 2:
        return function(image)
    return np.stack([function(np.ascontiguousarray(channel)) for channel in np.moveaxis(image, -1, 0)], -1)


def equalized(image: np.ndarray) -> np.ndarray:
    """An image each of whose channels has all levels about equally often."""
    return _channels_mapped(image, cv2().equalizeHist)


def autocontrasted(image: np.ndarray, cutoff: float = 0.0, ignore: tuple[int, ...] = ()) -> np.ndarray:
    """An image each of whose channels reaches from 0 to 255, after `cutoff` percent were left out at both ends."""
    cv = cv2()
    channels = 1 if image.ndim == 2 else image.shape[2]
    counts = [cv.calcHist([image], [at], None, [256], [0, 256]).ravel().astype(np.int64) for at in range(channels)]
    tables = np.stack([_stretch(each, cutoff, ignore) for each in counts], -1)
    return cv.LUT(image, tables[None]).reshape(image.shape)


def _stretch(counts: np.ndarray, cutoff: float, ignore: tuple[int, ...]) -> np.ndarray:
    """The level that each of 256 becomes, of which there are so many each."""
    counts[list(ignore)] = 0
    cut = int(counts.sum() * int(cutoff) // 100)  # MindSpore takes whole percents
    if cut:
        counts = np.minimum(counts, np.maximum(np.cumsum(counts) - cut, 0))
        backwards = counts[::-1]
        counts = np.minimum(backwards, np.maximum(np.cumsum(backwards) - cut, 0))[::-1]
    present = np.flatnonzero(counts)
    levels = np.arange(256, dtype=np.float32)
    if len(present) < 2:
        return levels.astype(np.uint8)
    low, high = present[0], present[-1]
    scale = np.float32(255.0 / (high - low))
    return np.clip((levels * scale - np.float32(low) * scale).astype(np.int64), 0, 255).astype(np.uint8)


def posterized(image: np.ndarray, bits: int) -> np.ndarray:
    """An image of whose levels only the highest bits are left."""
    return image.view(np.uint8) & np.uint8((0xFF << (8 - bits)) & 0xFF)


def inverted(image: np.ndarray) -> np.ndarray:
    """255 minus each level."""
    if image.dtype == np.uint8 or image.dtype.kind == "f":
        return 255 - image
    return saturated(255 - image.astype(np.float64), image.dtype)


def solarized(image: np.ndarray, low: float, high: float) -> np.ndarray:
    """An image whose levels between two bounds are inverted. Bounds that are equal are the lower one only."""
    high = np.inf if low == high else high
    return np.where((image >= low) & (image <= high), inverted(image), image)


class Equalize(ImageTensorOperation):
    """Let each channel have all levels about equally often.

    Raises:
        RuntimeError: if the image is not of uint8, or has not 1 or 3 channels.

    Example:
        >>> vision.Equalize()(np.array([[100, 101, 102]], np.uint8)).tolist()
        [[0, 128, 255]]
    """

    _channels = (1, 3)
    _dtypes = "uint8"
    _bool_stays = False

    def _image(self, image):
        return equalized(image)

    def _execute_py(self, image):
        return pillow("ImageOps").equalize(image)


class RandomEqualize(Sometimes, Equalize):
    """Let each channel have all levels about equally often, with a probability.

    Args:
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if `prob` is no number.
        ValueError: if it is not in [0, 1].
        RuntimeError: if the image is not of uint8, or has not 1 or 3 channels.

    Example:
        >>> vision.RandomEqualize(1.0)(np.array([[100, 101, 102]], np.uint8)).tolist()
        [[0, 128, 255]]
    """

    _pil_as_array = True


class AutoContrast(ImageTensorOperation):
    """Let each channel reach from 0 to 255.

    Args:
        cutoff (float): the percentage of pixels to leave out at both ends, in [0, 50). Default: 0.0.
        ignore (Union[int, sequence], optional): levels that do not count. Default: None.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is not of uint8, or has not 1 or 3 channels.

    Example:
        >>> vision.AutoContrast()(np.array([[100, 101, 102]], np.uint8)).tolist()
        [[0, 127, 255]]
    """

    _channels = (1, 3)
    _dtypes = "uint8"
    _bool_stays = False

    @takes(cutoff="number [0, 50)")
    def __init__(self, cutoff: float = 0.0, ignore=None):
        owner = type(self).__name__
        self.cutoff = cutoff
        if ignore is None:
            self.ignore = ()
        elif isinstance(ignore, (list, tuple)):
            self.ignore = sequence(owner, "ignore", ignore, "int [0, 255]")
        else:
            check(owner, "ignore", ignore, "int [0, 255]")
            self.ignore = (ignore,)

    def _image(self, image):
        return autocontrasted(image, self.cutoff, self.ignore)

    def _execute_py(self, image):
        return pillow("ImageOps").autocontrast(image, self.cutoff, self.ignore or None)


class RandomAutoContrast(Sometimes, AutoContrast):
    """Let each channel reach from 0 to 255, with a probability.

    Args:
        cutoff (float): the percentage of pixels to leave out at both ends, in [0, 50). Default: 0.0.
        ignore (Union[int, sequence], optional): levels that do not count. Default: None.
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is not of uint8, or has not 1 or 3 channels.

    Example:
        >>> vision.RandomAutoContrast(prob=1.0)(np.array([[100, 101, 102]], np.uint8)).tolist()
        [[0, 127, 255]]
    """

    @takes(prob="number [0, 1]")
    def __init__(self, cutoff: float = 0.0, ignore=None, prob: float = 0.5):
        AutoContrast.__init__(self, cutoff, ignore)
        self.prob = prob

    _pil_as_array = True


class Invert(ImageTensorOperation):
    """Invert an image: 255 minus each level.

    Raises:
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> vision.Invert()(np.array([[[0, 100, 255]]], np.uint8)).tolist()
        [[[255, 155, 0]]]
    """

    _axes = (3,)
    _channels = (3,)

    def _image(self, image):
        return inverted(image)

    def _execute_py(self, image):
        return pillow("ImageOps").invert(image)


class RandomInvert(Sometimes, Invert):
    """Invert an image, with a probability.

    Args:
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if `prob` is no number.
        ValueError: if it is not in [0, 1].
        RuntimeError: if the image is not of shape (H, W, 3).

    Example:
        >>> vision.RandomInvert(1.0)(np.array([[[0, 100, 255]]], np.uint8)).tolist()
        [[[255, 155, 0]]]
    """

    _pil_as_array = True


class Posterize(ImageTensorOperation):
    """Leave only the highest bits of each level.

    Args:
        bits (int): how many, in [0, 8].

    Raises:
        TypeError: if `bits` is no int.
        ValueError: if it is out of bounds.
        RuntimeError: if the image is not of uint8 or int8.

    Example:
        >>> vision.Posterize(1)(np.array([[100, 200]], np.uint8)).tolist()
        [[0, 128]]
    """

    _dtypes = "uint8 int8"
    _bool_stays = False

    @takes(bits="int [0, 8]")
    def __init__(self, bits: int):
        self.bits = bits

    def _image(self, image):
        return posterized(image, self.bits)


class RandomPosterize(ImageTensorOperation):
    """Leave only the highest bits of each level, a random number of them.

    Args:
        bits (Union[int, sequence]): how many, in [1, 8], or bounds of that. Default: (8, 8).

    Raises:
        TypeError: if `bits` is of another type.
        ValueError: if it is out of bounds.
        RuntimeError: if the image is not of uint8 or int8.

    Example:
        >>> vision.RandomPosterize(1)(np.array([[100, 200]], np.uint8)).tolist()
        [[0, 128]]
    """

    random = True
    _dtypes = "uint8 int8"
    _bool_stays = False

    def __init__(self, bits=(8, 8)):
        if isinstance(bits, (list, tuple)):
            self.bits = interval("RandomPosterize", "bits", bits, "int [1, 8]")
        else:
            check("RandomPosterize", "bits", bits, "int [1, 8]")
            self.bits = (bits, bits)

    def _image(self, image):
        low, high = self.bits
        return posterized(image, draws(self).integer(low, high))


class Solarize(ImageTensorOperation):
    """Invert the levels between two bounds, or above one.

    Args:
        threshold (Union[float, sequence]): the bounds, in [0, 255]; a number is the lower one.

    Raises:
        TypeError: if `threshold` is of another type.
        ValueError: if it is out of bounds.
        RuntimeError: if the image has not 1 or 3 channels.

    Example:
        >>> vision.Solarize((0, 100))(np.array([[100, 200]], np.uint8)).tolist()
        [[155, 200]]
    """

    _channels = (1, 3)

    def __init__(self, threshold):
        if isinstance(threshold, (list, tuple)):
            self.threshold = interval("Solarize", "threshold", threshold, "number [0, 255]")
        else:
            check("Solarize", "threshold", threshold, "number [0, 255]")
            self.threshold = (threshold, threshold)

    def _image(self, image):
        return solarized(image, *self.threshold)


class RandomSolarize(ImageTensorOperation):
    """Invert the levels between two random bounds, or above them if they are equal.

    Args:
        threshold (tuple): within which these are, in [0, 255]. Default: (0, 255).

    Raises:
        TypeError: if `threshold` is of another type.
        ValueError: if it is out of bounds.
        RuntimeError: if the image has not 1 or 3 channels.

    Example:
        >>> vision.RandomSolarize((100, 100))(np.array([[100, 200]], np.uint8)).tolist()
        [[155, 55]]
    """

    random = True
    _channels = (1, 3)

    @takes(threshold="tuple")
    def __init__(self, threshold=(0, 255)):
        self.threshold = interval("RandomSolarize", "threshold", threshold, "int [0, 255]")

    def _image(self, image):
        low, high = self.threshold
        return solarized(image, *sorted(draws(self).integer(low, high) for _ in range(2)))
