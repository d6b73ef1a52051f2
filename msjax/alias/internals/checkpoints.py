"""The messages of checkpoints, as protobuf's classes have them, for programs that read or write these themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msjax.train.checkpoint.wire import field, fields, varint, varints


class _Message:
    """A message whose fields, by their names, are texts, bytes, lists of numbers or other messages."""

    _fields: dict[int, tuple[str, Callable[[], Any]]]

    def __init__(self):
        for name, first in self._fields.values():
            setattr(self, name, first())

    def ParseFromString(self, serialized: bytes) -> int:
        """Take on what bytes hold; gives the number of bytes."""
        _Message.__init__(self)
        for number, content in fields(memoryview(serialized)):
            if number in self._fields:
                name = self._fields[number][0]
                setattr(self, name, _read(getattr(self, name), content))
        return len(serialized)

    def SerializeToString(self) -> bytes:
        """The message as bytes."""
        return b"".join(_written(number, getattr(self, name)) for number, (name, _) in self._fields.items())


def _read(before: Any, content: Any) -> Any:
    """A field's value with what was read added."""
    if isinstance(before, _Values):
        before.add().ParseFromString(content)
    elif isinstance(before, list):
        before.extend([content] if isinstance(content, int) else varints(content))
    elif isinstance(before, _Message):
        before.ParseFromString(content)
    else:
        return str(content, "utf-8") if isinstance(before, str) else bytes(content)
    return before


def _written(number: int, value: Any) -> bytes:
    if isinstance(value, _Values):
        return b"".join(field(number, each.SerializeToString()) for each in value)
    if isinstance(value, list):
        return b"".join(bytes([number << 3]) + varint(each) for each in value)
    if isinstance(value, _Message):
        return field(number, value.SerializeToString())
    return field(number, value.encode() if isinstance(value, str) else value)


class _Tensor(_Message):
    _fields = {1: ("dims", list), 2: ("tensor_type", str), 3: ("tensor_content", bytes)}  # noqa: RUF012


class _Value(_Message):
    _fields = {1: ("tag", str), 2: ("tensor", _Tensor)}  # noqa: RUF012


class _Values(list):
    """Values of a message, which grows by `add`."""

    def add(self) -> Any:
        self.append(_Value())
        return self[-1]


class Checkpoint(_Message):
    """A checkpoint: values, each with a `tag` and a `tensor` of `dims`, `tensor_type` and `tensor_content`.

    Example:
        >>> message = Checkpoint()
        >>> value = message.value.add()
        >>> value.tag, value.tensor.tensor_type = "w", "Float32"
        >>> value.tensor.dims.append(1)
        >>> value.tensor.tensor_content = b"\\0\\0\\x80?"
        >>> message.SerializeToString()
        b'\\n\\x16\\n\\x01w\\x12\\x11\\x08\\x01\\x12\\x07Float32\\x1a\\x04\\x00\\x00\\x80?'
    """

    _fields = {1: ("value", _Values)}  # noqa: RUF012
