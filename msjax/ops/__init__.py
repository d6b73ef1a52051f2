"""Operators: functions (`ops.exp`), primitive classes (`ops.Exp`), and what composes them."""

from __future__ import annotations

__only_computes__ = True  # see core.effects

import importlib
import pkgutil

from msjax.ops import arrays, collective, control, maths, networks, sparse, table
from msjax.ops.table.primitive import Primitive, PrimitiveWithCheck, PrimitiveWithInfer, prim_attr_register

# Each file of a wing is a topic, and declares its rows when it is loaded; a new one needs no entry anywhere.
for _wing in (arrays, maths, networks, sparse, control, collective):
    for _topic in pkgutil.iter_modules(_wing.__path__, f"{_wing.__name__}."):
        importlib.import_module(_topic.name)

table.attach_methods()

__getattr__, __dir__ = table.serve(__name__)
