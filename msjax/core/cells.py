"""Whether something is a Cell: the class itself is in a room above this one, and bears a mark."""

from __future__ import annotations


def is_cell(value: object) -> bool:
    """Whether `value` is a Cell."""
    return is_cell_class(type(value))


def is_cell_class(kind: type) -> bool:
    """Whether `kind` is Cell, or derived from it."""
    return getattr(kind, "_is_cell", False)


def registry_of(cell: object, name: str) -> str | None:
    """Which of a Cell's registries has an entry of this name, where no attribute has: Parameters in a ParameterTuple,
    and what a class of the user's puts into `_cells` itself."""
    own = vars(cell)
    return next((one for one in ("_params", "_cells", "_buffers") if name in own.get(one, ())), None)
