"""Mirror images."""

from __future__ import annotations

import numpy as np

from msjax.dataset.vision.base import ImageTensorOperation, Sometimes, happens_on_pil
from msjax.dataset.vision.libraries import pillow


class HorizontalFlip(ImageTensorOperation):
    """Exchange left and right.

    Example:
        >>> vision.HorizontalFlip()(np.array([[1, 2]], np.uint8)).tolist()
        [[2, 1]]
    """

    _axes = ()

    def _image(self, image):
        if image.ndim != 3:
            return image[:, ::-1] if image.ndim < 4 else image[..., ::-1, :]
        # Pixels as single elements: numpy is slow along an axis as short as that of the channels.
        image = np.ascontiguousarray(image)
        pixels = image.view(np.dtype((np.void, image.shape[2] * image.itemsize)))
        return np.ascontiguousarray(pixels[:, ::-1]).view(image.dtype)


class VerticalFlip(ImageTensorOperation):
    """Exchange top and bottom.

    Example:
        >>> vision.VerticalFlip()(np.array([[1], [2]], np.uint8)).tolist()
        [[2], [1]]
    """

    _axes = ()

    def _image(self, image):
        return image[::-1] if image.ndim < 4 else image[..., ::-1, :, :]


class RandomHorizontalFlip(Sometimes, HorizontalFlip):
    """Exchange left and right, with a probability.

    Args:
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if `prob` is no number.
        ValueError: if it is not in [0, 1].

    Example:
        >>> vision.RandomHorizontalFlip(1.0)(np.array([[1, 2]], np.uint8)).tolist()
        [[2, 1]]
    """

    def _execute_py(self, image):
        return image.transpose(pillow().Transpose.FLIP_LEFT_RIGHT) if happens_on_pil(self.prob) else image


class RandomVerticalFlip(Sometimes, VerticalFlip):
    """Exchange top and bottom, with a probability.

    Args:
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if `prob` is no number.
        ValueError: if it is not in [0, 1].
        RuntimeError: if the image is not of shape (H, W) or (H, W, C).

    Example:
        >>> vision.RandomVerticalFlip(1.0)(np.array([[1], [2]], np.uint8)).tolist()
        [[2], [1]]
    """

    _axes = (2, 3)

    def _execute_py(self, image):
        return image.transpose(pillow().Transpose.FLIP_TOP_BOTTOM) if happens_on_pil(self.prob) else image
