"""Data sinks: several steps of training in one compiled program, where nobody can tell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.compile.task import Task
from msjax.core import context
from msjax.core.kinds import is_a, takes
from msjax.core.tensor import Tensor, raw
from msjax.nn.cell import Cell

_TOGETHER = 32  # steps in one program: by then what is between steps counts little
_BYTES = 2**26  # of their rows
_TRIES = 3  # programs are there after the first steps, if ever


def check_sink_size(size: Any, owner: str = "") -> None:
    """Raise if that is not how many steps a sink has.

    Raises:
        TypeError: if it is no int.
        ValueError: if it is neither -1 nor positive.
    """
    if not is_a(size, "int"):
        raise TypeError(f"The type of 'sink_size' must be 'int', but got {type(size).__name__!r}.")
    if size < -1 or size == 0:
        raise ValueError(f"{owner}The 'sink_size' must be -1 or positive, but got {size}.")


def tensors_of(row: Any) -> tuple:
    """A row as a tuple of Tensors."""
    values = tuple(row.values()) if isinstance(row, dict) else row if isinstance(row, tuple | list) else (row,)
    return tuple(v if isinstance(v, Tensor) else Tensor(v) for v in values)


class Steps:
    """A step of training, taken over rows.

    Args:
        step: a Cell or function of the columns of a row.
        many: how many steps there usually are, at least; -1 if nobody knows.
        task: of the columns of a row, a call of the step that may run compiled.
    """

    def __init__(self, step: Callable, many: int, task: Callable[[tuple], Task]):
        self._step, self._task = step, task
        self._size, self._failures = _share(many), 0

    def over(self, rows: Iterable) -> Iterator[tuple[int, tuple, Any]]:
        """Take steps. Gives how many were taken at a time, the inputs of the last, and its result."""
        rest, more, error = iter(rows), True, None
        while more and error is None:
            taken, more, error = self._ahead(rest)
            together = self._together(taken) if len(taken) == self._size > 1 else None
            if together is not None:
                yield together
            else:
                for row in taken:
                    inputs = tensors_of(row)
                    yield 1, inputs, self._step(*inputs)
        if error is not None:
            raise error

    def last(self, rows: Iterable) -> Any:
        """Take steps; gives the result of the last."""
        return deque(self.over(rows), maxlen=1).pop()[2]

    def _ahead(self, rows: Iterator) -> tuple[list, bool, Exception | None]:
        """The next rows, whether there may be more, and what was raised in place of another."""
        taken: list = []
        try:
            for row in rows:
                taken.append(row)
                self._size = min(self._size, max(1, _BYTES // max(1, _bytes(row))))
                if len(taken) >= self._size or self._failures >= _TRIES:
                    return taken, True, None
        except Exception as error:
            return taken, False, error
        return taken, False, None  # to ask once more would begin the next epoch

    def _together(self, rows: list) -> tuple[int, tuple, Any] | None:
        """Steps in one program; None if that can not be."""
        columns, inputs, done = _stacked(rows), tensors_of(rows[-1]), None
        if columns is not None and all(c.dtype == raw(t).dtype for c, t in zip(columns, inputs, strict=True)):
            done = self._task(inputs).sunk(columns, {id(cell) for row in rows for cell in row})
        self._failures = self._failures + 1 if done is None else 0
        return None if done is None else (len(rows), inputs, *done)


def steps_of(network: Cell, many: int) -> Steps:
    """The steps of a Cell that trains."""
    return Steps(network, many, lambda inputs: network._as_task(inputs, {}))


def _share(many: int) -> int:
    """How many steps are taken together, of so many that few are left over."""
    return _TOGETHER if many < 0 else max(1, many // -(-many // _TOGETHER))


def _stacked(rows: list) -> list | None:
    """The columns of rows, stacked; None if they differ in shape or dtype, or are more than plain arrays."""
    if any(not isinstance(row, tuple | list) for row in rows) or len({*map(len, rows)}) != 1:
        return None
    columns = [_column(cells) for cells in zip(*rows, strict=True)]
    return columns if columns and all(column is not None for column in columns) else None


def _column(cells: tuple) -> np.ndarray | jax.Array | None:
    first = cells[0]
    if type(first) is Tensor:
        if any(type(c) is not Tensor or c._hooks or c._requires_grad or c._view is not None for c in cells):
            return None
        arrays = [*map(raw, cells)]
        alike = all(array.aval == arrays[0].aval for array in arrays)
        return jnp.stack(arrays) if alike else None
    if any(type(c) is not np.ndarray or c.dtype != first.dtype or c.shape != first.shape for c in cells):
        return None
    return np.stack(cells) if first.dtype.kind in "biuf" else None


def _bytes(row: Any) -> int:
    return sum(getattr(cell, "nbytes", 0) for cell in row) if isinstance(row, tuple | list) else 0


def endless(dataset) -> Iterator:
    """The rows of a dataset, as numpy arrays, epoch after epoch.

    Raises:
        RuntimeError: if it has no rows.
    """
    epochs = dataset.create_tuple_iterator(num_epochs=-1, output_numpy=True)
    while True:
        empty = True
        for row in epochs:
            empty = False
            yield row
        if empty:
            raise RuntimeError("The dataset has no rows.")


@takes(sink_size="int > 0")
def data_sink(fn: Callable, dataset, sink_size: int = 1, jit_config=None, input_signature=None) -> Callable[[], Any]:
    """A function whose every call takes the next rows of a dataset and calls `fn` with each.

    After the last row comes the first one, in the order of a new epoch. Where nobody can tell, the calls of `fn` run in
    one compiled program.

    Args:
        fn (function): of the columns of a row; a step of training.
        dataset (Dataset): where rows come from.
        sink_size (int): how many rows a call takes.
        jit_config (JitConfig): if there is one, `fn` is compiled by the rules of graph mode.
        input_signature: accepted for compatibility.

    Returns:
        A function without arguments; it gives what `fn` gives for the last of the rows.

    Raises:
        TypeError, ValueError: if `sink_size` is no int, or not positive.

    Differs from MindSpore: it works on a CPU, too.

    Example:
        >>> rows = ds.NumpySlicesDataset([1.0, 2.0, 3.0, 4.0], ["x"], shuffle=False)
        >>> double = ms.data_sink(lambda x: x * 2, rows, sink_size=2)
        >>> float(double()), float(double()), float(double())
        (4.0, 8.0, 4.0)
    """
    rows = None

    def task(inputs: tuple) -> Task:
        asked = jit_config is not None or context.in_graph()
        return Task(fn, inputs, {}, "data_sink", asked=asked, ruled=asked, at_once=asked)

    steps = Steps(lambda *inputs: task(inputs).run(), sink_size, task)

    def sink_process():
        nonlocal rows
        if rows is None:
            rows = endless(dataset)
        return steps.last(islice(rows, sink_size))

    return sink_process
