"""Images seen in perspective."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check_is, takes
from msjax.dataset.seeding import streams
from msjax.dataset.vision.base import ImageTensorOperation, PilOperation, require_pil
from msjax.dataset.vision.checks import sequence
from msjax.dataset.vision.enumerations import Inter
from msjax.dataset.vision.geometry import warped
from msjax.dataset.vision.libraries import cv2, pillow
from msjax.dataset.vision.resizing import pillow_filter


def _corners(owner: str, name: str, value) -> list[tuple[int, int]]:
    points = sequence(owner, name, value, "tuple or list", (4,))
    return [sequence(owner, f"{name}[{at}]", point, "int", (2,)) for at, point in enumerate(points)]


def _perspective_pil(image, start, end, filter_):
    """A PIL image in perspective: what was at the four points `start` is at `end`."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(end, start, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    coefficients = np.linalg.lstsq(np.array(rows, float), np.array(wanted, float), rcond=None)[0]
    return image.transform(image.size, pillow().Transform.PERSPECTIVE, coefficients.tolist(), filter_)


class Perspective(ImageTensorOperation):
    """See an image in perspective: what was at four points is at four others.

    Args:
        start_points (sequence): x and y of four points, top left, top right, bottom right, bottom left.
        end_points (sequence): where they come to.
        interpolation (Inter): how to interpolate. Default: `Inter.BILINEAR`.

    Raises:
        TypeError: if an argument is of another type.

    Example:
        >>> corners, mirrored = [[0, 0], [2, 0], [2, 2], [0, 2]], [[2, 0], [0, 0], [0, 2], [2, 2]]
        >>> vision.Perspective(corners, mirrored)(np.array([[1, 2, 3]] * 3, np.uint8))[0].tolist()
        [3, 2, 1]
    """

    _bool_stays = False

    def __init__(self, start_points, end_points, interpolation=Inter.BILINEAR):
        self.start_points = _corners("Perspective", "start_points", start_points)
        self.end_points = _corners("Perspective", "end_points", end_points)
        check_is("Perspective", "interpolation", interpolation, Inter)
        self.interpolation = interpolation

    def _image(self, image):
        points = (self.start_points, self.end_points)
        matrix = cv2().getPerspectiveTransform(*(np.array(four, np.float32) for four in points))
        return warped(self, image, matrix, image.shape[:2], self.interpolation, 0)

    def _execute_py(self, image):
        filter_ = pillow_filter(self, self.interpolation)
        return _perspective_pil(image, self.start_points, self.end_points, filter_)


class RandomPerspective(PilOperation):
    """See a PIL image in random perspective, with a probability.

    Args:
        distortion_scale (float): how far the corners move at most, as a share of half the image. Default: 0.5.
        prob (float): the probability. Default: 0.5.
        interpolation (Inter): how to interpolate. Default: `Inter.BICUBIC`.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds, or the input no PIL image.

    Example:
        >>> vision.RandomPerspective(prob=1.0)(vision.ToPIL()(np.zeros((8, 10, 3), np.uint8))).size
        (10, 8)
    """

    random = True

    @takes(distortion_scale="float [0, 1]", prob="number [0, 1]")
    def __init__(self, distortion_scale: float = 0.5, prob: float = 0.5, interpolation: Inter = Inter.BICUBIC):
        check_is("RandomPerspective", "interpolation", interpolation, Inter)
        self.distortion_scale = distortion_scale
        self.prob = prob
        self.interpolation = interpolation

    def _execute_py(self, image):
        try:
            require_pil(self, image)
        except TypeError as error:
            raise ValueError(str(error)) from None
        random = streams().python
        if self.prob <= random.random():
            return image
        right, bottom = image.width - 1, image.height - 1
        across = int(image.width / 2 * self.distortion_scale)
        down = int(image.height / 2 * self.distortion_scale)
        start = [(0, 0), (right, 0), (right, bottom), (0, bottom)]
        end = []
        for x, y in start:
            moved_x = random.randint(right - across, right) if x else random.randint(0, across)
            moved_y = random.randint(bottom - down, bottom) if y else random.randint(0, down)
            end.append((moved_x, moved_y))
        return _perspective_pil(image, start, end, pillow_filter(self, self.interpolation))
