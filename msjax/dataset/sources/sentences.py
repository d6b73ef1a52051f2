"""Sentences with tags, labels, questions or translations, in the files in which they are published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from msjax.dataset.options import Shuffle
from msjax.dataset.sources.corpora import Corpus
from msjax.dataset.sources.folder import check_folder


class _Tagged(Corpus):
    """Base of those that have a row for each sentence, and in each column a string for each word."""

    _separator: str | None = None  # between the word and its tags

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, shuffle=Shuffle.GLOBAL, num_shards=None, shard_id=None,
        num_parallel_workers=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)

    def _records(self, path: str) -> Iterator[list]:
        words: list[list[str]] = []
        for line in [*Path(path).read_text(encoding="utf-8").splitlines(), ""]:
            if line.strip():
                words.append(line.split(self._separator))
            elif words:
                record = list(zip(*words, strict=True))
                if len(record) != len(self._headings):
                    raise ValueError(f"{len(record)} columns, but it should have {len(self._headings)}")
                yield record
                words = []


class CoNLL2000Dataset(_Tagged):
    """Sentences with parts of speech and chunks: columns `word`, `pos_tag` and `chunk_tag`, arrays of strings: see
    `AGNewsDataset`. The files are train.txt and test.txt.

    Source: https://www.clips.uantwerpen.be/conll2000/chunking
    """

    _parts = (("test", "test.txt"), ("train", "train.txt"))
    _headings = "word", "pos_tag", "chunk_tag"


class UDPOSDataset(_Tagged):
    """Sentences with parts of speech: columns `word`, `universal` and `stanford`, arrays of strings: see
    `AGNewsDataset`. The parts are "train", "test" and "valid".

    Source: https://universaldependencies.org
    """

    _parts = (("valid", "en-ud-tag.v2.dev.txt"), ("test", "en-ud-tag.v2.test.txt"), ("train", "en-ud-tag.v2.train.txt"))
    _headings, _separator = ("word", "universal", "stanford"), "\t"


class SST2Dataset(Corpus):
    """Sentences of reviews: columns `sentence` and, but for "test", `label`, of strings: see `AGNewsDataset`. The parts
    are "train", "test" and "dev"; None means "train".

    Source: https://nlp.stanford.edu/sentiment
    """

    _parts = (("train", "train.tsv"), ("test", "test.tsv"), ("dev", "dev.tsv"))

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=Shuffle.GLOBAL,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        check_folder(self, dataset_dir, usage, tuple(dict(self._parts)))
        super().__init__(
            dataset_dir, usage or "train", num_samples, num_parallel_workers, shuffle, num_shards, shard_id
        )

    def _columns(self) -> list[str]:
        return ["sentence"] if self.usage == "test" else ["sentence", "label"]

    def _records(self, path: str) -> Iterator[list[str]]:
        for line in Path(path).read_text(encoding="utf-8").splitlines()[1:]:
            first, second = line.split("\t")
            yield [second] if self.usage == "test" else [first, second]


class SQuADDataset(Corpus):
    """Questions about texts: columns `context` and `question`, strings, and of the answers `text`, strings, and
    `answer_start`, uint32: see `AGNewsDataset`. The parts are "train" and "dev", of version 1.1 or 2.0.

    Source: https://rajpurkar.github.io/SQuAD-explorer
    """

    _headings = "context", "question", "text", "answer_start"

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=Shuffle.GLOBAL,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        found = sorted(Path(dataset_dir).glob("*-v*.json")) if isinstance(dataset_dir, str) else []
        names = {part: next((one.name for one in found if one.name.startswith(part)), "") for part in ("dev", "train")}
        self._parts = tuple((part, name or f"{part}-v1.1.json") for part, name in names.items())
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)

    def _records(self, path: str) -> Iterator[list]:
        for article in json.loads(Path(path).read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                for question in paragraph["qas"]:
                    texts = [answer["text"] for answer in question["answers"]] or [""]
                    starts = [answer["answer_start"] for answer in question["answers"]] or [2**32 - 1]
                    yield [paragraph["context"], question["question"], texts, np.array(starts, np.uint32)]


class Multi30kDataset(Corpus):
    """Sentences in English and German: columns `text` and `translation`, of strings: see `AGNewsDataset`.

    The parts are "train", "test" and "valid"; `language_pair` says which language comes first, ["en", "de"] or the
    other way round.

    Source: https://github.com/multi30k/dataset
    """

    _parts = (("test", "mmt16_task1_test/test"), ("train", "training/train"), ("valid", "validation/val"))
    _headings = "text", "translation"

    def __init__(
        self, dataset_dir, usage=None, language_pair=None, num_samples=None, num_parallel_workers=None, shuffle=None,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        pair = ["en", "de"] if language_pair is None else list(language_pair)
        if sorted(pair) != ["de", "en"]:
            raise ValueError(f"language_pair can only be ['en', 'de'] or ['de', 'en'], but got {language_pair!r:.80}.")
        self._languages = pair
        self._parts = tuple((part, f"{path}.{pair[0]}") for part, path in Multi30kDataset._parts)
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)

    def _records(self, path: str) -> Iterator[list[str]]:
        paths = Path(path), Path(path).with_suffix(f".{self._languages[1]}")
        texts = [[line for line in one.read_text(encoding="utf-8").splitlines() if line] for one in paths]
        if len(texts[0]) != len(texts[1]):
            raise RuntimeError(f"Invalid data, {paths[0]} and {paths[1]} have different numbers of lines.")
        return map(list, zip(*texts, strict=True))
