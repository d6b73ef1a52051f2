"""The messages of checkpoints, as protobuf's classes have them, for programs that read or write these themselves."""

from __future__ import annotations

from msjax.train.checkpoint.ckpt import TensorMessage, Value, messages, serialized


class _Values(list):
    """Values of a message, which grows by `add`."""

    def add(self) -> Value:
        self.append(Value("", TensorMessage([], "", b"")))
        return self[-1]


class Checkpoint:
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

    def __init__(self):
        self.value = _Values()

    def ParseFromString(self, serialized: bytes) -> int:
        """Take on the values that bytes hold; gives the number of bytes."""
        self.value = _Values(messages(memoryview(serialized)))
        for value in self.value:
            value.tensor.tensor_content = bytes(value.tensor.tensor_content)
        return len(serialized)

    def SerializeToString(self) -> bytes:
        """The values as bytes."""
        return b"".join(map(serialized, self.value))
