"""The same network trained in float32 and in float16, by the levels of `amp`.

Narrow numbers halve the memory, and are faster where the hardware has them, as on a GPU. What may be lost is small
gradients, which float16 takes for zero; so its loss is scaled up before the gradient is taken, and the gradient scaled
down again. A table says what each level costs and what it learns.

    python examples/narrow_numbers.py               with MindSpore
    python -m msjax examples/narrow_numbers.py      the same with msjax
"""

import argparse
import os
import time

import mindspore as ms
import numpy as np
from mindspore import Tensor, amp, nn

# The level, and what the loss is multiplied with; "O2" keeps normalizations in float32, "O3" nothing.
LEVELS = {"float32": ("O0", 1), "float16, O2": ("O2", 1024), "float16, O3": ("O3", 1024)}


def data(rng, count):
    """Points of two spirals, and which of the two."""
    kind = rng.integers(0, 2, count)
    turn = rng.uniform(0.5, 3 * np.pi, count)
    angle = turn + np.pi * kind
    points = np.stack([turn * np.cos(angle), turn * np.sin(angle)], 1) / 5 + 0.02 * rng.standard_normal((count, 2))
    return points.astype(np.float32), kind.astype(np.int32)


def network(width=128):
    return nn.SequentialCell(
        nn.Dense(2, width), nn.Tanh(), nn.Dense(width, width), nn.Tanh(), nn.Dense(width, width), nn.Tanh(),
        nn.Dense(width, 2),
    )  # fmt: skip


def train(level, scale, steps):
    """The losses along the way, the share of unseen points that is wrong, and the milliseconds of a step."""
    ms.set_seed(1)
    rng = np.random.default_rng(1)
    net = amp.auto_mixed_precision(network(), level)
    optimizer = nn.Adam(net.trainable_params(), learning_rate=2e-3)
    loss_fn = nn.CrossEntropyLoss()
    scaler = amp.StaticLossScaler(scale)

    def loss(points, kinds):
        return scaler.scale(loss_fn(net(points).astype(ms.float32), kinds))

    loss_and_gradients = ms.value_and_grad(loss, None, optimizer.parameters)
    losses, every, start = [], max(steps // 8, 1), 0.0
    for step in range(1, steps + 1):
        value, gradients = loss_and_gradients(*map(Tensor, data(rng, 256)))
        optimizer(scaler.unscale(gradients))
        if step == 10:  # compiled by now
            float(value)
            start = time.perf_counter()
        if step == 1 or step % every == 0:
            losses.append((step, float(value) / scale))
            print(f"{step:6d}  {losses[-1][1]:.1e}", flush=True)
    speed = 1e3 * (time.perf_counter() - start) / (steps - 10)
    points, kinds = data(rng, 2000)
    wrong = (net(Tensor(points)).astype(ms.float32).asnumpy().argmax(1) != kinds).mean()
    return losses, wrong, speed


def draw(path, results):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
    for name, (losses, *_) in results.items():
        axis.semilogy(*zip(*losses, strict=True), label=name)
    axis.set(title="two spirals", xlabel="step", ylabel="loss")
    axis.legend()
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="Training in narrow numbers.")
    parser.add_argument("--steps", type=int, default=2000, help="for each level (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="200 steps")
    parser.add_argument("--picture", default="narrow_numbers.png", help="(default: %(default)s)")
    options = parser.parse_args()
    steps = 200 if options.quick else options.steps

    results = {}
    for name, settings in LEVELS.items():
        print(name, flush=True)
        results[name] = train(*settings, steps)
    print(f"{'level':>14}  {'wrong':>7}  {'ms/step':>8}")
    for name, (_, wrong, speed) in results.items():
        print(f"{name:>14}  {wrong:7.3f}  {speed:8.2f}")
    print("largest share that is wrong:", f"{max(wrong for _, wrong, _ in results.values()):.3f}")
    draw(options.picture, results)


if __name__ == "__main__":
    main()
