"""mutable: marks numbers and containers as variables of a compiled function, with gradients of their own."""

from __future__ import annotations

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


_NUMBERS = {bool: _Bool, int: _Int, float: _Float}
_SEQUENCES = {tuple: _Tuple, list: _List}


def mutable(input_data, dynamic_len: bool = False):
    """Mark data as variable: a value of its builtin type that compiled functions do not take for a constant.

    Args:
        input_data: bool, int, float, Tensor, or nested tuples, lists and dicts of them.
        dynamic_len: for a list or tuple, whether its length may change.

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
    return _mark(input_data)


def _mark(data):
    if isinstance(data, Tensor):
        return data
    if type(data) in _NUMBERS:
        return _NUMBERS[type(data)](data)
    if isinstance(data, dict):
        return _Dict({k: _mark(v) for k, v in data.items()})
    for kind, marked in _SEQUENCES.items():
        if isinstance(data, kind):
            return marked(_mark(v) for v in data)
    if isinstance(data, (_Int, _Float, _Bool)):
        return data
    raise TypeError(
        "For 'mutable', the 'input_data' should be one of (bool, int, float, Tensor, tuple, list, dict) "
        f"or their nested structures with no self-reference, but got {type(data).__name__}: {data}."
    )
