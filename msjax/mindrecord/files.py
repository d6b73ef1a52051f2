"""Reading: a file, which is one shard of several or alone, and its rows."""

from __future__ import annotations

import os
import struct
import weakref
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from msjax.mindrecord.header import BLOB, RAW, Header, Page, damaged, read_header
from msjax.mindrecord.index import read_index
from msjax.mindrecord.messagepack import unpacked


class Shard:
    """A file that is read. It is open as long as this object lives."""

    def __init__(self, path: str):
        self.path = path
        self._number = os.open(path, os.O_RDONLY)
        self._close = weakref.finalize(self, os.close, self._number)
        with open(self._number, "rb", closefd=False) as file:
            self.header: Header = read_header(file, path)
        self._check()

    def _check(self) -> None:
        pages, size = self.header.pages, os.fstat(self._number).st_size
        for page in pages:
            if page.size and self.header.offset(page.number) + page.size > size:
                raise damaged(self.path, "the file ends before the page does", page.number)
        # No row has fewer bytes, so a lying number of rows asks for no memory.
        if self.header.rows * 8 > sum(page.size for page in pages if page.kind == BLOB):
            raise damaged(self.path, f"its pages cannot hold the {self.header.rows} rows that its header says")

    @property
    def paths(self) -> list[str]:
        """Those of all that were written together, which are beside this one.

        Raises:
            RuntimeError: if its header has names that are none of files.
        """
        names = self.header.addresses
        if len(names) == 1:
            return [self.path]
        for name in names:
            if os.path.basename(name) != name or name in ("", ".", ".."):
                raise damaged(self.path, f"its header names the shard {name!r:.80}, which is no name of a file")
        return [os.path.join(os.path.dirname(self.path), name) for name in names]

    @cached_property
    def places(self) -> np.ndarray:
        """Where the rows are: see `read_index`."""
        rows = self.header.rows
        return read_index(self.path, rows) if rows else np.zeros((0, 6), np.int64)

    def __len__(self) -> int:
        return len(self.places)

    def raw(self, row: int) -> dict[str, Any]:
        """The numbers and strings of a row."""
        page, start, stop = self.places[row, :3].tolist()
        content = self._content(RAW, page, start, stop)
        try:
            values = unpacked(content)
        except ValueError as error:
            raise damaged(self.path, f"the fields of row {row} cannot be read ({error})", page) from error
        if missing := set(self.header.schema.raw) - values.keys():
            raise damaged(self.path, f"row {row} has no field {sorted(missing)[0]!r}", page)
        return values

    def blob(self, row: int) -> dict[str, Any]:
        """The bytes and arrays of a row."""
        page, start, stop = self.places[row, 3:].tolist()
        content = self._content(BLOB, page, start, stop)
        try:
            return self.header.schema.unpack(content)
        except ValueError as error:
            raise damaged(self.path, f"the blob of row {row} cannot be read ({error})", page) from error

    def _content(self, kind: str, number: int, start: int, stop: int) -> bytes:
        """What is between two offsets of a page, without the length before it."""
        page = self.page(kind, number, start, stop)
        content = os.pread(self._number, stop - start, self.header.offset(page.number) + start)
        if len(content) < stop - start:
            raise damaged(self.path, "the file ends within the page", number)
        (length,) = struct.unpack_from("<Q", content)
        if length != len(content) - 8:
            raise damaged(self.path, f"a row has the length {length}, but its index says {len(content) - 8}", number)
        return content[8:]

    def page(self, kind: str, number: int, start: int, stop: int) -> Page:
        """The page that has a row between two offsets, as its index says."""
        if not 0 <= number < len(self.header.pages):
            raise damaged(self.path, f"its index names a page that it has not, {number}")
        page = self.header.pages[number]
        if page.kind != kind or not 0 <= start <= stop - 8 or stop > page.size:
            raise damaged(self.path, f"its index says {start} to {stop} of {kind}, which it has not", number)
        return page

    def close(self) -> None:
        """Close the file. It cannot be read any more."""
        self._close()
        self._number = -1


class Files:
    """Several files with the same schema, as one.

    Args:
        paths (str or list[str]): one file, for it and its other shards, or all that are meant.

    Raises:
        ValueError: if one does not exist.
        RuntimeError: if one is no MindRecord file, or of another schema than the first.
    """

    def __init__(self, paths: str | list[str]):
        listed = [paths] if isinstance(paths, str) else list(paths)
        self.shards = [Shard(existing(path)) for path in listed]
        if isinstance(paths, str):
            self._add_others()
        first = self.shards[0].header
        for shard in self.shards[1:]:
            same = (shard.header.schema.fields, shard.header.index) == (first.schema.fields, first.index)
            if not same:
                raise RuntimeError(
                    f"Invalid file, the metadata of mindrecord file: {shard.path} is different from others, please "
                    "make sure all the mindrecord files generated by the same script."
                )
        self.schema, self.index = first.schema, first.index
        self.counts = [len(shard) for shard in self.shards]
        self._ends = np.cumsum(self.counts)

    def _add_others(self) -> None:
        """The files that the first one names, which are beside it."""
        (one,) = self.shards
        own = one.header.shard
        self.shards = [one if i == own else Shard(existing(path)) for i, path in enumerate(one.paths)]

    def check_columns(self, names: Iterable[str]) -> None:
        """Raise RuntimeError if there are no such columns."""
        for name in names:
            if name not in self.schema.fields:
                raise RuntimeError(
                    f"Invalid data, column name: {name} can not found in schema. Please check the 'column_list'."
                )

    def __len__(self) -> int:
        return sum(self.counts)

    def _row(self, number: int) -> tuple[Shard, int]:
        at = int(np.searchsorted(self._ends, number, "right"))
        return self.shards[at], number - int(self._ends[at]) + self.counts[at]

    def read(self, number: int, raw: bool = True, blob: bool = True) -> dict[str, Any]:
        """The fields of a row, by name; with `raw` those that are no bytes or arrays, with `blob` those."""
        shard, row = self._row(number)
        values = shard.raw(row) if raw else {}
        if raw and not self.schema.raw:
            values = {}
        return values | shard.blob(row) if blob and self.schema.blob else values

    def raw_values(self, name: str) -> Iterator[Any]:
        """The values of a field in all rows."""
        return (self.read(number, blob=False)[name] for number in range(len(self)))

    def close(self) -> None:
        for shard in self.shards:
            shard.close()


def existing(path: Any) -> str:
    """A path, checked.

    Raises:
        TypeError: if it is no string.
        ValueError: if there is no such file.
    """
    if not isinstance(path, str):
        raise TypeError(f"path: {path} is not string")
    if not os.path.isfile(path):
        raise ValueError(f"The file {path} does not exist or permission denied!")
    return path
