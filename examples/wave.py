"""A network learns how a plucked string swings: the wave equation.

    u_tt = c^2 u_xx                                  for t in [0, 1] and x in [0, 1]
    u(0, x) = sin(pi x) + sin(4 pi x) / 2,  u_t(0, x) = 0,  u(t, 0) = u(t, 1) = 0

The solution is the initial shape plus a network, which factors keep at zero where a condition holds: all conditions
are exact, and the loss is the equation alone. `diffops.second_order` takes the coefficients of the operator, here
[1, -c^2] for (t, x), and computes the weighted sum of the second derivatives in one pass.

    python examples/wave.py

The string with two tones is one of the tests in Wang, Yu and Perdikaris, When and why PINNs fail to train (2022),
doi:10.1016/j.jcp.2021.110768.
"""

import argparse
import math
import os
import time

import numpy as np

import msjax as ms
from msjax import Tensor, diffops, nn, ops

SPEED = 1.0


def exact_solution(t, x):
    """Two standing waves."""
    return sum(a * np.sin(n * np.pi * x) * np.cos(n * np.pi * SPEED * t) for a, n in ((1, 1), (0.5, 4)))


class Solution(nn.Cell):
    """u at points (t, x), from (N, 2) to (N, 1)."""

    def __init__(self, width=48, depth=3):
        super().__init__()
        layers = []
        for inputs in [2] + [width] * (depth - 1):
            layers += [nn.Dense(inputs, width, weight_init="xavier_uniform", bias_init="zeros"), nn.Tanh()]
        layers.append(nn.Dense(width, 1, weight_init="xavier_uniform", bias_init="zeros"))
        self.network = nn.SequentialCell(layers)

    def construct(self, points):
        t, x = points[:, :1], points[:, 1:]
        start = ops.sin(math.pi * x) + ops.sin(4 * math.pi * x) / 2
        # Like t^2 it is flat at t = 0, but then soon 1, so that the network need not be large there.
        since_start = t * t / (t * t + 0.05)
        # Inputs spread over [-4, 4] help a tanh network to make waves.
        return start + since_start * 4 * x * (1 - x) * self.network(8 * points - 4)


def make_train_step(u, lr, steps):
    residual = diffops.second_order(u, [1, -(SPEED**2)])
    falling_lr = [lr * 0.001 ** (step / steps) for step in range(steps)]
    optimizer = nn.Adam(u.trainable_params(), learning_rate=falling_lr)

    def loss(points):
        return ops.mean(ops.square(residual(points)))

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


def draw(path, t, x, learned, exact, error, quick):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(15, 4.3), layout="constrained")
    difference = learned - exact
    highest, largest = np.abs(exact).max(), np.abs(difference).max()
    for axis, values, limit, title in (
        (axes[0], learned, highest, "network u(t, x)"),
        (axes[1], difference, largest, f"network - exact solution, at most {largest:.1e}"),
    ):
        image = axis.pcolormesh(t, x, values, cmap="RdBu_r", vmin=-limit, vmax=limit, rasterized=True)
        axis.set(title=title, xlabel="t", ylabel="x")
        figure.colorbar(image, ax=axis, label="u" if limit == highest else "difference of u")
    for row, color in zip((0, 25, 75, 100), ("C0", "C1", "C2", "C3"), strict=True):
        axes[2].plot(x[row], learned[row], color=color, label=f"t = {t[row, 0]:.2f}")
        axes[2].plot(x[row, ::4], exact[row, ::4], "o", color=color, markersize=3)
    axes[2].set(title="the string: network (lines), exact (dots)", xlabel="x", ylabel="u", ylim=(-1.7, 2.1))
    axes[2].legend(loc="upper center", ncols=4, fontsize="small", columnspacing=1, handlelength=1.5)
    figure.suptitle(f"Wave equation: relative L2 error {error:.1e}" + quick * ", quick run")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network learns to solve the wave equation.")
    parser.add_argument("--steps", type=int, default=15000, help="training steps (default: %(default)s)")
    parser.add_argument("--points", type=int, default=500, help="points for the equation (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=0.01, help="first learning rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of all random numbers (default: %(default)s)")
    parser.add_argument("--picture", default="wave.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 400 steps, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(args.seed)
    u = Solution()
    train(u, 400 if args.quick else args.steps, args.points, args.lr, args.seed)

    t, x = np.meshgrid(np.linspace(0, 1, 101), np.linspace(0, 1, 101), indexing="ij")
    exact = exact_solution(t, x)
    learned = u(Tensor(np.stack([t.ravel(), x.ravel()], axis=1), ms.float32)).asnumpy().reshape(t.shape)
    error = np.linalg.norm(learned - exact) / np.linalg.norm(exact)
    print(f"relative L2 error: {error:.1e}")
    draw(args.picture, t, x, learned, exact, error, args.quick)


if __name__ == "__main__":
    main()
