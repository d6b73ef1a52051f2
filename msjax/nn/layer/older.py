"""Layers that MindSpore keeps for older programs; `ops` has what they compute."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.layer.rows import layers

layers(
    {
        "nn.Roll(shift: shifts, axis)(input_x)": "ops.roll",
        "nn.ReduceLogSumExp(axis, keep_dims=False)(x)": "ops.logsumexp",
        "nn.LGamma()(x)": "ops.lgamma",
        "nn.DiGamma()(x)": "ops.digamma",
        "nn.IGamma()(a, x: other)": "ops.igamma",
        "nn.MatInverse()(a)": "ops.inverse",
        "nn.MatDet()(a)": "ops.det",
        "nn.Tril()(x, k: diagonal = 0)": "ops.tril",
        "nn.Triu()(x, k: diagonal = 0)": "ops.triu",
    }
)


def _axes(axis) -> tuple[int, ...] | None:
    return (axis,) if isinstance(axis, int) else tuple(axis or ()) or None


class ClipByNorm(Cell):
    """x, scaled down so that its norm, along `axis` or of all elements, is at most `clip_norm`.

    Example:
        >>> print(nn.ClipByNorm()(Tensor([3.0, 4.0]), Tensor(1.0)))
        [0.6 0.8]
    """

    def __init__(self, axis=None):
        super().__init__()
        self.axis = axis

    def construct(self, x, clip_norm):
        norm = ops.sqrt(ops.sum(x * x, _axes(self.axis), keepdim=True))
        return x * ops.cast(clip_norm, x.dtype) / ops.maximum(norm, ops.cast(clip_norm, x.dtype))


class Norm(Cell):
    """The Euclidean norm along `axis`, or of all elements."""

    def __init__(self, axis: Any = (), keep_dims=False):
        super().__init__()
        self.axis, self.keep_dims = axis, keep_dims

    def construct(self, x):
        return ops.sqrt(ops.sum(x * x, _axes(self.axis), self.keep_dims))

    def extend_repr(self) -> str:
        return f"axis={self.axis}, keep_dims={self.keep_dims}"


class OneHot(Cell):
    """`ops.one_hot`, with depth and values fixed."""

    def __init__(
        self, axis: Any = -1, depth: Any = 1, on_value: Any = 1.0, off_value: Any = 0.0, dtype: Any = mstype.float32
    ):
        super().__init__()
        self.axis, self.depth = axis, depth
        self.on_value, self.off_value = Tensor(on_value, dtype), Tensor(off_value, dtype)

    def construct(self, indices):
        return ops.one_hot(indices, self.depth, self.on_value, self.off_value, self.axis)


class Range(Cell):
    """The numbers from `start` (or 0) to `limit`, in steps of `delta`."""

    def __init__(self, start, limit=None, delta: Any = 1):
        super().__init__()
        self.start, self.limit, self.delta = (0, start, delta) if limit is None else (start, limit, delta)

    def construct(self):
        return ops.arange(self.start, self.limit, self.delta)


class MatMul(Cell):
    """`ops.matmul`, of transposed matrices if wanted."""

    def __init__(self, transpose_x1=False, transpose_x2=False):
        super().__init__()
        self.transpose_x1, self.transpose_x2 = transpose_x1, transpose_x2

    def construct(self, x1, x2):
        x1 = ops.swapaxes(x1, -1, -2) if self.transpose_x1 and x1.ndim > 1 else x1
        x2 = ops.swapaxes(x2, -1, -2) if self.transpose_x2 and x2.ndim > 1 else x2
        return ops.matmul(x1, x2)


class Moments(Cell):
    """Mean and variance along axes, all by default."""

    def __init__(self, axis=None, keep_dims=None):
        super().__init__()
        self.axis, self.keep_dims = axis, bool(keep_dims)

    def construct(self, x):
        axis = _axes(self.axis)
        centred = x - x.mean(axis, True)
        return x.mean(axis, self.keep_dims), ops.mean(centred * centred, axis, self.keep_dims)


class LBeta(Cell):
    """The logarithm of the beta function."""

    def construct(self, x, y):
        return ops.lgamma(x) + ops.lgamma(y) - ops.lgamma(x + y)


@takes(scale="number > 0")
class L1Regularizer(Cell):
    """`scale` times the sum of the sizes of the weights.

    Raises:
        TypeError, ValueError: if `scale` is no positive number.
    """

    def __init__(self, scale):
        super().__init__()
        self.scale = float(scale)

    def construct(self, weights):
        return self.scale * ops.abs(weights).sum()


class PSNR(Cell):
    """The peak ratio of signal to noise of two batches of images (N, C, H, W), in decibels."""

    def __init__(self, max_val: Any = 1.0):
        super().__init__()
        self.max_val = max_val

    def construct(self, img1, img2):
        error = ops.mean((img1 - img2) ** 2, (-3, -2, -1))
        return 10 * ops.log(self.max_val**2 / error) / ops.log(Tensor(10.0, error.dtype))


@takes(layer="Cell", time_axis="int", reshape_with_axis="None or int")
class TimeDistributed(Cell):
    """A layer for each index of the axis `time_axis`; the results are stacked along it.

    Args:
        reshape_with_axis: accepted; MindSpore computes the same faster by merging that axis with the time.
    """

    def __init__(self, layer, time_axis, reshape_with_axis=None):
        super().__init__()
        self.layer, self.time_axis, self.reshape_with_axis = layer, time_axis, reshape_with_axis

    def construct(self, inputs):
        return ops.stack([self.layer(x) for x in ops.unbind(inputs, self.time_axis)], self.time_axis)
