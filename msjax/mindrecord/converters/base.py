"""What the converters have in common."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from msjax.mindrecord.filewriter import FileWriter

_ROWS = 256  # written at once


def check_str(name: str, value: Any) -> None:
    """Check that an argument is a string.

    Raises:
        ValueError: if it is not.
    """
    if not isinstance(value, str):
        raise ValueError(f"The parameter {name} must be str.")


def check_partitions(count: Any) -> None:
    """Check the number of files to write.

    Raises:
        ValueError: if it is no integer.
    """
    if type(count) is not int:
        raise ValueError("The parameter partition_number must be int")


def write(
    destination: str, files: int, schema: dict, desc: str, index: list[str], rows: Iterable[dict],
    page_size: int = 2**25, whole: bool = False,
) -> None:  # fmt: skip
    """Write rows to MindRecord files, some at a time; with `whole`, those of a time to one file."""
    writer = FileWriter(destination, files)
    writer.set_page_size(page_size)
    writer.add_schema(schema, desc)
    if index:
        writer.add_index(index)
    try:
        for some in _batches(rows):
            writer.write_raw_data(some, parallel_writer=whole)
    except BaseException:
        writer.abandon()
        raise
    writer.commit()


def _batches(rows: Iterable[dict]) -> Iterator[list[dict]]:
    rest = iter(rows)
    while some := list(islice(rest, _ROWS)):
        yield some


def jpeg(image: np.ndarray) -> bytes:
    """An image of shape (H, W) or, in RGB, (H, W, 3), as JPEG."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError('This converter needs Pillow: pip install "msjax[vision]"') from error
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=95)
    return out.getvalue()
