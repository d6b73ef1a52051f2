"""Reading lines of a file by their numbers; and what is drawn upon images, from its own module."""

from __future__ import annotations

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

    def readline(self, line: int) -> str:
        """A line, without its end.

        Args:
            line (int): its number, from 1.

        Raises:
            ValueError: if there is no such line.
            RuntimeError: if it is not in UTF-8.
        """
        check("readline", "line", line, f"int [1, {self.len()}]")
        start, stop = self._starts[line - 1 : line + 1]
        with open(self.filename, "rb") as file:
            file.seek(start)
            content = file.read(stop - start)
        try:
            return content.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise RuntimeError(f"Line {line} of {self.filename} is not in UTF-8: {error}") from error

    def len(self) -> int:
        """How many lines there are."""
        return len(self._starts) - 1

    def close(self) -> None:
        """Let go of the file, which is open only while a line is read."""
