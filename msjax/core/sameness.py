"""When two objects are the same for a program: it was made for one, and serves for the other.

Programs are kept by keys that are made of what a call, a network or an operator brings. Here stands how values count
that nobody would take for another: numbers and texts by type and value, containers by what they hold. What has an
identity of its own, each that makes keys decides for itself, as it knows what else is checked:

    who makes keys            0.0 and -0.0   sets            arrays         other objects
    compile/fingerprint       differ         in their order  by elements    by identity, or as data
    nn/tree                   are the same   by elements     by identity    by identity; a copy of a network has copies
    interop/attributes        are the same   by elements     by identity    by identity, and version
    ops/call/arguments        differ         not hashable    by elements    by hash
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

PLAIN = (type(None), bool, int, float, complex, str, bytes)


def plain(value, _: Any = None) -> tuple:
    """A value that stands for itself; by its type too, as 1, 1.0 and True are equal."""
    return type(value), value


def number(value, _: Any = None) -> tuple:
    """A float; 0.0 and -0.0 are equal, but not the same."""
    return type(value), value if value else repr(value)


def by_text(value, _: Any = None) -> tuple:
    """A complex number, either part of which may be a zero."""
    return type(value), repr(value)


def by_bounds(value: range, _: Any = None) -> tuple:
    """A range: two are equal already if their elements are, which those that are empty always are."""
    return range, value.start, value.stop, value.step


def elements(container, form: Callable[[Any], Any]) -> tuple | frozenset:
    """What is in a list or tuple, in its order, or in a set; of a dict see `items`."""
    return (frozenset if type(container) is set else tuple)([form(value) for value in container])


def items(mapping, form: Callable[[Any], Any]) -> tuple:
    """What is in a dict, in its order, which a function that goes through it can tell."""
    return tuple([(form(key), form(value)) for key, value in mapping.items()])


class ByIdentity:
    """An object that only is the same as itself, and if it is a Tensor, as long as it is not written."""

    __slots__ = ("value", "version")

    def __init__(self, value):
        self.value, self.version = value, getattr(value, "_version", 0)

    def __eq__(self, other):
        return type(other) is ByIdentity and self.value is other.value and self.version == other.version

    def __hash__(self):
        return id(self.value)
