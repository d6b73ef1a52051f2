"""Input pipelines and data sinks: msjax, MindSpore and PyTorch on the same work.

    python -m benchmarks.data [--only PATTERN] [--rounds N] [--mindspore PYTHON] [--torch PYTHON]

Each contender runs in processes of its own, one in each round, in turns. The tables show, of the fastest round, the
time that passed and the processor time of all threads; on a machine that does other work, trust the second.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np

ROOT = Path(__file__).parents[1]
IMAGES, BATCH = 6400, 32
STEPS = 512  # of the small network
PICTURES = 128
_PASSES = 3


def _room(name: str) -> SimpleNamespace:
    """msjax or MindSpore, with its rooms."""
    rooms = {"ds": "dataset", "vision": "dataset.vision", "transforms": "dataset.transforms"}
    ms = importlib.import_module(name)
    return SimpleNamespace(
        ms=ms, nn=importlib.import_module(f"{name}.nn"),
        **{short: importlib.import_module(f"{name}.{long}") for short, long in rooms.items()},
    )  # fmt: skip


# -- an epoch of a classifier -------------------------------------------------------------------------------------


def _digits() -> dict[str, np.ndarray]:
    random = np.random.RandomState(0)
    images = random.randint(0, 256, (IMAGES, 28, 28, 1)).astype(np.uint8)
    return {"image": images, "label": random.randint(0, 10, IMAGES)}


def _pipeline(room):
    data = room.ds.NumpySlicesDataset(_digits(), shuffle=False)
    data = data.map([room.vision.Rescale(1 / 255, 0.0), room.vision.HWC2CHW()], "image")
    data = data.map(room.transforms.TypeCast(room.ms.int32), "label")
    return data.shuffle(1000).batch(BATCH, drop_remainder=True)


def _classifier(room):
    room.ms.set_seed(0)
    nn, layers = room.nn, [room.nn.Flatten()]
    for sizes in ((784, 512), (512, 512), (512, 10)):
        layers += [nn.Dense(*sizes), nn.ReLU()]
    net = nn.SequentialCell(*layers[:-1])
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    return net, room.ms.Model(net, loss, nn.Momentum(net.trainable_params(), 0.01, 0.9))


def _trains(net, model, data, **how) -> Callable[[], int]:
    def epoch() -> int:
        model.train(1, data, **how)
        net.trainable_params()[0].asnumpy()
        return IMAGES // BATCH

    return epoch


def _epoch(name: str, **how) -> Callable[[], int]:
    room = _room(name)
    return _trains(*_classifier(room), _pipeline(room), **how)


def _arrays(**how) -> Callable[[], int]:
    room = _room("msjax")
    rows = _pipeline(room).create_tuple_iterator(num_epochs=1)
    return _trains(*_classifier(room), [tuple(row) for row in rows], **how)


# -- pipelines alone ----------------------------------------------------------------------------------------------


class _Random:
    """Rows that are made when they are asked for, as a user writes it."""

    def __init__(self):
        self._rows = np.random.RandomState(0).randn(256, 32, 32).astype(np.float32)

    def __getitem__(self, index):
        return self._rows[index % 256], np.int32(index)

    def __len__(self):
        return IMAGES


def _scaled(x):
    return (x - x.mean()) / x.std()


def _goes_through(data) -> Callable[[], int]:
    def once() -> int:
        rows = data.create_tuple_iterator(num_epochs=1, output_numpy=True)
        return sum(len(row[0]) for row in rows)

    return once


def _generator(name: str) -> Callable[[], int]:
    room = _room(name)
    return _goes_through(room.ds.GeneratorDataset(_Random(), ["x", "n"], shuffle=False).map(_scaled, "x").batch(BATCH))


def _loader() -> Callable[[], int]:
    from torch.utils.data import DataLoader, Dataset

    class Rows(_Random, Dataset):
        def __getitem__(self, index):
            x, number = super().__getitem__(index)
            return _scaled(x), number

    loader = DataLoader(Rows(), BATCH)
    return lambda: sum(len(x) for x, _ in loader)


def _jpegs() -> list[np.ndarray]:
    from PIL import Image

    random, files = np.random.RandomState(0), []
    for _ in range(PICTURES):
        small = Image.fromarray(random.randint(0, 256, (25, 30, 3)).astype(np.uint8))
        file = io.BytesIO()
        small.resize((500, 375), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
        files.append(np.frombuffer(file.getvalue(), np.uint8))
    return files


def _pictures(name: str) -> Callable[[], int]:
    room = _room(name)
    vision, files = room.vision, _jpegs()
    steps = [
        vision.Decode(), vision.Resize(256), vision.CenterCrop(224),
        vision.Normalize([123.7, 116.3, 103.5], [58.4, 57.1, 57.4]), vision.HWC2CHW(),
    ]  # fmt: skip
    data = room.ds.GeneratorDataset(files, ["image"], shuffle=False)
    return _goes_through(data.map(steps, "image", num_parallel_workers=2).batch(BATCH))


# -- sinks --------------------------------------------------------------------------------------------------------


def _small(**how) -> Callable[[], int]:
    room = _room("msjax")
    ms, nn, random = room.ms, room.nn, np.random.RandomState(0)
    net = nn.SequentialCell(nn.Dense(32, 32), nn.Tanh(), nn.Dense(32, 4))
    model = ms.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 0.01))
    shapes = (16, 32), (16, 4)
    data = [tuple(ms.Tensor(random.randn(*s).astype(np.float32)) for s in shapes) for _ in range(STEPS)]

    def steps() -> int:
        model.train(1, data, **how)
        net[0].weight.asnumpy()
        return STEPS

    return steps


# case -> contender -> (what has to be installed, what makes the function that is timed); ratios are to the first
CASES: dict[str, dict[str, tuple[str, Callable[[], Callable[[], int]]]]] = {
    f"step of a classifier of digits, {BATCH} images": {
        "batches in memory": ("msjax", _arrays),
        "pipeline": ("msjax", lambda: _epoch("msjax")),
        "pipeline, sink mode": ("msjax", lambda: _epoch("msjax", dataset_sink_mode=True)),
        "MindSpore": ("mindspore", lambda: _epoch("mindspore")),
    },
    "row of Generator, map, batch": {
        "msjax": ("msjax", lambda: _generator("msjax")),
        "MindSpore": ("mindspore", lambda: _generator("mindspore")),
        "PyTorch": ("torch", _loader),
    },
    "JPEG: decode, resize, crop, normalize, batch": {
        "msjax": ("msjax", lambda: _pictures("msjax")),
        "MindSpore": ("mindspore", lambda: _pictures("mindspore")),
    },
    "step of a small network": {
        "step by step": ("msjax", _small),
        "sink mode": ("msjax", lambda: _small(dataset_sink_mode=True)),
    },
}


def work(case: str, contender: str) -> dict[str, float]:
    """Microseconds for a row or a step: those that pass, and those of processors."""
    once = CASES[case][contender][1]()
    once(), once()
    passed, busy = [], []
    for _ in range(_PASSES):
        start, begun = time.perf_counter(), time.process_time()
        count = once()
        passed.append((time.perf_counter() - start) / count)
        busy.append((time.process_time() - begun) / count)
    return {"passed": min(passed) * 1e6, "busy": min(busy) * 1e6}


def ask(python: str, case: str, contender: str) -> dict[str, float]:
    """What a process of its own measures."""
    command = [python, "-m", "benchmarks.data", "--work", case, contender]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{contender}: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def table(case: str, pythons: dict[str, str | None], rounds: int) -> str:
    """The measurements of a case as a table."""
    contenders = {name: python for name, (room, _) in CASES[case].items() if (python := pythons[room])}
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, python in contenders.items():
            seen[name].append(ask(python, case, name))
    best = {name: [min(one[what] for one in many) for what in ("passed", "busy")] for name, many in seen.items()}
    first = next(iter(best.values()))
    lines = [f"| {case} | us | ratio | us of processors | ratio |", "| --- | --- | --- | --- | --- |"]
    for name, (passed, busy) in best.items():
        lines.append(f"| {name} | {passed:.1f} | {passed / first[0]:.2f} | {busy:.1f} | {busy / first[1]:.2f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="PATTERN", help="cases whose name contains it")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="in how many turns each is timed")
    parser.add_argument("--mindspore", metavar="PYTHON", help="the Python of an environment that has MindSpore")
    parser.add_argument("--torch", metavar="PYTHON", help="the Python of an environment that has PyTorch")
    parser.add_argument("--work", nargs=2, metavar=("CASE", "CONTENDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        print(json.dumps(work(*options.work)))
        return
    pythons = {"msjax": sys.executable, "mindspore": options.mindspore, "torch": options.torch}
    print(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}\n")
    for case in CASES:
        if options.only.lower() in case.lower():
            print(table(case, pythons, options.rounds), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
