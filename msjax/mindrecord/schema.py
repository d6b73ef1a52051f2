"""What a MindRecord file has in a row: its fields, their types, and how they are kept.

Numbers and strings are kept together, as MessagePack; bytes and arrays, the blob, apart. If there are several in the
blob, each has its length before it. Arrays of integers are kept short: of each integer its width, two bits, then as
many bytes of it.
"""

from __future__ import annotations

import re
import struct
from functools import cached_property
from typing import Any

import numpy as np

from msjax.mindrecord.errors import MRMBuildSchemaError, MRMInvalidSchemaError

_TYPES = ("int32", "int64", "float32", "float64", "string", "bytes")
_ARRAYS = _TYPES[:4]
_NAME = re.compile(r"[0-9a-zA-Z_]+\Z")

# The types of values of a field that is no array; a value may be of no other.
_PYTHON = {
    "int32": (int, np.int32), "int64": (int, np.int64), "float32": (float, np.float32),
    "float64": (float, np.float64), "string": (str,), "bytes": (bytes,),
}  # fmt: skip
_WIDTHS = (1, 2, 4, 8)


class Schema:
    """The fields of a file.

    Args:
        fields (dict): by name, a dict with the `type`, and for arrays the `shape`, in which -1 stands for any size.
        desc (str): what is written about it.
    """

    no_fields: dict | None = {"id": 0}  # noqa: RUF012 (stands for the other fields if there are none)

    def __init__(self, fields: dict[str, dict], desc: str = ""):
        self.fields = {name: fields[name] for name in sorted(fields)}
        self.desc = desc

    @cached_property
    def blob(self) -> list[str]:
        """The fields of the blob."""
        return [name for name, field in self.fields.items() if field["type"] == "bytes" or "shape" in field]

    @cached_property
    def raw(self) -> list[str]:
        """The other fields."""
        return [name for name in self.fields if name not in self.blob]

    def fault(self, values: dict) -> str | None:
        """What is wrong with the values of a row, or None."""
        for name, field in self.fields.items():
            if name not in values:
                return f"field '{name}' is missing"
            value = values[name]
            if "shape" in field:
                if not isinstance(value, np.ndarray) or str(value.dtype) != field["type"]:
                    return f"field '{name}' should be an array of {field['type']}"
                if not _fits(value, field["shape"]):
                    return f"field '{name}' has the shape {value.shape}, which does not match {field['shape']}"
            elif type(value) not in _PYTHON[field["type"]]:
                return f"field '{name}' should be of type {field['type']}, but is {type(value).__name__}"
        if len(self.blob) == 1 and not _size(values[self.blob[0]]):
            return f"field '{self.blob[0]}' is empty, and there is no other field of bytes or arrays"
        return None

    def pack(self, values: dict) -> tuple[dict[str, Any] | None, bytes, int]:
        """The other fields, the blob, and how many bytes were spared in it."""
        others = {name: _plain(values[name]) for name in self.raw} or self.no_fields
        parts, spared = [], 0
        for name in self.blob:
            value = values[name]
            if isinstance(value, np.ndarray):
                content = _short(value) if value.dtype.kind == "i" else value.tobytes()
                spared += value.nbytes - len(content)
            else:
                content = value
            parts.append(content)
        if not parts:
            parts = [bytes(4)]
        elif len(parts) > 1:
            parts = [struct.pack(">Q", len(part)) + part for part in parts]
        return others, b"".join(parts), spared

    def unpack(self, blob: bytes) -> dict[str, Any]:
        """The fields of a blob.

        Raises:
            ValueError: if it is none of this schema.
        """
        names = self.blob
        if len(names) < 2:
            return {name: self._array(name, blob) for name in names}
        values, at = {}, 0
        for name in names:
            if at + 8 > len(blob):
                raise ValueError(f"it ends before field '{name}'")
            (size,) = struct.unpack_from(">Q", blob, at)
            at += 8
            if size > len(blob) - at:
                raise ValueError(f"it ends within field '{name}', which should have {size} bytes")
            values[name] = self._array(name, blob[at : at + size])
            at += size
        if at != len(blob):
            raise ValueError("bytes follow its last field")
        return values

    def _array(self, name: str, content: bytes) -> Any:
        field = self.fields[name]
        if "shape" not in field:
            return content
        dtype = np.dtype(field["type"])
        try:
            if dtype.kind == "i":
                return _long(content, dtype).reshape(field["shape"])
            return np.frombuffer(content, dtype).reshape(field["shape"]).copy()
        except ValueError as error:
            raise ValueError(f"field '{name}' is no array of {dtype} of shape {field['shape']} ({error})") from None


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _size(value: bytes | np.ndarray) -> int:
    return value.size if isinstance(value, np.ndarray) else len(value)


