"""MNIST as MindRecord files."""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from collections.abc import Iterator

import numpy as np

from msjax.mindrecord.converters.base import check_partitions, check_str, jpeg, write

_IMAGES, _LABELS = 2051, 2049  # how files of images and of labels begin
_MOST = 2**30  # bytes
_SCHEMA = {"label": {"type": "int64"}, "data": {"type": "bytes"}}


class MnistToMR:
    """Write MNIST as MindRecord files: the label, and the image as JPEG.

    Args:
        source (str): the folder with the four files, whose names end in `.gz`.
        destination (str): how the names of the files begin, which end in `_train.mindrecord` and `_test.mindrecord`.
        partition_number (int): how many files share out the rows of each.

    Raises:
        ValueError: if an argument is of another type.
        FileNotFoundError: if a file is missing.
        RuntimeError: if a file is not what it should be.

    Example:
        >>> from msjax.mindrecord import MnistToMR
        >>> MnistToMR("mnist", "digits").transform()  # doctest: +SKIP
    """

    def __init__(self, source, destination, partition_number: int = 1):
        check_str("source", source)
        check_str("destination", destination)
        check_partitions(partition_number)
        self.source, self.destination, self.partition_number = source, destination, partition_number

    def transform(self) -> None:
        """Write the files."""
        for part, name in (("train", "train"), ("t10k", "test")):
            destination = f"{self.destination}_{name}.mindrecord"
            write(destination, self.partition_number, _SCHEMA, "mnist_schema", ["label"], self._rows(part), 2**26)

    def _rows(self, part: str) -> Iterator[dict]:
        images = _read(os.path.join(self.source, f"{part}-images-idx3-ubyte.gz"), _IMAGES, 3)
        labels = _read(os.path.join(self.source, f"{part}-labels-idx1-ubyte.gz"), _LABELS, 1)
        if len(images) != len(labels):
            raise RuntimeError(f"There are {len(images)} images of {part}, but {len(labels)} labels.")
        for image, label in zip(images, labels, strict=True):
            yield {"label": int(label), "data": jpeg(image)}


def _read(path: str, kind: int, axes: int) -> np.ndarray:
    """The array of a file in the format IDX."""
    try:
        with gzip.open(path) as file:
            head = file.read(4 + 4 * axes)
            numbers = struct.unpack(f">{1 + axes}I", head) if len(head) == 4 + 4 * axes else (0,)
            shape = numbers[1:]
            count = int(np.prod(shape, dtype=object))
            content = np.frombuffer(file.read(min(count, _MOST) + 1), np.uint8)  # if all were more, it does not fit
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RuntimeError(f"Invalid file {path}: {error}") from error
    if numbers[0] != kind or len(content) != count:
        raise RuntimeError(f"Invalid file {path}: it is no file of MNIST, or was cut off.")
    return content.reshape(shape)
