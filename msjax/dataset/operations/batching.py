"""Rows, stacked: by number, padded to one shape, or by length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import signature
from itertools import islice, pairwise
from typing import Any

import numpy as np

from msjax.core.kinds import check, is_a
from msjax.core.tensor import Tensor
from msjax.dataset.execution import Pass, Run
from msjax.dataset.listing import exchanged
from msjax.dataset.operations.columns import as_names, position
from msjax.dataset.operations.workers import Workers, failed
from msjax.dataset.pipeline import Dataset
from msjax.dataset.rows import Row, cell, stacked
from msjax.dataset.worker import name_of

_INT32 = 2147483647


class BatchInfo:
    """What a `per_batch_map` or a function for the batch size is told.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(6), ["x"], shuffle=False)
        >>> rows = rows.batch(lambda info: info.get_batch_num() + 1)
        >>> [row["x"].tolist() for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]
        [[0], [1, 2], [3, 4, 5]]
    """

    def __init__(self, epoch_num: int = 0, batch_num: int = 0):
        self._epoch_num, self._batch_num = epoch_num, batch_num

    def get_epoch_num(self) -> int:
        """The number of the epoch, from 0."""
        return self._epoch_num

    def get_batch_num(self) -> int:
        """The number of the batch in its epoch, from 0."""
        return self._batch_num


class BatchDataset(Dataset):
    """Rows, stacked by some: each column gets a first dimension more.

    Args:
        input_dataset (Dataset): where rows come from.
        batch_size (int or function): how many rows; a function of a BatchInfo is asked before each batch.
        drop_remainder (bool): whether the last rows are left out if they make no full batch.
        num_parallel_workers (int): how many workers `per_batch_map` has.
        per_batch_map (function): of the lists of the arrays of each column and a BatchInfo, gives lists or arrays for
            each column, before they are stacked.
        input_columns (str or list[str]): the columns it takes; None for all.
        output_columns (str or list[str]): names of the columns that it gives; None for those of `input_columns`.
        python_multiprocessing (bool): whether workers are processes.
        max_rowsize: accepted for compatibility.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(5), ["x"], shuffle=False).batch(2, drop_remainder=True)
        >>> [row["x"].tolist() for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]
        [[0, 1], [2, 3]]
    """

    def __init__(
        self, input_dataset, batch_size, drop_remainder=False, num_parallel_workers=None, per_batch_map=None,
        input_columns=None, output_columns=None, python_multiprocessing=False, max_rowsize=None,
    ):  # fmt: skip
        super().__init__(input_dataset, num_parallel_workers)
        if not is_a(batch_size, "int or function"):
            raise TypeError("batch_size should either be an int or a callable.")
        if not callable(batch_size):
            check("batch", "batch_size", batch_size, f"int [1, {_INT32}]")
        check("batch", "drop_remainder", drop_remainder, "bool")
        check("batch", "python_multiprocessing", python_multiprocessing, "bool")
        if per_batch_map is not None and not callable(per_batch_map):
            raise ValueError(f"For 'batch', the 'per_batch_map' must be a function, but got {per_batch_map!r:.80}.")
        if per_batch_map is None and (input_columns or output_columns):
            raise ValueError("For 'batch', columns are named for a 'per_batch_map', but there is none.")
        self.batch_size: Any = batch_size
        self.drop_remainder, self.per_batch_map = drop_remainder, per_batch_map
        self.input_columns = as_names("batch", "input_columns", input_columns, empty=[])
        takes = len(signature(per_batch_map).parameters) if per_batch_map and self.input_columns else 0
        if takes and takes != len(self.input_columns) + 1:
            raise ValueError(
                "The signature of per_batch_map should match with input columns: it takes the list of each, and a "
                "BatchInfo."
            )
        self.output_columns = as_names("batch", "output_columns", output_columns, empty=None)
        self.python_multiprocessing = python_multiprocessing

    def get_batch_size(self) -> int:
        self.get_col_names()
        return -1 if callable(self.batch_size) else self.batch_size

    @property
    def _counts(self) -> bool:
        return not callable(self.batch_size)

    def _count(self) -> int:
        before = self.children[0].get_dataset_size()
        return before // self.batch_size if self.drop_remainder else -(-before // self.batch_size)

    def _inputs(self) -> list[str]:
        return self.input_columns or self.children[0].get_col_names()

    def _outputs(self) -> list[str]:
        return self.output_columns or self._inputs()

    def _columns(self) -> list[str]:
        before, inputs, outputs = self.children[0].get_col_names(), self._inputs(), self._outputs()
        for name in inputs:
            position("batch", before, name)
        if len(inputs) != len(outputs):
            return outputs + [name for name in self.children[0]._listing() if name not in inputs]
        new = dict(zip(inputs, outputs, strict=True))
        return [new.get(name, name) for name in before]

    def _listing(self) -> list[str]:
        below, inputs, outputs = self.children[0]._listing(), self._inputs(), self._outputs()
        return below if inputs == outputs else exchanged(below, inputs, outputs)

    def _open(self, run: Run) -> Pass:
        plain = self.per_batch_map is None and type(self) is BatchDataset
        gathering = self.children[0]._gathering() if plain else None
        if gathering is not None:
            gathered, names = gathering(run), self.children[0].get_col_names()

            def batch(listed: list) -> Row:
                return tuple(
                    [
                        part if isinstance(part, np.ndarray) else stacked(part, name)
                        for part, name in zip(gathered.columns(listed), names, strict=True)
                    ]
                )

            return lambda: (batch(listed) for _, listed in self._lists(gathered.rows(), run.epoch))
        before, stack = self.children[0]._open(run), self._stack()
        if self.per_batch_map is None:
            return lambda: (stack(listed) for _, listed in self._lists(before(), run.epoch))
        names, inputs, outputs = self.children[0].get_col_names(), self._inputs(), self._outputs()
        columns = self.get_col_names()
        takes = [names.index(name) for name in inputs]
        workers = Workers(
            run, [self.per_batch_map], lambda values: _batches_of(values, outputs), self.num_parallel_workers,
            self.python_multiprocessing, "per_batch_map",
        )  # fmt: skip

        def arguments() -> Iterator[tuple[list[list], tuple]]:
            for info, listed in self._lists(before(), run.epoch):
                cells = list(map(list, zip(*listed, strict=True)))
                yield cells, (*[cells[i] for i in takes], info)

        def rows() -> Iterator[Row]:
            for cells, batches in workers.over(arguments()):
                new, old = dict(zip(outputs, batches, strict=True)), dict(zip(names, cells, strict=True))
                yield tuple([new[name] if name in new else stacked(old[name], name) for name in columns])

        return rows

    def _lists(self, rows: Iterator, epoch: int = 0) -> Iterator[tuple[BatchInfo, list]]:
        """The rows of each batch, or their numbers, as a list."""
        number = 0
        while True:
            info = BatchInfo(epoch, number)
            size = self._size(info)
            listed = list(islice(rows, size))
            if not listed or (self.drop_remainder and len(listed) < size):
                return
            yield info, listed
            number += 1

    def _size(self, info: BatchInfo) -> int:
        if not callable(self.batch_size):
            return self.batch_size
        try:
            size = self.batch_size(info)
        except Exception as error:
            raise failed("The function for the batch size", error) from error
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 1:
            raise RuntimeError(
                f"The function for the batch size should give an integer greater than 0, but got: {size!r}."
            )
        return int(size)

    def _stack(self) -> Callable[[list[Row]], Row]:
        """A function that makes one row of the rows of a batch."""
        names = self.children[0].get_col_names()

        def stack(listed: list[Row]) -> Row:
            return tuple([stacked(list(column), names[i]) for i, column in enumerate(zip(*listed, strict=True))])

        return stack


def _batches_of(values: tuple, names: list[str]) -> Row:
    """The columns that a `per_batch_map` gave.

    Raises:
        ValueError: if there are more or fewer than names.
    """
    if len(values) != len(names):
        raise ValueError(
            "Invalid per_batch_map, the number of columns returned in 'per_batch_map' function should be "
            f"{len(names)} , but got: {len(values)}"
        )
    return tuple([batch_of(part, name, "per_batch_map") for part, name in zip(values, names, strict=True)])


def batch_of(part: Any, column: str, owner: str) -> Any:
    """A column of a batch that a user's function gave: an array, or a list of what is to be stacked."""
    if isinstance(part, (list, tuple)):
        return stacked([cell(value, owner) for value in part], column)
    if isinstance(part, (np.ndarray, Tensor)):
        return cell(part, owner)
    raise TypeError(f"{owner} must give lists or arrays, but it gave {part!r:.80} for column {column!r}.")


