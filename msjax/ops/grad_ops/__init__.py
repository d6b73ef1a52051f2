"""Primitives that are derivatives of others: what MindSpore keeps in `ops.operations._grad_ops`.

Hardly a program needs them: `ms.grad` differentiates every operator, to any order. They are here for those that call
them by name, from tables that say which operator is differentiated, and how.
"""

from __future__ import annotations

__only_computes__ = True  # see core.effects

from msjax.ops.table import serve

__getattr__, __dir__ = serve(__name__, after="msjax.ops.grad_ops.rows")
