"""Moving elements between space, channels and batch: space_to_batch, depth_to_space, channel_shuffle."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.ops.arrays.shaping import ints
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


@op("ops.InvertPermutation()(input_x: permutation)", jit=False)
def invert_permutation(*, permutation) -> tuple[int, ...]:
    """The places of 0, 1, 2, ... in a permutation, as a tuple of ints.

    Raises:
        ValueError: if it is no permutation.
    """
    permutation = ints(permutation, "input_x")
    if sorted(permutation) != list(range(len(permutation))):
        raise ValueError(f"'input_x' must hold each of 0 to {len(permutation) - 1} once, but is {permutation}.")
    return tuple(int(i) for i in np.argsort(permutation))
