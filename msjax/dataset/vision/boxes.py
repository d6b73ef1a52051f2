"""Images with bounding boxes, which follow what is done to the image."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import takes
from msjax.dataset.seeding import draws
from msjax.dataset.transforms.base import TensorOperation, refusal
from msjax.dataset.vision.base import ImageTensorOperation
from msjax.dataset.vision.crops import RandomCrop, cut
from msjax.dataset.vision.resized_crops import RandomResizedCrop
from msjax.dataset.vision.resizing import RandomResize, Resize, resized


class _BoxOperation(ImageTensorOperation):
    """Base of the transforms of an image and its boxes. A subclass defines `_boxed`, from both to both."""

    _pil_as_array = True

    def _compute(self, *columns):
        if len(columns) != 2:
            raise refusal(self, f"the input must be two columns, image and bounding boxes, but got {len(columns)}")
        image, boxes = columns
        if image.ndim not in (2, 3):
            raise refusal(self, f"the image must be of shape (H, W) or (H, W, C), but got {image.shape}")
        if boxes.dtype != np.float32 or boxes.ndim != 2 or boxes.shape[1] < 4:
            raise refusal(
                self,
                "the bounding boxes must be float32 of shape (N, 4) or wider, x, y, width and height first, "
                f"but got {boxes.dtype} of shape {boxes.shape}",
            )
        x, y, width, height = boxes[:, :4].T
        inside = (x >= 0) & (y >= 0) & (x + width <= image.shape[1]) & (y + height <= image.shape[0])
        if not inside.all():
            raise refusal(
                self,
                f"the bounding boxes must be within the image of shape {image.shape}, "
                f"but got {boxes[~inside][0, :4].tolist()}",
            )
        image, boxes = self._boxed(image, boxes.copy())
        return np.asarray(image, order="C"), boxes

    def _boxed(self, image, boxes):
        raise NotImplementedError


def _clipped(boxes: np.ndarray, top: int, left: int, height: int, width: int) -> np.ndarray:
    """The boxes within a part of an image, relative to it; those outside of it are left out."""
    start = np.maximum(boxes[:, :2] - [left, top], 0)
    end = np.minimum(boxes[:, :2] + boxes[:, 2:4] - [left, top], [width, height])
    boxes = np.concatenate([start, end - start, boxes[:, 4:]], 1).astype(np.float32)
    return boxes[(end > start).all(1)]


def _scaled(boxes: np.ndarray, across: float, down: float) -> np.ndarray:
    boxes[:, [0, 2]] *= np.float32(across)
    boxes[:, [1, 3]] *= np.float32(down)
    return boxes


class _RandomFlipWithBBox(_BoxOperation):
    """Base of the random mirror images. A subclass says along which axis of the image."""

    random = True
    _axis: int

    @takes(prob="number [0, 1]")
    def __init__(self, prob: float = 0.5):
        self.prob = prob

    def _boxed(self, image, boxes):
        if draws(self).unit() >= self.prob:
            return image, boxes
        at = 1 - self._axis  # of x or y in a box
        boxes[:, at] = image.shape[self._axis] - boxes[:, at] - boxes[:, at + 2]
        return np.flip(image, self._axis), boxes


class RandomHorizontalFlipWithBBox(_RandomFlipWithBBox):
    """Exchange left and right of an image and its boxes, with a probability.

    Args:
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if `prob` is no number.
        ValueError: if it is not in [0, 1].
        RuntimeError: if the boxes are not within the image.

    Example:
        >>> flip = vision.RandomHorizontalFlipWithBBox(1.0)
        >>> flip(np.zeros((8, 10, 3), np.uint8), np.array([[0, 0, 2, 2]], np.float32))[1].tolist()
        [[8.0, 0.0, 2.0, 2.0]]
    """

    _axis = 1


class RandomVerticalFlipWithBBox(_RandomFlipWithBBox):
    """Exchange top and bottom of an image and its boxes, with a probability.

    Args:
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if `prob` is no number.
        ValueError: if it is not in [0, 1].
        RuntimeError: if the boxes are not within the image.

    Example:
        >>> flip = vision.RandomVerticalFlipWithBBox(1.0)
        >>> flip(np.zeros((8, 10, 3), np.uint8), np.array([[0, 0, 2, 2]], np.float32))[1].tolist()
        [[0.0, 6.0, 2.0, 2.0]]
    """

    _axis = 0


class RandomCropWithBBox(_BoxOperation, RandomCrop):
    """A part of an image and of its boxes at a random place, after padding. Boxes outside of it are left out.

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
        RuntimeError: if the image is smaller than `size`, or the boxes are not within it.

    Example:
        >>> crop = vision.RandomCropWithBBox((8, 10))
        >>> crop(np.zeros((8, 10, 3), np.uint8), np.array([[0, 0, 2, 2]], np.float32))[1].tolist()
        [[0.0, 0.0, 2.0, 2.0]]
    """

    def _boxed(self, image, boxes):
        image, left, top = self._cropped(image)
        return image, _clipped(boxes, top, left, *self.size)


class RandomResizedCropWithBBox(_BoxOperation, RandomResizedCrop):
    """A part of an image and its boxes of random place, area and aspect ratio, resized.

    Args:
        size (Union[int, sequence]): height and width of the result; an int is both.
        scale (sequence): bounds of the part's area, as a share of the image's. Default: (0.08, 1.0).
        ratio (sequence): bounds of the part's width by its height. Default: (3/4, 4/3).
        interpolation (Inter): how to interpolate. Default: `Inter.BILINEAR`.
        max_attempts (int): how often to try, before the middle is taken. Default: 10.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the boxes are not within the image.

    Example:
        >>> crop = vision.RandomResizedCropWithBBox((4, 4), (1.0, 1.0), (1.0, 1.0))
        >>> crop(np.zeros((8, 8, 3), np.uint8), np.array([[0, 0, 2, 2]], np.float32))[1].tolist()
        [[0.0, 0.0, 1.0, 1.0]]
    """

    def _boxed(self, image, boxes):
        top, left, height, width = self._drawn(image)
        boxes = _clipped(boxes, top, left, height, width)
        boxes = _scaled(boxes, self.size[1] / width, self.size[0] / height)
        return resized(self, cut(image, top, left, height, width), *self.size, self.interpolation), boxes


class ResizeWithBBox(_BoxOperation, Resize):
    """Resize an image and its boxes.

    Args:
        size (Union[int, sequence]): height and width; an int is that of the shorter side, the aspect ratio stays.
        interpolation (Inter): how to interpolate. Default: `Inter.LINEAR`.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `size` is not positive.
        RuntimeError: if the boxes are not within the image.

    Example:
        >>> resize = vision.ResizeWithBBox(4)
        >>> resize(np.zeros((8, 8, 3), np.uint8), np.array([[0, 0, 2, 2]], np.float32))[1].tolist()
        [[0.0, 0.0, 1.0, 1.0]]
    """

    def _boxed(self, image, boxes):
        result = self._image(image)
        height, width = result.shape[:2]
        return result, _scaled(boxes, width / image.shape[1], height / image.shape[0])


class RandomResizeWithBBox(ResizeWithBBox, RandomResize):
    """Resize an image and its boxes, interpolated at random by nearest, bilinear, bicubic or area.

    Args:
        size (Union[int, sequence]): height and width; an int is that of the shorter side, the aspect ratio stays.

    Raises:
        TypeError: if `size` is of another type.
        ValueError: if it is not positive.
        RuntimeError: if the boxes are not within the image.

    Example:
        >>> resize = vision.RandomResizeWithBBox(4)
        >>> resize(np.zeros((8, 8, 3), np.uint8), np.array([[0, 0, 2, 2]], np.float32))[1].tolist()
        [[0.0, 0.0, 1.0, 1.0]]
    """

    def __init__(self, size: int | tuple[int, int]):
        super().__init__(size)

    def _image(self, image):
        return RandomResize._image(self, image)


class BoundingBoxAugment(_BoxOperation):
    """Apply a transform to what is in some of the boxes.

    Args:
        transform (TensorOperation): the transform, which must leave the size as it is.
        ratio (float): the share of the boxes, at random. Default: 0.3.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `ratio` is not in [0, 1].
        RuntimeError: if the boxes are not within the image.

    Example:
        >>> invert = vision.BoundingBoxAugment(vision.Invert(), 1.0)
        >>> invert(np.zeros((1, 2, 3), np.uint8), np.array([[0, 0, 1, 1]], np.float32))[0].tolist()
        [[[255, 255, 255], [0, 0, 0]]]
    """

    random = True

    @takes(ratio="number [0, 1]")
    def __init__(self, transform, ratio: float = 0.3):
        if not isinstance(transform, TensorOperation):
            raise TypeError(
                f"For 'BoundingBoxAugment', the 'transform' must be a transform, but got {transform!r:.80}."
            )
        self.transform = transform
        self.ratio = ratio

    def _boxed(self, image, boxes):
        image = image.copy()
        count = round(len(boxes) * self.ratio)
        order = list(range(len(boxes)))
        draws(self).shuffle(order)
        for at in order[:count]:
            left, top, width, height = boxes[at, :4].astype(int)
            part = cut(image, top, left, height, width)
            changed = self.transform(np.ascontiguousarray(part))
            if changed.shape != part.shape:
                raise refusal(
                    self, f"the 'transform' must leave the shape {part.shape} as it is, but gave {changed.shape}"
                )
            part[...] = changed
        return image, boxes
