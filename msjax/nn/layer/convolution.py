"""Convolution layers. Those of one axis keep their weight as (.., .., 1, kernel), as in MindSpore's checkpoints."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core import narrow
from msjax.core.kinds import each_axis, takes
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.layer.parameters import weight_and_bias
from msjax.ops.call.operator import Operator
from msjax.ops.networks.convolution import convolve, resolve_padding
from msjax.ops.networks.transposed_convolution import transpose_convolve
from msjax.ops.table import lookup

_CONVOLVE, _TRANSPOSED = Operator(convolve), Operator(transpose_convolve)


def _biased(operator: Operator, x, weight, bias, settings: tuple, last: bool = False):
    """A convolution, and a bias; where mixed precision chooses by operator, only the former is narrow."""
    if bias is None or narrow.state.dtype is None:
        return operator.call((x, weight, bias), settings)
    product = operator.call((x, weight, None), settings)
    return product + bias if last else ops.bias_add(product, bias)


def _kinds(n: int) -> dict[str, str]:
    """Of the arguments of a convolution over `n` axes."""
    window, pads = ("int > 0", "int") if n == 1 else (f"int > 0 or {n} int > 0", f"int or {2 * n} int")
    others = {"has_bias": "bool", "data_format": "'NCDHW'" if n == 3 else "'NCHW' or 'NHWC'"}
    count = dict.fromkeys(("in_channels", "out_channels", "group"), "int > 0")
    windows = dict.fromkeys(("kernel_size", "stride", "dilation"), window)
    return {**count, **windows, "pad_mode": "'same' or 'valid' or 'pad'", "padding": pads, **others}


class _Conv(Cell):
    """At each place, the sum of the products of a window of the input with `weight`, over all channels of a group, and
    `bias`. Both are initialized uniformly between plus and minus 1 / sqrt(products in a sum) by default.

    Raises:
        TypeError, ValueError: for arguments of other kinds, and channels that do not divide into groups.
    """

    n: int  # the number of axes that the window moves along, of the weight
    transposed = False

    def _set(self, in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias,
             weight_init, bias_init, data_format, dtype):  # fmt: skip
        name, n = type(self).__name__, self.n
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size = each_axis(name, "kernel_size", kernel_size, n, "> 0")
        self.stride, self.dilation = (
            each_axis(name, "stride", stride, n, "> 0"),
            each_axis(name, "dilation", dilation, n, "> 0"),
        )
        self.pad_mode, self.padding, self.group = pad_mode, padding, group
        self.has_bias, self.data_format = has_bias, data_format
        self.weight_init, self.bias_init = weight_init, bias_init
        self._pads = resolve_padding(pad_mode, padding, n, "Conv2D" if n == 2 else "Conv3D")
        if isinstance(self._pads, list):
            self._pads = tuple(self._pads)
        if in_channels % group or out_channels % group:
            raise ValueError(
                f"For '{name}', 'in_channels' and 'out_channels' must be divisible by 'group', "
                f"but got {in_channels}, {out_channels} and {group}."
            )
        weight_and_bias(self, self._weight_shape(), out_channels, dtype)
        if self.bias is None:
            self.bias_init = None

    def _settings(self) -> tuple:
        """What the primitive of this convolution is made with."""
        return (
            self.out_channels, self.kernel_size, 1, self.pad_mode, self.padding, self.stride, self.dilation, self.group,
            self.data_format,
        )  # fmt: skip

    def _weight_shape(self) -> tuple[int, ...]:
        if self.transposed:
            return (self.in_channels, self.out_channels // self.group, *self.kernel_size)
        if self.data_format == "NHWC":
            return (self.out_channels, *self.kernel_size, self.in_channels // self.group)
        return (self.out_channels, self.in_channels // self.group, *self.kernel_size)

    def construct(self, x):
        settings = (
            self.n,
            self.stride,
            self._pads,
            self.dilation,
            self.group,
            self.data_format == "NHWC",
            f"Conv{self.n}D",
        )
        return _biased(_CONVOLVE, x, self.weight, self.bias, settings, self.data_format == "NHWC")

    def extend_repr(self) -> str:
        return (
            f"input_channels={self.in_channels}, output_channels={self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}, pad_mode={self.pad_mode}, padding={self.padding}, dilation={self.dilation}, "
            f"group={self.group}, has_bias={self.has_bias}, "
            f"weight_init={self.weight_init}, bias_init={self.bias_init}, "
            f"format={self.data_format}"
        )


class _Transposed(_Conv):
    """What the gradient of a convolution with respect to its input is: each element of the input puts `weight` times
    itself into a window of the output, and `bias` is added. Both are initialized uniformly between plus and minus
    1 / sqrt(fan in) by default.

    Args:
        stride: how far the window moves in the output: an int, or one for each axis.
        pad_mode: "same": the output is `stride` times as large as the input; "valid": nothing is cut off; "pad": as
            much as `padding` says is cut off; it must be 0 otherwise.
        output_padding: with `pad_mode` "pad", how many elements are added at one end of each axis.

    Raises:
        TypeError, ValueError: for arguments of other kinds, and channels that do not divide into groups.
    """

    transposed = True
    output_padding: int | tuple[int, ...] = 0

    def construct(self, x):
        pads = tuple(p for pair in self._pads for p in pair) if self.pad_mode == "pad" else 0
        settings = (
            self.n,
            self.stride,
            self.pad_mode,
            pads,
            self.output_padding,
            self.dilation,
            self.group,
            type(self).__name__,
        )
        return _biased(_TRANSPOSED, x, self.weight, self.bias, settings)

    def _set_output_padding(self, output_padding) -> None:
        name = type(self).__name__
        extra = each_axis(name, "output_padding", output_padding, self.n, ">= 0")
        if any(extra) and self.pad_mode != "pad":
            raise ValueError(
                f"For '{name}', the 'output_padding' must be zero when "
                f"'pad_mode' is not 'pad', but got {output_padding}."
            )
        self.output_padding = extra


@documented
@takes(**_kinds(2))
class Conv2d(_Conv):
    """The convolution of (N, C, H, W).

    Args:
        padding: with `pad_mode` "pad", how many elements are added: an int, or (top, bottom, left, right).

    Inputs:
        x: a Tensor (N, in_channels, H, W); with "NHWC" (N, H, W, in_channels).

    Returns:
        A Tensor (N, out_channels, H', W'), or (N, H', W', out_channels).

    Example:
        >>> nn.Conv2d(3, 8, 3)(ops.ones((1, 3, 16, 16))).shape
        (1, 8, 16, 16)
    """

    n = 2

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, pad_mode: Any = "same",
                 padding: Any = 0, dilation: Any = 1, group: Any = 1, has_bias=False, weight_init=None, bias_init=None,
                 data_format: Any = "NCHW", dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._set(in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias,
                  weight_init, bias_init, data_format, dtype)  # fmt: skip


@documented
@takes(**_kinds(3))
class Conv3d(_Conv):
    """The convolution of (N, C, D, H, W).

    Args:
        padding: with `pad_mode` "pad", how many elements are added: an int, or 6, two for each axis.
        data_format: "NCDHW", the order of the axes.

    Inputs:
        x: a Tensor (N, in_channels, D, H, W).

    Returns:
        A Tensor (N, out_channels, D', H', W').

    Example:
        >>> nn.Conv3d(3, 8, 3)(ops.ones((1, 3, 4, 4, 4))).shape
        (1, 8, 4, 4, 4)
    """

    n = 3

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, pad_mode: Any = "same",
                 padding: Any = 0, dilation: Any = 1, group: Any = 1, has_bias=False, weight_init=None, bias_init=None,
                 data_format: Any = "NCDHW", dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._set(in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias,
                  weight_init, bias_init, data_format, dtype)  # fmt: skip


@documented
@takes(**_kinds(2))
class Conv2dTranspose(_Transposed):
    """The transposed convolution of (N, C, H, W).

    Args:
        padding: with `pad_mode` "pad", how much of the output is cut off: an int, or (top, bottom, left, right).

    Inputs:
        x: a Tensor (N, in_channels, H, W).

    Returns:
        A Tensor (N, out_channels, H', W').

    Example:
        >>> nn.Conv2dTranspose(3, 8, 3, stride=2)(ops.ones((1, 3, 4, 4))).shape
        (1, 8, 8, 8)
    """

    n = 2

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, pad_mode: Any = "same",
                 padding: Any = 0, output_padding: Any = 0, dilation: Any = 1, group: Any = 1, has_bias=False,
                 weight_init=None, bias_init=None, dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._set(in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias,
                  weight_init, bias_init, "NCHW", dtype)  # fmt: skip
        self._set_output_padding(output_padding)


@documented
@takes(**_kinds(3))
class Conv3dTranspose(_Transposed):
    """The transposed convolution of (N, C, D, H, W).

    Args:
        padding: with `pad_mode` "pad", how much of the output is cut off: an int, or 6, two for each axis.
        data_format: "NCDHW", the order of the axes.

    Inputs:
        x: a Tensor (N, in_channels, D, H, W).

    Returns:
        A Tensor (N, out_channels, D', H', W').

    Example:
        >>> nn.Conv3dTranspose(3, 8, 3, stride=2)(ops.ones((1, 3, 2, 2, 2))).shape
        (1, 8, 4, 4, 4)
    """

    n = 3

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, pad_mode: Any = "same",
                 padding: Any = 0, dilation: Any = 1, group: Any = 1, output_padding: Any = 0, has_bias=False,
                 weight_init=None, bias_init=None, data_format: Any = "NCDHW",
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._set(in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias,
                  weight_init, bias_init, data_format, dtype)  # fmt: skip
        self._set_output_padding(output_padding)


@takes(**_kinds(1))
class _OneAxis(_Conv):
    n = 2  # as a convolution of (N, C, 1, L)

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, pad_mode: Any = "same",
                 padding: Any = 0, dilation: Any = 1, group: Any = 1, has_bias=False, weight_init=None, bias_init=None,
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        name = type(self).__name__
        pads = (0, 0, padding, padding)
        if isinstance(weight_init, Tensor):
            if weight_init.ndim != 3:
                raise ValueError(f"For '{name}', a 'weight_init' Tensor must have 3 dims, but got {weight_init.ndim}.")
            weight_init = lookup("ops", "expand_dims")(weight_init, 2)
        self._set(in_channels, out_channels, (1, kernel_size), (1, stride), pad_mode, pads, (1, dilation), group,
                  has_bias, weight_init, bias_init, "NCHW", dtype)  # fmt: skip

    def construct(self, x):
        if x.ndim != 3:
            raise ValueError(f"For '{type(self).__name__}', the input must have 3 dims, but got {x.ndim}.")
        expand, squeeze = lookup("ops", "expand_dims"), lookup("ops", "squeeze")
        return squeeze(super().construct(expand(x, 2)), 2)


@documented
class Conv1d(_OneAxis):
    """The convolution of (N, C, L).

    The weight is (out_channels, in_channels / group, 1, kernel_size).

    Args:
        kernel_size: the size of the window, an int.
        stride: how far the window moves, an int.
        dilation: the distance of the elements of a window, an int.
        padding: with `pad_mode` "pad", how many elements are added at each end.
        weight_init: how the weight is initialized; a Tensor is (out_channels, in_channels / group, kernel_size).

    Inputs:
        x: a Tensor (N, in_channels, L).

    Returns:
        A Tensor (N, out_channels, L').

    Example:
        >>> nn.Conv1d(3, 8, 3)(ops.ones((1, 3, 16))).shape
        (1, 8, 16)
    """


@documented
class Conv1dTranspose(_OneAxis, _Transposed):
    """The transposed convolution of (N, C, L).

    Args:
        kernel_size: the size of the window, an int.
        stride: how far the window moves in the output, an int.
        dilation: the distance of the elements of a window, an int.
        padding: with `pad_mode` "pad", how many elements of the output are cut off at each end.
        weight_init: how the weight is initialized; a Tensor is (in_channels, out_channels / group, kernel_size).

    Inputs:
        x: a Tensor (N, in_channels, L).

    Returns:
        A Tensor (N, out_channels, L').

    Example:
        >>> nn.Conv1dTranspose(3, 8, 3, stride=2)(ops.ones((1, 3, 16))).shape
        (1, 8, 32)
    """
