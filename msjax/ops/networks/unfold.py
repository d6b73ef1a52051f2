"""Patches of images, taken apart and put together."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.tensor import Tensor
from msjax.ops.call.promotion import array
from msjax.ops.networks.convolution import per_axis
from msjax.ops.table import op

FUNCTIONAL = "mint.nn.functional"
_SIZES = "int > 0 or 1 int > 0 or 2 int > 0"


def _places(sizes, kernel, dilation, padding, stride) -> list[np.ndarray]:
    """For both axes: the padded image's index of each (kernel position, output position)."""
    found = []
    for size, k, d, p, s in zip(sizes, kernel, dilation, padding, stride, strict=True):
        count = (size + 2 * p - d * (k - 1) - 1) // s + 1
        if count <= 0:
            raise ValueError(
                f"A kernel of {kernel} with dilation {dilation} does not fit into an "
                f"image of {tuple(sizes)} with padding {padding}."
            )
        found.append(d * np.arange(k)[:, None] + s * np.arange(count))
    rows, columns = found
    return [rows[:, None, :, None], columns[None, :, None, :]]


def _settings(kernel_size, dilation, padding, stride):
    named = (("kernel_size", kernel_size), ("dilation", dilation), ("padding", padding), ("stride", stride))
    return [per_axis(value, 2, name) for name, value in named]


@op(
    "ops.unfold(input, kernel_size, dilation=1, padding=0, stride=1)",
    "Tensor.unfold(kernel_size, dilation=1, padding=0, stride=1)",
    f"{FUNCTIONAL}.unfold(input, kernel_size, dilation=1, padding=0, stride=1)",
)
def unfold(x, *, kernel_size, dilation=1, padding=0, stride=1):
    """The patches under a sliding kernel: (N, C, H, W) to (N, C * kernel elements, patches).

    Raises:
        ValueError: if the input has other axes, or the kernel does not fit.
    """
    x = array(x)
    if x.ndim not in (3, 4):
        raise ValueError(f"For 'unfold', the input must have 4 axes, or 3 without the batch, but got shape {x.shape}.")
    if x.ndim == 3:
        return unfold(x[None], kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride)[0]
    kernel, spread, pads, steps = _settings(kernel_size, dilation, padding, stride)
    rows, columns = _places(x.shape[2:], kernel, spread, pads, steps)
    padded = jnp.pad(x, ((0, 0), (0, 0), *((p, p) for p in pads)))
    patches = padded[:, :, rows, columns]
    return patches.reshape(x.shape[0], x.shape[1] * kernel[0] * kernel[1], -1)


@op(
    "ops.Im2Col(ksizes, strides=1, dilations=1, pads=0)(x)",
    kinds=dict.fromkeys(("ksizes", "strides", "dilations"), _SIZES) | {"pads": _SIZES.replace(">", ">=")},
)
def im2col(x, *, ksizes, strides=1, dilations=1, pads=0):
    """The patches under a sliding kernel: (N, C, H, W) to (N, C, kernel elements, patches).

    Args:
        ksizes: height and width of the kernel, or an int for both.

    Raises:
        ValueError: if the input has other axes, or the kernel does not fit.
    """
    if x.ndim != 4:
        raise ValueError(f"For 'Im2Col', the input must have 4 axes, but got shape {x.shape}.")
    patches = unfold(x, kernel_size=ksizes, dilation=dilations, padding=pads, stride=strides)
    return patches.reshape(*x.shape[:2], -1, patches.shape[-1])


