"""Steps of training on several devices of one process: msjax against `jax.jit` with the same shardings, by hand.

    python -m benchmarks.sharding [--devices N] [--rounds N] [--only PATTERN]

Both compute the same step of the same network on the same rows, which lie on the host before each step, in turns. The
table shows milliseconds of the fastest turn, processor time of all threads, ratios, and whether the two programs
exchange the same between devices. On a CPU the devices are threads of one processor, so times compare the two, and say
nothing of how steps scale; on a machine that does other work, trust processor time.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

import msjax as ms
from msjax import Tensor, nn
from msjax.core.tensor import raw
from msjax.parallel import traffic
from msjax.parallel.traffic import Traffic

RATE, DECAY = 0.01, 0.9
STEPS = 10  # in a turn
# name -> the widths of the layers, rows of a batch, whether each device keeps only its part of the momenta
CASES = {
    "small": ((16, 64, 64, 4), 64, False),
    "deep": ((64, *[64] * 24, 4), 256, False),
    "wide": ((512, 1024, 1024, 16), 512, False),
    "wide, state divided": ((512, 1024, 1024, 16), 512, True),
}


def network(widths: tuple[int, ...]) -> nn.Cell:
    ms.set_seed(0)
    layers = [nn.Dense(*pair, activation="tanh") for pair in itertools.pairwise(widths[:-1])]
    return nn.SequentialCell(*layers, nn.Dense(*widths[-2:])).set_train()


def ours(widths: tuple[int, ...]) -> Callable:
    net = network(widths)
    optimizer = nn.Momentum(net.trainable_params(), RATE, DECAY)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)
    return lambda x, y: step(Tensor(x), Tensor(y))


class ByHand:
    """The step as a program of JAX alone."""

    def __init__(self, widths: tuple[int, ...], divided: bool):
        devices = Mesh(np.array(jax.devices()), ("data",))
        whole, self._rows = NamedSharding(devices, PartitionSpec()), NamedSharding(devices, PartitionSpec("data"))
        weights = [raw(p) for p in network(widths).trainable_params()]
        parts = [self._rows if divided and w.shape[0] % devices.size == 0 else whole for w in weights]
        self._weights = jax.device_put(weights, whole)
        self._momenta = jax.device_put([jnp.zeros_like(w) for w in weights], parts)
        everywhere = [whole] * len(weights)
        self._step = jax.jit(
            self._stepped, donate_argnums=(0, 1), out_shardings=(everywhere, parts, None),
            in_shardings=(everywhere, parts, self._rows, self._rows),
        )  # fmt: skip

    @staticmethod
    def _loss(weights, x, y):
        for matrix, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
            x = jnp.tanh(x @ matrix.T + bias)
        return ((x @ weights[-2].T + weights[-1] - y) ** 2).mean()

    @classmethod
    def _stepped(cls, weights, momenta, x, y):
        loss, gradients = jax.value_and_grad(cls._loss)(weights, x, y)
        momenta = [DECAY * m + g for m, g in zip(momenta, gradients, strict=True)]
        return [w - RATE * m for w, m in zip(weights, momenta, strict=True)], momenta, loss

    def __call__(self, x, y):
        rows = jax.device_put([x, y], self._rows)
        self._weights, self._momenta, loss = self._step(self._weights, self._momenta, *rows)
        if jax.default_backend() == "cpu":  # where programs that communicate must not overlap
            jax.block_until_ready(loss)
        return loss

    def traffic(self, x, y) -> Traffic:
        rows = jax.device_put([x, y], self._rows)
        return traffic.read(self._step.lower(self._weights, self._momenta, *rows).compile().as_text())


def seconds(step: Callable, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Of a step: the time that passes, and the processor time of all threads."""
    wall, processor = time.perf_counter(), time.process_time()
    for _ in range(STEPS):
        loss = step(x, y)
    jax.block_until_ready(raw(loss))
    return (time.perf_counter() - wall) / STEPS, (time.process_time() - processor) / STEPS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=8, help="how many; on a CPU they are made")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", metavar="PATTERN")
    options = parser.parse_args()
    jax.config.update("jax_num_cpu_devices", options.devices)
    print(f"{options.devices} devices, {jax.devices()[0].device_kind}, jax {jax.__version__}, milliseconds")
    columns = f"{'msjax':>8s} {'by hand':>8s} {'ratio':>6s}"
    print(f"{'step':20s} {columns}   processor {columns.lstrip()}  exchanged")
    for name, (widths, rows, divided) in CASES.items():
        if options.only not in name:
            continue
        ms.set_auto_parallel_context(device_num=options.devices, enable_parallel_optimizer=divided)
        random = np.random.default_rng(0)
        x, y = (random.normal(size=(rows, n)).astype(np.float32) for n in (widths[0], widths[-1]))
        steps = [ours(widths), ByHand(widths, divided)]
        losses = [[float(raw(step(x, y))) for _ in range(3)] for step in steps]
        np.testing.assert_allclose(*losses, rtol=1e-5)
        turns = [[seconds(step, x, y) for step in steps] for _ in range(options.rounds)]
        (wall, other_wall), (cpu, other_cpu) = np.min(turns, axis=0).T * 1e3
        exchanged = traffic.measure(steps[0], x, y), steps[1].traffic(x, y)
        same = "the same" if exchanged[0] == exchanged[1] else f"{exchanged[0]}\nby hand\n{exchanged[1]}"
        print(
            f"{name:20s} {wall:8.3f} {other_wall:8.3f} {wall / other_wall:6.2f}"
            f" {cpu:10.3f} {other_cpu:8.3f} {cpu / other_cpu:6.2f}  {same}"
        )


if __name__ == "__main__":
    main()
