"""How the tests of the alias start other Pythons, and how they leave this one as they found it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import msjax

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(msjax.__file__).parent.parent), "JAX_PLATFORMS": "cpu"}


@pytest.fixture
def python(tmp_path):
    """Runs `python words...` in an empty folder: `python("-m", "msjax", "script.py")`."""

    def run(*words, stdin=""):
        return subprocess.run(
            [sys.executable, *words],
            cwd=tmp_path, env=ENVIRONMENT, input=stdin, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    return run


@pytest.fixture
def mindspore():
    """msjax, importable as mindspore for one test."""
    msjax.install_as("mindspore")
    yield msjax
    msjax.uninstall()
