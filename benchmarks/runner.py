"""The side that asks: workers of all variants, in turns, and what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
# Seconds of calls in a row that are timed as one. In fewer a process that has just gone on is still cold.
BLOCK = 0.1


@dataclass(frozen=True)
class Variant:
    """One column of the tables: a framework, in an environment, used in one way."""

    name: str
    framework: str
    python: str = sys.executable
    compiled: bool = False
    environment: dict[str, str] = field(default_factory=dict, hash=False)

    def command(self, threads: int | None) -> list[str]:
        how = "compiled" if self.compiled else "eager"
        return [self.python, "-m", "benchmarks.worker", self.framework, how, str(threads or "all")]

    def variables(self) -> dict[str, str]:
        # Every framework starts from bytecode, as an installed one does.
        return {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": str(ROOT), **self.environment}


class Failed(Exception):
    """A worker could not do what it was asked."""


class Process:
    """A worker's process. It is stopped while others are measured, since some frameworks' threads wait by spinning."""

    def __init__(self, variant: Variant, threads: int | None):
        self.variant = variant
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed by `end`)
        self._process = subprocess.Popen(
            variant.command(threads), env=variant.variables(), cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
        )  # fmt: skip
        self._stopped = False

    def ask(self, do: str, **arguments) -> dict:
        """Raises:
        Failed: with the worker's own reason."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        if self._stopped:
            self._process.send_signal(signal.SIGCONT)
        try:
            stdin.write(json.dumps({"do": do, **arguments}) + "\n")
            stdin.flush()
            line = stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Failed(f"the worker ended: {self._last_words()}")
        self._process.send_signal(signal.SIGSTOP)
        self._stopped = True
        answer = json.loads(line)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = [line for line in self._log.read().splitlines() if line.strip()]
        return lines[-1][:300] if lines else "without a word"

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            with contextlib.suppress(BrokenPipeError):  # words that the worker did not live to read
                stream.close()


@dataclass
class Measured:
    """What one variant did with one workload."""

    seconds: list[float] = field(default_factory=list)
    first: float = 0.0
    programs: int = 0
    results: list | None = None
    failure: str = ""
    wrong: bool = False

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def minimum(self) -> float:
        return min(self.seconds)


def measure(processes: dict[str, Process], workload, rounds: int) -> dict[str, Measured]:
    """Build the workload in every process, compare the results with those of the first, and time in turns."""
    found = {name: Measured() for name in processes}
    for name, process in processes.items():
        one = found[name]
        try:
            built = process.ask("build", workload=workload.name)
            one.results, one.first, one.programs = built["results"], built["seconds"], built["programs"]
        except Failed as failure:
            one.failure = str(failure)
    working = [name for name in processes if not found[name].failure]
    for name in working:
        found[name].wrong = not same(found[name].results, found[working[0]].results, workload.rtol)
    for name in working:
        found[name].results = None
    calls = dict.fromkeys(working, 1)
    for turn in range(rounds + 1):
        for name in working:
            one = found[name]
            if turn > 4 and one.median > 0.3:  # no news from so slow a step
                continue
            seconds = processes[name].ask("time", calls=calls[name])["seconds"]
            if turn == 0:
                calls[name] = max(1, min(500, round(BLOCK / seconds)))
            else:
                one.seconds.append(seconds)
        working = working[1:] + working[:1]  # nobody always follows the same neighbour
    return found


def same(results: list, reference: list, rtol: float) -> bool:
    """Whether results agree, to a part of the largest number of each."""
    if len(results) != len(reference):
        return False
    for mine, other in zip(results, reference, strict=True):
        mine, other = np.asarray(mine), np.asarray(other)
        if mine.shape != other.shape or np.abs(mine - other).max() > rtol * max(np.abs(other).max(), 1e-6):
            return False
    return True
