"""A network learns how a clamped plate bends under a load: an equation of fourth order.

    Laplace Laplace w = q                      on the unit square
    w = 0 and its slope dw/dn = 0              on the boundary

The network is multiplied by (x (1 - x) y (1 - y))^2, so both boundary conditions hold exactly and the loss is the
equation alone. The cost of nested `grad` multiplies with each order; `diffops.biharmonic` is one forward Laplacian in
another: here a step takes half the time of nested `grad`, and compiles in less than half. With `lower=True` it gives
deflection, curvature (the Laplacian) and load together. The load belongs to a known deflection, which is only used to
measure the error.

    python examples/plate.py

After Guo, Zhuang and Rabczuk, A deep collocation method for the bending analysis of Kirchhoff plate (2019),
doi:10.32604/cmc.2019.06660.
"""

import argparse
import math
import os
import time

import numpy as np

import msjax as ms
from msjax import Tensor, diffops, nn, ops

# (amplitude, humps in x, humps in y) of the terms of the deflection
MODES = [(1, 1, 1), (0.4, 2, 1)]
LOAD_SCALE = 64 * math.pi**4  # the largest part of the load of the first mode: losses are relative to it


def exact_deflection(x, y):
    return sum(a * np.sin(m * np.pi * x) ** 2 * np.sin(n * np.pi * y) ** 2 for a, m, n in MODES)


def exact_curvature(x, y):
    return derived(x, y, 1, np.cos)


def load(points):
    return derived(points[:, 0], points[:, 1], 2, ops.cos)


def derived(x, y, times, cos):
    """The Laplacian of the exact deflection, or its Laplacian if `times` is 2: sin^2 is (1 - cos) / 2 of twice the
    angle, and each cosine is multiplied by a number."""
    total = 0
    for a, m, n in MODES:
        kx, ky = 2 * m * math.pi, 2 * n * math.pi
        by_x, by_y, by_both = (-(kx**2)) ** times, (-(ky**2)) ** times, (-(kx**2) - ky**2) ** times
        total = total + a / 4 * (by_both * cos(kx * x) * cos(ky * y) - by_x * cos(kx * x) - by_y * cos(ky * y))
    return total


class Plate(nn.Cell):
    """The deflection at points, from (N, 2) to (N,)."""

    def __init__(self, width=32, depth=3):
        super().__init__()
        layers = []
        for inputs in [2] + [width] * (depth - 1):
            layers += [nn.Dense(inputs, width, weight_init="xavier_uniform", bias_init="zeros"), nn.Tanh()]
        layers.append(nn.Dense(width, 1, weight_init="xavier_uniform", bias_init="zeros"))
        self.network = nn.SequentialCell(layers)

    def construct(self, points):
        x, y = points[:, 0], points[:, 1]
        # Inputs spread over [-2, 2] help a tanh network to make humps.
        return ops.square(16 * x * (1 - x) * y * (1 - y)) * self.network(4 * points - 2)[:, 0]


def make_train_step(plate, lr, steps):
    biharmonic = diffops.biharmonic(plate)
    falling_lr = [lr * 0.001 ** (step / steps) for step in range(steps)]
    optimizer = nn.Adam(plate.trainable_params(), learning_rate=falling_lr)

    def loss(points):
        return ops.mean(ops.square((biharmonic(points) - load(points)) / LOAD_SCALE))

    loss_and_gradients = ms.value_and_grad(loss, None, optimizer.parameters)

    @ms.jit
    def train_step(points):
        value, gradients = loss_and_gradients(points)
        optimizer(gradients)
        return value

    return train_step


def train(plate, steps, points, lr, seed):
    rng = np.random.default_rng(seed)
    train_step = make_train_step(plate, lr, steps)
    print("  step     loss   ms/step", flush=True)
    print_every = max(steps // 20, 1)
    begin, begin_step = time.perf_counter(), 0
    for step in range(1, steps + 1):
        loss = train_step(Tensor(rng.uniform(0, 1, (points, 2)), ms.float32))
        if step == 1 or step % print_every == 0:
            loss, now = float(loss), time.perf_counter()
            print(f"{step:6d}  {loss:.1e}  {1e3 * (now - begin) / (step - begin_step):8.2f}", flush=True)
            begin, begin_step = now, step


def relative_error(learned, exact):
    return np.linalg.norm(learned - exact) / np.linalg.norm(exact)


def draw(path, x, y, deflection, exact, curvature, error, quick):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(15, 4.9), layout="constrained")
    surface = figure.add_subplot(1, 3, 1, projection="3d")
    surface.plot_surface(x, y, -deflection, cmap="viridis_r", rcount=50, ccount=50)
    surface.set_box_aspect(None, zoom=0.85)
    surface.set(title="network: the bent plate", xlabel="x", ylabel="y")
    surface.set_zlabel("minus deflection", labelpad=9)
    difference = deflection - exact
    for place, values, title, label in (
        (2, curvature, "network: curvature, the Laplacian", "curvature"),
        (3, difference, f"deflection: difference, at most {np.abs(difference).max():.1e}", "difference"),
    ):
        axis, limit = figure.add_subplot(1, 3, place), np.abs(values).max()
        image = axis.pcolormesh(x, y, values, cmap="RdBu_r", vmin=-limit, vmax=limit, rasterized=True)
        axis.set(title=title, xlabel="x", ylabel="y", aspect="equal")
        figure.colorbar(image, ax=axis, shrink=0.85, label=label)
    figure.get_layout_engine().set(w_pad=0.12)
    figure.suptitle(f"Clamped plate: relative L2 error of the deflection {error:.1e}" + quick * ", quick run")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network learns how a clamped plate bends.")
    parser.add_argument("--steps", type=int, default=4000, help="training steps (default: %(default)s)")
    parser.add_argument("--points", type=int, default=300, help="points for the equation (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=0.01, help="first learning rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of all random numbers (default: %(default)s)")
    parser.add_argument("--picture", default="plate.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 100 steps, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(args.seed)
    plate = Plate()
    train(plate, 100 if args.quick else args.steps, args.points, args.lr, args.seed)

    x, y = np.meshgrid(np.linspace(0, 1, 81), np.linspace(0, 1, 81), indexing="ij")
    grid = Tensor(np.stack([x.ravel(), y.ravel()], axis=1), ms.float32)
    deflection, curvature, _ = (part.asnumpy().reshape(x.shape) for part in diffops.biharmonic(plate, lower=True)(grid))
    exact = exact_deflection(x, y)
    print(f"relative L2 error of the curvature: {relative_error(curvature, exact_curvature(x, y)):.1e}")
    error = relative_error(deflection, exact)
    print(f"relative L2 error: {error:.1e}")
    draw(args.picture, x, y, deflection, exact, curvature, error, args.quick)


if __name__ == "__main__":
    main()
