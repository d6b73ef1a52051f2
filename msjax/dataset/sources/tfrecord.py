"""Rows from TensorFlow's record files, whose records are protocol buffers of type Example. TensorFlow is not needed.

How they are read stands in `msjax.mindrecord.tfrecord`.
"""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.operations.columns import as_names
from msjax.dataset.options import Shuffle
from msjax.dataset.rows import Row
from msjax.dataset.schema import Schema
from msjax.dataset.sources.files import FilesDataset, Piece
from msjax.mindrecord.tfrecord import Example, parse_example, records


class TFRecordDataset(FilesDataset):
    """The records of TFRecord files: a column for each feature.

    Args:
        dataset_files (str or list[str]): paths or patterns.
        schema (Schema or str): names, dtypes and shapes of the columns, or the path of a file with them. None for the
            features of the first record, in the order of their names: float32, int64, and uint8 for bytes.
        columns_list (list[str]): which columns, and in which order; None for all.
        num_samples (int): how many rows come; None for as many as the schema says, or all.
        num_parallel_workers (int): how many files are open at once.
        shuffle (bool or Shuffle): GLOBAL or True for rows and files, FILES for files, False for none.
        num_shards, shard_id (int): how many shares there are, and which this is.
        shard_equal_rows (bool): whether shares have the same number of rows; else they have whole files.
        cache: accepted for compatibility.
        compression_type (str): "GZIP" or "ZLIB"; None or "" for no compression.

    Raises:
        ValueError: if there are no such files, or no such compression.
        RuntimeError: if a file is none of this format, is truncated or corrupt, or does not fit the schema.
    """

    def __init__(
        self, dataset_files, schema=None, columns_list=None, num_samples=None, num_parallel_workers=None,
        shuffle=Shuffle.GLOBAL, num_shards=None, shard_id=None, shard_equal_rows=False, cache=None,
        compression_type=None,
    ):  # fmt: skip
        super().__init__(dataset_files, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)
        if schema is not None and not isinstance(schema, (str, Schema)):
            raise TypeError(f"schema must be a Schema or a path, but got {schema!r:.80}.")
        check("TFRecordDataset", "shard_equal_rows", shard_equal_rows, "bool")
        if compression_type not in (None, "", "ZLIB", "GZIP"):
            raise ValueError(
                "Input compression_type can only be either '' (no compression), 'ZLIB', or 'GZIP', but got "
                f"'{compression_type}'."
            )
        self.schema = Schema(schema) if isinstance(schema, str) else schema
        self.columns_list = as_names("TFRecordDataset", "columns_list", columns_list, empty=None)
        self.shard_equal_rows, self.compression_type = shard_equal_rows, compression_type
        if self.schema is not None and self.schema.num_rows and not num_samples:
            self.num_samples = self.schema.num_rows

    def _columns(self) -> list[str]:
        known = list(self.schema.columns) if self.schema else sorted(next(self._examples(self.dataset_files[0]), {}))
        for name in self.columns_list or ():
            if name not in known:
                raise RuntimeError(f"Invalid columns_list, tfrecord file failed to find column name: {name}")
        return self.columns_list or known

    def _pieces(self, files: list[str], rows_in: Callable[[str], int]) -> list[Piece]:
        if not self.num_shards or self.shard_equal_rows:
            return super()._pieces(files, rows_in)
        if len(files) < self.num_shards:
            raise RuntimeError(
                "Invalid file, numbers of tfrecord file should not be less than num_shards when shard_equal_rows is "
                f"false, but got numbers of tfrecord file: {len(files)}, num_shards: {self.num_shards}"
            )
        return [Piece(path) for path in files[self.shard_id :: self.num_shards]]

    def _count(self) -> int:
        if not self.num_shards or self.shard_equal_rows:
            return super()._count()
        count = sum(self._rows_in(piece.path) for piece in self._pieces(self.dataset_files, self._rows_in))
        return min(count, self.num_samples or count)

    def _rows_in(self, path: str) -> int:
        with self._file(path) as file:
            return sum(1 for _ in records(file, path))

    def _read(self, piece: Piece) -> Iterator[Row]:
        names, columns = self.get_col_names(), self.schema.columns if self.schema else None
        for number, example in enumerate(islice(self._examples(piece.path), piece.start, piece.stop), piece.start):
            try:
                yield tuple([_column(example, name, columns[name] if columns else None) for name in names])
            except ValueError as error:
                raise RuntimeError(f"Invalid tfrecord file {piece.path}, record {number}: {error}") from error

    def _examples(self, path: str) -> Iterator[Example]:
        with self._file(path) as file:
            for number, record in enumerate(records(file, path)):
                try:
                    yield parse_example(record)
                except (ValueError, struct.error) as error:
                    raise RuntimeError(f"Failed to parse tfrecord file {path}, record {number}: {error}") from error

    def _file(self, path: str) -> BinaryIO:
        if self.compression_type == "GZIP":
            return gzip.open(path)  # type: ignore[return-value]
        if self.compression_type == "ZLIB":
            with open(path, "rb") as file:
                try:
                    return io.BytesIO(zlib.decompress(file.read()))
                except zlib.error as error:
                    raise RuntimeError(f"Invalid tfrecord file {path}: it cannot be decompressed ({error}).") from error
        return open(path, "rb")


def _column(example: Example, name: str, column: dict | None) -> np.ndarray:
    """A feature as the schema has it; without one, bytes are filled up with blanks to the longest."""
    if name not in example:
        raise ValueError(f"Feature name: {name} is required but could not be found in tfrecord file.")
    values = example[name]
    if isinstance(values, list):
        values = _bytes_column(values, column)
    elif column is not None:
        values = values.astype(np.dtype(column["type"])) if column["type"] != "string" else values.astype(str)
    shape = (column or {}).get("shape")
    if shape is None:
        return values
    try:
        return values.reshape(shape)
    except ValueError:
        raise ValueError(
            f"Column shape of {name} defined in schema, {shape}, does not match the {values.size} values there are."
        ) from None


def _bytes_column(values: list[bytes], column: dict | None) -> np.ndarray:
    if column is not None and column["type"] == "string":
        return np.array([value.decode("utf-8") for value in values], str)
    if column is None:
        longest = max(map(len, values), default=0)
        values = [value.ljust(longest) for value in values]
    return np.frombuffer(b"".join(values), np.uint8).copy()
