"""What all transforms of images have in common: the images that they take, and the two ways in which they compute.

An array is computed on as OpenCV does, a PIL image as Pillow does; what defines no `_execute_py` makes an array of a
PIL image.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from msjax.core.kinds import check, takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.transforms.base import PyTensorOperation, TensorOperation, is_pil, refusal


class ImageTensorOperation(TensorOperation):
    """Base of the transforms of images, of shape (H, W) or (H, W, C).

    A subclass defines `_image`, from array to array, and says what it takes.
    """

    _axes: tuple[int, ...] = (2, 3)
    _channels: tuple[int, ...] = ()  # empty: any number
    _dtypes: str = "uint8 int8 uint16 int16 int32 float16 float32 float64"  # those that OpenCV has; empty: all
    _bool_stays = True  # whether of a bool image comes one, else an image of uint8

    def __call__(self, *columns):
        for column in columns:
            if not isinstance(column, np.ndarray) and not is_pil(column):
                raise TypeError(
                    f"For '{type(self).__name__}', the input must be a numpy array or a PIL image, "
                    f"but got {type(column).__name__}."
                )
        return super().__call__(*columns)

    def device(self, device_target: str = "CPU"):
        """Say where to compute. Here that is always the CPU.

        Args:
            device_target (str): "CPU" or "Ascend". Default: "CPU".

        Returns:
            The transform.

        Raises:
            TypeError: if `device_target` is no str.
            ValueError: if it is another.
        """
        check(type(self).__name__, "device_target", device_target, "'CPU' or 'Ascend'")
        return self

    def _compute(self, *columns):
        if len(columns) != 1:
            raise refusal(self, f"the input must be one column, but got {len(columns)}")
        image, bools = columns[0], columns[0].dtype == bool
        image = image.view(np.uint8) if bools and self._dtypes else image
        self._check(image)
        result = np.asarray(self._image(image), order="C")
        return result.astype(bool) if bools and self._bool_stays and result.dtype == np.uint8 else result

    def _check(self, image: np.ndarray) -> None:
        if self._axes and image.ndim not in self._axes:
            raise refusal(self, f"the image must be of shape {self._shapes()}, but got {image.shape}")
        channels = image.shape[-1] if image.ndim > 2 else 1
        if self._channels and channels not in self._channels:
            wanted = " or ".join(map(str, self._channels))
            raise refusal(self, f"the image must have {wanted} channels, but got {channels}, shape {image.shape}")
        if image.dtype.name not in (self._dtypes.split() or [image.dtype.name]):
            raise refusal(
                self, f"the image must be of dtype {self._dtypes.replace(' ', ' or ')}, but got {image.dtype}"
            )

    def _shapes(self) -> str:
        names = {2: "(H, W)", 3: "(H, W, C)", 4: "(N, H, W, C)"}
        return " or ".join(names.get(axes, f"{axes} axes") for axes in self._axes)

    def _image(self, image: np.ndarray) -> np.ndarray:
        raise NotImplementedError(f"'{type(self).__name__}' defines no computation on arrays.")


class Sometimes:
    """Goes before a transform of images in the bases of one that happens with a probability."""

    random = True

    @takes(prob="number [0, 1]")
    def __init__(self, prob: float = 0.5):
        self.prob = prob

    def _image(self, image: np.ndarray) -> np.ndarray:
        happens = draws(self).unit() < self.prob
        return super()._image(image) if happens else image  # type: ignore[misc]


class PilOperation(PyTensorOperation):
    """Base of the transforms that take PIL images only. A subclass defines `_pil`."""

    random = False

    def _execute_py(self, image):
        require_pil(self, image)
        return self._pil(image)

    def _pil(self, image):
        raise NotImplementedError


def require_pil(operation: object, image) -> None:
    """Check that an image is a PIL image.

    Raises:
        TypeError: if it is not.
    """
    if not is_pil(image):
        raise TypeError(
            f"For '{type(operation).__name__}', the input must be a PIL image, but got {type(image).__name__}. "
            "Use Decode(to_pil=True) for encoded data or ToPIL() for decoded data."
        )


def happens_on_pil(prob: float) -> bool:
    """Whether what has this probability happens to a PIL image."""
    return prob > streams().python.random()


def like(result: np.ndarray, image: np.ndarray) -> np.ndarray:
    """A result with the axis of one channel that OpenCV dropped."""
    return result[..., None] if image.ndim == 3 and result.ndim == 2 else result


def extent(image: np.ndarray) -> tuple[int, int]:
    """Height and width of an image, or of each of a batch."""
    at = -2 if image.ndim < 3 else -3
    return image.shape[at], image.shape[at + 1]


def over_batch(function: Callable[[np.ndarray], np.ndarray], image: np.ndarray) -> np.ndarray:
    """Apply a function of an image to an image, or to each of a batch of any number of axes."""
    if image.ndim <= 3:
        return function(image)
    flat = image.reshape(-1, *image.shape[-3:])
    results = np.stack([function(each) for each in flat])
    return results.reshape(*image.shape[:-3], *results.shape[1:])


def saturated(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Values in a dtype, as OpenCV casts: integers are rounded to even and clipped."""
    if dtype.kind not in "iu":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    return np.clip(np.rint(values), limits.min, limits.max).astype(dtype)
