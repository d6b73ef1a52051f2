"""Layers that MindSpore keeps for older programs; `ops` has what they compute."""

from __future__ import annotations

__stateless__ = True  # see core.effects: a function may make these layers anew on each call

from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
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


@documented
class ClipByNorm(Cell):
    """x, scaled down so that its norm, along `axis` or of all elements, is at most `clip_norm`.

    Args:
        axis: an int or a tuple of ints; None for all axes.

    Inputs:
        x: a Tensor of floats.
        clip_norm: the largest norm, a Tensor.

    Returns:
        A Tensor of the input's shape and dtype.

    Example:
        >>> nn.ClipByNorm()(Tensor([3.0, 4.0]), Tensor(5.0)).asnumpy().tolist()
        [3.0, 4.0]
    """

    def __init__(self, axis=None):
        super().__init__()
        self.axis = axis

    def construct(self, x, clip_norm):
        norm = ops.sqrt(ops.sum(x * x, _axes(self.axis), keepdim=True))
        return x * ops.cast(clip_norm, x.dtype) / ops.maximum(norm, ops.cast(clip_norm, x.dtype))


@documented
class Norm(Cell):
    """The Euclidean norm, the root of the sum of squares, along `axis` or of all elements.

    Args:
        axis: an int or a tuple of ints; () for all axes.
        keep_dims: whether these axes stay, with size 1.

    Returns:
        A Tensor of the input's dtype.

    Example:
        >>> nn.Norm()(Tensor([3.0, 4.0])).item()
        5.0
    """

    def __init__(self, axis: Any = (), keep_dims=False):
        super().__init__()
        self.axis, self.keep_dims = axis, keep_dims

    def construct(self, x):
        return ops.sqrt(ops.sum(x * x, _axes(self.axis), self.keep_dims))

    def extend_repr(self) -> str:
        return f"axis={self.axis}, keep_dims={self.keep_dims}"


@documented
class OneHot(Cell):
    """`on_value` at the place that each index names along a new axis, `off_value` at the others.

    Args:
        axis: where the new axis stands.
        depth: its size.
        on_value: what stands at the index.
        off_value: what stands elsewhere.
        dtype: the dtype of the result.

    Returns:
        A Tensor with one axis more than the indices.

    Example:
        >>> nn.OneHot(depth=3)(Tensor([2, 0])).asnumpy().tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """

    def __init__(
        self, axis: Any = -1, depth: Any = 1, on_value: Any = 1.0, off_value: Any = 0.0, dtype: Any = mstype.float32
    ):
        super().__init__()
        self.axis, self.depth = axis, depth
        self.on_value, self.off_value = Tensor(on_value, dtype), Tensor(off_value, dtype)

    def construct(self, indices):
        return ops.one_hot(indices, self.depth, self.on_value, self.off_value, self.axis)


@documented
class Range(Cell):
    """The numbers from `start` up to `limit`, without it, in steps of `delta`.

    Args:
        start: the first number; without `limit` it is the limit, and 0 the first.
        limit: where the numbers end.
        delta: the step.

    Returns:
        A Tensor of one axis.

    Example:
        >>> nn.Range(1, 8, 2)().asnumpy().tolist()
        [1, 3, 5, 7]
    """

    def __init__(self, start, limit=None, delta: Any = 1):
        super().__init__()
        self.start, self.limit, self.delta = (0, start, delta) if limit is None else (start, limit, delta)

    def construct(self):
        numbers = ops.arange(self.start, self.limit, self.delta)
        return numbers.astype(mstype.int32) if numbers.dtype == mstype.int64 else numbers


@documented
class MatMul(Cell):
    """The product of matrices, or of batches of them.

    Args:
        transpose_x1: whether the last two axes of x1 are exchanged first.
        transpose_x2: whether the last two axes of x2 are exchanged first.

    Inputs:
        x1: a Tensor (..., m, n).
        x2: a Tensor (..., n, p).

    Returns:
        A Tensor (..., m, p).

    Example:
        >>> nn.MatMul(transpose_x2=True)(ops.ones((2, 3)), ops.ones((4, 3))).shape
        (2, 4)
    """

    def __init__(self, transpose_x1=False, transpose_x2=False):
        super().__init__()
        self.transpose_x1, self.transpose_x2 = transpose_x1, transpose_x2

    def construct(self, x1, x2):
        x1 = ops.swapaxes(x1, -1, -2) if self.transpose_x1 and x1.ndim > 1 else x1
        x2 = ops.swapaxes(x2, -1, -2) if self.transpose_x2 and x2.ndim > 1 else x2
        return ops.matmul(x1, x2)


