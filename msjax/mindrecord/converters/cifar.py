"""CIFAR-10 and CIFAR-100, in the version for Python, as MindRecord files.

That version is made of pickles. They are read with an unpickler that knows arrays, and calls nothing else.
"""

from __future__ import annotations

import codecs
import io
import os
import pickle
import pickletools
from collections.abc import Iterator
from typing import Any

import numpy as np

from msjax.mindrecord.converters.base import check_str, jpeg, write
from msjax.mindrecord.errors import PathNotExistsError

_SIZE = 32 * 32 * 3


class _Cifar:
    """Base of the two: which fields there are, and which files."""

    _name = ""
    _labels: dict[str, bytes] = {}  # noqa: RUF012 (the fields, and what they are called in the files)
    _parts: dict[str, list[str]] = {}  # noqa: RUF012 (the files of the training and of the test set)

    def __init__(self, source, destination):
        check_str("source", source)
        check_str("destination", destination)
        self.source, self.destination = source, destination

    def transform(self, fields: list[str] | None = None) -> None:
        """Write the files.

        Args:
            fields (list[str]): the fields of the index; None for all but the image.

        Raises:
            ValueError: if it is no list.
            PathNotExistsError: if a file is missing.
            RuntimeError: if a file is not what it should be, or there is no such field.
        """
        if fields is not None and not isinstance(fields, list):
            raise ValueError("The parameter fields should be None or list")
        schema = {name: {"type": "int64"} for name in ("id", *self._labels)} | {"data": {"type": "bytes"}}
        for part, names in self._parts.items():
            destination = self.destination + ("_test" if part == "test" else "")
            write(destination, 1, schema, f"img_{part}", fields or [], self._rows(names))

    def _rows(self, names: list[str]) -> Iterator[dict]:
        number = 0
        for name in names:
            images, labels = self._read(os.path.join(self.source, name))
            for i, image in enumerate(images):
                row = {field: int(values[i]) for field, values in labels.items()}
                yield {"id": number, "data": jpeg(image), **row}
                number += 1

    def _read(self, path: str) -> tuple[np.ndarray, dict[str, list]]:
        if not os.path.isfile(path):
            raise PathNotExistsError(path)
        try:
            content = _unpickled(path)
            images = content[b"data"].array
            labels = {field: list(map(int, content[key])) for field, key in self._labels.items()}
            if images.shape[1:] != (_SIZE,):
                raise ValueError(f"its images are of shape {images.shape}")
            if any(len(values) != len(images) for values in labels.values()):
                raise ValueError("there are more or fewer labels than images")
        except Exception as error:  # whatever a wrong pickle leads to
            raise RuntimeError(f"Not a valid {self._name} Dataset. {path}: {error}") from error
        return np.ascontiguousarray(images.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)), labels


class Cifar10ToMR(_Cifar):
    """Write CIFAR-10 as MindRecord files: `id`, `label`, and the image as JPEG in `data`.

    Args:
        source (str): the folder with `data_batch_1` to `data_batch_5` and `test_batch`.
        destination (str): the file for the training set; that for the test set has `_test` after it.

    Raises:
        ValueError: if an argument is no string.

    Example:
        >>> from msjax.mindrecord import Cifar10ToMR
        >>> Cifar10ToMR("cifar-10-batches-py", "cifar10.mindrecord").transform()  # doctest: +SKIP
    """

    _name = "Cifar10"
    _labels = {"label": b"labels"}  # noqa: RUF012
    _parts = {"train": [f"data_batch_{i}" for i in range(1, 6)], "test": ["test_batch"]}  # noqa: RUF012


class Cifar100ToMR(_Cifar):
    """Write CIFAR-100 as MindRecord files: `id`, `coarse_label`, `fine_label`, and the image as JPEG in `data`.

    Args:
        source (str): the folder with `train` and `test`.
        destination (str): the file for the training set; that for the test set has `_test` after it.

    Raises:
        ValueError: if an argument is no string.

    Example:
        >>> from msjax.mindrecord import Cifar100ToMR
        >>> Cifar100ToMR("cifar-100-python", "cifar100.mindrecord").transform()  # doctest: +SKIP
    """

    _name = "Cifar100"
    _labels = {"fine_label": b"fine_labels", "coarse_label": b"coarse_labels"}  # noqa: RUF012
    _parts = {"train": ["train"], "test": ["test"]}  # noqa: RUF012


class _Images:
    """An array of bytes, as numpy's pickles tell of it. numpy's own classes, given a wrong state, end the process."""

    def __init__(self, *_: Any):
        self.array = np.zeros((0, 0), np.uint8)

    def __setstate__(self, state: tuple) -> None:
        _, shape, dtype, by_columns, content = state
        if dtype.code not in ("u1", b"u1"):
            raise ValueError(f"its images are {dtype.code!r:.20}, not bytes")
        self.array = np.frombuffer(content, np.uint8).reshape(shape, order="F" if by_columns else "C")


class _Code:
    """A dtype, as numpy's pickles tell of it."""

    def __init__(self, code: Any, *_: Any):
        self.code = code

    def __setstate__(self, state: Any) -> None:
        pass


class _Latin1:
    """How Python 3 writes bytes in pickles for Python 2."""

    def __new__(cls, text: str, encoding: str) -> Any:
        if encoding not in ("latin1", b"latin1"):
            raise ValueError(f"it asks for the encoding {encoding!r:.40}")
        return codecs.encode(text, "latin1")

    def __setstate__(self, state: Any) -> None:
        pass


# A pickle can set attributes of what it gets from here, unless that has a `__setstate__`, which says what they mean.
_CALLED = {
    ("numpy.core.multiarray", "_reconstruct"): _Images,
    ("numpy._core.multiarray", "_reconstruct"): _Images,
    ("numpy", "ndarray"): _Images,
    ("numpy", "dtype"): _Code,
    ("_codecs", "encode"): _Latin1,
}


def _unpickled(path: str) -> Any:
    with open(path, "rb") as file:
        content = file.read()
    for operation, number, _ in pickletools.genops(content):
        # The unpickler has a table of what comes again, as long as the largest number of a place in it.
        if operation.name.endswith("PUT") and isinstance(number, int) and number > len(content):
            raise pickle.UnpicklingError(f"it has the number {number} for an object, but not so many objects")
    return _Unpickler(io.BytesIO(content), encoding="bytes").load()


class _Unpickler(pickle.Unpickler):
    """Reads arrays, and what is made of lists, dicts, numbers and strings."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _CALLED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no such file has")
        return _CALLED[module, name]
