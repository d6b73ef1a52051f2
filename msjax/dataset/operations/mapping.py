"""Functions of rows: columns computed from columns, and rows chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msjax.core.kinds import check
from msjax.dataset import config
from msjax.dataset.callback import Callbacks
from msjax.dataset.config import ErrorSamplesMode
from msjax.dataset.execution import Pass, Run
from msjax.dataset.gathering import Cells, Gathered, Gathering, evenly, of_rows, transform_of_stacked
from msjax.dataset.listing import exchanged
from msjax.dataset.operations.columns import as_names, position
from msjax.dataset.operations.workers import Workers, failed
from msjax.dataset.pipeline import Dataset
from msjax.dataset.rows import Row, cell
from msjax.dataset.worker import name_of


class _Hooked:
    """An operation with the debug hooks before and after it."""

    def __init__(self, operation, hooks: list):
        self.operation, self.hooks = operation, hooks

    def __call__(self, *values):
        result = self.operation(*values)
        for hook in self.hooks:
            hook.prev_op_name = name_of(self.operation)
            hook.compute(*(result if isinstance(result, tuple) else (result,)))
        return result


class MapDataset(Dataset):
    """Each row with columns computed from columns.

    Args:
        input_dataset (Dataset): where rows come from.
        operations (function or list): functions of arrays, applied one after the other. One that gives a tuple gives
            several columns.
        input_columns (str or list[str]): the columns they take; None for the first.
        output_columns (str or list[str]): names of the columns that they give; None for those of `input_columns`. If
            there are as many, they stand in their places, else before all other columns.
        num_parallel_workers (int): how many workers; docs/architecture.md says who runs what.
        python_multiprocessing (bool): whether workers are processes.
        cache, max_rowsize, offload: accepted for compatibility.
        callbacks (DSCallback or list): called before and after rows and epochs.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(3), ["x"], shuffle=False)
        >>> rows = rows.map(lambda x: (x, x * x), "x", ["x", "square"])
        >>> [row["square"].item() for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]
        [0, 1, 4]
    """

    def __init__(
        self, input_dataset, operations=None, input_columns=None, output_columns=None, num_parallel_workers=None,
        python_multiprocessing=False, cache=None, callbacks=None, max_rowsize=None, offload=None,
    ):  # fmt: skip
        super().__init__(input_dataset, num_parallel_workers)
        check("map", "python_multiprocessing", python_multiprocessing, "bool")
        self.operations: list[Any] = list(operations) if isinstance(operations, (list, tuple)) else [operations]
        if not self.operations:
            raise ValueError("For 'map', the 'operations' must not be empty.")
        for operation in self.operations:
            if not callable(operation) or isinstance(operation, type):
                raise ValueError(
                    "For 'map', each of the 'operations' must be a function or an object that can be called, "
                    f"but got: {operation!r:.80}. A function is given without parentheses, a transform with them."
                )
        self.input_columns = as_names("map", "input_columns", input_columns, empty=[])
        self.output_columns = as_names("map", "output_columns", output_columns, empty=None)
        self.python_multiprocessing = python_multiprocessing
        self.callbacks = Callbacks.of(callbacks)
        self.offload = offload

    def _inputs(self) -> list[str]:
        return self.input_columns or self.children[0].get_col_names()[:1]

    def _outputs(self) -> list[str]:
        return self.output_columns or self._inputs()

    def _columns(self) -> list[str]:
        return [name for name, _ in self._layout()]

    def _listing(self) -> list[str]:
        return exchanged(self.children[0]._listing(), self._inputs(), self._outputs())

    def _layout(self) -> list[tuple[str, int]]:
        """The columns of a row, each with its place in what was computed, or, counted from -1 down, in the old row."""
        before, inputs, outputs = self.children[0].get_col_names(), self._inputs(), self._outputs()
        for name in inputs:
            position("map", before, name)
        new = list(zip(outputs, range(len(outputs)), strict=True))
        if len(inputs) != len(outputs):
            rest = [(name, -1 - i) for i, name in enumerate(before) if name not in inputs]
            return [(name, at) for name, at in new if name not in dict(rest)] + rest
        renamed = dict(zip(inputs, new, strict=True))
        layout = [renamed.get(name, (name, -1 - i)) for i, name in enumerate(before)]
        return [(name, at) for name, at in layout if at >= 0 or name not in outputs]

    def _open(self, run: Run) -> Pass:
        names, layout = self.children[0].get_col_names(), self._layout()
        before, takes = self.children[0]._open(run), [names.index(name) for name in self._inputs()]
        places, count = [at for _, at in layout], len(self._outputs())
        watch = self.callbacks.watch(run) if self.callbacks else None
        mode = config.get_error_samples_mode()
        workers = self._workers(run, guarded=mode != ErrorSamplesMode.RETURN)

        def inputs() -> Iterator[tuple[Row, tuple]]:
            for row in before():
                if watch:
                    watch.before_row()
                yield row, tuple([row[i] for i in takes])

        def rows() -> Iterator[Row]:
            good = None  # the last row for which nothing was raised
            if watch:
                watch.before_rows()
            for row, values in workers.over(inputs()):
                if isinstance(values, Exception):
                    if mode == ErrorSamplesMode.REPLACE and good is not None:
                        yield good
                    continue
                if len(values) != count:
                    raise RuntimeError(
                        "Invalid columns, the number of columns returned in 'map' operations should match the number "
                        f"of 'output_columns', but got the number of columns returned in 'map' operations: "
                        f"{len(values)}, the number of 'output_columns': {count}."
                    )
                good = tuple([values[at] if at >= 0 else row[-1 - at] for at in places])
                if watch:
                    watch.after_row()
                yield good

        return rows

    def _gathering(self) -> Gathering | None:
        names, transform = self.children[0].get_col_names(), transform_of_stacked(self.operations)
        watched = self.callbacks or config.debug_hooks() or config.get_debug_mode()
        if transform is None or watched or len(self._inputs()) > 1:
            return None
        at = names.index(self._inputs()[0])
        # The one column that is computed stands where it stood, whatever its name.
        in_place = [place for _, place in self._layout()] == [0 if i == at else -1 - i for i in range(len(names))]
        if not in_place or config.get_error_samples_mode() != ErrorSamplesMode.RETURN:
            return None
        below = self.children[0]._gathering() or of_rows(self.children[0])

        def opened(run: Run) -> Gathered:
            rows, columns = below(run)
            workers, known = self._workers(run, guarded=False), set()

            def each(cells: list) -> list:
                return [cell for _, (cell,) in workers.over((None, (cell,)) for cell in cells)]

            def computed(cells: Cells) -> Cells:
                array = evenly(cells)
                if array is None:
                    return each(list(cells))
                kind = array.shape[1:], array.dtype
                if kind not in known:  # what one of them is good for, all are
                    each([array[0, ...]])
                    known.add(kind)
                return transform(array)

            def replaced(chosen: list) -> list:
                found = columns(chosen)
                found[at] = computed(found[at])
                return found

            return Gathered(rows, replaced)

        return opened

    def _workers(self, run: Run, guarded: bool) -> Workers:
        """What applies the operations; callbacks see rows one by one."""
        hooks, owner = config.debug_hooks(), f"[{name_of(self.operations[-1])}]"
        operations = [_Hooked(operation, hooks) for operation in self.operations] if hooks else self.operations
        count = 1 if self.callbacks else self.num_parallel_workers
        return Workers(
            run, operations, lambda values: tuple([cell(value, owner) for value in values]), count,
            self.python_multiprocessing, "map operation", guarded,
        )  # fmt: skip


class FilterDataset(Dataset):
    """The rows for which a function says so.

    Args:
        input_dataset (Dataset): where rows come from.
        predicate (function): of columns, says whether the row stays.
        input_columns (str or list[str]): the columns it takes; None for all.
        num_parallel_workers (int): how many workers.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(5), ["x"], shuffle=False).filter(lambda x: x > 2)
        >>> rows.get_dataset_size()
        2
    """

    def __init__(self, input_dataset, predicate, input_columns=None, num_parallel_workers=None):
        super().__init__(input_dataset, num_parallel_workers)
        if not callable(predicate):
            raise TypeError("Predicate should be a Python function or a callable Python object.")
        self.predicate = predicate
        self.input_columns = as_names("filter", "input_columns", input_columns, empty=[])

    @property
    def _counts(self) -> bool:
        return False

    def _open(self, run: Run) -> Pass:
        before, names = self.children[0]._open(run), self.children[0].get_col_names()
        takes = [position("filter", names, name) for name in self.input_columns or names]

        def rows() -> Iterator[Row]:
            for row in before():
                try:
                    stays = bool(self.predicate(*[row[i] for i in takes]))
                except Exception as error:
                    raise failed(f"filter predicate: [{name_of(self.predicate)}]", error) from error
                if stays:
                    yield row

        return rows
