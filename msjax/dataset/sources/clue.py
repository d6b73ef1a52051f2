"""The tasks of CLUE, a benchmark of Chinese: https://github.com/CLUEbenchmark/CLUE."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.options import Shuffle
from msjax.dataset.rows import Row
from msjax.dataset.sources.files import FilesDataset, Piece

_SPANS = "target.span1_index target.span1_text target.span2_index target.span2_text"
# What a record has for training and evaluation, and for the test.
_FIELDS = {
    "AFQMC": ("label sentence1 sentence2", "id sentence1 sentence2"),
    "CMNLI": ("label sentence1 sentence2", "id sentence1 sentence2"),
    "CSL": ("abst id keyword label", "abst id keyword"),
    "IFLYTEK": ("label label_des sentence", "id sentence"),
    "TNEWS": ("keywords label label_desc sentence", "id keywords sentence"),
    "WSC": (f"idx label {_SPANS} text", f"idx {_SPANS} text"),
}


class CLUEDataset(FilesDataset):
    """A task of CLUE: a column for each field of its records, of strings or, for integers, uint32.

    Args:
        dataset_files (str or list[str]): paths or patterns of files with a JSON record in each line.
        task (str): "AFQMC", "CMNLI", "CSL", "IFLYTEK", "TNEWS" or "WSC".
        usage (str): "train", "test" or "eval".
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many files are open at once.
        shuffle (bool or Shuffle): GLOBAL or True for rows and files, FILES for files, False for none.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there are no such files, task or usage.
        RuntimeError: if a line is no record of the task.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        ...     _ = file.write('{"sentence1": "a", "sentence2": "b", "label": "0"}')
        ...     file.flush()
        ...     [[str(x) for x in row] for row in ds.CLUEDataset(file.name, task="AFQMC", usage="train")]
        [['0', 'a', 'b']]
    """

    def __init__(
        self, dataset_files, task="AFQMC", usage="train", num_samples=None, num_parallel_workers=None,
        shuffle=Shuffle.GLOBAL, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        check("CLUEDataset", "task", task, "str")
        if task not in _FIELDS:
            raise ValueError(f"For 'CLUEDataset', the 'task' must be one of {list(_FIELDS)}, but got {task!r:.80}.")
        if usage not in ("train", "test", "eval"):
            raise ValueError(
                f"For 'CLUEDataset', the 'usage' must be 'train', 'test' or 'eval', but got {usage!r:.80}."
            )
        super().__init__(dataset_files, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)
        self.task, self.usage = task, usage
        self._fields = [field.split(".") for field in _FIELDS[task][usage == "test"].split()]

    def _columns(self) -> list[str]:
        return [field[-1] for field in self._fields]

    def _read(self, piece: Piece) -> Iterator[Row]:
        for number, line in islice(_lines(piece.path), piece.start, piece.stop):
            try:
                record = json.loads(line)
                yield tuple([_cell(_value(record, field)) for field in self._fields])
            except (ValueError, KeyError, TypeError) as error:
                raise RuntimeError(
                    f"Invalid json, file {piece.path} at line {number} is no record of {self.task}: {error!r}."
                ) from error

    def _rows_in(self, path: str) -> int:
        return sum(1 for _ in _lines(path))


def _lines(path: str) -> Iterator[tuple[int, str]]:
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line


def _value(record: dict, field: list[str]):
    for key in field:
        record = record[key]
    return record


def _cell(value) -> np.ndarray:
    if isinstance(value, int) and 0 <= value < 2**32 and not isinstance(value, bool):
        return np.array(value, np.uint32)
    if isinstance(value, (str, list)):
        return np.array(value, np.str_)
    raise ValueError(f"{value!r:.80} is neither a text, nor a list of them, nor an int")
