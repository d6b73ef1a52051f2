#!/usr/bin/env python3
"""Write docs/coverage.md, and the table in README.md: which public names of MindSpore 2.10 msjax has.

    scripts/make_coverage.py [--check]

With --check nothing is written, and the exit code is 1 if they are out of date.
"""

import argparse
import importlib
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "docs" / "coverage.md"
README = ROOT / "README.md"
# The rows of the README's table, between these lines.
BEGIN, END = "| --- | ---: | ---: |\n", "\nAll of it, name by name"
PARTS = (
    "mindspore",
    "mindspore.Tensor",
    "mindspore.ops",
    "mindspore.nn",
    "mindspore.nn.probability.distribution",
    "mindspore.nn.probability.bijector",
    "mindspore.mint",
    "mindspore.mint.distributed",
    "mindspore.numpy",
    "mindspore.scipy.linalg",
    "mindspore.common.initializer",
    "mindspore.amp",
    "mindspore.train",
    "mindspore.profiler",
    "mindspore.communication",
    "mindspore.parallel",
    "mindspore.dataset",
    "mindspore.dataset.transforms",
    "mindspore.dataset.vision",
    "mindspore.dataset.text",
    "mindspore.dataset.audio",
    "mindspore.mindrecord",
)
INTRODUCTION = """# Coverage

Public names of MindSpore 2.10, documented or exported, that msjax has, and those it does not have yet. A name counts
when it resolves; none is a stub. Written by `scripts/make_coverage.py`.

| module | supported | of |
| --- | ---: | ---: |
"""

ABSENT = """

## Not there yet

Modules of which nothing is there are in the table above only.

| module | names |
| --- | --- |
"""
LEFT_OUT = """
## Left out

| name | why |
| --- | --- |
"""
MANY = 60  # names, from which on a module has a row for each letter


def owner(module: str):
    """The module, or for mindspore.Tensor the class, that should have the names; None if it is not there."""
    import msjax

    if module == "mindspore.Tensor":
        return msjax.Tensor
    try:
        return importlib.import_module(module.replace("mindspore", "msjax", 1))
    except ImportError:
        return None


def missing(module: str, names) -> list[str]:
    place = owner(module)
    return sorted(names) if place is None else sorted(n for n in names if not hasattr(place, n))


def short_table() -> str:
    """The README with its table of parts brought up to date."""
    from msjax.core.names import documented

    text = README.read_text(encoding="utf-8")
    start = text.index(BEGIN) + len(BEGIN)
    rows = []
    for module in PARTS:
        names = documented()[module]
        rows.append(f"| `{module}` | {len(names) - len(missing(module, names))} | {len(names)} |\n")
    return text[:start] + "".join(rows) + text[text.index(END) :]


def render() -> str:
    from msjax.alias import advice
    from msjax.core.names import documented

    rows, absent, supported, total = [], "", 0, 0
    for module, names in sorted(documented().items()):
        lacking = missing(module, names)
        rows.append(f"| `{module}` | {len(names) - len(lacking)} | {len(names)} |")
        supported, total = supported + len(names) - len(lacking), total + len(names)
        if lacking and len(lacking) < len(names):
            lacking = [name for name in lacking if _path(module, name) not in {**advice.LEFT_OUT, **advice.NOT_SERVED}]
            absent += "".join(f"| {row} |\n" for row in _in_rows(module, lacking))
    rows.append(f"| **all** | **{supported}** | **{total}** |")
    left_out = "".join(f"| `mindspore.{path}` | {why} |\n" for path, why in sorted(advice.LEFT_OUT.items()))
    return INTRODUCTION + "\n".join(rows) + ABSENT + absent + LEFT_OUT + left_out + "".join(_not_served())


def _not_served() -> Iterator[str]:
    """A row for each reason that holds for many names, with those of them that MindSpore exports."""
    from msjax.alias import advice
    from msjax.core.names import is_documented

    for reason in dict.fromkeys(advice.NOT_SERVED.values()):
        paths = [f"mindspore.{path}" for path, why in advice.NOT_SERVED.items() if why == reason]
        listed = [path for path in paths if is_documented(*path.rpartition(".")[::2])]
        if listed:
            yield f"| {', '.join(f'`{path}`' for path in listed)} | {reason} |\n"


def _path(module: str, name: str) -> str:
    """A name's path below the root."""
    return f"{module}.{name}".partition(".")[2]


def _in_rows(module: str, names: list[str]) -> Iterator[str]:
    """Rows of a table: one for a module, or for each letter of a module that lacks many names."""
    key = (lambda name: name.lstrip("_")[0].upper()) if len(names) > MANY else (lambda name: "")
    for letter, some in itertools.groupby(sorted(names, key=lambda name: name.lstrip("_").upper()), key):
        yield f"`{module}` {letter}".rstrip() + f" | {', '.join(f'`{name}`' for name in some)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    sys.path.insert(0, str(ROOT))
    for path, text in ((OUTPUT, render()), (README, short_table())):
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            return 1
        if not check:
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