class PaddedBatchDataset(BatchDataset):
    """Rows, made equal in shape and stacked by some.

    Args:
        input_dataset (Dataset): where rows come from.
        batch_size (int or function), drop_remainder (bool), num_parallel_workers (int): as for `batch`.
        pad_info (dict): for column names, a shape, in which None stands for the longest of the batch, and the value
            that fills, None for 0 or the empty string; or None for both. `{}` is that for all columns.

    Example:
        >>> rows = ds.GeneratorDataset([(np.ones(1),), (np.ones(2),)], ["x"], shuffle=False)
        >>> rows = rows.padded_batch(2, pad_info={"x": ([None], -1)})
        >>> [row["x"].tolist() for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]
        [[[1.0, -1.0], [1.0, 1.0]]]
    """

    def __init__(self, input_dataset, batch_size, drop_remainder=False, num_parallel_workers=None, pad_info=None):
        super().__init__(input_dataset, batch_size, drop_remainder, num_parallel_workers)
        check_pad_info("padded_batch", pad_info)
        self.pad_info = pad_info

    def _stack(self) -> Callable[[list[Row]], Row]:
        names = self.children[0].get_col_names()
        if self.pad_info is None:
            return super()._stack()
        return padding(names, self.pad_info)


def check_pad_info(owner: str, pad_info: Any) -> None:
    """Check a `pad_info`: a dict of column names, and pairs of a shape and a value, or None."""
    check(owner, "pad_info", pad_info, "None or dict")
    for name, info in (pad_info or {}).items():
        check(owner, "pad_info", name, "str")
        if info is None:
            continue
        if not isinstance(info, (tuple, list)) or len(info) != 2:
            raise TypeError(
                f"For '{owner}', the 'pad_info' of column {name!r} must be a pair of a shape and a value, or None, "
                f"but got {info!r:.80}."
            )
        shape = info[0]
        if shape is not None and not isinstance(shape, (tuple, list)):
            raise TypeError(f"For '{owner}', the shape in 'pad_info' must be a list, but got {shape!r:.80}.")
        for size in shape or ():
            check(owner, "size in pad_info", size, "None or int > 0")


