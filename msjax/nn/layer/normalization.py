"""Normalization layers."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.nn.cell import Cell
from msjax.nn.initializer import initializer
from msjax.ops.networks.normalization import apply_batch_norm


def _parameter(init, shape, dtype, name: str, requires_grad: bool = True) -> Parameter:
    return Parameter(initializer(init, shape, dtype), name=name, requires_grad=requires_grad)


class _WithMoments(Cell):
    """A layer with moving moments, a scale and a shift for each channel."""

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
    momentum="real [0, 1] or scalar [0, 1]",
    affine="bool",
    use_batch_statistics="None or bool",
    data_format="'NCHW' or 'NHWC'",
)
class _BatchNorm(_WithMoments):
    """Standardize each channel, then scale by `gamma` and shift by `beta`.

    In training by the batch's moments, and `moving_mean` and `moving_variance` become `momentum` times themselves plus
    1 - momentum times the batch's; in evaluation by the moving moments.

    Args:
        num_features: number of channels.
        momentum: how much of the moving moments stays in each step.
        affine: whether gamma and beta are trained.
        use_batch_statistics: None to follow `set_train`, else True or False for all calls.

    Raises:
        ValueError: if momentum is not in [0, 1], and in calls for inputs with another number of axes or channels.
    """

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
        return apply_batch_norm(x, *moments, self.gamma, self.beta, batch, 1 - self.momentum, self.eps, channel)[0]


class BatchNorm1d(_BatchNorm):
    __doc__ = f"Of (N, C) or (N, C, L). {_BatchNorm.__doc__}"
    ranks = (2, 3)


class BatchNorm2d(_BatchNorm):
    __doc__ = f"Of (N, C, H, W). {_BatchNorm.__doc__}"
    ranks = (4,)


class BatchNorm3d(Cell):
    """Of (N, C, D, H, W), by a BatchNorm2d, `bn2d`, which holds the Parameters; see there."""

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


@takes(process_groups="None or list")
class SyncBatchNorm(_BatchNorm):
    __doc__ = f"{_BatchNorm.__doc__}\n\n    Across devices the moments are those of the whole batch."
    ranks = (2, 4)

    def __init__(self, num_features, eps: Any = 1e-5, momentum: Any = 0.9, affine=True, gamma_init: Any = "ones",
                 beta_init: Any = "zeros", moving_mean_init: Any = "zeros", moving_var_init: Any = "ones",
                 use_batch_statistics=None, process_groups=None, dtype: Any = mstype.float32):  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, gamma_init, beta_init, moving_mean_init, moving_var_init,
                         use_batch_statistics, "NCHW", dtype)  # fmt: skip
        self.process_groups = process_groups


class LayerNorm(Cell):
    """Standardize over the axes from `begin_norm_axis` on, then scale by `gamma` and shift by `beta`.

    Args:
        normalized_shape: tuple or list, the shape of gamma and beta: of the axes from `begin_params_axis` on.

    Raises:
        TypeError: if normalized_shape is no tuple or list.
    """

    def __init__(self, normalized_shape, begin_norm_axis: Any = -1, begin_params_axis: Any = -1,
                 gamma_init: Any = "ones", beta_init: Any = "zeros", epsilon: Any = 1e-7,
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        if not isinstance(normalized_shape, (tuple, list)):
            raise TypeError(
                "For 'LayerNorm', the type of 'normalized_shape' must be tuple[int] or list[int], "
                f"but got {normalized_shape} and the type is {type(normalized_shape)}."
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


@takes(num_groups="int > 0", num_channels="int > 0", eps="float", affine="bool")
class GroupNorm(Cell):
    """Standardize groups of channels, then scale and shift each channel.

    Raises:
        ValueError: if num_channels is not divisible by num_groups.
    """

    def __init__(self, num_groups, num_channels, eps: Any = 1e-5, affine=True, gamma_init: Any = "ones",
                 beta_init: Any = "zeros", dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(
                "For 'GroupNorm', the 'num_channels' must be divided by 'num_groups', "
                f"but got 'num_channels': {num_channels}, 'num_groups': {num_groups}."
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
    """Standardize each channel of each sample, then scale by `gamma` and shift by `beta`.

    The moving moments are kept for MindSpore's checkpoints and do not take part.

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


class InstanceNorm1d(_InstanceNorm):
    __doc__ = f"Of (N, C, L). {_InstanceNorm.__doc__}"
    ranks = (3,)


class InstanceNorm2d(_InstanceNorm):
    __doc__ = f"Of (N, C, H, W). {_InstanceNorm.__doc__}"
    ranks = (4,)


class InstanceNorm3d(_InstanceNorm):
    __doc__ = f"Of (N, C, D, H, W). {_InstanceNorm.__doc__}"
    ranks = (5,)
