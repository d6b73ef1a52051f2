"""Images of a batch mixed with each other, and their labels with them."""

from __future__ import annotations

import math

import numpy as np

from msjax.core.kinds import check_is, takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.transforms.base import PyTensorOperation, refusal
from msjax.dataset.vision.base import ImageTensorOperation, saturated
from msjax.dataset.vision.enumerations import ImageBatchFormat


class MixUp(PyTensorOperation):
    """Mix each image of a batch, and its label, with another one (Zhang et al.: mixup, 2017).

    The shares are drawn from a beta distribution, one for each image.

    Args:
        batch_size (int): the number of images in a batch; 1 mixes all with the first.
        alpha (float): both parameters of the distribution.
        is_single (bool): whether to mix with the next image of the same batch, else with what came of the
            image at the same place of the batch before. Default: True.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is not positive.

    Example:
        >>> images, labels = vision.MixUp(2, 1.0)(np.zeros((2, 8, 8, 3)), np.eye(2))
        >>> labels.sum(1).tolist()
        [1.0, 1.0]
    """

    random = True

    @takes(batch_size="int > 0", alpha="number > 0", is_single="bool")
    def __init__(self, batch_size: int, alpha: float, is_single: bool = True):
        self.batch_size = batch_size
        self.alpha = alpha
        self.is_single = is_single
        self._before = None

    def __call__(self, image, label):
        image, label = np.asarray(image), np.asarray(label)
        share = streams().numpy.beta(self.alpha, self.alpha, self.batch_size)
        try:
            if self.is_single:
                following = [*range(1, self.batch_size), 0]
                others = image[following], label[following]
            else:
                others = self._before or (image, label)
            images = _mixed(image, others[0], share.reshape(-1, 1, 1, 1))
            self._before = (images, _mixed(label, others[1], share.reshape(-1, 1)))
        except (ValueError, IndexError) as error:
            raise ValueError(
                f"For 'MixUp', the batch must have 'batch_size' {self.batch_size} images and labels, "
                f"but got shapes {image.shape} and {label.shape}."
            ) from error
        return self._before


def _mixed(own: np.ndarray, other: np.ndarray, share) -> np.ndarray:
    return share * own + (1 - share) * other


class _BatchOperation(ImageTensorOperation):
    """Base of what mixes the images and labels of a batch. A subclass defines `_batch`."""

    def _compute(self, *columns):
        if len(columns) != 2:
            raise refusal(self, f"the input must be two columns, images and labels, but got {len(columns)}")
        images, labels = columns
        if images.ndim != 4:
            raise refusal(self, f"the images must be of shape (N, H, W, C) or (N, C, H, W), but got {images.shape}")
        if labels.ndim not in (2, 3) or labels.dtype.kind not in "iuf":
            raise refusal(
                self,
                "the labels must be numbers of shape (N, classes) or (N, rows, classes), as of OneHot and batch, "
                f"but got {labels.dtype} of shape {labels.shape}",
            )
        if len(images) != len(labels):
            raise refusal(self, f"there must be as many images as labels, but got {len(images)} and {len(labels)}")
        return self._batch(images, labels.astype(np.float32))

    def _batch(self, images, labels):
        raise NotImplementedError


class MixUpBatch(_BatchOperation):
    """Mix each image of a batch, and its label, with a random other one (Zhang et al.: mixup, 2017).

    The share is drawn from a beta distribution, one for the batch.

    Args:
        alpha (float): both parameters of the distribution. Default: 1.0.

    Raises:
        TypeError: if `alpha` is no number.
        ValueError: if it is not positive.
        RuntimeError: if the input is no batch of images and labels.

    Example:
        >>> images, labels = vision.MixUpBatch()(np.zeros((2, 8, 8, 3), np.uint8), np.eye(2))
        >>> labels.sum(1).tolist()
        [1.0, 1.0]
    """

    random = True

    @takes(alpha="number > 0")
    def __init__(self, alpha: float = 1.0):
        self.alpha = alpha

    def _batch(self, images, labels):
        share = np.float32(draws(self).beta(self.alpha))
        order = list(range(len(images)))
        draws(self).shuffle(order)
        mixed = _mixed(images.astype(np.float32), images[order].astype(np.float32), share)
        return saturated(mixed, images.dtype), _mixed(labels, labels[order], share)


class CutMixBatch(_BatchOperation):
    """Put a part of a random other image into each of a batch, and mix their labels (Yun et al.: CutMix, 2019).

    The share of the image that is left is drawn from a beta distribution, one for each image.

    Args:
        image_batch_format (ImageBatchFormat): where the channels are.
        alpha (float): both parameters of the distribution. Default: 1.0.
        prob (float): the probability to do so, for each image. Default: 1.0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the input is no batch of images and labels.

    Example:
        >>> cutmix = vision.CutMixBatch(vision.ImageBatchFormat.NHWC)
        >>> images, labels = cutmix(np.zeros((2, 8, 8, 3), np.uint8), np.eye(2))
        >>> labels.sum(1).tolist()
        [1.0, 1.0]
    """

    random = True

    @takes(alpha="number > 0", prob="number [0, 1]")
    def __init__(self, image_batch_format: ImageBatchFormat, alpha: float = 1.0, prob: float = 1.0):
        check_is("CutMixBatch", "image_batch_format", image_batch_format, ImageBatchFormat)
        self.image_batch_format = image_batch_format
        self.alpha = alpha
        self.prob = prob

    def _batch(self, images, labels):
        last = self.image_batch_format == ImageBatchFormat.NHWC
        channels = images.shape[3 if last else 1]
        if channels not in (1, 3):
            raise refusal(self, f"the images must have 1 or 3 channels, but got {channels}, shape {images.shape}")
        height, width = images.shape[1:3] if last else images.shape[2:]
        order = list(range(len(images)))
        draws(self).shuffle(order)
        new_images, new_labels = images.copy(), labels.copy()
        for at, other in enumerate(order):
            if draws(self).unit() >= self.prob:
                continue
            rows, columns = self._part(height, width)
            part = (rows, columns) if last else (slice(None), rows, columns)
            new_images[at][part] = images[other][part]
            share = 1 - (rows.stop - rows.start) * (columns.stop - columns.start) / (height * width)
            new_labels[at] = _mixed(labels[at], labels[other], share)
        return new_images, new_labels

    def _part(self, height: int, width: int) -> tuple[slice, slice]:
        """A random part of an image; what is beyond its edges is cut off."""
        numbers = draws(self)
        side = math.sqrt(1 - numbers.beta(self.alpha))
        sides = []
        for length in (height, width):
            half, middle = int(length * side) // 2, numbers.integer(0, length - 1)
            sides.append(slice(max(middle - half, 0), min(middle + half, length)))
        return sides[0], sides[1]
