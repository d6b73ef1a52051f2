"""Programs as users of MindSpore write them, each small: whatever is trained here must train compiled.

Each file of this folder is one field. A program is a generator: it builds its networks, optimizers and training step,
takes six steps, and yields the loss of each (or several losses). Programs know MindSpore only, so they run under
MindSpore itself too: `scripts/record_programs.py` does that and writes what it found to `mindspore.json`.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
FIELDS = (
    "classic",
    "functional",
    "vision",
    "language",
    "generative",
    "physics",
    "reinforcement",
    "precision",
    "schedules",
    "methods",
)
STEPS = range(6)


@dataclass(frozen=True)
class Program:
    """One program.

    Attributes:
        body: the generator function.
        falls: whether the (first) loss is lower after the steps.
        draws: whether it draws random numbers in MindSpore, which no other library can repeat.
    """

    body: Callable[[], Iterator[Any]]
    falls: bool = True
    draws: bool = False

    @property
    def name(self) -> str:
        return self.body.__name__


def program(body=None, *, falls: bool = True, draws: bool = False):
    """Declare a program: `@program` or `@program(falls=False)`."""
    if body is None:
        return lambda body: Program(body, falls, draws)
    return Program(body)


def load(field: str) -> dict[str, Program]:
    """Execute a file of this folder anew; gives its programs by name."""
    name = f"programs_{field}"
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{field}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {one.name: one for one in vars(module).values() if isinstance(one, Program)}


def losses(body: Callable[[], Iterator[Any]]) -> list[list[float]]:
    """The losses of each step."""
    import mindspore as ms

    ms.set_seed(1)
    np.random.seed(1)
    return [[float(one) for one in (found if isinstance(found, tuple) else (found,))] for found in body()]


# -- what the programs share ------------------------------------------------------------------------------------------


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    """Data."""
    return np.random.RandomState(seed).normal(size=shape).astype(np.float32)


def classes(count: int, n: int, seed: int = 0) -> np.ndarray:
    """Labels."""
    return np.random.RandomState(seed).randint(0, n, count).astype(np.int32)


def fill(net, seed: int = 0):
    """Give a network weights that are the same under every library; gives the network back."""
    from mindspore import Tensor

    random = np.random.RandomState(seed)
    for p in net.get_parameters():
        if len(p.shape) > 1:
            values = random.normal(size=p.shape) / np.sqrt(np.prod(p.shape[1:]))
        elif p.name.endswith("bias") or "bias_" in p.name:
            values = random.normal(size=p.shape) * 0.1
        else:
            continue
        p.set_data(Tensor(values, p.dtype))
    return net
