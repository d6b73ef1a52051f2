"""Parts of images, resized."""

from __future__ import annotations

import math

from msjax.core.kinds import check_is, takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.transforms.base import TensorOperation
from msjax.dataset.vision.base import ImageTensorOperation, extent
from msjax.dataset.vision.checks import interval
from msjax.dataset.vision.crops import cut, pair, within
from msjax.dataset.vision.decoding import decoded
from msjax.dataset.vision.enumerations import Inter
from msjax.dataset.vision.resizing import pillow_filter, resized


class ResizedCrop(ImageTensorOperation):
    """A part of an image, resized.

    Args:
        top (int): its first row.
        left (int): its first column.
        height (int): its rows.
        width (int): its columns.
        size (Union[int, sequence]): height and width of the result; an int is both.
        interpolation (Inter): how to interpolate. Default: `Inter.BILINEAR`.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the part is not within the image.

    Example:
        >>> vision.ResizedCrop(0, 0, 4, 4, (2, 3))(np.zeros((8, 10, 3), np.uint8)).shape
        (2, 3, 3)
    """

    @takes(top="int >= 0", left="int >= 0", height="int > 0", width="int > 0")
    def __init__(self, top, left, height, width, size, interpolation: Inter = Inter.BILINEAR):
        check_is("ResizedCrop", "interpolation", interpolation, Inter)
        self.part = (top, left, height, width)
        self.size = pair(self, size)
        self.interpolation = interpolation

    def _image(self, image):
        within(self, image, *self.part)
        return resized(self, cut(image, *self.part), *self.size, self.interpolation)


class RandomResizedCrop(ImageTensorOperation):
    """A part of an image of random place, area and aspect ratio, resized.

    Args:
        size (Union[int, sequence]): height and width of the result; an int is both.
        scale (sequence): bounds of the part's area, as a share of the image's. Default: (0.08, 1.0).
        ratio (sequence): bounds of the part's width by its height. Default: (3/4, 4/3).
        interpolation (Inter): how to interpolate. Default: `Inter.BILINEAR`.
        max_attempts (int): how often to try, before the middle is taken. Default: 10.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.

    Example:
        >>> vision.RandomResizedCrop(4)(np.zeros((8, 10, 3), np.uint8)).shape
        (4, 4, 3)
    """

    random = True
    _axes = ()

    @takes(max_attempts="int > 0")
    def __init__(
        self, size, scale=(0.08, 1.0), ratio=(3.0 / 4.0, 4.0 / 3.0), interpolation=Inter.BILINEAR, max_attempts=10
    ):
        owner = type(self).__name__
        self.size = pair(self, size)
        self.scale = interval(owner, "scale", scale, "number >= 0")
        self.ratio = interval(owner, "ratio", ratio, "number > 0")
        check_is(owner, "interpolation", interpolation, Inter)
        self.interpolation = interpolation
        self.max_attempts = max_attempts

    def _image(self, image):
        return resized(self, cut(image, *self._drawn(image)), *self.size, self.interpolation)

    def _drawn(self, image) -> tuple[int, int, int, int]:
        numbers = draws(self)

        def corner(rows: int, columns: int) -> tuple[int, int]:
            left = numbers.integer(0, columns)
            return numbers.integer(0, rows), left

        return self._part(*extent(image), numbers.uniform, corner, _half_up)

    def _execute_py(self, image):
        random = streams().python

        def corner(rows: int, columns: int) -> tuple[int, int]:
            return random.randint(0, rows), random.randint(0, columns)

        top, left, height, width = self._part(image.height, image.width, random.uniform, corner, round)
        box = (left, top, left + width, top + height)
        height, width = self.size
        return image.crop(box).resize((width, height), pillow_filter(self, self.interpolation))

    def _part(self, height: int, width: int, uniform, corner, whole) -> tuple[int, int, int, int]:
        """Top, left, height and width of the part: `whole` rounds, as C++ does or as Python does."""
        low, high = math.log(self.ratio[0]), math.log(self.ratio[1])
        for _ in range(self.max_attempts):
            area = uniform(*self.scale) * height * width
            ratio = math.exp(uniform(low, high))
            part_width = whole(math.sqrt(area * ratio))
            part_height = whole(part_width / ratio)
            if 0 < part_width <= width and 0 < part_height <= height:
                return *corner(height - part_height, width - part_width), part_height, part_width
        ratio = width / height
        part_height, part_width = height, width
        if ratio < self.ratio[0]:
            part_height = whole(width / self.ratio[0])
        elif ratio > self.ratio[1]:
            part_width = whole(height * self.ratio[1])
        return whole((height - part_height) / 2), whole((width - part_width) / 2), part_height, part_width


def _half_up(value: float) -> int:
    return math.floor(value + 0.5)


class RandomCropDecodeResize(RandomResizedCrop):
    """Decode an image, then a part of it of random place, area and aspect ratio, resized.

    Args:
        size (Union[int, sequence]): height and width of the result; an int is both.
        scale (sequence): bounds of the part's area, as a share of the image's. Default: (0.08, 1.0).
        ratio (sequence): bounds of the part's width by its height. Default: (3/4, 4/3).
        interpolation (Inter): how to interpolate. Default: `Inter.BILINEAR`.
        max_attempts (int): how often to try, before the middle is taken. Default: 10.

    Raises:
        TypeError: if an argument is of another type, or the input no uint8 array of one axis.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the bytes are no image.

    Example:
        >>> data = vision.encode_png(np.zeros((8, 10, 3), np.uint8))
        >>> vision.RandomCropDecodeResize(4)(data).shape
        (4, 4, 3)
    """

    def __call__(self, data):
        return TensorOperation.__call__(self, decoded(self, data))
