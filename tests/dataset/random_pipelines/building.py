"""Random pipelines while they are drawn: sources, and samplers that choose their rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

INT, FLOAT, VECTOR, RAGGED, TEXT, OTHER = "int float vector ragged text other".split()


class Numbered:
    """A source whose rows have numbers."""

    def __init__(self, count: int, row: Callable[[int], Any]):
        self.count, self.row = count, row

    def __getitem__(self, index):
        return self.row(int(index))

    def __len__(self):
        return self.count


class Iterated:
    """A source that can be iterated, again and again."""

    def __init__(self, count: int, row: Callable[[int], Any]):
        self.count, self.row = count, row

    def __iter__(self):
        return (self.row(i) for i in range(self.count))


def generated(count: int, row: Callable[[int], Any]):
    return lambda: iter([row(i) for i in range(count)])


ROWS: dict[str, Callable[[int], Any]] = {
    INT: lambda i: np.array(i),
    FLOAT: lambda i: np.array(i / 4 - 1, np.float32),
    VECTOR: lambda i: np.array([i, i * i, 7], np.int32),
    RAGGED: lambda i: np.arange(i, i + 1 + i % 3),
    TEXT: lambda i: np.array(f"t{i}"),
}


class Pipeline:
    """A pipeline while it is drawn, and what is known of its columns."""

    def __init__(self, ds, folder: str, seed: int):
        self.ds, self.folder, self.draw = ds, folder, random.Random(seed)
        self.columns: dict[str, str] = {}
        self.text: list[str] = []  # what was called, for who reads
        self.dataset: Any = None
        self.shared = False  # whether it is the share of one of several processes

    def chance(self, probability: float) -> bool:
        return self.draw.random() < probability

    def one(self, *choices):
        return choices[self.draw.randrange(len(choices))]

    def call(self, function: Callable, /, *arguments, **keywords):
        self.text.append(
            f"{name(function)}({', '.join([*map(name, arguments), *(f'{k}={name(v)}' for k, v in keywords.items())])})"
        )
        return function(*arguments, **keywords)

    # Sources.

    def source(self, columns: dict[str, str] | None = None):
        kind = self.draw.choices(
            ("slices", "numbered", "iterated", "generated", "listed", "text", "tfrecord", "mindrecord", "mnist",
             "images", "csv"), (6, 4, 2, 1, 2, 1, 1, 1, 1, 1, 1))[0]  # fmt: skip
        if columns is not None and kind not in ("slices", "numbered", "iterated", "generated"):
            kind = "slices"
        count = self.one(1, 2, 3, 5, 6, 7, 8, 10, 12)
        if self.chance(0.02):
            count = 0
        if kind in ("slices", "numbered", "iterated", "generated"):
            kinds = (INT, FLOAT, VECTOR, TEXT) if kind == "slices" else (INT, FLOAT, VECTOR, RAGGED, TEXT)
            names = [*"abc"[: self.one(1, 1, 2, 3)]]
            self.columns = dict(columns) if columns else {one: self.one(*kinds) for one in names}
            if kind == "slices" and RAGGED in self.columns.values():
                kind = "numbered"
        return getattr(self, f"_{kind}")(count)

    def _slices(self, count):
        data = {one: [ROWS[kind](i) for i in range(count)] for one, kind in self.columns.items()}
        return self.call(
            self.ds.NumpySlicesDataset, {one: np.array(cells) for one, cells in data.items()}, **self.chosen(count)
        )

    def _row(self) -> Callable[[int], Any]:
        makers = [ROWS[kind] for kind in self.columns.values()]
        return lambda i: tuple(make(i) for make in makers)

    def _numbered(self, count):
        return self.call(self.ds.GeneratorDataset, Numbered(count, self._row()), [*self.columns], **self.chosen(count))

    def _iterated(self, count):
        some = {"num_samples": self.one(1, 3, 20)} if self.chance(0.3) else {}
        return self.call(self.ds.GeneratorDataset, Iterated(count, self._row()), [*self.columns], **some)

    def _generated(self, count):
        some = {"num_samples": self.one(1, 3, 20)} if self.chance(0.3) else {}
        return self.call(self.ds.GeneratorDataset, generated(count, self._row()), [*self.columns], **some)

    def _listed(self, count):
        self.columns = {"a": INT}
        return self.call(self.ds.GeneratorDataset, list(range(count)), "a", **self.chosen(count))

    def _files(self, *endings: str) -> list[str]:
        files = [f"{self.folder}/{one}" for one in endings]
        return self.draw.sample(files, self.draw.randint(1, len(files)))

    def _text(self, count):
        self.columns = {"text": TEXT}
        return self.call(self.ds.TextFileDataset, self._files("a.txt", "b.txt", "c.txt"), **self.of_files())

    def _csv(self, count):
        self.columns = {"x": OTHER, "y": FLOAT, "z": TEXT}
        return self.call(
            self.ds.CSVDataset,
            [f"{self.folder}/plain.csv"] * self.one(1, 2),
            ",",
            [1, 2.5, ""],
            [*"xyz"],
            **self.of_files(),
        )

    def _tfrecord(self, count):
        self.columns = {"n": OTHER, "s": OTHER, "x": OTHER}
        files = self._files("a.tfrecord", "b.tfrecord", "c.tfrecord")
        dataset = self.call(
            self.ds.TFRecordDataset, files, None, [*self.columns], shard_equal_rows=True, **self.of_files()
        )
        return dataset.map(lambda x: x, "n")  # MindSpore pads nothing right behind the source

    def _mindrecord(self, count):
        self.columns = {"s": TEXT, "k": OTHER}
        chosen = self.chosen(10, sampler_chance=0.2)
        return self.call(self.ds.MindDataset, f"{self.folder}/mindrecord/a", [*self.columns], **chosen)

    def _mnist(self, count):
        self.columns = {"image": OTHER, "label": OTHER}
        usage = self.one("train", "test", "all", None)
        return self.call(self.ds.MnistDataset, f"{self.folder}/mnist", usage, **self.chosen(7)).map(
            lambda x: x[:2, :2, 0], "image"
        )

    def _images(self, count):
        self.columns = {"image": OTHER, "label": OTHER}
        decode = self.chance(0.5)
        dataset = self.call(
            self.ds.ImageFolderDataset, f"{self.folder}/images", decode=decode, extensions=[".png", ".PNG"],
            **self.chosen(6),
        )  # fmt: skip
        return dataset.map((lambda x: x[:2, :2, 0]) if decode else (lambda x: x[:4]), "image")

    def chosen(self, count: int, sampler_chance: float = 0.35) -> dict[str, Any]:
        """Arguments that say which rows come."""
        if self.chance(sampler_chance):
            return {"sampler": self.sampler(count)}
        arguments: dict[str, Any] = {}
        if self.chance(0.6):
            arguments["shuffle"] = self.chance(0.4)
        if self.chance(0.2):
            arguments["num_samples"] = self.one(1, 2, 4, 5, 100)
        if self.chance(0.2):
            shards = self.one(1, 2, 3, 4)
            shard = self.draw.randrange(shards) if self.chance(0.95) else shards
            arguments |= {"num_shards": shards, "shard_id": shard}
            self.shared = True
        return arguments

    def of_files(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        if self.chance(0.6):
            arguments["shuffle"] = self.one(True, False, self.ds.Shuffle.FILES, self.ds.Shuffle.GLOBAL)
        if self.chance(0.3):
            arguments["num_samples"] = self.one(1, 3, 4, 50)
        if self.chance(0.25):
            shards = self.one(2, 3)
            arguments |= {"num_shards": shards, "shard_id": self.draw.randrange(shards)}
            self.shared = True
        if self.chance(0.3):
            arguments["num_parallel_workers"] = self.one(1, 2)
        return arguments

    def sampler(self, count: int, deep: int = 0):
        ds, draw = self.ds, self.draw
        some = self.one(None, None, 1, 3, 20)
        kind = draw.randrange(8)
        if kind == 0:
            made = self.call(ds.SequentialSampler, self.one(None, 0, 1, 2, count), some)
        elif kind == 1:
            made = self.call(ds.RandomSampler, self.chance(0.5), some)
        elif kind == 2:
            shards = self.one(1, 2, 3, 5)
            offset = -1 if deep else self.one(-1, -1, 0, shards - 1)
            self.shared = True
            made = self.call(ds.DistributedSampler, shards, draw.randrange(shards), self.chance(0.5), some, offset)
        elif kind == 3:
            made = self.call(ds.SubsetSampler, self.indices(count) + ([count] if self.chance(0.1) else []), some)
        elif kind == 4:
            made = self.call(ds.SubsetRandomSampler, self.indices(count), some)
        elif kind == 5:
            weights = [round(draw.random(), 2) for _ in range(count)]
            made = self.call(ds.WeightedRandomSampler, weights, some, self.chance(0.6))
        elif kind == 6 and not deep:
            return self.indices(count)
        else:
            return own_sampler(ds, self.one(1, 2, 3), None if deep or count < 5 else self.one(None, 1))
        if deep < 2 and self.chance(0.25):
            child = self.sampler(count, deep + 1)
            self.call(made.add_child, child)
        return made

    def indices(self, count: int) -> list[int]:
        return [self.draw.randrange(max(count, 1)) for _ in range(min(self.one(1, 2, 5), max(count, 1)))]

    # Operations.

    def column(self, *kinds: str) -> str:
        """A column, of one of these kinds if there is one."""
        if self.chance(0.01):
            return "absent"
        fitting = [one for one, kind in self.columns.items() if kind in kinds]
        return self.one(*(fitting or self.columns))

    def fresh(self) -> str:
        return next(one for one in "pqrstuvwxyz" * 2 if one not in self.columns)

    def do(self, method: str, *arguments, **keywords):
        return self.call(getattr(self.dataset, method), *arguments, **keywords)


def own_sampler(ds, step: int, some: int | None):
    class Own(ds.Sampler):
        def __iter__(self):
            return iter(range(self.dataset_size - 1, -1, -step))

    return Own(some)


def name(value) -> str:
    if isinstance(value, partial):
        return f"partial({name(value.func)})"
    if isinstance(value, list):
        return f"[{', '.join(map(name, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {name(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (str, int, float, tuple)) or value is None:
        return repr(value)
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}"
    return getattr(value, "__name__", type(value).__name__)
