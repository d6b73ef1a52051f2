"""What a trace says: the operators that took most of the time."""

from __future__ import annotations

import gzip
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SHOWN = 20  # operators in the text


class Row(NamedTuple):
    """An operator of a compiled program, and how often and how long it ran, what ran within it left out."""

    operator: str
    program: str
    calls: int
    milliseconds: float


def latest(folder: Path) -> Path | None:
    """The trace that was written last, in a folder or below it."""
    return max(folder.rglob("*.trace.json.gz"), key=lambda path: path.stat().st_mtime_ns, default=None)


def operators(path: Path) -> list[Row]:
    """The operators of a trace, those that took longest first.

    Raises:
        RuntimeError: if the file is no trace.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return _operators(json.load(file)["traceEvents"])
    except (OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise RuntimeError(f"The trace {path} cannot be read: {error!r:.300}") from error


def _operators(events: Iterable[dict]) -> list[Row]:
    calls: dict[tuple[str, str], int] = defaultdict(int)
    microseconds: dict[tuple[str, str], float] = defaultdict(float)
    for line in _lines(events):
        for event, own in _own_times(line):
            key = event["args"]["hlo_op"], event["args"].get("hlo_module", "")
            calls[key] += 1
            microseconds[key] += own
    rows = (Row(*key, calls[key], time / 1000) for key, time in microseconds.items())
    return sorted(rows, key=lambda row: -row.milliseconds)


def text(path: Path) -> str:
    """A table of the operators that took longest."""
    rows = operators(path)
    total = sum(row.milliseconds for row in rows)
    lines = [f"{path}: {len(rows)} operators, {total:.3f} ms"]
    if rows:
        lines.append(f"{'share':>7} {'ms':>12} {'calls':>8}  operator (program)")
    for row in rows[:SHOWN]:
        share = row.milliseconds / total if total else 0
        lines.append(f"{share:7.1%} {row.milliseconds:12.3f} {row.calls:8}  {row.operator} ({row.program})")
    return "\n".join(lines)


def _lines(events: Iterable[dict]) -> Iterator[list[dict]]:
    """The runs of operators, those of each thread or stream by themselves.

    Of a device that has a line "XLA Ops" the other lines say the same again.
    """
    threads, summaries = defaultdict(list), set()
    for event in events:
        thread = event.get("pid"), event.get("tid")
        if event.get("name") == "thread_name" and event["args"]["name"] == "XLA Ops":
            summaries.add(thread)
        elif event.get("ph") == "X" and "hlo_op" in event.get("args", ()):
            threads[thread].append(event)
    summarized = {process for process, _ in summaries}
    return (line for thread, line in threads.items() if thread in summaries or thread[0] not in summarized)


def _own_times(line: list[dict]) -> Iterator[tuple[dict, float]]:
    """The runs of one thread with their durations, less those of the runs within them."""
    own = [event.get("dur", 0.0) for event in line]
    around: list[int] = []
    for i in sorted(range(len(line)), key=lambda i: (line[i]["ts"], -own[i])):
        while around and _end(line[around[-1]]) <= line[i]["ts"]:
            around.pop()
        if around:
            own[around[-1]] -= line[i].get("dur", 0.0)
        around.append(i)
    return zip(line, own, strict=True)


def _end(event: dict) -> float:
    return event["ts"] + event.get("dur", 0.0)
