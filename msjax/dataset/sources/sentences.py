"""Sentences with tags, labels, questions or translations, in the files in which they are published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np

from msjax.dataset.options import Shuffle
from msjax.dataset.sources.corpora import Corpus
from msjax.dataset.sources.folder import check_folder
from msjax.dataset.sources.reading import text_of, xml


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
        texts = [[line for line in text_of(one).splitlines() if line] for one in paths]
        if len(texts[0]) != len(texts[1]):
            raise RuntimeError(f"Invalid data, {paths[0]} and {paths[1]} have different numbers of lines.")
        return map(list, zip(*texts, strict=True))


# Lines about a talk that are not said in it have one of these.
_ABOUT = (
    "<url", "<keywords", "<talkid", "<description", "<reviewer", "<translator", "<title", "<speaker", "<doc", "</doc",
)  # fmt: skip


class _Talks(Corpus):
    """Base of those of talks in two languages. A class says which pairs there are, the one that is meant first."""

    _headings = "text", "translation"
    _pairs: tuple[str, ...] = ()

    def __init__(
        self, dataset_dir, usage, language_pair, year, folder, valid_set, test_set, num_samples, num_parallel_workers,
        shuffle, num_shards, shard_id,
    ):  # fmt: skip
        self._languages = self._pair(language_pair)
        first, second = self._languages
        folder, pair = folder.format(first, second), f"{first}-{second}"
        talks = {part: f"{folder}/IWSLT{year}.TED.{name}.{pair}.{first}.xml"
                 for part, name in (("valid", valid_set), ("test", test_set))}  # fmt: skip
        self._parts = (("train", f"{folder}/train.tags.{pair}.{first}"), *talks.items())
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)

    def _pair(self, language_pair: Any) -> list[str]:
        if language_pair is None:
            return self._pairs[0].split("-")
        if not isinstance(language_pair, (list, tuple)):
            raise TypeError(f"language_pair should be a list or tuple of length 2, but got {language_pair!r:.80}.")
        if "-".join(map(str, language_pair)) not in self._pairs:
            known = ", ".join(self._pairs)
            raise ValueError(f"language_pair should be two languages of {known}, but got {language_pair!r:.80}.")
        return list(language_pair)

    def _records(self, path: str) -> Iterator[list[str]]:
        first, second = self._languages
        ending = ".xml" if path.endswith(".xml") else ""
        other = f"{path.removesuffix(f'{first}{ending}')}{second}{ending}"
        read = _segments if ending else _said
        texts = read(path), read(other)
        if len(texts[0]) != len(texts[1]):
            raise RuntimeError(f"Invalid data, {path} and {other} have different numbers of sentences.")
        return map(list, zip(*texts, strict=True))


def _said(path: str) -> list[str]:
    """The sentences of talks in a file for training."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    said = [line.strip() for line in lines if not any(mark in line for mark in _ABOUT)]
    if "" in said:
        raise RuntimeError(f"Invalid data, {path} has an empty line.")
    return said


def _segments(path: str) -> list[str]:
    """The sentences of talks in a file of XML."""
    return [(segment.text or "").strip() for segment in xml(Path(path)).iter("seg")]


class IWSLT2016Dataset(_Talks):
    """Talks in English and another language: columns `text` and `translation`, of strings: see `AGNewsDataset`.

    The parts are "train", "valid" and "test". `language_pair` says which languages, as ["de", "en"], the default, and
    `valid_set` and `test_set` which talks are for validation and tests: "dev2010", or "tst2010" to "tst2014".

    Source: https://wit3.fbk.eu/2016-01
    """

    _pairs = tuple(pair for other in ("de", "fr", "cs", "ar") for pair in (f"{other}-en", f"en-{other}"))
    _sets = "dev2010", "tst2010", "tst2011", "tst2012", "tst2013", "tst2014"

    def __init__(
        self, dataset_dir, usage=None, language_pair=None, valid_set=None, test_set=None, num_samples=None,
        shuffle=Shuffle.GLOBAL, num_shards=None, shard_id=None, num_parallel_workers=None, cache=None,
    ):  # fmt: skip
        for name, one in (("valid_set", valid_set), ("test_set", test_set)):
            if one is not None and one not in self._sets:
                raise ValueError(f"Input {name} is not within the valid set of {list(self._sets)}.")
        super().__init__(
            dataset_dir, usage, language_pair, 16, "texts/{0}/{1}/{0}-{1}", valid_set or "tst2013",
            test_set or "tst2014", num_samples, num_parallel_workers, shuffle, num_shards, shard_id,
        )  # fmt: skip


class IWSLT2017Dataset(_Talks):
    """Talks in two of the languages English, Dutch, German, Italian and Romanian: columns `text` and `translation`, of
    strings: see `AGNewsDataset`.

    The parts are "train", "valid" and "test"; `language_pair` says which languages, as ["de", "en"], the default.

    Source: https://wit3.fbk.eu/2017-01
    """

    _pairs = tuple(map("-".join, permutations(("de", "en", "nl", "it", "ro"), 2)))

    def __init__(
        self, dataset_dir, usage=None, language_pair=None, num_samples=None, shuffle=Shuffle.GLOBAL, num_shards=None,
        shard_id=None, num_parallel_workers=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, usage, language_pair, 17, "texts/DeEnItNlRo/DeEnItNlRo/DeEnItNlRo-DeEnItNlRo", "dev2010",
            "tst2010", num_samples, num_parallel_workers, shuffle, num_shards, shard_id,
        )  # fmt: skip
