"""Activation layers."""

from __future__ import annotations

__stateless__ = True  # see core.effects: a function may make these layers anew on each call

import importlib
from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.initializer import initializer
from msjax.nn.layer.rows import layers

layers(
    {
        "nn.CELU(alpha=1.0)(x)": "ops.celu",
        "nn.ELU(alpha=1.0)(x)": "ops.elu",
        "nn.FastGelu()(x)": "ops.fast_gelu",
        "nn.GLU(axis=-1)(x)": "ops.glu",
        "nn.HShrink(lambd=0.5)(input)": "ops.hardshrink",
        "nn.HSigmoid()(input)": "ops.hardsigmoid",
        "nn.HSwish()(input)": "ops.hardswish",
        "nn.LeakyReLU(alpha=0.2)(x)": "ops.leaky_relu",
        "nn.LogSigmoid()(input_x)": "ops.logsigmoid",
        "nn.LogSoftmax(axis=-1)(x)": "ops.log_softmax",
        "nn.LRN(depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, norm_region='ACROSS_CHANNELS')(input_x)": "ops.lrn",
        "nn.Mish()(input_x)": "ops.mish",
        "nn.ReLU()(input)": "ops.relu",
        "nn.ReLU6()(x)": "ops.relu6",
        "nn.SeLU()(input_x)": "ops.selu",
        "nn.Sigmoid()(x)": "ops.sigmoid",
        "nn.SiLU()(x)": "ops.silu",
        "nn.Softmax(axis=-1)(input)": "ops.softmax",
        "nn.Softmin(axis=-1)(x)": "ops.softmin",
        "nn.SoftShrink(lambd=0.5)(input)": "ops.softshrink",
        "nn.Softsign()(x)": "ops.softsign",
        "nn.Tanh()(x)": "ops.tanh",
        "nn.Tanhshrink()(x)": "ops.tanhshrink",
        "nn.Threshold(threshold: thr, value)(input_x)": "ops.threshold",
    },
    kinds={
        "None or real": "HShrink.lambd SoftShrink.lambd",
        "None or bool or int or tuple": "Softmax.axis",
        "int >= 0": "LRN.depth_radius",
        "float": "LRN.bias LRN.alpha LRN.beta",
        "'ACROSS_CHANNELS'": "LRN.norm_region",
    },
)


def _in_order(name: str, low: str, low_value, high: str, high_value, strictly: bool) -> None:
    if not (low_value < high_value or (low_value == high_value and not strictly)):
        raise ValueError(
            f"For '{name}', the '{high}' must be greater than the '{low}', but got {low_value} and {high_value}."
        )


@documented
@takes(min_val="real", max_val="real or scalar")
class Hardtanh(Cell):
    """x between `min_val` and `max_val`, these values beyond.

    Args:
        min_val: the smallest value.
        max_val: the largest value, above `min_val`.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: if `max_val` is not greater than `min_val`.

    Example:
        >>> nn.Hardtanh()(Tensor([-2.0, 0.5, 3.0])).asnumpy().tolist()
        [-1.0, 0.5, 1.0]
    """

    def __init__(self, min_val: Any = -1.0, max_val: Any = 1.0):
        super().__init__()
        _in_order("Hardtanh", "min_val", min_val, "max_val", max_val, strictly=True)
        self.min_val, self.max_val = min_val, max_val

    def construct(self, x):
        return ops.hardtanh(x, self.min_val, self.max_val)


@documented
@takes(lower="number", upper="number")
class RReLU(Cell):
    """x where positive, else x times a slope that is drawn for each element between `lower` and `upper`.

    Args:
        lower: the smallest slope.
        upper: the largest slope.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: if `upper` is less than `lower`.

    Example:
        >>> nn.RReLU(0.5, 0.5)(Tensor([-2.0, 3.0])).asnumpy().tolist()
        [-1.0, 3.0]
    """

    def __init__(self, lower: Any = 1 / 8, upper: Any = 1 / 3):
        super().__init__()
        _in_order("RReLU", "lower", lower, "upper", upper, strictly=False)
        self.lower, self.upper = lower, upper

    def construct(self, x):
        return ops.rrelu(x, self.lower, self.upper)


