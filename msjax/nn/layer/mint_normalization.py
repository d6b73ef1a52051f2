"""Normalizations of `mindspore.mint.nn`, which have torch's arguments."""

from __future__ import annotations

from typing import Any

from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.initializer import initializer
from msjax.nn.layer.parameters import affine_parameters
from msjax.nn.layer.rows import functional, offer


@takes(dtype="None or dtype")
class LayerNorm(Cell):
    """The layer of `mint.nn.functional.layer_norm`."""

    def __init__(self, normalized_shape, eps: Any = 1e-5, elementwise_affine=True, bias=True, dtype=None):
        super().__init__()
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        affine_parameters(self, self.normalized_shape, elementwise_affine, elementwise_affine and bias, dtype)

    def construct(self, input):
        return functional("layer_norm")(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extend_repr(self) -> str:
        return f"normalized_shape={self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


@takes(num_groups="int > 0", eps="float", affine="bool", dtype="None or dtype")
class GroupNorm(Cell):
    """The layer of `mint.nn.functional.group_norm`."""

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
    """The layer of `mint.nn.functional.batch_norm`: in training, the running moments move towards the batch's by
    `momentum`. Without `track_running_stats` the batch's moments are used always."""

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
        moments = (self.running_mean, self.running_var)
        return functional("batch_norm")(input, *moments, self.weight, self.bias, batch, self.momentum, self.eps)

    def extend_repr(self) -> str:
        return (
            f"num_features={self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    __doc__ = f"Of (N, C) or (N, C, L). {_BatchNorm.__doc__}"
    ranks = (2, 3)


class BatchNorm2d(_BatchNorm):
    __doc__ = f"Of (N, C, H, W). {_BatchNorm.__doc__}"
    ranks = (4,)


class BatchNorm3d(_BatchNorm):
    __doc__ = f"Of (N, C, D, H, W). {_BatchNorm.__doc__}"
    ranks = (5,)


@takes(process_group="None or str")
class SyncBatchNorm(_BatchNorm):
    __doc__ = f"{_BatchNorm.__doc__} Across devices the moments are those of the whole batch."
    ranks = (2, 3, 4, 5)

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = True,
                 track_running_stats: bool = True, process_group: str | None = None, dtype=None):  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype)
        self.process_group = process_group


offer("mint.nn", LayerNorm, GroupNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d, SyncBatchNorm)
