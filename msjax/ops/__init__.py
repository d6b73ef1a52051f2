"""Operators: functions (`ops.exp`), primitive classes (`ops.Exp`), and what composes them."""

from __future__ import annotations

from msjax.ops import arrays, legacy, maths, networks, table
from msjax.ops.table.primitive import Primitive, PrimitiveWithCheck, PrimitiveWithInfer, prim_attr_register

table.attach_methods()

__getattr__, __dir__ = table.serve(__name__)
