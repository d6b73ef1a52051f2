"""What a Cell costs in functions of flax.nnx, against the nnx.Module of the same layers; and whether `from_flax` adds
anything to a compiled step.

    python -m benchmarks.borders [--layers 20] [--repeats 200]
"""

from __future__ import annotations

import argparse
import statistics
import time

import jax
import jax.numpy as jnp
import optax
from flax import nnx

import msjax as ms

WIDTH = 32


class Module(nnx.Module):
    def __init__(self, layers: int):
        rngs = nnx.Rngs(0)
        self.layers = nnx.List([nnx.Linear(WIDTH, WIDTH, rngs=rngs) for _ in range(layers)])

    def __call__(self, x):
        for layer in self.layers:
            x = nnx.relu(layer(x))
        return x


class Cell(ms.nn.Cell):
    def __init__(self, layers: int):
        super().__init__()
        self.layers = ms.nn.CellList([ms.nn.Dense(WIDTH, WIDTH) for _ in range(layers)])

    def construct(self, x):
        for layer in self.layers:
            x = ms.ops.relu(layer(x))
        return x


@nnx.jit
def forward(model, x):
    return model(x)


@nnx.jit
def train(model, optimizer, x):
    loss, gradients = nnx.value_and_grad(lambda model: jnp.square(model(x)).mean())(model)
    optimizer.update(model, gradients)
    return loss


def cases(model) -> dict:
    x = jnp.ones((8, WIDTH), jnp.float32)
    optimizer = nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)
    graph, state = nnx.split(model)
    return {
        "nnx.split": lambda: nnx.split(model),
        "nnx.merge": lambda: nnx.merge(graph, state),
        "nnx.state": lambda: nnx.state(model, nnx.Param),
        "nnx.update": lambda: nnx.update(model, state),
        "nnx.clone": lambda: nnx.clone(model),
        "nnx.jit, forward": lambda: forward(model, x),
        "nnx.jit, train step": lambda: train(model, optimizer, x),
    }


def microseconds(runs: list, repeats: int) -> list[float]:
    """The median time of each; they take turns, so that what else the machine does meets them alike."""
    for run in runs * 3:
        jax.block_until_ready(jax.tree.leaves(run()))
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(repeats):
        for run, own in zip(runs, times, strict=True):
            begin = time.perf_counter()
            run()
            own.append(time.perf_counter() - begin)
    return [statistics.median(own) * 1e6 for own in times]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=200)
    args = parser.parse_args()
    module, cell = cases(Module(args.layers)), cases(Cell(args.layers))
    print(f"{args.layers} layers, median of {args.repeats}\n{'':22}{'nnx.Module':>12}{'Cell':>12}   ratio")
    for name in module:
        a, b = microseconds([module[name], cell[name]], args.repeats)
        print(f"{name:22}{a:9.0f} us{b:9.0f} us{b / a:8.2f}")


if __name__ == "__main__":
    main()