@documented
@takes(approximate="bool")
class GELU(Cell):
    """x * Phi(x), with Phi the distribution function of the normal distribution.

    Args:
        approximate: whether Phi is computed by tanh, a little less exactly.

    Returns:
        A Tensor of the input's shape and dtype.

    Example:
        >>> nn.GELU(approximate=False)(Tensor([-100.0, 0.0, 100.0])).asnumpy().tolist()
        [-0.0, 0.0, 100.0]
    """

    def __init__(self, approximate=True):
        super().__init__()
        self.approximate = approximate

    def construct(self, x):
        return ops.gelu(x, "tanh" if self.approximate else "none")


@documented
class Softmax2d(Cell):
    """The softmax over the channels: exp(x) divided by its sum over the channels, at each place.

    Inputs:
        x: a Tensor (N, C, H, W) or (C, H, W).

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        ValueError: in calls, for an input with another number of axes.

    Example:
        >>> nn.Softmax2d()(ops.zeros((4, 1, 1))).asnumpy().ravel().tolist()
        [0.25, 0.25, 0.25, 0.25]
    """

    def construct(self, x):
        if x.ndim not in (3, 4):
            raise ValueError(f"For 'Softmax2d', the input must have 3 or 4 dims, but got {x.ndim}.")
        return ops.softmax(x, -3)


@documented
@takes(channel="int > 0", w="float or scalar or list or Tensor")
class PReLU(Cell):
    """x where positive, else w * x, with a trained slope w for all channels or for each.

    Args:
        channel: the number of slopes: 1, or that of the channels.
        w: their first values: a number, or a list or Tensor of them.

    Inputs:
        x: a Tensor (N, C, ...).

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        TypeError, ValueError: for something else.

    Example:
        >>> nn.PReLU()(Tensor([[-4.0, 3.0]])).asnumpy().tolist()
        [[-1.0, 3.0]]
    """

    def __init__(self, channel: Any = 1, w: Any = 0.25):
        super().__init__()
        if isinstance(w, (list, Tensor)):
            first = Tensor(w, mstype.float32)
        else:
            first = initializer(float(w), (channel,), mstype.float32)
        if first.shape != (channel,):
            raise ValueError(
                f"For 'PReLU', the 'w' must have as many elements as 'channel': {channel}, but got shape {first.shape}."
            )
        self.w = Parameter(first, name="a")

    def construct(self, x):
        return ops.prelu(x, self.w)


# What "relu" and the like stand for, where a layer takes an activation by name.
BY_NAME = {
    "softmin": "Softmin", "softmax": "Softmax", "softmax2d": "Softmax2d", "logsoftmax": "LogSoftmax", "relu": "ReLU",
    "relu6": "ReLU6", "rrelu": "RReLU", "silu": "SiLU", "tanh": "Tanh", "tanhshrink": "Tanhshrink",
    "hardtanh": "Hardtanh", "gelu": "GELU", "fast_gelu": "FastGelu", "elu": "ELU", "sigmoid": "Sigmoid",
    "softsign": "Softsign", "prelu": "PReLU", "leakyrelu": "LeakyReLU", "hswish": "HSwish", "hsigmoid": "HSigmoid",
    "logsigmoid": "LogSigmoid", "softshrink": "SoftShrink", "hshrink": "HShrink", "threshold": "Threshold",
    "mish": "Mish",
}  # fmt: skip


def get_activation(name: str | None, prim_name: str | None = None) -> Any:
    """The activation layer of a name.

    Args:
        name: such as "relu", or None.
        prim_name: who asks, for the error.

    Returns:
        The layer; None for None.

    Raises:
        KeyError: if there is none.

    Example:
        >>> nn.get_activation("sigmoid")
        Sigmoid()
    """
    if name is None:
        return None
    if name not in BY_NAME:
        raise KeyError(
            f"{f'For {prim_name!r}, t' if prim_name else 'T'}he 'name' must be in {list(BY_NAME)}, but got {name!r}."
        )
    return getattr(importlib.import_module("msjax.nn"), BY_NAME[name])()
