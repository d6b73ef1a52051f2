"""Runs the examples as a user does: each in a process of its own, in an empty folder."""

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
class Solved:
    """What a solver of a differential equation printed, and the picture that it drew."""

    losses: list[float]
    error: float
    picture: Path


@pytest.fixture
def solve(run_example, tmp_path):
    def solve(name, *arguments):
        """Runs a solver of a differential equation."""
        lines = run_example(name, *arguments, "--picture", "u.png")
        losses = [float(match[1]) for line in lines if (match := re.match(r" +\d+ +(\S+)", line))]
        (error,) = [float(line.split(":")[1]) for line in lines if line.startswith("relative L2 error:")]
        assert f"picture: {tmp_path / 'u.png'}" in lines
        return Solved(losses, error, tmp_path / "u.png")

    return solve