def padding(names: list[str], pad_info: dict) -> Callable[[list[Row]], Row]:
    """A function that pads and stacks rows; None in a shape is the longest of the batch."""
    for name in pad_info:
        if name not in names:
            raise RuntimeError(f"Invalid pad_info, column name: {name} does not exist.")
    infos = [_info(pad_info, name) for name in names]

    def column(name: str, info: tuple[Any, Any] | None, cells: tuple) -> Any:
        if info is None:
            return stacked(list(cells), name)
        shape, value = info
        return stacked(_padded(cells, shape, value), name)

    def stack(listed: list[Row]) -> Row:
        columns = zip(*listed, strict=True)
        return tuple([column(name, info, cells) for name, info, cells in zip(names, infos, columns, strict=True)])

    return stack


def _info(pad_info: dict, name: str) -> tuple[Any, Any] | None:
    """The shape and the value for a column; None if it is not padded."""
    if pad_info and name not in pad_info:
        return None
    shape, value = pad_info.get(name) or (None, None)
    return shape, value


def _padded(cells, shape, value) -> list[np.ndarray]:
    rank = cells[0].ndim
    if shape is not None and len(shape) != rank:
        raise RuntimeError(
            f"Invalid pad_info, rank of pad_shape must be equal to rank of specified column. pad_shapes rank: "
            f"{len(shape)}, column rank: {rank}"
        )
    if any(one.ndim != rank for one in cells):
        raise RuntimeError("Unable to pad: the rows of a batch have different numbers of dimensions.")
    longest = np.array([one.shape for one in cells]).max(axis=0) if rank else ()
    full = tuple(
        size if size is not None else int(longest[i])
        for i, size in enumerate(shape if shape is not None else (None,) * rank)
    )
    return [_fill(one, full, value) for one in cells]


def _fill(one: np.ndarray, shape: tuple[int, ...], value: Any) -> np.ndarray:
    if value is not None and isinstance(value, (str, bytes)) != (one.dtype.kind in "SU"):
        raise RuntimeError(f"Can not pad an array of {one.dtype} with {value!r:.80}: numbers and strings do not mix.")
    if one.shape == shape:
        return one
    if one.dtype.kind in "SU":
        filler = np.array(value or "", one.dtype.kind)
        padded = np.full(shape, filler, np.promote_types(one.dtype, filler.dtype))
    else:
        padded = np.full(shape, value or 0, one.dtype)
    common = tuple(slice(min(size, target)) for size, target in zip(one.shape, shape, strict=True))
    padded[common] = one[common]
    return padded


