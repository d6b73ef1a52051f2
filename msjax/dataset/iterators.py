"""Iterators: the rows of a pipeline as dicts or lists, of Tensors or numpy arrays."""

from __future__ import annotations

import threading
import weakref
from typing import Any

import numpy as np

from msjax.core.kinds import check
from msjax.core.tensor import Tensor
from msjax.dataset import config
from msjax.dataset.execution import Producer, Run

# Columns whose names begin so, of names of files, come only if they are renamed.
_NOTE = "_meta-"


class Iterator:
    """Base of both kinds. A `for` loop over it is an epoch; the next loop is the next epoch.

    Args:
        dataset (Dataset): the pipeline.
        num_epochs (int): how many epochs it is for; -1 for without end.
        output_numpy (bool): whether columns are numpy arrays, in place of Tensors. Strings are numpy arrays always.
        do_copy (bool): accepted for compatibility.

    Raises:
        RuntimeError: for rows after the last epoch, and for what an operation or a source raises.
    """

    def __init__(self, dataset, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool = False):
        name = type(self).__name__
        check(name, "num_epochs", num_epochs, "int [-1, 2147483647]")
        check(name, "output_numpy", output_numpy, "bool")
        check(name, "do_copy", do_copy, "bool")
        if num_epochs == 0:
            raise RuntimeError(f"For '{name}', the 'num_epochs' must be -1 or positive, but got 0.")
        shown = [column for column in dataset.get_col_names() if not column.startswith(_NOTE)]
        if shown != dataset.get_col_names():
            dataset = dataset.project(shown)
        self.dataset, self._names = dataset, shown
        self._as_column = _as_array if output_numpy else _as_tensor
        run = Run(dataset)
        self._producer = Producer(run, dataset._open(run), num_epochs, config.get_prefetch_size())
        self._lock = threading.Lock()
        # Whether dropped or stopped, or the program ends, what works for this iterator ends.
        self.stop = weakref.finalize(self, self._producer.stop)

    def __iter__(self):
        return self

    def __next__(self):
        with self._lock:
            row = self._producer.take()
        return self._shaped(row)

    def _shaped(self, row) -> Any:
        raise NotImplementedError

    def release(self) -> None:
        """Stop: what works for this iterator ends."""
        self.stop()


class DictIterator(Iterator):
    """Rows as dicts, by column name; `Dataset.create_dict_iterator` makes it."""

    def _shaped(self, row) -> dict:
        convert = self._as_column
        return {name: convert(part) for name, part in zip(self._names, row, strict=True)}


class TupleIterator(Iterator):
    """Rows as lists; `Dataset.create_tuple_iterator` makes it.

    Raises:
        RuntimeError: if `columns` names a column that is not there.
    """

    def __init__(self, dataset, columns=None, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool = False):
        if columns is not None:
            dataset = dataset.project(columns)
        super().__init__(dataset, num_epochs, output_numpy, do_copy)

    def _shaped(self, row) -> list:
        return list(map(self._as_column, row))


def _as_array(part: Any) -> Any:
    return part


def _as_tensor(part: Any) -> Any:
    if isinstance(part, np.ndarray) and part.dtype.kind not in "SU":
        return Tensor(part)
    if isinstance(part, dict):
        return {key: _as_tensor(one) for key, one in part.items()}
    return part
