"""The libraries that image transforms need, imported when the first of them does."""

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


def pillow(module: str = "Image"):
    """A module of Pillow."""
    return _library(f"PIL.{module}", "Pillow")
