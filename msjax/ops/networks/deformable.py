"""Convolutions whose kernels' elements move, each by an offset that is learned."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.checks import one_dtype
from msjax.ops.networks.grid_sample import sampled
from msjax.ops.table import op

_FOUR = dict.fromkeys(("strides", "dilations"), "4 int")


def _moved(x, offsets, kernel, strides, pads, dilations, groups: int, what: str):
    """What the elements of the kernel see, of shape (N, C, kernel height, kernel width, H, W)."""
    if x.ndim != 4 or offsets.ndim != 4:
        raise ValueError(f"For '{what}', both inputs must have 4 axes, but got {x.shape} and {offsets.shape}.")
    if strides[:2] != (1, 1) or dilations[:2] != (1, 1):
        raise ValueError(f"For '{what}', strides and dilations must begin with 1, 1, but got {strides}, {dilations}.")
    n, channels, *sizes = x.shape
    if channels % groups:
        raise ValueError(f"For '{what}', {channels} channels can not be split into {groups} groups.")
    counts = [
        (size + sum(pads[2 * a : 2 * a + 2]) - dilations[2 + a] * (kernel[a] - 1) - 1) // strides[2 + a] + 1
        for a, size in enumerate(sizes)
    ]
    wanted = (n, 3 * groups * kernel[0] * kernel[1], *counts)
    if offsets.shape != wanted:
        raise ValueError(f"For '{what}', the offsets must be of shape {wanted}, but got {offsets.shape}.")
    right, down, mask = jnp.moveaxis(offsets.reshape(n, 3, groups, *kernel, *counts), 1, 0)
    rows, columns = (
        np.arange(kernel[a])[:, None] * dilations[2 + a] + np.arange(counts[a]) * strides[2 + a] - pads[2 * a]
        for a in (0, 1)
    )
    at = [down + rows[:, None, :, None], right + columns[None, :, None, :]]
    planes = x.reshape(n, groups, channels // groups, *sizes)
    found = jax.vmap(jax.vmap(lambda image, y, z: sampled(image, [y, z], False)))(planes, *at)
    return (found * mask[:, :, None]).reshape(n, channels, *kernel, *counts)


@op(
    "ops.DeformableOffsets(strides, pads, ksize, dilations=(1, 1, 1, 1), data_format: _ = 'NCHW', "
    "deformable_groups=1, modulated: _ = True)(x, offsets)",
    floats=("x", "offsets"),
    kinds=_FOUR | {"pads": "4 int", "ksize": "2 int > 0", "deformable_groups": "int > 0"},
)
def deformable_offsets(x, offsets, *, strides, pads, ksize, dilations=(1, 1, 1, 1), deformable_groups=1):
    """What the elements of a deformable kernel see, side by side: a convolution with this stride is the deformable one.

    Args:
        x: images of shape (N, C, H, W).
        offsets: as `deformable_conv2d` takes them.
        pads: zeros around the images: top, bottom, left, right.

    Returns:
        Of shape (N, C, height * kernel height, width * kernel width).

    Raises:
        ValueError: if shapes do not fit.
    """
    found = _moved(x, offsets, ksize, strides, pads, dilations, deformable_groups, "DeformableOffsets")
    n, channels, high, wide, height, width = found.shape
    return found.transpose(0, 1, 4, 2, 5, 3).reshape(n, channels, height * high, width * wide)


@op(
    "ops.deformable_conv2d(x, weight, offsets, kernel_size, strides, padding, bias=None, dilations=(1, 1, 1, 1), "
    "groups=1, deformable_groups=1, modulated=True)",
    floats=("x", "weight", "offsets"),
    kinds=_FOUR | {"padding": "4 int", "kernel_size": "2 int > 0", "modulated": "bool"}
    | dict.fromkeys(("groups", "deformable_groups"), "int > 0"),
)  # fmt: skip
def deformable_conv2d(
    x,
    weight,
    offsets,
    bias=None,
    *,
    kernel_size,
    strides,
    padding,
    dilations=(1, 1, 1, 1),
    groups=1,
    deformable_groups=1,
    modulated=True,
):
    """A convolution over 2 axes whose kernel's elements move, and are weighted, at each place.

    Args:
        x: images of shape (N, C, H, W).
        weight: of shape (C_out, C / groups, kernel height, kernel width).
        offsets: of shape (N, 3 * deformable_groups * kernel elements, height, width): how far each element moves to the
            right, then how far down, then its weight. Between pixels images are linear, outside of them 0.
        strides: 1, 1, and how far the kernel moves down and to the right.
        padding: zeros around the images: top, bottom, left, right.
        dilations: 1, 1, and how far the kernel's elements are apart.
        deformable_groups: how many groups of channels have offsets of their own.
        modulated: True.

    Returns:
        Of shape (N, C_out, height, width).

    Raises:
        TypeError: if the dtypes differ.
        ValueError: if shapes do not fit.

    Source:
        Zhu et al., Deformable ConvNets v2 (2018).
    """
    if not modulated:
        raise ValueError("For 'deformable_conv2d', 'modulated' must be True: offsets without weights are not served.")
    one_dtype("deformable_conv2d", x, weight, offsets)
    found = _moved(x, offsets, kernel_size, strides, padding, dilations, deformable_groups, "deformable_conv2d")
    n, channels, *_, height, width = found.shape
    if weight.shape[1:] != (channels // groups, *kernel_size) or channels % groups or len(weight) % groups:
        raise ValueError(
            f"For 'deformable_conv2d', weights of shape {weight.shape} do not fit {channels} channels in {groups} "
            f"groups and a kernel of {kernel_size}."
        )
    grouped = found.reshape(n, groups, channels // groups, *kernel_size, height, width)
    filters = weight.reshape(groups, -1, channels // groups, *kernel_size)
    out = jnp.einsum("ngcijhw,gocij->ngohw", grouped, filters).reshape(n, -1, height, width).astype(x.dtype)
    return out if bias is None else out + bias[:, None, None]
