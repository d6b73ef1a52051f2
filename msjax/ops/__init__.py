"""Operators: functions (`ops.exp`), primitive classes (`ops.Exp`), and what composes them."""

from __future__ import annotations

__only_computes__ = True  # see core.effects

from msjax.core.names import unknown_name
from msjax.ops import arrays, legacy, maths, networks, table
from msjax.ops.table import methods
from msjax.ops.table.primitive import Primitive, PrimitiveWithCheck, PrimitiveWithInfer, prim_attr_register

methods.attach()

__getattr__ = unknown_name(__name__, table.lazily("ops"))


def __dir__():
    return sorted({*globals(), *table.names("ops")})
