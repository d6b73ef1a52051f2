"""The beginning of a MindRecord file: its length, as 8 bytes, and JSON, which says what is where.

After it come pages, all of the same size, each with how many of its bytes are used: pages with the blobs of rows, and
pages with the other fields of rows, both in groups of rows whose blobs are on one page.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from msjax.mindrecord.schema import Schema, checked

HEADER_SIZES, PAGE_SIZES = (2**14, 2**27), (2**15, 2**28)
BLOB, RAW = "BLOB_DATA", "RAW_DATA"
_LENGTH = 8
_MOST_SHARDS = 1000


@dataclass
class Page:
    """A page: what it holds, and how much.

    Attributes:
        kind (str): BLOB or RAW.
        type_number (int): of a page of blobs, the number of its group.
        groups (list): of a page of other fields, the numbers of the groups and where they begin.
        first, stop (int): of a page of blobs, the first of its rows and that after its last.
    """

    number: int
    kind: str
    type_number: int
    groups: list[tuple[int, int]]
    size: int = 0
    first: int = 0
    stop: int = 0

    def to_json(self, shard: int) -> dict:
        return {
            "end_row_id": self.stop, "page_id": self.number, "page_size": self.size, "page_type": self.kind,
            "page_type_id": self.type_number, "row_group_ids": [{"id": i, "offset": at} for i, at in self.groups],
            "shard_id": shard, "start_row_id": self.first,
        }  # fmt: skip


@dataclass
class Header:
    """What the header of a file says."""

    schema: Schema
    addresses: list[str]
    index: list[str] = field(default_factory=list)
    header_size: int = 2**24
    page_size: int = 2**25
    shard: int = 0
    spared: int = 0
    pages: list[Page] = field(default_factory=list)

    def offset(self, page: int) -> int:
        """Where a page begins in the file."""
        return self.header_size + page * self.page_size

    @property
    def rows(self) -> int:
        return max((page.stop for page in self.pages if page.kind == BLOB), default=0)

    def to_bytes(self) -> bytes:
        """As it is written.

        Raises:
            RuntimeError: if it is longer than the space for it.
        """
        schema = {"blob_fields": self.schema.blob, "desc": self.schema.desc, "schema": self.schema.fields}
        parts = {
            "header_size": self.header_size,
            "index_fields": [{"index_field": name, "schema_id": 0} for name in self.index] or None,
            "page": [page.to_json(self.shard) for page in self.pages] or None,
            "page_size": self.page_size,
            "compression_size": self.spared,
            "schema": [schema],
            "shard_addresses": self.addresses,
            "shard_id": self.shard,
            "statistics": None,
            "version": "3.0",
        }
        content = ("{" + ",".join(f'"{name}":{_dumped(value)}' for name, value in parts.items()) + "}").encode()
        if len(content) + _LENGTH > self.header_size:
            raise RuntimeError(
                f"The header needs {len(content)} bytes, but there are {self.header_size}: give set_header_size more, "
                "or set_page_size, so that there are fewer pages."
            )
        return struct.pack("<Q", len(content)) + content


def _dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def read_header(file: BinaryIO, path: str) -> Header:
    """The header of a file.

    Raises:
        RuntimeError: if the file has none, or a wrong one; it names the file.
    """
    file.seek(0)
    head = file.read(_LENGTH)
    length = struct.unpack("<Q", head)[0] if len(head) == _LENGTH else 0
    if not 0 < length <= HEADER_SIZES[1]:
        raise damaged(path, "it has no header" if len(head) == _LENGTH else "it ends within the length of its header")
    content = file.read(length)
    if len(content) < length:
        raise damaged(path, "it ends within its header")
    try:
        return _parsed(json.loads(content))
    except RecursionError:
        raise damaged(path, "its header is nested too deeply") from None
    except Exception as error:  # whatever a wrong value leads to
        raise damaged(path, f"its header is wrong ({type(error).__name__}: {error})"[:400]) from error


def damaged(path: str, why: str, page: int | None = None) -> RuntimeError:
    """The error for a file that is none of this format, or no longer."""
    where = path if page is None else f"{path}, page {page}"
    return RuntimeError(f"Invalid file, {where}: {why}. It is no MindRecord file, was cut off, or is corrupt.")


def _parsed(content: Any) -> Header:
    header_size = _whole(content, "header_size", *HEADER_SIZES)
    page_size = _whole(content, "page_size", *PAGE_SIZES)
    (kept,) = content["schema"]
    schema = Schema(checked(kept["schema"]), _text(kept, "desc"))
    if kept["blob_fields"] != schema.blob:
        raise ValueError("blob_fields are not those of the schema")
    index = [_text(one, "index_field") for one in content["index_fields"] or []]
    if set(index) - set(schema.raw):
        raise ValueError("index_fields are none of the schema")
    addresses = [_text(content["shard_addresses"], i) for i in range(len(content["shard_addresses"]))]
    if not 1 <= len(addresses) <= _MOST_SHARDS:
        raise ValueError("shard_addresses should be from 1 to 1000")
    shard = _whole(content, "shard_id", 0, len(addresses) - 1)
    pages = [_page(one, number, page_size) for number, one in enumerate(content["page"] or [])]
    spared = _whole(content, "compression_size", 0, 2**64)
    return Header(schema, addresses, index, header_size, page_size, shard, spared, pages)


def _page(content: dict, number: int, page_size: int) -> Page:
    if content["page_type"] not in (BLOB, RAW) or content["page_id"] != number:
        raise ValueError(f"page {number} is wrong")
    groups = [
        (_whole(group, "id", 0, 2**31), _whole(group, "offset", 0, page_size)) for group in content["row_group_ids"]
    ]
    first = _whole(content, "start_row_id", 0, 2**48)
    return Page(
        number, content["page_type"], _whole(content, "page_type_id", 0, 2**31), groups,
        _whole(content, "page_size", 0, page_size), first, _whole(content, "end_row_id", first, 2**48),
    )  # fmt: skip


def _whole(content: dict, name: str, low: int, high: int) -> int:
    value = content[name]
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{name} should be an integer from {low} to {high}, but is {value!r:.40}")
    return value


def _text(content: Any, name: Any) -> str:
    value = content[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} should be a string, but is {value!r:.40}")
    return value
