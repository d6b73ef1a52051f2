"""The text of a Tensor, character for character as MindSpore prints it."""

from __future__ import annotations

import numpy as np

_SUMMARY_ABOVE, _EDGE_ITEMS = 1000, 3


def to_str(values: np.ndarray) -> str:
    """`str(tensor)`: numpy's text of the values; bfloat16 in fixed point."""
    if values.dtype.name == "bfloat16":
        return np.array2string(values.astype(np.float32), separator=" ", formatter={"float_kind": lambda v: f"{v:f}"})
    return str(values)


def to_repr(values: np.ndarray, dtype) -> str:
    """`repr(tensor)`, with full precision and the elements in columns."""
    if values.size == 0:
        body = " "
    elif values.ndim == 0:
        body = " " + _scalar(values[()])
    else:
        body = ("\n" if values.ndim > 1 else " ") + _rows(values, _formatter(values), 0)
    return f"Tensor(shape={list(values.shape)}, dtype={dtype}, value={body})"


def _scalar(value) -> str:
    kind = np.asarray(value).dtype.kind
    if kind == "b":
        return str(bool(value))
    if kind in "iu":
        return str(int(value))
    if kind == "c":
        return f"{value.real:g}{value.imag:+g}j"
    return f"{float(value):g}"


def _formatter(values: np.ndarray):
    shown = _shown(values)
    if values.dtype.kind == "f":
        precision = 4 if values.dtype == np.float16 else 8
        width = precision + 7
        return lambda v: f"{v: .{precision}e}".rjust(width) if np.isfinite(v) else f"{v:g}".rjust(width)
    texts = [_scalar(v) for v in shown]
    width = max(map(len, texts))
    return lambda v: _scalar(v).rjust(width)


def _shown(values: np.ndarray) -> np.ndarray:
    """The elements that are printed: all, or those at the edges of each axis."""
    if values.size > _SUMMARY_ABOVE:
        for axis, n in enumerate(values.shape):
            if n > 2 * _EDGE_ITEMS:
                values = np.take(values, [*range(_EDGE_ITEMS), *range(n - _EDGE_ITEMS, n)], axis)
    return values.ravel()


def _rows(values: np.ndarray, text, depth: int, summary: bool | None = None) -> str:
    if summary is None:
        summary = values.size > _SUMMARY_ABOVE
    skip = summary and len(values) > 2 * _EDGE_ITEMS
    items = [*values[:_EDGE_ITEMS], *values[-_EDGE_ITEMS:]] if skip else list(values)
    if values.ndim == 1:
        texts = [text(v) for v in items]
        separator = ", "
    else:
        texts = [_rows(v, text, depth + 1, summary) for v in items]
        separator = ",\n" + " " * (depth + 1)
    if skip:
        texts.insert(_EDGE_ITEMS, "...")
    return "[" + separator.join(texts) + "]"
