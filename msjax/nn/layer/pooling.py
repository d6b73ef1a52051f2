"""Pooling layers."""

from __future__ import annotations

__stateless__ = True  # see core.effects: a function may make these layers anew on each call

from typing import Any

from msjax.core.kinds import check, each_axis, takes
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.layer.rows import layers
from msjax.ops.call.operator import Operator
from msjax.ops.networks.convolution import resolve_padding
from msjax.ops.networks.pooling import avg_pool, channels_first, max_pool

layers(
    {
        "nn.AdaptiveAvgPool1d(output_size)(input)": "ops.adaptive_avg_pool1d",
        "nn.AdaptiveAvgPool2d(output_size)(input)": "ops.adaptive_avg_pool2d",
        "nn.AdaptiveAvgPool3d(output_size)(input)": "ops.adaptive_avg_pool3d",
        "nn.AdaptiveMaxPool1d(output_size)(x)": "ops.adaptive_max_pool1d",
        "nn.AdaptiveMaxPool2d(output_size, return_indices=False)(input)": "ops.adaptive_max_pool2d",
        "nn.AdaptiveMaxPool3d(output_size, return_indices=False)(input)": "ops.adaptive_max_pool3d",
        "nn.FractionalMaxPool2d(kernel_size, output_size=None, output_ratio=None, return_indices=False, "
        "_random_samples: samples = None)(input)": "ops.fractional_max_pool2d",
        "nn.FractionalMaxPool3d(kernel_size, output_size=None, output_ratio=None, return_indices=False, "
        "_random_samples: samples = None)(input)": "ops.fractional_max_pool3d",
        "nn.LPPool1d(norm_type, kernel_size, stride=None, ceil_mode=False)(x)": "ops.lp_pool1d",
        "nn.LPPool2d(norm_type, kernel_size, stride=None, ceil_mode=False)(x)": "ops.lp_pool2d",
        "nn.MaxUnpool1d(kernel_size, stride=None, padding=0)(x, indices, output_size=None)": "ops.max_unpool1d",
        "nn.MaxUnpool2d(kernel_size, stride=None, padding=0)(x, indices, output_size=None)": "ops.max_unpool2d",
        "nn.MaxUnpool3d(kernel_size, stride=None, padding=0)(x, indices, output_size=None)": "ops.max_unpool3d",
    },
    kinds={
        "int > 0": "AdaptiveAvgPool1d.output_size AdaptiveMaxPool1d.output_size",
        "int >= 0 or 2 size >= 0": "AdaptiveAvgPool2d.output_size",
        "int >= 0 or tuple": "AdaptiveAvgPool3d.output_size",
    },
)


def _max(x, *, n, return_indices, data_format, window):
    return channels_first(lambda x: max_pool(x, n, return_indices=return_indices, **dict(window)), x, data_format)


def _avg(x, *, n, include, divisor, data_format, window):
    pool = lambda x: avg_pool(x, n, count_include_pad=include, divisor_override=divisor, **dict(window))  # noqa: E731
    return channels_first(pool, x, data_format)


_MAX, _AVG = Operator(_max), Operator(_avg)


def _kinds(n: int) -> dict[str, str]:
    """Of the arguments of a pool over `n` axes."""
    window = f"int > 0 or {n} int > 0"
    others = {"pad_mode": "str", "divisor_override": "None or int > 0", "data_format": "'NCHW' or 'NHWC'"}
    return {"kernel_size": window, "stride": window, **others}


