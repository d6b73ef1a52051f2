"""What flows through a pipeline: rows, which are tuples of numpy arrays, one for each column.

Numbers, strings, lists and Tensors become arrays where they enter: from sources, and from functions of the user's. They
are copied there, so that nobody's buffer is changed by an operation, and no row by a buffer that is used again. A dict
is passed on, with arrays in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from msjax.core.tensor import Tensor

Row = tuple[Any, ...]

_KINDS = "biufSU"  # numpy's letters for booleans, integers, floats, bytes and strings


def cell(value: Any, owner: str) -> Any:
    """A new array of a value that a source or a user's function, the `owner`, gave.

    Raises:
        TypeError: if no array of numbers or strings can be made of it.
    """
    if type(value) is np.ndarray and value.dtype.kind in _KINDS:
        return value.copy()
    if isinstance(value, dict):
        return {key: cell(one, owner) for key, one in value.items()}
    if value is None:
        raise TypeError(f"{owner} gave None: each column of a row must be a number, a string, a numpy array or a list.")
    if isinstance(value, Tensor):
        value = value.asnumpy()
    try:
        array = np.array(value)
    except ValueError as error:
        raise TypeError(f"{owner} gave {value!r:.80}, of which no array can be made: {error}.") from error
    if array.dtype.kind not in _KINDS:
        raise TypeError(
            f"{owner} gave {value!r:.80} of type {type(value).__name__}: each column of a row must be a number, "
            "a string, a numpy array or a list of these."
        )
    return array


def row(value: Any, count: int, owner: str) -> Row:
    """The row of what a source gave for `count` columns: a tuple, a list, or one value for a single column.

    Raises:
        ValueError: if there are more or fewer values than columns.
    """
    values = value if isinstance(value, (tuple, list)) else (value,)
    if len(values) != count:
        raise ValueError(f"{owner} gave {len(values)} columns in a row, but {count} column names are known.")
    return tuple([cell(part, owner) for part in values])


def stacked(cells: list, column: str) -> Any:
    """The batch of the cells of one column.

    Raises:
        RuntimeError: if their shapes or dtypes differ.
    """
    first = cells[0]
    if isinstance(first, dict):
        return {key: stacked([one[key] for one in cells], f"{column}[{key!r}]") for key in first}
    shape, dtype = first.shape, first.dtype
    for other in cells:
        if other.shape != shape:
            raise RuntimeError(
                f"Cannot batch tensors with different shapes in column {column!r}: the first has shape {shape}, "
                f"another {other.shape}. Use padded_batch, or a per_batch_map that makes them equal."
            )
        if other.dtype is not dtype and other.dtype != dtype and not other.dtype.kind == dtype.kind in ("S", "U"):
            raise RuntimeError(
                f"Cannot batch tensors with different types in column {column!r}: the first has type {dtype}, "
                f"another {other.dtype}."
            )
    if not shape or dtype.kind in "SU":
        return np.array(cells)
    batch = np.empty((len(cells), *shape), dtype)
    for i, one in enumerate(cells):  # half the time of np.array
        batch[i] = one
    return batch
