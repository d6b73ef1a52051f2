"""What sources have in common that read files from front to back: which rows of which file come, and in which order.

As in MindSpore, each worker has every so many-th file, and their rows come in turn; so the order depends on the number
of workers, as nothing else does. The share of one of several processes is a contiguous part of the rows of all files.
"""

from __future__ import annotations

import functools
import glob
from collections.abc import Callable, Iterator
from itertools import count as counting
from itertools import islice, repeat
from pathlib import Path
from typing import Any, NamedTuple

from msjax.core.kinds import check
from msjax.dataset import config
from msjax.dataset.execution import Pass, Run
from msjax.dataset.operations.ordering import through_buffer
from msjax.dataset.options import Shuffle
from msjax.dataset.randomness import Twister, Twister64
from msjax.dataset.rows import Row
from msjax.dataset.samplers import check_shard
from msjax.dataset.sources.reading import reading
from msjax.dataset.sources.source import SourceDataset

_FILES_IN_BUFFER, _MOST_IN_BUFFER = 4, 10000


class Piece(NamedTuple):
    """Some rows of a file: from `start` up to `stop`, or to its end."""

    path: str
    start: int = 0
    stop: int | None = None


class FilesDataset(SourceDataset):
    """Base of these sources. A class defines `_read(piece)`, which gives rows, and `_rows_in(path)`, their number.

    Args:
        dataset_files (str or list[str]): paths or patterns.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many files are open at once.
        shuffle (bool or Shuffle): GLOBAL or True for rows and files, FILES for files, False for none.
        num_shards, shard_id (int): how many shares there are, and which this is.

    Raises:
        ValueError: if there are no such files.
    """

    def __init__(self, dataset_files, num_samples, num_parallel_workers, shuffle, num_shards, shard_id):
        super().__init__(num_parallel_workers)
        owner = type(self).__name__
        check(owner, "num_samples", num_samples, f"None or int [0, {2**63 - 1}]")
        if (num_shards is None) != (shard_id is None):
            raise ValueError("num_shards and shard_id need to be passed in together.")
        if num_shards is not None:
            check_shard(num_shards, shard_id)
        self.dataset_files = find_files(dataset_files)
        self.num_samples, self.num_shards, self.shard_id = num_samples, num_shards, shard_id
        self.shuffle_level = as_shuffle(shuffle)

    def _read(self, piece: Piece) -> Iterator[Row]:
        raise NotImplementedError

    def _rows_in(self, path: str) -> int:
        raise NotImplementedError

    def _number_in(self, path: str) -> int:
        with reading(self, path):
            return self._rows_in(path)

    def _count(self) -> int:
        count = sum(map(self._number_in, self.dataset_files))
        if self.num_shards:
            count = -(-count // self.num_shards)
        return min(count, self.num_samples or count)

    @property
    def _draws_on(self) -> bool:
        return self.shuffle_level == Shuffle.GLOBAL

    def _open(self, run: Run) -> Pass:
        files, draw = list(self.dataset_files), Twister64(run.seed)
        globally = self.shuffle_level == Shuffle.GLOBAL
        # All processes must have the same order of files, so their seeds do not matter for it.
        seeds = counting(1) if self.num_shards else repeat(run.seed)
        rows_in = functools.cache(self._number_in)  # a file is read through to count its rows: once in a run

        def rows() -> Iterator[Row]:
            if self.shuffle_level in (Shuffle.GLOBAL, Shuffle.FILES):
                Twister(next(seeds)).shuffle(files)
            in_turn = self._some(self._in_turn(self._pieces(files, rows_in)))
            if self.num_samples:
                in_turn = islice(in_turn, self.num_samples)
            return through_buffer(in_turn, self._buffer_size(rows_in), draw) if globally else in_turn

        return rows

    def _some(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows, of which there must be one."""
        for first in rows:
            yield first
            yield from rows
            return
        raise RuntimeError(
            f"Invalid data, {type(self).__name__} API can't read the data file (interface mismatch or no data found). "
            f"Check {', '.join(self.dataset_files):.200}"
        )

    def _pieces(self, files: list[str], rows_in: Callable[[str], int]) -> list[Piece]:
        """The rows that are of this share, file by file; what is missing at the end is taken from the beginning."""
        if not self.num_shards:
            return [Piece(path) for path in files]
        counts = [rows_in(path) for path in files]
        return share(files, counts, self.num_shards, self.shard_id)

    def _in_turn(self, pieces: list[Piece]) -> Iterator[Row]:
        workers = min(self.num_parallel_workers or config.get_num_parallel_workers(), len(pieces))
        readers = [self._one_after_the_other(pieces[i::workers]) for i in range(workers)]
        while readers:
            for reader in list(readers):
                row = next(reader, None)
                if row is None:
                    readers.remove(reader)
                else:
                    yield row

    def _one_after_the_other(self, pieces: list[Piece]) -> Iterator[Row]:
        for piece in pieces:
            with reading(self, piece.path):
                yield from self._read(piece)

    def _buffer_size(self, rows_in: Callable[[str], int]) -> int:
        """As many rows as some files of the average length have, of what falls to one process."""
        rows = -(-sum(map(rows_in, self.dataset_files)) // (self.num_shards or 1))
        return max(1, min(_FILES_IN_BUFFER * (rows // len(self.dataset_files)), _MOST_IN_BUFFER))


def share(files: list[str], counts: list[int], num_shards: int, shard_id: int) -> list[Piece]:
    """The share of one of several processes, of the rows of all files."""
    total = sum(counts)
    each = -(-total // num_shards)
    first, last = shard_id * each, (shard_id + 1) * each
    pieces = _between(files, counts, first, min(last, total))
    for again in range(1, 1 + -(-last // max(total, 1))):  # as often as rows run out
        pieces += _between(files, counts, max(first - again * total, 0), min(last - again * total, total))
    return pieces


def _between(files: list[str], counts: list[int], first: int, last: int) -> list[Piece]:
    pieces, before = [], 0
    for path, count in zip(files, counts, strict=True):
        start, stop = max(first - before, 0), min(last - before, count)
        if start < stop:
            pieces.append(Piece(path, start, stop))
        before += count
    return pieces


def find_files(patterns: Any) -> list[str]:
    """The files of paths or patterns, sorted.

    Raises:
        TypeError: if these are no strings.
        ValueError: if there are none, or a pattern matches none.
    """
    listed = [patterns] if isinstance(patterns, str) else patterns
    if not isinstance(listed, (list, tuple)) or not all(isinstance(one, str) for one in listed):
        raise TypeError(f"dataset_files must be a str or a list of them, but got {patterns!r:.80}.")
    if not listed:
        raise ValueError(f"Input dataset_files can not be empty, but got '{patterns}'.")
    found, missing = [], []
    for one in listed:
        matches = [one] if Path(one).is_file() else [path for path in glob.glob(one) if Path(path).is_file()]
        (found if matches else missing).extend(matches or [one])
    if missing:
        raise ValueError(f"The following patterns did not match any files: {missing}.")
    return sorted(found)


def as_shuffle(shuffle: Any) -> Shuffle:
    """How to shuffle, as users say it."""
    if isinstance(shuffle, Shuffle):
        return shuffle
    if shuffle is None or isinstance(shuffle, bool):
        return Shuffle.FALSE if shuffle is False else Shuffle.GLOBAL
    raise TypeError(
        f"shuffle must be of boolean or enum of 'Shuffle' values like 'Shuffle.GLOBAL' or 'Shuffle.FILES', but got "
        f"{shuffle!r:.80}."
    )
