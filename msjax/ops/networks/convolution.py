"""Convolutions of 1, 2 and 3 spatial axes, transposed convolutions, bias_add and dense."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.core.kinds import is_a
from msjax.ops.call.checks import one_dtype
from msjax.ops.call.promotion import array
from msjax.ops.table import op

AXES = "DHW"
_NARROW = 32  # fewer columns than that


def per_axis(value, n: int, name: str) -> tuple[int, ...]:
    """An int, or one for each of `n` spatial axes (those of N and C, where given, are dropped).

    Raises:
        TypeError: if it is neither an int nor a tuple of them.
        ValueError: if it has another length.
    """
    if not is_a(value, "int or tuple or list"):
        raise TypeError(f"'{name}' must be an int or a tuple of {n} ints, but got {type(value).__name__}: {value!r}.")
    if isinstance(value, int):
        return (value,) * n
    if len(value) == n + 2:
        value = value[2:]
    if len(value) == 1:
        value = tuple(value) * n
    if len(value) != n:
        raise ValueError(f"'{name}' must be an int or a tuple or list of {n} integers, but got {value}.")
    return tuple(int(v) for v in value)


def pads_of(padding, n: int) -> list[tuple[int, int]]:
    """(before, after) for each axis, from an int, one int for each axis, or two for each."""
    if isinstance(padding, (tuple, list)) and len(padding) == 2 * n and n > 1:
        return [(int(padding[2 * i]), int(padding[2 * i + 1])) for i in range(n)]
    return [(p, p) for p in per_axis(padding, n, "padding")]


def resolve_padding(pad_mode: str, padding, n: int, what: str) -> Literal["VALID", "SAME"] | list[tuple[int, int]]:
    """The `padding` argument of JAX's window functions for MindSpore's pad_mode and padding.

    Raises:
        ValueError: for an unknown pad_mode, or a padding that its mode does not use.
    """
    mode = pad_mode.lower() if isinstance(pad_mode, str) else pad_mode
    if mode not in ("valid", "same", "pad"):
        raise ValueError(
            f"For '{what}', the 'pad_mode' must be str and must be in '['valid', 'same', 'pad']', but got {pad_mode!r}."
        )
    pads = pads_of(padding, n)
    if mode == "pad":
        if any(p < 0 for pair in pads for p in pair):
            raise ValueError(f"For '{what}', 'padding' must not be negative, but got {padding}.")
        return pads
    if any(p for pair in pads for p in pair):
        raise ValueError(
            f"For '{what}', the 'pad' must be zero when 'pad_mode' is not 'pad', "
            f"but got 'pad': {padding} and 'pad_mode': {pad_mode}."
        )
    return "SAME" if mode == "same" else "VALID"


def _positive(value, n: int, name: str, what: str) -> tuple[int, ...]:
    values = per_axis(value, n, name)
    if any(v <= 0 for v in values):
        raise ValueError(
            f"For '{what}' attr '{name}' must be a positive int or a tuple of positive int numbers, but got {value}."
        )
    return values


def _check_operands(x, weight, n: int, groups: int, what: str, channel_axis: int) -> None:
    for name, operand in (("x", x), ("weight", weight)):
        if operand.ndim != n + 2:
            raise ValueError(
                f"For primitive[{what}], the {name} shape size must be equal to {n + 2}, but got {operand.ndim}."
            )
    if x.shape[channel_axis] != weight.shape[channel_axis] * groups:
        raise RuntimeError(
            f"For '{what}', 'C_in' of input 'x' shape divide by parameter "
            "'group' must be equal to 'C_in' of input 'weight' "
            f"shape: {weight.shape[channel_axis]}, but got 'C_in' of input 'x' "
            f"shape: {x.shape[channel_axis]}, and 'group': {groups}."
        )


def convolve(
    x, weight, bias=None, *, n, stride=1, padding: Any = "VALID", dilation=1, groups=1, last=False, what="conv"
):
    """Correlate `x` with `weight` over `n` spatial axes; `last` says that channels are the last axis of both."""
    x, weight = array(x), array(weight, "weight")
    one_dtype(what, x, weight)
    _check_operands(x, weight, n, groups, what, -1 if last else 1)
    space = AXES[-n:]
    layout = (f"N{space}C", f"O{space}I", f"N{space}C") if last else (f"NC{space}", f"OI{space}", f"NC{space}")
    strides, dilations = _positive(stride, n, "stride", what), _positive(dilation, n, "dilation", what)
    if groups == 1 and not last and _better_as_product(x, weight):
        result = _convolve_by_product(x, weight, strides, padding, dilations)
    else:
        result = lax.conv_general_dilated(
            x, weight, strides, padding,
            rhs_dilation=dilations, dimension_numbers=layout, feature_group_count=groups,
        )  # fmt: skip
    return result if bias is None else add_bias(result, bias, last=last)


def _better_as_product(x, weight) -> bool:
    """Whether a convolution is faster as a product of matrices.

    XLA's convolutions on a CPU make poor use of few channels and of kernels of one element: the product takes a third
    to three quarters of their time, forward and backward. With more channels, laying out the patches costs what the
    product gains, and keeping them for the gradient costs memory. On other devices their libraries choose themselves.
    """
    kernel, channels = weight.shape[2:], weight.shape[1]
    if jax.default_backend() != "cpu" or x.dtype not in (np.float32, np.float64):
        return False
    patches = prod(weight.shape[1:]) * x.size // max(channels, 1) * x.dtype.itemsize
    if not isinstance(patches, int):  # `x` has an axis of any length
        return prod(kernel) == 1
    return prod(kernel) == 1 or (channels <= 16 and prod(kernel) <= 49 and patches <= 4 * 2**20)


def _convolve_by_product(x, weight, strides, padding, dilations):
    """The kernel's elements times, for each of them, the part of `x` that it slides over."""
    kernel = weight.shape[2:]
    extents = [d * (k - 1) + 1 for d, k in zip(dilations, kernel, strict=True)]
    if isinstance(padding, str):
        padding = lax.padtype_to_pads(x.shape[2:], extents, strides, padding)
    x = jnp.pad(jnp.swapaxes(x, 0, 1), [(0, 0), (0, 0), *padding])
    ends = [max(size - extent + 1, 0) for size, extent in zip(x.shape[2:], extents, strict=True)]

    def seen_by(place):
        steps = zip(place, dilations, ends, strides, strict=True)
        return x[:, :, *(slice(i * d, i * d + end, stride) for i, d, end, stride in steps)]

    patches = jnp.stack([seen_by(place) for place in product(*map(range, kernel))], 1)
    rows = prod(weight.shape[1:])
    result = jnp.tensordot(turned(weight.reshape(-1, rows)), patches.reshape(rows, prod(patches.shape[2:])), (0, 0))
    return jnp.swapaxes(result.reshape(weight.shape[0], *patches.shape[2:]), 0, 1)


