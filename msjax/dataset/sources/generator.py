"""Rows from a source of the user's: a generator function, an iterable, or an object with numbered rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from types import GeneratorType
from typing import Any

import numpy as np

from msjax.core.dtype import DType, dtype_to_nptype
from msjax.core.kinds import check
from msjax.dataset.execution import Pass, Run
from msjax.dataset.operations.batching import batch_of
from msjax.dataset.operations.columns import as_names
from msjax.dataset.operations.workers import Workers, failed
from msjax.dataset.rows import Row, row
from msjax.dataset.samplers import PKSampler, as_of_now
from msjax.dataset.schema import Schema
from msjax.dataset.sources.numbered import NumberedDataset
from msjax.dataset.worker import name_of


class GeneratorDataset(NumberedDataset):
    """Rows from Python.

    Args:
        source (object): an object with `__getitem__` and `__len__`, an iterable, or a function that gives an iterator.
            A row is a tuple or a list of the columns, or the value of the only column.
        column_names (str or list[str]): the names of the columns.
        column_types (list[mindspore.dtype]): their dtypes, which are checked; None for no check.
        schema (Schema or str): names and dtypes, in place of the two.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many workers read an object with `__getitem__`.
        shuffle (bool): whether in random order; None for True if the source has `__getitem__`.
        sampler (Sampler or Iterable): which rows come, and in which order; needs `__getitem__`.
        num_shards, shard_id (int): how many shares there are, and which this is; need `__getitem__`.
        python_multiprocessing (bool): whether workers are processes. Without being asked for they are threads.
        max_rowsize: accepted for compatibility.
        batch_sampler (Iterable): gives lists of the numbers of rows which are a batch.
        collate_fn (function): makes a batch of the list of its rows.

    Raises:
        TypeError: if `source` is none of these.
        ValueError: if there are no names of columns, or arguments contradict each other.

    Example:
        >>> def squares():
        ...     for n in range(3):
        ...         yield n, n * n
        >>> rows = ds.GeneratorDataset(squares, ["n", "square"])
        >>> [(int(n), int(square)) for n, square in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [(0, 0), (1, 1), (2, 4)]

    Differs from MindSpore: the default of `python_multiprocessing` is None, for threads.
    """

    def __init__(
        self, source, column_names=None, column_types=None, schema=None, num_samples=None, num_parallel_workers=1,
        shuffle=None, sampler=None, num_shards=None, shard_id=None, python_multiprocessing=None, max_rowsize=None,
        batch_sampler=None, collate_fn=None,
    ):  # fmt: skip
        if not (callable(source) or hasattr(source, "__getitem__") or hasattr(source, "__iter__")):
            raise TypeError(
                "Input `source` function of GeneratorDataset should be callable, iterable or random accessible, "
                "commonly it should implement one of the method like yield, __getitem__ or __next__(__iter__), but got "
                f"{source!r:.80}."
            )
        numbered = hasattr(source, "__getitem__") and hasattr(source, "__len__")
        _check_arguments(numbered, sampler, num_shards, shuffle, batch_sampler, collate_fn)
        names, dtypes = _names_and_dtypes(column_names, column_types, schema)
        if batch_sampler is not None:
            shuffle = False
        super().__init__(
            num_parallel_workers, sampler, num_samples, shuffle if numbered else False, num_shards, shard_id
        )
        if isinstance(sampler, PKSampler):
            raise ValueError("GeneratorDataset doesn't support PKSampler.")
        check("GeneratorDataset", "python_multiprocessing", python_multiprocessing, "None or bool")
        self.source: Any = source
        self.num_samples, self.schema = num_samples, schema
        self.python_multiprocessing = python_multiprocessing
        self.batch_sampler: Any = batch_sampler
        self.collate_fn = collate_fn
        self._own_names, self._dtypes, self._numbered = names, dtypes, numbered
        self._once: Any = _Once(source) if isinstance(source, GeneratorType) else None

    @property
    def has_numbers(self) -> bool:
        return self._numbered

    def _has_rows(self) -> None:
        if self._numbered:
            super()._has_rows()

    def _length(self) -> int:
        return len(self.source)

    @property
    def _counts(self) -> bool:
        return self.batch_sampler is not None or hasattr(self.source, "__len__")

    def _count(self) -> int:
        if self.batch_sampler is not None:
            return len(list(as_of_now(self.batch_sampler)))
        if self._numbered:
            return super()._count()
        return min(len(self.source), self.num_samples or len(self.source))

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        make = self._maker()
        return len(self.source), lambda index: make(self.source[index])

    def _open(self, run: Run) -> Pass:
        if self.batch_sampler is not None:
            return partial(self._batches, as_of_now(self.batch_sampler))
        if not self._numbered:
            return self._iterated
        make = self._maker()
        workers = Workers(
            run, [self.source.__getitem__], lambda values: make(*values), self.num_parallel_workers or 1,
            bool(self.python_multiprocessing), "GeneratorDataset", whole=True,
        )  # fmt: skip
        epoch = self._numbers(run, len(self.source))
        return lambda: (row for _, row in workers.over((None, (index,)) for index in epoch()))

    def _maker(self) -> Callable[[Any], Row]:
        """A function that makes a row of what the source gives."""
        names, dtypes = self._own_names, self._dtypes

        def make(value: Any) -> Row:
            made = row(value, len(names), "the source")
            if dtypes is not None:
                _check_dtypes(names, made, dtypes)
            return made

        return make

    def _iterated(self) -> Iterator[Row]:
        """The rows of a source that has no numbers for them."""
        make, left = self._maker(), self.num_samples or -1
        source: Any = self.source
        try:
            opened: Any = self._once or (source() if callable(source) else source)
            values = iter(opened)
            for value in values if left < 0 else islice(values, left):
                yield make(value)
        except Exception as error:
            raise failed(f"The source of GeneratorDataset, [{name_of(self.source)}],", error) from error

    def _batches(self, batch_sampler: Any) -> Iterator[Row]:
        """The batches of a batch sampler."""
        make, names = self._maker(), self._own_names
        try:
            for numbers in batch_sampler:
                rows = [make(self.source[int(number)]) for number in numbers]
                columns = list(map(list, zip(*rows, strict=True)))
                if self.collate_fn is not None:
                    columns = self.collate_fn(*columns)
                    columns = columns if isinstance(columns, tuple) else (columns,)
                yield tuple([batch_of(part, name, "collate_fn") for part, name in zip(columns, names, strict=True)])
        except Exception as error:
            raise failed(f"The source of GeneratorDataset, [{name_of(self.source)}],", error) from error


def _check_dtypes(names: list[str], made: Row, dtypes: list) -> None:
    for name, part, dtype in zip(names, made, dtypes, strict=True):
        if part.dtype != dtype and not part.dtype.kind == dtype.kind == "U":
            raise TypeError(
                f"Column {name!r} should have the type {dtype} of column_types, but the source gave {part.dtype}."
            )


class _Once:
    """A generator, which runs once: what it gave is kept, for who comes later."""

    def __init__(self, generator: GeneratorType):
        self._rest, self._seen = generator, []

    def __iter__(self) -> Iterator:
        i = 0
        while True:
            if i == len(self._seen):
                try:
                    self._seen.append(next(self._rest))
                except StopIteration:
                    return
            yield self._seen[i]
            i += 1


def _check_arguments(numbered: bool, sampler, num_shards, shuffle, batch_sampler, collate_fn) -> None:
    if batch_sampler is not None:
        if not hasattr(batch_sampler, "__iter__") and not hasattr(batch_sampler, "__getitem__"):
            raise TypeError("batch_sampler should have __getitem__ or __iter__ method.")
        if sampler is not None or num_shards is not None or shuffle is not None:
            raise ValueError("batch_sampler is mutually exclusive with shuffle, num_shards, shard_id and sampler.")
    elif collate_fn is not None:
        raise ValueError("batch_sampler must be specified when collate_fn is given.")
    if collate_fn is not None and not callable(collate_fn):
        raise TypeError("collate_fn should be callable.")
    if not numbered and sampler is not None:
        raise ValueError("sampler is not supported if source does not have attribute '__getitem__'.")
    if not numbered and num_shards is not None:
        raise ValueError("num_shards is not supported if source does not have attribute '__getitem__'.")
    if shuffle is not None:
        check("GeneratorDataset", "shuffle", shuffle, "bool")


def _names_and_dtypes(column_names, column_types, schema) -> tuple[list[str], list | None]:
    if schema is not None:
        if not isinstance(schema, (Schema, str)):
            raise TypeError(f"schema should be a Schema or a path, but got {schema!r:.80}.")
        schema = schema if isinstance(schema, Schema) else Schema(schema)
        kinds = [column["type"] for column in schema.columns.values()]
        return list(schema.columns), [np.dtype("U" if kind == "string" else kind) for kind in kinds]
    if column_names is None:
        raise ValueError("Neither columns_names nor schema are provided.")
    names = as_names("GeneratorDataset", "column_names", column_names)
    if column_types is None:
        return names, None
    if not isinstance(column_types, (list, tuple)) or len(column_types) != len(names):
        raise ValueError("column_types should be a list with as many dtypes as there are column_names.")
    return names, [np.dtype(dtype_to_nptype(kind) if isinstance(kind, DType) else kind) for kind in column_types]
