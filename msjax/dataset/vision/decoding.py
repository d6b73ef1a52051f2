"""From files and bytes to images and back."""

from __future__ import annotations

import io
import os

import numpy as np

from msjax.core.kinds import check, check_is, takes
from msjax.dataset.transforms.base import PyTensorOperation, TensorOperation, is_pil, refusal
from msjax.dataset.vision.enumerations import ImageReadMode
from msjax.dataset.vision.libraries import cv2, opened, pillow


def _encoded(operation: object, data) -> np.ndarray:
    """The bytes of an encoded image, checked."""
    owner = type(operation).__name__
    if not isinstance(data, np.ndarray):
        raise TypeError(
            f"For '{owner}', the encoded image must be a numpy array of one axis, but got {type(data).__name__}."
        )
    if data.ndim != 1 or data.dtype.kind not in "uiSU" or (data.dtype.itemsize > 1 and data.dtype.kind in "ui"):
        raise TypeError(
            f"For '{owner}', the encoded image must be a numpy array of uint8 of one axis, "
            f"but got {data.dtype} of shape {data.shape}."
        )
    if data.size == 0:
        raise refusal(operation, "the encoded image must not be empty")
    return data.view(np.uint8)


def decoded(operation: object, data) -> np.ndarray:
    """The image, of shape (H, W, 3), RGB, that bytes encode.

    Raises:
        TypeError: if they are no array of bytes.
        RuntimeError: if they are no image.
    """
    cv = cv2()
    image = _of_opencv(_encoded(operation, data), cv.IMREAD_COLOR | cv.IMREAD_IGNORE_ORIENTATION)
    if image is None:
        raise refusal(operation, "the bytes must be an image that OpenCV can decode, as JPEG, PNG or BMP")
    return cv.cvtColor(image, cv.COLOR_BGR2RGB, image)


def _of_opencv(content: np.ndarray, flags: int) -> np.ndarray | None:
    """What OpenCV decodes; None if that is nothing."""
    cv = cv2()
    try:
        return cv.imdecode(content, flags)
    except cv.error:  # it is larger than OpenCV's limit
        return None


class Decode(TensorOperation, PyTensorOperation):
    """Decode the bytes of a JPEG, PNG, BMP or TIFF image.

    Args:
        to_pil (bool): whether to give a PIL image, else an array. Default: False.

    Returns:
        An RGB image, of shape (H, W, 3).

    Raises:
        TypeError: if `to_pil` is no bool, or the input no array of bytes.
        RuntimeError: if the bytes are no image (ValueError with `to_pil`).

    Example:
        >>> data = vision.encode_png(np.zeros((4, 5, 3), np.uint8))
        >>> vision.Decode()(data).shape
        (4, 5, 3)
    """

    @takes(to_pil="bool")
    def __init__(self, to_pil: bool = False):
        self.to_pil = to_pil

    def device(self, device_target: str = "CPU"):
        """Say where to compute. Here that is always the CPU.

        Args:
            device_target (str): "CPU" or "Ascend". Default: "CPU".
        """
        check("Decode", "device_target", device_target, "'CPU' or 'Ascend'")
        return self

    def __call__(self, data):
        return self._execute_py(data) if self.to_pil else decoded(self, data)

    def _execute_py(self, data):
        file = io.BytesIO(_encoded(self, data).tobytes())
        try:
            return opened(file).convert("RGB")
        except OSError as error:
            raise ValueError(f"For 'Decode', the bytes must be an image that Pillow can decode: {error}.") from error


class ToPIL(PyTensorOperation):
    """Make a PIL image of an array.

    Raises:
        TypeError: if the input is no array or PIL image, or of a dtype that PIL images do not have.
        ValueError: if it has not two or three axes.

    Example:
        >>> vision.ToPIL()(np.zeros((4, 5, 3), np.uint8)).size
        (5, 4)
    """

    random = False

    def _execute_py(self, image):
        if is_pil(image):
            return image
        if not isinstance(image, np.ndarray):
            raise TypeError(
                f"For 'ToPIL', the input must be a numpy array or a PIL image, but got {type(image).__name__}."
            )
        if image.ndim not in (2, 3):
            raise ValueError(f"For 'ToPIL', the image must be of shape (H, W) or (H, W, C), but got {image.shape}.")
        if image.ndim == 3 and image.shape[-1] == 1:
            image = image[..., 0]
        elif image.ndim == 3 and image.dtype != np.uint8:
            raise TypeError(f"For 'ToPIL', an image of several channels must be of uint8, but got {image.dtype}.")
        return pillow().fromarray(image)


