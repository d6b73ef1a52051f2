"""Rows from the lines of text files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from msjax.dataset.options import Shuffle
from msjax.dataset.rows import Row
from msjax.dataset.sources.files import FilesDataset, Piece


class TextFileDataset(FilesDataset):
    """The lines of text files, without empty ones, in the column `text`.

    Args:
        dataset_files (str or list[str]): paths or patterns.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many files are open at once.
        shuffle (bool or Shuffle): GLOBAL or True for rows and files, FILES for files, False for none.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there are no such files.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        ...     file.write("one\\ntwo\\n")
        ...     file.flush()
        ...     [str(text) for text, in ds.TextFileDataset(file.name, shuffle=False)]
        8
        ['one', 'two']
    """

    def __init__(
        self, dataset_files, num_samples=None, num_parallel_workers=None, shuffle=Shuffle.GLOBAL, num_shards=None,
        shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_files, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)

    def _columns(self) -> list[str]:
        return ["text"]

    def _read(self, piece: Piece) -> Iterator[Row]:
        for line in islice(lines(piece.path), piece.start, piece.stop):
            yield (np.array(line),)

    def _rows_in(self, path: str) -> int:
        return sum(1 for _ in lines(path))


def lines(path: str) -> Iterator[str]:
    """The lines of a file that are not empty.

    Raises:
        RuntimeError: if it is not UTF-8.
    """
    with open(path, encoding="utf-8", newline="\n") as file:
        try:
            for line in file:
                text = line.removesuffix("\n")
                if text:
                    yield text
        except UnicodeDecodeError as error:
            raise RuntimeError(f"Invalid text file {path}: it is not UTF-8 ({error}).") from error
