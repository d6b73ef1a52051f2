"""Whole training programs as users of MindSpore write them: scripts that print the loss of each step, and what else.

The scripts in `programs` know MindSpore only, so they run under MindSpore itself too: `scripts/record_training.py` does
that and writes what they print to `mindspore.json`. `python -m benchmarks.programs` times their steps under both.
"""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from unittest import mock

import numpy as np

PROGRAMS = {path.stem: path for path in sorted((Path(__file__).parent / "programs").glob("*.py"))}
RECORD = Path(__file__).parent / "mindspore.json"
RANDOM = "HeUniform HeNormal Normal Uniform XavierUniform XavierNormal TruncatedNormal VarianceScaling".split()


def _values(self, array: np.ndarray) -> None:
    """Fill a new parameter: with numbers that its shape alone decides, as large as layers want them."""
    random = np.random.RandomState(sum(size * 31**i for i, size in enumerate(array.shape)) % 2**32)
    array[...] = random.normal(size=array.shape) / np.sqrt(np.prod(array.shape[1:]))


@contextlib.contextmanager
def same_initial_values() -> Iterator[None]:
    """Let the random initializers of whatever is called MindSpore give the same values under every library."""
    import mindspore.common.initializer as initializers

    with contextlib.ExitStack() as stack:
        for name in RANDOM:
            stack.enter_context(mock.patch.object(getattr(initializers, name), "_initialize", _values))
        yield


def run(name: str, *arguments: str, out: TextIO) -> None:
    """Run a program as `python NAME.py ARGUMENTS...` would, in this process; it prints to `out`."""
    path = str(PROGRAMS[name])
    with same_initial_values(), contextlib.redirect_stdout(out), mock.patch.object(sys, "argv", [path, *arguments]):
        runpy.run_path(path, run_name="__main__")


def printed(name: str) -> list[str]:
    """The lines that a program prints."""
    out = io.StringIO()
    run(name, out=out)
    return out.getvalue().splitlines()
