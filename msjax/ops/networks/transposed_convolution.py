"""Transposed convolutions of 1, 2 and 3 spatial axes."""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from msjax.ops.call.checks import one_dtype
from msjax.ops.call.promotion import array
from msjax.ops.networks.convolution import AXES, not_negative, pads_of, per_axis, positive, resolve_padding
from msjax.ops.networks.dense import add_bias
from msjax.ops.table import family, op


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
    strides, dilations = positive(stride, n, "stride", what), positive(dilation, n, "dilation", what)
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


SIGNATURE = "(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1)"


@op(
    *family(
        "n",
        (1, 2, 3),
        f"ops.conv_transpose{{n}}d{SIGNATURE}",
        f"mint.nn.functional.conv_transpose{{n}}d{SIGNATURE}",
    ),
    name="conv_transpose{n}d",
)
def conv_transpose(x, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1, n=2):
    """Transposed convolution over the last {n} axes; weight: (C_in, C_out / groups, *kernel)."""
    what = f"conv_transpose{n}d"
    not_negative(padding, "padding", what)
    not_negative(output_padding, "output_padding", what)
    return transpose_convolve(
        x, weight, bias, n=n, stride=stride, mode="pad", padding=padding, output_padding=output_padding,
        dilation=dilation, groups=groups, what=what,
    )  # fmt: skip


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
    "ops.conv3d_transpose(inputs, weight, pad_mode='valid', padding: pad = 0, stride=1, dilation=1, group=1, "
    "output_padding=0)",
    "ops.Conv3DTranspose(in_channel: _, out_channel: _, kernel_size: _, mode: "
    "_ = 1, pad_mode='valid', pad=0, stride=1, dilation=1, "
    "group=1, output_padding=0, data_format: _ = 'NCDHW')(dout, weight, bias=None)",
)
def conv3d_transpose(x, weight, bias=None, *, pad_mode="valid", pad=0, stride=1, dilation=1, group=1, output_padding=0):
    """Transposed convolution over 3 axes; weight: (C_in, C_out / group, *kernel).

    Args:
        x: volumes, (N, C_in, D, H, W).
    """
    return transpose_convolve(
        x, weight, bias, n=3, stride=stride, mode=pad_mode.lower(), padding=pad, output_padding=output_padding,
        dilation=dilation, groups=group, what="Conv3DTranspose",
    )  # fmt: skip
