"""Layers that rearrange, pad or resize."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core.kinds import check, takes
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
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


@documented
class Identity(Cell):
    """The input itself.

    Args:
        args, kwargs: accepted, without effect.

    Returns:
        The input.

    Example:
        >>> nn.Identity()(Tensor([1.0, 2.0])).asnumpy().tolist()
        [1.0, 2.0]
    """

    def __init__(self, *args, **kwargs):
        super().__init__()

    def construct(self, input):
        return input


@documented
@takes(axis="int", unflattened_size="tuple or list")
class Unflatten(Cell):
    """One axis split into several.

    Args:
        axis: the axis to split.
        unflattened_size: a tuple or list of the new sizes, of which one may be -1.

    Returns:
        A Tensor of the input's elements.

    Example:
        >>> nn.Unflatten(1, (2, -1))(ops.ones((3, 8))).shape
        (3, 2, 4)
    """

    def __init__(self, axis, unflattened_size):
        super().__init__()
        self.axis, self.unflattened_size = axis, tuple(unflattened_size)

    def construct(self, input_x):
        shape, axis = input_x.shape, self.axis % input_x.ndim
        return input_x.reshape(*shape[:axis], *self.unflattened_size, *shape[axis + 1 :])


@documented
@takes(groups="int > 0")
class ChannelShuffle(Cell):
    """Channels (axis 1) taken in turn from each of several groups.

    Args:
        groups: the number of groups.

    Inputs:
        x: a Tensor (N, C, ...), C divisible by `groups`.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: in calls, if C is not divisible by `groups`.

    Example:
        >>> nn.ChannelShuffle(2)(Tensor([[[0.0], [1.0], [2.0], [3.0]]])).asnumpy().ravel().tolist()
        [0.0, 2.0, 1.0, 3.0]
    """

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


@documented
class Unfold(Cell):
    """Patches of images as channels.

    Args:
        ksizes: [1, rows, columns, 1], the size of a patch.
        strides: [1, rows, columns, 1], the distance of the patches.
        rates: [1, rows, columns, 1], the distance of the elements of a patch.
        padding: "valid" or "same".

    Inputs:
        input_x: a Tensor (N, C, H, W).

    Returns:
        A Tensor (N, rows * columns * C, H', W').

    Raises:
        ValueError: for a list of another form.

    Example:
        >>> nn.Unfold([1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1])(ops.ones((1, 3, 4, 4))).shape
        (1, 12, 2, 2)
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


@documented
@takes(paddings="tuple", mode="'CONSTANT' or 'REFLECT' or 'SYMMETRIC'")
class Pad(Cell):
    """Elements before and after each axis.

    Args:
        paddings: ((before, after), ...), a pair for each axis.
        mode: "CONSTANT" (zeros), "REFLECT" (mirrored, without the border) or "SYMMETRIC" (with it).

    Returns:
        A Tensor of as many axes.

    Raises:
        TypeError, ValueError: for other arguments, and in calls if there is no pair for each axis.

    Example:
        >>> nn.Pad(((0, 0), (1, 2)))(Tensor([[1.0, 2.0]])).asnumpy().tolist()
        [[0.0, 1.0, 2.0, 0.0, 0.0]]
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
    """Returns:
        A Tensor of as many axes.

    Raises:
        TypeError, ValueError: for a padding of another form.
    """

    n: int  # the number of axes that are padded
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


class _Pad1d(_PadLast):
    """Args:
    padding: (left, right), or one int for all.
    """

    n = 1


class _Pad2d(_PadLast):
    """Args:
    padding: (left, right, top, bottom), or one int for all.
    """

    n = 2


class _Pad3d(_PadLast):
    """Args:
    padding: (left, right, top, bottom, front, back), or one int for all.
    """

    n = 3


@takes(value="number")
class _ConstantPad(_PadLast):
    """Args:
    value: the number that is put there.
    """

    mode = "constant"

    def __init__(self, padding, value):
        super().__init__(padding)
        self.value = value


@documented
class ConstantPad1d(_ConstantPad, _Pad1d):
    """`value` around the last axis.

    Example:
        >>> nn.ConstantPad1d(1, 7.0)(ops.ones((1, 2, 2, 2, 2))).shape
        (1, 2, 2, 2, 4)
    """


@documented
class ConstantPad2d(_ConstantPad, _Pad2d):
    """`value` around the last 2 axes.

    Example:
        >>> nn.ConstantPad2d(1, 7.0)(ops.ones((1, 2, 2, 2, 2))).shape
        (1, 2, 2, 4, 4)
    """


@documented
class ConstantPad3d(_ConstantPad, _Pad3d):
    """`value` around the last 3 axes.

    Example:
        >>> nn.ConstantPad3d(1, 7.0)(ops.ones((1, 2, 2, 2, 2))).shape
        (1, 2, 4, 4, 4)
    """


@documented
class ZeroPad2d(_Pad2d):
    """Zeros around the last 2 axes.

    Example:
        >>> nn.ZeroPad2d(1)(ops.ones((1, 1, 2, 2))).shape
        (1, 1, 4, 4)
    """

    mode, value = "constant", 0


@documented
class ReflectionPad1d(_Pad1d):
    """The input, and around it what is there mirrored at the borders, along the last axis.

    Example:
        >>> nn.ReflectionPad1d(1)(ops.ones((3, 3, 3))).shape
        (3, 3, 5)
    """

    mode = "reflect"


@documented
class ReflectionPad2d(_Pad2d):
    """The input, and around it what is there mirrored at the borders, along the last 2 axes.

    Example:
        >>> nn.ReflectionPad2d(1)(ops.ones((1, 3, 3, 3))).shape
        (1, 3, 5, 5)
    """

    mode = "reflect"


@documented
class ReflectionPad3d(_Pad3d):
    """The input, and around it what is there mirrored at the borders, along the last 3 axes.

    Example:
        >>> nn.ReflectionPad3d(1)(ops.ones((1, 1, 3, 3, 3))).shape
        (1, 1, 5, 5, 5)
    """

    mode = "reflect"


@documented
class ReplicationPad1d(_Pad1d):
    """The input, and around it its border elements repeated, along the last axis.

    Example:
        >>> nn.ReplicationPad1d(1)(ops.ones((3, 3, 3))).shape
        (3, 3, 5)
    """

    mode = "replicate"


@documented
class ReplicationPad2d(_Pad2d):
    """The input, and around it its border elements repeated, along the last 2 axes.

    Example:
        >>> nn.ReplicationPad2d(1)(ops.ones((1, 3, 3, 3))).shape
        (1, 3, 5, 5)
    """

    mode = "replicate"


@documented
class ReplicationPad3d(_Pad3d):
    """The input, and around it its border elements repeated, along the last 3 axes.

    Example:
        >>> nn.ReplicationPad3d(1)(ops.ones((1, 1, 3, 3, 3))).shape
        (1, 1, 5, 5, 5)
    """

    mode = "replicate"
