"""The programs in the documentation run, and print what the page says."""

import contextlib
import doctest
import importlib.util
import io
import linecache
import re
from pathlib import Path

import pytest

import msjax as ms
from doctests import Numbers, failures

ROOT = Path(__file__).parents[1]
TUTORIAL = [f"docs/tutorial/{path.name}" for path in sorted((ROOT / "docs" / "tutorial").glob("*.md"))]
GUIDES = [f"docs/{name}.md" for name in ("index", "training", "physics", "flax", "jax", "migration")]
NEEDS = {"orbax": "orbax", "flatbuffers": "flatbuffers", "solvers": "optimistix", "summary": "tensorboardX"}
# A program and what it prints, or a session at the prompt.
PROGRAM = re.compile(r"^```(?:python)?\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", re.MULTILINE | re.DOTALL)


def available(program: str) -> bool:
    wanted = re.match(r"# needs: (\w+)", program)
    return wanted is None or importlib.util.find_spec(NEEDS[wanted.group(1)]) is not None


def run(program: str, file: str, names: dict) -> str:
    """What a program prints. Its text is where Python looks for source: without it nothing compiles."""
    linecache.cache[file] = (len(program), None, program.splitlines(True), file)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, file, "exec"), names)
    return printed.getvalue()


@pytest.fixture
def _uninstalled(monkeypatch, tmp_path):
    """A page may call `install_as`, and write files."""
    monkeypatch.chdir(tmp_path)
    yield
    ms.uninstall()


@pytest.mark.usefixtures("_uninstalled")
@pytest.mark.parametrize("page", ["README.md", *GUIDES, *TUTORIAL])
def test_programs_run(page):
    names = {"__name__": "guide"}
    for number, (program, expected) in enumerate(PROGRAM.findall((ROOT / page).read_text(encoding="utf-8")), 1):
        if program.startswith(">>>"):
            assert not failures(doctest.DocTestParser().get_doctest(program, names, page, None, None))
        elif available(program):
            printed = run(program, f"{page}, program {number}", names)
            assert not expected or Numbers().check_output(expected, printed, 0), f"{program}\nprints\n{printed}"
