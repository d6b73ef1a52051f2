"""Protobuf's wire format, as far as MindSpore's files have it: varints and length-delimited fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msjax.train.checkpoint.content import CorruptFile, Part

_VARINT, _BYTES = 0, 2


def field(number: int, content: bytes) -> bytes:
    """A field of a message: a text, bytes or another message."""
    return opening(number, len(content)) + content


def opening(number: int, length: int) -> bytes:
    """What stands before the content of a field."""
    return bytes([number << 3 | _BYTES]) + varint(length)


def varint(number: int) -> bytes:
    """A number that is not negative."""
    low = bytearray()
    while number > 127:
        low.append(number & 127 | 128)
        number >>= 7
    return bytes([*low, number])


def fields(message: Any) -> Iterator[tuple[int, Any]]:
    """(number, content) of each field of a message: numbers, and parts of the `Part` or memoryview that it is."""
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        if key & 7 == _VARINT:
            value, at = _read_varint(message, at)
            yield key >> 3, value
        elif key & 7 == _BYTES:
            length, at = _read_varint(message, at)
            if at + length > len(message):
                raise CorruptFile("the file ends too early")
            yield key >> 3, message[at : at + length]
            at += length
        else:
            raise CorruptFile(f"unknown wire type {key & 7}")


def varints(content: Part | memoryview) -> Iterator[int]:
    """The numbers of a packed field."""
    at = 0
    while at < len(content):
        value, at = _read_varint(content, at)
        yield value


def _read_varint(message: Part | memoryview, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise CorruptFile("the file ends too early")
        byte = message[at]
        number |= (byte & 127) << shift
        shift, at = shift + 7, at + 1
        if byte < 128:
            return number, at
