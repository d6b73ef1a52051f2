"""Operators that MindSpore's layers have as attributes, and that classes which derive from those layers call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Kept:
    """An operator that is made when it is looked for, unless the layer was given another one of that name.

    Args:
        make: makes it for a layer.
    """

    def __init__(self, make: Callable[[Any], Any]):
        self._make = make

    def __get__(self, layer, kind=None) -> Any:
        return self if layer is None else self._make(layer)
