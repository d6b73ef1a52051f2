"""Runs the examples as a user does: each in a process of its own, in an empty folder."""

import subprocess
import sys
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