def turned(matrix):
    """The transposed matrix, of which XLA does not know that it is one.

    Folded into a product, it would turn the product of its gradient, and XLA's CPU products take up to ten times longer
    where the sum is long and the last dimension of the outcome is small.
    """
    return lax.optimization_barrier(matrix.T)


def add_bias(x, bias, *, last=False):
    """Add one number to each channel."""
    bias = array(bias, "bias")
    one_dtype("BiasAdd", x, bias)
    channel = -1 if last else 1
    if bias.shape != (x.shape[channel],):
        raise ValueError(
            "For 'BiasAdd', bias[0] shape should be equal to input_x[1] shape, but "
            f"got bias shape: {bias.shape}, input_shape: {x.shape}."
        )
    return x + (bias if last else bias.reshape(-1, *(1,) * (x.ndim - 2)))


@op("ops.bias_add(input_x, bias)", "ops.BiasAdd(data_format='NCHW')(input_x, bias)")
def bias_add(x, bias, *, data_format="NCHW"):
    """Add one number to each channel."""
    return add_bias(array(x), bias, last=data_format == "NHWC")


@op(
    "ops.dense(input, weight, bias=None)",
    "ops.Dense()(input, weight, bias=None)",
    "mint.nn.functional.linear(input, weight, bias=None)",
)
def dense(x, weight, bias=None):
    """x @ weight.T + bias.

    Args:
        x: (..., in).
        weight: (out, in), or (in,).

    Raises:
        TypeError: if the dtypes differ.
        ValueError: if the numbers of inputs differ.
    """
    x, weight, bias = array(x), array(weight, "weight"), bias if bias is None else array(bias, "bias")
    one_dtype("Dense", x, weight, bias)
    if x.shape[-1:] != weight.shape[-1:]:
        raise ValueError(
            "For 'MatMul' the input dimensions must be equal, but got 'x1_col': "
            f"{x.shape[-1]} and 'x2_row': {weight.shape[-1]}."
        )
    if weight.ndim == 2 and weight.shape[1] < _NARROW and jax.default_backend() == "cpu":
        product = jnp.matmul(x, turned(weight))
    else:  # each term of the weight's gradient takes its transposition into its product
        product = jnp.tensordot(x, weight, (-1, -1))
    return product if bias is None else product + bias


@op("ops.bidense(input1, input2, weight, bias=None)")
def bidense(x, y, weight, bias=None):
    """x @ weight[k] @ y for each output k, plus bias.

    Args:
        x: (..., in1).
        y: (..., in2).
        weight: (out, in1, in2).
    """
    x, y, weight = array(x), array(y), array(weight, "weight")
    one_dtype("bidense", x, weight)
    product = jnp.einsum("...i,kij,...j->...k", x, weight, y)
    if bias is not None:
        one_dtype("bidense", product, bias := array(bias, "bias"))
    return product if bias is None else product + bias


