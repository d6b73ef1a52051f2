"""Eager operator dispatch: chains of small operators in msjax against the same jax.numpy calls, interleaved.

    python benchmarks/dispatch.py [--repeat N]

Prints microseconds per operator (medians) and the ratio of each, and the median ratio of all.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

import msjax as ms
from msjax import ops

SIZE, LENGTH = 16, 50


def chain(step: Callable) -> Callable:
    def run(x):
        for _ in range(LENGTH):
            x = step(x)
        return x

    return run


# name -> (msjax step, jax.numpy step)
STEPS: dict[str, tuple[Callable, Callable]] = {
    "tanh(x)": (ops.tanh, jnp.tanh),
    "exp(x)": (ops.exp, jnp.exp),
    "x * x": (lambda x: x * x, lambda x: jnp.multiply(x, x)),
    "add(x, x)": (lambda x: ops.add(x, x), lambda x: jnp.add(x, x)),
    "x + 1.0": (lambda x: x + 1.0, lambda x: jnp.add(x, 1.0)),
    "maximum(x, 0.5)": (lambda x: ops.maximum(x, 0.5), lambda x: jnp.maximum(x, 0.5)),
    "x ** 2": (lambda x: x**2, lambda x: jnp.power(x, 2)),
    "sum(x, keepdims)": (lambda x: x + x.sum(0, True), lambda x: jnp.add(x, jnp.sum(x, 0, keepdims=True))),
    "reshape": (lambda x: x.reshape(16), lambda x: jnp.reshape(x, 16)),
    "x[::-1]": (lambda x: x[::-1], lambda x: x[::-1]),
    "where(x > 0, x, 1)": (lambda x: ops.where(x > 0, x, 1.0), lambda x: jnp.where(jnp.greater(x, 0), x, 1.0)),
    "matmul": (lambda x: ops.matmul(x.reshape(4, 4), x.reshape(4, 4)).reshape(16),
               lambda x: jnp.reshape(jnp.matmul(jnp.reshape(x, (4, 4)), jnp.reshape(x, (4, 4))), 16)),
}  # fmt: skip


def measure(run: Callable, x) -> float:
    start = time.perf_counter()
    jax.block_until_ready(run(x))
    return (time.perf_counter() - start) / LENGTH * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=200)
    repeat = parser.parse_args().repeat
    values = np.linspace(0.1, 0.2, SIZE, dtype=np.float32)
    print(f"jax {jax.__version__} on {jax.devices()[0].device_kind}, {SIZE} floats, chains of {LENGTH}")
    print(f"{'operator':22s} {'msjax us':>9s} {'jax.numpy us':>13s} {'ratio':>6s}")
    ratios = []
    for name, (ours, theirs) in STEPS.items():
        runs = (chain(ours), ms.Tensor(values)), (chain(theirs), jnp.asarray(values))
        for run, x in runs:
            measure(run, x)
        times = [[measure(run, x) for run, x in runs] for _ in range(repeat)]
        mine, plain = (statistics.median(column) for column in zip(*times, strict=True))
        ratios.append(statistics.median(a / b for a, b in times))
        print(f"{name:22s} {mine:9.2f} {plain:13.2f} {ratios[-1]:6.2f}")
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
