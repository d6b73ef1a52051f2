"""Scripts and notebooks as syntax trees, and the files of both in folders."""

from __future__ import annotations

import ast
import json
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

_PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")  # what follows them in a cell is Python
_MAGIC = re.compile(r"^(\s*)(?:[\w.]+\s*=\s*)?[%!?].*|^(\s*)[\w.%]+\?+\s*$")

Place = Callable[[int], str]


def files(given: list[str]) -> Iterator[str]:
    """Each file, and for a folder the scripts and notebooks below it, but for hidden folders."""
    for name in given:
        folder = Path(name)
        if not folder.is_dir():
            yield name
            continue
        found = sorted(path for suffix in ("py", "ipynb") for path in folder.rglob(f"*.{suffix}"))
        for path in found:
            if not any(part.startswith(".") for part in path.relative_to(folder).parts):
                yield str(path)


def read(file: str) -> tuple[ast.Module, Place]:
    """The tree of a script or notebook, and how a place in it is called, given the tree's line.

    Raises:
        OSError, SyntaxError, ValueError: if the file can not be read.
    """
    with tokenize.open(file) as source:
        text = source.read()
    if not file.endswith(".ipynb"):
        return ast.parse(text, file), str
    lines, places = [], []
    for number, cell in enumerate(_code_cells(text), 1):
        for line, code in enumerate(_python(cell), 1):
            lines.append(code)
            places.append(f"cell {number}, line {line}")
    try:
        return ast.parse("\n".join(lines), file), lambda line: places[line - 1]
    except SyntaxError as error:
        where = places[(error.lineno or 1) - 1] if error.lineno and error.lineno <= len(places) else "the last cell"
        raise ValueError(f"{where}: {error.msg}") from None


def _code_cells(text: str) -> list[str]:
    try:
        cells = json.loads(text)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (KeyError, TypeError) as error:
        raise ValueError(f"it is no notebook of format 4 ({type(error).__name__}: {error})") from None


def _python(cell: str) -> list[str]:
    """The lines of a cell, without what only IPython understands."""
    lines = cell.splitlines()
    if lines and lines[0].startswith("%%"):
        if not lines[0].startswith(_PYTHON_MAGICS):
            return []
        lines[0] = ""
    try:
        ast.parse("\n".join(lines))
        return lines
    except SyntaxError:
        return [_MAGIC.sub(lambda found: f"{found[1] or found[2] or ''}pass", line) for line in lines]
