"""The operations that random pipelines are made of: each gives a pipeline, drawn so far, another dataset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .building import FLOAT, INT, OTHER, RAGGED, TEXT, VECTOR, Pipeline
from .functions import (
    as_int,
    batch_doubled,
    batch_joined,
    batch_of_two,
    batch_plus,
    both,
    by_epoch,
    even,
    failing,
    first_of,
    growing,
    never,
    nothing,
    plus_one,
    size_of,
    small,
    swapped,
    to_float32,
    total,
    twice,
    upper,
    wrong_answer,
)  # fmt: skip

NUMBERS = (INT, FLOAT, VECTOR, OTHER)


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
        p.columns = dict.fromkeys(output, OTHER) | {one: kind for one, kind in p.columns.items() if one != column}
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
        p.columns = dict.fromkeys(outputs, OTHER) | rest
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
    p.columns = dict.fromkeys(p.columns, OTHER)
    return made


def padded(p: Pipeline):
    column = p.column(RAGGED, VECTOR)
    info = p.one(None, {}, {column: ([4], -1)}, {column: ([None], 2)}, {column: (None, 7)}, {column: ([2], 0)})
    made = p.do("padded_batch", p.one(1, 2, 3, 5), p.chance(0.3), pad_info=info)
    p.columns = dict.fromkeys(p.columns, OTHER)
    return made


def bucketed(p: Pipeline):
    if not {RAGGED, VECTOR} & {*p.columns.values()}:  # a scalar has no length
        return p.dataset
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
    p.columns = dict.fromkeys(p.columns, OTHER)
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
    made = p.do("zip", (made,) if p.chance(0.3) else made)
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


def grow(p: Pipeline) -> None:
    """A source, and some operations."""
    p.dataset = p.source()
    for _ in range(p.one(0, 1, 2, 2, 3, 3, 4, 5)):
        operation = p.draw.choices(*zip(*OPERATIONS, strict=True))[0]
        p.dataset = operation(p)
