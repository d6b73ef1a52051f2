"""Edges of images: sharpen and blur."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.transforms.base import refusal
from msjax.dataset.vision.base import ImageTensorOperation, like
from msjax.dataset.vision.checks import interval, sequence
from msjax.dataset.vision.libraries import cv2, pillow

_SMOOTH = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]], np.float32) / 13


def sharpened(operation, image: np.ndarray, factor: float) -> np.ndarray:
    """An image's differences to its smoothed version, times a factor. Its edge stays as it is."""
    cv = cv2()
    smooth = image.copy()
    try:
        inner = like(cv.filter2D(image, -1, _SMOOTH), image)[1:-1, 1:-1]
    except cv.error as error:
        raise refusal(operation, f"the image must be of uint8, float32 or float64, but got {image.dtype}") from error
    smooth[1:-1, 1:-1] = inner
    factor = float(np.float32(factor))
    return like(cv.addWeighted(image, factor, smooth, 1 - factor, 0), image)


class AdjustSharpness(ImageTensorOperation):
    """Multiply an image's differences to its smoothed version by a factor.

    Args:
        sharpness_factor (float): the factor, not negative: 0 gives the smoothed version, 1 the image.

    Raises:
        TypeError: if `sharpness_factor` is no number.
        ValueError: if it is negative.
        RuntimeError: if the image is of another shape or dtype.

    Example:
        >>> vision.AdjustSharpness(1.0)(np.array([[1, 2]], np.uint8)).tolist()
        [[1, 2]]
    """

    _bool_stays = False

    @takes(sharpness_factor="number [0, 16777216]")
    def __init__(self, sharpness_factor: float):
        self.sharpness_factor = sharpness_factor

    def _image(self, image):
        return sharpened(self, image, self.sharpness_factor)


class RandomAdjustSharpness(ImageTensorOperation):
    """Multiply an image's differences to its smoothed version by a factor, with a probability.

    Args:
        degree (float): the factor, not negative: 0 gives the smoothed version, 1 the image.
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if an argument is no number.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is of another shape or dtype.

    Example:
        >>> vision.RandomAdjustSharpness(1.0)(np.array([[1, 2]], np.uint8)).tolist()
        [[1, 2]]
    """

    random = True
    _bool_stays = False

    @takes(degree="number [0, 16777216]", prob="number [0, 1]")
    def __init__(self, degree: float, prob: float = 0.5):
        self.degree = degree
        self.prob = prob

    def _image(self, image):
        return sharpened(self, image, self.degree) if draws(self).unit() < self.prob else image


class RandomSharpness(ImageTensorOperation):
    """Multiply an image's differences to its smoothed version by a random factor.

    Args:
        degrees (sequence): the bounds of the factor, not negative. Default: (0.1, 1.9).

    Raises:
        TypeError: if `degrees` is no pair of numbers.
        ValueError: if it is out of bounds.
        RuntimeError: if the image is of another shape or dtype.

    Example:
        >>> vision.RandomSharpness((1.0, 1.0))(np.array([[1, 2]], np.uint8)).tolist()
        [[1, 2]]
    """

    random = True
    _bool_stays = False

    def __init__(self, degrees=(0.1, 1.9)):
        self.degrees = interval("RandomSharpness", "degrees", degrees, "number >= 0")

    def _image(self, image):
        return sharpened(self, image, draws(self).uniform(*self.degrees))

    def _execute_py(self, image):
        low, high = self.degrees
        factor = (high - low) * streams().python.random() + low
        return pillow("ImageEnhance").Sharpness(image).enhance(factor)


class GaussianBlur(ImageTensorOperation):
    """Blur an image by a Gaussian.

    Args:
        kernel_size (Union[int, sequence]): width and height of the kernel, odd; an int is both.
        sigma (Union[float, sequence], optional): its standard deviations; a number is both. Default: None,
            0.15 * kernel_size + 0.35.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds, or `kernel_size` even.
        RuntimeError: if the image is of another shape or dtype.

    Example:
        >>> vision.GaussianBlur(3)(np.full((3, 3), 7, np.uint8)).tolist()
        [[7, 7, 7], [7, 7, 7], [7, 7, 7]]
    """

    _bool_stays = False

    def __init__(self, kernel_size, sigma=None):
        owner = "GaussianBlur"
        sizes = kernel_size if isinstance(kernel_size, (list, tuple)) else (kernel_size, kernel_size)
        self.kernel_size = sequence(owner, "kernel_size", sizes, "int > 0", (2,))
        if not all(length % 2 for length in self.kernel_size):
            raise ValueError(f"For '{owner}', the 'kernel_size' must be odd, but got {kernel_size!r}.")
        sigmas = sigma if isinstance(sigma, (list, tuple)) else (sigma, sigma)
        self.sigma = sequence(owner, "sigma", sigmas, "None or number >= 0", (2,))

    def _image(self, image):
        sigmas = zip(self.sigma, self.kernel_size, strict=True)
        across, down = (sigma or 0.15 * length + 0.35 for sigma, length in sigmas)
        cv = cv2()
        try:
            return like(cv.GaussianBlur(image, self.kernel_size, across, sigmaY=down), image)
        except cv.error as error:
            raise refusal(self, f"the image must be of uint8, float32 or float64, but got {image.dtype}") from error
