"""A network learns the temperature of a rod, many steps at a time: `ms.data_sink`.

    u_t = a u_xx,    u(x, 0) = sin(pi x) + sin(3 pi x) / 2,    u(0, t) = u(1, t) = 0

Points come from a pipeline of `mindspore.dataset`, and a sink takes many batches of them in one call: where steps are
short, most of the time would go into calling them one by one. The derivatives are taken by `ms.grad`, nested.

    python examples/heat_sink.py                    with MindSpore, on a GPU or an Ascend
    python -m msjax examples/heat_sink.py           the same with msjax
"""

import argparse
import os
import time

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops
from mindspore import dataset as ds

SPREAD = 0.1
WAVES = [(1.0, 1), (0.5, 3)]


def exact_solution(x, t):
    return sum(a * np.exp(-SPREAD * (k * np.pi) ** 2 * t) * np.sin(k * np.pi * x) for a, k in WAVES)


class Temperature(nn.Cell):
    """u(x, t), of columns (n, 1); zero at both ends, and right at t = 0, whatever the network gives."""

    def __init__(self, width=32):
        super().__init__()
        self.network = nn.SequentialCell(
            nn.Dense(2, width, weight_init="xavier_uniform"), nn.Tanh(),
            nn.Dense(width, width, weight_init="xavier_uniform"), nn.Tanh(),
            nn.Dense(width, 1, weight_init="xavier_uniform"),
        )  # fmt: skip

    def construct(self, x, t):
        start = sum(a * ops.sin(k * np.pi * x) for a, k in WAVES)
        return start + t * x * (1 - x) * self.network(ops.concat((4 * x - 2, 4 * t - 2), 1))


def points(count, batch, seed):
    rng = np.random.default_rng(seed)
    x, t = rng.uniform(0, 1, (2, count * batch, 1)).astype(np.float32)
    return ds.NumpySlicesDataset((x, t), ["x", "t"], shuffle=False).batch(batch)


def draw(path, losses, u, error):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.semilogy(*zip(*losses, strict=True))
    left.set(title="loss", xlabel="step")
    x = np.linspace(0, 1, 101, dtype=np.float32)[:, None]
    for time_, color in ((0.0, "C0"), (0.2, "C1"), (1.0, "C2")):
        t = np.full_like(x, time_)
        right.plot(x, u(Tensor(x), Tensor(t)).asnumpy(), color, label=f"t = {time_}")
        right.plot(x, exact_solution(x, t), "k:")
    right.set(title=f"temperature, relative L2 error {error:.1e}", xlabel="x")
    right.legend()
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="The heat equation, with data sinks.")
    parser.add_argument("--steps", type=int, default=6000, help="(default: %(default)s)")
    parser.add_argument("--sink", type=int, default=50, help="steps of a sink (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="600 steps")
    parser.add_argument("--picture", default="heat_sink.png", help="(default: %(default)s)")
    options = parser.parse_args()
    steps = 600 if options.quick else options.steps

    ms.set_seed(1)
    u = Temperature()
    rate = nn.cosine_decay_lr(1e-5, 3e-3, steps, steps, 1)
    optimizer = nn.Adam(u.trainable_params(), learning_rate=rate)

    def total(x, t):
        return u(x, t).sum()

    by_x, by_t = ms.grad(total, 0), ms.grad(total, 1)
    by_xx = ms.grad(lambda x, t: by_x(x, t).sum(), 0)

    def loss(x, t):
        return ops.square(by_t(x, t) - SPREAD * by_xx(x, t)).mean()

    loss_and_gradients = ms.value_and_grad(loss, None, optimizer.parameters)

    def train_step(x, t):
        value, gradients = loss_and_gradients(x, t)
        optimizer(gradients)
        return value

    sink = ms.data_sink(train_step, points(steps, 256, 1), options.sink)
    print("  step     loss   ms/step", flush=True)
    losses, sinks = [], steps // options.sink
    for number in range(1, sinks + 1):
        start = time.perf_counter()
        value = float(sink())
        speed = 1e3 * (time.perf_counter() - start) / options.sink
        losses.append((number * options.sink, value))
        if number == 1 or number % max(sinks // 12, 1) == 0:
            print(f"{losses[-1][0]:6d}  {value:.1e}  {speed:8.2f}", flush=True)

    x, t = (a.reshape(-1, 1).astype(np.float32) for a in np.meshgrid(np.linspace(0, 1, 51), np.linspace(0, 1, 51)))
    exact = exact_solution(x, t)
    error = np.linalg.norm(u(Tensor(x), Tensor(t)).asnumpy() - exact) / np.linalg.norm(exact)
    print("relative L2 error:", f"{error:.1e}")
    draw(options.picture, losses, u, error)


if __name__ == "__main__":
    main()
