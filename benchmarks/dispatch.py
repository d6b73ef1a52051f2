"""The eager tier: single operators of msjax against the same work as one cached jitted function on raw arrays.

    python -m benchmarks.dispatch [--repeat N] [--only PATTERN]

Both are called in turns. Prints microseconds for each call (the least of many), the ratio to the jitted function, which
is the least that an operator can cost, and for comparison the same in jax.numpy. The time is that of the calling
thread: what else the machine does disturbs it little.
"""

from __future__ import annotations

import argparse
import fnmatch
import statistics
import time
from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import msjax as ms
from msjax import Tensor, ops
from msjax.core.tensor import raw

CALLS = 50
VALUES = np.linspace(0.1, 0.2, 16, dtype=np.float32)
MASK = Tensor(VALUES > 0.15)


def assign(index, value) -> tuple[Callable, Callable]:
    """`x[index] = value` in msjax and in jax.numpy."""

    def ours(x):
        x[index] = value
        return x

    return ours, lambda x: x.at[index].set(value)


# name -> (msjax, jax.numpy, the shapes of their arguments)
CASES: dict[str, tuple[Callable, Callable, tuple[int, ...]]] = {
    "tanh(x)": (ops.tanh, jnp.tanh, (16,)),
    "x * x": (lambda x: x * x, lambda x: jnp.multiply(x, x), (16,)),
    "add(x, x)": (lambda x: ops.add(x, x), lambda x: jnp.add(x, x), (16,)),
    "x + 1.0": (lambda x: x + 1.0, lambda x: jnp.add(x, 1.0), (16,)),
    "maximum(x, 0.5)": (lambda x: ops.maximum(x, 0.5), lambda x: jnp.maximum(x, 0.5), (16,)),
    "x ** 2": (lambda x: x**2, lambda x: jnp.power(x, 2), (16,)),
    "x > 0": (lambda x: x > 0, lambda x: jnp.greater(x, 0), (16,)),
    "where(mask, x, 1.0)": (lambda x: ops.where(MASK, x, 1.0), lambda x: jnp.where(raw(MASK), x, 1.0), (16,)),
    "x.sum()": (lambda x: x.sum(), lambda x: jnp.sum(x), (16,)),
    "x.sum(0, True)": (lambda x: x.sum(0, True), lambda x: jnp.sum(x, 0, keepdims=True), (16,)),
    "x.mean(1)": (lambda x: x.mean(1), lambda x: jnp.mean(x, 1), (4, 4)),
    "softmax(x)": (lambda x: ops.softmax(x), lambda x: jax.nn.softmax(x), (4, 4)),
    "matmul(x, x)": (lambda x: ops.matmul(x, x), lambda x: jnp.matmul(x, x), (4, 4)),
    "x.astype": (lambda x: x.astype(ms.float16), lambda x: x.astype(jnp.float16), (16,)),
    "x.reshape(2, 8)": (lambda x: x.reshape(2, 8), lambda x: jnp.reshape(x, (2, 8)), (16,)),
    "x.T": (lambda x: x.T, lambda x: x.T, (4, 4)),
    "x.squeeze(0)": (lambda x: x.squeeze(0), lambda x: x.squeeze(0), (1, 16)),
    "concat((x, x))": (lambda x: ops.concat((x, x)), lambda x: jnp.concatenate((x, x)), (16,)),
    "x[0]": (lambda x: x[0], lambda x: x[0], (16,)),
    "x[-1]": (lambda x: x[-1], lambda x: x[-1], (4, 4)),
    "x[:, 0]": (lambda x: x[:, 0], lambda x: x[:, 0], (4, 4)),
    "x[1:3]": (lambda x: x[1:3], lambda x: x[1:3], (4, 4)),
    "x[:, :1]": (lambda x: x[:, :1], lambda x: x[:, :1], (4, 4)),
    "x[::-1]": (lambda x: x[::-1], lambda x: x[::-1], (16,)),
    "x[..., None]": (lambda x: x[..., None], lambda x: x[..., None], (16,)),
    "x[0] = 1.0": (*assign(0, 1.0), (16,)),
    "x[:, 0] = 1.0": (*assign((slice(None), 0), 1.0), (4, 4)),
    "zeros((4, 4))": (lambda x: ops.zeros((4, 4)), lambda x: jnp.zeros((4, 4), np.float32), (1,)),
    "ones_like(x)": (ops.ones_like, jnp.ones_like, (16,)),
    "arange(16)": (lambda x: ops.arange(16), lambda x: jnp.arange(16), (1,)),
    "full((4,), 2.0)": (lambda x: ops.full((4,), 2.0), lambda x: jnp.full((4,), 2.0), (1,)),
}

# name -> (msjax, JAX): no computation, but the way from Python's and numpy's numbers
CONVERSIONS: dict[str, tuple[Callable, Callable]] = {
    "Tensor(numpy)": (lambda: Tensor(VALUES), lambda: jnp.asarray(VALUES)),
    "Tensor(1.0)": (lambda: Tensor(1.0), lambda: jnp.asarray(1.0, np.float32)),
    "Tensor([1.0, 2.0])": (lambda: Tensor([1.0, 2.0]), lambda: jnp.asarray([1.0, 2.0], np.float32)),
}


def contenders() -> dict[str, list[Callable]]:
    """name -> calls without arguments: msjax, the jitted function, jax.numpy"""
    found: dict[str, list[Callable]] = {}
    for name, (ours, theirs, shape) in CASES.items():
        values = np.resize(VALUES, shape)
        tensor, array = Tensor(values), jnp.asarray(values)
        compiled = jax.jit(theirs)
        found[name] = [
            partial(ours, tensor), partial(compiled, array), partial(theirs, array)
        ]  # fmt: skip
    for name, (ours, theirs) in CONVERSIONS.items():
        found[name] = [ours, theirs, theirs]
    return found


def seconds(call: Callable) -> float:
    start = time.thread_time()
    for _ in range(CALLS):
        result = call()
    jax.block_until_ready(result)
    return (time.thread_time() - start) / CALLS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=100)
    parser.add_argument("--only", default="*", metavar="PATTERN")
    options = parser.parse_args()
    print(f"jax {jax.__version__} on {jax.devices()[0].device_kind}, microseconds, least of {options.repeat}")
    print(f"{'operator':20s} {'msjax':>8s} {'jitted':>8s} {'ratio':>6s} {'jax.numpy':>10s}")
    ratios = []
    for name, calls in contenders().items():
        if not fnmatch.fnmatch(name, options.only):
            continue
        for call in calls:
            seconds(call)
        times = [[seconds(call) for call in calls] for _ in range(options.repeat)]
        mine, jitted, plain = (min(column) * 1e6 for column in zip(*times, strict=True))
        ratios.append(mine / jitted)
        print(f"{name:20s} {mine:8.2f} {jitted:8.2f} {ratios[-1]:6.2f} {plain:10.2f}")
    print(f"median ratio {statistics.median(ratios):.2f}, largest {max(ratios):.2f}")


if __name__ == "__main__":
    main()
