"""Layers that compare images or cut them."""

from __future__ import annotations

import numpy as np

from msjax import ops
from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.container import CellList
from msjax.nn.documented import documented
from msjax.nn.layer.convolution import Conv2d


def _window(size: int, sigma: float) -> Conv2d:
    """A weighted mean around each pixel that is `size` // 2 from the borders, without anything to train."""
    squares = (np.arange(size) - (size - 1) / 2) ** 2
    weights = np.exp(-(squares[:, None] + squares) / (2 * sigma**2))
    weights = Tensor((weights / weights.sum()).astype(np.float32)[None, None])
    mean = Conv2d(1, 1, size, pad_mode="valid", weight_init=weights)
    mean.weight.requires_grad = False
    return mean


class _Similarity(Cell):
    """What both measures share: the checks, and the two factors at one size of the images."""

    def __init__(self, max_val, filter_size, k1, k2):
        super().__init__()
        self.max_val, self.filter_size = max_val, filter_size
        self.c1, self.c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2

    def _check(self, img1, img2, halvings: int = 0):
        name = type(self).__name__
        if img1.dtype != img2.dtype or not img1.is_floating_point():
            raise TypeError(f"For '{name}', images must be of one float dtype, but got {img1.dtype} and {img2.dtype}.")
        if img1.ndim != 4 or img1.shape != img2.shape:
            raise ValueError(f"For '{name}', images must have one shape of 4 axes, but got {img1.shape}, {img2.shape}.")
        if min(img1.shape[2:]) < self.filter_size * 2**halvings:
            raise ValueError(
                f"For '{name}', images must be at least {self.filter_size * 2**halvings} high and wide, "
                f"but got {img1.shape}."
            )

    def _factors(self, mean, img1, img2):
        """Similarity, and the part of it that contrast and structure have, of each image and channel."""
        batch, channels = img1.shape[:2]

        def local(x):
            return mean(x.reshape(batch * channels, 1, *x.shape[2:]))

        m1, m2 = local(img1), local(img2)
        both, squares = m1 * m2, m1 * m1 + m2 * m2
        light = (2 * both + self.c1) / (squares + self.c1)
        covariance, variances = local(img1 * img2) - both, local(img1 * img1 + img2 * img2) - squares
        contrast = (2 * covariance + self.c2) / (variances + self.c2)
        return [f.mean((1, 2, 3)).reshape(batch, channels) for f in (light * contrast, contrast)]


@documented
@takes(max_val="number > 0", filter_size="int > 0", filter_sigma="float > 0", k1="float", k2="float")
class SSIM(_Similarity):
    """The structural similarity of images: 1 if they are equal.

    Args:
        max_val: the largest difference that pixels can have.
        filter_size: the side of the window, in pixels.
        filter_sigma: the standard deviation of the window's weights, in pixels.
        k1, k2: what keeps the two quotients finite where the images are dark or even.

    Inputs:
        img1, img2: of shape (n, channels, height, width), float16 or float32.

    Returns:
        Of shape (n,).

    Raises:
        TypeError: if the images are not of one float dtype.
        ValueError: if their shapes differ, or they are smaller than the window.

    Source:
        Wang et al., Image quality assessment: from error visibility to structural similarity (2004).

    Example:
        >>> image = ops.ones((1, 3, 16, 16))
        >>> nn.SSIM()(image, image)
        Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])
    """

    def __init__(self, max_val=1.0, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03):
        super().__init__(max_val, filter_size, k1, k2)
        self.conv = _window(filter_size, filter_sigma)

    def construct(self, img1, img2):
        self._check(img1, img2)
        return self._factors(self.conv, img1, img2)[0].mean(-1)


@documented
@takes(
    max_val="number > 0", power_factors="tuple or list", filter_size="int > 0", filter_sigma="float > 0",
    k1="float", k2="float",
)  # fmt: skip
class MSSSIM(_Similarity):
    """The structural similarity of images at several sizes, each half of the one before: 1 if they are equal.

    Args:
        max_val: the largest difference that pixels can have.
        power_factors: the exponents of the sizes' similarities, from the largest size to the smallest.
        filter_size: the side of the window, in pixels.
        filter_sigma: the standard deviation of the window's weights, in pixels.
        k1, k2: what keeps the two quotients finite where the images are dark or even.

    Inputs:
        img1, img2: of shape (n, channels, height, width), float16 or float32.

    Returns:
        Of shape (n,).

    Raises:
        TypeError: if the images are not of one float dtype.
        ValueError: if their shapes differ, or they become smaller than the window.

    Source:
        Wang et al., Multiscale structural similarity for image quality assessment (2003).

    Example:
        >>> image = ops.ones((1, 3, 32, 32))
        >>> nn.MSSSIM(power_factors=(0.5, 0.5))(image, image)
        Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])
    """

    def __init__(
        self, max_val=1.0, power_factors=(0.0448, 0.2856, 0.3001, 0.2363, 0.1333), filter_size=11, filter_sigma=1.5,
        k1=0.01, k2=0.03,
    ):  # fmt: skip
        super().__init__(max_val, filter_size, k1, k2)
        self.power_factors = tuple(power_factors)
        self.multi_convs_list = CellList([_window(filter_size, filter_sigma) for _ in self.power_factors])

    def construct(self, img1, img2):
        self._check(img1, img2, len(self.power_factors) - 1)
        factors = []
        for size, (mean, power) in enumerate(zip(self.multi_convs_list, self.power_factors, strict=True)):
            if size:
                img1, img2 = (ops.avg_pool2d(image, 2, 2) for image in (img1, img2))
            whole, contrast = self._factors(mean, img1, img2)
            last = size == len(self.power_factors) - 1
            factors.append(ops.relu(whole if last else contrast) ** power)
        return ops.stack(factors).prod(0).mean(-1)


@documented
@takes(central_fraction="float (0, 1]")
class CentralCrop(Cell):
    """The middle of images.

    Args:
        central_fraction: which part of height and width stays.

    Inputs:
        image: of shape (channels, height, width) or (n, channels, height, width).

    Returns:
        A Tensor of the image's dtype, cut on both sides by the same number of whole pixels.

    Raises:
        ValueError: if the image has not three or four axes.

    Example:
        >>> nn.CentralCrop(0.5)(ops.ones((3, 8, 6))).shape
        (3, 4, 4)
    """

    def __init__(self, central_fraction):
        super().__init__()
        self.central_fraction = central_fraction

    def construct(self, image):
        if image.ndim not in (3, 4):
            raise ValueError(f"For 'CentralCrop', the image must have 3 or 4 axes, but its shape is {image.shape}.")
        height, width = image.shape[-2:]
        top, left = (int((side - side * self.central_fraction) / 2) for side in (height, width))
        return image[..., top : height - top, left : width - left]
