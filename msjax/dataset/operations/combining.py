"""Several datasets as one: side by side, or one after the other."""

from __future__ import annotations

import builtins
import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from msjax.dataset.execution import Pass, Run
from msjax.dataset.listing import listed
from msjax.dataset.operations.batching import BatchDataset
from msjax.dataset.operations.ordering import to_the_end
from msjax.dataset.pipeline import Dataset
from msjax.dataset.rows import Row
from msjax.dataset.samplers import DistributedSampler, RandomSampler, SequentialSampler
from msjax.dataset.sources.source import MappableDataset


class ZipDataset(Dataset):
    """Rows of several datasets, side by side, as many as the shortest has.

    Args:
        datasets (tuple[Dataset]): the datasets, at least two; their columns have different names.

    Example:
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

    def _listing(self) -> list[str]:
        return listed(name for child in self.children for name in child._listing())

    def _count(self) -> int:
        return min(child.get_dataset_size() for child in self.children)

    def _open(self, run: Run) -> Pass:
        self.get_col_names()
        before = [to_the_end(child, child._open(run)) for child in self.children]

        def rows() -> Iterator[Row]:
            for parts in builtins.zip(*[one() for one in before], strict=False):
                yield sum(parts, ())

        return rows


def zip(datasets):
    """Rows of several datasets, side by side: see `ZipDataset`.

    Args:
        datasets (tuple[Dataset]): the datasets, at least two.

    Example:
        >>> a, b = ds.NumpySlicesDataset([1, 2], "a"), ds.NumpySlicesDataset([3, 4], "b")
        >>> ds.zip((a, b)).get_dataset_size()
        2
    """
    return ZipDataset(datasets)


class ConcatDataset(Dataset):
    """Rows of several datasets, one after the other; their columns have the same names and dtypes.

    Args:
        datasets (list[Dataset]): the datasets. Those that do not tell how many rows they have are run to see.

    Raises:
        ValueError: if one has no rows.

    Example:
        >>> a, b = ds.NumpySlicesDataset([1, 2], "a"), ds.NumpySlicesDataset([3], "a")
        >>> (a + b).get_dataset_size()
        3
    """

    def __init__(self, datasets):
        super().__init__(_all_datasets("concat", datasets))
        for number, child in enumerate(self.children):
            if child.get_dataset_size() == 0:
                raise ValueError(
                    f"There are no samples in the dataset number {number}. Please make sure there are valid samples in "
                    "the dataset."
                )
        self._sampler: Any = None

    def use_sampler(self, sampler) -> None:
        """Choose among the rows of all: a share of one of several processes, or in random order.

        With PaddedDataset all shares have the same size. In random order, the rows of each dataset keep theirs.

        Args:
            sampler (DistributedSampler or RandomSampler): it must choose all rows, and a share must not be shuffled.

        Raises:
            TypeError: if it is another sampler, or takes a share of batches.
            ValueError: if it shuffles a share, or chooses a number of samples, or a dataset of which there is to be a
                share has a number of samples.
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
        if isinstance(sampler, DistributedSampler):
            for child in self.children:
                _check_share(child)
        self._sampler = sampler

    def _columns(self) -> list[str]:
        first, *others = [child.get_col_names() for child in self.children]
        if any(other != first for other in others):
            raise RuntimeError(
                "Invalid columns, 'column name' or 'column order' of concat datasets should be the same, but got "
                f"{first} and {next(other for other in others if other != first)}."
            )
        return first

    def _count(self) -> int:
        count = sum(child.get_dataset_size() for child in self.children)
        if isinstance(self._sampler, DistributedSampler):
            return len(range(self._sampler.shard_id, count, self._sampler.num_shards))
        return count

    def _open(self, run: Run) -> Pass:
        self.get_col_names()
        share = isinstance(self._sampler, DistributedSampler)
        before = [(_in_order(child) if share else child)._open(run) for child in self.children]
        if isinstance(self._sampler, RandomSampler):
            return self._mixed(run, before)

        def rows() -> Iterator[Row]:
            kinds: list = []
            for one in before:
                for i, row in enumerate(one()):
                    if i == 0:
                        _check_kinds(kinds, row)
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


def _check_share(dataset: Dataset) -> None:
    """Check a dataset of whose rows, with those of others, there is to be a share."""
    if isinstance(dataset, BatchDataset):
        raise TypeError(f"The parameter {dataset!r:.80} of concat must not be BatchDataset or PaddedBatchDataset!")
    if isinstance(dataset, MappableDataset) and dataset.sampler.get_num_samples():
        raise ValueError(f"The parameter NumSamples of {dataset!r:.80} is not support to be set!")


def _check_kinds(kinds: list, row: Row) -> None:
    """Check the first row of a dataset against those of the datasets before it."""
    now = [(_dtype(part), np.ndim(part)) for part in row]
    kinds[:] = kinds or now
    for (dtype, rank), (other, also) in builtins.zip(kinds, now, strict=True):
        if dtype != other:
            raise RuntimeError(
                "Concat: the data types of the two datasets to be concatenated should be the same, but got: "
                f"{dtype} and {other}."
            )
        if rank != also:
            raise RuntimeError(
                "Concat: the data tensor rank of the two datasets to be concatenated should be the same, but got: "
                f"{rank} and {also}."
            )


def _dtype(part: Any) -> Any:
    """What is compared of a dtype: of strings not how long they are."""
    dtype = getattr(part, "dtype", None)
    return dtype.kind if dtype is not None and dtype.kind in "SU" else dtype


def _all_datasets(owner: str, datasets) -> list[Dataset]:
    for dataset in datasets:
        if not isinstance(dataset, Dataset):
            raise TypeError(f"For '{owner}', the 'datasets' must be Datasets, but got {dataset!r:.80}.")
    return list(datasets)
