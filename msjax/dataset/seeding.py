"""Where random transforms draw from.

What MindSpore does in C++ draws from `streams().generator`. What it does in Python, on PIL images, draws from Python's
`random` and numpy's, and so do we. All three follow `random.seed`, `numpy.random.seed` and `dataset.config.set_seed`,
unless a thread has random numbers of its own: a pipeline gives them to its workers, so that no row depends on which of
them has it.
"""

from __future__ import annotations

import random
import threading
from functools import cached_property

import numpy as np


class _Program:
    """The random numbers of the whole program."""

    python = random
    numpy = np.random

    @property
    def generator(self) -> np.random.Generator:
        # Of numpy's own bits, so that both are one stream.
        return np.random.Generator(np.random.get_bit_generator())  # type: ignore[attr-defined]


class _Own:
    """Random numbers from a seed, made when they are used."""

    def __init__(self, seed: int):
        self._seed = seed

    @cached_property
    def python(self) -> random.Random:
        return random.Random(self._seed)

    @cached_property
    def numpy(self) -> np.random.RandomState:
        return np.random.RandomState(self._seed % 2**32)

    @cached_property
    def generator(self) -> np.random.Generator:
        return np.random.default_rng(self._seed)


_PROGRAM = _Program()
_thread = threading.local()


def streams() -> _Program | _Own:
    """The random numbers of this thread, as `python`, as `numpy` and as `generator`."""
    return getattr(_thread, "streams", _PROGRAM)


def use(seed: int | None) -> None:
    """Let this thread draw from a seed of its own, or, with None, from the program's generators again."""
    _thread.streams = _PROGRAM if seed is None else _Own(seed)


def generator() -> np.random.Generator:
    """The numpy Generator of this thread."""
    return streams().generator
