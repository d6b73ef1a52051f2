"""Tuples and lists of users' own kinds, with other elements in them."""

from __future__ import annotations

from collections.abc import Iterable


def like(value: tuple | list, elements: Iterable) -> tuple | list:
    """`elements` as `value` keeps its own: a namedtuple of the same fields, else a plain list or tuple.

    Other subclasses may refuse what they are not made for, as ParameterTuple refuses Tensors.
    """
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*elements)
    return list(elements) if isinstance(value, list) else tuple(elements)
