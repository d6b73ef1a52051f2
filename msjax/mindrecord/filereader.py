"""FileReader: the rows of MindRecord files, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msjax.mindrecord.errors import ParamTypeError, ParamValueError
from msjax.mindrecord.files import Files

# MindSpore bounds its threads by the number of cores. There are none here, so any number that it takes is fine.
_MOST_CONSUMERS = 1024


class FileReader:
    """Read rows of MindRecord files.

    Args:
        file_name (str or list[str]): a file, which stands for all that were written with it, or a list of files.
        num_consumer (int): accepted for compatibility.
        columns (list[str]): which fields come; None for all.
        operator: accepted for compatibility.

    Raises:
        RuntimeError: if a file does not exist or is none of this format, or a field is not in it.
        ParamValueError: if an argument is wrong.

    Example:
        >>> import os, tempfile
        >>> from msjax.mindrecord import FileReader, FileWriter
        >>> path = os.path.join(tempfile.mkdtemp(), "numbers.mindrecord")
        >>> writer = FileWriter(path)
        >>> writer.add_schema({"n": {"type": "int32"}, "name": {"type": "string"}})
        >>> writer.write_raw_data([{"n": 1, "name": "one"}, {"n": 2, "name": "two"}])
        >>> writer.commit()
        >>> reader = FileReader(path, columns=["name"])
        >>> list(reader.get_next())
        [{'name': 'one'}, {'name': 'two'}]
        >>> reader.len()
        2
        >>> reader.close()
    """

    def __init__(self, file_name, num_consumer: int = 4, columns: list[str] | None = None, operator=None):
        self._files = open_files(file_name, num_consumer)
        if columns is not None:
            if not isinstance(columns, list):
                raise ParamTypeError("columns", "list")
            self._files.check_columns(columns)
        self._columns = columns or None

    def get_next(self) -> Iterator[dict[str, Any]]:
        """The rows, as dicts of the fields by name."""
        for number in range(len(self._files)):
            values = self._files.read(number)
            yield {name: values[name] for name in self._columns or values}

    def len(self) -> int:
        """How many rows there are."""
        return len(self._files)

    def schema(self) -> dict[str, dict]:
        """The fields of a row, by name: their types, and for arrays their shapes."""
        return {name: dict(field) for name, field in self._files.schema.fields.items()}

    def close(self) -> None:
        """Close the files."""
        self._files.close()


def open_files(file_name: Any, num_consumer: Any) -> Files:
    """The files that a reader is given, and its number of threads checked.

    Raises:
        RuntimeError: if a file does not exist or is none of this format.
        ParamValueError: if an argument is wrong.
    """
    if num_consumer is not None and (type(num_consumer) is not int or not 1 <= num_consumer <= _MOST_CONSUMERS):
        raise ParamValueError(f"Parameter num_consumer: {num_consumer} should between 1 and {_MOST_CONSUMERS}.")
    names = file_name if isinstance(file_name, list) else [file_name]
    if not names or not all(isinstance(name, str) for name in names):
        raise ParamValueError(f"File path: {file_name} is not string.")
    try:
        return Files(file_name)
    except ValueError as error:
        raise RuntimeError(str(error)) from error
