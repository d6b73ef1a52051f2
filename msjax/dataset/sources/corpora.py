"""Collections of texts in the files in which they are published: a class for each, which says what is in them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from msjax.dataset.options import Shuffle
from msjax.dataset.rows import Row
from msjax.dataset.sources.files import FilesDataset, Piece
from msjax.dataset.sources.folder import FolderDataset, check_folder
from msjax.dataset.sources.reading import reading, text_of
from msjax.dataset.sources.text_lines import lines


class Corpus(FilesDataset):
    """Base of these sources that read files from front to back: see `AGNewsDataset`."""

    # The file of each part, in their order.
    _parts: tuple[tuple[str, str], ...] = (
        ("test", "test.csv"),
        ("train", "train.csv"),
    )
    _headings: tuple[str, ...] = ("text",)  # of the columns

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None,
        shuffle: bool | Shuffle | None = Shuffle.GLOBAL, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        check_folder(self, dataset_dir, usage, (*dict(self._parts), "all"))
        paths = [Path(dataset_dir, file) for part, file in self._parts if usage in (None, "all", part)]
        for path in paths:
            if not path.is_file():
                raise RuntimeError(f"Invalid data, {type(self).__name__} needs the file {path}, which is not there.")
        super().__init__(list(map(str, paths)), num_samples, num_parallel_workers, shuffle, num_shards, shard_id)
        self.dataset_files = list(map(str, paths))
        self.dataset_dir, self.usage = dataset_dir, usage

    def _columns(self) -> list[str]:
        return list(self._headings)

    def _records(self, path: str) -> Iterator[list[str]]:
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            for record in filter(None, reader):
                if len(record) != len(self._headings):
                    raise RuntimeError(
                        f"Invalid csv, file {path} at line {reader.line_num}: {len(record)} fields, but "
                        f"{len(self._headings)} columns: {', '.join(self._headings)}."
                    )
                yield record

    def _read(self, piece: Piece) -> Iterator[Row]:
        for record in islice(self._records(piece.path), piece.start, piece.stop):
            yield tuple(map(np.array, record))

    def _rows_in(self, path: str) -> int:
        return sum(1 for _ in self._records(path))


class _OtherOrder(Corpus):
    """Base of those whose number of workers comes later among the arguments, whose file of "train" comes first."""

    _parts = (("train", "train.csv"), ("test", "test.csv"))

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, shuffle=Shuffle.GLOBAL, num_shards=None, shard_id=None,
        num_parallel_workers=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)


class _Lines(Corpus):
    """Base of those that have a row for each line that is not empty."""

    def _records(self, path: str) -> Iterator[list[str]]:
        return ([line] for line in lines(path))


class AGNewsDataset(Corpus):
    """News: columns `index`, `title` and `description`, of strings. http://groups.di.unipi.it/~gulli

    Args:
        dataset_dir (str): the folder.
        usage (str): "train", "test" or "all"; None for all.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many files are open at once.
        shuffle (bool or Shuffle): GLOBAL or True for rows and files, FILES for files, False for none.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there is no such folder, or no such part.
        RuntimeError: if a file is missing, or is not what it should be.

    Example:
        >>> import pathlib, tempfile
        >>> folder = tempfile.mkdtemp()
        >>> _ = pathlib.Path(folder, "train.csv").write_text('"3","A title","And more, of course"\\n')
        >>> [[str(x) for x in row] for row in ds.AGNewsDataset(folder, "train")]
        [['3', 'A title', 'And more, of course']]
    """

    _headings = "index", "title", "description"


class AmazonReviewDataset(Corpus):
    """Reviews of Amazon's: columns `label`, `title` and `content`, of strings: see `AGNewsDataset`.

    Source: https://arxiv.org/abs/1509.01626
    """

    _headings = "label", "title", "content"


class DBpediaDataset(Corpus):
    """Articles of Wikipedia: columns `class`, `title` and `content`, of strings: see `AGNewsDataset`.

    Source: https://www.dbpedia.org
    """

    _headings = "class", "title", "content"


class SogouNewsDataset(_OtherOrder):
    """News: columns `index`, `title` and `content`, of strings: see `AGNewsDataset`.

    Source: https://arxiv.org/abs/1509.01626
    """

    _headings = "index", "title", "content"


class YahooAnswersDataset(Corpus):
    """Questions: columns `class`, `title`, `content` and `answer`, of strings: see `AGNewsDataset`.

    Source: https://arxiv.org/abs/1509.01626
    """

    _headings = "class", "title", "content", "answer"


class YelpReviewDataset(_OtherOrder):
    """Reviews of Yelp's: columns `label` and `text`, of strings: see `AGNewsDataset`.

    Source: https://arxiv.org/abs/1509.01626
    """

    _headings = "label", "text"


class PennTreebankDataset(_Lines):
    """The Penn Treebank: column `text`, a line of it: see `AGNewsDataset`.

    Source: https://catalog.ldc.upenn.edu/LDC99T42
    """

    _parts = (("test", "ptb.test.txt"), ("train", "ptb.train.txt"), ("valid", "ptb.valid.txt"))


class WikiTextDataset(_Lines):
    """WikiText: column `text`, a line of it: see `AGNewsDataset`.

    Source: https://arxiv.org/abs/1609.07843
    """

    _parts = (("test", "wiki.test.tokens"), ("train", "wiki.train.tokens"), ("valid", "wiki.valid.tokens"))


class EnWik9Dataset(_Lines):
    """The first 10^9 bytes of the English Wikipedia: column `text`, a line of it. http://mattmahoney.net/dc/textdata

    Args:
        dataset_dir (str): the folder with the file enwik9.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): accepted for compatibility.
        shuffle (bool or Shuffle): GLOBAL or True for rows, False for none.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there is no such folder.
        RuntimeError: if it has no such file.
    """

    _parts = (("train", "enwik9"),)

    def __init__(
        self, dataset_dir, num_samples=None, num_parallel_workers=None, shuffle=True, num_shards=None, shard_id=None,
        cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, None, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)

    def _records(self, path: str) -> Iterator[list[str]]:
        """All lines, the empty ones too."""
        with open(path, encoding="utf-8", newline="\n") as file:
            for line in file:
                yield [line.removesuffix("\n")]


class IMDBDataset(FolderDataset):
    """Reviews of films: columns `text`, and `label`, int32, 1 for a good one. https://ai.stanford.edu/~amaas/data/sentiment

    Args:
        dataset_dir (str): the folder with the folders `train/pos`, `train/neg`, `test/pos` and `test/neg`.
        usage (str): "train", "test" or "all"; None for all.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): accepted for compatibility.
        shuffle (bool): whether in random order; None for True.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there is no such folder or usage.
        RuntimeError: if it has no such files.
    """

    def _columns(self) -> list[str]:
        return ["text", "label"]

    def _reviews(self) -> list[tuple[Path, int]]:
        parts = ("train", "test") if self.usage == "all" else (self.usage,)
        reviews = [
            (path, label)
            for part in parts
            for folder, label in (("pos", 1), ("neg", 0))
            for path in sorted(Path(self.dataset_dir, part, folder).glob("*.txt"))
        ]
        if not reviews:
            raise self.no_data("the folders train and test")
        return reviews

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        reviews = self._reviews()

        def row(index: int) -> Row:
            path, label = reviews[index]
            with reading(self, path):
                text = text_of(path)
            return np.array(text.removesuffix("\n")), np.array(label, np.int32)

        return len(reviews), row

    def labels(self) -> list:
        return [label for _, label in self._reviews()]

    def num_classes(self) -> int:
        return 2
