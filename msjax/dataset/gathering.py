"""Batches made of whole arrays at once.

Where rows are slices of arrays, what chooses among them can go by their numbers, and a batch is one look-up in each
array. Transforms that compute the same of stacked rows as of each follow; rows of other sources are stacked before
these. The batches have the same bits as those that are stacked of transformed rows, at a small part of the cost, which
for small rows is that of Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from msjax.dataset.execution import Run
from msjax.dataset.rows import stacked

# Those of one column in some rows: stacked, or a list of them.
Cells = np.ndarray | list


class Gathered(NamedTuple):
    """Rows that become columns, in one run of a pipeline.

    Attributes:
        rows: gives those of the next epoch, or numbers that stand for them.
        columns: the columns of some of these.
    """

    rows: Callable[[], Iterator]
    columns: Callable[[list], list[Cells]]


# Opens a part of a pipeline whose rows can be gathered, as `Dataset._open` does.
Gathering = Callable[[Run], Gathered]


def of_rows(dataset) -> Gathering:
    """The rows of a dataset as they are."""

    def opened(run: Run) -> Gathered:
        return Gathered(dataset._open(run), lambda rows: list(map(list, zip(*rows, strict=True))))

    return opened


def evenly(cells: Cells) -> np.ndarray | None:
    """Cells, stacked; None where their shapes or dtypes differ, or they are no plain arrays."""
    if isinstance(cells, np.ndarray):
        return cells
    shape, dtype = getattr(cells[0], "shape", None), getattr(cells[0], "dtype", None)
    even = all(is_plain(one) and one.shape == shape and one.dtype == dtype for one in cells)
    return stacked(cells, "") if even else None


def is_plain(array: object) -> bool:
    """Whether slices of an array are rows as they are."""
    return type(array) is np.ndarray and array.dtype.kind in "biuf" and array.dtype.isnative


def _takes_stacked(operation: object) -> bool:
    """Whether an operation says what it makes of stacked arrays; what is derived from such may compute another."""
    return "_compute_stacked" in vars(type(operation)) and getattr(operation, "implementation", None) is None


def transform_of_stacked(operations: list) -> Callable[[np.ndarray], np.ndarray] | None:
    """What makes of stacked arrays the results of operations for each, stacked; None if there is an operation for which
    nothing does. Whether they take arrays of that shape and dtype is not checked."""
    if not all(map(_takes_stacked, operations)):
        return None

    def transform(stacked: np.ndarray) -> np.ndarray:
        for operation in operations:
            stacked = operation._compute_stacked(stacked)
        return stacked

    return transform
