"""The bytes of a file, read where they are asked for.

The file is not mapped into memory: reading pages that somebody has cut off in the meantime would end the process.
"""

from __future__ import annotations

import math
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

_BLOCK, _CHUNK = 1 << 12, 1 << 24
_MOST_AXES = 64  # of numpy's arrays


class CorruptFile(ValueError):
    """The bytes are no checkpoint, or not the one that was written."""


def size_of(shape: tuple[int, ...]) -> int:
    """How many elements an array has. Large numbers without end would take as long to multiply.

    Raises:
        CorruptFile: if no array has this shape.
    """
    if len(shape) > _MOST_AXES or max(shape, default=0) >= 1 << 63:
        raise CorruptFile(f"no array has the {len(shape)} axes that it says, or so many elements along one")
    return math.prod(shape)


def elements(content: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """The numbers that bytes are, as a vector.

    Raises:
        CorruptFile: if they are not of this dtype: XLA computes with a bool of 2 as if it were a number.
    """
    values = content.view(dtype)
    if dtype.kind == "b" and values.view(np.uint8).max(initial=0) > 1:
        raise CorruptFile("it has bools that are neither 0 nor 1")
    return values


class Source:
    """An open file, whose single bytes come from a block that is kept."""

    def __init__(self, file: BinaryIO):
        self._descriptor, self._start, self._block = file.fileno(), 0, b""
        self._before = os.fstat(self._descriptor)

    @property
    def size(self) -> int:
        return self._before.st_size

    def byte(self, at: int) -> int:
        if not 0 <= at - self._start < len(self._block):
            self._start, self._block = at, self.read(at, min(at + _BLOCK, self.size)).tobytes()
        return self._block[at - self._start]

    def read(self, start: int, stop: int) -> np.ndarray:
        """The bytes of a part, in memory of their own."""
        content = np.empty(stop - start, np.uint8)
        at, rest = start, content.data
        while rest:
            count = os.preadv(self._descriptor, [rest], at)
            if not count:
                raise CorruptFile("it became shorter while it was read")
            at, rest = at + count, rest[count:]
        return content

    def check_unchanged(self) -> None:
        """Raise CorruptFile if somebody has written into the file since it was opened."""
        now = os.fstat(self._descriptor)
        if (now.st_size, now.st_mtime_ns) != (self.size, self._before.st_mtime_ns):
            raise CorruptFile("it was changed while it was read")


@dataclass(frozen=True)
class Part:
    """Some of a file's bytes, which are read by `array` and `bytes`; slices are parts, too."""

    source: Source
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def __getitem__(self, key: Any) -> Any:
        """A byte for an index, a part for a slice."""
        if isinstance(key, int):
            return self.source.byte(self.start + key)
        start, stop, _ = key.indices(len(self))
        return Part(self.source, self.start + start, self.start + max(start, stop))

    def __bytes__(self) -> bytes:
        return self.array().tobytes()

    def array(self) -> np.ndarray:
        return self.source.read(self.start, self.stop)

    def chunks(self) -> Iterator[np.ndarray]:
        """Its bytes, of which not too many are in memory at once."""
        for at in range(self.start, self.stop, _CHUNK):
            yield self.source.read(at, min(at + _CHUNK, self.stop))

    def crc32(self, before: int = 0) -> int:
        for chunk in self.chunks():
            before = zlib.crc32(chunk.data, before)
        return before
