"""Runs the examples as a user does: each in a process of its own, in an empty folder."""

import itertools
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


@pytest.fixture
def examples():
    return Path(__file__).parents[2] / "examples"


@pytest.fixture
def run_python(tmp_path):
    def run(*arguments):
        """The lines that `python ARGUMENTS...` prints."""
        done = subprocess.run([sys.executable, *map(str, arguments)], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


@pytest.fixture
def run_example(examples, run_python):
    def run(name, *arguments):
        """The lines that `python -m msjax examples/NAME.py ARGUMENTS...` prints."""
        return run_python("-m", "msjax", examples / f"{name}.py", *arguments)

    return run


@dataclass
class Printed:
    """What an example printed, and the picture that it drew."""

    lines: list[str]
    picture: Path

    @property
    def losses(self) -> list[float]:
        return losses_in(self.lines)

    def value(self, label: str) -> str:
        """What stands behind `label`, on the one line that starts with it."""
        (line,) = [line for line in self.lines if line.startswith(label)]
        return line.removeprefix(label).strip()

    def losses_of(self, method: str) -> list[float]:
        """Those below the line `method`, as far as they go."""
        after = self.lines[self.lines.index(method) + 1 :]
        return losses_in(itertools.takewhile(lambda line: line.startswith(" "), after))


def losses_in(lines) -> list[float]:
    return [float(match[1]) for line in lines if (match := re.match(r" +\d+ +(\S+)", line))]


@pytest.fixture
def solve(run_example, tmp_path):
    def solve(name, *arguments):
        """Runs an example that trains a network."""
        printed = Printed(run_example(name, *arguments, "--picture", "u.png"), tmp_path / "u.png")
        assert printed.value("picture:") == str(printed.picture)
        return printed

    return solve