def _fits(value: np.ndarray, shape: list[int]) -> bool:
    try:
        value.reshape(shape)
    except ValueError:
        return False
    return True


def _short(array: np.ndarray) -> bytes:
    values = array.ravel()
    kinds = np.zeros(len(values), np.uint8)
    for width in _WIDTHS[:-1]:
        limit = 2 ** (8 * width - 1)
        kinds += ~((-limit <= values) & (values < limit))
    packed = np.zeros(-(-len(values) // 4) * 4, np.uint8)
    packed[: len(values)] = kinds
    quarters = packed.reshape(-1, 4) << np.array([6, 4, 2, 0], np.uint8)
    all_bytes = values.astype("<i8").view(np.uint8).reshape(-1, 8)
    wanted = np.arange(8) < np.array(_WIDTHS)[kinds][:, None]
    return struct.pack(">I", len(values)) + quarters.sum(1).astype(np.uint8).tobytes() + all_bytes[wanted].tobytes()


def _long(content: bytes, dtype: np.dtype) -> np.ndarray:
    if len(content) < 4:
        raise ValueError("it ends within its length")
    (count,) = struct.unpack_from(">I", content)
    head = 4 + -(-count // 4)
    if head + count > len(content):  # before memory is asked for
        raise ValueError(f"{count} integers need more bytes than there are")
    quarters = np.frombuffer(content, np.uint8, head - 4, 4)
    kinds = (quarters[:, None] >> np.array([6, 4, 2, 0], np.uint8) & 3).ravel()[:count]
    wanted = np.arange(8) < np.array(_WIDTHS)[kinds][:, None]
    if head + np.count_nonzero(wanted) != len(content):
        raise ValueError(f"{count} integers of their widths need other than the {len(content) - head} bytes there are")
    values = np.zeros((count, 8), np.uint8)
    values[wanted] = np.frombuffer(content, np.uint8, offset=head)
    unsigned = values.view("<u8").ravel()
    sign = np.uint64(1) << (8 * np.array(_WIDTHS, np.uint64)[kinds] - np.uint64(1))
    return ((unsigned ^ sign) - sign).view(np.int64).astype(dtype)


def checked(content: Any) -> dict[str, dict]:
    """The fields of a schema as users write them.

    Raises:
        MRMInvalidSchemaError: if they are none.
        MRMBuildSchemaError: if more than one size of a shape is open.
    """
    if not content:
        raise MRMInvalidSchemaError("Schema content is empty.")
    if not isinstance(content, dict):
        raise MRMInvalidSchemaError("Schema content should be dict.")
    for name, field in content.items():
        if not isinstance(name, str):
            raise TypeError(f"the name of a field should be a str, but got {name!r:.80}")
        if not _NAME.match(name):
            raise MRMInvalidSchemaError(f"Field '{name}' should be composed of '0-9' or 'a-z' or 'A-Z' or '_'.")
        if not isinstance(field, dict) or "type" not in field:
            raise MRMInvalidSchemaError(f"Field '{name}' should be dict.")
        if field.keys() - {"type", "shape"}:
            raise MRMInvalidSchemaError(f"Field '{field}' contains illegal attributes.")
        if field["type"] not in (_ARRAYS if "shape" in field else _TYPES):
            raise MRMInvalidSchemaError(f"Field '{name}' contain illegal attribute '{field['type']}'.")
        shape = field.get("shape", [])
        if not isinstance(shape, list) or not all(type(size) is int and -1 <= size < 2**31 for size in shape):
            raise MRMInvalidSchemaError(f"Field '{name}' contain illegal attribute '{shape}'.")
        if shape.count(-1) > 1:
            raise MRMBuildSchemaError()
    return content