class _Pool(Cell):
    n: int  # the number of axes that the window moves along
    count_include_pad = True

    def _set(
        self, kernel_size, stride, pad_mode, padding, dilation=1, ceil_mode=False, data_format="NCHW", **others
    ) -> None:
        name, n = type(self).__name__, self.n
        mode = pad_mode.upper()
        check(name, "pad_mode", mode, "'VALID' or 'SAME' or 'PAD'")
        resolve_padding(mode, padding, n, name)
        if mode == "PAD":
            each_axis(name, "dilation", dilation, n, "> 0")
            check(name, "ceil_mode", ceil_mode, "bool")
            check(name, "count_include_pad", self.count_include_pad, "bool")
        elif dilation not in (1, (1,) * n) or others.get("return_indices") or (ceil_mode and others):
            raise ValueError(
                f"For '{name}', 'padding', 'dilation', 'return_indices' and 'ceil_mode' must have their defaults where "
                f"'pad_mode' is not 'pad', but got {pad_mode!r}."
            )
        self.kernel_size, self.stride, self.pad_mode, self.padding = kernel_size, stride, mode, padding
        self.dilation, self.ceil_mode, self.data_format = dilation, ceil_mode, data_format
        window = {"kernel": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
        self._window = (*window.items(), ("pad_mode", mode), ("ceil_mode", ceil_mode and mode == "PAD"), ("what", name))

    def extend_repr(self) -> str:
        kernel, stride = self.kernel_size, self.stride
        if self.n == 1:  # shown as the window over (1, L) that MindSpore makes of it
            kernel, stride = ((1, value[0] if isinstance(value, tuple) else value) for value in (kernel, stride))
        return f"kernel_size={kernel}, stride={stride}, pad_mode={self.pad_mode}"


class _MaxPool(_Pool):
    """Where the input is padded, the padding counts as minus infinity.

    Args:
        padding: with `pad_mode` "pad", how many elements are added: an int, or one for each axis.

    Returns:
        A Tensor of as many axes; with `return_indices` also one of where in its plane each element was.

    Raises:
        ValueError: for arguments that do not fit each other.
    """

    return_indices: bool

    def __init__(self, kernel_size: Any = 1, stride: Any = 1, pad_mode: Any = "valid", padding: Any = 0,
                 dilation: Any = 1, return_indices=False, ceil_mode=False):  # fmt: skip
        super().__init__()
        self.return_indices = return_indices
        self._set(kernel_size, stride, pad_mode, padding, dilation, ceil_mode, return_indices=return_indices)

    def construct(self, x):
        return _MAX.call((x,), (self.n, self.return_indices, self.data_format, self._window))


@documented
@takes(**_kinds(1))
class MaxPool1d(_MaxPool):
    """The largest element of each window of (N, C, L) or (C, L).

    Inputs:
        x: a Tensor (N, C, L) or (C, L).

    Example:
        >>> nn.MaxPool1d(kernel_size=2, stride=2)(ops.ones((1, 2, 8))).shape
        (1, 2, 4)
    """

    n = 1


@documented
@takes(**_kinds(2))
class MaxPool2d(_MaxPool):
    """The largest element of each window of (N, C, H, W) or (C, H, W).

    Inputs:
        x: a Tensor (N, C, H, W) or (C, H, W), or with channels last.

    Example:
        >>> nn.MaxPool2d(kernel_size=2, stride=2)(ops.ones((1, 2, 8, 8))).shape
        (1, 2, 4, 4)
    """

    n = 2

    def __init__(self, kernel_size: Any = 1, stride: Any = 1, pad_mode: Any = "valid", padding: Any = 0,
                 dilation: Any = 1, return_indices=False, ceil_mode=False, data_format: Any = "NCHW"):  # fmt: skip
        Cell.__init__(self)
        self.return_indices = return_indices
        self._set(
            kernel_size, stride, pad_mode, padding, dilation, ceil_mode, data_format, return_indices=return_indices
        )


@documented
@takes(**_kinds(3))
class MaxPool3d(_MaxPool):
    """The largest element of each window of (N, C, D, H, W) or (C, D, H, W).

    Inputs:
        x: a Tensor (N, C, D, H, W) or (C, D, H, W).

    Example:
        >>> nn.MaxPool3d(kernel_size=2, stride=2)(ops.ones((1, 2, 8, 8, 8))).shape
        (1, 2, 4, 4, 4)
    """

    n = 3


class _AvgPool(_Pool):
    """Where the input is padded, the padding counts as zeros if `count_include_pad`, else not at all.

    Args:
        padding: with `pad_mode` "pad", how many elements are added: an int, or one for each axis.

    Returns:
        A Tensor of as many axes.

    Raises:
        ValueError: for arguments that do not fit each other.
    """

    divisor_override: int | None = None

    def construct(self, x):
        include = self.count_include_pad and (self.n == 3 or self.pad_mode == "PAD")
        return _AVG.call((x,), (self.n, include, self.divisor_override, self.data_format, self._window))


@documented
@takes(**_kinds(1))
class AvgPool1d(_AvgPool):
    """The mean of each window of (N, C, L) or (C, L).

    Inputs:
        x: a Tensor (N, C, L) or (C, L).

    Example:
        >>> nn.AvgPool1d(kernel_size=2, stride=2)(ops.ones((1, 2, 8))).shape
        (1, 2, 4)
    """

    n = 1

    def __init__(self, kernel_size: Any = 1, stride: Any = 1, pad_mode: Any = "valid", padding: Any = 0,
                 ceil_mode=False, count_include_pad=True):  # fmt: skip
        super().__init__()
        self.count_include_pad = count_include_pad
        self._set(kernel_size, stride, pad_mode, padding, 1, ceil_mode)


@documented
@takes(**_kinds(2))
class AvgPool2d(_AvgPool):
    """The mean of each window of (N, C, H, W) or (C, H, W).

    Inputs:
        x: a Tensor (N, C, H, W) or (C, H, W), or with channels last.

    Example:
        >>> nn.AvgPool2d(kernel_size=2, stride=2)(ops.ones((1, 2, 8, 8))).shape
        (1, 2, 4, 4)
    """

    n = 2

    def __init__(self, kernel_size: Any = 1, stride: Any = 1, pad_mode: Any = "valid", padding: Any = 0,
                 ceil_mode=False, count_include_pad=True, divisor_override=None,
                 data_format: Any = "NCHW"):  # fmt: skip
        super().__init__()
        self.count_include_pad, self.divisor_override = count_include_pad, divisor_override
        self._set(kernel_size, stride, pad_mode, padding, 1, ceil_mode, data_format)


@documented
@takes(**_kinds(3), ceil_mode="bool", count_include_pad="bool")
class AvgPool3d(_AvgPool):
    """The mean of each window of (N, C, D, H, W) or (C, D, H, W).

    Inputs:
        x: a Tensor (N, C, D, H, W) or (C, D, H, W).

    Example:
        >>> nn.AvgPool3d(kernel_size=2, stride=2)(ops.ones((1, 2, 8, 8, 8))).shape
        (1, 2, 4, 4, 4)
    """

    n = 3

    def __init__(self, kernel_size: Any = 1, stride: Any = 1, pad_mode: Any = "valid", padding: Any = 0,
                 ceil_mode=False, count_include_pad=True, divisor_override=None):  # fmt: skip
        super().__init__()
        self.count_include_pad, self.divisor_override = count_include_pad, divisor_override
        self._set(kernel_size, stride, pad_mode, padding, 1, ceil_mode)