class BucketBatchByLengthDataset(Dataset):
    """Rows of about the same length, padded and stacked: a batch comes when the bucket of its length is full.

    Args:
        input_dataset (Dataset): where rows come from.
        column_names (list[str]): the columns that are given to `element_length_function`.
        bucket_boundaries (list[int]): lengths at which the next bucket begins, increasing.
        bucket_batch_sizes (list[int]): how many rows a batch of each bucket has: one number more.
        element_length_function (function): gives the length; None for the first dimension of the only column.
        pad_info (dict): how to pad, as for `padded_batch`; None for zeros to the longest.
        pad_to_bucket_boundary (bool): whether None in a shape of `pad_info` is the greatest length of the bucket.
        drop_remainder (bool): whether what is left in the buckets at the end is left out.

    Example:
        >>> rows = ds.GeneratorDataset([(np.ones(n),) for n in (1, 4, 2, 3)], ["x"], shuffle=False)
        >>> rows = rows.bucket_batch_by_length(["x"], [3], [2, 2])
        >>> [row["x"].shape for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]
        [(2, 2), (2, 4)]
    """

    def __init__(
        self, input_dataset, column_names, bucket_boundaries, bucket_batch_sizes, element_length_function=None,
        pad_info=None, pad_to_bucket_boundary=False, drop_remainder=False,
    ):  # fmt: skip
        owner = "bucket_batch_by_length"
        super().__init__(input_dataset)
        check(owner, "column_names", column_names, "list")
        self.column_names = as_names(owner, "column_names", column_names)
        for name, sizes in (("bucket_boundaries", bucket_boundaries), ("bucket_batch_sizes", bucket_batch_sizes)):
            check(owner, name, sizes, "list")
            if not sizes:
                raise ValueError(f"{name} cannot be empty.")
            for size in sizes:
                check(owner, f"element of {name}", size, "int > 0")
        if element_length_function is None and len(self.column_names) != 1:
            raise ValueError("If element_length_function is not specified, exactly one column name should be passed.")
        if element_length_function is not None and not callable(element_length_function):
            raise TypeError("element_length_function object is not callable.")
        if any(one >= other for one, other in pairwise(bucket_boundaries)):
            raise ValueError("bucket_boundaries should be strictly increasing.")
        if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
            raise ValueError("bucket_batch_sizes must contain one element more than bucket_boundaries.")
        check_pad_info(owner, pad_info)
        check(owner, "pad_to_bucket_boundary", pad_to_bucket_boundary, "bool")
        check(owner, "drop_remainder", drop_remainder, "bool")
        self.bucket_boundaries, self.bucket_batch_sizes = bucket_boundaries, bucket_batch_sizes
        self.element_length_function, self.pad_info = element_length_function, pad_info
        self.pad_to_bucket_boundary, self.drop_remainder = pad_to_bucket_boundary, drop_remainder

    @property
    def _counts(self) -> bool:
        return False

    def _columns(self) -> list[str]:
        names = self.children[0].get_col_names()
        for name in self.column_names:
            position("bucket_batch_by_length", names, name)
        padding(names, self.pad_info or {})
        return names

    def _open(self, run: Run) -> Pass:
        before, names = self.children[0]._open(run), self.get_col_names()
        takes = [names.index(name) for name in self.column_names]

        def rows() -> Iterator[Row]:
            buckets: list[list[Row]] = [[] for _ in self.bucket_batch_sizes]
            for row in before():
                number = int(np.searchsorted(self.bucket_boundaries, self._length([row[i] for i in takes]), "right"))
                bucket = buckets[number]
                bucket.append(row)
                if len(bucket) == self.bucket_batch_sizes[number]:
                    yield self._stacked(names, bucket, number)
                    bucket.clear()
            for number, bucket in enumerate(buckets):
                if bucket and not self.drop_remainder:
                    yield self._stacked(names, bucket, number)

        return rows

    def _length(self, cells: list) -> int:
        if self.element_length_function is None:
            return cells[0].shape[0] if cells[0].ndim else 1
        try:
            length = self.element_length_function(*cells)
        except Exception as error:
            raise failed(f"element_length_function: [{name_of(self.element_length_function)}]", error) from error
        if not isinstance(length, (int, np.integer)) or length < 0:
            raise RuntimeError(f"element_length_function must give an integer of at least 0, but got {length!r:.80}.")
        return int(length)

    def _stacked(self, names: list[str], bucket: list[Row], number: int) -> Row:
        pad_info = self.pad_info or {}
        if self.pad_to_bucket_boundary:
            pad_info = {name: info and (self._bounded(info[0], number), info[1]) for name, info in pad_info.items()}
        return padding(names, pad_info)(bucket)

    def _bounded(self, shape, number: int):
        """A shape of `pad_info`, with the greatest length of a bucket in place of None."""
        if shape is None or None not in shape:
            return shape
        if number == len(self.bucket_boundaries):
            raise RuntimeError(
                "Invalid data, requested to pad to bucket boundary failed: a row is at least as long as the last "
                f"of the bucket_boundaries, {self.bucket_boundaries[-1]}."
            )
        return [self.bucket_boundaries[number] - 1 if size is None else size for size in shape]
