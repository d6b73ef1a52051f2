"""Rows that wait until somebody says that they may come."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from msjax.dataset.execution import Pass, Run
from msjax.dataset.pipeline import Dataset
from msjax.dataset.rows import Row


class SyncWaitDataset(Dataset):
    """Rows that come in portions: the next one after `sync_update`.

    Args:
        input_dataset (Dataset): where rows come from.
        condition_name (str): the name by which `sync_update` knows it.
        num_batch (int): how many rows a portion has, or batches, if there is a `batch` above.
        callback (function): called by `sync_update`, with its data.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(3), ["x"], shuffle=False).sync_wait("next", callback=print)
        >>> for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True):
        ...     rows.sync_update("next", data=int(row["x"]))
        0
        1
        2
    """

    def __init__(self, input_dataset, condition_name: str, num_batch: int = 1, callback: Callable | None = None):
        super().__init__(input_dataset)
        if condition_name in [waiting.condition_name for waiting in self.children[0]._waiting()]:
            raise RuntimeError("Condition name is already in use.")
        self.condition_name, self.num_batch, self.callback = condition_name, num_batch, callback
        self.gates: weakref.WeakSet[_Gate] = weakref.WeakSet()

    def _open(self, run: Run) -> Pass:
        batch_size = batch_size_above(run.dataset, self)
        before, gate = self.children[0]._open(run), _Gate(self.num_batch, batch_size)
        self.gates.add(gate)
        run.on_stop(gate.open)

        def rows() -> Iterator[Row]:
            for row in before():
                gate.pass_one(run)
                yield row

        return rows

    def _waiting(self) -> Iterator[SyncWaitDataset]:
        yield self
        yield from super()._waiting()

    def _update(self, num_batch: int | None, data: Any) -> None:
        """Let more batches through, as many as it was told if none are said."""
        if self.callback is not None:
            self.callback(data)
        for gate in list(self.gates):
            gate.allow(num_batch or self.num_batch)


class _Gate:
    """Lets as many rows through as were allowed, which is said in batches."""

    def __init__(self, batches: int, batch_size: int):
        self._allowed, self._batch_size = batches * batch_size, batch_size
        self._changed = threading.Condition()

    def pass_one(self, run: Run) -> None:
        with self._changed:
            while self._allowed <= 0 and not run.stopped:
                self._changed.wait()
            self._allowed -= 1

    def allow(self, batches: int) -> None:
        with self._changed:
            self._allowed += batches * self._batch_size
            self._changed.notify_all()

    def open(self) -> None:
        """Wake up who waits: the run is stopped."""
        self.allow(0)


def batch_size_above(dataset: Dataset, below: Dataset) -> int:
    """How many rows of `below` are a row of the pipeline: what `batch` says on the way down to it."""
    if dataset is below or not any(one is below for one in dataset._waiting()):
        return 1
    child = next(child for child in dataset.children if any(one is below for one in child._waiting()))
    own = getattr(dataset, "batch_size", 1)
    if callable(own):
        raise TypeError("For 'sync_wait', a 'batch' after it must have a number for its batch size, not a function.")
    return own * batch_size_above(child, below)
