"""An example for each operator, shown in the docstrings of all its faces.

There is a file for each wing. A line without indentation says arguments, by the definition's parameters, of which lists
stand for Tensors; below it stands for each "topic.definition" what that gives. Where a face gives something else, as
its defaults are others, an entry "room.name" says so.
"""

from __future__ import annotations

import functools
from pathlib import Path


@functools.cache
def known(wing: str) -> dict[str, tuple[str, str]]:
    """The arguments and the result of each example of the operators of a wing, by name; a wing may have none."""
    examples: dict[str, tuple[str, str]] = {}
    arguments = name = ""
    path = Path(__file__).with_name(f"{wing}.txt")
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        if not line.startswith(" "):
            arguments = line
        elif line[4] != " ":
            name, _, result = line.strip().partition(":")
            examples[name] = arguments, result.strip()
        else:  # the result goes on
            examples[name] = arguments, f"{examples[name][1]}\n{line[8:]}".lstrip("\n")
    return examples


def find(wing: str, *names: str) -> tuple[str, str] | None:
    """The arguments and the result of the example for the first of some names that has one."""
    return next((known(wing)[name] for name in names if name in known(wing)), None)
