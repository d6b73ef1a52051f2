"""Layers with their normalization and activation."""

from __future__ import annotations

from typing import Any

from msjax.nn.cell import Cell
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


class Conv2dBnAct(_Combined):
    """`Conv2d`, `BatchNorm2d` if wanted, and an activation.

    Args:
        activation: a name, Cell or None; `alpha` is the slope of "leakyrelu".
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


class DenseBnAct(_Combined):
    """`Dense`, `BatchNorm1d` if wanted, and an activation, as `Conv2dBnAct`."""

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
