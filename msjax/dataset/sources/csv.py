"""Rows from files with separated values."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.operations.columns import as_names
from msjax.dataset.options import Shuffle
from msjax.dataset.rows import Row
from msjax.dataset.sources.files import FilesDataset, Piece
from msjax.dataset.sources.reading import reading

csv.field_size_limit(2**31 - 1)


class CSVDataset(FilesDataset):
    """The records of files with comma separated values.

    Args:
        dataset_files (str or list[str]): paths or patterns.
        field_delim (str): the character between fields.
        column_defaults (list): a value for each column, whose type is that of the column: int for int32, float for
            float32, str. Columns without one are strings.
        column_names (list[str]): the names of the columns; None for what the first record of each file says.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many files are open at once.
        shuffle (bool or Shuffle): GLOBAL or True for rows and files, FILES for files, False for none.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there are no such files, or the delimiter is no single character.
        RuntimeError: if a record has another number of fields, or a field is not of the type of its column.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        ...     file.write("x,y\\n1,a\\n2,b\\n")
        ...     file.flush()
        ...     rows = ds.CSVDataset(file.name, column_defaults=[0, ""], shuffle=False)
        ...     [(int(x), str(y)) for x, y in rows]
        12
        [(1, 'a'), (2, 'b')]
    """

    def __init__(
        self, dataset_files, field_delim=",", column_defaults=None, column_names=None, num_samples=None,
        num_parallel_workers=None, shuffle=Shuffle.GLOBAL, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        check("CSVDataset", "field_delim", field_delim, "str")
        if len(field_delim) != 1 or field_delim in '"\r\n':
            raise ValueError(f"field_delim is invalid: it must be one character, but got {field_delim!r:.80}.")
        check("CSVDataset", "column_defaults", column_defaults, "None or list")
        for default in column_defaults or ():
            check("CSVDataset", "element of column_defaults", default, "int or float or str")
        super().__init__(dataset_files, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)
        self.field_delim, self.column_defaults = field_delim, column_defaults
        self.column_names = as_names("CSVDataset", "column_names", column_names, empty=None)

    def _columns(self) -> list[str]:
        if self.column_names:
            return self.column_names
        path = self.dataset_files[0]
        with reading(self, path), open(path, encoding="utf-8", newline="") as file:
            return as_names("CSVDataset", "header", next(csv.reader(file, delimiter=self.field_delim), None))

    def _records(self, path: str) -> Iterator[tuple[int, list[str]]]:
        """The records, each with the number of the line at which it ends."""
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.reader(file, delimiter=self.field_delim)
            try:
                records = ((reader.line_num, record) for record in reader if record)
                yield from records if self.column_names else islice(records, 1, None)
            except (csv.Error, UnicodeDecodeError) as error:
                raise RuntimeError(f"Invalid csv, file {path} at line {reader.line_num}: {error}.") from error

    def _read(self, piece: Piece) -> Iterator[Row]:
        names = self.get_col_names()
        types: list[Callable[[str], Any]] = [_TYPES[type(default)] for default in self.column_defaults or ()]
        types += [np.array] * (len(names) - len(types))
        for line, record in islice(self._records(piece.path), piece.start, piece.stop):
            if len(record) != len(names):
                raise RuntimeError(
                    f"Invalid csv, file {piece.path} at line {line}: {len(record)} fields, but {len(names)} columns: "
                    f"{', '.join(names)}."
                )
            try:
                yield tuple([kind(field) for kind, field in zip(types, record, strict=True)])
            except ValueError as error:
                raise RuntimeError(
                    f"Invalid csv, file {piece.path} at line {line}: type does not match column_defaults ({error})."
                ) from error

    def _rows_in(self, path: str) -> int:
        return sum(1 for _ in self._records(path))


_TYPES = {
    int: lambda field: np.array(int(field), np.int32),
    float: lambda field: np.array(float(field), np.float32),
    str: np.array,
}
