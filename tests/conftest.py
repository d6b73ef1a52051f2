"""What all tests share."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest

import msjax as ms

_run = itertools.count(1)
np.random.seed(0)  # what is drawn while tests are collected


@pytest.fixture(autouse=True)
def _forget_programs():
    """Thousands of tests compile tens of thousands of programs: let them go from time to time."""
    yield
    if next(_run) % 500 == 0:
        jax.clear_caches()


@pytest.fixture(autouse=True)
def _same_draws():
    """Each test draws the same numbers in every run, weights without a seed of their own among them."""
    np.random.seed(0)


@pytest.fixture(autouse=True)
def _pynative():
    """Each test begins, and leaves the next to begin, in PYNATIVE_MODE."""
    yield
    ms.set_context(mode=ms.PYNATIVE_MODE)


@pytest.fixture
def run_python():
    """Run a line of Python in a fresh interpreter."""

    def run(code: str) -> str:
        root = str(Path(ms.__file__).parents[1])
        env = {**os.environ, "PYTHONPATH": root, "JAX_PLATFORMS": "cpu"}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
