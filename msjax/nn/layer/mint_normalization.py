"""Normalizations of `mindspore.mint.nn`, which have torch's arguments."""

from __future__ import annotations

from typing import Any

from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.device.communication import GlobalComm, get_group_size
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.initializer import initializer
from msjax.nn.layer.parameters import affine_parameters
from msjax.nn.layer.rows import functional, offer
from msjax.ops.networks.normalization import apply_batch_norm


@documented
@takes(dtype="None or dtype")
class LayerNorm(Cell):
    """Layer normalization: (input - mean) / sqrt(variance + eps) * weight + bias, with the moments over the last axes.

    Args:
        normalized_shape: the shape of these axes, an int or a tuple.
        elementwise_affine: whether there are a trained weight and bias.
        bias: whether there is a bias, if there is a weight.
        dtype: the dtype of the Parameters; None for float32.

    Returns:
        A Tensor of the input's shape and dtype.

    Example:
        >>> mint.nn.LayerNorm(4)(ops.ones((2, 3, 4))).shape
        (2, 3, 4)
    """

    def __init__(self, normalized_shape, eps: Any = 1e-5, elementwise_affine=True, bias=True, dtype=None):
        super().__init__()
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        affine_parameters(self, self.normalized_shape, elementwise_affine, elementwise_affine and bias, dtype)

    def construct(self, input):
        return functional("layer_norm")(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extend_repr(self) -> str:
        return f"normalized_shape={self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


@documented
@takes(num_groups="int > 0", num_channels="int > 0", eps="float", affine="bool", dtype="None or dtype")
class GroupNorm(Cell):
    """Group normalization: (input - mean) / sqrt(variance + eps) * weight + bias, with the moments of groups of
    channels.

    Args:
        dtype: the dtype of the Parameters; None for float32.

    Inputs:
        input: a Tensor (N, C, ...).

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: if `num_channels` is not divisible by `num_groups`.

    Example:
        >>> mint.nn.GroupNorm(2, 4)(ops.ones((1, 4, 5, 5))).shape
        (1, 4, 5, 5)
    """

    def __init__(self, num_groups, num_channels, eps: Any = 1e-5, affine=True, dtype=None):
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(f"For 'GroupNorm', {num_groups} groups must divide {num_channels} channels.")
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        affine_parameters(self, (num_channels,), affine, affine, dtype)

    def construct(self, input):
        return functional("group_norm")(input, self.num_groups, self.weight, self.bias, self.eps)

    def extend_repr(self) -> str:
        return f"num_groups={self.num_groups}, num_channels={self.num_channels}, eps={self.eps}, affine={self.affine}"


@takes(num_features="int > 0", momentum="number [0, 1]", dtype="None or dtype")
class _BatchNorm(Cell):
    """For each channel (input - mean) / sqrt(variance + eps) * weight + bias. In training the moments are those of the
    batch, and the running moments move towards them by `momentum`; in evaluation they are the running ones.

    Args:
        momentum: how far the running moments move in each step, from 0 to 1.
        track_running_stats: whether there are running moments; without them the batch's are used always.
        dtype: the dtype of the Parameters; None for float32.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: in calls, for an input with another number of axes.
    """

    ranks: tuple[int, ...]

    def __init__(
        self, num_features: int, eps: Any = 1e-5, momentum: Any = 0.1, affine=True, track_running_stats=True, dtype=None
    ):
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.track_running_stats = track_running_stats
        affine_parameters(self, (num_features,), affine, affine, dtype)
        self.affine, self.running_mean, self.running_var, self.num_batches_tracked = affine, None, None, None
        if track_running_stats:
            size, dtype = (num_features,), dtype or mstype.float32
            self.running_mean = Parameter(initializer("zeros", size, dtype), "running_mean", False)
            self.running_var = Parameter(initializer("ones", size, dtype), "running_var", False)
            self.num_batches_tracked = Parameter(Tensor(0, mstype.int64), "num_batches_tracked", False)

    def construct(self, input):
        if input.ndim not in self.ranks:
            raise ValueError(
                f"For '{type(self).__name__}', the input must have {self.ranks} dims, but got {input.ndim}."
            )
        batch = self.training or not self.track_running_stats
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked.set_data(self.num_batches_tracked + 1)
        return self._normalized(input, batch)

    def _normalized(self, input, batch: bool):
        moments = (self.running_mean, self.running_var)
        return functional("batch_norm")(input, *moments, self.weight, self.bias, batch, self.momentum, self.eps)

    def extend_repr(self) -> str:
        return (
            f"num_features={self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


@documented
class BatchNorm1d(_BatchNorm):
    """Batch normalization of (N, C) or (N, C, L).

    Inputs:
        input: a Tensor (N, C) or (N, C, L).

    Example:
        >>> mint.nn.BatchNorm1d(3)(ops.ones((4, 3))).shape
        (4, 3)
    """

    ranks = (2, 3)


@documented
class BatchNorm2d(_BatchNorm):
    """Batch normalization of (N, C, H, W).

    Inputs:
        input: a Tensor (N, C, H, W).

    Example:
        >>> mint.nn.BatchNorm2d(3)(ops.ones((4, 3, 5, 5))).shape
        (4, 3, 5, 5)
    """

    ranks = (4,)


@documented
class BatchNorm3d(_BatchNorm):
    """Batch normalization of (N, C, D, H, W).

    Inputs:
        input: a Tensor (N, C, D, H, W).

    Example:
        >>> mint.nn.BatchNorm3d(3)(ops.ones((4, 3, 2, 5, 5))).shape
        (4, 3, 2, 5, 5)
    """

    ranks = (5,)


@documented
@takes(process_group="None or str")
class SyncBatchNorm(_BatchNorm):
    """Batch normalization of (N, C, ...); in training the moments are those of the batches of all processes.

    Their batches may be of different sizes.

    Args:
        process_group: the name of a group of processes that normalize together; all without it.

    Inputs:
        input: a Tensor (N, C, ...).

    Raises:
        RuntimeError: if there is no such group.

    Example:
        >>> mint.nn.SyncBatchNorm(3)(ops.ones((4, 3, 5, 5))).shape
        (4, 3, 5, 5)
    """

    ranks = (2, 3, 4, 5)

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = True,
                 track_running_stats: bool = True, process_group: str | None = None, dtype=None):  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype)
        self.process_group = process_group or GlobalComm.WORLD_COMM_GROUP
        self.world_size = get_group_size(self.process_group)

    def _normalized(self, input, batch: bool):
        if not self.training or self.world_size == 1:
            return super()._normalized(input, batch)
        arrays = input, self.running_mean, self.running_var, self.weight, self.bias
        return apply_batch_norm(*arrays, True, self.momentum, self.eps, group=self.process_group)[0]


offer("mint.nn", LayerNorm, GroupNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d, SyncBatchNorm)
