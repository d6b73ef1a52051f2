"""Convolutions of `mindspore.mint.nn`, which have torch's arguments."""

from __future__ import annotations

import math
from typing import Any

from msjax.core import dtype as mstype
from msjax.core.kinds import each_axis, takes
from msjax.core.parameter import Parameter
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.initializer import HeUniform, initializer
from msjax.nn.layer.parameters import uniform_bias
from msjax.nn.layer.rows import functional, offer


class _Conv(Cell):
    """At each place, the sum of the products of a window of the input with `weight`, over all channels of a group, and
    `bias`. Both are initialized uniformly between plus and minus 1 / sqrt(fan in).

    Args:
        padding: how many elements are added at each border: an int, one for each axis, "same" or "valid".
        dtype: the dtype of the Parameters; None for float32.

    Raises:
        TypeError, ValueError: for arguments of other kinds, and channels that do not divide into groups.
    """

    n: int
    function: str

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
                 groups: Any = 1, bias=True, padding_mode: Any = "zeros", dtype=None):  # fmt: skip
        super().__init__()
        self._spread(stride=stride, padding=padding, dilation=dilation)
        self._make(in_channels, out_channels, kernel_size, groups, bias, padding_mode, dtype)

    def _spread(self, **windows) -> None:
        """Note the window's numbers, for each axis one or one for all.

        Raises:
            TypeError, ValueError: if they are something else.
        """
        for name, value in windows.items():
            if name != "padding" or value not in ("same", "valid"):
                each_axis(type(self).__name__, name, value, self.n, "" if "padding" in name else "> 0")
            setattr(self, name, value)

    @takes(in_channels="int > 0", out_channels="int > 0", groups="int > 0", bias="bool")
    def _make(self, in_channels, out_channels, kernel_size, groups, bias, padding_mode, dtype):
        name = type(self).__name__
        if padding_mode != "zeros":
            raise ValueError(
                f"For '{name}', 'padding_mode' must be 'zeros', but got {padding_mode!r}; pad the input first."
            )
        if in_channels % groups or out_channels % groups:
            raise ValueError(
                f"For '{name}', {groups} groups must divide the channels {in_channels} and {out_channels}."
            )
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.groups, dtype = (
            each_axis(name, "kernel_size", kernel_size, self.n, "> 0"),
            groups,
            dtype or mstype.float32,
        )
        size = (*self._channels(in_channels, out_channels), *self.kernel_size)
        self.weight = Parameter(initializer(HeUniform(math.sqrt(5)), size, dtype), name="weight")
        self.bias = uniform_bias(out_channels, math.prod(size[1:]), dtype) if bias else None

    def _channels(self, in_channels, out_channels):
        return out_channels, in_channels // self.groups

    def construct(self, input):
        settings = (self.stride, self.padding, self.dilation, self.groups)
        return functional(self.function)(input, self.weight, self.bias, *settings)

    def extend_repr(self) -> str:
        each = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
        shown = "".join(f", {k}={(v,) * self.n if isinstance(v, int) else v}" for k, v in each.items())
        return (
            f"input_channels={self.in_channels}, output_channels={self.out_channels}, kernel_size={self.kernel_size}"
            f"{shown}, groups={self.groups}, bias={self.bias is not None}"
        )


@documented
class Conv1d(_Conv):
    """The convolution of (N, C, L).

    Inputs:
        input: a Tensor (N, in_channels, L).

    Returns:
        A Tensor (N, out_channels, L').

    Example:
        >>> mint.nn.Conv1d(3, 8, 3)(ops.ones((1, 3, 16))).shape
        (1, 8, 14)
    """

    n, function = 1, "conv1d"


@documented
class Conv2d(_Conv):
    """The convolution of (N, C, H, W).

    Inputs:
        input: a Tensor (N, in_channels, H, W).

    Returns:
        A Tensor (N, out_channels, H', W').

    Example:
        >>> mint.nn.Conv2d(3, 8, 3)(ops.ones((1, 3, 6, 6))).shape
        (1, 8, 4, 4)
    """

    n, function = 2, "conv2d"


@documented
class Conv3d(_Conv):
    """The convolution of (N, C, D, H, W).

    Inputs:
        input: a Tensor (N, in_channels, D, H, W).

    Returns:
        A Tensor (N, out_channels, D', H', W').

    Example:
        >>> mint.nn.Conv3d(3, 8, 3)(ops.ones((1, 3, 4, 4, 4))).shape
        (1, 8, 2, 2, 2)
    """

    n, function = 3, "conv3d"


@documented
class ConvTranspose2d(_Conv):
    """The transposed convolution of (N, C, H, W), what the gradient of a convolution with respect to its input is.

    Each element of the input puts `weight` times itself into a window of the output, and `bias` is added.

    Args:
        padding: how much of the output is cut off at each border: an int, or one for each axis.

    Inputs:
        input: a Tensor (N, in_channels, H, W).
        output_size: the size of the output's last 2 axes; None for what `output_padding` gives.

    Returns:
        A Tensor (N, out_channels, H', W').

    Example:
        >>> mint.nn.ConvTranspose2d(3, 8, 2, stride=2)(ops.ones((1, 3, 4, 4))).shape
        (1, 8, 8, 8)
    """

    n, function = 2, "conv_transpose2d"

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, padding: Any = 0,
                 output_padding: Any = 0, groups: Any = 1, bias=True, dilation: Any = 1, padding_mode: Any = "zeros",
                 dtype=None):  # fmt: skip
        Cell.__init__(self)
        self._spread(stride=stride, padding=padding, output_padding=output_padding, dilation=dilation)
        self._make(in_channels, out_channels, kernel_size, groups, bias, padding_mode, dtype)

    def _channels(self, in_channels, out_channels):
        return in_channels, out_channels // self.groups

    def construct(self, input, output_size=None):
        extra = self.output_padding
        if output_size is not None:
            extra = self._extra_for(input.shape[-2:], tuple(output_size)[-2:])
        settings = (self.stride, self.padding, extra, self.groups, self.dilation)
        return functional(self.function)(input, self.weight, self.bias, *settings)

    def _extra_for(self, sizes, wanted):
        settings = (each_axis("ConvTranspose2d", "stride", v, 2) for v in (self.stride, self.padding, self.dilation))
        each = zip(sizes, wanted, self.kernel_size, *settings, strict=True)
        return tuple(out - ((i - 1) * s - 2 * p + d * (k - 1) + 1) for i, out, k, s, p, d in each)


offer("mint.nn", Conv1d, Conv2d, Conv3d, ConvTranspose2d)
