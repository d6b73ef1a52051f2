"""Layers with their normalization and activation."""

from __future__ import annotations

from typing import Any

from msjax.nn.cell import Cell
from msjax.nn.layer.activation import LeakyReLU, get_activation
from msjax.nn.layer.convolution import Conv2d
from msjax.nn.layer.dense import Dense
from msjax.nn.layer.normalization import BatchNorm1d, BatchNorm2d


class Conv2dBnAct(Cell):
    """`Conv2d`, `BatchNorm2d` if wanted, and an activation.

    Args:
        activation: a name, Cell or None; `alpha` is the slope of "leakyrelu".
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1,
                 group=1, has_bias=False, weight_init="normal", bias_init="zeros", has_bn=False, momentum=0.997,
                 eps=1e-5, activation=None, alpha=0.2, after_fake=True):  # fmt: skip
        super().__init__()
        self.conv = Conv2d(in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group,
                           has_bias, weight_init, bias_init)  # fmt: skip
        self.has_bn, self.has_act = has_bn, activation is not None
        if has_bn:
            self.batchnorm = BatchNorm2d(out_channels, eps, momentum)
        if self.has_act:
            self.activation = _activation(activation, alpha)

    def construct(self, x):
        x = self.conv(x)
        x = self.batchnorm(x) if self.has_bn else x
        return self.activation(x) if self.has_act else x


class DenseBnAct(Cell):
    """`Dense`, `BatchNorm1d` if wanted, and an activation, as `Conv2dBnAct`."""

    def __init__(self, in_channels, out_channels, weight_init="normal", bias_init="zeros", has_bias=True, has_bn=False,
                 momentum=0.9, eps=1e-5, activation=None, alpha=0.2, after_fake=True):  # fmt: skip
        super().__init__()
        self.dense = Dense(in_channels, out_channels, weight_init, bias_init, has_bias)
        self.has_bn, self.has_act = has_bn, activation is not None
        if has_bn:
            self.batchnorm = BatchNorm1d(out_channels, eps, momentum)
        if self.has_act:
            self.activation = _activation(activation, alpha)

    def construct(self, x):
        x = self.dense(x)
        x = self.batchnorm(x) if self.has_bn else x
        return self.activation(x) if self.has_act else x


def _activation(activation, alpha: float) -> Any:
    if activation == "leakyrelu":
        return LeakyReLU(alpha=alpha)
    return get_activation(activation) if isinstance(activation, str) else activation