def _declare(n: int) -> None:
    """ops.conv{n}d, its primitive and its faces in mint."""
    what = f"Conv{n}D"

    def conv(x, weight, bias=None, *, stride=1, pad_mode="valid", padding=0, dilation=1, groups=1):
        if isinstance(padding, (tuple, list)) and len(padding) not in (1, n):
            raise ValueError(
                f"For 'conv{n}d', 'padding' must be a tuple or list of {n} integers, but got {tuple(padding)}."
            )
        pads = resolve_padding(pad_mode, padding, n, what)
        return convolve(x, weight, bias, n=n, stride=stride, padding=pads, dilation=dilation, groups=groups, what=what)

    conv.__name__ = f"conv{n}d"
    conv.__doc__ = f"""Convolution over the last {n} axes of `input`, padded with zeros.

    Args:
        input: (N, C_in, {", ".join(AXES[-n:])}).
        weight: (C_out, C_in / groups, *kernel).
        pad_mode: "valid", "same" (the output is as large as the input, divided by the stride) or "pad" (by `padding`).

    Raises:
        ValueError: for unfit ranks, strides or paddings.
        RuntimeError: if the numbers of channels do not fit.
    """
    op(f"ops.conv{n}d(input, weight, bias=None, stride=1, pad_mode='valid', padding=0, dilation=1, groups=1)")(conv)

    def conv_mint(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1):
        pads = padding.upper() if isinstance(padding, str) else pads_of(padding, n)
        single = array(x).ndim == n + 1  # without the batch axis
        result = convolve(
            x[None] if single else x,
            weight,
            bias,
            n=n,
            stride=stride,
            padding=pads,
            dilation=dilation,
            groups=groups,
            what=what,
        )
        return result[0] if single else result

    conv_mint.__name__, conv_mint.__doc__ = (
        f"conv{n}d",
        f"Convolution over the last {n} axes; `padding` may be 'valid' or 'same'.",
    )
    signature = "(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)"
    op(f"mint.nn.functional.conv{n}d{signature}", f"mint.conv{n}d{signature}")(conv_mint)

    def primitive(x, weight, *, pad_mode="valid", pad=0, stride=1, dilation=1, group=1, data_format="NCHW"):
        pads = resolve_padding(pad_mode, pad, n, what)
        last = data_format.endswith("C")
        return convolve(
            x, weight, n=n, stride=stride, padding=pads, dilation=dilation, groups=group, last=last, what=what
        )

    primitive.__name__, primitive.__doc__ = what, f"Convolution over {n} axes, as `ops.conv{n}d`."
    layout = "NCDHW" if n == 3 else "NCHW"
    if n > 1:
        op(
            f"ops.{what}(out_channel: _, kernel_size: _, mode: _ = 1, "
            "pad_mode='valid', pad=0, stride=1, dilation=1, group=1, "
            f"data_format='{layout}')(x, weight)"
        )(primitive)


for _n in (1, 2, 3):
    _declare(_n)


# -- transposed ------------------------------------------------------------------------------------------------------


def _transposed_pads(size, extent, stride, mode, pad, output_padding):
    """Zeros around one axis of the input, itself spread out by the stride, that give the output's size."""
    before, after = pad
    if mode == "same":
        before, out = max(extent - stride, 0) // 2, size * stride
    elif mode == "valid":
        before, out = 0, size * stride + max(extent - stride, 0)
    else:
        out = (size - 1) * stride + extent - before - after + output_padding
    low = extent - 1 - before
    spread = (size - 1) * stride + 1
    return low, out - spread - low + extent - 1


