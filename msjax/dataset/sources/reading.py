"""Files that are not what they should be: whatever reading them leads to, the error is one."""

from __future__ import annotations

import csv
import stat
import wave
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

_BROKEN = (
    OSError, EOFError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, MemoryError, RecursionError,
    ElementTree.ParseError, csv.Error, wave.Error, zlib.error,
)  # fmt: skip


@contextmanager
def reading(owner: object, what: object) -> Iterator[None]:
    """Make an error within it a RuntimeError that says which source could not read what.

    Args:
        owner: the source.
        what: a file, or what is in it.

    Raises:
        RuntimeError: for all that a file leads to that is cut, damaged or another's.
    """
    try:
        yield
    except _BROKEN as error:
        raise RuntimeError(f"Invalid data, {type(owner).__name__} cannot read {what}: {error!r:.300}.") from error


def regular(*parts: str | Path) -> Path:
    """The path of a file: what comes from a pipe or a device, which a data set may hold or name, may have no end.

    Raises:
        OSError: if it is something else, or not there.
    """
    path = Path(*parts)
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(f"{path} is no file")
    return path


def text_of(path: Path) -> str:
    """The text of a file, in UTF-8.

    Raises:
        OSError: if it is no file, or not there.
        ValueError: if it is no text.
    """
    return regular(path).read_text(encoding="utf-8")


class _Elements(ElementTree.TreeBuilder):
    """Builds the tree of a file that declares nothing: entities could name other files, or grow without end."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise ValueError(f"it declares a document type, {name!r}, which files of data do not have")


def xml(path: Path) -> ElementTree.ElementTree[Any]:
    """The tree of a file of XML.

    Raises:
        ValueError, ParseError: if it is none, or declares a document type.
    """
    return ElementTree.parse(regular(path), ElementTree.XMLParser(target=_Elements()))
