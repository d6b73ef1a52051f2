"""Layers with their normalization and activation."""

from __future__ import annotations

from typing import Any

from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.layer.activation import get_activation
from msjax.nn.layer.convolution import Conv2d
from msjax.nn.layer.dense import Dense
from msjax.nn.layer.normalization import BatchNorm1d, BatchNorm2d
from msjax.ops.table import lookup


class _Combined(Cell):
    def _finish_with(self, batchnorm: Any, activation, alpha: float) -> None:
        self.has_bn, self.has_act = batchnorm is not None, activation is not None
        if self.has_bn:
            self.batchnorm = batchnorm
        if self.has_act:
            self.activation = _activation(activation, alpha)

    def _finished(self, x):
        x = self.batchnorm(x) if self.has_bn else x
        return self.activation(x) if self.has_act else x


@documented
class Conv2dBnAct(_Combined):
    """`Conv2d`, then `BatchNorm2d` and an activation, if they are wanted.

    Args:
        has_bn: whether there is a BatchNorm2d.
        momentum: of the BatchNorm2d.
        eps: of the BatchNorm2d.
        alpha: the slope of the activation "leakyrelu".
        after_fake: accepted for compatibility.

    Inputs:
        x: a Tensor (N, in_channels, H, W).

    Returns:
        A Tensor (N, out_channels, H', W').

    Example:
        >>> nn.Conv2dBnAct(3, 8, 3, has_bn=True, activation="relu")(ops.ones((1, 3, 6, 6))).shape
        (1, 8, 6, 6)
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, pad_mode: Any = "same",
                 padding: Any = 0, dilation: Any = 1, group: Any = 1, has_bias=False, weight_init: Any = "normal",
                 bias_init: Any = "zeros", has_bn=False, momentum: Any = 0.997, eps: Any = 1e-5, activation=None,
                 alpha: Any = 0.2, after_fake=True):  # fmt: skip
        super().__init__()
        self.conv = Conv2d(in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group,
                           has_bias, weight_init, bias_init)  # fmt: skip
        self._finish_with(BatchNorm2d(out_channels, eps, momentum) if has_bn else None, activation, alpha)

    def construct(self, x):
        return self._finished(self.conv(x))


@documented
class DenseBnAct(_Combined):
    """`Dense`, then `BatchNorm1d` and an activation, if they are wanted.

    Args:
        has_bn: whether there is a BatchNorm1d.
        momentum: of the BatchNorm1d.
        eps: of the BatchNorm1d.
        alpha: the slope of the activation "leakyrelu".
        after_fake: accepted for compatibility.

    Inputs:
        x: a Tensor (N, in_channels).

    Returns:
        A Tensor (N, out_channels).

    Example:
        >>> nn.DenseBnAct(3, 8, has_bn=True, activation="relu")(ops.ones((2, 3))).shape
        (2, 8)
    """

    def __init__(self, in_channels, out_channels, weight_init: Any = "normal", bias_init: Any = "zeros", has_bias=True,
                 has_bn=False, momentum: Any = 0.9, eps: Any = 1e-5, activation=None, alpha: Any = 0.2,
                 after_fake=True):  # fmt: skip
        super().__init__()
        self.dense = Dense(in_channels, out_channels, weight_init, bias_init, has_bias)
        self._finish_with(BatchNorm1d(out_channels, eps, momentum) if has_bn else None, activation, alpha)

    def construct(self, x):
        return self._finished(self.dense(x))


def _activation(activation, alpha: float) -> Any:
    if activation == "leakyrelu":
        return lookup("nn", "LeakyReLU")(alpha=alpha)
    return get_activation(activation) if isinstance(activation, str) else activation
