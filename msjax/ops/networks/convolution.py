"""Convolutions of 1, 2 and 3 spatial axes."""

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
from msjax.ops.networks.dense import add_bias, turned
from msjax.ops.table import family, op

AXES = "DHW"


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
        raise ValueError(f"For '{what}', 'pad_mode' must be 'valid', 'same' or 'pad', but got {pad_mode!r}.")
    pads = pads_of(padding, n)
    if mode == "pad":
        if any(p < 0 for pair in pads for p in pair):
            raise ValueError(f"For '{what}', 'padding' must not be negative, but got {padding}.")
        return pads
    if any(p for pair in pads for p in pair):
        raise ValueError(
            f"For '{what}', the padding must be 0 unless 'pad_mode' is 'pad', but got {padding} with {pad_mode!r}."
        )
    return "SAME" if mode == "same" else "VALID"


def positive(value, n: int, name: str, what: str) -> tuple[int, ...]:
    values = per_axis(value, n, name)
    if any(v <= 0 for v in values):
        raise ValueError(f"For '{what}', '{name}' must be a positive int or a tuple of positive ints, but got {value}.")
    return values


def not_negative(value, name: str, what: str) -> None:
    if any(v < 0 for v in (value if isinstance(value, (tuple, list)) else (value,))):
        raise ValueError(f"For '{what}', '{name}' must not be negative, but got {value}.")


def _check_operands(x, weight, n: int, groups: int, what: str, channel_axis: int) -> None:
    for name, operand in (("x", x), ("weight", weight)):
        if operand.ndim != n + 2:
            raise ValueError(f"For '{what}', '{name}' must have {n + 2} axes, but its shape is {operand.shape}.")
    if x.shape[channel_axis] != weight.shape[channel_axis] * groups:
        raise RuntimeError(
            f"For '{what}', 'x' must have as many channels as the weight is for, {weight.shape[channel_axis]}, times "
            f"the groups, {groups}, but has {x.shape[channel_axis]}."
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
    strides, dilations = positive(stride, n, "stride", what), positive(dilation, n, "dilation", what)
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


@op(
    *family(
        "n",
        (1, 2, 3),
        "ops.conv{n}d(input, weight, bias=None, stride=1, pad_mode='valid', padding=0, dilation=1, groups=1)",
    ),
    name="conv{n}d",
)
def conv(x, weight, bias=None, *, stride=1, pad_mode="valid", padding=0, dilation=1, groups=1, n=2):
    """Convolution over the last {n} axes of `input`, padded with zeros.

    Args:
        input: (N, C_in, {n|1: W|2: H, W|3: D, H, W}).
        weight: (C_out, C_in / groups, *kernel).
        pad_mode: "valid", "same" (the output is as large as the input, divided by the stride) or "pad" (by `padding`).

    Raises:
        ValueError: for unfit ranks, strides or paddings.
        RuntimeError: if the numbers of channels do not fit.
    """
    if isinstance(padding, (tuple, list)) and len(padding) not in (1, n):
        raise ValueError(
            f"For 'conv{n}d', 'padding' must be a tuple or list of {n} integers, but got {tuple(padding)}."
        )
    what = f"Conv{n}D"
    pads = resolve_padding(pad_mode, padding, n, what)
    return convolve(x, weight, bias, n=n, stride=stride, padding=pads, dilation=dilation, groups=groups, what=what)


SIGNATURE = "(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)"


@op(
    *family("n", (1, 2, 3), f"mint.nn.functional.conv{{n}}d{SIGNATURE}", f"mint.conv{{n}}d{SIGNATURE}"),
    name="conv{n}d",
)
def conv_of_any_batch(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, n=2):
    """Convolution over the last {n} axes; `padding` may be 'valid' or 'same'."""
    pads = padding.upper() if isinstance(padding, str) else pads_of(padding, n)
    single = array(x).ndim == n + 1  # without the batch axis
    x = x[None] if single else x
    options = {"stride": stride, "padding": pads, "dilation": dilation, "groups": groups}
    result = convolve(x, weight, bias, n=n, what=f"Conv{n}D", **options)
    return result[0] if single else result


PRIMITIVE = "out_channel: _, kernel_size: _, mode: _ = 1, pad_mode='valid', pad=0, stride=1, dilation=1, group=1"


@op(
    f"ops.Conv2D({PRIMITIVE}, data_format='NCHW')(x, weight; n=2)",
    f"ops.Conv3D({PRIMITIVE}, data_format='NCDHW')(x, weight; n=3)",
    name="Conv{n}D",
)
def conv_primitive(x, weight, *, pad_mode="valid", pad=0, stride=1, dilation=1, group=1, data_format="NCHW", n=2):
    """Convolution over {n} axes, as `ops.conv{n}d`."""
    what = f"Conv{n}D"
    pads, last = resolve_padding(pad_mode, pad, n, what), data_format.endswith("C")
    options = {"stride": stride, "padding": pads, "dilation": dilation, "groups": group}
    return convolve(x, weight, n=n, last=last, what=what, **options)
