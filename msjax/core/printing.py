"""The text of a Tensor, character for character as MindSpore prints it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

# A vector is cut above this many elements; any other array wherever an axis is longer than two edges.
_LONGEST_VECTOR, _EDGE = 1000, 3
# How many elements of a vector stand on one line, by the kind of dtype.
_PER_LINE = {"f": 12, "b": 12, "i": 24, "u": 24}


def to_str(values: np.ndarray) -> str:
    """`str(tensor)`: numpy's text of the values; bfloat16 in fixed point, single floats as numpy 1 had them."""
    if values.dtype.name == "bfloat16":
        return np.array2string(values.astype(np.float32), separator=" ", formatter={"float_kind": lambda v: f"{v:f}"})
    if values.ndim == 0 and values.dtype.kind == "f" and np.isfinite(values):
        value: Any = values[()]
        if value == 0 or 1e-4 <= abs(float(value)) < 1e16:
            return np.format_float_positional(value, unique=True, trim="0")
        return np.format_float_scientific(value, unique=True, trim="-", exp_digits=2)
    return str(values)


def to_repr(values: np.ndarray, dtype: Any, shape: tuple | None = None) -> str:
    """`repr(tensor)`, with full precision and the elements in columns.

    Args:
        shape: what is shown as its shape, if not that of the values.
    """
    if values.ndim == 0:
        body = " " + _scalar(values[()])
    elif values.ndim == 1:
        body = " " + (_vector(values) if values.size else "")
    else:
        body = "\n" + (_rows(values, _formatter(_shown(values)), 0) if values.size else "")
    return f"Tensor(shape={list(values.shape if shape is None else shape)}, dtype={dtype}, value={body})"


def _scalar(value) -> str:
    kind = np.asarray(value).dtype.kind
    if kind == "b":
        return str(bool(value))
    if kind in "iu":
        return str(int(value))
    if kind == "c":
        return f"{value.real:g}{value.imag:+g}j"
    return f"{float(value):g}"


def _formatter(shown: np.ndarray) -> Callable[[Any], str]:
    """Element -> text, all of one width; complex numbers are not aligned."""
    kind = shown.dtype.kind
    if kind == "f":
        precision = 4 if shown.dtype == np.float16 else 8
        width = precision + 7
        return lambda v: f"{v: .{precision}e}".rjust(width) if np.isfinite(v) else f"{v:g}".rjust(width)
    width = {"b": 5, "c": 0}[kind] if kind in "bc" else max(len(_scalar(v)) for v in shown.ravel())
    return lambda v: _scalar(v).rjust(width)


def _vector(values: np.ndarray) -> str:
    if len(values) > _LONGEST_VECTOR:
        return _rows(values, _formatter(_edges(values, 0)), 0)
    text = _formatter(values)
    texts, count = [text(v) for v in values], _PER_LINE.get(values.dtype.kind, len(values))
    lines = [", ".join(texts[i : i + count]) for i in range(0, len(texts), count)]
    full = len(texts) % count == 0 and count in (12, 24)
    return "[" + ", \n ".join(lines) + ("\n ]" if full else "]")


def _edges(values: np.ndarray, axis: int) -> np.ndarray:
    n = values.shape[axis]
    if n <= 2 * _EDGE:
        return values
    return np.take(values, [*range(_EDGE), *range(n - _EDGE, n)], axis)


def _shown(values: np.ndarray) -> np.ndarray:
    for axis in range(values.ndim):
        values = _edges(values, axis)
    return values


def _rows(values: np.ndarray, text: Callable, depth: int) -> str:
    cut = len(values) > 2 * _EDGE
    items = list(_edges(values, 0))
    if values.ndim == 1:
        texts, comma, dots = [text(v) for v in items], ", ", " ... "
    else:
        indent = "\n" + " " * (depth + 1)
        texts, comma, dots = [_rows(v, text, depth + 1) for v in items], "," + indent, f",{indent}...{indent}"
    if not cut:
        return "[" + comma.join(texts) + "]"
    return "[" + comma.join(texts[:_EDGE]) + dots + comma.join(texts[_EDGE:]) + "]"
