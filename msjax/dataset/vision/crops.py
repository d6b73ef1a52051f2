"""Parts of images: crops, random crops, patches."""

from __future__ import annotations

import math

import numpy as np

from msjax.core.kinds import check, takes
from msjax.dataset.seeding import streams
from msjax.dataset.transforms.base import TensorOperation, refusal
from msjax.dataset.vision.base import ImageTensorOperation, PilOperation, require_pil
from msjax.dataset.vision.checks import fill, interval, member, padding, sequence, size
from msjax.dataset.vision.decoding import decoded
from msjax.dataset.vision.enumerations import Border, Inter, SliceMode
from msjax.dataset.vision.libraries import pillow
from msjax.dataset.vision.padding import padded, padded_pil
from msjax.dataset.vision.resizing import pillow_filter, resized


def cut(image: np.ndarray, top: int, left: int, height: int, width: int) -> np.ndarray:
    """The part of an image, or of each of a batch."""
    rows, columns = slice(top, top + height), slice(left, left + width)
    return image[rows, columns] if image.ndim < 4 else image[..., rows, columns, :]


def _extent(image: np.ndarray) -> tuple[int, int]:
    return image.shape[:2] if image.ndim < 4 else image.shape[-3:-1]


class CenterCrop(ImageTensorOperation):
    """The middle of an image, with a black border where the image is smaller.

    Args:
        size (Union[int, sequence]): height and width; an int is both.

    Raises:
        TypeError: if `size` is of another type.
        ValueError: if it is not positive.

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.CenterCrop(4)(np.zeros((8, 10, 3), np.uint8)).shape
        (4, 4, 3)
    """

    _axes = ()

    def __init__(self, size: int | tuple[int, int]):
        self.size = _pair(self, size)

    def _image(self, image):
        if image.ndim < 2:
            raise refusal(self, f"the image must be of shape (H, W) or (..., H, W, C), but got {image.shape}")
        height, width = self.size
        full_height, full_width = _extent(image)
        extra = (max(height - full_height, 0), max(width - full_width, 0))
        if any(extra):
            top, left = (extra[0] + 1) // 2, (extra[1] + 1) // 2  # an odd line goes first
            sides = [(top, extra[0] - top), (left, extra[1] - left)]
            sides = [*[(0, 0)] * (image.ndim - 3), *sides, *[(0, 0)] * (image.ndim > 2)]
            image = np.pad(image, sides)
            full_height, full_width = _extent(image)
        return cut(image, (full_height - height) // 2, (full_width - width) // 2, height, width)

    def _execute_py(self, image):
        height, width = self.size
        top, left = round((image.height - height) / 2), round((image.width - width) / 2)
        return image.crop((left, top, left + width, top + height))


def _pair(operation, value) -> tuple[int, int]:
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
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.Crop((1, 0), (1, 2))(np.arange(9, dtype=np.uint8).reshape(3, 3)).tolist()
        [[3, 4]]
    """

    def __init__(self, coordinates: tuple[int, int], size: int | tuple[int, int]):
        self.coordinates = sequence("Crop", "coordinates", coordinates, "int >= 0", (2,))
        self.size = _pair(self, size)

    def _image(self, image):
        within(self, image, *self.coordinates, *self.size)
        return cut(image, *self.coordinates, *self.size)


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
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.ResizedCrop(0, 0, 4, 4, (2, 3))(np.zeros((8, 10, 3), np.uint8)).shape
        (2, 3, 3)
    """

    @takes(top="int >= 0", left="int >= 0", height="int > 0", width="int > 0")
    def __init__(self, top, left, height, width, size, interpolation: Inter = Inter.BILINEAR):
        member("ResizedCrop", "interpolation", interpolation, Inter)
        self.part = (top, left, height, width)
        self.size = _pair(self, size)
        self.interpolation = interpolation

    def _image(self, image):
        within(self, image, *self.part)
        return resized(self, cut(image, *self.part), *self.size, self.interpolation)


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
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.RandomCrop(4)(np.zeros((8, 10, 3), np.uint8)).shape
        (4, 4, 3)
    """

    _axes = ()

    @takes(pad_if_needed="bool")
    def __init__(self, size, padding=None, pad_if_needed=False, fill_value=0, padding_mode=Border.CONSTANT):
        owner = type(self).__name__
        self.size = _pair(self, size)
        self.padding = _padding(owner, padding)
        self.pad_if_needed = pad_if_needed
        self.fill_value = fill(owner, fill_value)
        member(owner, "padding_mode", padding_mode, Border)
        self.padding_mode = padding_mode

    def _image(self, image):
        return self._cropped(image)[0]

    def _cropped(self, image) -> tuple[np.ndarray, int, int]:
        """The crop, and how far right and down of the image's corner its own is."""
        sides = self._sides(*_extent(image))
        if any(sides):
            image = padded(self, image, sides, self.fill_value, self.padding_mode)
        height, width = self.size
        full_height, full_width = _extent(image)
        if full_height < height or full_width < width:
            raise refusal(self, f"the image must be at least of 'size' {self.size}, but got shape {image.shape}")
        generator = streams().generator
        top = int(generator.integers(full_height - height + 1))
        left = int(generator.integers(full_width - width + 1))
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
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.RandomResizedCrop(4)(np.zeros((8, 10, 3), np.uint8)).shape
        (4, 4, 3)
    """

    _axes = ()

    @takes(max_attempts="int > 0")
    def __init__(
        self, size, scale=(0.08, 1.0), ratio=(3.0 / 4.0, 4.0 / 3.0), interpolation=Inter.BILINEAR, max_attempts=10
    ):
        owner = type(self).__name__
        self.size = _pair(self, size)
        self.scale = interval(owner, "scale", scale, "number >= 0")
        self.ratio = interval(owner, "ratio", ratio, "number > 0")
        member(owner, "interpolation", interpolation, Inter)
        self.interpolation = interpolation
        self.max_attempts = max_attempts

    def _image(self, image):
        part = self._part(*_extent(image), *_draws(False))
        return resized(self, cut(image, *part), *self.size, self.interpolation)

    def _execute_py(self, image):
        top, left, height, width = self._part(image.height, image.width, *_draws(True))
        box = (left, top, left + width, top + height)
        height, width = self.size
        return image.crop(box).resize((width, height), pillow_filter(self, self.interpolation))

    def _part(self, height: int, width: int, uniform, integer) -> tuple[int, int, int, int]:
        """Top, left, height and width of the part."""
        low, high = math.log(self.ratio[0]), math.log(self.ratio[1])
        for _ in range(self.max_attempts):
            area = uniform(*self.scale) * height * width
            ratio = math.exp(uniform(low, high))
            part_width, part_height = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if 0 < part_width <= width and 0 < part_height <= height:
                return integer(0, height - part_height), integer(0, width - part_width), part_height, part_width
        ratio = width / height
        part_height, part_width = height, width
        if ratio < self.ratio[0]:
            part_height = round(width / self.ratio[0])
        elif ratio > self.ratio[1]:
            part_width = round(height * self.ratio[1])
        return (height - part_height) // 2, (width - part_width) // 2, part_height, part_width


def _draws(pil: bool):
    """How to draw a number and an integer between two bounds, both included."""
    if pil:
        return streams().python.uniform, streams().python.randint
    generator = streams().generator
    return generator.uniform, lambda low, high: int(generator.integers(low, high + 1))


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
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> data = vision.encode_png(np.zeros((8, 10, 3), np.uint8))
        >>> vision.RandomCropDecodeResize(4)(data).shape
        (4, 4, 3)
    """

    def __call__(self, data):
        return TensorOperation.__call__(self, decoded(self, data))


class FiveCrop(PilOperation):
    """The corners and the middle of a PIL image: top left, top right, bottom left, bottom right, middle.

    Args:
        size (Union[int, sequence]): height and width; an int is both.

    Raises:
        TypeError: if `size` is of another type, or the input no PIL image.
        ValueError: if `size` is not positive, or the image smaller.

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> len(vision.FiveCrop(4)(vision.ToPIL()(np.zeros((8, 10, 3), np.uint8))))
        5
    """

    def __init__(self, size: int | tuple[int, int]):
        self.size = _pair(self, size)

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
        >>> import numpy as np
        >>> from msjax.dataset import vision
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


class SlicePatches(ImageTensorOperation):
    """Cut an image into patches, row by row.

    Args:
        num_height (int): patches in a column. Default: 1.
        num_width (int): patches in a row. Default: 1.
        slice_mode (SliceMode): whether to pad an image that does not divide evenly, or drop the rest. Default:
            `SliceMode.PAD`.
        fill_value (int): what to pad with. Default: 0.

    Returns:
        A tuple of `num_height * num_width` images.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is of another shape.

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> [x.tolist() for x in vision.SlicePatches(1, 2)(np.array([[1, 2]], np.uint8))]
        [[[1]], [[2]]]
    """

    @takes(num_height="int > 0", num_width="int > 0", fill_value="int [0, 255]")
    def __init__(self, num_height=1, num_width=1, slice_mode=SliceMode.PAD, fill_value=0):
        member("SlicePatches", "slice_mode", slice_mode, SliceMode)
        self.num_height = num_height
        self.num_width = num_width
        self.slice_mode = slice_mode
        self.fill_value = fill_value

    def _compute(self, *columns):
        if len(columns) != 1:
            raise refusal(self, f"the input must be one column, but got {len(columns)}")
        self._check(columns[0])
        image = self._even(columns[0])
        rows = np.split(image, self.num_height)
        patches = [patch for row in rows for patch in np.split(row, self.num_width, axis=1)]
        return tuple(map(np.ascontiguousarray, patches)) if len(patches) > 1 else patches[0]

    def _even(self, image):
        """The image, of a size that divides evenly."""
        height, width = image.shape[:2]
        if self.slice_mode == SliceMode.DROP:
            return image[: height - height % self.num_height, : width - width % self.num_width]
        bottom, right = -height % self.num_height, -width % self.num_width
        sides = [(0, bottom), (0, right), (0, 0)][: image.ndim]
        return np.pad(image, sides, constant_values=self.fill_value)
