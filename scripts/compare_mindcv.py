"""Compare every model of mindcv under MindSpore and under msjax: logits and gradients from the same checkpoint.

    python scripts/compare_mindcv.py --mindspore PYTHON [--only PATTERN] [--table FILE]

Both Pythons need mindcv (`pip install mindcv`, with its `tqdm` and `PyYAML`). For each model, a process of MindSpore
builds it, writes a checkpoint, and computes the logits of two images and the gradients of their cross entropy; then a
process of msjax's launcher runs this very file, loads the checkpoint and computes the same. The checkpoint is removed
again. A model that does not run on MindSpore's CPU is listed, but not compared. 275 models take hours: this is for
the night.

Gradients of networks that nobody has trained may be steep: with some, the last digit of an image's values decides on
percents. So msjax computes them for such images, too; differences of that size say nothing.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

LOGITS = 1e-4  # of the largest logit
GRADIENTS = 1e-3  # of the norm of a parameter's gradient
_FLOOR = 1e-5  # of the norm of all gradients: those of less are rounding, as of biases before a normalization
_HEAD = """\
| model | parameters | logits | gradients | by the last digit | MindSpore, s | msjax, s | |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


# -- in one process, of MindSpore or of msjax ---------------------------------------------------------------------


def work(name: str, folder: Path, first: bool) -> dict:
    """Build a model, load or write its checkpoint, keep logits and gradients; says how long a second step takes."""
    import mindspore as ms
    from mindcv.models import create_model, model_entrypoint

    ms.set_seed(0)
    np.random.seed(0)
    net = create_model(name, num_classes=10)
    checkpoint = str(folder / "model.ckpt")
    if first:
        ms.save_checkpoint(net, checkpoint)
    else:
        missing, unused = ms.load_param_into_net(net, ms.load_checkpoint(checkpoint))
        if missing or unused:
            raise RuntimeError(f"The checkpoint does not fit: {missing} are missing, {unused} are not used.")
    net.set_train(False)
    images, labels = _batch(ms, name, model_entrypoint)
    weights = net.trainable_params()

    def forward(images, labels):
        logits = net(images)
        logits = logits[0] if isinstance(logits, tuple) else logits
        return ms.ops.cross_entropy(logits, labels), logits

    step = ms.value_and_grad(forward, None, weights, has_aux=True)
    (_, logits), gradients = step(images, labels)
    outcome = {"logits": logits.asnumpy()}
    outcome |= {f"d {weight.name}": slope.asnumpy() for weight, slope in zip(weights, gradients, strict=True)}
    if not first:
        nearly = ms.Tensor(images.asnumpy() * np.float32(1 + 2e-7))
        outcome |= {
            f"nearly {weight.name}": slope.asnumpy()
            for weight, slope in zip(weights, step(nearly, labels)[1], strict=True)
        }
    start = time.perf_counter()
    step(images, labels)[1][0].asnumpy()
    np.savez(folder / ("expected.npz" if first else "got.npz"), **outcome)
    return {"seconds": time.perf_counter() - start, "parameters": int(sum(w.size for w in net.get_parameters()))}


def _batch(ms, name: str, entrypoint):
    """Two images of the size that a model is made for, and their labels."""
    configurations = sys.modules[entrypoint(name).__module__].__dict__.get("default_cfgs", {})
    size = configurations.get(name, {}).get("input_size", (3, 224, 224))
    images = np.random.RandomState(1).standard_normal((2, *size)).astype(np.float32)
    return ms.Tensor(images), ms.Tensor(np.array([1, 7], np.int32))


# -- the comparison -----------------------------------------------------------------------------------------------


def compare(name: str, mindspore: str) -> dict:
    """One row of the table."""
    folder = Path(tempfile.mkdtemp())
    try:
        theirs = _run([mindspore, __file__], name, folder, "--first")
        if "error" in theirs:
            return {"model": name, "note": f"not on MindSpore: {theirs['error']}"}
        ours = _run([sys.executable, "-m", "msjax", __file__], name, folder)
        if "error" in ours:
            return {"model": name, "note": f"fails: {ours['error']}"}
        return {"model": name, "parameters": ours["parameters"], "mindspore": theirs["seconds"],
                "msjax": ours["seconds"], **_differences(folder)}  # fmt: skip
    finally:
        shutil.rmtree(folder)


def _run(python: list[str], name: str, folder: Path, *more: str) -> dict:
    try:
        done = subprocess.run(
            [*python, "--work", name, "--folder", str(folder), *more], capture_output=True, text=True, timeout=1800
        )
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
    if not {"logits", *(f"d {name}" for name in names)} <= {*got.files}:
        return {"note": "differs: other parameters"}
    logits = float(abs(got["logits"] - expected["logits"]).max() / abs(expected["logits"]).max())
    norms = {name: float(np.linalg.norm(expected[f"d {name}"].astype(np.float64))) for name in names}
    floor = _FLOOR * sum(norm**2 for norm in norms.values()) ** 0.5

    def off(one, two: str) -> tuple[float, str]:
        """The largest difference of a gradient, by its norm, and of which it is."""
        apart = ((np.linalg.norm((one[f"d {n}"] - got[f"{two} {n}"]).astype(np.float64)), n) for n in names)
        return max((float(distance) / max(norms[n], floor), n) for distance, n in apart)

    (gradients, name), (steep, _) = off(expected, "d"), off(got, "nearly")
    right = logits <= LOGITS and gradients <= max(GRADIENTS, 3 * steep)
    return {"logits": logits, "gradients": gradients, "steep": steep, "note": "" if right else f"differs: {name}"}


def _line(row: dict) -> str:
    figures = ("parameters", "logits", "gradients", "steep", "mindspore", "msjax")
    form = dict.fromkeys(figures, "{:.0e}") | {"parameters": "{:,}", "mindspore": "{:.2f}", "msjax": "{:.2f}"}
    told = [form[name].format(row[name]) if name in row else "" for name in figures]
    return f"| {' | '.join([row['model'], *told, row['note']])} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mindspore", metavar="PYTHON", help="a Python that has MindSpore and mindcv")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="which models")
    parser.add_argument(
        "--table", type=Path, metavar="FILE", help="where rows are added; models in it are not run again"
    )
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        print(json.dumps(work(given.work, given.folder, given.first)))
        return
    asked = [given.mindspore, "-c", "from mindcv.models import list_models; print(*list_models())"]
    models = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    before = given.table.read_text() if given.table and given.table.exists() else ""
    if given.table and not before:
        given.table.write_text(_HEAD)
    for name in fnmatch.filter(models, given.only):
        if f"| {name} |" in before:
            continue
        line = _line(compare(name, given.mindspore))
        print(line, flush=True)
        if given.table:
            with given.table.open("a") as file:
                file.write(line + os.linesep)


if __name__ == "__main__":
    main()
