"""Compare models of packages under MindSpore and under msjax: outputs and gradients, from one checkpoint.

    python scripts/compare_models.py --mindspore PYTHON [--package mindcv] [--only PATTERN ...] [--results FILE]

Both Pythons need the package and what it imports. `scripts/models/PACKAGE.py` says which models it has and how one is
built. For each, a process of MindSpore builds it, writes a checkpoint, and computes the outputs and the gradients of a
loss; then a process of msjax's launcher loads the checkpoint and computes the same. Both processes run this very file
and go from model to model; the checkpoint is removed again. A model that does not run on MindSpore's CPU is listed, but
not compared. The 275 models of mindcv take hours: this is for the night. What stopped goes on: models in the file of
results are not run again. `--page docs/packages.md` writes the table there that the file makes.

Gradients of networks that nobody has trained may be steep: with some, the last digit decides on percents. So where the
two differ, msjax computes the same in float64, too, and the row says how far each of the two is from that.
"""

from __future__ import annotations

import argparse
import fnmatch
import gc
import importlib.util
import json
import queue
import resource
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

import numpy as np
from pages import write_table

OUTPUTS = 1e-4  # of the largest element
GRADIENTS = 1e-3  # of the norm of a parameter's gradient
_FLOOR = 1e-5  # of the norm of all gradients: those of less are rounding, as of biases before a normalization
_RECIPES = Path(__file__).parent / "models"
_RESULTS = _RECIPES / "results.jsonl"
_SECONDS = 1800  # for one model in one process
_MEMORY = 6e9  # bytes: a process that took more is started anew


# -- in one process, of MindSpore or of msjax ---------------------------------------------------------------------


def recipe(package: str):
    """How the models of a package are built: `names`, `build`, and `loss` if there is one for all."""
    spec = importlib.util.spec_from_file_location(f"models_of_{package}", _RECIPES / f"{package}.py")
    assert spec and spec.loader
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module


def serve(package: str, folder: Path, first: bool) -> None:
    """Answer each name that comes by a line with a line of JSON."""
    import mindspore as ms

    ms.runtime.launch_blocking()  # errors come where they are made
    said = recipe(package)
    print(json.dumps({"names": list(said.names())}), flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        try:
            answer = work(said, line.strip(), folder, first)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}".partition("\n")[0][:200]}
        gc.collect()
        memory = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps(answer | {"seconds": time.perf_counter() - begin, "memory": memory}), flush=True)


def work(said, name: str, folder: Path, first: bool) -> dict:
    """Build a model, load or write its checkpoint; keep what it gives, or say how far that is from what was kept."""
    import mindspore as ms

    ms.set_seed(0)
    np.random.seed(0)
    net, tries = said.build(name)
    net.set_train(False)
    checkpoint = str(folder / "model.ckpt")
    if first:
        ms.save_checkpoint(net, checkpoint)
        place = _first_that_runs(ms, net, tries)
        outputs, gradients = _outcome(ms, said, net, tries[place])
        np.savez(folder / "expected.npz", place=place, **outputs, **(gradients or {}))
        family = getattr(said, "family", lambda name: name)(name)
        parameters = int(sum(weight.size for weight in net.get_parameters()))
        return {"family": family, "parameters": parameters, "shape": list(tries[place][0].shape)}
    missing, unused = ms.load_param_into_net(net, ms.load_checkpoint(checkpoint))
    if missing or unused:
        raise RuntimeError(f"The checkpoint does not fit: {missing} are missing, {unused} are not used.")
    expected = dict(np.load(folder / "expected.npz"))
    arrays = tries[int(expected.pop("place"))]
    outputs, gradients = _outcome(ms, said, net, arrays)
    got = outputs | (gradients or {})
    found = _differences(expected, got)
    exact = None if _near(found) else _exactly(ms, said, net, arrays)
    if exact is not None:
        found["from float64"] = {"MindSpore": _differences(exact, expected), "msjax": _differences(exact, got)}
    return found


def _near(found: dict) -> bool:
    return found["outputs"] <= OUTPUTS and found.get("gradients", 0) <= GRADIENTS


def _exactly(ms, said, net, arrays: list) -> dict | None:
    """The same in float64; None if the network casts to float32 in between."""
    for weight in net.get_parameters():
        if weight.dtype == ms.float32:
            weight.set_dtype(ms.float64)
    arrays = [array.astype(np.float64) if array.dtype == np.float32 else array for array in arrays]
    try:
        outputs, gradients = _outcome(ms, said, net, arrays)
    except TypeError as error:
        print(f"not in float64: {error}", file=sys.stderr)
        return None
    return outputs | (gradients or {})


