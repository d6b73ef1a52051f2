"""MindSpore's `.ckpt` files: the protobuf messages

    Checkpoint  { repeated Value value = 1; }
    Value       { string tag = 1; TensorProto tensor = 2; }
    TensorProto { repeated int64 dims = 1; string tensor_type = 2; bytes tensor_content = 3; }

in protobuf's wire format, of which only varints and length-delimited fields occur. A long tensor is cut into
consecutive values of one tag. A file may end with `crc_num` and a checksum of what stands before it.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from mmap import mmap
from typing import BinaryIO

import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.train.checkpoint.wire import CorruptFile, field, fields, varint, varints

SLICE = 512 << 20  # bytes of a tensor in one value; protobuf itself stops at 2 GiB
_CRC_MARK, _CRC_BYTES = b"crc_num", 10
_TEXT = "str"  # UTF-32, as numpy keeps a str

_NUMPY = {str(t): t.numpy for t in (*mstype.all_types, mstype.float8_e4m3fn, mstype.float8_e5m2)}
_NUMPY["Int4"] = np.dtype(jnp.int4)

Values = Mapping[str, np.ndarray | str]


@dataclass
class TensorMessage:
    """An array, or a piece of it, as bytes."""

    dims: list[int]
    tensor_type: str
    tensor_content: bytes | memoryview


@dataclass
class Value:
    """An array and its name."""

    tag: str
    tensor: TensorMessage


def write(file: BinaryIO, values: Values, checksum: bool = False) -> None:
    """Write the values, and with `checksum` their CRC32. Arrays without elements are left out, as MindSpore does."""
    crc = 0
    for tag, value in values.items():
        for message in _values(tag, value):
            file.write(message)
            crc = zlib.crc32(message, crc) if checksum else 0
    if checksum:
        file.write(_CRC_MARK + crc.to_bytes(_CRC_BYTES, "big"))


def _values(tag: str, value: np.ndarray | str) -> Iterator[bytes]:
    if isinstance(value, str):
        dims, kind, content = (0,), _TEXT, value.encode("utf-32-le")
    else:
        dims, kind, content = value.shape, str(mstype.of(value)), value.tobytes()
    for start in range(0, len(content), SLICE):
        yield serialized(Value(tag, TensorMessage([*dims], kind, content[start : start + SLICE])))


def serialized(value: Value) -> bytes:
    """A value as one field of a checkpoint."""
    dims = b"".join(b"\x08" + varint(d) for d in value.tensor.dims)
    kind, content = field(2, value.tensor.tensor_type.encode()), field(3, value.tensor.tensor_content)
    return field(1, field(1, value.tag.encode()) + field(2, dims + kind + content))


def read(content: bytes | mmap, checksum: bool = False) -> tuple[dict[str, np.ndarray | str], bool]:
    """The values of a file, and whether it ends with a checksum. Arrays in one piece are views of the content.

    Args:
        checksum: whether to compare it, if it is there.

    Raises:
        CorruptFile: if the bytes are no checkpoint, or do not have the checksum.
    """
    body, expected = _split_checksum(memoryview(content))
    if checksum and expected is not None and zlib.crc32(body) != expected:
        raise CorruptFile("the checksum is another one")
    parts: dict[str, tuple[TensorMessage, list[bytes | memoryview]]] = {}
    for value in messages(body):
        parts.setdefault(value.tag, (value.tensor, []))[1].append(value.tensor.tensor_content)
    return {tag: _array(*part) for tag, part in parts.items()}, expected is not None


def messages(body: memoryview) -> Iterator[Value]:
    """The values of a checkpoint without its checksum; their contents are views.

    Raises:
        CorruptFile: if the bytes are no checkpoint.
    """
    for number, value in fields(body):
        if number != 1 or isinstance(value, int):
            raise CorruptFile(f"unknown field {number}")
        yield _value(value)


def _split_checksum(content: memoryview) -> tuple[memoryview, int | None]:
    length = len(_CRC_MARK) + _CRC_BYTES
    if content[-length:-_CRC_BYTES] == _CRC_MARK:
        return content[:-length], int.from_bytes(content[-_CRC_BYTES:], "big")
    return content, None


def _value(message: memoryview) -> Value:
    parts = dict(fields(message))
    tag, tensor = parts.get(1), parts.get(2)
    if not isinstance(tag, memoryview) or not isinstance(tensor, memoryview):
        raise CorruptFile("a value without name or tensor")
    dims, kind, content = [], "", memoryview(b"")
    for number, value in fields(tensor):
        if number == 1:
            dims += [value] if isinstance(value, int) else list(varints(value))
        elif number == 2 and not isinstance(value, int):
            kind = _text(value)
        elif number == 3 and not isinstance(value, int):
            content = value
    return Value(_text(tag), TensorMessage(dims, kind, content))


def _array(first: TensorMessage, pieces: list[bytes | memoryview]) -> np.ndarray | str:
    dims, kind = tuple(first.dims), first.tensor_type
    content = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    if kind == _TEXT:
        return str(content, "utf-32-le").rstrip("\0")
    if kind not in _NUMPY:
        raise CorruptFile(f"unknown type {kind!r}")
    values = np.frombuffer(content, _NUMPY[kind])
    if values.size != math.prod(dims):
        if values.size != 1:
            raise CorruptFile(f"{values.size} elements for the shape {dims}")
        dims = ()  # how older versions wrote a scalar
    return values.reshape(dims)


def _text(content: memoryview) -> str:
    try:
        return bytes(content).decode()
    except UnicodeDecodeError:
        raise CorruptFile("a name that is no text") from None
