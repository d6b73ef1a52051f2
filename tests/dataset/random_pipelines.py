"""Random pipelines, each drawn from a seed: MindSpore and msjax are asked for the same ones.

`outcome(ds, folder, seed)` builds one with the module `dataset` of either, runs it, and gives what can be asked of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

MOST_ROWS = 40  # of an epoch that are looked at
INT, FLOAT, VECTOR, RAGGED, TEXT, OTHER = "int float vector ragged text other".split()
NUMBERS = (INT, FLOAT, VECTOR, OTHER)


# Functions of the user's.


def plus_one(x):
    if x.dtype.kind in "SU":
        raise TypeError("a text")
    return x + x.dtype.type(1)


def both(x):
    return x, plus_one(x)


def total(x):
    return np.sum(x)


def as_int(x):
    return int(np.sum(x))


def to_float32(x):
    return x.astype(np.float32)


def twice(x):
    return np.stack([x, x])


def swapped(x, y):
    return y, x


def first_of(x, y):
    return x


def upper(x):
    return np.char.upper(x)


def failing(x):
    if np.sum(x) > 3:
        raise ValueError("more than 3")
    return x


def nothing(x):
    return None


def even(x):
    return bool(np.sum(x) % 2 == 0)


def never(*columns):
    return False


def small(x, *others):
    return np.sum(x) < 6


def wrong_answer(x):
    return "yes"


def growing(info):
    return info.get_batch_num() + 1


def by_epoch(info):
    return 2 + info.get_epoch_num()


def batch_plus(x, info):
    return ([plus_one(one) * one.dtype.type(info.get_batch_num()) for one in x],)


def batch_joined(x, info):
    return (np.stack(x).reshape(len(x), -1) * (1 + info.get_epoch_num()),)


def batch_of_two(x, y, info):
    return list(y), list(x)


def batch_doubled(x, info):
    return list(x), [np.array(len(x))] * len(x)


def size_of(x):
    return len(x)


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
        self.text.append(f"{name(function)}({', '.join([*map(name, arguments), *(f'{k}={name(v)}' for k, v in keywords.items())])})")
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
        return self.call(self.ds.NumpySlicesDataset, {one: np.array(cells) for one, cells in data.items()}, **self.chosen(count))

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
        return self.call(self.ds.CSVDataset, [f"{self.folder}/plain.csv"] * self.one(1, 2), ",", [1, 2.5, ""], [*"xyz"], **self.of_files())

    def _tfrecord(self, count):
        self.columns = {"n": OTHER, "s": OTHER, "x": OTHER}
        files = self._files("a.tfrecord", "b.tfrecord", "c.tfrecord")
        dataset = self.call(self.ds.TFRecordDataset, files, None, [*self.columns], shard_equal_rows=True, **self.of_files())
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
            return own_sampler(ds, self.one(1, 2, 3), None if deep else some)
        if deep < 2 and self.chance(0.25):
            child = self.sampler(count, deep + 1)
            self.call(made.add_child, child)
        return made

    def indices(self, count: int) -> list[int]:
        return [self.draw.randrange(max(count, 1)) for _ in range(self.one(1, 2, min(5, max(count, 1))))]

    # Operations.

    def grow(self) -> None:
        """A source, and some operations."""
        self.dataset = self.source()
        for _ in range(self.one(0, 1, 2, 2, 3, 3, 4, 5)):
            operation = self.draw.choices(*zip(*OPERATIONS, strict=True))[0]
            self.dataset = operation(self)

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


def map_one(p: Pipeline):
    column = p.column(*NUMBERS)
    T = p.ds.transforms
    function = p.one(
        plus_one, plus_one, total, as_int, to_float32, twice, failing, nothing, T.TypeCast(np.float32), T.Fill(3),
        T.Mask(T.Relational.GT, 2), T.Duplicate(), T.PadEnd([5], -1), T.Slice(slice(0, 2)), T.OneHot(20),
        T.Compose([T.TypeCast(np.int32), plus_one]), upper, T.Concatenate(0, np.array([1])),
        [plus_one, T.TypeCast(np.int16)], T.Unique(),
    ) if p.chance(0.9) else p.one(upper, len, str)  # fmt: skip
    arguments = {"num_parallel_workers": p.one(1, 2)} if p.chance(0.3) else {}
    output = p.fresh() if p.chance(0.3) else None
    if type(function).__name__ == "Duplicate":
        output = [column, p.fresh()] if p.chance(0.9) else None
    if type(function).__name__ == "Unique":
        output = [*"pqr"]
    made = p.do("map", function, column, *([output] if output else []), **arguments)
    new = output if isinstance(output, str) else column
    p.columns = {new if one == column else one: OTHER if one == column else kind for one, kind in p.columns.items()}
    if isinstance(output, list):
        p.columns = {one: OTHER for one in output} | {one: kind for one, kind in p.columns.items() if one != column}
    return made


def map_two(p: Pipeline):
    if len(p.columns) < 2:
        column, output = p.column(*NUMBERS), p.fresh()
        made = p.do("map", both, [column], [column, output] if p.chance(0.5) else [output, column])
        p.columns[output] = p.columns.get(column, OTHER)
        return made
    x, y = p.draw.sample(sorted(p.columns), 2)
    outputs = p.one(None, [x, y], [y, x], [p.fresh(), x], [p.fresh()])
    made = p.do("map", p.one(swapped, first_of, [swapped, swapped]), [x, y], outputs)
    if outputs:
        rest = {one: kind for one, kind in p.columns.items() if one not in (x, y)}
        p.columns = {one: OTHER for one in outputs} | rest
    return made


def filtered(p: Pipeline):
    predicate = p.draw.choices((even, small, never, wrong_answer), (6, 4, 1, 1))[0]
    columns = [p.column(*NUMBERS)] if p.chance(0.8) else None
    return p.do("filter", predicate, columns)


def batched(p: Pipeline):
    size = p.draw.choices((1, 2, 3, 4, 7, 100, growing, by_epoch, 0, "2"), (2, 6, 6, 3, 2, 1, 1, 1, 0.3, 0.3))[0]
    arguments: dict[str, Any] = {}
    if p.chance(0.4):
        arguments["drop_remainder"] = p.chance(0.6)
    if p.chance(0.3):
        column = p.column(*NUMBERS)
        function = p.one(batch_plus, batch_joined, batch_doubled, batch_of_two)
        arguments |= {"per_batch_map": function, "input_columns": [column]}
        if function is batch_doubled:
            arguments["output_columns"] = [column, p.fresh()]
            p.columns[p.fresh()] = OTHER
        if function is batch_of_two:
            arguments["input_columns"] = p.draw.sample(sorted(p.columns), min(2, len(p.columns)))
    made = p.do("batch", size, **arguments)
    p.columns = {one: OTHER for one in p.columns}
    return made


def padded(p: Pipeline):
    column = p.column(RAGGED, VECTOR)
    info = p.one(None, {}, {column: ([4], -1)}, {column: ([None], 2)}, {column: (None, 7)}, {column: ([2], 0)})
    made = p.do("padded_batch", p.one(1, 2, 3, 5), p.chance(0.3), pad_info=info)
    p.columns = {one: OTHER for one in p.columns}
    return made


def bucketed(p: Pipeline):
    column = p.column(RAGGED, VECTOR)
    boundaries, sizes = p.one(([2], [2, 3]), ([1, 3], [2, 2, 1]), ([2, 3, 4], [3, 1, 2, 2]), ([3, 2], [1, 1, 1]))
    arguments: dict[str, Any] = {}
    if p.chance(0.5):
        arguments["element_length_function"] = size_of
    if p.chance(0.5):
        arguments["pad_info"] = p.one({}, {column: ([None], 5)}, {column: ([4], 1)})
    if p.chance(0.3):
        arguments["pad_to_bucket_boundary"] = True
    if p.chance(0.3):
        arguments["drop_remainder"] = True
    made = p.do("bucket_batch_by_length", [column], boundaries, sizes, **arguments)
    p.columns = {one: OTHER for one in p.columns}
    return made


def renamed(p: Pipeline):
    old = p.draw.sample(sorted(p.columns), p.draw.randint(1, len(p.columns)))
    new = p.draw.sample([*"klmn", *p.columns], len(old)) if p.chance(0.3) else [*"klmn"[: len(old)]]
    made = p.do("rename", old, new)
    p.columns = {dict(zip(old, new, strict=True)).get(one, one): kind for one, kind in p.columns.items()}
    return made


def projected(p: Pipeline):
    columns = p.draw.sample(sorted(p.columns), p.draw.randint(1, len(p.columns)))
    made = p.do("project", columns + (["absent"] if p.chance(0.03) else []))
    p.columns = {one: p.columns[one] for one in columns}
    return made


def other(p: Pipeline, columns: dict[str, str]):
    """Another dataset with these columns."""
    mine, own = p.dataset, p.columns
    p.text.append("(")
    p.dataset = p.source(columns)
    for _ in range(p.one(0, 0, 1, 2)):
        p.dataset = p.one(shuffled, repeated, skipped, taken)(p)
    made = p.dataset
    p.text.append(")")
    p.dataset, p.columns = mine, own
    return made


def zipped(p: Pipeline):
    columns = {f"{one}2": p.one(INT, VECTOR, TEXT) for one in "hij"[: p.one(1, 2)]}
    if p.chance(0.05):
        columns = dict(p.columns)
    made = other(p, columns)
    made = p.do("zip", (made, ) if p.chance(0.3) else made)
    p.columns = p.columns | columns
    return made


def joined(p: Pipeline):
    if OTHER in p.columns.values():  # an error for rows after those that are asked for comes, or does not
        return p.dataset
    columns = dict(p.columns)
    made = other(p, columns)
    joined = p.call(p.dataset.__add__, made) if p.chance(0.5) else p.do("concat", [made])
    if p.chance(0.2):
        shards = p.one(1, 2, 3)
        p.call(joined.use_sampler, p.ds.DistributedSampler(shards, p.draw.randrange(shards), False))
    return joined


def divided(p: Pipeline):
    if p.shared:
        return p.dataset
    sizes = p.one([0.5, 0.5], [0.3, 0.7], [0.2, 0.2, 0.6], [2, 1], [1.0], [0.5, 0.6])
    parts = p.do("split", sizes, p.chance(0.5))
    return p.one(*parts)


def shuffled(p: Pipeline):
    return p.do("shuffle", p.draw.choices((2, 3, 5, 100, 1, 0), (4, 4, 4, 4, 0.2, 0.2))[0])


def repeated(p: Pipeline):
    return p.do("repeat", p.draw.choices((1, 2, 3, 0), (2, 5, 3, 0.2))[0])


def skipped(p: Pipeline):
    return p.do("skip", p.draw.choices((0, 1, 2, 3, 50, -1), (2, 5, 5, 3, 0.5, 0.2))[0])


def taken(p: Pipeline):
    return p.do("take", p.draw.choices((1, 2, 4, 50, -1, 0), (3, 4, 5, 2, 1, 0.2))[0])


def flattened(p: Pipeline):
    made = p.do("flat_map", lambda *columns: p.ds.NumpySlicesDataset({"f": np.arange(2) + int(np.sum(len(columns)))}))
    p.columns = {"f": INT}
    return made


OPERATIONS: list[tuple[Callable[[Pipeline], Any], float]] = [
    (map_one, 5), (map_two, 2), (filtered, 2), (batched, 5), (padded, 1), (bucketed, 1), (renamed, 1), (projected, 1),
    (zipped, 1.5), (joined, 1.5), (divided, 1), (shuffled, 3), (repeated, 3), (skipped, 2), (taken, 2),
    (flattened, 0.3),
]  # fmt: skip


# What is asked.


def outcome(ds, folder: str, seed: int) -> dict[str, Any]:
    """What can be asked of the pipeline of a seed, in JSON."""
    draw = random.Random(-1 - seed)
    ds.config.set_seed(draw.choice((5, 5, 1234, 2147483647)))
    made = Pipeline(ds, folder, seed)
    try:
        made.grow()
    except Exception as error:
        return {"pipeline": " ".join(made.text), "error": type(error).__name__, "text": str(error)}
    dataset, answers = made.dataset, {"pipeline": " ".join(made.text)}
    questions: dict[str, Callable[[], Any]] = {
        "columns": dataset.get_col_names,
        "size": dataset.get_dataset_size,
        "batch": dataset.get_batch_size,
        "repeat": dataset.get_repeat_count,
        "shapes": dataset.output_shapes,
        "types": lambda: [str(one) for one in dataset.output_types()],
        "rows": partial(rows, dataset, draw),
    }
    asked = list(questions)
    draw.shuffle(asked)
    for question in asked:
        answers[question] = answer(questions[question])
    return answers


def answer(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except Exception as error:
        return {"error": type(error).__name__, "text": str(error)}


def rows(dataset, draw: random.Random) -> list:
    """The rows of some epochs, of one iterator or another."""
    epochs, as_numpy, copied = draw.choice((1, 1, 2, 3)), draw.random() < 0.6, draw.random() < 0.3
    if draw.random() < 0.5:
        iterator = dataset.create_dict_iterator(num_epochs=epochs, output_numpy=as_numpy, do_copy=copied)
    else:
        iterator = dataset.create_tuple_iterator(num_epochs=epochs, output_numpy=as_numpy, do_copy=copied)
    return [[cells(row) for row, _ in zip(iterator, range(MOST_ROWS), strict=False)] for _ in range(epochs)]


def cells(row) -> list:
    if isinstance(row, dict):
        return [[key, *cell(part)] for key, part in row.items()]
    return [cell(part) for part in row]


def cell(part) -> list:
    kind = type(part).__name__
    array = part if isinstance(part, np.ndarray) else part.asnumpy()
    return [kind, array.dtype.str, array.tolist()]