def _first_that_runs(ms, net, tries: list) -> int:
    """Which of several inputs the network takes."""
    for place, arrays in enumerate(tries[:-1]):
        try:
            net(*map(ms.Tensor, arrays))
        except Exception as error:
            print(f"not {arrays[0].shape}: {error}", file=sys.stderr)
        else:
            return place
    return len(tries) - 1


def _outcome(ms, said, net, arrays: list) -> tuple[dict, dict | None]:
    """Outputs, and the gradients of a loss, if those are computed at all."""
    inputs = [ms.Tensor(array) for array in arrays]
    weights = net.trainable_params()
    loss = getattr(said, "loss", _loss)

    def forward(*inputs):
        outputs = tuple(_leaves(net(*inputs)))
        return loss(outputs), outputs

    try:
        (_, outputs), slopes = ms.value_and_grad(forward, None, weights, has_aux=True)(*inputs)
        gradients = {f"d {weight.name}": slope.asnumpy() for weight, slope in zip(weights, slopes, strict=True)}
    except Exception as error:
        outputs, gradients = forward(*inputs)[1], None  # MindSpore's CPU may compute the outputs only
        print(f"no gradients: {error}", file=sys.stderr)
    return {f"o {place}": output.asnumpy() for place, output in enumerate(outputs)}, gradients


def _differences(expected: dict, got: dict) -> dict:
    """The largest difference of outputs, by their largest element, and of a gradient, by its norm, and of which."""
    if expected.keys() - got.keys():
        raise RuntimeError(f"There are no {sorted(expected.keys() - got.keys())}.")
    for name, one in expected.items():
        if one.shape != got[name].shape:
            raise RuntimeError(f"{name} has the shape {got[name].shape}, with MindSpore {one.shape}.")
    outputs = [abs(one - got[name]).max() / (abs(one).max() or 1) for name, one in expected.items() if name[0] == "o"]
    found = {"outputs": float(max(outputs))} if outputs else {}
    norms = {name: float(np.linalg.norm(one.astype(np.float64))) for name, one in expected.items() if name[0] == "d"}
    if norms:
        floor = _FLOOR * sum(norm**2 for norm in norms.values()) ** 0.5
        apart = {n: np.linalg.norm((expected[n] - got[n]).astype(np.float64)) / max(norms[n], floor) for n in norms}
        worst = max(apart, key=lambda name: apart[name] if apart[name] == apart[name] else np.inf)
        found |= {"gradients": float(apart[worst]), "worst": worst.removeprefix("d ")}
    return found


def _leaves(outputs) -> list:
    """The floating Tensors of nested outputs."""
    if isinstance(outputs, dict):
        outputs = list(outputs.values())
    if isinstance(outputs, list | tuple):
        return [leaf for output in outputs for leaf in _leaves(output)]
    return [outputs] if outputs is not None and "Float" in str(outputs.dtype) else []


def _loss(outputs):
    """A sum of all elements that does not treat any two alike."""
    from mindspore import Tensor

    return sum((output * Tensor(np.cos(np.arange(output.size)).reshape(output.shape), output.dtype)).mean()
               for output in outputs)  # fmt: skip


# -- the comparison -----------------------------------------------------------------------------------------------


