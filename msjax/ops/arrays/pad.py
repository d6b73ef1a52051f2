"""Pad: with a constant, or with what lies inside, mirrored, repeated or wrapped around."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.arrays.reshape import ints
from msjax.ops.call.promotion import array, cast
from msjax.ops.table import op

MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "edge": "edge", "circular": "wrap"}


@op(
    "ops.pad(input_x, padding, mode='constant', value=None)",
    "ops.PadV3(mode='constant', paddings_contiguous=True)(x, paddings: padding, constant_value: value = None)",
    "mint.nn.functional.pad(input, pad: padding, mode='constant', value=None)",
)
def pad(x, value=None, *, padding, mode="constant", paddings_contiguous=True):
    """More elements before and after the last axes; fewer where a number is negative.

    Args:
        padding: (before, after) of the last axis, then of the one before it, and so on.
        mode: "constant" (with `value`, 0 by default), "reflect", "replicate" or "circular".

    Raises:
        ValueError: if `padding` is of odd length or too long, or reaches further than the mode can fill.

    Example:
        >>> ops.pad(Tensor([1, 2]), (1, 0))
        Tensor(shape=[3], dtype=Int64, value= [0, 1, 2])
    """
    x, padding = array(x), ints(padding, "padding")
    if mode not in MODES:
        raise ValueError(f"The 'mode' must be one of {list(MODES)}, but got {mode!r}.")
    if len(padding) % 2:
        raise ValueError(f"The size of padding must be divisible by 2, but got {len(padding)}.")
    if len(padding) > 2 * x.ndim:
        raise ValueError(f"The padding {padding} is too long for an input of {x.ndim} axes.")
    half = len(padding) // 2
    before, after = (padding[::2], padding[1::2]) if paddings_contiguous else (padding[:half], padding[half:])
    pairs = list(zip(before, after, strict=True))
    widths = [(0, 0)] * (x.ndim - half) + pairs[::-1]
    if mode == "constant":
        fill = jnp.zeros((), x.dtype) if value is None else cast(jnp.asarray(value).reshape(()), x.dtype)
        return jax.lax.pad(x, fill, [(before, after, 0) for before, after in widths])
    return _pad_inside(x, widths, mode)


def _pad_inside(x, widths, mode: str):
    for (before, after), size in zip(widths, x.shape, strict=True):
        if mode != "replicate" and max(before, after) > size - (mode == "reflect"):
            raise ValueError(
                f"The padding ({before}, {after}) must be less than the size of its axis, {size}, for mode {mode!r}."
            )
    kept = tuple(slice(max(0, -b), n - max(0, -a)) for (b, a), n in zip(widths, x.shape, strict=True))
    return jnp.pad(x[kept], [(max(0, b), max(0, a)) for b, a in widths], MODES.get(mode, mode))


@op("ops.Pad(paddings)(input_x)")
def pad_each(x, *, paddings):
    """Zeros before and after each axis.

    Raises:
        ValueError: if there is not one pair for each axis.
    """
    x = array(x)
    if len(paddings) != x.ndim:
        raise ValueError(f"'paddings' must have one pair for each of {x.ndim} axes, but has {len(paddings)}.")
    return pad(x, padding=[n for pair in paddings[::-1] for n in pair])


@op("ops.MirrorPad(mode='REFLECT')(input_x, paddings)", "ops.mirror_pad(input_x, paddings, mode)")
def mirror_pad(x, *, paddings, mode="REFLECT"):
    """Mirrored before and after each axis, without ("REFLECT") or with ("SYMMETRIC") the outermost elements.

    Raises:
        ValueError: for another mode, or if the padding is more than there is to mirror.
    """
    if mode not in ("REFLECT", "SYMMETRIC"):
        raise ValueError(f"The 'mode' must be 'REFLECT' or 'SYMMETRIC', but got {mode!r}.")
    return _pad_inside(array(x), np.asarray(paddings).tolist(), mode.lower())


@op("ops.padding(x, pad_dim_size=8)", "ops.Padding(pad_dim_size=8)(x)")
def pad_last(x, *, pad_dim_size=8):
    """The last axis, of size 1, extended by zeros to `pad_dim_size`.

    Raises:
        ValueError: if its size is not 1.
    """
    x = array(x)
    if x.ndim == 0 or x.shape[-1] != 1:
        raise ValueError(f"The last dimension of the input must be 1, but its shape is {x.shape}.")
    return pad(x, padding=(0, pad_dim_size - 1))


PAD_MODES = ("constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap",
             "empty")  # fmt: skip


@op(
    "numpy.pad(arr, pad_width, mode='constant', stat_length=None, constant_values=0, end_values=0, reflect_type='even')"
)
def pad_by_mode(
    x, *, pad_width, mode="constant", stat_length=None, constant_values=0, end_values=0, reflect_type="even"
):
    """More elements before and after each axis, in one of numpy's modes.

    Raises:
        ValueError: for another mode.
    """
    options = {"constant": {"constant_values": constant_values}, "linear_ramp": {"end_values": end_values}}
    options |= {m: {"stat_length": stat_length} for m in ("maximum", "mean", "median", "minimum")}
    options |= {m: {"reflect_type": reflect_type} for m in ("reflect", "symmetric")}
    if not callable(mode) and mode not in PAD_MODES:
        raise ValueError(f"'mode' must be one of {PAD_MODES} or a function, but got {mode!r}.")
    return jnp.pad(x, pad_width, mode, **(options.get(mode, {}) if isinstance(mode, str) else {})).astype(x.dtype)
