"""TensorFlow's record files, and the protocol buffers of type Example in them. TensorFlow is not needed.

Formats: https://www.tensorflow.org/tutorials/load_data/tfrecord (length, CRC-32C of it, content, CRC-32C of that) and
https://protobuf.dev/programming-guides/encoding. The check sums of lengths are verified, so that nothing is taken for a
record that is none; those of contents are not, as in MindSpore.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import numpy as np

Example = dict[str, Any]  # by name: a list of bytes, or an array of float32 or int64


def records(file: BinaryIO, path: str) -> Iterator[bytes]:
    """The contents of the records of a file.

    Raises:
        RuntimeError: if it is none of this format, or ends within a record.
    """
    number = 0
    try:
        while head := file.read(12):
            if len(head) < 12 or _masked_crc(head[:8]) != head[8:]:
                raise RuntimeError(
                    f"Invalid file {path}, record {number}: it cannot be opened, or is no valid TFRecordDataset file."
                )
            (length,) = struct.unpack("<Q", head[:8])
            content = _exactly(file, length + 4)
            if content is None:
                raise RuntimeError(f"Invalid file {path}, record {number}: the file ends within a record.")
            yield content[:length]
            number += 1
    except (OSError, EOFError, zlib.error) as error:
        raise RuntimeError(f"Invalid file {path}, record {number}: it cannot be read ({error}).") from error


def _exactly(file: BinaryIO, count: int) -> bytes | None:
    """That many bytes, or None; read part by part, for a corrupt length may be any."""
    parts = []
    while count > 0:
        part = file.read(min(count, 2**24))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def parse_example(content: bytes) -> Example:
    """The features of an Example.

    Raises:
        ValueError: if it is no Example.
    """
    example: Example = {}
    for features in _messages(content, 1):
        for entry in _messages(features, 1):
            name = b"".join(islice(_messages(entry, 1), 1))
            example[name.decode("utf-8")] = _feature(b"".join(_messages(entry, 2)))
    return example


def _feature(content: bytes) -> Any:
    for number, kind, value in _fields(content):
        if kind == 2 and number == 1:
            return list(_messages(value, 1))
        if kind == 2 and number == 2:
            return _floats(value)
        if kind == 2 and number == 3:
            return _integers(value)
    return np.array([], np.int64)


def _floats(content: bytes) -> np.ndarray:
    parts = [value for number, kind, value in _fields(content) if number == 1 and kind in (2, 5)]
    packed = b"".join(parts)
    if len(packed) % 4:
        raise ValueError("a list of floats ends within one")
    return np.frombuffer(packed, "<f4").copy()


def _integers(content: bytes) -> np.ndarray:
    numbers: list[int] = []
    for number, kind, value in _fields(content):
        if number == 1 and kind == 0:
            numbers.append(value)
        elif number == 1 and kind == 2:
            at = 0
            while at < len(value):
                one, at = _varint(value, at)
                numbers.append(one)
    return np.array(numbers, np.uint64).astype(np.int64)


def _messages(content: bytes, wanted: int) -> Iterator[bytes]:
    """The fields of a number that hold bytes."""
    return (value for number, kind, value in _fields(content) if number == wanted and kind == 2)


def _fields(content: bytes) -> Iterator[tuple[int, int, Any]]:
    """The fields of a protocol buffer: number, kind, and value: an int for kind 0, else bytes."""
    at, end = 0, len(content)
    while at < end:
        tag, at = _varint(content, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = _varint(content, at)
            yield number, kind, value
            continue
        if kind not in (1, 2, 5):
            raise ValueError(f"no field of a protocol buffer is of kind {kind}")
        size = 8 if kind == 1 else 4
        if kind == 2:
            size, at = _varint(content, at)
        if at + size > end:
            raise ValueError("a field ends after its message")
        yield number, kind, content[at : at + size]
        at += size


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        if at >= len(content):
            raise ValueError("a number ends after its message")
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value % 2**64, at
        shift += 7
    raise ValueError("a number has more than 64 bits")


def _table() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_CRC = _table()


def _masked_crc(content: bytes) -> bytes:
    """The CRC-32C of bytes, as the format masks it."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc = _CRC[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) % 2**32)
