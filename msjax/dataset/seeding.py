"""Where random transforms draw from.

What MindSpore does in C++ draws from `generator()`. What it does in Python, on PIL images, draws from Python's `random`
and numpy's, and so do we: `random.seed` and `dataset.config.set_seed` decide.
"""

from __future__ import annotations

import random
import threading
from typing import Any, NamedTuple

import numpy as np


class Streams(NamedTuple):
    """The random numbers of one thread: as Python's `random`, as `numpy.random`, and a numpy Generator."""

    python: Any
    numpy: Any
    generator: np.random.Generator


_own = threading.local()


def streams() -> Streams:
    """The random numbers of this thread: those that `use` set, else those of the whole program."""
    own = getattr(_own, "streams", None)
    if own is None:
        own = Streams(random, np.random, np.random.default_rng(np.random.randint(2**31)))
    return own


def use(seed: int | None) -> None:
    """Let this thread draw from streams of its own, or, with None, from the program's again."""
    if seed is None:
        _own.streams = None
    else:
        _own.streams = Streams(random.Random(seed), np.random.RandomState(seed % 2**32), np.random.default_rng(seed))


def generator() -> np.random.Generator:
    """The numpy Generator of this thread."""
    return streams().generator