@op(
    "ops.ExtractVolumePatches(kernel_size, strides, padding)(input_x: x)",
    kinds={"padding": "'valid' or 'same' or 'VALID' or 'SAME'"},
)
def extract_volume_patches(x, *, kernel_size, strides, padding):
    """The patches under a kernel that slides through volumes: (N, C, D, H, W) to (N, kernel elements * C, d, h, w).

    Args:
        x: volumes.
        kernel_size: depth, height and width of the kernel, or an int for all; or five, of which the first two are 1.
        strides: how far it moves, likewise.
        padding: "valid", or "same" for zeros around the volumes, so that a stride of 1 keeps their size.

    Raises:
        ValueError: if the input has other axes, or for another padding.
    """
    if x.ndim != 5:
        raise ValueError(f"For 'ExtractVolumePatches', the input must have 5 axes, but got shape {x.shape}.")
    kernel, steps = (
        per_axis(value[2:] if isinstance(value, tuple) and len(value) == 5 else value, 3, name)
        for value, name in ((kernel_size, "kernel_size"), (strides, "strides"))
    )
    pads = jax.lax.padtype_to_pads(x.shape[2:], kernel, steps, padding.upper())
    if any(k > size + sum(p) for k, size, p in zip(kernel, x.shape[2:], pads, strict=True)):
        raise ValueError(f"For 'ExtractVolumePatches', a kernel of {kernel} does not fit into shape {x.shape}.")
    x = jnp.pad(x, ((0, 0), (0, 0), *pads))
    for axis, (k, s) in enumerate(zip(kernel, steps, strict=True), 2):  # places in the kernel before the channels
        at = np.arange(k)[:, None] + s * np.arange((x.shape[2 * axis - 2] - k) // s + 1)
        x = jnp.moveaxis(jnp.take(x, at, 2 * axis - 2), 2 * axis - 2, axis - 1)
    return x.reshape(len(x), -1, *x.shape[5:])


@op(
    "ops.fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1)",
    "Tensor.fold(output_size, kernel_size, dilation=1, padding=0, stride=1)",
    f"{FUNCTIONAL}.fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1)",
    jit=False,  # the output's size may be a Tensor
)
def fold(x, *, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Patches added up to images of `output_size`: the adjoint of `unfold`. The elements of a patch may have an axis of
    their own, behind the channels.

    Raises:
        ValueError: if the input has other axes, or the sizes do not fit.
    """
    x = array(x)
    x = jax.lax.collapse(x, 1, 3) if x.ndim == 4 else x
    if x.ndim not in (2, 3):
        raise ValueError(f"For 'fold', the input must have 3 axes, or 2 without the batch, but got shape {x.shape}.")
    if x.ndim == 2:
        return fold(
            x[None], output_size=output_size, kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride
        )[0]
    kernel, spread, pads, steps = _settings(kernel_size, dilation, padding, stride)
    sizes = per_axis(output_size.tolist() if isinstance(output_size, Tensor) else output_size, 2, "output_size")
    rows, columns = _places(sizes, kernel, spread, pads, steps)
    out = (rows.shape[2], columns.shape[3])
    if x.shape[1] % (kernel[0] * kernel[1]) or x.shape[2] != out[0] * out[1]:
        raise ValueError(
            f"For 'fold', an output of {sizes} with kernel {kernel} has "
            f"{out[0] * out[1]} patches of {kernel[0] * kernel[1]} "
            f"elements for each channel, but the input is of shape {x.shape}."
        )
    channels = x.shape[1] // (kernel[0] * kernel[1])
    empty = jnp.zeros((x.shape[0], channels, *(size + 2 * p for size, p in zip(sizes, pads, strict=True))), x.dtype)
    filled = empty.at[:, :, rows, columns].add(x.reshape(x.shape[0], channels, *kernel, *out))
    return filled[:, :, pads[0] : pads[0] + sizes[0], pads[1] : pads[1] + sizes[1]]


@op("ops.col2im(input_x, output_size, kernel_size, dilation, padding_value: padding, stride)",
    "Tensor.col2im(output_size, kernel_size, dilation, padding_value: padding, stride)",
    "ops.Col2Im(kernel_size, dilation=1, padding=0, stride=1)(x, output_size)", jit=False)  # fmt: skip
def col2im(x, *, output_size, kernel_size, dilation, padding, stride):
    """`fold` of (N, C, kernel elements, patches)."""
    x = array(x)
    if x.ndim != 4:
        raise ValueError(f"For 'col2im', the input must have 4 axes, but got shape {x.shape}.")
    flat = x.reshape(x.shape[0], -1, x.shape[3])
    return fold(
        flat, output_size=output_size, kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride
    )


@op("ops.ExtractImagePatches(ksizes, strides, rates, padding='VALID')(input_x)")
def extract_image_patches(x, *, ksizes, strides, rates, padding="valid"):
    """Patches as channels: (N, C, H, W) to (N, rows * columns * C, H', W').

    Args:
        ksizes, strides, rates: [1, rows, columns, 1]: the patches' size, distance and dilation.
        padding: "valid" or "same".
    """
    x = array(x)
    kernel, steps, spread = (tuple(s[1:3]) for s in (ksizes, strides, rates))
    pads = [(0, 0), (0, 0)]
    if padding.lower() == "same":
        extents = [d * (k - 1) + 1 for k, d in zip(kernel, spread, strict=True)]
        totals = [max((-(-n // s) - 1) * s + e - n, 0) for n, s, e in zip(x.shape[2:], steps, extents, strict=True)]
        pads = [(t // 2, t - t // 2) for t in totals]
    padded = jnp.pad(x, ((0, 0), (0, 0), *pads))
    rows, columns = _places(padded.shape[2:], kernel, spread, (0, 0), steps)
    patches = jnp.moveaxis(padded[:, :, rows, columns], 1, 3)
    return patches.reshape(x.shape[0], -1, *patches.shape[-2:])
