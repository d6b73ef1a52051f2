"""A pipeline's rows written to MindRecord files."""

from __future__ import annotations

from typing import Any

import numpy as np

from msjax.core.kinds import check
from msjax.mindrecord import FileWriter

# The type of the file for each of numpy's; it has no smaller ones.
_TYPES = {
    "bool": "int32", "int8": "int32", "uint8": "int32", "int16": "int32", "uint16": "int32", "int32": "int32",
    "uint32": "int64", "int64": "int64", "uint64": "int64", "float16": "float32", "float32": "float32",
    "float64": "float64",
}  # fmt: skip
_STRINGS = {"U": "string", "S": "bytes"}


def save(dataset, file_name: str, num_files: int, file_type: str) -> None:
    """Write the rows of a dataset: see `Dataset.save`."""
    check("save", "file_name", file_name, "str")
    check("save", "num_files", num_files, "int")
    if file_type != "mindrecord":
        raise ValueError(f"{file_type} dataset format is not supported.")
    if not 0 < num_files <= 1000:
        raise ValueError("num_files should between 0 and 1000.")
    writer = FileWriter(file_name, num_files)
    try:
        _write(dataset, writer)
    except BaseException:
        writer.abandon()
        raise
    writer.commit()


def _write(dataset, writer: FileWriter) -> None:
    names = dataset.get_col_names()
    fields: dict[str, dict] = {}
    for row in dataset._rows():
        if not fields:
            fields = {name: _field(name, part) for name, part in zip(names, row, strict=True)}
            writer.add_schema(fields, "mindrecord")
            writer.schema.no_fields = None  # type: ignore[union-attr]
        values = {name: _value(name, part, fields[name]) for name, part in zip(names, row, strict=True)}
        writer.write_raw_data([values], parallel_writer=True)
    if not fields:
        raise RuntimeError("The dataset has no rows to save.")


def _field(name: str, part: Any) -> dict:
    if not isinstance(part, np.ndarray):
        raise RuntimeError(f"Column {name!r} is no array, and cannot be saved.")
    if part.dtype.kind in _STRINGS:
        if part.size != 1:
            raise RuntimeError(f"Column {name!r} has several strings in a row, which a MindRecord file cannot hold.")
        return {"type": _STRINGS[part.dtype.kind]}
    kind = {"type": _TYPES[part.dtype.name]}
    return kind if part.ndim == 0 else {"shape": [-1, *part.shape[1:]], **kind}


def _value(name: str, part: np.ndarray, field: dict) -> Any:
    now = _field(name, part)
    if now != field:
        raise RuntimeError(f"Column {name!r} is {now} in one row and {field} in another, so it cannot be saved.")
    if part.dtype.kind == "S":
        return part.tobytes()
    if "shape" in field:
        return part.astype(field["type"])
    value = part.astype(field["type"]) if part.dtype.kind != "U" else part
    return value.item()
