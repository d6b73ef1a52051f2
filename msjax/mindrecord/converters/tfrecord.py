"""TensorFlow's record files as MindRecord files. TensorFlow is not needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from msjax.mindrecord.converters.base import check_str, write
from msjax.mindrecord.tfrecord import parse_example, records

_TYPES = ("int32", "int64", "float32", "float64", "string", "bytes")


class FixedLenFeature(NamedTuple):
    """What a feature is, as TensorFlow's `io.FixedLenFeature`, which is taken too.

    Attributes:
        shape (list[int]): the sizes of its axes; none for a number or a string.
        dtype: "int64", "float32", "string", or TensorFlow's.
        default_value: what it is where it is missing; None if it may not be.
    """

    shape: list[int]
    dtype: Any
    default_value: Any = None


class TFRecordToMR:
    """Write a record file of TensorFlow's as a MindRecord file.

    Args:
        source (str): the record file.
        destination (str): the MindRecord file.
        feature_dict (dict): the features by name; each has `shape`, `dtype` and `default_value`, as TensorFlow's
            `io.FixedLenFeature`. Dots and slashes in a name become underlines.
        bytes_fields (list[str]): which of the strings are bytes.

    Raises:
        ValueError: if an argument is of another type, or there is no such feature.
        OSError: if there is no such file.
        RuntimeError: if it is no such file.

    Example:
        >>> from msjax.mindrecord.converters.tfrecord import FixedLenFeature, TFRecordToMR
        >>> features = {"label": FixedLenFeature([], "int64"), "image": FixedLenFeature([], "string")}
        >>> TFRecordToMR("a.tfrecord", "a.mindrecord", features, ["image"]).transform()  # doctest: +SKIP
    """

    def __init__(self, source, destination, feature_dict, bytes_fields: list[str] | None = None):
        check_str("source", source)
        check_str("destination", destination)
        if not isinstance(feature_dict, dict) or not feature_dict:
            raise ValueError("Parameter feature_dict is None or not dict.")
        if bytes_fields is not None and not isinstance(bytes_fields, list):
            raise ValueError("Parameter bytes_fields: must be list(str).")
        for name in bytes_fields or []:
            if name not in feature_dict:
                raise ValueError(f"Parameter bytes_fields: {name!r} is not in feature_dict.")
        self.source, self.destination = source, destination
        self.feature_dict, self.bytes_fields = feature_dict, bytes_fields or []
        self._fields = {name: self._field(name, feature) for name, feature in feature_dict.items()}

    def _field(self, name: str, feature: Any) -> dict:
        kind = getattr(feature.dtype, "name", None) or str(feature.dtype)
        if name in self.bytes_fields and kind == "string":
            kind = "bytes"
        if kind not in _TYPES:
            raise ValueError(f"The feature {name!r} is {kind}, which a MindRecord file cannot hold.")
        if not list(feature.shape):
            return {"type": kind}
        if kind in ("string", "bytes"):
            raise ValueError(f"The feature {name!r} is an array of strings, which a MindRecord file cannot hold.")
        return {"type": kind, "shape": list(feature.shape)}

    def transform(self) -> None:
        """Write the file."""
        if not os.path.isfile(self.source):
            raise OSError(f"TFRecord file {self.source} do not exist.")
        schema = {_plain(name): field for name, field in self._fields.items()}
        write(self.destination, 1, schema, "TFRecord to MindRecord", [], self._rows())

    def _rows(self) -> Iterator[dict]:
        with open(self.source, "rb") as file:
            for number, record in enumerate(records(file, self.source)):
                try:
                    example = parse_example(record)
                    yield {_plain(name): self._value(name, example) for name in self._fields}
                except ValueError as error:
                    raise RuntimeError(f"Invalid tfrecord file {self.source}, record {number}: {error}") from error

    def _value(self, name: str, example: dict) -> Any:
        field, default = self._fields[name], self.feature_dict[name].default_value
        if name not in example and default is None:
            raise ValueError(f"feature {name!r} is missing")
        value = example.get(name, default)
        if "shape" in field:
            return np.array(value, field["type"]).reshape(field["shape"])
        (value,) = [value] if np.ndim(value) == 0 else list(value)
        if field["type"] in ("string", "bytes"):
            value = value.encode() if isinstance(value, str) else value
            return value.decode("utf-8") if field["type"] == "string" else value
        return np.array(value, field["type"]).item()


def _plain(name: str) -> str:
    return name.replace(".", "_").replace("/", "_")
