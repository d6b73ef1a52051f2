"""`mindspore.dataset.vision.py_transforms_util`: transforms of PIL images as functions of an image and their arguments.

adjust_brightness(img, 1.2)     random_crop(img, size, padding, pad_if_needed, fill_value, padding_mode)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from msjax.dataset import vision
from msjax.dataset.vision.libraries import pillow
from msjax.dataset.vision.resizing import pillow_filter

augment_error_message = "img should be PIL image. Got {}. Use Decode() for encoded data or ToPIL() for decoded data."


def is_pil(img: Any) -> bool:
    """Whether this is an image of Pillow's."""
    return isinstance(img, pillow().Image)


def is_numpy(img: Any) -> bool:
    """Whether this is an array of numpy's."""
    return isinstance(img, np.ndarray)


def _function(kind: type, on_pil: bool, name: str):
    def transform(img: Any, *args, **kwargs) -> Any:
        return kind(*args, **kwargs)(_image(img) if on_pil else img)

    transform.__name__ = name
    transform.__doc__ = f"What `vision.{kind.__name__}`, of the other arguments, gives for an image."
    return transform


_OF_PIL = {
    "adjust_brightness": "AdjustBrightness",
    "adjust_contrast": "AdjustContrast",
    "adjust_gamma": "AdjustGamma",
    "adjust_hue": "AdjustHue",
    "adjust_saturation": "AdjustSaturation",
    "auto_contrast": "AutoContrast",
    "center_crop": "CenterCrop",
    "equalize": "Equalize",
    "five_crop": "FiveCrop",
    "grayscale": "Grayscale",
    "invert_color": "Invert",
    "pad": "Pad",
    "perspective": "Perspective",
    "random_affine": "RandomAffine",
    "random_color": "RandomColor",
    "random_color_adjust": "RandomColorAdjust",
    "random_crop": "RandomCrop",
    "random_horizontal_flip": "RandomHorizontalFlip",
    "random_lighting": "RandomLighting",
    "random_resize_crop": "RandomResizedCrop",
    "random_rotation": "RandomRotation",
    "random_sharpness": "RandomSharpness",
    "random_vertical_flip": "RandomVerticalFlip",
    "resize": "Resize",
    "ten_crop": "TenCrop",
    "uniform_augment": "UniformAugment",
}
_OF_ARRAYS = {
    "hsv_to_rgb": "HsvToRgb",
    "hwc_to_chw": "HWC2CHW",
    "linear_transform": "LinearTransformation",
    "rgb_to_hsv": "RgbToHsv",
    "to_pil": "ToPIL",
    "to_tensor": "ToTensor",
    "to_type": "ToType",
}
globals().update({name: _function(getattr(vision, kind), True, name) for name, kind in _OF_PIL.items()})
globals().update({name: _function(getattr(vision, kind), False, name) for name, kind in _OF_ARRAYS.items()})


# What the transforms of `vision` give as arrays, and these as images.
def crop(img: Any, top: int, left: int, height: int, width: int) -> Any:
    """A part of an image."""
    return _image(img).crop((left, top, left + width, top + height))


def horizontal_flip(img: Any) -> Any:
    """An image with left and right exchanged."""
    return _image(img).transpose(pillow().Transpose.FLIP_LEFT_RIGHT)


def vertical_flip(img: Any) -> Any:
    """An image with top and bottom exchanged."""
    return _image(img).transpose(pillow().Transpose.FLIP_TOP_BOTTOM)


def rotate(img: Any, angle: float, resample: Any, expand: bool, center: Any, fill_value: Any) -> Any:
    """An image turned counterclockwise by some degrees."""
    colour = fill_value if isinstance(fill_value, tuple) or img.mode != "RGB" else (fill_value,) * 3
    filter_ = pillow_filter(rotate, resample)
    return _image(img).rotate(angle, filter_, expand, center, fillcolor=colour)


def decode(img: Any) -> Any:
    """An image of Pillow's from the bytes of a file."""
    return vision.Decode(to_pil=True)(img)


def normalize(img: np.ndarray, mean: Any, std: Any, pad_channel: bool = False, dtype: str = "float32") -> np.ndarray:
    """An array (C, H, W) less the mean of each channel, over its deviation; with one more of zeros, if so said."""
    if pad_channel:
        return vision.NormalizePad(mean, std, dtype, is_hwc=False)(img)
    return vision.Normalize(mean, std, is_hwc=False)(img)


def erase(np_img: np.ndarray, i: int, j: int, height: int, width: int, erase_value: Any, inplace=False) -> np.ndarray:
    """An array (C, H, W) with a rectangle of another value."""
    image = np_img if inplace else np_img.copy()
    image[:, i : i + height, j : j + width] = erase_value
    return image


def _image(img: Any) -> Any:
    if not is_pil(img):
        raise TypeError(augment_error_message.format(type(img)))
    return img
