"""Images turned, sheared, scaled and shifted."""

from __future__ import annotations

import math

import numpy as np

from msjax.core.kinds import check, check_is, takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.transforms.base import refusal
from msjax.dataset.vision.base import ImageTensorOperation, like, over_batch
from msjax.dataset.vision.checks import degrees as angles
from msjax.dataset.vision.checks import fill, interval, sequence
from msjax.dataset.vision.enumerations import Inter
from msjax.dataset.vision.libraries import cv2, pillow
from msjax.dataset.vision.resizing import opencv_flag, pillow_filter

_BITS = 5  # of the fraction of a coordinate that decide about the weights of interpolation
_NEAREST_BITS = 10


def warped(operation, image: np.ndarray, matrix: np.ndarray, shape, interpolation: Inter, colour) -> np.ndarray:
    """An image of shape (H, W) or (H, W, C), moved by a matrix of shape (2, 3) or (3, 3).

    MindSpore is built with OpenCV 4, which rounds coordinates to 1/32 of a pixel. OpenCV 5 does not. So where each
    pixel comes from is computed here, as the former does.
    """
    cv = cv2()
    nearest = interpolation == Inter.NEAREST
    flag = cv.INTER_LINEAR if interpolation == Inter.AREA else opencv_flag(operation, interpolation)
    x, y = (_affine_sources if len(matrix) == 2 else _perspective_sources)(matrix, shape, nearest)
    pixels, fractions = np.empty((*shape, 2), np.int16), None
    if not nearest:
        mask = (1 << _BITS) - 1
        fractions = ((y & mask) << _BITS | x & mask).astype(np.uint16)
        x, y = x >> _BITS, y >> _BITS
    limits = np.iinfo(np.int16)
    np.clip(x, limits.min, limits.max, out=pixels[..., 0], casting="unsafe")
    np.clip(y, limits.min, limits.max, out=pixels[..., 1], casting="unsafe")
    try:
        result = cv.remap(image, pixels, fractions, flag, borderMode=cv.BORDER_CONSTANT, borderValue=colour)
    except cv.error as error:
        raise refusal(operation, f"the image can not be of dtype {image.dtype} with {interpolation!r}") from error
    return like(result, image)


