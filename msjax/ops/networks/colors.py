"""Colors of images, with red, green and blue from 0 to 1 along one axis."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.ops.table import op


def _parts(rgb):
    """Hue from 0 to 1, saturation and value of colors along the last axis."""
    red, green, blue = jnp.moveaxis(rgb, -1, 0)
    value, spread = rgb.max(-1), rgb.max(-1) - rgb.min(-1)
    some = jnp.where(spread > 0, spread, 1)
    hue = jnp.where(
        red == value,
        (green - blue) / some,
        jnp.where(green == value, (blue - red) / some + 2, (red - green) / some + 4),
    )
    hue = jnp.where(spread > 0, hue / 6 % 1, 0)
    return hue, jnp.where(value > 0, spread / jnp.where(value > 0, value, 1), 0), value


def _colors(hue, saturation, value):
    """The colors of hue, saturation and value, along a new last axis."""
    distance = jnp.stack([abs(hue * 6 - 3) - 1, 2 - abs(hue * 6 - 2), 2 - abs(hue * 6 - 4)], -1)
    return value[..., None] * (1 + saturation[..., None] * (jnp.clip(distance, 0, 1) - 1))


def _need_colors(name: str, image, axes: range) -> None:
    if image.ndim not in axes or image.shape[-1] != 3:
        raise ValueError(f"For '{name}', the image must have three colors, but its shape is {image.shape}.")


@op("ops.AdjustHue()(image, delta)", floats=("image",))
def adjust_hue(image, delta):
    """Images whose hues are turned.

    Args:
        image: of shape (..., height, width, 3).
        delta: by which part of the circle of colors, a Tensor without axes.

    Returns:
        An image of the same shape and dtype.

    Raises:
        ValueError: if the last axis is not 3 long, or there are less than three axes.
    """
    _need_colors("AdjustHue", image, range(3, 9))
    hue, saturation, value = _parts(image.astype(np.float32))
    return _colors((hue + delta) % 1, saturation, value).astype(image.dtype)


@op("ops.AdjustSaturation()(image, scale)", floats=("image",))
def adjust_saturation(image, scale):
    """Images whose saturations are multiplied, up to 1.

    Args:
        image: of shape (..., height, width, 3).
        scale: the factor, a Tensor without axes.

    Returns:
        An image of the same shape and dtype.

    Raises:
        ValueError: if the last axis is not 3 long, or there are less than three axes.
    """
    _need_colors("AdjustSaturation", image, range(3, 9))
    hue, saturation, value = _parts(image.astype(np.float32))
    return _colors(hue, jnp.clip(saturation * scale, 0, 1), value).astype(image.dtype)


@op("ops.RGBToHSV()(images: image)", floats=("image",))
def rgb_to_hsv(image):
    """Hue, saturation and value of red, green and blue.

    Args:
        image: of shape (..., 3).

    Returns:
        Of the same shape and dtype, with numbers from 0 to 1.

    Raises:
        ValueError: if the last axis is not 3 long.
    """
    _need_colors("RGBToHSV", image, range(1, 9))
    return jnp.stack(_parts(image.astype(np.float32)), -1).astype(image.dtype)


@op("ops.HSVToRGB()(x: image)", floats=("image",))
def hsv_to_rgb(image):
    """Red, green and blue of hue, saturation and value.

    Args:
        image: of shape (n, height, width, 3), with numbers from 0 to 1.

    Returns:
        Of the same shape and dtype.

    Raises:
        ValueError: if the last axis is not 3 long, or there are not four axes.
    """
    _need_colors("HSVToRGB", image, range(4, 5))
    hue, saturation, value = jnp.moveaxis(image.astype(np.float32), -1, 0)
    return _colors(hue, saturation, value).astype(image.dtype)
