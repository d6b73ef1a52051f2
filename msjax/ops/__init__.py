"""Operators: functions (`ops.exp`), primitive classes (`ops.Exp`), and what composes them."""

from __future__ import annotations

from msjax.ops import comparison, elementwise, index, methods, table

methods.attach()


def __getattr__(name: str):
    value = table.lookup("ops", name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *table.names("ops")})
