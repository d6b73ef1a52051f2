"""A network learns to solve Burgers' equation, from nothing but the equation.

    u_t + u u_x = (0.01 / pi) u_xx      for t in [0, 1] and x in [-1, 1]
    u(0, x) = -sin(pi x),  u(t, -1) = u(t, 1) = 0

A sine wave steepens into a shock at x = 0. The network's derivatives come from `grad`, nested where the second one is
needed, and the loss is how far it is from fulfilling the equation, the initial and the boundary condition at random
points. The exact solution is known, and only used to measure the error at the end.

    python -m msjax examples/pinn_burgers.py    # on JAX
    python examples/pinn_burgers.py             # on MindSpore itself

After Raissi, Perdikaris and Karniadakis, Physics-informed neural networks (2019), doi:10.1016/j.jcp.2018.10.045.
"""

import argparse
import math
import os
import time

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops

VISCOSITY = 0.01 / math.pi


class Solution(nn.Cell):
    """u(t, x): a tanh network, made odd in x as the solution is. That keeps the shock where it belongs, at x = 0."""

    def __init__(self, width=20, depth=4):
        super().__init__()
        layers = []
        for inputs in [2] + [width] * (depth - 1):
            layers += [nn.Dense(inputs, width, weight_init="xavier_uniform", bias_init="zeros"), nn.Tanh()]
        layers.append(nn.Dense(width, 1, weight_init="xavier_uniform", has_bias=False))  # oddness needs no constant
        self.network = nn.SequentialCell(layers)

    def construct(self, t, x):
        return self.half(t, x) - self.half(t, -x)

    def half(self, t, x):
        # Inputs spread over [-2, 2] help a tanh network to bend sharply.
        return self.network(ops.concat((4 * t - 2, 2 * x), axis=1))


def make_loss(u):
    slopes = ms.grad(u, (0, 1))
    u_xx = ms.grad(ms.grad(u, 1), 1)

    def loss(t, x, x_start, t_boundary):
        """The mean squares of what u does wrong: in all, and the two parts (in the equation, in its conditions)."""
        value = u(t, x)
        u_t, u_x = slopes(t, x)
        residual = u_t + value * u_x - VISCOSITY * u_xx(t, x)
        # In the shock the residual is steep and would drown everything else, so it counts less there.
        residual = residual / (1 + 0.3 * ops.stop_gradient(ops.abs(u_x)))
        start = u(ops.zeros_like(x_start), x_start) + ops.sin(math.pi * x_start)
        boundary = u(t_boundary, ops.ones_like(t_boundary))

        equation = ops.mean(ops.square(residual))
        conditions = 10 * (ops.mean(ops.square(start)) + ops.mean(ops.square(boundary)))
        return equation + conditions, equation, conditions

    return loss


def make_train_step(u, lr, steps):
    falling_lr = [lr * 0.01 ** (step / steps) for step in range(steps)]
    optimizer = nn.Adam(u.trainable_params(), learning_rate=falling_lr)
    loss_and_gradients = ms.value_and_grad(make_loss(u), None, optimizer.parameters, has_aux=True)

    @ms.jit
    def train_step(t, x, x_start, t_boundary):
        losses, gradients = loss_and_gradients(t, x, x_start, t_boundary)
        optimizer(gradients)
        return losses

    return train_step


def random_points(rng, count):
    """Fresh points for one step. By symmetry the right half is enough; a third of the points is dense at x = 0."""
    x = rng.uniform(0, 1, (count, 1))
    x[: count // 3] **= 3
    t, x_start, t_boundary = rng.uniform(0, 1, (count, 1)), rng.uniform(0, 1, (100, 1)), rng.uniform(0, 1, (50, 1))
    return [Tensor(points, ms.float32) for points in (t, x, x_start, t_boundary)]


def train(u, steps, points, lr):
    rng = np.random.default_rng(0)
    train_step = make_train_step(u, lr, steps)
    print("  step     loss  equation  conditions   ms/step", flush=True)
    print_every = max(steps // 20, 1)
    begin, begin_step = time.perf_counter(), 0
    for step in range(1, steps + 1):
        losses = train_step(*random_points(rng, points))
        if step == 1 or step % print_every == 0:
            total, equation, conditions = (float(value) for value in losses)
            now = time.perf_counter()
            pace = 1e3 * (now - begin) / (step - begin_step)
            begin, begin_step = now, step
            print(f"{step:6d}  {total:.1e}   {equation:.1e}     {conditions:.1e}  {pace:8.2f}", flush=True)


def reference_solution(t, x):
    """The exact solution, by the Cole-Hopf transformation and Gauss-Hermite quadrature; t > 0."""
    nodes, weights = np.polynomial.hermite.hermgauss(128)
    y = x[..., None] - np.sqrt(4 * VISCOSITY * t)[..., None] * nodes
    exponent = -np.cos(np.pi * y) / (2 * np.pi * VISCOSITY)
    density = weights * np.exp(exponent - exponent.max(axis=-1, keepdims=True))
    return -(np.sin(np.pi * y) * density).sum(axis=-1) / density.sum(axis=-1)


def draw(path, t, x, u, exact, error, quick):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(15, 4), sharey=True, layout="constrained")
    difference = u - exact
    largest = np.abs(difference).max()
    for axis, values, limit, title in (
        (axes[0], u, 1, "network u(t, x)"),
        (axes[1], exact, 1, "exact solution"),
        (axes[2], difference, largest, f"difference, at most {largest:.1e}"),
    ):
        image = axis.pcolormesh(t, x, values, cmap="RdBu_r", vmin=-limit, vmax=limit, rasterized=True)
        axis.set(title=title, xlabel="t")
        figure.colorbar(image, ax=axis, label="u" if limit == 1 else "difference of u")
    axes[0].set_ylabel("x")
    figure.suptitle(f"Burgers' equation: relative L2 error {error:.1e}" + quick * ", quick run")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network learns to solve Burgers' equation.")
    parser.add_argument("--steps", type=int, default=20000, help="training steps (default: %(default)s)")
    parser.add_argument("--points", type=int, default=600, help="points for the equation (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=0.01, help="first learning rate (default: %(default)s)")
    parser.add_argument("--picture", default="burgers.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 200 steps, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(1)
    u = Solution()
    train(u, 200 if args.quick else args.steps, args.points, args.lr)

    t, x = np.meshgrid(np.linspace(0.005, 1, 200), np.linspace(-1, 1, 257), indexing="ij")
    exact = reference_solution(t, x)
    column = [Tensor(grid.reshape(-1, 1), ms.float32) for grid in (t, x)]
    learned = u(*column).asnumpy().reshape(t.shape)
    error = np.linalg.norm(learned - exact) / np.linalg.norm(exact)
    print(f"relative L2 error: {error:.4f}")
    draw(args.picture, t, x, learned, exact, error, args.quick)


if __name__ == "__main__":
    main()
