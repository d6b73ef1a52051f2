"""A bounded dictionary that forgets what has not been asked for since long ago."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any


class Recent:
    """Two generations of entries: when the young one is full it becomes the old one; what is asked for then is young
    again. So nothing has to be noted at each use, and `young` may be read as the plain dictionary that it is.

    Args:
        most: how many entries are kept.
    """

    __slots__ = ("_most", "_old", "young")

    def __init__(self, most: int):
        self.young: dict[Hashable, Any] = {}
        self._old: dict[Hashable, Any] = {}
        self._most = most

    def find(self, key: Hashable, default: Any = None) -> Any:
        """What is kept under a key."""
        try:
            return self.young[key]
        except KeyError:
            if key not in self._old:
                return default
            self.keep(key, value := self._old.pop(key))
            return value

    def keep(self, key: Hashable, value: Any) -> None:
        if len(self.young) >= self._most // 2:
            self._old = dict(self.young)
            self.young.clear()
        self.young[key] = value

    def values(self) -> list:
        return [*self._old.values(), *self.young.values()]
