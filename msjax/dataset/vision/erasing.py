"""Parts of images erased."""

from __future__ import annotations

import math

import numpy as np

from msjax.core.kinds import check, is_a, takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.transforms.base import PyTensorOperation, refusal
from msjax.dataset.vision.base import ImageTensorOperation
from msjax.dataset.vision.checks import interval, sequence


class CutOut(ImageTensorOperation):
    """Put black squares over random parts of an image; what is beyond its edges is cut off.

    Args:
        length (int): the side of a square.
        num_patches (int): how many squares. Default: 1.
        is_hwc (bool): whether images are of shape (H, W, C), else (C, H, W). Default: True.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is not positive.
        RuntimeError: if the image is smaller than a square, or of another shape.

    Example:
        >>> vision.CutOut(4)(np.full((8, 8, 3), 255, np.uint8)).shape
        (8, 8, 3)
    """

    random = True
    _axes = (3,)
    _dtypes = ""

    @takes(length="int > 0", num_patches="int > 0", is_hwc="bool")
    def __init__(self, length: int, num_patches: int = 1, is_hwc: bool = True):
        self.length = length
        self.num_patches = num_patches
        self.is_hwc = is_hwc

    def _image(self, image):
        height, width = image.shape[:2] if self.is_hwc else image.shape[1:]
        if height < self.length or width < self.length:
            raise refusal(self, f"the image must be at least {self.length} high and wide, but got shape {image.shape}")
        image = image.copy()
        numbers = draws(self)
        for _ in range(self.num_patches):
            bottom = numbers.integer(0, height + self.length)
            right = numbers.integer(0, width + self.length)
            rows, columns = (slice(max(end - self.length, 0), end) for end in (bottom, right))
            image[(rows, columns) if self.is_hwc else (..., rows, columns)] = 0
        return image


class Erase(ImageTensorOperation):
    """Put a colour over a part of an image.

    Args:
        top (int): its first row.
        left (int): its first column.
        height (int): its rows.
        width (int): its columns.
        value (Union[int, float, sequence]): the colour, RGB or grey, in [0, 255]. Default: 0.
        inplace (bool): whether to write to the input. Default: False.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is not of shape (H, W, 3), or smaller than the part.

    Example:
        >>> vision.Erase(0, 0, 1, 1, 9)(np.zeros((1, 2, 3), np.uint8)).tolist()
        [[[9, 9, 9], [0, 0, 0]]]
    """

    _axes = (3,)
    _channels = (3,)

    @takes(top="int >= 0", left="int >= 0", height="int > 0", width="int > 0", inplace="bool")
    def __init__(self, top, left, height, width, value=0.0, inplace=False):
        self.part = (slice(top, top + height), slice(left, left + width))
        self.size = (height, width)
        if isinstance(value, (list, tuple)):
            self.value = sequence("Erase", "value", value, "number [0, 255]", (3,))
        else:
            check("Erase", "value", value, "number [0, 255]")
            self.value = (value, value, value)
        self.inplace = inplace

    def _image(self, image):
        if self.size[0] > image.shape[0] or self.size[1] > image.shape[1]:
            raise refusal(self, f"the part of size {self.size} must fit into the image, but got shape {image.shape}")
        image = image if self.inplace else image.copy()
        colour = np.array(self.value)
        image[self.part] = np.rint(colour) if image.dtype.kind in "iu" else colour
        return image


class RandomErasing(PyTensorOperation):
    """Erase a random part of an image of shape (C, H, W), with a probability.

    Args:
        prob (float): the probability. Default: 0.5.
        scale (sequence): bounds of the part's area, as a share of the image's. Default: (0.02, 0.33).
        ratio (sequence): bounds of the part's aspect ratio. Default: (0.3, 3.3).
        value (Union[int, str, sequence]): the colour, RGB or grey, or "random" for normally distributed noise.
            Default: 0.
        inplace (bool): whether to write to the input. Default: False.
        max_attempts (int): how often to try. Default: 10.

    Raises:
        TypeError: if an argument is of another type, or the input no array.
        ValueError: if an argument is out of bounds, or the image not of three axes.

    Example:
        >>> vision.RandomErasing(1.0)(np.ones((3, 8, 8), np.float32)).shape
        (3, 8, 8)
    """

    random = True

    @takes(prob="number [0, 1]", inplace="bool", max_attempts="int > 0")
    def __init__(self, prob=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0, inplace=False, max_attempts=10):
        self.prob = prob
        self.scale = interval("RandomErasing", "scale", scale, "number >= 0")
        self.ratio = interval("RandomErasing", "ratio", ratio, "number > 0")
        self.value = _colour(value)
        self.inplace = inplace
        self.max_attempts = max_attempts

    def _execute_py(self, image):
        if self.prob <= streams().python.random():
            return image
        if not isinstance(image, np.ndarray):
            raise TypeError(f"For 'RandomErasing', the input must be a numpy array, but got {type(image).__name__}.")
        if image.ndim != 3:
            raise ValueError(f"For 'RandomErasing', the image must be of shape (C, H, W), but got {image.shape}.")
        part = self._part(*image.shape[1:])
        image = image if self.inplace else image.copy()
        if part is not None:
            target = image[part]
            if self.value == "random":
                target[...] = streams().numpy.normal(loc=0.0, scale=1.0, size=target.shape)
            else:
                target[...] = np.reshape(self.value, (-1, 1, 1))
        return image

    def _part(self, height: int, width: int) -> tuple | None:
        """What to erase, if any of the attempts fits into the image."""
        random = streams().python
        for _ in range(self.max_attempts):
            area = random.uniform(*self.scale) * height * width
            ratio = random.uniform(*self.ratio)
            part_width = round(math.sqrt(area * ratio))
            part_height = round(part_width / ratio)
            if part_width < width and part_height < height:
                top, left = random.randint(0, height - part_height), random.randint(0, width - part_width)
                return slice(None), slice(top, top + part_height), slice(left, left + part_width)
        return None


def _colour(value):
    if isinstance(value, (list, tuple)) and len(value) == 3:
        return sequence("RandomErasing", "value", value, "int [0, 255]")
    if is_a(value, "int"):
        check("RandomErasing", "value", value, "int [0, 255]")
    elif value != "random":
        raise ValueError(
            f"For 'RandomErasing', the 'value' must be an int, 3 ints for RGB, or 'random', but got {value!r:.80}."
        )
    return value
