"""Vectors of words, read from files, and the transform that looks them up."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from msjax.core.kinds import check, check_is, takes
from msjax.dataset.text.base import TextTensorOperation, require_texts
from msjax.dataset.transforms.base import refusal


class Vectors:
    """A vector for each word. It is made by `from_file`.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "vectors.txt")
        >>> _ = path.write_text("cat 1 2\\ndog 3 4\\n")
        >>> text.ToVectors(text.Vectors.from_file(str(path)))(["dog", "cow"]).tolist()
        [[3.0, 4.0], [0.0, 0.0]]
    """

    _name = re.compile(".*")  # what the file's name must be

    def __init__(self):
        self._vectors: dict[str, np.ndarray] = {}
        self.size = 0

    @classmethod
    def from_file(cls, file_path: str, max_vectors: int | None = None):
        """Vectors from the lines of a file: a word, and the elements of its vector, between spaces.

        A first line of two numbers, the count of the vectors and their size, is left out.

        Args:
            file_path (str): the file. Those of `GloVe` are named glove.6B.*.txt, those of `FastText` *.vec.
            max_vectors (int, optional): how many vectors to read. Default: None or 0, all.

        Returns:
            The vectors.

        Raises:
            TypeError: if an argument is of another type.
            ValueError: if `max_vectors` is negative.
            RuntimeError: if the file cannot be read, is empty, has another name, or vectors of different sizes.
        """
        owner = f"{cls.__name__}.from_file"
        check(owner, "file_path", file_path, "str")
        check(owner, "max_vectors", max_vectors, "None or int [0, 2147483647]")
        if not cls._name.fullmatch(Path(file_path).name):
            raise RuntimeError(f"For '{owner}', the file must be named {cls._name.pattern}, but got {file_path!r}.")
        try:
            with open(file_path, encoding="utf-8", newline="\n") as file:
                vectors = _read(file, max_vectors or None)
        except (OSError, ValueError) as error:
            raise RuntimeError(f"For '{owner}', the file {file_path!r} cannot be read: {error}.") from error
        result = cls()
        result._vectors, result.size = vectors, len(next(iter(vectors.values())))
        return result

    def get(self, word: str) -> np.ndarray | None:
        """The vector of a word, if it has one."""
        return self._vectors.get(word)


def _read(lines, count: int | None) -> dict[str, np.ndarray]:
    """The vectors in lines. Of those of one word, the first counts."""
    vectors: dict[str, np.ndarray] = {}
    size = None
    skipped = 0
    for number, line in enumerate(lines):
        fields = line.rstrip("\r\n").rstrip(" ").split(" ")
        if number == 0 and len(fields) == 2:
            skipped = 1
            continue
        if count is not None and number - skipped >= count:
            break
        if len(fields) < 3 or size not in (None, len(fields) - 1):
            raise ValueError(f"line {number + 1} has a vector of size {len(fields) - 1}, not {size or 'at least 2'}")
        size = len(fields) - 1
        with np.errstate(over="ignore"):  # what float32 does not hold is infinite
            vectors.setdefault(fields[0], np.array(fields[1:], np.float32))
    if not vectors:
        raise ValueError("it has no vectors")
    return vectors


class GloVe(Vectors):
    """The vectors of GloVe, of a file glove.6B.*.txt. It is made by `from_file`."""

    _name = re.compile(r"glove\.6B\..*\.txt")


class FastText(Vectors):
    """The vectors of fastText, of a file *.vec. It is made by `from_file`."""

    _name = re.compile(r".*\.vec")


class CharNGram(Vectors):
    """Vectors of n-grams of characters, of a file with lines such as `2gram-ab 1 2 3`. A word's vector is the mean of
    those of its n-grams, of 2 to 4 characters, with its begin and end. It is made by `from_file`."""

    def get(self, word: str) -> np.ndarray | None:
        characters = ["#BEGIN#", *word, "#END#"]
        grams = (
            f"{n}gram-{''.join(characters[start : start + n])}"
            for n in (2, 3, 4)
            for start in range(len(characters) - n + 1)
        )
        known = [self._vectors[gram] for gram in grams if gram in self._vectors]
        return np.asarray(np.mean(known, axis=0, dtype=np.float32)) if known else None


class ToVectors(TextTensorOperation):
    """Put the vector of each word of an array in its place.

    Args:
        vectors (Vectors): the vectors.
        unk_init (Union[list[float], tuple[float]], optional): the vector of other words. Default: None, zeros.
        lower_case_backup (bool): whether to look for a word that has no vector in lower case too. Default: False.

    Raises:
        TypeError: if an argument is of another type, or the input is no text.
        RuntimeError: if `unk_init` is of another size, or the input is no text.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "vectors.txt")
        >>> _ = path.write_text("cat 1 2\\n")
        >>> vectors = text.Vectors.from_file(str(path))
        >>> text.ToVectors(vectors, unk_init=[9.0, 9.0], lower_case_backup=True)(["Cat", "cow"]).tolist()
        [[1.0, 2.0], [9.0, 9.0]]
    """

    @takes(unk_init="None or list or tuple", lower_case_backup="bool")
    def __init__(self, vectors: Vectors, unk_init=None, lower_case_backup: bool = False):
        check_is("ToVectors", "vectors", vectors, Vectors)
        for at, element in enumerate(unk_init or ()):
            check("ToVectors", f"unk_init[{at}]", element, "number")
        self.vectors = vectors
        self.unk_init = unk_init
        self.lower_case_backup = lower_case_backup

    def _compute(self, array):
        require_texts(self, array)
        unknown = np.array(self.unk_init or [0] * self.vectors.size, np.float32)
        if unknown.shape != (self.vectors.size,):
            raise refusal(self, f"the 'unk_init' must have {self.vectors.size} elements, but got {len(unknown)}")
        rows = [self._vector(word, unknown) for word in array.ravel().tolist()]
        return np.stack(rows) if len(rows) > 1 else rows[0].copy()

    def _vector(self, word: str, unknown: np.ndarray) -> np.ndarray:
        vector = self.vectors.get(word)
        if vector is None and self.lower_case_backup:
            vector = self.vectors.get(word.lower())
        return unknown if vector is None else vector
