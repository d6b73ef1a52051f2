"""Sizes of images: resize, at random too."""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np

from msjax.core.kinds import check_is
from msjax.dataset.seeding import draws
from msjax.dataset.transforms.base import refusal
from msjax.dataset.vision.base import ImageTensorOperation, extent, like, over_batch
from msjax.dataset.vision.checks import size
from msjax.dataset.vision.enumerations import Inter
from msjax.dataset.vision.libraries import cv2, pillow, without_ipp

_OPENCV = {
    Inter.NEAREST: "INTER_NEAREST",
    Inter.BILINEAR: "INTER_LINEAR",
    Inter.BICUBIC: "INTER_CUBIC",
    Inter.AREA: "INTER_AREA",
}
_PILLOW = {
    Inter.NEAREST: "NEAREST",
    Inter.ANTIALIAS: "LANCZOS",
    Inter.BILINEAR: "BILINEAR",
    Inter.BICUBIC: "BICUBIC",
}


def opencv_flag(operation: object, interpolation: Inter) -> int:
    """OpenCV's number of an interpolation.

    Raises:
        TypeError: if only Pillow has it.
    """
    if interpolation not in _OPENCV:
        raise TypeError(
            f"For '{type(operation).__name__}', an array can not be interpolated by {interpolation!r}: "
            "that takes a PIL image. Use Decode(to_pil=True) for encoded data or ToPIL() for decoded data."
        )
    return getattr(cv2(), _OPENCV[interpolation])


def pillow_filter(operation: object, interpolation: Inter):
    """Pillow's filter of an interpolation.

    Raises:
        TypeError: if Pillow has none.
    """
    if interpolation not in _PILLOW:
        raise TypeError(f"For '{type(operation).__name__}', a PIL image can not be interpolated by {interpolation!r}.")
    return getattr(pillow().Resampling, _PILLOW[interpolation])


def resized(operation: object, image: np.ndarray, height: int, width: int, interpolation: Inter) -> np.ndarray:
    """An image in another size, on behalf of an operation.

    Raises:
        RuntimeError: if OpenCV has no such image.
        TypeError: if it has no such interpolation.
    """
    if interpolation == Inter.PILCUBIC:
        return _cubic_as_pillow(operation, image, height, width)
    cv = cv2()
    flag = opencv_flag(operation, interpolation)
    try:
        with without_ipp() if flag == cv.INTER_CUBIC else nullcontext():
            return over_batch(lambda each: like(cv.resize(each, (width, height), interpolation=flag), each), image)
    except cv.error as error:
        raise refusal(operation, f"the image must be of uint8, float32 or float64, but got {image.dtype}") from error


def _cubic_as_pillow(operation, image: np.ndarray, height: int, width: int) -> np.ndarray:
    if image.ndim < 3 or image.shape[-1] != 3:
        raise refusal(operation, f"Inter.PILCUBIC takes images of three channels, but got shape {image.shape}")
    if image.dtype != np.uint8:
        raise refusal(operation, f"Inter.PILCUBIC takes images of uint8, but got {image.dtype}")
    module = pillow()

    def each(one: np.ndarray) -> np.ndarray:
        return np.asarray(module.fromarray(one).resize((width, height), module.Resampling.BICUBIC))

    return over_batch(each, image)


def target(height: int, width: int, wanted: int | tuple[int, int]) -> tuple[int, int]:
    """The size of a resized image: an int is that of its shorter side, and the aspect ratio stays."""
    if not isinstance(wanted, int):
        return wanted
    if height < width:
        return wanted, int(wanted * width / height)
    return int(wanted * height / width), wanted


class Resize(ImageTensorOperation):
    """Resize an image.

    Args:
        size (Union[int, sequence]): height and width; an int is that of the shorter side, the aspect ratio stays.
        interpolation (Inter): how to interpolate; `Inter.ANTIALIAS` takes PIL images only, `Inter.AREA` and
            `Inter.PILCUBIC` take arrays only. Default: `Inter.LINEAR`.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `size` is not positive.
        RuntimeError: if the image is of another shape or dtype.

    Example:
        >>> vision.Resize(4)(np.zeros((8, 10, 3), np.uint8)).shape
        (4, 5, 3)
    """

    _axes = ()

    def __init__(self, size: int | tuple[int, int], interpolation: Inter = Inter.LINEAR):
        self.size = _size(self, size)
        check_is(type(self).__name__, "interpolation", interpolation, Inter)
        self.interpolation = interpolation

    def _image(self, image):
        return self._resized(image, self.interpolation)

    def _resized(self, image, interpolation: Inter):
        if image.ndim < 2:
            raise refusal(self, f"the image must be of shape (H, W) or (..., H, W, C), but got {image.shape}")
        height, width = target(*extent(image), self.size)
        return resized(self, image, height, width, interpolation)

    def _execute_py(self, image):
        height, width = target(image.height, image.width, self.size)
        return image.resize((width, height), pillow_filter(self, self.interpolation))


def _size(operation, value) -> int | tuple[int, int]:
    pair = size(type(operation).__name__, value)
    return value if isinstance(value, int) else pair


class RandomResize(Resize):
    """Resize an image, interpolated at random by nearest, bilinear, bicubic or area.

    Args:
        size (Union[int, sequence]): height and width; an int is that of the shorter side, the aspect ratio stays.

    Raises:
        TypeError: if `size` is of another type.
        ValueError: if it is not positive.

    Example:
        >>> vision.RandomResize(4)(np.zeros((8, 10, 3), np.uint8)).shape
        (4, 5, 3)
    """

    random = True
    _CHOICES = (Inter.BILINEAR, Inter.NEAREST, Inter.BICUBIC, Inter.AREA)

    def __init__(self, size: int | tuple[int, int]):
        super().__init__(size)

    _pil_as_array = True

    def _image(self, image):
        return self._resized(image, self._CHOICES[draws(self).integer(0, len(self._CHOICES) - 1)])
