"""What sources have in common whose rows are Python's and have numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msjax.dataset.execution import Run
from msjax.dataset.sources.source import MappableDataset


class NumberedDataset(MappableDataset):
    """Base of these sources: there must be a row, and as many must come as was told.

    A sampler that gives others, as a SubsetSampler with more indices than there are rows, is an error at their end.
    """

    _own_names: list[str]

    def _columns(self) -> list[str]:
        self._has_rows()
        return self._own_names

    def _count(self) -> int:
        self._has_rows()
        return super()._count()

    def _has_rows(self) -> None:
        if self._length() == 0:
            raise RuntimeError(f"The source of {type(self).__name__} has no rows: there must be at least one.")

    def _numbers(self, run: Run, count: int) -> Callable:
        self._has_rows()
        epoch, told = super()._numbers(run, count), self._count()

        def numbers() -> Iterator[int]:
            chosen = epoch()
            yield from chosen
            if told and len(chosen) != told:
                raise RuntimeError(
                    f"The sampler of {type(self).__name__} gives {len(chosen)} rows, but should give {told}: no more "
                    "than there are, and as many as its 'num_samples' says."
                )

        return numbers
