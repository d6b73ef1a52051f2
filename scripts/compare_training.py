"""Train programs of packages under MindSpore and under msjax: the loss of each step, and the time of a step.

    python scripts/compare_training.py --mindspore PYTHON [--package mindcv] [--only PATTERN ...] [--modes graph]
    python scripts/compare_training.py --page docs/packages.md

`scripts/programs/PACKAGE.py` has the programs: each reads data that it has made, through the package's own functions,
and trains by the package's own loop. MindSpore runs it in graph mode and in PyNative mode, from a checkpoint that the
first of the two has written; msjax runs it from there, too, in the mode in which MindSpore's steps were faster.
Each run is a process of its own. Programs in the file of results are not run again. `--page` writes the table that the
file makes.

The last digit decides more from step to step, with a normalization of few values most. So where curves part, msjax runs
the program once more, from weights whose last digits are others, and the row says how far that takes the curve.
"""

from __future__ import annotations

import argparse
import fnmatch
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import numpy as np
from pages import write_table

EARLY = 3  # steps whose losses are compared apart from the later ones
NEAR = 1e-5
_PROGRAMS = Path(__file__).parent / "programs"
_RESULTS = _PROGRAMS / "results.jsonl"
_SECONDS = 1200  # for one run
_MODES = {"graph": 0, "PyNative": 1}

# -- in one process, of MindSpore or of msjax ---------------------------------------------------------------------


def programs(package: str) -> dict:
    """The programs of a package: functions of a `Run`, by their names."""
    spec = importlib.util.spec_from_file_location(f"programs_of_{package}", _PROGRAMS / f"{package}.py")
    assert spec and spec.loader
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module.PROGRAMS


class Run:
    """What a program is given: a folder, the mode, and where to tell its network and its losses."""

    def __init__(self, folder: Path, mode: int, moved: bool):
        self.folder, self.mode, self._moved = folder, mode, moved
        self.losses: list[float] = []
        self.ends = [time.perf_counter()]

    def start(self, net) -> None:
        """Load the checkpoint that all runs begin with; the first run writes it."""
        import mindspore as ms

        file = self.folder / "start.ckpt"
        if not file.exists():
            ms.save_checkpoint(net, str(file))
        ms.load_checkpoint(str(file), net)
        draw = np.random.RandomState(0)
        for weight in net.trainable_params() if self._moved else ():
            value = weight.asnumpy()
            weight.set_data(ms.Tensor((value * (1 + 1e-7 * draw.standard_normal(value.shape))).astype(value.dtype)))

    def step(self, loss) -> None:
        """A step is done, with this loss; of several, with their sum."""
        self.losses.append(float(loss.asnumpy().astype(np.float64).sum()))
        self.ends.append(time.perf_counter())

    def callback(self):
        """A callback of `Model` that tells each step; of several outputs the first is the loss."""
        import mindspore as ms

        class Tells(ms.Callback):
            def on_train_step_end(_, run_context):
                outputs = run_context.original_args().net_outputs
                self.step(outputs[0] if isinstance(outputs, list | tuple) else outputs)

        return Tells()

    def answer(self) -> dict:
        steps = np.diff(self.ends)
        return {"losses": self.losses, "step": float(min(steps[1:])), "begin": float(sum(steps[:-1]))}


def run(package: str, name: str, folder: Path, mode: int, moved: bool) -> None:
    import mindspore as ms

    ms.set_context(mode=mode)
    told = Run(folder, mode, moved)
    try:
        os.chdir(folder)  # programs leave logs
        programs(package)[name](told)
        answer = told.answer()
    except Exception as error:
        traceback.print_exc()
        answer = {"error": f"{type(error).__name__}: {error}".partition("\n")[0][:200], "losses": told.losses}
    print("\n" + json.dumps(answer), flush=True)


# -- the comparison -----------------------------------------------------------------------------------------------


