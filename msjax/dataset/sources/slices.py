"""Rows from arrays in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from msjax.core.kinds import check
from msjax.core.tensor import Tensor
from msjax.dataset.gathering import is_plain
from msjax.dataset.operations.columns import as_names
from msjax.dataset.rows import Row, cell
from msjax.dataset.sources.numbered import NumberedDataset
from msjax.dataset.sources.source import SourceDataset


class NumpySlicesDataset(NumberedDataset):
    """Slices of arrays or lists along their first dimension.

    Args:
        data (list, tuple, dict or numpy.ndarray): one column, several in a tuple, or several by name.
        column_names (str or list[str]): their names; None for the keys of a dict, else `column_0` and so on.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): accepted for compatibility.
        shuffle (bool): whether in random order; None for True.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.

    Raises:
        TypeError: if `data` is of another type.
        ValueError: if it is empty, columns differ in length, or there are more or fewer names.

    Example:
        >>> rows = ds.NumpySlicesDataset({"x": [1, 2], "y": [0.5, 1.5]}, shuffle=False)
        >>> [(int(x), float(y)) for x, y in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [(1, 0.5), (2, 1.5)]
    """

    def __init__(
        self, data, column_names=None, num_samples=None, num_parallel_workers=1, shuffle=None, sampler=None,
        num_shards=None, shard_id=None,
    ):  # fmt: skip
        check("NumpySlicesDataset", "data", data, "list or tuple or dict or array")
        if len(data) == 0:
            raise ValueError("Argument data cannot be empty")
        columns = list(data.values()) if isinstance(data, dict) else list(data) if isinstance(data, tuple) else [data]
        names = as_names("NumpySlicesDataset", "column_names", column_names, empty=None)
        if names is None:
            names = list(data) if isinstance(data, dict) else [f"column_{i}" for i in range(len(columns))]
        if len(names) != len(columns):
            raise ValueError(
                f"Num of input column names is {len(names)}, but required is {len(columns)} as data is "
                f"{type(data).__name__}."
            )
        columns = [_sequence(column) for column in columns]
        if len({len(column) for column in columns}) > 1:
            raise ValueError(f"Data length in each column is not equal: {[len(column) for column in columns]}.")
        super().__init__(num_parallel_workers, sampler, num_samples, shuffle, num_shards, shard_id)
        self._arrays, self._own_names = columns, names

    def _length(self) -> int:
        return len(self._arrays[0])

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        columns, owner = self._arrays, "NumpySlicesDataset"
        if all(isinstance(column, np.ndarray) and column.dtype.kind in "biuf" for column in columns):
            return len(columns[0]), lambda i: tuple([np.array(column[i]) for column in columns])
        return len(columns[0]), lambda i: tuple([cell(column[i], owner) for column in columns])

    def _slices(self) -> list | None:
        return self._arrays if all(map(is_plain, self._arrays)) else None


def _sequence(column: Any) -> Any:
    """A column that can be indexed; arrays of our own stay with us."""
    if isinstance(column, Tensor):
        return column.asnumpy()
    return column if hasattr(column, "__getitem__") else list(column)


class PaddedDataset(SourceDataset):
    """Rows that fill up a dataset, so that all shares of it have the same size: see `ConcatDataset.use_sampler`.

    Args:
        padded_samples (list[dict]): the rows, each with the columns by name.

    Raises:
        TypeError: if they are no list of dicts.
        ValueError: if they have different columns, or there are none.

    Example:
        >>> rows = ds.NumpySlicesDataset({"x": np.arange(3)}, shuffle=False)
        >>> rows = rows + ds.PaddedDataset([{"x": np.array(-1)}])
        >>> rows.get_dataset_size()
        4
    """

    def __init__(self, padded_samples):
        if not isinstance(padded_samples, list):
            raise TypeError(f"padded_samples must be a list, but got {padded_samples!r:.80}.")
        if not padded_samples:
            raise ValueError("padded_samples cannot be empty.")
        if not all(isinstance(sample, dict) for sample in padded_samples):
            raise TypeError("padded_samples must be a list of dicts.")
        if any(sample.keys() != padded_samples[0].keys() for sample in padded_samples):
            raise ValueError("All samples of padded_samples must have the same columns.")
        super().__init__(1)
        self.padded_samples = padded_samples

    def _columns(self) -> list[str]:
        return list(self.padded_samples[0])

    def _count(self) -> int:
        return len(self.padded_samples)

    def _open(self, run):
        names = self._columns()
        return lambda: (
            tuple([cell(sample[name], "PaddedDataset") for name in names]) for sample in self.padded_samples
        )
