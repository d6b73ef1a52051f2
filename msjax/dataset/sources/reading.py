"""Files that are not what they should be: whatever reading them leads to, the error is one."""

from __future__ import annotations

import csv
import wave
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import ParseError

_BROKEN = (
    OSError, EOFError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, MemoryError, RecursionError,
    ParseError, csv.Error, wave.Error, zlib.error,
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
