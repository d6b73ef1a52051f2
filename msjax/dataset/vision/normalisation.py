"""Numbers and axes of images: normalise, rescale, channels first, whitening, dtypes."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import takes
from msjax.dataset.transforms.arrays import TypeCast, numpy_type
from msjax.dataset.transforms.base import PyTensorOperation, refusal
from msjax.dataset.vision.base import ImageTensorOperation, over_batch
from msjax.dataset.vision.checks import statistics


def _normalised(image: np.ndarray, mean: np.ndarray, std: np.ndarray, is_hwc: bool) -> np.ndarray:
    if not is_hwc and image.ndim > 2:
        return (image - mean[:, None, None]) / std[:, None, None]
    # Whole rows at once: numpy is slow along an axis as short as that of the channels.
    rows = image.reshape(image.shape[0], -1)
    width = rows.shape[1] // len(mean)
    result = np.subtract(rows, np.tile(mean, width), dtype=np.float32)
    result /= np.tile(std, width)
    return result.reshape(image.shape)


class Normalize(ImageTensorOperation):
    """Subtract from each channel its mean and divide by its standard deviation.

    Args:
        mean (sequence): the mean of each channel, or one for all, in [0, 255].
        std (sequence): the standard deviation of each channel, or one for all, in (0, 255].
        is_hwc (bool): whether images are of shape (H, W, C), else (C, H, W). Default: True.

    Returns:
        A float32 image.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an element is out of bounds, or `mean` and `std` differ in length.
        RuntimeError: if the image has another number of channels.

    Example:
        >>> vision.Normalize([100.0], [50.0])(np.array([[100, 200]], np.uint8)).tolist()
        [[0.0, 2.0]]
    """

    _axes = ()
    _dtypes = ""

    @takes(is_hwc="bool")
    def __init__(self, mean, std, is_hwc: bool = True):
        self.mean, self.std = statistics(type(self).__name__, mean, std)
        self.is_hwc = is_hwc

    def _image(self, image):
        channels = 1 if image.ndim < 3 else image.shape[-1 if self.is_hwc else -3]
        if len(self.mean) not in (1, channels):
            raise refusal(
                self,
                f"the image must have as many channels as 'mean' has elements, {len(self.mean)}, but got {channels}, "
                f"shape {image.shape}; 'is_hwc' says where they are",
            )
        mean, std = (np.broadcast_to(numbers, (channels,)) for numbers in (self.mean, self.std))
        image = image if image.dtype.itemsize <= 2 else image.astype(np.float32, copy=False)
        return over_batch(lambda each: _normalised(each, mean, std, self.is_hwc), image).astype(np.float32, copy=False)

    def _compute_stacked(self, images):
        if not self.is_hwc and images.ndim == 4:
            return self._compute(images)
        return self._compute(images.reshape(-1, *images.shape[2:])).reshape(images.shape)  # one under the other


class NormalizePad(Normalize):
    """Normalise, and add a channel of zeros.

    Args:
        mean (sequence): the mean of each channel, or one for all, in [0, 255].
        std (sequence): the standard deviation of each channel, or one for all, in (0, 255].
        dtype (str): of the result, "float32" or "float16". Default: "float32".
        is_hwc (bool): whether images are of shape (H, W, C), else (C, H, W). Default: True.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an element is out of bounds, `mean` and `std` differ in length, or `dtype` is another.
        RuntimeError: if the image has another number of channels or axes.

    Example:
        >>> vision.NormalizePad([100.0], [50.0])(np.full((1, 1, 1), 200, np.uint8)).tolist()
        [[[2.0, 0.0]]]
    """

    _axes = (2, 3)

    @takes(dtype="'float32' or 'float16'")
    def __init__(self, mean, std, dtype: str = "float32", is_hwc: bool = True):
        super().__init__(mean, std, is_hwc)
        self.dtype = dtype

    def _image(self, image):
        result = super()._image(image).astype(self.dtype)
        result = result[..., None] if result.ndim == 2 else result
        axis = -1 if self.is_hwc else 0
        return np.concatenate([result, np.zeros_like(np.take(result, [0], axis))], axis)


class Rescale(ImageTensorOperation):
    """Multiply, then add.

    Args:
        rescale (float): the factor, not negative.
        shift (float): what is added.

    Returns:
        A float32 array.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if `rescale` is negative.

    Example:
        >>> vision.Rescale(0.5, 1.0)(np.array([[2, 4]], np.uint8)).tolist()
        [[2.0, 3.0]]
    """

    _axes = ()

    @takes(rescale="number", shift="number")
    def __init__(self, rescale: float, shift: float):
        self.rescale = rescale
        self.shift = shift

    def _image(self, image):
        if self.rescale < 0:
            raise refusal(self, f"the 'rescale' must not be negative, but got {self.rescale}")
        result = np.multiply(image, np.float32(self.rescale), dtype=np.float32, casting="unsafe")
        result += np.float32(self.shift)
        return result

    def _compute_stacked(self, images):
        return self._compute(images)


class HWC2CHW(ImageTensorOperation):
    """Move the channels to the front: (H, W, C) to (C, H, W).

    Raises:
        RuntimeError: if the image is not of shape (H, W) or (H, W, C).

    Example:
        >>> vision.HWC2CHW()(np.zeros((4, 5, 3), np.uint8)).shape
        (3, 4, 5)
    """

    def _image(self, image):
        return image if image.ndim == 2 else image.transpose(2, 0, 1)

    def _compute_stacked(self, images):
        return images if images.ndim == 3 else np.ascontiguousarray(images.transpose(0, 3, 1, 2))


class ToTensor(ImageTensorOperation):
    """Divide by 255 and move the channels to the front.

    Args:
        output_type (Union[mindspore.dtype, numpy.dtype]): the dtype of the result. Default: `numpy.float32`.

    Returns:
        An array of shape (C, H, W).

    Raises:
        TypeError: if `output_type` is no dtype.
        RuntimeError: if the image is not of shape (H, W) or (H, W, C).

    Example:
        >>> vision.ToTensor()(np.full((4, 5, 3), 255, np.uint8)).shape
        (3, 4, 5)
    """

    def __init__(self, output_type=np.float32):
        self.output_type = numpy_type(type(self).__name__, "output_type", output_type)

    def _image(self, image):
        image = image[..., None] if image.ndim == 2 else image
        height, width, channels = image.shape
        result = np.empty((channels, height, width), np.float32)
        for channel in range(channels):
            np.multiply(image[..., channel], np.float32(1 / 255), out=result[channel], casting="unsafe")
        return result.astype(self.output_type, copy=False)

    def _compute_stacked(self, images):
        images = images[..., None] if images.ndim == 3 else images
        count, height, width, channels = images.shape
        # One under the other, as an image of that height.
        result = self._image(images.reshape(-1, width, channels)).reshape(channels, count, height, width)
        return np.ascontiguousarray(result.swapaxes(0, 1))


class ToType(TypeCast):
    """Cast to a dtype.

    Args:
        data_type (Union[mindspore.dtype, numpy.dtype]): the dtype.

    Raises:
        TypeError: if `data_type` is no dtype.

    Example:
        >>> vision.ToType(np.float32)(np.array([1, 2])).dtype.name
        'float32'
    """


class ToNumpy(PyTensorOperation):
    """The array of a PIL image, or of anything that numpy takes.

    Example:
        >>> vision.ToNumpy()(vision.ToPIL()(np.zeros((4, 5), np.uint8))).shape
        (4, 5)
    """

    random = False

    def _execute_py(self, image):
        return np.array(image)


class LinearTransformation(PyTensorOperation):
    """Flatten an image, subtract a vector, multiply by a matrix: whitening.

    Args:
        transformation_matrix (numpy.ndarray): of shape (D, D), with D = H * W * C.
        mean_vector (numpy.ndarray): of shape (D,).

    Raises:
        TypeError: if an argument or the image is no array.
        ValueError: if the shapes do not fit.

    Example:
        >>> vision.LinearTransformation(2 * np.eye(2), np.ones(2))(np.array([[3.0, 4.0]])).tolist()
        [[4.0, 6.0]]
    """

    random = False

    @takes(transformation_matrix="array", mean_vector="array")
    def __init__(self, transformation_matrix, mean_vector):
        shape = transformation_matrix.shape
        if len(shape) != 2 or shape[0] != shape[1]:
            raise ValueError(
                f"For 'LinearTransformation', the 'transformation_matrix' must be of shape (D, D), but got {shape}."
            )
        if mean_vector.shape != shape[:1]:
            raise ValueError(
                f"For 'LinearTransformation', the 'mean_vector' must be of shape {shape[:1]}, "
                f"but got {mean_vector.shape}."
            )
        self.transformation_matrix = transformation_matrix
        self.mean_vector = mean_vector

    def _execute_py(self, image):
        if not isinstance(image, np.ndarray):
            raise TypeError(
                f"For 'LinearTransformation', the input must be a numpy array, but got {type(image).__name__}."
            )
        if image.size != len(self.mean_vector):
            raise ValueError(
                f"For 'LinearTransformation', the image must have {len(self.mean_vector)} elements, as the matrix, "
                f"but got shape {image.shape}."
            )
        return ((image.ravel() - self.mean_vector) @ self.transformation_matrix).reshape(image.shape)
