"""Several datasets as one: side by side, or one after the other."""

from __future__ import annotations

import builtins
import copy
from collections.abc import Iterator
from typing import Any

from msjax.dataset.execution import Pass, Run
from msjax.dataset.operations.ordering import to_the_end
from msjax.dataset.pipeline import Dataset, MappableDataset
from msjax.dataset.rows import Row
from msjax.dataset.samplers import DistributedSampler, RandomSampler, SequentialSampler


class ZipDataset(Dataset):
    """Rows of several datasets, side by side, as many as the shortest has.

    Args:
        datasets (tuple[Dataset]): the datasets, at least two; their columns have different names.

    Example:
        >>> import msjax.dataset as ds
        >>> a, b = ds.NumpySlicesDataset([1, 2], "a"), ds.NumpySlicesDataset([3, 4], "b")
        >>> a.zip(b).get_col_names()
        ['a', 'b']
    """

    def __init__(self, datasets):
        if not isinstance(datasets, tuple):
            raise TypeError(f"For 'zip', the 'datasets' must be a tuple of Datasets, but got {datasets!r:.80}.")
        if len(datasets) < 2:
            raise ValueError("Can't zip empty or just one dataset!")
        super().__init__(_all_datasets("zip", datasets))

    def _columns(self) -> list[str]:
        names: list[str] = []
        for child in self.children:
            for name in child.get_col_names():
                if name in names:
                    raise RuntimeError(f"Invalid data, duplicate column {name} already exists when zipping datasets.")
                names.append(name)
        return names

    def _count(self) -> int | None:
        counts = [child._count() for child in self.children]
        return None if None in counts else min(counts)  # type: ignore[type-var]

    def _open(self, run: Run) -> Pass:
        self.get_col_names()
        before = [to_the_end(child, run) for child in self.children]

        def rows() -> Iterator[Row]:
            for parts in builtins.zip(*[one() for one in before], strict=False):
                yield sum(parts, ())

        return rows


def zip(datasets):
    """Rows of several datasets, side by side: see `ZipDataset`.

    Args:
        datasets (tuple[Dataset]): the datasets, at least two.

    Example:
        >>> import msjax.dataset as ds
        >>> a, b = ds.NumpySlicesDataset([1, 2], "a"), ds.NumpySlicesDataset([3, 4], "b")
        >>> ds.zip((a, b)).get_dataset_size()
        2
    """
    return ZipDataset(datasets)


class ConcatDataset(Dataset):
    """Rows of several datasets, one after the other; their columns have the same names and dtypes.

    Args:
        datasets (list[Dataset]): the datasets.

    Example:
        >>> import msjax.dataset as ds
        >>> a, b = ds.NumpySlicesDataset([1, 2], "a"), ds.NumpySlicesDataset([3], "a")
        >>> (a + b).get_dataset_size()
        3
    """

    def __init__(self, datasets):
        super().__init__(_all_datasets("concat", datasets))
        self._sampler: Any = None

    def use_sampler(self, sampler) -> None:
        """Choose among the rows of all: a share of one of several processes, or in random order.

        With PaddedDataset all shares have the same size. In random order, the rows of each dataset keep theirs.

        Args:
            sampler (DistributedSampler or RandomSampler): it must choose all rows, and a share must not be shuffled.

        Raises:
            TypeError: if it is another sampler.
            ValueError: if it shuffles a share, or chooses a number of samples.
        """
        name = type(sampler).__name__
        if not isinstance(sampler, (DistributedSampler, RandomSampler)):
            raise TypeError(f"The parameter {sampler!r:.80} of concat must be DistributedSampler or RandomSampler!")
        if isinstance(sampler, DistributedSampler) and sampler.is_shuffled():
            raise ValueError("The parameter shuffle of DistributedSampler must be False!")
        if isinstance(sampler, RandomSampler) and sampler.replacement:
            raise ValueError("The parameter replacement of RandomSampler must be False!")
        if sampler.num_samples:
            raise ValueError(f"The parameter num_samples of {name} is not support to be set!")
        self._sampler, self._counted = sampler, None

    def _columns(self) -> list[str]:
        first, *others = [child.get_col_names() for child in self.children]
        if any(other != first for other in others):
            raise RuntimeError(
                "Invalid columns, 'column name' or 'column order' of concat datasets should be the same, but got "
                f"{first} and {next(other for other in others if other != first)}."
            )
        return first

    def _count(self) -> int | None:
        counts = [child._count() for child in self.children]
        if None in counts:
            return None
        count = sum(counts)  # type: ignore[arg-type]
        return self._sampler.size(self, count) if self._sampler else count

    def _open(self, run: Run) -> Pass:
        self.get_col_names()
        share = isinstance(self._sampler, DistributedSampler)
        before = [(_in_order(child) if share else child)._open(run) for child in self.children]
        if isinstance(self._sampler, RandomSampler):
            return self._mixed(run, before)

        def rows() -> Iterator[Row]:
            dtypes: list = []
            for one in before:
                for i, row in enumerate(one()):
                    if i == 0:
                        _check_dtypes(dtypes, row)
                    yield row

        return (lambda: self._share(rows())) if share else rows

    def _share(self, rows: Iterator[Row]) -> Iterator[Row]:
        for i, row in enumerate(rows):
            if i % self._sampler.num_shards == self._sampler.shard_id:
                yield row

    def _mixed(self, run: Run, before: list[Pass]) -> Pass:
        """A random order of all rows says from which dataset the next row comes."""
        counts = [child.get_dataset_size() for child in self.children]
        owners = [number for number, count in enumerate(counts) for _ in range(count)]
        epoch = self._sampler.opened(self, len(owners), run.seed)

        def rows() -> Iterator[Row]:
            rest = [one() for one in before]
            for index in epoch():
                yield next(rest[owners[index]])

        return rows


def _in_order(dataset: Dataset) -> Dataset:
    """The dataset; a source without its sampler."""
    if isinstance(dataset, MappableDataset):
        dataset = copy.copy(dataset)
        dataset.sampler = SequentialSampler()
    return dataset


def _check_dtypes(dtypes: list, row: Row) -> None:
    """Check the first row of a dataset against those of the datasets before it."""
    now = [getattr(part, "dtype", None) for part in row]
    now = [dtype.kind if dtype is not None and dtype.kind in "SU" else dtype for dtype in now]
    dtypes[:] = dtypes or now
    for one, other in builtins.zip(dtypes, now, strict=True):
        if one != other:
            raise RuntimeError(
                "Concat: the data types of the two datasets to be concatenated should be the same, but got: "
                f"{one} and {other}."
            )


def _all_datasets(owner: str, datasets) -> list[Dataset]:
    for dataset in datasets:
        if not isinstance(dataset, Dataset):
            raise TypeError(f"For '{owner}', the 'datasets' must be Datasets, but got {dataset!r:.80}.")
    return list(datasets)
