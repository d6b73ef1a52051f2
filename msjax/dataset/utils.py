"""Reading lines of a file by their numbers; and what is drawn upon images, from its own module."""

from __future__ import annotations

import mmap
from pathlib import Path

from msjax.core.kinds import check
from msjax.dataset.drawing import imshow_det_bbox as imshow_det_bbox


class LineReader:
    """The lines of a text file, by their numbers, without the file in memory: a source for GeneratorDataset.

    Args:
        filename (str): the path of the file.

    Raises:
        TypeError: if it is no str.
        RuntimeError: if there is no such file.

    Example:
        >>> import tempfile
        >>> from msjax.dataset.utils import LineReader
        >>> with tempfile.NamedTemporaryFile("w") as file:
        ...     file.write("one\\ntwo\\n")
        ...     file.flush()
        ...     reader = LineReader(file.name)
        ...     reader.len(), reader.readline(2)
        8
        (2, 'two')
    """

    def __init__(self, filename: str):
        check("LineReader", "filename", filename, "str")
        if not Path(filename).is_file():
            raise RuntimeError(f"The input file [{filename}] does not exist.")
        self.filename = filename
        with open(filename, "rb") as file:
            self._starts = [0]
            for line in file:
                self._starts.append(self._starts[-1] + len(line))
        self._map: mmap.mmap | None = None

    def readline(self, line: int) -> str:
        """A line, without its end.

        Args:
            line (int): its number, from 1.

        Raises:
            ValueError: if there is no such line.
        """
        check("readline", "line", line, f"int [1, {self.len()}]")
        if self._map is None:
            with open(self.filename, "rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map[self._starts[line - 1] : self._starts[line]].decode("utf-8").rstrip("\r\n")

    def len(self) -> int:
        """How many lines there are."""
        return len(self._starts) - 1

    def close(self) -> None:
        """Let go of the file, until a line is read again."""
        if self._map is not None:
            self._map.close()
            self._map = None

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_map": None}
