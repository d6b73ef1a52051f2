"""MessagePack, as far as MindRecord needs it: an object of strings, integers and floats by name.

Format: https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from __future__ import annotations

import struct
from typing import Any

# What begins a value, and how it goes on: the format of a number, or of the length of a string.
_NUMBERS = {
    0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
    0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
}  # fmt: skip
_STRINGS = {0xD9: ">B", 0xDA: ">H", 0xDB: ">I"}
_WORDS = {0xC0: None, 0xC2: False, 0xC3: True}


def packed(values: dict[str, Any] | None) -> bytes:
    """The bytes of an object, whose values are strings, ints and floats; each in the shortest form that holds it."""
    if values is None:
        return b"\xc0"
    count = len(values)
    head = bytes([0x80 | count]) if count < 16 else struct.pack(">BH", 0xDE, count)
    return head + b"".join(_string(name) + _value(value) for name, value in values.items())


def _value(value: Any) -> bytes:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        return _integer(value)
    try:
        short = struct.pack(">f", value)
        if struct.unpack(">f", short)[0] == value and abs(value) <= _LARGEST_FLOAT32:
            return b"\xca" + short
    except OverflowError:
        pass
    return b"\xcb" + struct.pack(">d", value)


_LARGEST_FLOAT32 = (2 - 2**-23) * 2.0**127


def _string(text: str) -> bytes:
    content = text.encode()
    size = len(content)
    if size < 32:
        return bytes([0xA0 | size]) + content
    kind = 0xD9 if size < 2**8 else 0xDA if size < 2**16 else 0xDB
    return bytes([kind]) + struct.pack(_STRINGS[kind], size) + content


def _integer(value: int) -> bytes:
    if -32 <= value < 128:
        return struct.pack("b", value)
    kinds = (0xCC, 0xCD, 0xCE, 0xCF) if value >= 0 else (0xD0, 0xD1, 0xD2, 0xD3)
    for kind in kinds:
        try:
            return bytes([kind]) + struct.pack(_NUMBERS[kind], value)
        except struct.error:
            continue
    raise OverflowError(f"{value} has more than 64 bits")


def unpacked(content: bytes) -> dict[str, Any]:
    """The object of bytes; an empty one if they stand for None.

    Raises:
        ValueError: if they are none, or hold what no MindRecord file holds.
    """
    if content == b"\xc0":
        return {}
    try:
        kind = content[0]
        count, at = (kind & 15, 1) if kind >> 4 == 8 else (struct.unpack_from(">H", content, 1)[0], 3)
        if kind >> 4 != 8 and kind != 0xDE:
            raise ValueError("it does not begin with an object")
        values: dict[str, Any] = {}
        for _ in range(count):
            name, at = _read(content, at)
            if not isinstance(name, str):
                raise ValueError("the name of a field is no string")
            values[name], at = _read(content, at)
    except (IndexError, struct.error):
        raise ValueError("it ends within a value") from None
    if at != len(content):
        raise ValueError("bytes follow the object")
    return values


def _read(content: bytes, at: int) -> tuple[Any, int]:
    kind = content[at]
    at += 1
    if kind < 0x80:
        return kind, at
    if kind >= 0xE0:
        return kind - 256, at
    if kind in _NUMBERS:
        form = _NUMBERS[kind]
        return struct.unpack_from(form, content, at)[0], at + struct.calcsize(form)
    if kind in _WORDS:
        return _WORDS[kind], at
    if kind in _STRINGS:
        (size,) = struct.unpack_from(_STRINGS[kind], content, at)
        at += struct.calcsize(_STRINGS[kind])
    elif kind >> 5 == 5:
        size = kind & 31
    else:
        raise ValueError(f"a value begins with the byte {kind:#x}, as none of a MindRecord file does")
    if at + size > len(content):
        raise ValueError("it ends within a string")
    return content[at : at + size].decode("utf-8"), at + size