def transpose_convolve(
    x,
    weight,
    bias=None,
    *,
    n,
    stride=1,
    mode="valid",
    padding: int | tuple[int, ...] = 0,
    output_padding: int | tuple[int, ...] = 0,
    dilation=1,
    groups=1,
    what="conv",
):
    """The transposed convolution: the gradient of a convolution with `weight` in respect of its input.

    Args:
        weight: (C_in, C_out / groups, *kernel).
        mode: "valid", "same" (the output is the stride times as large as the input) or "pad".
    """
    x, weight = array(x), array(weight, "weight")
    one_dtype(what, x, weight)
    if x.ndim != n + 2 or weight.ndim != n + 2:
        raise ValueError(f"For '{what}', 'x' and 'weight' must have {n + 2} axes, but got {x.ndim} and {weight.ndim}.")
    if x.shape[1] != weight.shape[0]:
        raise ValueError(f"For '{what}', 'x' has {x.shape[1]} channels, but the weight is for {weight.shape[0]}.")
    strides, dilations = _positive(stride, n, "stride", what), _positive(dilation, n, "dilation", what)
    if mode != "pad":
        resolve_padding(mode, padding, n, what)
    kernel = weight.shape[2:]
    extents = [d * (k - 1) + 1 for d, k in zip(dilations, kernel, strict=True)]
    pads = [
        _transposed_pads(size, extent, step, mode, pad, extra)
        for size, extent, step, pad, extra in zip(
            x.shape[2:],
            extents,
            strides,
            pads_of(padding, n),
            per_axis(output_padding, n, "output_padding"),
            strict=True,
        )
    ]
    grouped = weight.reshape(groups, weight.shape[0] // groups, *weight.shape[1:]).swapaxes(1, 2)
    flipped = jnp.flip(grouped.reshape(-1, weight.shape[0] // groups, *kernel), range(2, n + 2))
    space = AXES[-n:]
    result = lax.conv_general_dilated(
        x, flipped, (1,) * n, pads, lhs_dilation=strides, rhs_dilation=dilations,
        dimension_numbers=(f"NC{space}", f"OI{space}", f"NC{space}"), feature_group_count=groups,
    )  # fmt: skip
    return result if bias is None else add_bias(result, bias)


def _declare_transposed(n: int) -> None:
    signature = "(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1)"

    def conv_transpose(x, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
        return transpose_convolve(
            x, weight, bias, n=n, stride=stride, mode="pad", padding=padding, output_padding=output_padding,
            dilation=dilation, groups=groups, what=f"conv_transpose{n}d",
        )  # fmt: skip

    conv_transpose.__name__ = f"conv_transpose{n}d"
    conv_transpose.__doc__ = f"Transposed convolution over the last {n} axes; weight: (C_in, C_out / groups, *kernel)."
    op(f"ops.conv_transpose{n}d{signature}", f"mint.nn.functional.conv_transpose{n}d{signature}")(conv_transpose)


for _n in (1, 2, 3):
    _declare_transposed(_n)


@op(
    "ops.Conv2DTranspose(out_channel: _, kernel_size: _, "
    "pad_mode='valid', pad=0, pad_list=None, mode: _ = 1, stride=1, "
    "dilation=1, group=1, data_format: _ = 'NCHW')(out_backprop: x, weight, input_size)",
    "ops.Conv2DBackpropInput(out_channel: _, kernel_size: _, "
    "pad_mode='valid', pad=0, pad_list=None, mode: _ = 1, stride=1, "
    "dilation=1, group=1, data_format: _ = 'NCHW')(out_backprop: x, weight, input_size)",
)
def conv2d_transpose(x, weight, *, input_size, pad_mode="valid", pad=0, pad_list=None, stride=1, dilation=1, group=1):
    """The gradient of a convolution in respect of its input, which was of shape `input_size`."""
    mode = pad_mode.lower()
    pads = pads_of(pad_list or pad, 2)
    strides, dilations = per_axis(stride, 2, "stride"), per_axis(dilation, 2, "dilation")
    if mode == "same":
        extents = [d * (k - 1) + 1 for d, k in zip(dilations, weight.shape[2:], strict=True)]
        totals = [
            max((-(-i // s) - 1) * s + e - i, 0) for i, s, e in zip(input_size[2:], strides, extents, strict=True)
        ]
        pads = [(t // 2, t - t // 2) for t in totals]
    sizes = zip(x.shape[2:], weight.shape[2:], strides, dilations, pads, input_size[2:], strict=True)
    extra = tuple(want - ((i - 1) * s + d * (k - 1) + 1 - sum(p)) for i, k, s, d, p, want in sizes)
    flat = tuple(p for pair in pads for p in pair)
    return transpose_convolve(
        x, weight, n=2, stride=stride, mode="pad", padding=flat, output_padding=extra, dilation=dilation, groups=group,
        what="Conv2DTranspose",
    )  # fmt: skip


@op(
    "ops.Conv3DTranspose(in_channel: _, out_channel: _, kernel_size: _, mode: "
    "_ = 1, pad_mode='valid', pad=0, stride=1, dilation=1, "
    "group=1, output_padding=0, data_format: _ = 'NCDHW')(dout, weight, bias=None)"
)
def conv3d_transpose(x, weight, bias=None, *, pad_mode="valid", pad=0, stride=1, dilation=1, group=1, output_padding=0):
    """Transposed convolution over 3 axes; weight: (C_in, C_out / group, *kernel)."""
    return transpose_convolve(
        x, weight, bias, n=3, stride=stride, mode=pad_mode.lower(), padding=pad, output_padding=output_padding,
        dilation=dilation, groups=group, what="Conv3DTranspose",
    )  # fmt: skip
