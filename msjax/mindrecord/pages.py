"""Rows written to the pages of one file.

Rows come in groups. The blobs of a group are one page, and so its other fields are on one page, which can have several
groups. A group grows, also by what is written later, until one of the two pages would be too small.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from msjax.mindrecord.files import Shard
from msjax.mindrecord.header import BLOB, RAW, Header, Page
from msjax.mindrecord.messagepack import packed


class _Row(NamedTuple):
    fields: bytes
    blob: bytes
    indexed: tuple


class ShardWriter:
    """Writes one file.

    Args:
        path (str): where.
        header (Header): what the file says about itself; pages are added to it.
    """

    def __init__(self, path: str, header: Header):
        self.header, self._path = header, path
        self._file = open(path, "r+b")  # noqa: SIM115 (it is there, and empty)
        self._rows: list[tuple] = []  # what the index says of each
        self.spared = 0  # bytes

    @classmethod
    def over(cls, shard: Shard, copy: str) -> ShardWriter:
        """One that goes on with a file, in a copy of it."""
        writer = cls.__new__(cls)
        writer.header, writer._path, writer._rows, writer.spared = shard.header, copy, [], 0
        for number, (page, start, stop, *blob) in enumerate(shard.places.tolist()):
            fields = shard.raw(number)
            group = shard.page(BLOB, *blob).type_number
            writer._rows.append((number, page, start, stop, group, *blob, *writer._indexed(fields)))
        writer._file = open(copy, "r+b")  # noqa: SIM115
        return writer

    def index_rows(self) -> Iterator[tuple]:
        """Of each row, what the index says of it."""
        return iter(self._rows)

    def write(self, rows: list[dict]) -> None:
        """Add rows, which match the schema.

        Raises:
            RuntimeError: if one is larger than a page.
        """
        groups = self._groups([self._packed(row) for row in rows])
        blobs = [self._write_blobs(i, group) for i, group in enumerate(groups)]
        for (page, places), group in zip(blobs, groups, strict=True):
            target = self._page_for(page.type_number, sum(8 + len(row.fields) for row in group))
            for row, (start, stop) in zip(group, places, strict=True):
                at, end = self._put(target, row.fields)
                number = len(self._rows)
                self._rows.append(
                    (number, target.number, at, end, page.type_number, page.number, start, stop, *row.indexed)
                )

    def finish(self) -> None:
        """Write the header, and close the file."""
        content = self.header.to_bytes()
        self._file.seek(0)
        self._file.write(content)
        self._file.close()

    def close(self) -> None:
        """Close the file as it is."""
        self._file.close()

    def _packed(self, values: dict) -> _Row:
        header = self.header
        fields, blob, spared = header.schema.pack(values)
        self.spared += spared
        row = _Row(packed(fields), blob, self._indexed(fields))
        for content, what in ((row.fields, "raw"), (row.blob, "blob")):
            if len(content) + 8 > header.page_size:
                raise RuntimeError(
                    f"Invalid data, Page size: {header.page_size} is too small to save a {what} row. Please try to use "
                    "the mindrecord api 'set_page_size(value)' to enable larger page size, and the value range is in "
                    "[32768 bytes, 268435456 bytes]."
                )
        return row

    def _indexed(self, fields: dict[str, Any] | None) -> tuple:
        return tuple([fields[name] for name in self.header.index]) if fields else ()

    def _last(self, kind: str) -> Page | None:
        return next((page for page in reversed(self.header.pages) if page.kind == kind), None)

    def _groups(self, rows: list[_Row]) -> list[list[_Row]]:
        """The rows by group; the first are for the last group there is."""
        blob, raw = self._last(BLOB), self._last(RAW)
        sizes = [raw.size - raw.groups[-1][1], blob.size] if blob and raw else [0, 0]
        groups: list[list[_Row]] = [[]] if blob else []
        for row in rows:
            more = [8 + len(row.fields), 8 + len(row.blob)]
            together = [size + one for size, one in zip(sizes, more, strict=True)]
            if groups and max(together) <= self.header.page_size:
                sizes = together
            else:
                groups.append([])
                sizes = more
            groups[-1].append(row)
        return groups

    def _write_blobs(self, number: int, group: list[_Row]) -> tuple[Page, list[tuple[int, int]]]:
        """Write the blobs of a group, the first of which goes on with the last page there is."""
        page = self._last(BLOB)
        if page is None or number or not page.size:
            type_number = 0 if page is None else page.type_number + 1
            rows = 0 if page is None else page.stop
            page = Page(len(self.header.pages), BLOB, type_number, [(0, 0)], 0, rows, rows)
            self.header.pages.append(page)
        places = [self._put(page, row.blob) for row in group]
        page.stop += len(group)
        return page, places

    def _page_for(self, group: int, size: int) -> Page:
        """The page for more of the other fields of a group."""
        page = self._last(RAW)
        if page is None:
            return self._new_page(0, group)
        goes_on = page.groups[-1][0] == group
        if page.size + size <= self.header.page_size:
            if not goes_on:
                page.groups.append((group, page.size))
            return page
        fresh = self._new_page(page.number + 1, group)
        if goes_on and size:
            self._move_last_group(page, fresh)
        return fresh

    def _new_page(self, type_number: int, group: int) -> Page:
        page = Page(len(self.header.pages), RAW, type_number, [(group, 0)])
        self.header.pages.append(page)
        return page

    def _move_last_group(self, page: Page, fresh: Page) -> None:
        """Let the last group of a page be on another one, which has room for more of it."""
        _, offset = page.groups.pop()
        self._file.seek(self.header.offset(page.number) + offset)
        content = self._file.read(page.size - offset)
        self._file.seek(self.header.offset(fresh.number))
        self._file.write(content)
        fresh.size, page.size = page.size - offset, offset
        for i in range(len(self._rows) - 1, -1, -1):
            number, at, start, stop, *rest = self._rows[i]
            if at != page.number or start < offset:
                break
            self._rows[i] = (number, fresh.number, start - offset, stop - offset, *rest)

    def _put(self, page: Page, content: bytes) -> tuple[int, int]:
        """Write to the end of a page."""
        start = page.size
        self._file.seek(self.header.offset(page.number) + start)
        self._file.write(struct.pack("<Q", len(content)) + content)
        page.size += 8 + len(content)
        return start, page.size
