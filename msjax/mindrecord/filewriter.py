"""FileWriter: MindRecord files, written.

Files get their names when they are complete: until `commit`, they are beside, under names that end in `.partial`.
"""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from msjax import log
from msjax.mindrecord.errors import (
    MRMAddSchemaError,
    MRMDefineIndexError,
    MRMGetMetaError,
    ParamTypeError,
    ParamValueError,
)
from msjax.mindrecord.files import Shard
from msjax.mindrecord.header import HEADER_SIZES, PAGE_SIZES, Header
from msjax.mindrecord.index import SUFFIX, write_index
from msjax.mindrecord.pages import ShardWriter
from msjax.mindrecord.schema import Schema, checked

_PARTIAL = ".partial"
_FORBIDDEN = "\\/:*?\"<>|`&;'"


class FileWriter:
    """Write rows to MindRecord files.

    Args:
        file_name (str): the file; if there are several, their numbers are added to it.
        shard_num (int): how many files share out the rows, from 1 to 1000.
        overwrite (bool): whether files of this name may be replaced.

    Raises:
        ParamValueError: if an argument is wrong.

    Example:
        >>> import os, tempfile
        >>> from msjax.mindrecord import FileWriter
        >>> path = os.path.join(tempfile.mkdtemp(), "data.mindrecord")
        >>> writer = FileWriter(path, shard_num=2)
        >>> writer.set_page_size(2**15)
        >>> schema = {"label": {"type": "int32"}, "x": {"type": "float32", "shape": [-1, 2]}}
        >>> writer.add_schema(schema | {"image": {"type": "bytes"}}, "images")
        >>> writer.add_index(["label"])
        >>> writer.write_raw_data([{"label": 1, "x": np.ones((3, 2), np.float32), "image": b"..."}] * 4)
        >>> writer.commit()
        >>> sorted(os.listdir(os.path.dirname(path)))
        ['data.mindrecord0', 'data.mindrecord0.db', 'data.mindrecord1', 'data.mindrecord1.db']
    """

    def __init__(self, file_name: str, shard_num: int = 1, overwrite: bool = False):
        _check_name(file_name)
        if shard_num is None:
            raise ParamValueError("Parameter shard_num is None.")
        if type(shard_num) is not int:
            raise ParamValueError("Parameter shard_num's type is not int.")
        if not 1 <= shard_num <= 1000:
            raise ParamValueError(f"Parameter shard_num's value: {shard_num} should between 1 and 1000.")
        if not isinstance(overwrite, bool):
            raise ParamValueError("Parameter overwrite's type is not bool.")
        self._paths = (
            [file_name] if shard_num == 1 else [f"{file_name}{_number(i, shard_num)}" for i in range(shard_num)]
        )
        self._overwrite, self._append = overwrite, False
        self.schema: Schema | None = None
        self._index: list[str] = []
        self._sizes: Any = {"header_size": 2**24, "page_size": 2**25}
        self._writers: list[ShardWriter] = []
        self._batches, self._committed = 0, False
        self._unfinished: Any = lambda: None  # removes what is not complete

    @classmethod
    def open_for_append(cls, file_name: str) -> FileWriter:
        """Write more rows to files that exist.

        Args:
            file_name (str): the file, or one of several that were written together.

        Returns:
            FileWriter, which has their schema, and needs no other.

        Raises:
            ParamValueError: if the name is no string.
            RuntimeError: if the file or its index does not exist, or is no MindRecord file.
        """
        _check_name(file_name)
        for path in (file_name, file_name + SUFFIX):
            if not os.path.isfile(path):
                raise RuntimeError(f"The input: {path} is not exists.")
        shard = Shard(file_name)
        writer = cls(file_name, overwrite=True)
        writer._paths, writer._append = shard.paths, True
        writer.schema, writer._index = shard.header.schema, shard.header.index
        return writer

    def add_schema(self, content: dict[str, dict], desc: str | None = None) -> None:
        """Say which fields a row has.

        Args:
            content (dict): by name a dict: `type` is one of int32, int64, float32, float64, string, bytes; `shape`, for
                arrays of numbers, a list of sizes, one of which may be -1.
            desc (str): what is written about it.

        Raises:
            MRMInvalidSchemaError: if `content` is none.
            MRMAddSchemaError: if there is one already.
        """
        fields = checked(content)
        if desc is not None and not isinstance(desc, str):
            raise TypeError(f"desc should be a str, but got {desc!r:.80}.")
        if self.schema is not None:
            raise MRMAddSchemaError()
        self.schema = Schema({name: dict(field) for name, field in fields.items()}, desc or "")

    def add_index(self, index_fields: list[str]) -> None:
        """Say which fields the index has. Without, it has all but arrays and bytes.

        Args:
            index_fields (list[str]): names of fields.

        Raises:
            ParamTypeError: if it is no list of strings.
            MRMDefineIndexError: if one is an array or bytes.
            MRMGetMetaError: if there is no schema yet.
            RuntimeError: if there is no such field, or it is in the index already.
        """
        if not isinstance(index_fields, list) or not index_fields:
            raise ParamTypeError("index_fields", "list")
        if not all(isinstance(name, str) for name in index_fields):
            raise ParamTypeError("index field", "str")
        if self.schema is None:
            raise MRMGetMetaError()
        for name in index_fields:
            if name in self.schema.blob:
                raise MRMDefineIndexError(f"Failed to set field {name} since it's not primitive type.")
            if name not in self.schema.fields:
                raise RuntimeError(f"Invalid input, 'index_fields': {name} can not found in schema.")
            if name[0].isdigit():
                raise MRMDefineIndexError(f"Index field: {name} can't start with a number.")
            if name in self._index:
                raise RuntimeError(f"The 'index_fields': {name} is added repeatedly.")
            self._index.append(name)

    def set_header_size(self, header_size: int) -> None:
        """Set the size of the space for the header, in bytes: from 16 KB to 128 MB; it is 16 MB if not set.

        Raises:
            RuntimeError: if it is out of this range.
        """
        self._set_size("header_size", header_size, HEADER_SIZES)

    def set_page_size(self, page_size: int) -> None:
        """Set the size of a page, in bytes: from 32 KB to 256 MB; it is 32 MB if not set. No row may be longer.

        Raises:
            RuntimeError: if it is out of this range.
        """
        self._set_size("page_size", page_size, PAGE_SIZES)

    def _set_size(self, name: str, size: int, limits: tuple[int, int]) -> None:
        what = name.replace("_", " ")
        if type(size) is not int:
            raise TypeError(f"{name} should be an int, but got {size!r:.80}.")
        if not limits[0] <= size <= limits[1]:
            raise RuntimeError(
                f"Invalid data, {what}: {size} should be in range [{limits[0]} bytes, {limits[1]} bytes]."
            )
        self._sizes[name] = size

    def open_and_set_header(self) -> None:
        """Begin the files, which writing does itself.

        Raises:
            RuntimeError: if there is no schema, or the files exist and may not be replaced.
        """
        if not self._writers:
            self._begin()

    def write_raw_data(self, raw_data: list[dict], parallel_writer: bool = False) -> None:
        """Write rows. Those that do not match the schema are left out, with a warning.

        Args:
            raw_data (list[dict]): rows, each with the values of the fields by name.
            parallel_writer (bool): whether all go to one file, and those of the next call to the next one.

        Raises:
            ParamTypeError: if they are no list of dicts.
            RuntimeError: if no row matches the schema, or one is larger than a page.
        """
        if self._committed:
            raise RuntimeError(
                "Not allowed to call `write_raw_data` on flushed MindRecord files.When creating new MindRecord files, "
                "please remove `commit` before `write_raw_data`. In other cases, when appending to existing MindRecord "
                "files, please call `open_for_append` first and then `write_raw_data`."
            )
        if not isinstance(parallel_writer, bool):
            raise TypeError("The parameter `parallel_writer` must be bool.")
        if not isinstance(raw_data, list):
            raise ParamTypeError("raw_data", "list")
        if not all(isinstance(row, dict) for row in raw_data):
            raise ParamTypeError("raw_data item", "dict")
        self.open_and_set_header()
        rows = self._valid(raw_data)
        if not rows:
            raise RuntimeError(
                "There is no valid data which can be written by 'write_raw_data' to mindrecord file. Please check the "
                "abnormal input data indicated in the warning log above."
            )
        for writer, share in self._shares(rows, parallel_writer):
            writer.write(share)
        self._batches += 1

    def _valid(self, rows: list[dict]) -> list[dict]:
        assert self.schema is not None
        valid = []
        for number, row in enumerate(rows):
            fault = self.schema.fault(row)
            if fault is None:
                valid.append(row)
            else:
                log.warning(f"Row {number} of raw_data is left out: {fault}.")
        return valid

    def _shares(self, rows: list[dict], whole: bool) -> Iterator[tuple[ShardWriter, list[dict]]]:
        """What goes to which file: about the same number of rows to each, in their order."""
        count = len(self._writers)
        if whole:
            yield self._writers[self._batches % count], rows
            return
        each, more = divmod(len(rows), count)
        at = 0
        for i, writer in enumerate(self._writers):
            size = each + (i < more)
            if size:
                yield writer, rows[at : at + size]
            at += size

    def commit(self) -> None:
        """Write headers and indexes, and give the files their names.

        Raises:
            RuntimeError: if there is no schema, or it was called before.
        """
        if self._committed:
            raise RuntimeError("The files are committed already: commit ends their writing, and is called once.")
        self.open_and_set_header()
        spared = sum(writer.spared for writer in self._writers)  # each file has the sum of all
        for writer, path in zip(self._writers, self._paths, strict=True):
            writer.header.spared = max(writer.header.spared + spared, 0)
            writer.finish()
            _begin_file(path + SUFFIX + _PARTIAL, path + SUFFIX if self._append else None)
            write_index(path + SUFFIX + _PARTIAL, os.path.basename(path), writer.header, writer.index_rows())
        for path in self._paths:  # first the old index goes, so that at no time it is beside a new file
            _remove(path + SUFFIX)
            os.replace(path + _PARTIAL, path)
            os.replace(path + SUFFIX + _PARTIAL, path + SUFFIX)
        self._unfinished.detach()
        self._committed, self._writers = True, []

    def abandon(self) -> None:
        """Give up what was not committed, as happens too if the writer is dropped: files not complete are removed."""
        self._unfinished()
        self._writers = []

    def _begin(self) -> None:
        schema = self.schema
        if schema is None:
            raise RuntimeError(
                "Invalid data, schema is not found in header, please use 'add_schema' to add a schema for new "
                "mindrecord files."
            )
        for path in self._paths:
            if not self._overwrite and (os.path.exists(path) or os.path.exists(path + SUFFIX)):
                raise RuntimeError(
                    f"Invalid file, mindrecord files already exist. Please check file path: {path}. If you do not want "
                    "to keep the files, set the 'overwrite' parameter to True and try again."
                )
            if not os.path.isdir(os.path.dirname(path) or "."):
                raise RuntimeError(
                    "Invalid dir, failed to get the realpath of mindrecord file dir. Please check path: "
                    f"{os.path.dirname(path)}"
                )
        self._unfinished = weakref.finalize(self, _remove_partial, self._writers, self._paths)
        try:
            self._writers.extend(self._writer(i, schema) for i in range(len(self._paths)))
        except BaseException:
            self.abandon()
            raise

    def _writer(self, number: int, schema: Schema) -> ShardWriter:
        path = self._paths[number]
        _begin_file(path + _PARTIAL, path if self._append else None)
        if self._append:
            return ShardWriter.over(Shard(path), path + _PARTIAL)
        index = self._index or [name for name in schema.raw if not name[0].isdigit()]  # no name of a column in SQL
        names = [os.path.basename(path) for path in self._paths]
        return ShardWriter(path + _PARTIAL, Header(schema, names, index, shard=number, **self._sizes))


def _number(number: int, count: int) -> str:
    return str(number).zfill(len(str(count - 1)))


def _check_name(name: Any) -> None:
    if name is None or name == "":
        raise ParamValueError("File path is not allowed None or empty!")
    if not isinstance(name, str):
        raise ParamValueError(f"File path: {name} is not string.")
    if any(sign in _FORBIDDEN for sign in os.path.basename(name)):
        raise ParamValueError(f"File name should not contains {_FORBIDDEN}")


def _remove_partial(writers: list[ShardWriter], paths: list[str]) -> None:
    for writer in writers:
        writer.close()
    for path in paths:
        _remove(path + _PARTIAL)
        _remove(path + SUFFIX + _PARTIAL)


def _begin_file(path: str, source: str | None) -> None:
    """Make a file, empty or a copy of another one, in place of what has its name: a link would lead to another file."""
    _remove(path)
    with open(path, "xb") as file:
        if source is not None:
            with open(source, "rb") as whole:
                shutil.copyfileobj(whole, file)


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.remove(path)