def read_file(filename: str) -> np.ndarray:
    """Read the bytes of a file.

    Args:
        filename (str): its path.

    Returns:
        A uint8 array of one axis.

    Raises:
        TypeError: if `filename` is no str.
        RuntimeError: if there is no such file.

    Example:
        >>> import os, tempfile, numpy as np
        >>> path = os.path.join(tempfile.mkdtemp(), "file")
        >>> vision.write_file(path, np.arange(3, dtype=np.uint8))
        >>> vision.read_file(path).tolist()
        [0, 1, 2]
    """
    check("read_file", "filename", filename, "str")
    return np.frombuffer(_content("read_file", filename), np.uint8).copy()


def _content(owner: str, filename: str) -> bytes:
    if not os.path.isfile(filename):
        raise RuntimeError(f"For '{owner}', the 'filename' must be that of a file, but got {filename!r}.")
    with open(filename, "rb") as file:
        return file.read()


def read_image(filename: str, mode: ImageReadMode = ImageReadMode.UNCHANGED) -> np.ndarray:
    """Read and decode an image file.

    Args:
        filename (str): its path.
        mode (ImageReadMode): which channels to give. Default: `ImageReadMode.UNCHANGED`.

    Returns:
        An array of shape (H, W, C), of uint8, or of the file's own dtype.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if there is no such file, or it is no image.

    Example:
        >>> import os, tempfile, numpy as np
        >>> path = os.path.join(tempfile.mkdtemp(), "image.png")
        >>> vision.write_png(path, np.zeros((4, 5, 3), np.uint8))
        >>> vision.read_image(path).shape
        (4, 5, 3)
    """
    check("read_image", "filename", filename, "str")
    check_is("read_image", "mode", mode, ImageReadMode)
    cv = cv2()
    flags = {
        ImageReadMode.UNCHANGED: cv.IMREAD_UNCHANGED,
        ImageReadMode.GRAYSCALE: cv.IMREAD_GRAYSCALE,
        ImageReadMode.COLOR: cv.IMREAD_COLOR | cv.IMREAD_IGNORE_ORIENTATION,
    }
    content = np.frombuffer(_content("read_image", filename), np.uint8)
    image = _of_opencv(content, flags[mode]) if content.size else None
    if image is None:
        raise RuntimeError(f"For 'read_image', the file must be an image that OpenCV can decode, but got {filename!r}.")
    if image.ndim == 3:
        image = cv.cvtColor(image, cv.COLOR_BGR2RGB if image.shape[2] == 3 else cv.COLOR_BGRA2RGBA)
    return image if image.ndim == 3 else image[..., None]


def write_file(filename: str, data) -> None:
    """Write bytes to a file.

    Args:
        filename (str): its path.
        data (Union[Tensor, numpy.ndarray]): uint8, of one axis.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if `data` is not of uint8 and one axis, or the file can not be written.

    Example:
        >>> import os, tempfile, numpy as np
        >>> vision.write_file(os.path.join(tempfile.mkdtemp(), "file"), np.arange(3, dtype=np.uint8))
    """
    check("write_file", "filename", filename, "str")
    check("write_file", "data", data, "Tensor or array")
    data = np.asarray(data)
    if data.dtype != np.uint8 or data.ndim != 1:
        raise RuntimeError(
            f"For 'write_file', the 'data' must be of uint8 and one axis, but got {data.dtype} of shape {data.shape}."
        )
    _write("write_file", filename, data)


def _write(owner: str, filename: str, data: np.ndarray) -> None:
    try:
        with open(filename, "wb") as file:
            file.write(data.tobytes())
    except OSError as error:
        raise RuntimeError(f"For '{owner}', the file {filename!r} can not be written: {error}.") from error


def _encode(owner: str, image, extension: str, *options) -> np.ndarray:
    check(owner, "image", image, "Tensor or array")
    image = np.asarray(image)
    if image.dtype != np.uint8:
        raise RuntimeError(f"For '{owner}', the 'image' must be of uint8, but got {image.dtype}.")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[-1] not in (1, 3)):
        raise RuntimeError(
            f"For '{owner}', the 'image' must be of shape (H, W), (H, W, 1) or (H, W, 3), but got {image.shape}."
        )
    cv = cv2()
    if image.ndim == 3 and image.shape[-1] == 3:
        image = cv.cvtColor(image, cv.COLOR_RGB2BGR)
    return cv.imencode(extension, image, list(options))[1].ravel()


def _within(owner: str, name: str, value, low: int, high: int) -> None:
    check(owner, name, value, "int")
    if not low <= value <= high:
        raise RuntimeError(f"For '{owner}', the '{name}' must be an int in [{low}, {high}], but got {value}.")


