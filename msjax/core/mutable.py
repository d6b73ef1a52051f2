"""mutable: marks numbers and containers as variables of a compiled function, with gradients of their own."""

from __future__ import annotations

from typing import Any

from msjax.core.tensor import Tensor


class _Int(int):
    pass


class _Float(float):
    pass


class _Bool(int):  # bool can not be subclassed
    def __repr__(self):
        return repr(bool(self))


class _Tuple(tuple):
    pass


class _List(list):
    pass


class _Dict(dict):
    pass


# In the order of asking: a bool is an int too, and so is its mark.
_MARKS = {bool: _Bool, _Bool: _Bool, int: _Int, float: _Float, tuple: _Tuple, list: _List, dict: _Dict}
MARKED = (_Int, _Float)  # the numbers
_PLAIN = {_Bool: bool, _Int: int, _Float: float}


def unmarked(value: Any) -> Any:
    """A number or flag that may be marked, of its builtin type; anything else as it is."""
    plain = _PLAIN.get(type(value))
    return value if plain is None else plain(value)


def mutable(input_data: Any, dynamic_len: bool = False) -> Any:
    """Mark data as variable: a value of its builtin type that compiled functions do not take for a constant.

    Args:
        input_data: bool, int, float, Tensor, or nested tuples, lists and dicts of them.
        dynamic_len: for a list or tuple, whether its length may change.

    Returns:
        Data of the same type and value, marked.

    Raises:
        TypeError: for other data.

    Example:
        >>> ms.mutable([1, 2.0])
        [1, 2.0]
    """
    if not isinstance(dynamic_len, bool):
        raise TypeError(f"For 'mutable', the second input 'dynamic_len' should be bool, but got {dynamic_len!r}.")
    if dynamic_len and not isinstance(input_data, (list, tuple)):
        raise TypeError(
            "For 'mutable', when 'dynamic_len' is True, the first input should be list or tuple, "
            f"but got {type(input_data).__name__}."
        )
    _check(input_data)
    marked = next((mark for kind, mark in _MARKS.items() if isinstance(input_data, kind)), None)
    return input_data if marked is None or isinstance(input_data, marked) else marked(input_data)


def _check(data) -> None:
    """What stands inside of a container keeps its own type, but has to be markable too."""
    if isinstance(data, (dict, list, tuple)):
        for item in data.values() if isinstance(data, dict) else data:
            _check(item)
        return
    if isinstance(data, (Tensor, bool, int, float)):
        return
    raise TypeError(
        "For 'mutable', the 'input_data' should be one of (bool, int, float, Tensor, tuple, list, dict) "
        f"or their nested structures with no self-reference, but got {type(data).__name__}: {data}."
    )