class Worker:
    """A process that goes from model to model; started anew when it failed, hangs, or has become large."""

    def __init__(self, python: list[str], package: str, folder: str, *more: str):
        self.command = [*python, __file__, "--package", package, "--folder", folder, *more]
        self.process: subprocess.Popen | None = None

    def start(self) -> list[str]:
        """The names of the models that the package has."""
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, args=(self.process, self.lines), daemon=True).start()
        return self._answer()["names"]

    def __call__(self, name: str) -> dict:
        if self.process is None:
            self.start()
        assert self.process and self.process.stdin
        try:
            print(name, file=self.process.stdin, flush=True)
        except BrokenPipeError:  # it ended between two models
            self.stop()
            return self(name)
        answer = self._answer()
        if "error" in answer or answer["memory"] > _MEMORY:
            self.stop()
        return answer

    @staticmethod
    def _listen(process: subprocess.Popen, lines: queue.Queue[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("{"):
                lines.put(line)
        lines.put(json.dumps({"error": f"the process ended with {process.wait()}"}))

    def _answer(self) -> dict:
        try:
            return json.loads(self.lines.get(timeout=_SECONDS))
        except queue.Empty:
            return {"error": f"it takes more than {_SECONDS} s"}

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def compare(package: str, name: str, theirs: Worker, ours: Worker) -> dict:
    """What is known of a model: a row of the results."""
    one = theirs(name)
    row = {"package": package, "model": name}
    if "error" in one:
        return row | {"left out": one["error"]}
    row |= {key: one[key] for key in ("family", "parameters", "shape")}
    two = ours(name)
    times = {"MindSpore": round(one["seconds"], 1), "msjax": round(two.get("seconds", 0), 1)}
    if "error" in two:
        return row | {"fails": two["error"], "seconds": times}
    row |= {key: two[key] for key in ("outputs", "gradients", "worst", "from float64") if key in two}
    return row | {"seconds": times}


def right(row: dict) -> bool:
    """Whether msjax is near to MindSpore, or else as near to what float64 gives as MindSpore is."""
    if "fails" in row:
        return False
    if _near(row):
        return True
    theirs, ours = (row["from float64"][whose] for whose in ("MindSpore", "msjax"))
    return _near(ours) or all(ours[what] <= 3 * theirs[what] for what in theirs if what != "worst")


# -- the table of the documentation -------------------------------------------------------------------------------


def table(rows: list[dict]) -> list[str]:
    """One line for each family, and one for each model that has to be spoken of."""
    families: dict[str, list[dict]] = {}
    for row in rows:
        if "family" in row:
            families.setdefault(row["family"], []).append(row)
    lines = ["| family | models | largest | outputs | gradients |", "| --- | --- | --- | --- | --- |"]
    for family, members in sorted(families.items()):
        near = [row for row in members if "fails" not in row and _near(row)]
        figures = [f"{max(row[what] for row in near if what in row):.0e}" if near else "" for what in _FIGURES]
        largest = max(near, key=lambda row: row["parameters"])["model"] if near else ""
        lines.append(f"| {family} | {len(near)} | {largest} | {' | '.join(figures)} |")
    notes = [note for row in rows if (note := _note(row))]
    return lines + (["", *notes] if notes else [])


_FIGURES = "outputs", "gradients"


def _note(row: dict) -> str:
    """What is to be said of a model that is not in the table."""
    name = f"- `{row['model']}`"
    if "left out" in row:
        return f"{name} does not run with MindSpore: {row['left out']}"
    if "fails" in row:
        return f"{name} fails: {row['fails']}"
    if _near(row):
        return ""
    far = {whose: ", ".join(f"{row['from float64'][whose][what]:.0e}" for what in _FIGURES) for whose in _WHOSE}
    verdict = "" if right(row) else " **differs**:"
    return (
        f"{name}:{verdict} outputs and gradients differ by {row['outputs']:.0e}, {row['gradients']:.0e}; from float64 "
        f"MindSpore's by {far['MindSpore']}, msjax's by {far['msjax']}"
    )


_WHOSE = "MindSpore", "msjax"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mindspore", metavar="PYTHON", help="a Python that has MindSpore and the package")
    parser.add_argument("--package", default="mindcv", help="whose models")
    parser.add_argument("--only", nargs="+", default=["*"], metavar="PATTERN", help="which models, in this order")
    parser.add_argument("--results", type=Path, default=_RESULTS, metavar="FILE", help="(default: %(default)s)")
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help="only write the table of results of the package there"
    )
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder:
        serve(given.package, given.folder, given.first)
        return
    known = [json.loads(line) for line in given.results.read_text().splitlines()] if given.results.exists() else []
    if given.page:
        write_table(given.page, Path(__file__).name, table([row for row in known if row["package"] == given.package]))
        return
    done = {(row["package"], row["model"]) for row in known}
    with tempfile.TemporaryDirectory() as folder:
        theirs = Worker([given.mindspore], given.package, folder, "--first")
        ours = Worker([sys.executable, "-m", "msjax"], given.package, folder)
        names = theirs.start()
        for name in dict.fromkeys(name for pattern in given.only for name in fnmatch.filter(names, pattern)):
            if (given.package, name) in done:
                continue
            row = compare(given.package, name, theirs, ours)
            print(json.dumps(row), flush=True)
            with given.results.open("a") as file:
                print(json.dumps(row), file=file)
        theirs.stop()
        ours.stop()


if __name__ == "__main__":
    main()