def _rounded(values: np.ndarray) -> np.ndarray:
    limits = np.iinfo(np.int32)  # of which a quarter leaves room for sums
    return np.rint(np.clip(values, limits.min // 4, limits.max // 4)).astype(np.int32)


def _affine_sources(matrix: np.ndarray, shape, nearest: bool) -> tuple[np.ndarray, np.ndarray]:
    """x and y of where each pixel comes from, as integers, or in units of 1/32."""
    (a, b, across), (c, d, down) = matrix
    determinant = a * d - b * c
    inverse = 1.0 / determinant if determinant else 0.0
    a, b, c, d = d * inverse, -b * inverse, -c * inverse, a * inverse
    across, down = -a * across - b * down, -c * across - d * down
    shift = _NEAREST_BITS if nearest else _NEAREST_BITS - _BITS
    scale, half = 1 << _NEAREST_BITS, 1 << (shift - 1)
    columns, rows = np.arange(shape[1]), np.arange(shape[0])[:, None]
    x = _rounded(a * columns * scale) + _rounded((b * rows + across) * scale) + half
    y = _rounded(c * columns * scale) + _rounded((d * rows + down) * scale) + half
    return x >> shift, y >> shift


def _perspective_sources(matrix: np.ndarray, shape, nearest: bool) -> tuple[np.ndarray, np.ndarray]:
    """x and y of where each pixel comes from, as integers, or in units of 1/32."""
    columns, rows = np.arange(shape[1]), np.arange(shape[0])[:, None]
    x, y, w = (row[0] * columns + row[1] * rows + row[2] for row in np.linalg.inv(matrix))
    scale = np.divide(1 if nearest else 1 << _BITS, w, out=np.zeros_like(w), where=w != 0)
    return _rounded(x * scale), _rounded(y * scale)


def _extent_of_turned(middle, width: int, height: int, degrees: float) -> tuple[float, float]:
    """Width and height of what holds a turned rectangle, with float32's rounding, as OpenCV 4 finds its corners."""
    x, y, w, h = np.array([*middle, width, height], np.float32)
    a, b = np.array([math.sin(math.radians(degrees)), math.cos(math.radians(degrees))], np.float32) / 2
    corners = np.array([(x - a * h - b * w, y + b * h - a * w), (x + a * h - b * w, y - b * h - a * w)])
    full_width, full_height = np.ptp([*corners, *(2 * np.array([x, y]) - corners)], axis=0)
    return float(full_width), float(full_height)


def rotated(operation, image, degrees: float, interpolation: Inter, expand: bool, center, colour) -> np.ndarray:
    """An image turned counterclockwise; with `expand` it grows to hold its corners."""
    height, width = image.shape[:2]
    degrees = float(np.float32(degrees))
    middle = ((width - 1) / 2, (height - 1) / 2) if center is None else center
    cv = cv2()
    matrix = cv.getRotationMatrix2D(middle, degrees, 1.0)
    if expand:
        full_width, full_height = _extent_of_turned(middle, width, height, degrees)
        matrix[0, 2] += full_width / 2 - width / 2
        matrix[1, 2] += full_height / 2 - height / 2
        height, width = round(full_height), round(full_width)
    # MindSpore takes the colour for BGR here, and here only.
    return warped(operation, image, matrix, (height, width), interpolation, colour[::-1])


def affine(operation, image, degrees: float, shift, scale: float, shear, interpolation: Inter, colour) -> np.ndarray:
    """An image turned clockwise, sheared, scaled about its middle, and shifted; angles in degrees."""
    height, width = image.shape[:2]
    matrix = _affine_matrix(((width - 1) / 2, (height - 1) / 2), degrees, shift, scale, shear)
    return warped(operation, image, matrix, (height, width), interpolation, colour)


def _affine_matrix(center, degrees: float, shift, scale: float, shear) -> np.ndarray:
    """Shift * center * turn * shear * scale * center^-1, in float32 as in MindSpore."""
    turn, shear_x, shear_y = np.radians(np.array([degrees, *shear], np.float32), dtype=float).astype(np.float32)
    x, y, shift_x, shift_y, by, one = np.array([*center, *shift, scale, 1.0], np.float32)
    cos, sin, tan = (lambda angle, of=of: np.float32(of(float(angle))) for of in (math.cos, math.sin, math.tan))
    a = by * cos(turn - shear_y) / cos(shear_y)
    b = by * (-cos(turn - shear_y) * tan(shear_x) / cos(shear_y) - sin(turn))
    c = by * sin(turn - shear_y) / cos(shear_y)
    d = by * (-sin(turn - shear_y) * tan(shear_x) / cos(shear_y) + cos(turn))
    across, down = (one - a) * x - b * y + shift_x, (one - d) * y - c * x + shift_y
    return np.array([[a, b, across], [c, d, down]], np.float64)


class Rotate(ImageTensorOperation):
    """Turn an image counterclockwise.

    Args:
        degrees (Union[int, float]): the angle.
        resample (Inter): how to interpolate. Default: `Inter.NEAREST`.
        expand (bool): whether the result grows to hold the whole image. Default: False.
        center (sequence, optional): x and y of the point about which to turn. Default: None, the middle.
        fill_value (Union[int, tuple[int]]): the colour outside of the image, RGB or grey. Default: 0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `fill_value` is not in [0, 255].

    Example:
        >>> vision.Rotate(180)(np.array([[1, 2]], np.uint8)).tolist()
        [[2, 1]]
    """

    _axes = ()

    @takes(degrees="number", expand="bool")
    def __init__(self, degrees, resample=Inter.NEAREST, expand=False, center=None, fill_value=0):
        self.degrees = degrees
        self._rest(resample, expand, center, fill_value)

    def _rest(self, resample, expand, center, fill_value) -> None:
        owner = type(self).__name__
        check_is(owner, "resample", resample, Inter)
        self.resample = resample
        self.expand = expand
        self.center = None if center is None else sequence(owner, "center", center, "number", (2,))
        self.fill_value = fill(owner, fill_value)

    def _image(self, image):
        return over_batch(lambda each: self._turned(each, self.degrees), image)

    def _turned(self, image, degrees: float):
        return rotated(self, image, degrees, self.resample, self.expand, self.center, self.fill_value)


class RandomRotation(Rotate):
    """Turn an image counterclockwise by a random angle.

    Args:
        degrees (Union[int, float, sequence]): the bounds of the angle; a number means from minus it to it.
        resample (Inter): how to interpolate. Default: `Inter.NEAREST`.
        expand (bool): whether the result grows to hold the whole image. Default: False.
        center (sequence, optional): x and y of the point about which to turn. Default: None, the middle.
        fill_value (Union[int, tuple[int]]): the colour outside of the image, RGB or grey. Default: 0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is not of shape (H, W) or (H, W, C).

    Example:
        >>> vision.RandomRotation((180, 180))(np.array([[1, 2]], np.uint8)).tolist()
        [[2, 1]]
    """

    random = True
    _axes = (2, 3)

    @takes(expand="bool")
    def __init__(self, degrees, resample=Inter.NEAREST, expand=False, center=None, fill_value=0):
        self.degrees = angles("RandomRotation", degrees)
        self._rest(resample, expand, center, fill_value)

    def _image(self, image):
        return self._turned(image, draws(self).uniform(*self.degrees))

    def _execute_py(self, image):
        degrees = streams().python.uniform(*self.degrees)
        filter_ = pillow_filter(self, self.resample)
        return image.rotate(degrees, filter_, self.expand, self.center, fillcolor=_colour(image, self.fill_value))


def _colour(image, colour: tuple[int, int, int]):
    """A colour for a PIL image."""
    return colour if len(image.getbands()) == 3 else colour[0]


class Affine(ImageTensorOperation):
    """Turn an image clockwise, shear and scale it, about its middle, and shift it.

    Args:
        degrees (Union[int, float]): the angle.
        translate (sequence): the shift to the right and down, as a share of width and height, in [-1, 1].
        scale (Union[int, float]): the factor.
        shear (Union[int, float, sequence]): the angles of the shear along x and y; a number is that along x.
        resample (Inter): how to interpolate. Default: `Inter.NEAREST`.
        fill_value (Union[int, tuple[int]]): the colour outside of the image, RGB or grey. Default: 0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.

    Example:
        >>> vision.Affine(0, [0.5, 0.0], 1, 0)(np.array([[1, 2]], np.uint8)).tolist()
        [[0, 1]]
    """

    @takes(degrees="number", scale="number > 0")
    def __init__(self, degrees, translate, scale, shear, resample=Inter.NEAREST, fill_value=0):
        self.degrees = degrees
        self.translate = sequence("Affine", "translate", translate, "number [-1, 1]", (2,))
        self.scale = scale
        self.shear = _shear(shear)
        check_is("Affine", "resample", resample, Inter)
        self.resample = resample
        self.fill_value = fill("Affine", fill_value)

    def _image(self, image):
        shift = np.multiply(self.translate, image.shape[1::-1], dtype=np.float32)
        return affine(self, image, self.degrees, shift, self.scale, self.shear, self.resample, self.fill_value)


def _shear(value) -> tuple:
    if isinstance(value, (list, tuple)):
        return sequence("Affine", "shear", value, "number", (2,))
    check("Affine", "shear", value, "number")
    return value, 0.0


class RandomAffine(ImageTensorOperation):
    """Turn an image clockwise, shear and scale it, about its middle, and shift it, all at random.

    Args:
        degrees (Union[int, float, sequence]): the bounds of the angle; a number means from minus it to it.
        translate (sequence, optional): the bounds of the shift to the right, as a share of the width, and down, as a
            share of the height, if four; two are those to the right only. On PIL images two are the greatest shifts in
            either direction along x and y. Default: None, no shift.
        scale (sequence, optional): the bounds of the factor. Default: None, no scaling.
        shear (Union[int, float, sequence], optional): the bounds of the angles of the shear along x and y; a number
            means from minus it to it, along x. Default: None, no shear.
        resample (Inter): how to interpolate. Default: `Inter.NEAREST`.
        fill_value (Union[int, tuple[int]]): the colour outside of the image, RGB or grey. Default: 0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.

    Example:
        >>> vision.RandomAffine((180, 180))(np.array([[1, 2]], np.uint8)).tolist()
        [[2, 1]]
    """

    random = True

    def __init__(self, degrees, translate=None, scale=None, shear=None, resample=Inter.NEAREST, fill_value=0):
        owner = "RandomAffine"
        self.degrees = angles(owner, degrees)
        self.translate = None
        if translate is not None:
            self.translate = sequence(owner, "translate", translate, "number [-1, 1]", (2, 4))
        self.scale = None if scale is None else interval(owner, "scale", scale, "number >= 0")
        self.shear = None if shear is None else _shear_ranges(shear)
        check_is(owner, "resample", resample, Inter)
        self.resample = resample
        self.fill_value = fill(owner, fill_value)

    def _image(self, image):
        across, down = self.translate or (0.0, 0.0, 0.0, 0.0), (0.0, 0.0)
        if len(across) == 4:
            across, down = across[:2], across[2:]
        uniform = draws(self).uniform
        degrees = uniform(*self.degrees)
        shift = (uniform(*across) * image.shape[1], uniform(*down) * image.shape[0])
        scale = uniform(*(self.scale or (1.0, 1.0)))
        shear = [uniform(*bounds) for bounds in self.shear or ((0.0, 0.0), (0.0, 0.0))]
        return affine(self, image, degrees, shift, scale, shear, self.resample, self.fill_value)

    def _execute_py(self, image):
        draw = streams().python.uniform
        degrees = draw(*self.degrees)
        shift = (0, 0)
        if self.translate is not None:
            most = (self.translate[0] * image.width, self.translate[1] * image.height)
            shift = tuple(float(np.round(draw(-extent, extent))) for extent in most)
        scale = draw(*self.scale) if self.scale else 1.0
        shear = (0.0, 0.0)
        if self.shear:
            along_x, along_y = self.shear
            shear = (draw(*along_x), draw(*along_y) if along_y != (0.0, 0.0) else 0.0)
        backwards = _backwards(image, degrees, shift, scale, shear)
        way, filter_ = pillow().Transform.AFFINE, pillow_filter(self, self.resample)
        return image.transform(image.size, way, backwards, filter_, fillcolor=_colour(image, self.fill_value))


def _backwards(image, degrees: float, shift, scale: float, shear) -> list[float]:
    """Where each pixel of a PIL image comes from. The shear turns the axes, other than in `_affine_matrix`."""
    turn, shear_x, shear_y = (math.radians(angle) for angle in (degrees, *shear))
    linear = np.array(
        [
            [math.cos(turn + shear_x), math.sin(turn + shear_x)],
            [-math.sin(turn + shear_y), math.cos(turn + shear_y)],
        ]
    ) / (scale * math.cos(shear_x - shear_y))
    center = np.array([image.width * 0.5 + 0.5, image.height * 0.5 + 0.5])
    offset = center - linear @ (center + shift)
    return np.concatenate([linear, offset[:, None]], 1).ravel().tolist()


def _shear_ranges(value) -> tuple[tuple, tuple]:
    """The bounds of the shear along x and along y."""
    if not isinstance(value, (list, tuple)):
        return angles("RandomAffine", value, "shear"), (0.0, 0.0)
    bounds = sequence("RandomAffine", "shear", value, "number", (2, 4))
    pairs = [interval("RandomAffine", "shear", bounds[at : at + 2]) for at in range(0, len(bounds), 2)]
    return pairs[0], pairs[1] if len(pairs) == 2 else (0.0, 0.0)
