"""CSV files as MindRecord files."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator

from msjax import log
from msjax.mindrecord.converters.base import check_partitions, check_str, write

_MISSING = frozenset(["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "<NA>", "n/a", "#N/A"])
_TRUTH = {"True": 1, "TRUE": 1, "true": 1, "False": 0, "FALSE": 0, "false": 0}
_INT64 = 2**63


class CsvToMR:
    """Write a CSV file with a line of names as a MindRecord file.

    A column is int64 if all in it are whole numbers, float64 if all are numbers, int32 if all are True or False, which
    are 1 and 0, else a string. Rows in which something
    is missing are left out, with a warning.

    Args:
        source (str): the CSV file.
        destination (str): the MindRecord file.
        columns_list (list[str]): which columns; None for all.
        partition_number (int): how many files share out the rows.

    Raises:
        ValueError: if an argument is of another type.
        OSError: if there is no such file.
        RuntimeError: if there is no such column, or the file is none of CSV.
        MRMInvalidSchemaError: if the name of a column is none of a field.

    Example:
        >>> import os, tempfile
        >>> from msjax.mindrecord import CsvToMR, FileReader
        >>> folder = tempfile.mkdtemp()
        >>> source, destination = os.path.join(folder, "a.csv"), os.path.join(folder, "a.mindrecord")
        >>> with open(source, "w") as file:
        ...     _ = file.write("n,name\\n1,one\\n2,two\\n")
        >>> CsvToMR(source, destination).transform()
        >>> list(FileReader(destination).get_next())
        [{'n': 1, 'name': 'one'}, {'n': 2, 'name': 'two'}]
    """

    def __init__(self, source, destination, columns_list=None, partition_number: int = 1):
        check_str("source", source)
        check_str("destination", destination)
        check_partitions(partition_number)
        if columns_list is not None and not (
            isinstance(columns_list, list) and all(isinstance(name, str) for name in columns_list)
        ):
            raise ValueError("The parameter columns_list must be list of str.")
        self.source, self.destination = source, destination
        self.columns_list, self.partition_number = columns_list or [], partition_number

    def transform(self) -> None:
        """Write the file."""
        if not os.path.isfile(self.source):
            raise OSError(f"Csv file {self.source} do not exist.")
        names, lines = _read(self.source)
        for name in self.columns_list:
            if name not in names:
                raise RuntimeError(f"The parameter columns_list is illegal, column {name} does not exist.")
        wanted = {name: names.index(name) for name in self.columns_list or names}
        kinds = {name: _kind([line[at] for line in lines]) for name, at in wanted.items()}
        schema = {name: {"type": kind} for name, (kind, _) in kinds.items()}

        def rows() -> Iterator[dict]:
            for number, line in enumerate(lines, 2):
                if any(line[at] in _MISSING for at in wanted.values()):
                    log.warning(f"Line {number} of {self.source} is left out: something is missing in it.")
                else:
                    yield {name: kinds[name][1](line[at]) for name, at in wanted.items()}

        write(self.destination, self.partition_number, schema, "csv_schema", [], rows(), 2**26)


def _read(path: str) -> tuple[list[str], list[list[str]]]:
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            lines = [line for line in csv.reader(file) if line]
    except (csv.Error, UnicodeDecodeError) as error:
        raise RuntimeError(f"Csv file {path} cannot be read: {error}") from error
    if not lines:
        raise RuntimeError(f"Csv file {path} has no line of names.")
    names = lines[0]
    for number, line in enumerate(lines[1:], 2):
        if len(line) > len(names):
            raise RuntimeError(f"Csv file {path}, line {number}: {len(line)} values for {len(names)} names.")
        line.extend([""] * (len(names) - len(line)))
    return names, lines[1:]


def _kind(texts: list[str]) -> tuple[str, Callable]:
    """The type of a column, and what makes it of a text."""
    present = [text for text in texts if text not in _MISSING]
    if len(present) == len(texts) and all(map(_whole, present)):
        return "int64", int
    if len(present) == len(texts) and all(text in _TRUTH for text in present):
        return "int32", _TRUTH.__getitem__
    return ("float64", float) if all(map(_number, present)) else ("string", str)


def _whole(text: str) -> bool:
    try:
        return -_INT64 <= int(text) < _INT64 and "_" not in text
    except ValueError:
        return False


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text
