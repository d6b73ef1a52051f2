"""The index beside a MindRecord file: an SQLite database that says where each row is, and what its index fields hold.

Values are bound. SQL is made only of names of fields, which the schema's check lets be letters, digits and underlines.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np

from msjax.mindrecord.header import Header, damaged

SUFFIX = ".db"
_TYPES = {"int32": "INTEGER", "int64": "INTEGER", "float32": "REAL", "float64": "REAL", "string": "TEXT"}

# Of a row: its number, the page of its fields, where they begin and end there, its group, the page of its blob, and
# where that begins and ends.
_PLACES = (
    "  ROW_ID               INT  NOT NULL, PAGE_ID_RAW          INT  NOT NULL,"
    " PAGE_OFFSET_RAW      INT  NOT NULL, PAGE_OFFSET_RAW_END  INT  NOT NULL,"
    " ROW_GROUP_ID         INT  NOT NULL, PAGE_ID_BLOB         INT  NOT NULL,"
    " PAGE_OFFSET_BLOB     INT  NOT NULL, PAGE_OFFSET_BLOB_END INT  NOT NULL"
)
_READ = (
    "SELECT ROW_ID, PAGE_ID_RAW, PAGE_OFFSET_RAW, PAGE_OFFSET_RAW_END, PAGE_ID_BLOB, PAGE_OFFSET_BLOB, "
    "PAGE_OFFSET_BLOB_END FROM INDEXES ORDER BY ROW_ID"
)
_COMPUTED = re.compile(r"\b(AS|GENERATED|VIRTUAL)\b", re.IGNORECASE)  # columns or tables, which could do so without end


def write_index(path: str, name: str, header: Header, rows: Iterable[tuple]) -> None:
    """Write the index of a file into a database, which is new or has the index of the file as it was.

    Args:
        path (str): where.
        name (str): the name of the file.
        header (Header): that of the file.
        rows (Iterable[tuple]): of each row the 8 numbers above, then the values of the index fields.

    Raises:
        RuntimeError: if it cannot be written.
    """
    fields = [(i, name, _TYPES[header.schema.fields[name]["type"]]) for i, name in enumerate(header.index)]
    columns = "".join(f",INC_{i} INT, {name}_0 {kind}" for i, name, kind in fields)
    key = ",".join(["ROW_ID", *(f"INC_{i}" for i, _, _ in fields)])
    marks = ",".join("?" * (8 + 2 * len(fields)))
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA secure_delete = OFF")  # not everywhere the default; bytes would differ
            database.execute("DROP TABLE IF EXISTS INDEXES")
            database.execute(f"CREATE TABLE INDEXES({_PLACES}{columns}, PRIMARY KEY({key}))")
            database.execute("DROP TABLE IF EXISTS SHARD_NAME")
            database.execute("CREATE TABLE SHARD_NAME(NAME TEXT NOT NULL)")
            database.execute("INSERT INTO SHARD_NAME VALUES(?)", (name,))
            database.execute("BEGIN")
            database.executemany(f"INSERT INTO INDEXES VALUES({marks})", map(_with_numbers, rows))
            database.execute("COMMIT")
    except sqlite3.Error as error:
        raise RuntimeError(f"The index {path} cannot be written: {error}") from error


def _with_numbers(row: tuple) -> tuple:
    """The values of a row, 0 before each index field: how often a value comes again in it."""
    return (*row[:8], *(part for value in row[8:] for part in (0, value)))


def read_index(path: str, rows: int) -> np.ndarray:
    """Where the rows of a file are: of each the page of its fields, where they begin and end, and so of its blob.

    Args:
        path (str): that of the file.
        rows (int): how many it should have.

    Raises:
        RuntimeError: if there is no index, or it is of another file.
    """
    database_path = Path(path + SUFFIX).resolve()
    if not database_path.is_file():
        raise damaged(path, f"its index, {database_path.name}, is missing")
    places = np.zeros((rows, 6), np.int64)
    number = -1
    try:
        with closing(sqlite3.connect(f"{database_path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            found = database.execute("SELECT sql FROM sqlite_master WHERE name = 'INDEXES' AND type = 'table'")
            made = [sql for (sql,) in found]
            if not (len(made) == 1 and isinstance(made[0], str)) or _COMPUTED.search(made[0]):
                raise damaged(path, "its index has no table INDEXES of numbers")
            for number, values in enumerate(database.execute(_READ)):
                if number >= rows or values[0] != number or not all(type(value) is int for value in values):
                    raise damaged(path, f"its index does not fit: row {number} of it is {values!r:.200}")
                places[number] = values[1:]
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise damaged(path, f"its index, {database_path.name}, cannot be read ({error})") from error
    if number + 1 != rows:
        raise damaged(path, f"it has {rows} rows, but its index {number + 1}")
    return places
