"""Normalization layers."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import check, takes
from msjax.core.parameter import Parameter
from msjax.device.communication import get_group_size, get_rank, group
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.initializer import initializer
from msjax.ops.networks.normalization import apply_batch_norm


def _parameter(init, shape, dtype, name: str, requires_grad: bool = True) -> Parameter:
    return Parameter(initializer(init, shape, dtype), name=name, requires_grad=requires_grad)


class _WithMoments(Cell):  # with moving moments, a scale and a shift for each channel
    ranks: tuple[int, ...]

    def _set(self, num_features, eps, momentum, affine, gamma_init, beta_init, mean_init, variance_init, dtype):
        self.num_features, self.momentum, self.eps, self.affine = num_features, momentum, eps, affine
        shape = (num_features,)
        self.moving_mean = _parameter(mean_init, shape, dtype, "mean", False)
        self.moving_variance = _parameter(variance_init, shape, dtype, "variance", False)
        self.gamma = _parameter(gamma_init, shape, dtype, "gamma", affine)
        self.beta = _parameter(beta_init, shape, dtype, "beta", affine)

    def _check(self, x) -> None:
        if x.ndim not in self.ranks:
            wanted = " or ".join(f"{r} dims" for r in self.ranks)
            raise ValueError(f"For '{type(self).__name__}', the input must have {wanted}, but got {x.ndim}.")

    def extend_repr(self) -> str:
        return (
            f"num_features={self.num_features}, eps={self.eps}, momentum={self.momentum}, gamma={self.gamma}, "
            f"beta={self.beta}, moving_mean={self.moving_mean}, moving_variance={self.moving_variance}"
        )


@takes(
    num_features="int > 0",
    eps="float (0, 1]",
    momentum="real [0, 1] or scalar [0, 1]",
    affine="bool",
    use_batch_statistics="None or bool",
    data_format="'NCHW' or 'NHWC'",
)
class _BatchNorm(_WithMoments):
    """For each channel (x - mean) / sqrt(variance + eps) * gamma + beta. In training the moments are those of the
    batch, and `moving_mean` and `moving_variance` become `momentum` times themselves plus 1 - momentum times the
    batch's; in evaluation they are the moving ones.

    Args:
        momentum: how much of the moving moments stays in each step.
        affine: whether scale and shift are trained.
        use_batch_statistics: None to follow `set_train`, else True or False for all calls.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: if `momentum` is not in [0, 1], and in calls for inputs with another number of axes or channels.
    """

    _group: str | None = None  # of processes that normalize together

    def __init__(self, num_features, eps: Any = 1e-5, momentum: Any = 0.9, affine=True, gamma_init: Any = "ones",
                 beta_init: Any = "zeros", moving_mean_init: Any = "zeros", moving_var_init: Any = "ones",
                 use_batch_statistics=None, data_format: Any = "NCHW", dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._set(num_features, eps, momentum, affine, gamma_init, beta_init, moving_mean_init, moving_var_init, dtype)
        self.use_batch_statistics, self.data_format = use_batch_statistics, data_format

    def construct(self, x):
        self._check(x)
        batch = self.training if self.use_batch_statistics is None else self.use_batch_statistics
        channel = -1 if self.data_format == "NHWC" else 1
        moments = self.moving_mean, self.moving_variance
        options = 1 - self.momentum, self.eps, channel, self._group
        return apply_batch_norm(x, *moments, self.gamma, self.beta, batch, *options)[0]


@documented
class BatchNorm1d(_BatchNorm):
    """Batch normalization of (N, C) or (N, C, L).

    Inputs:
        x: a Tensor (N, C) or (N, C, L).

    Example:
        >>> nn.BatchNorm1d(3)(ops.ones((4, 3))).shape
        (4, 3)
    """

    ranks = (2, 3)


@documented
class BatchNorm2d(_BatchNorm):
    """Batch normalization of (N, C, H, W).

    Inputs:
        x: a Tensor (N, C, H, W), or with channels last.

    Example:
        >>> nn.BatchNorm2d(3)(ops.ones((4, 3, 5, 5))).shape
        (4, 3, 5, 5)
    """

    ranks = (4,)


@documented
class BatchNorm3d(Cell):
    """Batch normalization of (N, C, D, H, W), by a `BatchNorm2d`, `bn2d`, which holds the Parameters; see there.

    Args:
        momentum: how much of the moving moments stays in each step.
        affine: whether scale and shift are trained.
        use_batch_statistics: None to follow `set_train`, else True or False for all calls.

    Inputs:
        input_x: a Tensor (N, C, D, H, W).

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: if `momentum` is not in [0, 1], and in calls for inputs with another number of axes or channels.

    Example:
        >>> nn.BatchNorm3d(3)(ops.ones((4, 3, 2, 5, 5))).shape
        (4, 3, 2, 5, 5)
    """

    def __init__(self, num_features, eps: Any = 1e-5, momentum: Any = 0.9, affine=True, gamma_init: Any = "ones",
                 beta_init: Any = "zeros", moving_mean_init: Any = "zeros", moving_var_init: Any = "ones",
                 use_batch_statistics=None, dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self.bn2d = BatchNorm2d(
            num_features,
            eps,
            momentum,
            affine,
            gamma_init,
            beta_init,
            moving_mean_init,
            moving_var_init,
            use_batch_statistics,
            "NCHW",
            dtype,
        )

    def construct(self, input_x):
        if input_x.ndim != 5:
            raise ValueError(f"For 'BatchNorm3d', the input must have 5 dims, but got {input_x.ndim}.")
        n, c, d, h, w = input_x.shape
        return self.bn2d(input_x.reshape(n, c, d * h, w)).reshape(n, c, d, h, w)


@documented
@takes(process_groups="None or list")
class SyncBatchNorm(_BatchNorm):
    """Batch normalization of (N, C) or (N, C, H, W); in training the moments are those of the batches of all processes.

    Their batches may be of different sizes.

    Args:
        process_groups: lists of the ranks that normalize together, each alone that is in none; all together without it.

    Inputs:
        x: a Tensor (N, C) or (N, C, H, W).

    Raises:
        TypeError: if `process_groups` is no list of lists.
        ValueError: if a rank in them is none, or is there twice.

    Example:
        >>> nn.SyncBatchNorm(3)(ops.ones((4, 3, 5, 5))).shape
        (4, 3, 5, 5)
    """

    ranks = (2, 4)

    def __init__(self, num_features, eps: Any = 1e-5, momentum: Any = 0.9, affine=True, gamma_init: Any = "ones",
                 beta_init: Any = "zeros", moving_mean_init: Any = "zeros", moving_var_init: Any = "ones",
                 use_batch_statistics=None, process_groups=None, dtype: Any = mstype.float32):  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, gamma_init, beta_init, moving_mean_init, moving_var_init,
                         use_batch_statistics, "NCHW", dtype)  # fmt: skip
        self.process_groups, self._group = process_groups, _own_group(process_groups)


def _own_group(process_groups) -> str | None:
    """The name of the group of several processes that this one normalizes with."""
    if process_groups is None:
        return HCCL_WORLD_COMM_GROUP if get_group_size() > 1 else None
    for ranks in process_groups:
        check("SyncBatchNorm", "sub group", ranks, "list")
    every = [rank for ranks in process_groups for rank in ranks]
    if {*every} - {*range(get_group_size())} or len({*every}) < len(every):
        raise ValueError(
            f"For 'SyncBatchNorm', the 'process_groups' must be lists of different ranks from 0 to "
            f"{get_group_size() - 1}, but got {process_groups}."
        )
    own = next((ranks for ranks in process_groups if get_rank() in ranks and len(ranks) > 1), None)
    return None if own is None else group.make(f"SyncBatchNorm of {', '.join(map(str, own))}", own).name


@documented
@takes(epsilon="float")
class LayerNorm(Cell):
    """Layer normalization: (x - mean) / sqrt(variance + epsilon) * gamma + beta, with the moments over the last axes.

    Args:
        normalized_shape: a tuple or list: the shape of gamma and beta, that of the axes from `begin_params_axis` on.
        begin_norm_axis: the first of the axes that mean and variance are taken over.
        begin_params_axis: the first of the axes that gamma and beta have.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        TypeError, ValueError: if `normalized_shape` is no tuple or list, or empty.

    Example:
        >>> nn.LayerNorm((4,))(ops.ones((2, 3, 4))).shape
        (2, 3, 4)
    """

    def __init__(self, normalized_shape, begin_norm_axis: Any = -1, begin_params_axis: Any = -1,
                 gamma_init: Any = "ones", beta_init: Any = "zeros", epsilon: Any = 1e-7,
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        if not isinstance(normalized_shape, (tuple, list)):
            raise TypeError(
                "For 'LayerNorm', the 'normalized_shape' must be a tuple or list of ints, "
                f"but got {normalized_shape!r} of type {type(normalized_shape).__name__}."
            )
        if not normalized_shape:
            raise ValueError("For 'LayerNorm', the 'normalized_shape' must not be empty.")
        self.normalized_shape, self.epsilon = tuple(normalized_shape), epsilon
        self.begin_norm_axis, self.begin_params_axis = begin_norm_axis, begin_params_axis
        self.gamma = _parameter(gamma_init, self.normalized_shape, dtype, "gamma")
        self.beta = _parameter(beta_init, self.normalized_shape, dtype, "beta")
        self.layer_norm = ops.LayerNorm(begin_norm_axis, begin_params_axis, epsilon)

    def construct(self, input_x):
        return self.layer_norm(input_x, self.gamma, self.beta)[0]

    def extend_repr(self) -> str:
        return (
            f"normalized_shape={self.normalized_shape}, begin_norm_axis={self.begin_norm_axis}, "
            f"begin_params_axis={self.begin_params_axis}, gamma{self.gamma}, beta={self.beta}"
        )


@documented
@takes(num_groups="int > 0", num_channels="int > 0", eps="float", affine="bool")
class GroupNorm(Cell):
    """Group normalization: (x - mean) / sqrt(variance + eps) * gamma + beta, with the moments of groups of channels,
    and a scale and shift for each channel.

    Args:
        affine: whether scale and shift are trained.

    Inputs:
        x: a Tensor (N, C, ...).

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: if `num_channels` is not divisible by `num_groups`.

    Example:
        >>> nn.GroupNorm(2, 4)(ops.ones((1, 4, 5, 5))).shape
        (1, 4, 5, 5)
    """

    def __init__(self, num_groups, num_channels, eps: Any = 1e-5, affine=True, gamma_init: Any = "ones",
                 beta_init: Any = "zeros", dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(
                "For 'GroupNorm', the 'num_channels' must be divisible by 'num_groups', "
                f"but got {num_channels} and {num_groups}."
            )
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        self.gamma = _parameter(gamma_init, (num_channels,), dtype, "gamma", affine)
        self.beta = _parameter(beta_init, (num_channels,), dtype, "beta", affine)

    def construct(self, x):
        return ops.group_norm(x, self.num_groups, self.gamma, self.beta, self.eps)

    def extend_repr(self) -> str:
        return f"num_groups={self.num_groups}, num_channels={self.num_channels}"


@takes(num_features="int > 0", eps="float (0, 1]", momentum="float [0, 1]", affine="bool")
class _InstanceNorm(_WithMoments):
    """For each channel of each sample (x - mean) / sqrt(variance + eps) * gamma + beta, with its own moments.

    The moving moments are there for MindSpore's checkpoints and do not take part.

    Args:
        momentum: accepted for compatibility.
        affine: whether scale and shift are trained.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: in calls for inputs with another number of axes or channels.
    """

    def __init__(self, num_features, eps: Any = 1e-5, momentum: Any = 0.1, affine=True, gamma_init: Any = "ones",
                 beta_init: Any = "zeros", dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._set(num_features, eps, momentum, affine, gamma_init, beta_init, "zeros", "ones", dtype)

    def construct(self, x):
        self._check(x)
        return ops.instance_norm(x, self.gamma, self.beta, self.eps)


@documented
class InstanceNorm1d(_InstanceNorm):
    """Instance normalization of (N, C, L).

    Inputs:
        x: a Tensor (N, C, L).

    Example:
        >>> nn.InstanceNorm1d(3)(ops.ones((4, 3, 5))).shape
        (4, 3, 5)
    """

    ranks = (3,)


@documented
class InstanceNorm2d(_InstanceNorm):
    """Instance normalization of (N, C, H, W).

    Inputs:
        x: a Tensor (N, C, H, W).

    Example:
        >>> nn.InstanceNorm2d(3)(ops.ones((4, 3, 5, 5))).shape
        (4, 3, 5, 5)
    """

    ranks = (4,)


@documented
class InstanceNorm3d(_InstanceNorm):
    """Instance normalization of (N, C, D, H, W).

    Inputs:
        x: a Tensor (N, C, D, H, W).

    Example:
        >>> nn.InstanceNorm3d(3)(ops.ones((4, 3, 2, 5, 5))).shape
        (4, 3, 2, 5, 5)
    """

    ranks = (5,)
