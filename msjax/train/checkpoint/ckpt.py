"""MindSpore's `.ckpt` files: the protobuf messages

    Checkpoint  { repeated Value value = 1; }
    Value       { string tag = 1; TensorProto tensor = 2; }
    TensorProto { repeated int64 dims = 1; string tensor_type = 2; bytes tensor_content = 3; }

in protobuf's wire format, of which only varints and length-delimited fields occur. A long tensor is cut into
consecutive values of one tag. A file may end with `crc_num` and a checksum of what stands before it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO

import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.train.checkpoint.content import CorruptFile, Part, elements, size_of
from msjax.train.checkpoint.wire import field, fields, opening, varint, varints

SLICE = 512 << 20  # bytes of a tensor in one value; protobuf itself stops at 2 GiB
_CRC_MARK, _CRC_BYTES = b"crc_num", 10
_TEXT = "str"  # UTF-32, as numpy keeps a str

_TYPES = (*mstype.all_types, mstype.float8_e4m3fn, mstype.float8_e5m2)
_NUMPY = {str(t): t.numpy for t in _TYPES if t.numpy is not None}
_NUMPY["Int4"] = np.dtype(jnp.int4)

Values = Mapping[str, np.ndarray | str]


def write(file: BinaryIO, values: Values, checksum: bool = False) -> None:
    """Write the values, and with `checksum` their CRC32. Arrays without elements are left out, as MindSpore does."""
    crc = 0
    for tag, value in values.items():
        for part in _parts(tag, value):
            file.write(part)
            crc = zlib.crc32(part, crc) if checksum else 0
    if checksum:
        file.write(_CRC_MARK + crc.to_bytes(_CRC_BYTES, "big"))


def _parts(tag: str, value: np.ndarray | str) -> Iterator[bytes | memoryview]:
    """The bytes of the messages for one value, in which its elements are not copied."""
    if isinstance(value, str):
        dims, kind, content = (0,), _TEXT, memoryview(value.encode("utf-32-le"))
    else:
        dims, kind = value.shape, str(mstype.of(value))
        content = np.ascontiguousarray(value).reshape(-1).view(np.uint8).data
    name = field(1, tag.encode())
    described = b"".join(b"\x08" + varint(d) for d in dims) + field(2, kind.encode())
    for start in range(0, len(content), SLICE):
        piece = content[start : start + SLICE]
        described_piece = described + opening(3, len(piece))
        tensor = opening(2, len(described_piece) + len(piece)) + described_piece
        yield opening(1, len(name) + len(tensor) + len(piece)) + name + tensor
        yield piece


def read(content: Part, checksum: bool = False) -> tuple[dict[str, Callable[[], np.ndarray | str]], bool]:
    """What reads each of the values of a file, and whether it ends with a checksum.

    Args:
        checksum: whether to compare it, if it is there.

    Raises:
        CorruptFile: if the bytes are no checkpoint, or do not have the checksum.
    """
    body, expected = _split_checksum(content)
    if checksum and expected is not None and body.crc32() != expected:
        raise CorruptFile("the checksum is another one")
    parts: dict[str, tuple[tuple[int, ...], str, list[Part]]] = {}
    for number, value in fields(body):
        if number != 1 or isinstance(value, int):
            raise CorruptFile(f"unknown field {number}")
        tag, dims, kind, piece = _value(value)
        parts.setdefault(tag, (dims, kind, []))[2].append(piece)
    return {tag: partial(_array, *part) for tag, part in parts.items()}, expected is not None


def _split_checksum(content: Part) -> tuple[Part, int | None]:
    length = len(_CRC_MARK) + _CRC_BYTES
    if bytes(content[-length:-_CRC_BYTES]) == _CRC_MARK:
        return content[:-length], int.from_bytes(bytes(content[-_CRC_BYTES:]), "big")
    return content, None


def _value(message: Part) -> tuple[str, tuple[int, ...], str, Part]:
    parts = dict(fields(message))
    tag, tensor = parts.get(1), parts.get(2)
    if not isinstance(tag, Part) or not isinstance(tensor, Part):
        raise CorruptFile("a value without name or tensor")
    dims, kind, content = [], "", message[:0]
    for number, value in fields(tensor):
        if number == 1:
            dims += [value] if isinstance(value, int) else list(varints(value))
        elif number == 2 and not isinstance(value, int):
            kind = _text(value)
        elif number == 3 and not isinstance(value, int):
            content = value
    return _text(tag), tuple(dims), kind, content


def _array(dims: tuple[int, ...], kind: str, pieces: list[Part]) -> np.ndarray | str:
    content = pieces[0].array() if len(pieces) == 1 else np.concatenate([piece.array() for piece in pieces])
    if kind == _TEXT:
        return str(content.data, "utf-32-le").rstrip("\0")
    if kind not in _NUMPY:
        raise CorruptFile(f"unknown type {kind!r}")
    values = elements(content, _NUMPY[kind])
    if values.size != size_of(dims):
        if values.size != 1:
            raise CorruptFile(f"{values.size} elements for the shape {dims}")
        dims = ()  # how older versions wrote a scalar
    return values.reshape(dims)


def _text(content: Part) -> str:
    try:
        return bytes(content).decode()
    except UnicodeDecodeError:
        raise CorruptFile("a name that is no text") from None