def _jpeg(owner: str, image, quality: int) -> np.ndarray:
    _within(owner, "quality", quality, 1, 100)
    return _encode(owner, image, ".jpg", cv2().IMWRITE_JPEG_QUALITY, quality)


def _png(owner: str, image, level: int) -> np.ndarray:
    _within(owner, "compression_level", level, 0, 9)
    return _encode(owner, image, ".png", cv2().IMWRITE_PNG_COMPRESSION, level)


def encode_jpeg(image, quality: int = 75) -> np.ndarray:
    """Encode an image as JPEG.

    Args:
        image (Union[numpy.ndarray, Tensor]): uint8, of shape (H, W), (H, W, 1) or (H, W, 3).
        quality (int): from 1 to 100. Default: 75.

    Returns:
        A uint8 array of one axis.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if `quality` is out of bounds, the image is of another dtype or shape.

    Example:
        >>> vision.encode_jpeg(np.zeros((4, 5, 3), np.uint8)).dtype
        dtype('uint8')
    """
    return _jpeg("encode_jpeg", image, quality)


def encode_png(image, compression_level: int = 6) -> np.ndarray:
    """Encode an image as PNG.

    Args:
        image (Union[numpy.ndarray, Tensor]): uint8, of shape (H, W), (H, W, 1) or (H, W, 3).
        compression_level (int): from 0 to 9. Default: 6.

    Returns:
        A uint8 array of one axis.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if `compression_level` is out of bounds, the image is of another dtype or shape.

    Example:
        >>> vision.encode_png(np.zeros((4, 5, 3), np.uint8)).dtype
        dtype('uint8')
    """
    return _png("encode_png", image, compression_level)


def write_jpeg(filename: str, image, quality: int = 75) -> None:
    """Write an image as a JPEG file.

    Args:
        filename (str): its path.
        image (Union[numpy.ndarray, Tensor]): uint8, of shape (H, W), (H, W, 1) or (H, W, 3).
        quality (int): from 1 to 100. Default: 75.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if `quality` is out of bounds, the image is of another dtype or shape, or the file can not be
            written.

    Example:
        >>> import os, tempfile, numpy as np
        >>> vision.write_jpeg(os.path.join(tempfile.mkdtemp(), "image.jpg"), np.zeros((4, 5, 3), np.uint8))
    """
    check("write_jpeg", "filename", filename, "str")
    _write("write_jpeg", filename, _jpeg("write_jpeg", image, quality))


def write_png(filename: str, image, compression_level: int = 6) -> None:
    """Write an image as a PNG file.

    Args:
        filename (str): its path.
        image (Union[numpy.ndarray, Tensor]): uint8, of shape (H, W), (H, W, 1) or (H, W, 3).
        compression_level (int): from 0 to 9. Default: 6.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if `compression_level` is out of bounds, the image is of another dtype or shape, or the file can
            not be written.

    Example:
        >>> import os, tempfile, numpy as np
        >>> vision.write_png(os.path.join(tempfile.mkdtemp(), "image.png"), np.zeros((4, 5, 3), np.uint8))
    """
    check("write_png", "filename", filename, "str")
    _write("write_png", filename, _png("write_png", image, compression_level))


def _shape(owner: str, image) -> tuple[int, ...]:
    if is_pil(image):
        return (image.size[1], image.size[0], len(image.getbands()))
    if not isinstance(image, np.ndarray):
        raise TypeError(
            f"For '{owner}', the input must be a numpy array or a PIL image, but got {type(image).__name__}."
        )
    if image.ndim < 2:
        raise TypeError(f"For '{owner}', the image must have at least two axes, but got shape {image.shape}.")
    return image.shape if image.ndim > 2 else (*image.shape, 1)


def get_image_size(image) -> list[int]:
    """Height and width of an image.

    Args:
        image (Union[numpy.ndarray, PIL.Image.Image]): of shape (H, W) or (..., H, W, C).

    Raises:
        TypeError: if it is neither.

    Example:
        >>> vision.get_image_size(np.zeros((4, 5, 3), np.uint8))
        [4, 5]
    """
    return list(_shape("get_image_size", image)[-3:-1])


def get_image_num_channels(image) -> int:
    """The number of channels of an image.

    Args:
        image (Union[numpy.ndarray, PIL.Image.Image]): of shape (H, W) or (..., H, W, C).

    Raises:
        TypeError: if it is neither.

    Example:
        >>> vision.get_image_num_channels(np.zeros((4, 5, 3), np.uint8))
        3
    """
    return _shape("get_image_num_channels", image)[-1]
