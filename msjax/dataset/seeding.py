"""Where random transforms draw from.

What MindSpore does in C++ draws from `draws(operation)`. What it does in Python, on PIL images, draws from `streams()`,
Python's `random` and numpy's. Called directly, all follow `random.seed`, `numpy.random.seed` and
`dataset.config.set_seed`.

In a pipeline with a seed the numbers are MindSpore's: there each transform has a Mersenne Twister in each worker, begun
at the seed plus the worker's number, and the rows go to the workers in turn. Such a worker is a `Lane` here, whichever
thread does its work. C++'s distributions are as in libstdc++ (bits/random.h, bits/random.tcc, bits/stl_algo.h).
"""

from __future__ import annotations

import math
import random
import threading
from functools import cached_property
from typing import Any

import numpy as np

from msjax.dataset.randomness import Twister


class Draws:
    """Random numbers of one transform, from numpy's global generator."""

    def unit(self) -> float:
        """In [0, 1)."""
        return np.random.random_sample()

    def uniform(self, low: float, high: float) -> float:
        """Between two bounds."""
        return float(np.random.uniform(low, high))

    def integer(self, low: int, high: int) -> int:
        """Between two bounds, both included."""
        return int(np.random.randint(low, high + 1))

    def index(self, count: int) -> int:
        """From 0 to below a count."""
        return self.integer(0, count - 1)

    def normals(self, count: int, scale: float) -> list[float]:
        """Normally distributed around 0."""
        return np.random.normal(0.0, scale, count).tolist()

    def sample(self, count: int, size: int) -> list[int]:
        """Some of the integers from 0 to below a count, in order."""
        return sorted(np.random.permutation(count)[:size].tolist())

    def beta(self, both: float) -> float:
        """Of a beta distribution whose parameters are the same."""
        return float(np.random.beta(both, both))

    def shuffle(self, items: list) -> None:
        """Shuffle a list in place."""
        for at in range(len(items) - 1, 0, -1):
            other = self.integer(0, at)
            items[at], items[other] = items[other], items[at]


class TwisterDraws(Draws):
    """Random numbers of one transform in one worker of MindSpore's."""

    def __init__(self, seed: int):
        self._twister = Twister(seed)
        self._seed = seed
        self._normals: list[float] = []  # drawn, not used

    @cached_property
    def _others(self) -> np.random.RandomState:
        return np.random.RandomState(self._seed)

    def unit(self) -> float:
        return self._twister.unit()

    def uniform(self, low: float, high: float) -> float:  # uniform_real_distribution<float>
        start, end = np.float32(low), np.float32(high)
        return float(self._unit32() * (end - start) + start)

    def integer(self, low: int, high: int) -> int:
        return low + self._twister.below(high - low + 1)

    def index(self, count: int) -> int:  # as MindSpore's policies of augmentation draw it: 0 is twice as likely
        return self.integer(0, count) % count

    def normals(self, count: int, scale: float) -> list[float]:  # normal_distribution<float>, the same at each call
        while len(self._normals) < count:
            x, y = 2 * float(self._unit32()) - 1, 2 * float(self._unit32()) - 1
            square = x * x + y * y
            if 0 < square <= 1:
                factor = math.sqrt(-2 * math.log(square) / square)
                self._normals += [float(y * factor * scale), float(x * factor * scale)]
        values, self._normals = self._normals[:count], self._normals[count:]
        return values

    def sample(self, count: int, size: int) -> list[int]:  # std::sample: one number decides about two integers
        chosen: list[int] = []
        for first in range(0, count - 1, 2):
            left = count - first
            pair = divmod(self._twister.below(left * (left - 1)), left - 1)
            for at, number in enumerate(pair, first):
                if number < size - len(chosen):
                    chosen.append(at)
            if len(chosen) == size:
                return chosen
        self._twister.draw()
        return [*chosen, count - 1]

    def beta(self, both: float) -> float:  # another stream than MindSpore's
        return float(self._others.beta(both, both))

    def shuffle(self, items: list) -> None:
        self._twister.shuffle(items)

    def _unit32(self) -> np.float32:
        value = np.float32(self._twister.draw() / 2**32)
        return value if value < 1 else np.nextafter(np.float32(1), np.float32(0))


class Lane:
    """One worker's random numbers: `python` and `numpy` are those of the program, or, with `own`, its own."""

    def __init__(self, seed: int, own: bool):
        self._seed, self._own = seed % 2**32, own
        self._draws: dict[int, tuple[object, Draws]] = {}

    @cached_property
    def python(self) -> Any:
        return random.Random(self._seed) if self._own else random

    @cached_property
    def numpy(self) -> Any:
        return np.random.RandomState(self._seed) if self._own else np.random

    def draws(self, operation: object) -> Draws:
        held = self._draws.get(id(operation))
        if held is None:  # with the operation, so that no other gets its id
            held = self._draws[id(operation)] = (operation, TwisterDraws(self._seed))
        return held[1]


class _Program:
    """The random numbers of the whole program."""

    python = random
    numpy = np.random

    def draws(self, operation: object) -> Draws:
        return _GLOBAL


_GLOBAL, _PROGRAM = Draws(), _Program()
_thread = threading.local()


def streams() -> _Program | Lane:
    """The random numbers of this thread, as `python` and as `numpy`."""
    return getattr(_thread, "streams", _PROGRAM)


def draws(operation: object) -> Draws:
    """The random numbers of a transform in this thread."""
    return streams().draws(operation)


def use(lane: Lane | None) -> None:
    """Let this thread draw from a worker's random numbers, or, with None, from the program's again."""
    _thread.streams = _PROGRAM if lane is None else lane
