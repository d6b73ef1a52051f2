"""MindRecord files, which MindSpore wrote too: `scripts/record_mindrecord.py` stores what it wrote.

`FILES` has by name how many files share the rows, the schema, the index and the rows of each call of `write_raw_data`,
then those of what is appended.
"""

from __future__ import annotations

import random
from typing import Any, NamedTuple

import numpy as np

PAGE, HEADER = 2**15, 2**14  # the smallest there are


class Case(NamedTuple):
    schema: dict[str, dict]
    calls: list[list[dict]]
    shards: int = 1
    index: list[str] = []  # noqa: RUF012
    appended: list[list[dict]] = []  # noqa: RUF012
    desc: str = "d"


def write(writer_class, folder: str, name: str, case: Case) -> None:
    """Write a case with MindSpore's FileWriter, or with msjax's."""
    path = f"{folder}/{name}"
    writer = writer_class(path, case.shards, True)
    writer.set_page_size(PAGE)
    writer.set_header_size(HEADER)
    writer.add_schema(case.schema, case.desc)
    if case.index:
        writer.add_index(case.index)
    _write_calls(writer, case.calls)
    if case.appended:
        _write_calls(writer_class.open_for_append(path if case.shards == 1 else f"{path}0"), case.appended)


def _write_calls(writer, calls: list[list[dict]]) -> None:
    for rows in calls:
        writer.write_raw_data(rows)
    writer.commit()


_NUMBERS = {"int32": 31, "int64": 62, "float32": 100, "float64": 900}


def made_up(seed: int) -> Case:
    """Fields, and rows of all lengths, for which a page is too small after some."""
    draw = random.Random(seed)
    schema: dict[str, dict] = {}
    for i in range(draw.randint(0, 4)):
        schema[f"f{i}"] = {"type": draw.choice([*_NUMBERS, "string"])}
    for i in range(draw.randint(seed % 2, 3)):
        shape = draw.choice([None, [-1], [2, -1], [1, 2, 3]])
        schema[f"b{i}"] = {"type": draw.choice(list(_NUMBERS)), "shape": shape} if shape else {"type": "bytes"}
    schema = schema or {"k": {"type": "int32"}}
    shards = draw.choice([1, 1, 3])
    raw = [name for name, field in schema.items() if field["type"] != "bytes" and "shape" not in field]
    index = draw.sample(raw, draw.randint(1, len(raw))) if raw and seed % 3 else []

    def calls(count: int) -> list[list[dict]]:
        sizes = [shards * draw.randint(1, 7) for _ in range(count)]
        return [[{name: _value(draw, field) for name, field in schema.items()} for _ in range(n)] for n in sizes]

    return Case(schema, calls(draw.randint(1, 4)), shards, index, calls(draw.randint(0, 2)), draw.choice(["", "dé"]))


def _value(draw: random.Random, field: dict) -> Any:
    kind = field["type"]
    if "shape" in field:
        shape = [size if size > 0 else draw.randint(1, 40) for size in field["shape"]]
        values = [draw.uniform(-1, 1) * 10.0 ** draw.randint(0, 9) for _ in range(int(np.prod(shape)))]
        return np.array(values).reshape(shape).astype(kind)
    if kind == "bytes":
        return bytes([draw.randint(0, 255)]) * draw.randint(1, 12000)
    if kind == "string":
        return "é" * draw.choice([0, 3, 20, 40, 300, 5000])
    size = draw.uniform(-1, 1) * 2.0 ** draw.randint(0, _NUMBERS[kind])
    return int(size) if kind[0] == "i" else draw.choice([0.0, -0.0, 1.5, size])


_WITH_BYTES = {"k": {"type": "int32"}, "s": {"type": "string"}, "data": {"type": "bytes"}}
_ALL_TYPES = {
    "i": {"type": "int32"}, "l": {"type": "int64"}, "f": {"type": "float32"}, "d": {"type": "float64"},
    "s": {"type": "string"}, "b": {"type": "bytes"}, "ai": {"type": "int32", "shape": [2, 2]},
    "al": {"type": "int64", "shape": [-1]}, "af": {"type": "float32", "shape": [-1, 2]},
    "ad": {"type": "float64", "shape": [1, 1]},
}  # fmt: skip


def _of_all_types(i: int) -> dict:
    return {
        "i": -3 * i, "l": 2**40 * i, "f": 0.5 * i, "d": -0.1 * i, "s": f"é{i}", "b": bytes([i, 255, 0]),
        "ai": np.array([[i, -1], [300, 70000]], np.int32), "al": np.arange(i) * -(2**33),
        "af": np.full((i, 2), i, np.float32), "ad": np.array([[i / 7]]),
    }  # fmt: skip


def _with_bytes(count: int, first: int = 0) -> list[dict]:
    return [{"k": first + i % 3, "s": f"s{first + i}", "data": b"x" * (i + 1)} for i in range(count)]


FILES = {
    "a": Case(_WITH_BYTES, [_with_bytes(10)], index=["k", "s"]),
    "a2": Case(_WITH_BYTES, [_with_bytes(4, 10)], index=["k", "s"]),
    "three": Case(
        {"k": {"type": "int32"}, "data": {"type": "bytes"}}, [[{"k": i, "data": b"x"} for i in range(12)]], 3
    ),
    "types": Case(_ALL_TYPES, [[_of_all_types(i) for i in (1, 2, 9)]]),
    "strings": Case({"k": {"type": "int32"}, "s": {"type": "string"}}, [[{"k": i, "s": "a" * i} for i in range(3)]]),
    "blobs": Case({"data": {"type": "bytes"}}, [[{"data": b"0" * 40}] * 3]),
    **{f"n{i}": Case({"k": {"type": "int32"}}, [[{"k": 10 * i + j} for j in range(3 + i)]]) for i in range(5)},
    **{f"made{seed}": made_up(seed) for seed in range(12)},
}
