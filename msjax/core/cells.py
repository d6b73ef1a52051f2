"""Whether something is a Cell: the class itself is in a room above this one, and bears a mark."""

from __future__ import annotations


def is_cell(value: object) -> bool:
    """Whether `value` is a Cell."""
    return is_cell_class(type(value))


def is_cell_class(kind: type) -> bool:
    """Whether `kind` is Cell, or derived from it."""
    return getattr(kind, "_is_cell", False)
