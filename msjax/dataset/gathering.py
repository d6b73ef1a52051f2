"""Batches made of whole arrays at once.

Where rows are slices of arrays, what chooses among them can go by their numbers, and a batch is one look-up in each
array. Transforms that compute the same of stacked rows as of each follow. The batches have the same bits as those that
are stacked of rows, at a small part of the cost, which for small rows is that of Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from msjax.dataset.execution import Run

Columns = list[np.ndarray]


class Gathered(NamedTuple):
    """Rows by number, in one run of a pipeline.

    Attributes:
        numbers: gives those of the next epoch.
        columns: the columns of some rows, stacked, by their numbers.
    """

    numbers: Callable[[], Iterator[int]]
    columns: Callable[[list[int]], Columns]


# Opens a part of a pipeline whose rows can be gathered, as `Dataset._open` does.
Gathering = Callable[[Run], Gathered]


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