@documented
@takes(axis="None or int or tuple")
class Moments(Cell):
    """Mean and variance along axes.

    Args:
        axis: an int or a tuple of ints; None for all axes.
        keep_dims: whether these axes stay, with size 1; None for no.

    Returns:
        A tuple of two Tensors, the mean and the variance.

    Example:
        >>> [moment.item() for moment in nn.Moments()(Tensor([1.0, 3.0]))]
        [2.0, 1.0]
    """

    def __init__(self, axis=None, keep_dims=None):
        super().__init__()
        self.axis, self.keep_dims = axis, bool(keep_dims)

    def construct(self, x):
        axis = _axes(self.axis)
        centred = x - x.mean(axis, True)
        return x.mean(axis, self.keep_dims), ops.mean(centred * centred, axis, self.keep_dims)


@documented
class LBeta(Cell):
    """The logarithm of the beta function: lgamma(x) + lgamma(y) - lgamma(x + y).

    Inputs:
        x, y: Tensors of floats whose shapes broadcast.

    Returns:
        A Tensor of their common shape.

    Example:
        >>> round(nn.LBeta()(Tensor(1.0), Tensor(1.0)).item(), 4)
        0.0
    """

    def construct(self, x, y):
        return ops.lgamma(x) + ops.lgamma(y) - ops.lgamma(x + y)


@documented
@takes(scale="number (0, inf)")
class L1Regularizer(Cell):
    """`scale` times the sum of the absolute values of the weights.

    Args:
        scale: a number above 0.

    Inputs:
        weights: a Tensor.

    Returns:
        A Tensor without axes.

    Raises:
        TypeError, ValueError: if `scale` is no number above 0.

    Example:
        >>> nn.L1Regularizer(0.5)(Tensor([1.0, -3.0])).item()
        2.0
    """

    def __init__(self, scale):
        super().__init__()
        self.scale = float(scale)

    def construct(self, weights):
        return self.scale * ops.abs(weights).sum()


@documented
class PSNR(Cell):
    """The peak ratio of signal to noise of two batches of images, in decibels: 10 * log10(max_val ** 2 / error), where
    error is the mean of squares.

    Args:
        max_val: the largest value that an image can have.

    Inputs:
        img1, img2: Tensors (N, C, H, W).

    Returns:
        A Tensor (N,).

    Example:
        >>> nn.PSNR(max_val=10.0)(ops.zeros((1, 1, 2, 2)), ops.ones((1, 1, 2, 2))).asnumpy().round(4).tolist()
        [20.0]
    """

    def __init__(self, max_val: Any = 1.0):
        super().__init__()
        self.max_val = max_val

    def construct(self, img1, img2):
        error = ops.mean((img1 - img2) ** 2, (-3, -2, -1))
        return 10 * ops.log(self.max_val**2 / error) / ops.log(Tensor(10.0, error.dtype))


@documented
@takes(layer="Cell", time_axis="int", reshape_with_axis="None or int")
class TimeDistributed(Cell):
    """A layer for each index of the axis `time_axis`; the results are stacked along it.

    Args:
        layer: a Cell of one input.
        time_axis: an int.
        reshape_with_axis: accepted; MindSpore computes the same faster by merging that axis with the time.

    Returns:
        A Tensor.

    Example:
        >>> nn.TimeDistributed(nn.Dense(3, 4), time_axis=1)(ops.ones((2, 5, 3))).shape
        (2, 5, 4)
    """

    def __init__(self, layer, time_axis, reshape_with_axis=None):
        super().__init__()
        self.layer, self.time_axis, self.reshape_with_axis = layer, time_axis, reshape_with_axis

    def construct(self, inputs):
        return ops.stack([self.layer(x) for x in ops.unbind(inputs, self.time_axis)], self.time_axis)
