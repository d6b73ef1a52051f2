"""Layers that rearrange, pad or resize."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core.kinds import check, takes
from msjax.nn.cell import Cell
from msjax.nn.layer.rows import layers

_RESIZE = "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None"

layers(
    {
        "nn.Flatten(start_dim=1, end_dim=-1)(x)": "ops.flatten",
        "nn.PixelShuffle(upscale_factor)(input)": "ops.pixel_shuffle",
        "nn.PixelUnshuffle(downscale_factor)(input)": "ops.pixel_unshuffle",
        f"nn.Upsample({_RESIZE})(x)": "ops.interpolate",
    },
    kinds={
        "int": "Flatten.start_dim Flatten.end_dim",
        "int > 0": "PixelShuffle.upscale_factor PixelUnshuffle.downscale_factor",
    },
)


class Identity(Cell):
    """The input itself. Arguments of the constructor are accepted and ignored."""

    def __init__(self, *args, **kwargs):
        super().__init__()

    def construct(self, input):
        return input


@takes(axis="int", unflattened_size="tuple or list")
class Unflatten(Cell):
    """Axis `axis` split into axes of sizes `unflattened_size`, of which one may be -1."""

    def __init__(self, axis, unflattened_size):
        super().__init__()
        self.axis, self.unflattened_size = axis, tuple(unflattened_size)

    def construct(self, input_x):
        shape, axis = input_x.shape, self.axis % input_x.ndim
        return input_x.reshape(*shape[:axis], *self.unflattened_size, *shape[axis + 1 :])


@takes(groups="int > 0")
class ChannelShuffle(Cell):
    """Channels (axis 1) taken in turn from each of `groups` groups."""

    def __init__(self, groups):
        super().__init__()
        self.groups = groups

    def construct(self, x):
        n, c, *rest = x.shape
        if c % self.groups:
            raise ValueError(
                "For 'ChannelShuffle', the number of channels must be divisible by "
                f"'groups': {self.groups}, but got shape {x.shape}."
            )
        return ops.swapaxes(x.reshape(n, self.groups, c // self.groups, *rest), 1, 2).reshape(x.shape)


class Unfold(Cell):
    """Patches as channels: (N, C, H, W) to (N, rows * columns * C, H', W').

    Args:
        ksizes, strides, rates: [1, rows, columns, 1]: the patches' size, distance and dilation.
        padding: "valid" or "same".
    """

    def __init__(self, ksizes, strides, rates, padding: Any = "valid"):
        super().__init__()
        for name, value in (("ksizes", ksizes), ("strides", strides), ("rates", rates)):
            if not isinstance(value, (tuple, list)) or len(value) != 4 or value[0] != 1 or value[3] != 1:
                raise ValueError(f"For 'Unfold', '{name}' must be of the form [1, rows, columns, 1], but got {value}.")
        self.extract = ops.ExtractImagePatches(list(ksizes), list(strides), list(rates), padding)

    def construct(self, input_x):
        return self.extract(input_x)


# -- padding ---------------------------------------------------------------------------------------------------------


@takes(paddings="tuple", mode="'CONSTANT' or 'REFLECT' or 'SYMMETRIC'")
class Pad(Cell):
    """Elements before and after each axis.

    Args:
        paddings: ((before, after), ...), one pair for each axis.
        mode: "CONSTANT" (zeros), "REFLECT" (mirrored, without the border) or "SYMMETRIC" (with it).

    Raises:
        TypeError, ValueError: for other arguments.
    """

    def __init__(self, paddings, mode: Any = "CONSTANT"):
        super().__init__()
        if any(len(pair) != 2 for pair in paddings):
            raise ValueError(f"For 'Pad', the 'paddings' must be pairs, of shape (n, 2), but got {paddings}.")
        self.paddings, self.mode = paddings, mode

    def construct(self, x):
        if len(self.paddings) != x.ndim:
            raise ValueError(
                "For 'Pad', the 'paddings' must have a pair for each of the "
                f"input's {x.ndim} axes, but got {self.paddings}."
            )
        return ops.Pad(self.paddings)(x) if self.mode == "CONSTANT" else ops.mirror_pad(x, self.paddings, self.mode)


@takes(padding="int or tuple or list")
class _PadLast(Cell):
    """Padding of the last `n` axes, given from the last axis backwards: (left, right, top, bottom, front, back)."""

    n: int
    mode: str
    value: float | None = None

    def __init__(self, padding):
        super().__init__()
        name = type(self).__name__
        if not isinstance(padding, int) and (len(padding) % 2 or len(padding) > 2 * self.n):
            raise ValueError(f"For '{name}', the 'padding' must have {2 * self.n} ints, but got {padding}.")
        self.padding = (padding,) * (2 * self.n) if isinstance(padding, int) else tuple(padding)
        for item in self.padding:
            check(name, "padding", item, "int")
        if self.mode == "reflect" and min(self.padding, default=0) < 0:
            raise ValueError(f"For '{name}', the 'padding' must not be negative, but got {padding}.")

    def construct(self, x):
        return ops.pad(x, self.padding, self.mode, self.value)


@takes(value="number")
class _ConstantPad(_PadLast):
    mode = "constant"

    def __init__(self, padding, value):
        super().__init__(padding)
        self.value = value


class ConstantPad1d(_ConstantPad):
    """`value` around the last axis: (left, right), or one int for both."""

    n = 1


class ConstantPad2d(_ConstantPad):
    """`value` around the last 2 axes: (left, right, top, bottom), or one int for all."""

    n = 2


class ConstantPad3d(_ConstantPad):
    """`value` around the last 3 axes: (left, right, top, bottom, front, back), or one int for all."""

    n = 3


class ZeroPad2d(_PadLast):
    """Zeros around the last 2 axes: (left, right, top, bottom), or one int for all."""

    n, mode, value = 2, "constant", 0


class ReflectionPad1d(_PadLast):
    """The last axis mirrored at its borders: (left, right), or one int for both."""

    n, mode = 1, "reflect"


class ReflectionPad2d(_PadLast):
    """The last 2 axes mirrored at their borders: (left, right, top, bottom), or one int for all."""

    n, mode = 2, "reflect"


class ReflectionPad3d(_PadLast):
    """The last 3 axes mirrored at their borders: (left, right, top, bottom, front, back), or one int for all."""

    n, mode = 3, "reflect"


class ReplicationPad1d(_PadLast):
    """The last axis' border elements repeated: (left, right), or one int for both."""

    n, mode = 1, "replicate"


class ReplicationPad2d(_PadLast):
    """The last 2 axes' border elements repeated: (left, right, top, bottom), or one int for all."""

    n, mode = 2, "replicate"


class ReplicationPad3d(_PadLast):
    """The last 3 axes' border elements repeated: (left, right, top, bottom, front, back), or one int for all."""

    n, mode = 3, "replicate"
