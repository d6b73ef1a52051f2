"""Moving elements between space, channels and batch: space_to_batch, pixel_shuffle, channel_shuffle."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import is_a
from msjax.ops.arrays.reshape import ints
from msjax.ops.call.promotion import array
from msjax.ops.table import op


def _divisible(size: int, by: int, what: str) -> None:
    if size % by:
        raise ValueError(f"{what}, {size}, must be divisible by {by}.")


def _block(block, axes: int) -> tuple[int, ...]:
    block = ints(block, "block_shape")
    return block * axes if len(block) == 1 else block


@op(
    "ops.space_to_batch_nd(input_x, block_size: block, paddings)",
    "ops.SpaceToBatchND(block_shape: block, paddings)(input_x)",
    "ops.SpaceToBatch(block_size: block, paddings)(input_x)",
)
def space_to_batch_nd(x, *, block, paddings):
    """The last axes, padded with zeros and cut into blocks; each place in a block becomes a batch.

    Raises:
        ValueError: if a padded axis is not divisible by its block.
    """
    x = array(x)
    paddings = [ints(p, "paddings") for p in paddings]
    block, first = _block(block, len(paddings)), x.ndim - len(paddings)
    x = jnp.pad(x, [(0, 0)] * first + paddings)
    cut = []
    for size, b in zip(x.shape[first:], block, strict=True):
        _divisible(size, b, "The size of a padded axis")
        cut += [size // b, b]
    x = x.reshape(*x.shape[:first], *cut)
    inner, outer = range(first + 1, x.ndim, 2), range(first, x.ndim, 2)
    x = x.transpose(*inner, *range(first), *outer)
    return x.reshape(int(np.prod(block)) * x.shape[len(block)], *x.shape[len(block) + 1 :])


@op(
    "ops.batch_to_space_nd(input_x, block_shape: block, crops)",
    "ops.BatchToSpaceND(block_shape: block, crops)(input_x)",
    "ops.BatchToSpace(block_size: block, crops)(input_x)",
)
def batch_to_space_nd(x, *, block, crops):
    """The inverse of `space_to_batch_nd`: batches become places in blocks of the last axes, which are then cropped.

    Raises:
        ValueError: if the batch is not divisible by the size of a block.
    """
    x = array(x)
    crops = [ints(c, "crops") for c in crops]
    block, first = _block(block, len(crops)), x.ndim - len(crops)
    _divisible(x.shape[0], int(np.prod(block)), "The size of the batch axis")
    n = len(block)
    x = x.reshape(*block, x.shape[0] // int(np.prod(block)), *x.shape[1:])
    places = [axis for i in range(n) for axis in (n + first + i, i)]
    x = x.transpose(*range(n, n + first), *places)
    spread = [x.shape[first + 2 * i] * block[i] for i in range(n)]
    x = x.reshape(*x.shape[:first], *spread)
    return x[(..., *(slice(a, size - b) for (a, b), size in zip(crops, spread, strict=True)))]


@op("ops.SpaceToDepth(block_size)(x)")
def space_to_depth(x, *, block_size):
    """Blocks of the two last axes of NCHW moved into the channels.

    Raises:
        ValueError: if height or width is not divisible by the size of a block.
    """
    n, c, h, w = array(x).shape
    b = block_size
    _divisible(h, b, "The height")
    _divisible(w, b, "The width")
    return x.reshape(n, c, h // b, b, w // b, b).transpose(0, 3, 5, 1, 2, 4).reshape(n, c * b * b, h // b, w // b)


@op("ops.DepthToSpace(block_size)(x)")
def depth_to_space(x, *, block_size):
    """Channels of NCHW moved into blocks of the two last axes.

    Raises:
        ValueError: if the channels are not divisible by the elements of a block.
    """
    n, c, h, w = array(x).shape
    b = block_size
    _divisible(c, b * b, "The number of channels")
    return x.reshape(n, b, b, c // (b * b), h, w).transpose(0, 3, 4, 1, 5, 2).reshape(n, c // (b * b), h * b, w * b)


@op("ops.channel_shuffle(x, groups)", "ops.ChannelShuffle(group: groups)(x)")
def channel_shuffle(x, *, groups):
    """The channels (axis 1), which lie group by group, in turn of each group.

    Raises:
        ValueError: if the channels are not divisible by the groups.
    """
    n, c, *rest = array(x).shape
    _divisible(c, groups, "The number of channels")
    return x.reshape(n, groups, c // groups, *rest).swapaxes(1, 2).reshape(x.shape)


def _factor(value, name: str, what: str) -> int:
    if not is_a(value, "int > 0"):
        raise ValueError(f"For '{what}', the '{name}' must be a positive int, but got {value!r}.")
    return value


@op("ops.pixel_shuffle(input, upscale_factor)", "mint.nn.functional.pixel_shuffle(input, upscale_factor)")
def pixel_shuffle(x, *, upscale_factor):
    """(..., C * r * r, H, W) to (..., C, H * r, W * r).

    Raises:
        ValueError: if the channels are not divisible by r * r.
    """
    x, r = array(x), _factor(upscale_factor, "upscale_factor", "pixel_shuffle")
    if x.ndim < 3 or x.shape[-3] % (r * r):
        raise ValueError(
            f"For 'pixel_shuffle', axis -3 of the input must be divisible by {r * r}, but got shape {x.shape}."
        )
    *front, c, h, w = x.shape
    split = x.reshape(math.prod(front), c // (r * r), r, r, h, w).transpose(0, 1, 4, 2, 5, 3)
    return split.reshape(*front, c // (r * r), h * r, w * r)


@op("ops.pixel_unshuffle(input, downscale_factor)")
def pixel_unshuffle(x, *, downscale_factor):
    """(..., C, H * r, W * r) to (..., C * r * r, H, W).

    Raises:
        ValueError: if height or width are not divisible by r.
    """
    x, r = array(x), _factor(downscale_factor, "downscale_factor", "pixel_unshuffle")
    if x.ndim < 3 or x.shape[-1] % r or x.shape[-2] % r:
        raise ValueError(
            f"For 'pixel_unshuffle', the last 2 axes of the input must be divisible by {r}, but got shape {x.shape}."
        )
    *front, c, h, w = x.shape
    split = x.reshape(math.prod(front), c, h // r, r, w // r, r).transpose(0, 1, 3, 5, 2, 4)
    return split.reshape(*front, c * r * r, h // r, w // r)
