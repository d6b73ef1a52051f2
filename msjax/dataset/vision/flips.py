"""Mirror images."""

from __future__ import annotations

from msjax.core.kinds import takes
from msjax.dataset.vision.base import ImageTensorOperation, happens
from msjax.dataset.vision.libraries import pillow


class HorizontalFlip(ImageTensorOperation):
    """Exchange left and right.

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.HorizontalFlip()(np.array([[1, 2]], np.uint8)).tolist()
        [[2, 1]]
    """

    _axes = ()

    def _image(self, image):
        return image[:, ::-1] if image.ndim < 4 else image[..., ::-1, :]


class VerticalFlip(ImageTensorOperation):
    """Exchange top and bottom.

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.VerticalFlip()(np.array([[1], [2]], np.uint8)).tolist()
        [[2], [1]]
    """

    _axes = ()

    def _image(self, image):
        return image[::-1] if image.ndim < 4 else image[..., ::-1, :, :]


class RandomHorizontalFlip(HorizontalFlip):
    """Exchange left and right, with a probability.

    Args:
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if `prob` is no number.
        ValueError: if it is not in [0, 1].

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.RandomHorizontalFlip(1.0)(np.array([[1, 2]], np.uint8)).tolist()
        [[2, 1]]
    """

    @takes(prob="number [0, 1]")
    def __init__(self, prob: float = 0.5):
        self.prob = prob

    def _image(self, image):
        return super()._image(image) if happens(self.prob) else image

    def _execute_py(self, image):
        return image.transpose(pillow().Transpose.FLIP_LEFT_RIGHT) if happens(self.prob, True) else image


class RandomVerticalFlip(VerticalFlip):
    """Exchange top and bottom, with a probability.

    Args:
        prob (float): the probability. Default: 0.5.

    Raises:
        TypeError: if `prob` is no number.
        ValueError: if it is not in [0, 1].
        RuntimeError: if the image is not of shape (H, W) or (H, W, C).

    Example:
        >>> import numpy as np
        >>> from msjax.dataset import vision
        >>> vision.RandomVerticalFlip(1.0)(np.array([[1], [2]], np.uint8)).tolist()
        [[2], [1]]
    """

    _axes = (2, 3)

    @takes(prob="number [0, 1]")
    def __init__(self, prob: float = 0.5):
        self.prob = prob

    def _image(self, image):
        return super()._image(image) if happens(self.prob) else image

    def _execute_py(self, image):
        return image.transpose(pillow().Transpose.FLIP_TOP_BOTTOM) if happens(self.prob, True) else image
