"""The libraries that image transforms need, imported when the first of them does."""

import contextlib
import functools
import importlib


@functools.cache
def _library(module: str, name: str):
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(f'This transform of images needs {name}: pip install "msjax[vision]"') from error


def cv2():
    """OpenCV."""
    return _library("cv2", "OpenCV")


@contextlib.contextmanager
def without_ipp():
    """OpenCV's own code, as in MindSpore: Intel's IPP, which its wheels add, rounds bicubic interpolation otherwise."""
    ipp = cv2().ipp
    before = ipp.useIPP()  # of this thread
    ipp.setUseIPP(False)
    try:
        yield
    finally:
        ipp.setUseIPP(before)


def pillow(module: str = "Image"):
    """A module of Pillow."""
    return _library(f"PIL.{module}", "Pillow")


# What Pillow may take a file for, whatever it is named. Among all that it knows is EPS, which it has Ghostscript run.
_FORMATS = "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP"


def opened(file):
    """An image of Pillow's, from a path or a file of bytes. What it shows is not decoded yet.

    Raises:
        OSError: if it is none.
    """
    image = pillow()
    try:
        return image.open(file, formats=_FORMATS)
    except image.DecompressionBombError as error:
        raise OSError(str(error)) from error
