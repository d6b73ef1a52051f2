"""Symbol: the description of an axis whose length varies."""

from __future__ import annotations

from typing import Any

from msjax.core.kinds import is_a


class Symbol:
    """What is known of the length of an axis. Programs here are compiled for each length they meet.

    Args:
        max: the greatest length, or 0.
        min: the least.
        divisor, remainder: `length % divisor == remainder`.
        unique: whether no other axis with this Symbol has another length.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type or value.

    Example:
        >>> print(ms.Symbol(max=8, divisor=4))
        {'max': 8, 'divisor': 4}
    """

    def __init__(self, max: Any = 0, min: Any = 1, divisor: Any = 1, remainder: Any = 0, unique=False, **kwargs):
        numbers = {"max": max, "min": min, "divisor": divisor, "remainder": remainder}
        for name, value in numbers.items():
            if not is_a(value, "int"):
                raise TypeError(f"For 'Symbol', the argument '{name}' must be int, but got {type(value)}")
        if not isinstance(unique, bool):
            raise TypeError(f"For 'Symbol', the argument 'unique' must be bool, but got {type(unique)}")
        for name in ("min", "divisor"):
            if numbers[name] <= 0:
                raise ValueError(f"For 'Symbol', the '{name}' value should be positive, but got {numbers[name]}")
        if not 0 <= remainder < divisor:
            raise ValueError(
                f"For 'Symbol', the 'remainder' value should be in the range '[0, {divisor})', but got {remainder}"
            )
        self.max, self.min, self.divisor, self.remainder, self.unique = max, min, divisor, remainder, unique

    def to_dict(self) -> dict:
        """What differs from a Symbol of which nothing is known."""
        unknown = {"max": 0, "min": 1, "divisor": 1, "remainder": 0, "unique": False}
        return {name: value for name, value in vars(self).items() if value != unknown[name] and value >= 0}

    def __str__(self) -> str:
        return str(self.to_dict())
