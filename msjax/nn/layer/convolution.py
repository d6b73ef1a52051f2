"""Convolution layers. Those of one axis keep their weight as (.., .., 1, kernel), as in MindSpore's checkpoints."""

from __future__ import annotations

from typing import Any

from msjax.core import dtype as mstype
from msjax.core.kinds import each_axis, takes
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.layer.parameters import weight_and_bias
from msjax.ops.call.operator import Operator
from msjax.ops.networks.convolution import convolve, resolve_padding
from msjax.ops.networks.transposed_convolution import transpose_convolve
from msjax.ops.table import lookup

_CONVOLVE, _TRANSPOSED = Operator(convolve), Operator(transpose_convolve)


def _kinds(n: int) -> dict[str, str]:
    """Of the arguments of a convolution over `n` axes."""
    window, pads = ("int > 0", "int") if n == 1 else (f"int > 0 or {n} int > 0", f"int or {2 * n} int")
    others = {"has_bias": "bool", "data_format": "'NCDHW'" if n == 3 else "'NCHW' or 'NHWC'"}
    count = dict.fromkeys(("in_channels", "out_channels", "group"), "int > 0")
    windows = dict.fromkeys(("kernel_size", "stride", "dilation"), window)
    return {**count, **windows, "pad_mode": "'same' or 'valid' or 'pad'", "padding": pads, **others}


class _Conv(Cell):
    """What all share: checks, Parameters and text. `n` is the number of spatial axes of the weight."""

    n: int
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
                "The argument 'group' should be divisible by 'in_channels' and 'out_channels', "
                f"but got group:{group}, in_channels:{in_channels}, out_channels:{out_channels}."
            )
        weight_and_bias(self, self._weight_shape(), out_channels, dtype)
        if self.bias is None:
            self.bias_init = None

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
        return _CONVOLVE.call((x, self.weight, self.bias), settings)

    def extend_repr(self) -> str:
        return (
            f"input_channels={self.in_channels}, output_channels={self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}, pad_mode={self.pad_mode}, padding={self.padding}, dilation={self.dilation}, "
            f"group={self.group}, has_bias={self.has_bias}, "
            f"weight_init={self.weight_init}, bias_init={self.bias_init}, "
            f"format={self.data_format}"
        )


class _Transposed(_Conv):
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
        return _TRANSPOSED.call((x, self.weight, self.bias), settings)

    def _set_output_padding(self, output_padding) -> None:
        name = type(self).__name__
        extra = each_axis(name, "output_padding", output_padding, self.n, ">= 0")
        if any(extra) and self.pad_mode != "pad":
            raise ValueError(
                f"For '{name}', the 'output_padding' must be zero when "
                f"'pad_mode' is not 'pad', but got {output_padding}."
            )
        self.output_padding = extra


@takes(**_kinds(2))
class Conv2d(_Conv):
    """Convolution of (N, C_in, H, W) to (N, C_out, H', W').

    Args:
        kernel_size, stride, dilation: an int, or one for each axis.
        pad_mode: "same", "valid" or "pad" (by `padding`: an int, or top, bottom, left, right).
        group: input and output channels are split into that many groups.
        weight_init, bias_init: initializers; by default uniform between plus and minus 1 / sqrt(fan in).
        data_format: "NCHW" or "NHWC".

    Raises:
        TypeError, ValueError: for arguments of other kinds, and channels that do not divide into groups.

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


@takes(**_kinds(3))
class Conv3d(_Conv):
    """Convolution of (N, C_in, D, H, W), with the arguments of `Conv2d`; `padding` may have 6 ints."""

    n = 3

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, pad_mode: Any = "same",
                 padding: Any = 0, dilation: Any = 1, group: Any = 1, has_bias=False, weight_init=None, bias_init=None,
                 data_format: Any = "NCDHW", dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._set(in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias,
                  weight_init, bias_init, data_format, dtype)  # fmt: skip


@takes(**_kinds(2))
class Conv2dTranspose(_Transposed):
    """Transposed convolution of (N, C_in, H, W), with the arguments of `Conv2d`.

    With "same" the output is `stride` times as large as the input; with "pad" it can be enlarged by `output_padding`.
    """

    n = 2

    def __init__(self, in_channels, out_channels, kernel_size, stride: Any = 1, pad_mode: Any = "same",
                 padding: Any = 0, output_padding: Any = 0, dilation: Any = 1, group: Any = 1, has_bias=False,
                 weight_init=None, bias_init=None, dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._set(in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias,
                  weight_init, bias_init, "NCHW", dtype)  # fmt: skip
        self._set_output_padding(output_padding)


@takes(**_kinds(3))
class Conv3dTranspose(_Transposed):
    """Transposed convolution of (N, C_in, D, H, W), with the arguments of `Conv2dTranspose`."""

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
    """A convolution of (N, C, L) as one of (N, C, 1, L)."""

    n = 2

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


class Conv1d(_OneAxis):
    """Convolution of (N, C_in, L), with the arguments of `Conv2d`; the weight is (C_out, C_in, 1, kernel).

    A Tensor as `weight_init` is (C_out, C_in, kernel)."""


class Conv1dTranspose(_OneAxis, _Transposed):
    """Transposed convolution of (N, C_in, L), with the arguments of `Conv1d`."""
