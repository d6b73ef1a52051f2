"""Sources: datasets that others are made of, and those whose rows have numbers, which samplers choose."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from msjax.core.kinds import check
from msjax.dataset import samplers
from msjax.dataset.execution import Pass, Run
from msjax.dataset.gathering import Gathered, Gathering
from msjax.dataset.pipeline import Dataset
from msjax.dataset.randomness import Twister


class SourceDataset(Dataset):
    """Base of the datasets that others are made of."""

    def __init__(self, num_parallel_workers: int | None = None):
        super().__init__(None, num_parallel_workers)


class MappableDataset(SourceDataset):
    """Base of the sources whose rows have numbers, so that a sampler can choose among them.

    A class defines `_columns()` and `_table()`, which gives the number of rows and a function from a row's number to
    the row; it is called for each run.
    """

    def __init__(
        self, num_parallel_workers=None, sampler=None, num_samples=None, shuffle=None, num_shards=None, shard_id=None
    ):
        super().__init__(num_parallel_workers)
        check(type(self).__name__, "num_samples", num_samples, f"None or int [0, {2**63 - 1}]")
        self.sampler: Any = samplers.select(num_samples, sampler, shuffle, num_shards, shard_id)

    @property
    def has_numbers(self) -> bool:
        """Whether its rows have numbers, as those of all such sources but generators."""
        return True

    def _table(self) -> tuple[int, Callable[[int], Any]]:
        raise NotImplementedError(f"{type(self).__name__} does not say what its rows are.")

    def _length(self) -> int:
        """How many rows there are, whatever the sampler."""
        return self._table()[0]

    def _open(self, run: Run) -> Pass:
        count, row_of = self._table()
        epoch = self._numbers(run, count)
        return lambda: self._over(run, row_of, epoch())

    def _slices(self) -> list | None:
        """The columns as arrays, if rows are slices of such; or None."""
        return None

    def _gathering(self) -> Gathering | None:
        columns = self._slices()
        if columns is None:
            return None

        def opened(run: Run) -> Gathered:
            epoch = self._numbers(run, len(columns[0]))
            return Gathered(lambda: iter(epoch()), lambda numbers: [column[numbers] for column in columns])

        return opened

    def _numbers(self, run: Run, count: int) -> Callable:
        """What gives the numbers of the rows of the next epoch."""
        return self.sampler.opened(self, count, run.seed)

    def _over(self, run: Run, row_of: Callable[[int], Any], indices) -> Iterator:
        return map(row_of, indices)

    def _count(self) -> int:
        return self.sampler.size(self, self._length())

    def _split(self, counts: list[int], seed: int | None) -> list[Dataset]:
        if not self.has_numbers:
            return super()._split(counts, seed)
        order = list(range(sum(counts)))
        if seed is not None:
            Twister(seed).shuffle(order)
        parts: list[Dataset] = []
        for count in counts:
            part = copy.copy(self)
            part.sampler = samplers.SubsetSampler(order[:count])
            part.sampler.add_child(self.sampler)
            parts.append(part)
            del order[:count]
        return parts

    def labels(self) -> list:
        """The class of each row.

        Raises:
            ValueError: if the source has none, or does not know them.
        """
        raise ValueError(f"{type(self).__name__} does not support PKSampler: it knows no class of a row.")

    def add_sampler(self, new_sampler) -> None:
        """Let a sampler order what the present one chooses.

        Args:
            new_sampler (Sampler): the sampler.
        """
        chosen = samplers.as_sampler(new_sampler)
        if self.sampler is not None:
            chosen.add_child(self.sampler)
        self.sampler = chosen

    def use_sampler(self, new_sampler) -> None:
        """Choose rows with another sampler, in place of the present one.

        Args:
            new_sampler (Sampler): the sampler.

        Raises:
            TypeError: if it is None or no sampler.
        """
        if new_sampler is None:
            raise TypeError("Input sampler can not be None.")
        if not isinstance(new_sampler, samplers.BuiltinSampler):
            raise TypeError("Input sampler is not an instance of a sampler.")
        self.sampler = samplers.as_sampler(new_sampler)

    def add_child_sampler(self, sampler) -> None:
        """Let `sampler` choose before the present one."""
        self.sampler.add_child(sampler)
