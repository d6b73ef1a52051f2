"""Borders around images."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check, check_is
from msjax.dataset.transforms.base import refusal
from msjax.dataset.vision.base import ImageTensorOperation, over_batch
from msjax.dataset.vision.checks import fill, padding, sequence, size
from msjax.dataset.vision.enumerations import Border
from msjax.dataset.vision.libraries import pillow


def padded(operation: object, image: np.ndarray, sides, colour: tuple[int, int, int], mode: Border) -> np.ndarray:
    """An image with a border, on behalf of an operation: `sides` are left, top, right and bottom."""
    channels = 1 if image.ndim == 2 else image.shape[-1]
    if channels not in (1, 3):
        raise refusal(operation, f"the image must have 1 or 3 channels to be padded, but got {channels}")
    return over_batch(lambda each: _padded(each, sides, colour, mode), image)


def _padded(image: np.ndarray, sides, colour, mode: Border) -> np.ndarray:
    left, top, right, bottom = sides
    around = [(top, bottom), (left, right), (0, 0)][: image.ndim]
    if mode != Border.CONSTANT:
        return np.pad(image, around, mode.value)
    height, width = image.shape[:2]
    channels = image.shape[2:]
    result = np.empty((top + height + bottom, left + width + right, *channels), image.dtype)
    # A row at a time: numpy is slow along an axis as short as that of the channels.
    row = np.tile(colour if channels == (3,) else colour[:1], result.shape[1]).astype(image.dtype)
    result.reshape(len(result), -1)[...] = row
    result[top : top + height, left : left + width] = image
    return result


def padded_pil(image, sides, colour: tuple[int, int, int], mode: Border):
    """A PIL image with a border: `sides` are left, top, right and bottom."""
    if mode == Border.CONSTANT:
        value = colour if len(image.getbands()) == 3 else colour[0]
        return pillow("ImageOps").expand(image, tuple(sides), value)
    return pillow().fromarray(_padded(np.asarray(image), sides, colour, mode))


class Pad(ImageTensorOperation):
    """Pad an image.

    Args:
        padding (Union[int, sequence]): left, top, right and bottom, or left and right and top and bottom, or all alike.
        fill_value (Union[int, tuple[int]]): what to pad with, with `Border.CONSTANT`: RGB or grey. Default: 0.
        padding_mode (Border): how to pad. Default: `Border.CONSTANT`.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is of another shape.

    Example:
        >>> vision.Pad((1, 0), 9)(np.zeros((1, 1), np.uint8)).tolist()
        [[9, 0, 9]]
    """

    _channels = (1, 3)
    _bool_stays = False

    def __init__(self, padding, fill_value=0, padding_mode=Border.CONSTANT):
        self.padding = _sides(padding)
        self.fill_value = fill("Pad", fill_value)
        check_is("Pad", "padding_mode", padding_mode, Border)
        self.padding_mode = padding_mode

    def _image(self, image):
        return padded(self, image, self.padding, self.fill_value, self.padding_mode)

    def _execute_py(self, image):
        return padded_pil(image, self.padding, self.fill_value, self.padding_mode)


def _sides(value) -> tuple[int, int, int, int]:
    return padding("Pad", value)


class PadToSize(ImageTensorOperation):
    """Pad an image to a size.

    Args:
        size (Union[int, sequence]): height and width; an int is both.
        offset (Union[int, sequence], optional): top and left padding; an int is both. Default: None, the image is in
            the middle.
        fill_value (Union[int, tuple[int]]): what to pad with, with `Border.CONSTANT`: RGB or grey. Default: 0.
        padding_mode (Border): how to pad. Default: `Border.CONSTANT`.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is of another shape, or larger than `size`.

    Example:
        >>> vision.PadToSize((1, 3), (0, 0), 9)(np.zeros((1, 1), np.uint8)).tolist()
        [[0, 9, 9]]
    """

    _channels = (1, 3)
    _bool_stays = False

    def __init__(self, size, offset=None, fill_value=0, padding_mode=Border.CONSTANT):
        self.size = _size(size)
        self.offset = _offset(offset)
        self.fill_value = fill("PadToSize", fill_value)
        check_is("PadToSize", "padding_mode", padding_mode, Border)
        self.padding_mode = padding_mode

    def _image(self, image):
        missing = [wanted - length for wanted, length in zip(self.size, image.shape, strict=False)]
        top, left = (missing[0] // 2, missing[1] // 2) if self.offset is None else self.offset
        if min(missing) < 0 or top > missing[0] or left > missing[1]:
            raise refusal(
                self,
                f"the image and its 'offset' must fit into 'size' {self.size}, but got shape {image.shape} "
                f"and offset {(top, left)}",
            )
        sides = (left, top, missing[1] - left, missing[0] - top)
        return padded(self, image, sides, self.fill_value, self.padding_mode)


def _size(value) -> tuple[int, int]:
    return size("PadToSize", value)


def _offset(value) -> tuple[int, int] | None:
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        return sequence("PadToSize", "offset", value, "int >= 0", (0, 2)) or None
    check("PadToSize", "offset", value, "int >= 0")
    return value, value
