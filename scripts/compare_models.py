"""Compare models of packages under MindSpore and under msjax: outputs and gradients, from one checkpoint.

    python scripts/compare_models.py --mindspore PYTHON [--package mindcv] [--only PATTERN] [--table FILE]

Both Pythons need the package and what it imports. `scripts/models/PACKAGE.py` says which models it has and how one is
built. For each, a process of MindSpore builds it, writes a checkpoint, and computes the outputs and the gradients of a
loss; then a process of msjax's launcher runs this very file, loads the checkpoint and computes the same. The checkpoint
is removed again. A model that does not run on MindSpore's CPU is listed, but not compared. The 275 models of mindcv
take hours: this is for the night.

Gradients of networks that nobody has trained may be steep: with some, the last digit of an input's values decides on
percents. So msjax computes them for such inputs, too; differences of that size say nothing.
"""

from __future__ import annotations

import argparse
import fnmatch
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import numpy as np

OUTPUTS = 1e-4  # of the largest element
GRADIENTS = 1e-3  # of the norm of a parameter's gradient
_FLOOR = 1e-5  # of the norm of all gradients: those of less are rounding, as of biases before a normalization
_RECIPES = Path(__file__).parent / "models"
_HEAD = """\
| model | parameters | outputs | gradients | by the last digit | MindSpore, s | msjax, s | |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


# -- in one process, of MindSpore or of msjax ---------------------------------------------------------------------


def recipe(package: str):
    """How the models of a package are built: `names`, `build`, and `loss` if there is one for all."""
    spec = importlib.util.spec_from_file_location(f"models_of_{package}", _RECIPES / f"{package}.py")
    assert spec and spec.loader
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module


def work(package: str, name: str, folder: Path, first: bool) -> dict:
    """Build a model, load or write its checkpoint, keep outputs and gradients; says how long a second step takes."""
    import mindspore as ms

    said = recipe(package)
    ms.set_seed(0)
    np.random.seed(0)
    net, arrays = said.build(name)
    checkpoint = str(folder / "model.ckpt")
    if first:
        ms.save_checkpoint(net, checkpoint)
    else:
        missing, unused = ms.load_param_into_net(net, ms.load_checkpoint(checkpoint))
        if missing or unused:
            raise RuntimeError(f"The checkpoint does not fit: {missing} are missing, {unused} are not used.")
    net.set_train(False)
    inputs = [ms.Tensor(array) for array in arrays]
    weights = net.trainable_params()
    loss = getattr(said, "loss", _loss)

    def forward(*inputs):
        outputs = tuple(_leaves(net(*inputs)))
        return loss(outputs), outputs

    step = ms.value_and_grad(forward, None, weights, has_aux=True)
    outcome = {f"o {place}": output.asnumpy() for place, output in enumerate(forward(*inputs)[1])}

    def slopes(inputs, what: str) -> dict:
        gradients = step(*inputs)[1]
        return {f"{what} {weight.name}": slope.asnumpy() for weight, slope in zip(weights, gradients, strict=True)}

    start = 0.0
    try:
        outcome |= slopes(inputs, "d")
        if not first:
            outcome |= slopes([_nearly(ms, array) for array in arrays], "nearly")
        start = time.perf_counter()
        step(*inputs)[1][0].asnumpy()
    except Exception:
        if not first:
            raise
        traceback.print_exc()  # MindSpore's CPU computes the outputs only
    seconds = time.perf_counter() - start if start else None
    np.savez(folder / ("expected.npz" if first else "got.npz"), **outcome)
    return {"seconds": seconds, "parameters": int(sum(w.size for w in net.get_parameters()))}


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


def _nearly(ms, array: np.ndarray):
    return ms.Tensor(array * np.float32(1 + 2e-7) if array.dtype == np.float32 else array)


# -- the comparison -----------------------------------------------------------------------------------------------


def compare(package: str, name: str, mindspore: str) -> dict:
    """One row of the table."""
    folder = Path(tempfile.mkdtemp())
    try:
        theirs = _run([mindspore, __file__], package, name, folder, "--first")
        if "error" in theirs:
            return {"model": name, "note": f"not on MindSpore: {theirs['error']}"}
        ours = _run([sys.executable, "-m", "msjax", __file__], package, name, folder)
        if "error" in ours:
            return {"model": name, "note": f"fails: {ours['error']}"}
        return {"model": name, "parameters": ours["parameters"], "mindspore": theirs["seconds"],
                "msjax": ours["seconds"], **_differences(folder)}  # fmt: skip
    finally:
        shutil.rmtree(folder)


def _run(python: list[str], package: str, name: str, folder: Path, *more: str) -> dict:
    command = [*python, "--package", package, "--work", name, "--folder", str(folder), *more]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    except subprocess.TimeoutExpired:
        return {"error": "it takes more than half an hour"}
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        said = [line for line in done.stderr.splitlines() if line and not line.startswith((" ", "-", "[WARNING]"))]
        return {"error": next((line for line in reversed(said) if "Error" in line), f"exit {done.returncode}")[:200]}
    return json.loads(lines[-1])


def _differences(folder: Path) -> dict:
    expected, got = np.load(folder / "expected.npz"), np.load(folder / "got.npz")
    names = [name.removeprefix("d ") for name in expected.files if name.startswith("d ")]
    if not {*expected.files} <= {*got.files}:
        return {"note": "differs: other outputs or parameters"}
    pairs = [(expected[name], got[name]) for name in expected.files if name.startswith("o ")]
    if not pairs or any(one.shape != two.shape for one, two in pairs):
        return {"note": "differs: shapes of outputs"}
    outputs = max(float(abs(one - two).max() / (abs(one).max() or 1)) for one, two in pairs)
    if not names:
        right = outputs <= OUTPUTS
        return {"outputs": outputs, "note": "outputs only" if right else "differs: outputs"}
    norms = {name: float(np.linalg.norm(expected[f"d {name}"].astype(np.float64))) for name in names}
    floor = _FLOOR * sum(norm**2 for norm in norms.values()) ** 0.5

    def off(one, two: str) -> tuple[float, str]:
        """The largest difference of a gradient, by its norm, and of which it is."""
        apart = ((np.linalg.norm((one[f"d {n}"] - got[f"{two} {n}"]).astype(np.float64)), n) for n in names)
        return max((float(distance) / max(norms[n], floor), n) for distance, n in apart)

    (gradients, name), (steep, _) = off(expected, "d"), off(got, "nearly")
    right = outputs <= OUTPUTS and gradients <= max(GRADIENTS, 3 * steep)
    return {"outputs": outputs, "gradients": gradients, "steep": steep, "note": "" if right else f"differs: {name}"}


def _line(row: dict) -> str:
    figures = ("parameters", "outputs", "gradients", "steep", "mindspore", "msjax")
    form = dict.fromkeys(figures, "{:.0e}") | {"parameters": "{:,}", "mindspore": "{:.2f}", "msjax": "{:.2f}"}
    told = [form[name].format(row[name]) if row.get(name) is not None else "" for name in figures]
    return f"| {' | '.join([row['model'], *told, row['note']])} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mindspore", metavar="PYTHON", help="a Python that has MindSpore and the package")
    parser.add_argument("--package", default="mindcv", help="whose models")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="which models")
    parser.add_argument(
        "--table", type=Path, metavar="FILE", help="where rows are added; models in it are not run again"
    )
    parser.add_argument("--names", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.names:
        print(*recipe(given.package).names())
        return
    if given.work:
        print(json.dumps(work(given.package, given.work, given.folder, given.first)))
        return
    asked = [given.mindspore, __file__, "--package", given.package, "--names"]
    models = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()[-1].split()
    before = given.table.read_text() if given.table and given.table.exists() else ""
    if given.table and not before:
        given.table.write_text(_HEAD)
    for name in fnmatch.filter(models, given.only):
        if f"| {name} |" in before:
            continue
        line = _line(compare(given.package, name, given.mindspore))
        print(line, flush=True)
        if given.table:
            with given.table.open("a") as file:
                file.write(line + os.linesep)


if __name__ == "__main__":
    main()
