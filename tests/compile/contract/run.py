"""Run a program of the contract in one mode, observe it, and compare two observations."""

from __future__ import annotations

import collections
import contextlib
import gc
import importlib.util
import io
import itertools
import logging
import random
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

import contract
import msjax as ms
from golden.compare import Describer, Description, mismatch

FOLDER = Path(__file__).parent


def load(topic: str, prefix: str = "contract_", folder: Path = FOLDER):
    """Execute a file of this folder, or of another one, anew, as a module of its own."""
    name = prefix + topic
    spec = importlib.util.spec_from_file_location(name, folder / f"{topic}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names(topic: str) -> list[str]:
    """The programs of a topic, in order."""
    load("helper")
    return names_in(FOLDER, topic)


def names_in(folder: Path, topic: str) -> list[str]:
    """The programs of a file of a folder, in order."""
    return [v.name for v in vars(load(topic, folder=folder)).values() if isinstance(v, contract.Program)]


class Observer(Describer):
    """Describes what programs yield. Objects that may be one and the same are numbered as they appear."""

    def __init__(self):
        super().__init__(ms)
        self._numbers: dict[int, int] = {}
        self._alive: list = []

    def __call__(self, x: Any) -> Description:
        described = self._describe(x)
        if isinstance(x, (ms.Tensor, np.ndarray, list, dict, set, collections.deque)):
            described = {**described, "type": type(x).__name__, "which": self._number(x)}
        return described

    def _describe(self, x):
        if isinstance(x, collections.deque):
            return {"deque": [self(item) for item in x]}
        described = super().__call__(x)
        if isinstance(x, ms.Parameter):
            return {**described, "requires_grad": x.requires_grad}
        if isinstance(x, ms.Tensor):
            return described
        if type(x).__module__.startswith("contract_") and hasattr(x, "__dict__") and not isinstance(x, ms.nn.Cell):
            return {"object": type(x).__name__, "state": [[key, self(value)] for key, value in vars(x).items()]}
        return described

    def _number(self, x) -> int:
        if id(x) not in self._numbers:
            self._alive.append(x)
        return self._numbers.setdefault(id(x), len(self._numbers))


class _Records(logging.Handler):
    def __init__(self):
        super().__init__()
        self.texts: list = []

    def emit(self, record):
        self.texts.append([record.name, record.levelname, record.getMessage()])


def observe(topic: str, name: str, mode: str, folder: Path = FOLDER) -> dict[str, Description]:
    """All that a user could see of a program, run from a fresh start in a mode of compilation."""
    _reset(mode)
    before = ms.get_context("mode")
    log = _Records()
    logging.getLogger().addHandler(log)
    out, err = io.StringIO(), io.StringIO()
    try:
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            warnings.simplefilter("always")
            seen = _run(topic, name, mode, folder)
        draws = [float(ms.ops.standard_normal((1,))[0]), float(np.random.random()), random.random()]
    finally:
        logging.getLogger().removeHandler(log)
        ms.set_context(mode=before)
        ms.set_compile("auto")
    return {
        **seen,
        "stdout": _portable(out.getvalue()),
        "stderr": _portable(err.getvalue()),
        "warnings": [[w.category.__name__, _portable(str(w.message))] for w in caught],
        "log": log.texts,
        "draws": draws,
    }


def _reset(mode: str) -> None:
    ms.set_compile(mode)
    ms.set_seed(0)
    np.random.seed(0)
    random.seed(0)
    load("helper")


def _run(topic: str, name: str, mode: str, folder: Path) -> dict[str, Description]:
    found = vars(load(topic, folder=folder)).values()
    program = next(p for p in found if isinstance(p, contract.Program) and p.name == name)
    observer, kept, steps, raised = Observer(), [], [], None
    contract._running.append(program)
    try:
        for item in program.body():
            kept.append(item)
            steps.append(observer(item))
        _check_declared(program, mode)
    except Exception as error:
        raised = [type(error).__name__, _portable(str(error))]
        if isinstance(error, NotAsDeclared):
            raise
    finally:
        contract._running.pop()
        program.watched.clear()
    # What was seen earlier is looked at once more: later calls must not have touched it.
    later = [observer(item) for item in kept]
    del kept
    _collect()
    return {"steps": steps, "later": later, "raised": raised}


_runs = itertools.count()


def _collect() -> None:
    """Collect garbage, of what was made since the last time that all was looked at."""
    if next(_runs) % 50 == 0:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
    gc.collect()


class NotAsDeclared(AssertionError):
    """A program was compiled that may not be, or was not although it must."""


def _check_declared(program: contract.Program, mode: str) -> None:
    if program.compiles is None:
        return
    if not program.watched:
        raise NotAsDeclared(f"{program.name} says compiles={program.compiles}, but watches nothing")
    if mode == "off":
        return
    told = ms.explain(program.watched[-1])
    if told.compiled is not program.compiles:
        raise NotAsDeclared(f"{program.name} should be {'compiled' if program.compiles else 'eager'}: {told}")


def difference(auto: dict[str, Description], off: dict[str, Description]) -> str | None:
    """None if the two runs can not be told apart, else where they can."""
    return mismatch(auto, off, "program")


def _portable(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d[.\d]*", "now", text)
    return re.sub(r"0x[0-9a-f]+", "0x...", text)
