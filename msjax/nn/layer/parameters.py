"""Parameters that several layers have, and how they are initialized."""

from __future__ import annotations

import math

from msjax.core import dtype as mstype
from msjax.core.parameter import Parameter
from msjax.nn.cell import Cell
from msjax.nn.initializer import HeUniform, Uniform, _calculate_fan_in_and_fan_out, initializer


def weight_and_bias(layer, shape, outputs: int, dtype) -> None:
    """Make the Parameters `weight` and, with `has_bias`, `bias` of a layer from its `weight_init` and `bias_init`.

    By default both are drawn uniformly between plus and minus 1 / sqrt(fan in).
    """
    if layer.weight_init is None:
        layer.weight_init = HeUniform(math.sqrt(5))
    layer.weight = Parameter(initializer(layer.weight_init, shape, dtype), name="weight")
    if not layer.has_bias:
        layer.bias = None
        return
    if layer.bias_init is None:
        layer.bias_init = Uniform(1 / math.sqrt(_calculate_fan_in_and_fan_out(shape)[0]))
    layer.bias = Parameter(initializer(layer.bias_init, (outputs,), dtype), name="bias")


def uniform_bias(size: int, fan_in: int, dtype, init=None) -> Parameter:
    """The Parameter `bias`, by default uniform between plus and minus 1 / sqrt(fan_in)."""
    return Parameter(initializer(Uniform(1 / math.sqrt(fan_in)) if init is None else init, (size,), dtype), name="bias")


def affine_parameters(cell: Cell, size: tuple[int, ...], weight: bool, bias: bool, dtype) -> None:
    """Make the Parameters `weight`, ones, and `bias`, zeros, of a layer; None where they are not wanted."""
    for name, wanted, init in (("weight", weight, "ones"), ("bias", bias, "zeros")):
        setattr(cell, name, Parameter(initializer(init, size, dtype or mstype.float32), name=name) if wanted else None)
