"""What msjax's own paths cost where Cells are nodes of flax.nnx's graphs, against where nobody has imported it.

    python -m benchmarks.mapping [--layers 20] [--rounds 10]

The two take turns, in fresh processes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time

from benchmarks.runner import ROOT

WIDTH = 32
SECONDS = 0.5  # of each path, in one process


def paths(layers: int, mapped: bool) -> dict:
    import numpy as np

    import msjax as ms
    from msjax import nn, ops

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.layers = nn.CellList([nn.Dense(WIDTH, WIDTH) for _ in range(layers)])

        def construct(self, x):
            for layer in self.layers:
                x = ops.relu(layer(x))
            return x

    net, x = Net(), ms.Tensor(np.ones((8, WIDTH), np.float32))
    if mapped:
        from flax import nnx

        nnx.update(net, nnx.split(net)[1])
    optimizer = nn.Adam(net.trainable_params(), 1e-3)
    gradient = ms.value_and_grad(lambda x: ops.square(net(x)).mean(), None, optimizer.parameters)

    def train():
        loss, gradients = gradient(x)
        optimizer(gradients)
        return loss

    compiled, inner = ms.jit(net.construct), net.layers[0]
    return {
        "construction": Net,
        "forward": lambda: net(x),
        "forward under ms.jit": lambda: compiled(x),
        "train step": train,
        "train step under ms.jit": ms.jit(train),
        "an attribute of a Cell": lambda: [inner.weight for _ in range(100)],
        "writing an attribute": lambda: [setattr(inner, "count", k) for k in range(100)],
        "all Parameters": net.trainable_params,
    }


def measure(layers: int, mapped: bool) -> dict[str, float]:
    """The median microseconds of each path, in this process."""
    found = {}
    for name, run in paths(layers, mapped).items():
        for _ in range(5):
            run()
        times, end = [], time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            begin = time.perf_counter()
            run()
            times.append(time.perf_counter() - begin)
        found[name] = statistics.median(times) * 1e6
    return found


def in_process(layers: int, mapped: bool) -> dict[str, float]:
    code = f"import json; from benchmarks.mapping import measure; print(json.dumps(measure({layers}, {mapped})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    args = parser.parse_args()
    rounds = [[in_process(args.layers, mapped) for mapped in (False, True)] for _ in range(args.rounds)]
    print(f"{args.layers} layers, median of {args.rounds} processes\n{'':26}{'alone':>11}{'with nnx':>14}   ratio")
    for name in rounds[0][0]:
        alone, mapped = (statistics.median(pair[k][name] for pair in rounds) for k in (0, 1))
        print(f"{name:26}{alone:8.0f} us{mapped:11.0f} us{mapped / alone:8.2f}")


if __name__ == "__main__":
    main()
