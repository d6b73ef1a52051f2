"""A network learns to solve Poisson's equation on the unit square.

    -(u_xx + u_yy) = f,    u = 0 on the boundary

The network is multiplied by 16 x (1 - x) y (1 - y), so the boundary condition holds exactly and the loss is the
equation alone. `diffops.laplacian` takes the points as the network does, one row each, whatever the dimension, and
pushes the sum of the second derivatives through the network in one pass; nested `grad` needs an argument, and a line,
for each coordinate. The source f belongs to a known solution, which is only used to measure the error.

    python examples/poisson_2d.py

The trick with the boundary is that of Lagaris, Likas and Fotiadis, Artificial neural networks for solving ordinary and
partial differential equations (1998), doi:10.1109/72.712178.
"""

import argparse
import math
import os
import time

import numpy as np

import msjax as ms
from msjax import Tensor, diffops, nn, ops

# (amplitude, half waves in x, half waves in y) of the terms of the solution
WAVES = [(1, 1, 2), (0.25, 4, 3)]


def exact_solution(x, y):
    return sum(a * np.sin(m * np.pi * x) * np.sin(n * np.pi * y) for a, m, n in WAVES)


def source(points):
    """f = -Laplace u: a product of sines is multiplied by a number."""
    x, y = points[:, :1], points[:, 1:]
    return sum(
        a * (m**2 + n**2) * math.pi**2 * ops.sin(m * math.pi * x) * ops.sin(n * math.pi * y) for a, m, n in WAVES
    )


class Solution(nn.Cell):
    """u(points), from (N, 2) to (N, 1)."""

    def __init__(self, width=32, depth=3):
        super().__init__()
        layers = []
        for inputs in [2] + [width] * (depth - 1):
            layers += [nn.Dense(inputs, width, weight_init="xavier_uniform", bias_init="zeros"), nn.Tanh()]
        layers.append(nn.Dense(width, 1, weight_init="xavier_uniform", bias_init="zeros"))
        self.network = nn.SequentialCell(layers)

    def construct(self, points):
        x, y = points[:, :1], points[:, 1:]
        # Inputs spread over [-3, 3] help a tanh network to make waves.
        return 16 * x * (1 - x) * y * (1 - y) * self.network(6 * points - 3)


def make_train_step(u, lr, steps):
    laplacian = diffops.laplacian(u)
    falling_lr = [lr * 0.001 ** (step / steps) for step in range(steps)]
    optimizer = nn.Adam(u.trainable_params(), learning_rate=falling_lr)

    def loss(points):
        return ops.mean(ops.square(laplacian(points) + source(points)))

    loss_and_gradients = ms.value_and_grad(loss, None, optimizer.parameters)

    @ms.jit
    def train_step(points):
        value, gradients = loss_and_gradients(points)
        optimizer(gradients)
        return value

    return train_step


def train(u, steps, points, lr, seed):
    rng = np.random.default_rng(seed)
    train_step = make_train_step(u, lr, steps)
    print("  step     loss   ms/step", flush=True)
    print_every = max(steps // 20, 1)
    begin, begin_step = time.perf_counter(), 0
    for step in range(1, steps + 1):
        loss = train_step(Tensor(rng.uniform(0, 1, (points, 2)), ms.float32))
        if step == 1 or step % print_every == 0:
            loss, now = float(loss), time.perf_counter()
            print(f"{step:6d}  {loss:.1e}  {1e3 * (now - begin) / (step - begin_step):8.2f}", flush=True)
            begin, begin_step = now, step


def draw(path, x, y, learned, exact, error, quick):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(14, 4.6), sharey=True, layout="constrained")
    difference = learned - exact
    highest, largest = np.abs(exact).max(), np.abs(difference).max()
    for axis, values, limit, title in (
        (axes[0], learned, highest, "network u(x, y)"),
        (axes[1], exact, highest, "exact solution"),
        (axes[2], difference, largest, f"difference, at most {largest:.1e}"),
    ):
        image = axis.pcolormesh(x, y, values, cmap="RdBu_r", vmin=-limit, vmax=limit, rasterized=True)
        axis.set(title=title, xlabel="x", aspect="equal")
        figure.colorbar(image, ax=axis, shrink=0.8, label="u" if limit == highest else "difference of u")
    axes[0].set_ylabel("y")
    figure.suptitle(f"Poisson's equation: relative L2 error {error:.1e}" + quick * ", quick run")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network learns to solve Poisson's equation on a square.")
    parser.add_argument("--steps", type=int, default=15000, help="training steps (default: %(default)s)")
    parser.add_argument("--points", type=int, default=500, help="points for the equation (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=0.01, help="first learning rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of all random numbers (default: %(default)s)")
    parser.add_argument("--picture", default="poisson_2d.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 400 steps, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(args.seed)
    u = Solution()
    train(u, 400 if args.quick else args.steps, args.points, args.lr, args.seed)

    x, y = np.meshgrid(np.linspace(0, 1, 101), np.linspace(0, 1, 101), indexing="ij")
    exact = exact_solution(x, y)
    learned = u(Tensor(np.stack([x.ravel(), y.ravel()], axis=1), ms.float32)).asnumpy().reshape(x.shape)
    error = np.linalg.norm(learned - exact) / np.linalg.norm(exact)
    print(f"relative L2 error: {error:.1e}")
    draw(args.picture, x, y, learned, exact, error, args.quick)


if __name__ == "__main__":
    main()