def outcome(python: list[str], *given: str) -> dict:
    """What a run in a process of its own has answered."""
    try:
        done = subprocess.run([*python, __file__, *given], stdout=subprocess.PIPE, text=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return {"error": f"it takes more than {_SECONDS} s"}
    last = done.stdout.rstrip().rpartition("\n")[2]
    return json.loads(last) if last.startswith("{") else {"error": f"the process ended with {done.returncode}"}


def compare(package: str, name: str, mindspore: str, modes: list[str]) -> dict:
    """What is known of a program: a row of the results."""
    row: dict = {"package": package, "program": name}
    with tempfile.TemporaryDirectory() as folder:
        asked = ["--package", package, "--run", name, "--folder", folder, "--mode"]
        theirs = {mode: outcome([mindspore], *asked, str(_MODES[mode])) for mode in modes}
        runs = {mode: one for mode, one in theirs.items() if "error" not in one}
        if not runs:
            return row | {"left out": theirs[modes[-1]]["error"]}
        mode = min(runs, key=lambda mode: runs[mode]["step"])
        row |= {"mode": mode, "steps": len(runs[mode]["losses"]), "MindSpore": runs[mode]}
        launcher = [sys.executable, "-m", "msjax"]
        ours = outcome(launcher, *asked, str(_MODES[mode]))
        if "error" in ours:
            return row | {"fails": ours["error"], "msjax": ours}
        row |= {"msjax": ours, "losses": apart(runs[mode]["losses"], ours["losses"])}
        if max(row["losses"]) > NEAR:
            row["moved"] = apart(ours["losses"], outcome(launcher, *asked, str(_MODES[mode]), "--moved")["losses"])
    return row


def apart(expected: list[float], got: list[float]) -> list[float]:
    """The largest difference of losses, by the loss, in the first steps and in all later ones."""
    one, two = np.array(expected), np.array(got)
    if one.shape != two.shape:
        return [float("inf")] * 2
    off = np.where(np.isnan(one) & np.isnan(two), 0, abs(one - two) / abs(one))
    off[np.isnan(off)] = float("inf")
    return [float(off[:EARLY].max()), float(off[EARLY:].max())]


# -- the table of the documentation -------------------------------------------------------------------------------


def table(rows: list[dict]) -> list[str]:
    lines = [
        "| package | program | steps | first three | later | by the last digit | step of MindSpore | of msjax |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    notes = []
    for row in rows:
        if "losses" not in row:
            what = f"does not run with MindSpore: {row['left out']}" if "left out" in row else f"fails: {row['fails']}"
            notes.append(f"- {row['package']}, {row['program']} {what}")
            continue
        figures = [f"{figure:.0e}" for figure in row["losses"]]
        figures.append(", ".join(f"{figure:.0e}" for figure in row.get("moved", ())))
        times = [f"{1000 * row[whose]['step']:.0f} ms" for whose in ("MindSpore", "msjax")]
        times[0] += f" ({row['mode']})"
        lines.append(f"| {' | '.join([row['package'], row['program'], str(row['steps']), *figures, *times])} |")
    return lines + (["", *notes] if notes else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mindspore", metavar="PYTHON", help="a Python that has MindSpore and the packages")
    parser.add_argument("--package", nargs="+", default=["mindcv"], help="whose programs")
    parser.add_argument("--only", nargs="+", default=["*"], metavar="PATTERN", help="which programs")
    parser.add_argument("--modes", nargs="+", default=[*_MODES], choices=_MODES, help="of MindSpore (default: both)")
    parser.add_argument("--results", type=Path, default=_RESULTS, metavar="FILE", help="(default: %(default)s)")
    parser.add_argument("--page", type=Path, metavar="FILE", help="only write the table of all results there")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--mode", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--moved", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        run(given.package[0], given.run, given.folder, given.mode, given.moved)
        return
    known = [json.loads(line) for line in given.results.read_text().splitlines()] if given.results.exists() else []
    if given.page:
        write_table(given.page, Path(__file__).name, table(known))
        return
    done = {(row["package"], row["program"]) for row in known}
    for package in given.package:
        names = names_of(given.mindspore, package)
        for name in dict.fromkeys(name for pattern in given.only for name in fnmatch.filter(names, pattern)):
            if (package, name) in done:
                continue
            row = compare(package, name, given.mindspore, given.modes)
            print(json.dumps(row), flush=True)
            with given.results.open("a") as file:
                print(json.dumps(row), file=file)


def names_of(mindspore: str, package: str) -> list[str]:
    ask = "import sys, json, runpy; print('\\n' + json.dumps(list(runpy.run_path(sys.argv[1])['PROGRAMS'])))"
    told = subprocess.run([mindspore, "-c", ask, str(_PROGRAMS / f"{package}.py")], stdout=subprocess.PIPE, text=True)
    return json.loads(told.stdout.rstrip().rpartition("\n")[2])


if __name__ == "__main__":
    main()
