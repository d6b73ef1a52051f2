"""Steps of whole training programs under msjax and under each mode of MindSpore, the programs of `tests/training`.

    python -m benchmarks.programs --mindspore PYTHON [--rounds N] [--steps N] [--only PATTERN] [--threads N]

Each program runs in one process for msjax, unchanged, and one for each of MindSpore's modes: PYNATIVE_MODE, GRAPH_MODE,
and with its step under `jit` if it has that option. (MindSpore's data sinks need an Ascend or a GPU.) Processes take
turns of a few steps, and are stopped in between. A step is what lies between two lines that a program prints for its
steps, so it includes the data and callbacks. The first steps, in which programs are compiled, do not count. Written to
`benchmarks/results/`.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import io
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.frameworks import FRAMEWORKS, limit_threads
from benchmarks.report import table
from benchmarks.runner import ROOT, Failed, Process, Variant

sys.path.insert(0, str(ROOT / "tests"))

import training

RESULTS = Path(__file__).parent / "results"
BEFORE = 12  # steps that do not count
MODES = {"MindSpore PYNATIVE": "pynative", "MindSpore GRAPH": "graph", "MindSpore jit": "jit"}


# -- the process that runs a program -----------------------------------------------------------------------------------


class Turns(io.StringIO):
    """What a program prints to: it notes when lines of steps come, and waits after so many for its next turn."""

    def __init__(self, requests, answers):
        super().__init__()
        self._requests, self._answers, self._line, self._times = requests, answers, "", []
        self._wait()

    def _wait(self) -> None:
        self._count = json.loads(next(self._requests))["count"]
        self._times.clear()

    def answer(self, **told) -> None:
        self._answers.write(json.dumps(told) + "\n")
        self._answers.flush()

    def write(self, text: str) -> int:
        *lines, rest = (self._line + text).split("\n")
        self._line = rest
        if any("step" in line for line in lines):
            self._times.append((time.perf_counter(), time.process_time()))
            if len(self._times) > self._count:  # the first has waited for its turn
                begin, end = self._times[0], self._times[-1]
                self.answer(seconds=[(b - a) / self._count for a, b in zip(begin, end, strict=True)])
                self._wait()
        return len(text)


def serve(framework: str, mode: str, threads: str, name: str, steps: str) -> None:
    """Run a program; answers each request for so many steps with their mean seconds, of wall clock and processors."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    count = None if threads == "all" else int(threads)
    limit_threads(count)
    FRAMEWORKS[framework](False, count)
    if mode == "graph":
        import mindspore

        mindspore.set_context(mode=mindspore.GRAPH_MODE)
    out = Turns(sys.stdin, answers)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            training.run(name, "--steps", steps, *(["--jit"] if mode == "jit" else []), out=out)
        except Exception as error:
            out.answer(error=f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
        out.answer(error="the program ended")


# -- who asks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run(Variant):
    """One program in one mode."""

    mode: str = ""
    program: str = ""
    steps: int = 0

    def command(self, threads: int | None) -> list[str]:
        how = self.framework, self.mode, str(threads or "all"), self.program, str(self.steps)
        return [self.python, "-m", "benchmarks.programs", "--serve", *how]


@dataclass
class Steps:
    """What one mode did: seconds of wall clock and of processors for a step, in each turn; or why it failed."""

    seconds: list[tuple[float, float]] = field(default_factory=list)
    failure: str = ""

    @property
    def medians(self) -> list[float]:
        return [statistics.median(column) for column in zip(*self.seconds, strict=True)] or [float("inf")] * 2

    @property
    def shown(self) -> str:
        if not self.seconds:
            return "fails" if self.failure else ""
        return " / ".join(f"{1e3 * one:.3g}" for one in self.medians)


def measure(name: str, options) -> dict[str, Steps]:
    total = BEFORE + (options.rounds + 1) * (options.steps + 1)
    runs = [Run("msjax", "msjax", mode="pynative", program=name, steps=total)]
    has_jit = '"--jit"' in training.PROGRAMS[name].read_text()
    for column, mode in MODES.items():
        if options.mindspore and (mode != "jit" or has_jit):
            runs.append(Run(column, "mindspore", options.mindspore, mode=mode, program=name, steps=total))
    processes = {run.name: Process(run, options.threads) for run in runs}
    found = {column: Steps() for column in processes}
    try:
        for turn in range(options.rounds + 1):
            for column, process in list(processes.items()):
                try:
                    told = process.ask("steps", count=options.steps if turn else BEFORE - 1)
                except Failed as failure:
                    found[column].failure = str(failure)
                    processes.pop(column).end()
                else:
                    found[column].seconds += [told["seconds"]] if turn else []
    finally:
        for process in processes.values():
            process.end()
    return found


def row(name: str, found: dict[str, Steps]) -> list[str]:
    ours, theirs = found["msjax"], [found.get(column, Steps()) for column in MODES]
    best = [min(column) for column in zip(*(one.medians for one in theirs), strict=True)]
    ratios = [f"{their / mine:.1f}" for mine, their in zip(ours.medians, best, strict=True)]
    return [name, ours.shown, *(one.shown for one in theirs), *ratios]


def main() -> None:
    if sys.argv[1:2] == ["--serve"]:
        serve(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mindspore", metavar="PYTHON", help="the Python of an environment that has MindSpore")
    parser.add_argument("--rounds", type=int, default=6, metavar="N", help="in how many turns each is timed")
    parser.add_argument("--steps", type=int, default=6, metavar="N", help="of each turn")
    parser.add_argument("--only", default="", metavar="PATTERN", help="programs whose name contains it")
    parser.add_argument("--threads", type=int, metavar="N", help="processors for each framework")
    options = parser.parse_args()
    columns = ["program", "msjax", *MODES, "times: wall clock", "times: processors"]
    rows, failures = [], []
    for name in training.PROGRAMS:
        if options.only in name:
            found = measure(name, options)
            rows.append(row(name, found))
            failures += [f"- {name}, {column}: {one.failure}" for column, one in found.items() if one.failure]
            print(*rows[-1], sep=" | ", flush=True)
    threads = f"{options.threads} processor(s)" if options.threads else f"all {os.cpu_count()} processors"
    title = f"# Steps of whole programs, CPU, {datetime.date.today()}"
    how = (
        f"Milliseconds of wall clock / of processors for a step: medians of {options.rounds} turns of {options.steps} "
        f"steps on {threads} (load average {os.getloadavg()[0]:.1f}). Times: MindSpore's best / msjax."
    )
    text = "\n\n".join([title, how, table(columns, rows), *(["What fails:", "\n".join(failures)] if failures else [])])
    print(text)
    if not options.only:
        (RESULTS / f"{datetime.date.today()}-cpu-programs.md").write_text(text + "\n")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
