"""Primitives that MindSpore uses inside of its own functions, `ops.operations._inner_ops`."""

from __future__ import annotations

__only_computes__ = True  # see core.effects

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.arrays.segments import sequence_mask
from msjax.ops.maths.rules import p_norm
from msjax.ops.table import op, serve


@op("ops.inner_ops.ClipByNorm(axis=None)(x, clip_norm)", kinds={"axis": "None or int or tuple"})
def clip_by_norm(x, clip_norm, *, axis=None):
    """x, made smaller where its 2-norm along the axes is larger than `clip_norm`.

    Args:
        x: a Tensor.
        axis: the axis or axes of the norm; None for all.
        clip_norm: the largest norm, a Tensor.

    Returns:
        A Tensor of the shape of x.
    """
    axes = tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    return x * clip_norm / jnp.maximum(p_norm(x, 2, axes, keepdims=True), clip_norm)


@op("ops.inner_ops.Centralization()(input_x, axes)", kinds={"axes": "int or tuple"})
def centralization(x, *, axes):
    """x less its mean along the axes.

    Args:
        input_x: a Tensor.
        axes: the axis or axes of the mean.

    Returns:
        A Tensor of the shape of x.
    """
    return x - x.mean(axes, keepdims=True)


@op("ops.inner_ops.DynamicBroadcastTo()(x, shape)", kinds={"shape": "tuple"})
def dynamic_broadcast_to(x, *, shape):
    """x, repeated along axes of length 1 and along new ones until it has the shape.

    Args:
        x: a Tensor.
        shape: the shape, a tuple or a Tensor.

    Returns:
        A Tensor of that shape.
    """
    return jnp.broadcast_to(x, shape)


@op("ops.inner_ops.DynamicBroadcastGradientArgs()(s0, s1)", kinds={"s0": "tuple", "s1": "tuple"})
def dynamic_broadcast_gradient_args(*, s0, s1) -> tuple[jax.Array, jax.Array]:
    """The axes to sum over, for the gradients of two arrays that were broadcast to one shape.

    Args:
        s0: the shape of the first.
        s1: the shape of the second.

    Returns:
        The axes of the first, and those of the second, as int64.
    """
    whole = np.broadcast_shapes(s0, s1)

    def axes(shape):
        padded = (0,) * (len(whole) - len(shape)) + tuple(shape)
        return jnp.asarray([a for a, n in enumerate(padded) if n != whole[a] or n == 0], np.int64)

    return axes(s0), axes(s1)


@op("ops.inner_ops.DynamicStitch()(indices, data)")
def dynamic_stitch(indices, data):
    """The rows of several arrays in one, each at its number; of rows with one number the last counts.

    Args:
        indices: for each array the numbers of its rows; Tensors of int32 in a list.
        data: the arrays, in a list.

    Returns:
        A Tensor with as many rows as there are numbers.
    """
    numbers = jnp.concatenate([i.ravel() for i in indices])
    rows = [d.reshape(-1, *d.shape[i.ndim :]) for i, d in zip(indices, data, strict=True)]
    whole = jnp.concatenate(rows)
    return jnp.zeros_like(whole).at[numbers].set(whole)


op("ops.inner_ops.SequenceMask()(lengths, maxlen: size)", jit=False)(sequence_mask)


@op("ops.inner_ops.ConvertToDynamic(is_dynamic_rank: _=False)(x)", "ops.inner_ops.GpuConvertToDynamicShape()(x)")
def convert_to_dynamic(x):
    """x itself: shapes are as known here as they were.

    Args:
        x: a Tensor.
        is_dynamic_rank: accepted for compatibility, without effect.

    Returns:
        A Tensor equal to x.
    """
    return x


__getattr__, __dir__ = serve(__name__)
