"""Parts of images."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check_is, takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.transforms.base import refusal
from msjax.dataset.vision.base import ImageTensorOperation, PilOperation, extent
from msjax.dataset.vision.checks import fill, padding, sequence, size
from msjax.dataset.vision.enumerations import Border
from msjax.dataset.vision.libraries import pillow
from msjax.dataset.vision.padding import padded, padded_pil


def cut(image: np.ndarray, top: int, left: int, height: int, width: int) -> np.ndarray:
    """The part of an image, or of each of a batch."""
    rows, columns = slice(top, top + height), slice(left, left + width)
    return image[rows, columns] if image.ndim < 4 else image[..., rows, columns, :]


class CenterCrop(ImageTensorOperation):
    """The middle of an image, with a black border where the image is smaller.

    Args:
        size (Union[int, sequence]): height and width; an int is both.

    Raises:
        TypeError: if `size` is of another type.
        ValueError: if it is not positive.
        RuntimeError: if the image is not even a quarter as high or wide.

    Example:
        >>> vision.CenterCrop(4)(np.zeros((8, 10, 3), np.uint8)).shape
        (4, 4, 3)
    """

    _axes = ()

    def __init__(self, size: int | tuple[int, int]):
        self.size = pair(self, size)

    def _image(self, image):
        if image.ndim < 2:
            raise refusal(self, f"the image must be of shape (H, W) or (..., H, W, C), but got {image.shape}")
        height, width = self.size
        full_height, full_width = extent(image)
        extra = (max(height - full_height, 0), max(width - full_width, 0))
        if extra[0] >= 3 * full_height or extra[1] >= 3 * full_width:
            raise refusal(
                self, f"'size' {self.size} must be less than 4 times that of the image, but got shape {image.shape}"
            )
        if any(extra):
            top, left = (extra[0] + 1) // 2, (extra[1] + 1) // 2  # an odd line goes first
            sides = [(top, extra[0] - top), (left, extra[1] - left)]
            sides = [*[(0, 0)] * (image.ndim - 3), *sides, *[(0, 0)] * (image.ndim > 2)]
            image = np.pad(image, sides)
            full_height, full_width = extent(image)
        return cut(image, (full_height - height) // 2, (full_width - width) // 2, height, width)

    def _execute_py(self, image):
        height, width = self.size
        top, left = round((image.height - height) / 2), round((image.width - width) / 2)
        return image.crop((left, top, left + width, top + height))


def pair(operation: object, value) -> tuple[int, int]:
    """The 'size' of an operation, as height and width."""
    return size(type(operation).__name__, value)


class Crop(ImageTensorOperation):
    """A part of an image.

    Args:
        coordinates (sequence): top and left.
        size (Union[int, sequence]): height and width; an int is both.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `coordinates` is negative or `size` not positive.
        RuntimeError: if the part is not within the image.

    Example:
        >>> vision.Crop((1, 0), (1, 2))(np.arange(9, dtype=np.uint8).reshape(3, 3)).tolist()
        [[3, 4]]
    """

    def __init__(self, coordinates: tuple[int, int], size: int | tuple[int, int]):
        self.coordinates = sequence("Crop", "coordinates", coordinates, "int >= 0", (2,))
        self.size = pair(self, size)

    def _image(self, image):
        top, left = self.coordinates
        within(self, image, top, left, *self.size)
        return cut(image, top, left, *self.size)


def within(operation: object, image: np.ndarray, top: int, left: int, height: int, width: int) -> None:
    """Check that a part is within an image.

    Raises:
        RuntimeError: if it is not.
    """
    if top + height > image.shape[0] or left + width > image.shape[1]:
        raise refusal(
            operation,
            f"rows {top} to {top + height} and columns {left} to {left + width} must be within the image, "
            f"but its height and width are {image.shape[0]} and {image.shape[1]}",
        )


class RandomCrop(ImageTensorOperation):
    """A part of an image at a random place, after padding.

    Args:
        size (Union[int, sequence]): height and width; an int is both.
        padding (Union[int, sequence], optional): left, top, right and bottom, or left and right and top and bottom, or
            all alike. Default: None, no padding.
        pad_if_needed (bool): whether to pad images that are smaller than `size`. Default: False.
        fill_value (Union[int, tuple[int]]): what to pad with, with `Border.CONSTANT`. Default: 0.
        padding_mode (Border): how to pad. Default: `Border.CONSTANT`.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is smaller than `size`.

    Example:
        >>> vision.RandomCrop(4)(np.zeros((8, 10, 3), np.uint8)).shape
        (4, 4, 3)
    """

    random = True
    _axes = ()

    @takes(pad_if_needed="bool")
    def __init__(self, size, padding=None, pad_if_needed=False, fill_value=0, padding_mode=Border.CONSTANT):
        owner = type(self).__name__
        self.size = pair(self, size)
        self.padding = _padding(owner, padding)
        self.pad_if_needed = pad_if_needed
        self.fill_value = fill(owner, fill_value)
        check_is(owner, "padding_mode", padding_mode, Border)
        self.padding_mode = padding_mode

    def _image(self, image):
        return self._cropped(image)[0]

    def _cropped(self, image) -> tuple[np.ndarray, int, int]:
        """The crop, and how far right and down of the image's corner its own is."""
        sides = self._sides(*extent(image))
        if any(sides):
            image = padded(self, image, sides, self.fill_value, self.padding_mode)
        height, width = self.size
        full_height, full_width = extent(image)
        if full_height < height or full_width < width:
            raise refusal(self, f"the image must be at least of 'size' {self.size}, but got shape {image.shape}")
        numbers = draws(self)
        left = numbers.integer(0, full_width - width)
        top = numbers.integer(0, full_height - height)
        return cut(image, top, left, height, width), left - sides[0], top - sides[1]

    def _sides(self, height: int, width: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom padding of an image."""
        left, top, right, bottom = self.padding or (0, 0, 0, 0)
        if self.pad_if_needed:
            more_rows = max(self.size[0] - height - top - bottom, 0)
            more_columns = max(self.size[1] - width - left - right, 0)
            left, right, top, bottom = left + more_columns, right + more_columns, top + more_rows, bottom + more_rows
        return left, top, right, bottom

    def _execute_py(self, image):
        sides = self._sides(image.height, image.width)
        if any(sides):
            image = padded_pil(image, sides, self.fill_value, self.padding_mode)
        return _crop_somewhere(self, image, *self.size)


def _padding(owner: str, value) -> tuple[int, int, int, int] | None:
    return None if value is None else padding(owner, value)


def _crop_somewhere(operation, image, height: int, width: int):
    _at_least(operation, image, height, width)
    random = streams().python
    top = random.randint(0, image.height - height) if (image.height, image.width) != (height, width) else 0
    left = random.randint(0, image.width - width) if (image.height, image.width) != (height, width) else 0
    return image.crop((left, top, left + width, top + height))


def _at_least(operation, image, height: int, width: int) -> None:
    if image.height < height or image.width < width:
        raise ValueError(
            f"For '{type(operation).__name__}', the image must be at least of 'size' {(height, width)}, "
            f"but got height {image.height} and width {image.width}."
        )


class FiveCrop(PilOperation):
    """The corners and the middle of a PIL image: top left, top right, bottom left, bottom right, middle.

    Args:
        size (Union[int, sequence]): height and width; an int is both.

    Raises:
        TypeError: if `size` is of another type, or the input no PIL image.
        ValueError: if `size` is not positive, or the image smaller.

    Example:
        >>> len(vision.FiveCrop(4)(vision.ToPIL()(np.zeros((8, 10, 3), np.uint8))))
        5
    """

    def __init__(self, size: int | tuple[int, int]):
        self.size = pair(self, size)

    def _pil(self, image):
        height, width = self.size
        _at_least(self, image, height, width)
        right, bottom = image.width - width, image.height - height
        corners = [(0, 0), (right, 0), (0, bottom), (right, bottom)]
        crops = [image.crop((left, top, left + width, top + height)) for left, top in corners]
        return (*crops, CenterCrop(self.size)._execute_py(image))


class TenCrop(FiveCrop):
    """The corners and the middle of a PIL image, and those of its mirror image.

    Args:
        size (Union[int, sequence]): height and width; an int is both.
        use_vertical_flip (bool): whether to mirror top and bottom, else left and right. Default: False.

    Raises:
        TypeError: if an argument is of another type, or the input no PIL image.
        ValueError: if `size` is not positive, or the image smaller.

    Example:
        >>> len(vision.TenCrop(4)(vision.ToPIL()(np.zeros((8, 10, 3), np.uint8))))
        10
    """

    @takes(use_vertical_flip="bool")
    def __init__(self, size: int | tuple[int, int], use_vertical_flip: bool = False):
        super().__init__(size)
        self.use_vertical_flip = use_vertical_flip

    def _pil(self, image):
        ways = pillow().Transpose
        way = ways.FLIP_TOP_BOTTOM if self.use_vertical_flip else ways.FLIP_LEFT_RIGHT
        return super()._pil(image) + super()._pil(image.transpose(way))
