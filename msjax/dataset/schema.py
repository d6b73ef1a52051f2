"""Schema: names, dtypes and shapes of columns, for sources whose files do not tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msjax.core.dtype import DType
from msjax.core.kinds import check

_TYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 string".split()


class Schema:
    """The columns of a source: names, dtypes and shapes.

    Args:
        schema_file (str): a JSON file to read it from; None for an empty schema.

    Raises:
        ValueError: if the file does not exist.

    Example:
        >>> schema = ds.Schema()
        >>> schema.add_column("image", ms.uint8, [28, 28])
        >>> schema.columns["image"]["type"]
        'uint8'
    """

    def __init__(self, schema_file: str | None = None):
        check("Schema", "schema_file", schema_file, "None or str")
        self.columns: dict[str, dict[str, Any]] = {}
        self.dataset_type, self.num_rows = "", 0
        if schema_file is not None:
            if not Path(schema_file).is_file():
                raise ValueError(f"The file {schema_file} does not exist or permission denied!")
            try:
                self.from_json(json.loads(Path(schema_file).read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError) as error:
                raise RuntimeError(f"The schema file {schema_file!r} cannot be read: {error!r:.300}.") from error

    def add_column(self, name: str, de_type: Any, shape: list | None = None) -> None:
        """Add a column.

        Args:
            name (str): its name.
            de_type (mindspore.dtype or str): its dtype.
            shape (list[int]): its shape, -1 for a size that differs; None for any.

        Raises:
            TypeError: if there is no such dtype.
        """
        check("add_column", "name", name, "str")
        check("add_column", "shape", shape, "None or list")
        if not isinstance(de_type, (str, DType)):
            raise TypeError(f"For 'add_column', the 'de_type' must be a dtype or a str, but got {de_type!r:.80}.")
        kind = str(de_type).lower().removeprefix("tensor_")
        if kind not in _TYPES:
            raise TypeError(f"Unknown column type: {de_type!r:.80}. It must be one of {', '.join(_TYPES)}.")
        for size in shape or ():
            check("add_column", "size in shape", size, "int")
        column: dict[str, Any] = {"name": name, "rank": 1 if shape is None else len(shape)}
        if shape is not None:
            column["shape"] = list(shape)
        self.columns[name] = {**column, "type": kind}

    def parse_columns(self, columns: dict | list) -> None:
        """Add columns that are described by dicts.

        Args:
            columns (dict or list): dicts with `type` and maybe `shape`, by name, or in a list with `name`.

        Raises:
            RuntimeError: if a name or a type is missing.
            TypeError: if it is neither a dict nor a list.
        """
        if isinstance(columns, dict):
            columns = [{**column, "name": name} for name, column in columns.items()]
        if not isinstance(columns, list):
            raise TypeError("columns must be dict or list, columns contain name, type, shape(optional).")
        for column in columns:
            if "name" not in column:
                raise RuntimeError("Column's name is missing")
            if "type" not in column:
                raise RuntimeError("Column's type is missing")
            self.add_column(column["name"], column["type"], list(column.get("shape") or []))

    def to_json(self) -> str:
        """The schema as a text in JSON."""
        content: dict[str, Any] = {"columns": list(self.columns.values())}
        if self.dataset_type:
            content["datasetType"] = self.dataset_type
        if self.num_rows:
            content["numRows"] = self.num_rows
        return json.dumps(content, indent=2)

    def from_json(self, json_obj: dict) -> None:
        """Add what a dict describes, as a schema file holds it.

        Raises:
            TypeError: if it is no dict.
            RuntimeError: if it has no columns, or a number of rows that is not positive.
        """
        if not isinstance(json_obj, dict):
            raise TypeError(f"For 'from_json', the 'json_obj' must be a dict, but got {json_obj!r:.80}.")
        if not json_obj.get("columns"):
            raise RuntimeError('"columns" node is required in the schema json JSON.')
        rows = json_obj.get("numRows", 0)
        if not isinstance(rows, int) or rows < 0:
            raise RuntimeError(f"numRows must be greater than or equal to 0, but got {rows!r}.")
        self.dataset_type, self.num_rows = json_obj.get("datasetType", ""), rows
        self.parse_columns(json_obj["columns"])

    def __str__(self) -> str:
        return self.to_json()
