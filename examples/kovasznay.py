"""A network learns the stationary flow of a viscous fluid behind a grid: the Navier-Stokes equations.

    (u, v) . grad u = -p_x + Laplace u / Re
    (u, v) . grad v = -p_y + Laplace v / Re
    u_x + v_y = 0                               for x in [-0.5, 1] and y in [-0.5, 1.5], at Re = 40

The velocities on the boundary are given, the pressure is nowhere. All derivatives in the equations, of all three
outputs of the network, come from one call: `diffops.laplacian(flow, lower=True)` gives values, Jacobian and Laplacian.
With `grad`, a network of several outputs must be taken apart into functions of one number first. Kovasznay's exact
solution is used for the boundary and to measure the error.

    python examples/kovasznay.py

The flow is in Kovasznay, Laminar flow behind a two-dimensional grid (1948), doi:10.1017/S0305004100023999.
"""

import argparse
import math
import os
import time

import numpy as np

import msjax as ms
from msjax import Tensor, diffops, nn, ops

REYNOLDS = 40
DECAY = REYNOLDS / 2 - math.sqrt(REYNOLDS**2 / 4 + 4 * math.pi**2)
LOW, HIGH = np.array([-0.5, -0.5]), np.array([1.0, 1.5])


def exact_flow(points):
    """(u, v, p) at points (..., 2); the pressure is up to a constant."""
    x, y = points[..., 0], points[..., 1]
    u = 1 - np.exp(DECAY * x) * np.cos(2 * np.pi * y)
    v = DECAY / (2 * np.pi) * np.exp(DECAY * x) * np.sin(2 * np.pi * y)
    return np.stack([u, v, -np.exp(2 * DECAY * x) / 2], axis=-1)


class Flow(nn.Cell):
    """(u, v, p) at points, from (N, 2) to (N, 3)."""

    def __init__(self, width=40, depth=4):
        super().__init__()
        layers = []
        for inputs in [2] + [width] * (depth - 1):
            layers += [nn.Dense(inputs, width, weight_init="xavier_uniform", bias_init="zeros"), nn.Tanh()]
        layers.append(nn.Dense(width, 3, weight_init="xavier_uniform", bias_init="zeros"))
        self.network = nn.SequentialCell(layers)

    def construct(self, points):
        return self.network(2 * points)


def make_loss(flow):
    derivatives = diffops.laplacian(flow, lower=True)

    def loss(points, boundary, velocities):
        """The mean squares of what the flow does wrong: in all, in the equations and on the boundary."""
        value, jacobian, laplacian = derivatives(points)  # (N, 3), (N, 3, 2), (N, 3)
        velocity = value[:, :2]
        transport = (jacobian[:, :2] * velocity.expand_dims(1)).sum(2)
        momentum = transport + jacobian[:, 2] - laplacian[:, :2] / REYNOLDS
        divergence = jacobian[:, 0, 0] + jacobian[:, 1, 1]

        equations = ops.mean(ops.square(momentum).sum(1) + ops.square(divergence))
        conditions = 100 * ops.mean(ops.square(flow(boundary)[:, :2] - velocities).sum(1))
        return equations + conditions, equations, conditions

    return loss


def make_train_step(flow, lr, steps):
    falling_lr = [lr * 0.001 ** (step / steps) for step in range(steps)]
    optimizer = nn.Adam(flow.trainable_params(), learning_rate=falling_lr)
    loss_and_gradients = ms.value_and_grad(make_loss(flow), None, optimizer.parameters, has_aux=True)

    @ms.jit
    def train_step(points, boundary, velocities):
        losses, gradients = loss_and_gradients(points, boundary, velocities)
        optimizer(gradients)
        return losses

    return train_step


def random_points(rng, count, count_boundary):
    """Points inside, points on the boundary, and the velocities there."""
    inside = rng.uniform(LOW, HIGH, (count, 2))
    boundary = rng.uniform(LOW, HIGH, (count_boundary, 2))
    rows, axis = np.arange(count_boundary), rng.integers(0, 2, count_boundary)
    boundary[rows, axis] = np.where(rng.random(count_boundary) < 0.5, LOW[axis], HIGH[axis])
    return [Tensor(array, ms.float32) for array in (inside, boundary, exact_flow(boundary)[:, :2])]


def train(flow, steps, points, lr, seed):
    rng = np.random.default_rng(seed)
    train_step = make_train_step(flow, lr, steps)
    print("  step     loss  equations  boundary   ms/step", flush=True)
    print_every = max(steps // 20, 1)
    begin, begin_step = time.perf_counter(), 0
    for step in range(1, steps + 1):
        losses = train_step(*random_points(rng, points, points // 4))
        if step == 1 or step % print_every == 0:
            total, equations, conditions = (float(value) for value in losses)
            now = time.perf_counter()
            pace = 1e3 * (now - begin) / (step - begin_step)
            begin, begin_step = now, step
            print(f"{step:6d}  {total:.1e}    {equations:.1e}   {conditions:.1e}  {pace:8.2f}", flush=True)


def relative_error(learned, exact):
    return np.linalg.norm(learned - exact) / np.linalg.norm(exact)


def draw(path, points, learned, exact, error, quick):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    x, y = points[..., 0], points[..., 1]
    figure, axes = plt.subplots(1, 3, figsize=(12.5, 5), sharey=True, layout="constrained")
    speeds = [np.linalg.norm(flow[..., :2], axis=-1) for flow in (learned, exact)]
    difference = np.linalg.norm((learned - exact)[..., :2], axis=-1)
    for axis, values, flow, title in (
        (axes[0], speeds[0], learned, "network: speed"),
        (axes[1], speeds[1], exact, "exact solution: speed"),
        (axes[2], difference, None, f"difference, at most {difference.max():.1e}"),
    ):
        image = axis.pcolormesh(x, y, values, vmin=0, vmax=None if flow is None else speeds[1].max(), rasterized=True)
        if flow is not None:
            axis.streamplot(
                x[0], y[:, 0], flow[..., 0], flow[..., 1], color="white", linewidth=0.7, arrowsize=0.8, density=0.9
            )
        axis.set(title=title, xlabel="x", aspect="equal", xlim=(LOW[0], HIGH[0]), ylim=(LOW[1], HIGH[1]))
        axis.set_xticks([-0.5, 0, 0.5, 1])
        figure.colorbar(
            image, ax=axis, shrink=0.85, label="speed" if flow is not None else "difference of the velocities"
        )
    axes[0].set_ylabel("y")
    figure.suptitle(f"Kovasznay flow: relative L2 error of the velocities {error:.1e}" + quick * ", quick run")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network learns a stationary flow, the Navier-Stokes equations.")
    parser.add_argument("--steps", type=int, default=20000, help="training steps (default: %(default)s)")
    parser.add_argument("--points", type=int, default=400, help="points inside; a quarter of it on the boundary")
    parser.add_argument("--lr", type=float, default=0.01, help="first learning rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of all random numbers (default: %(default)s)")
    parser.add_argument("--picture", default="kovasznay.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 1000 steps, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(args.seed)
    flow = Flow()
    train(flow, 1000 if args.quick else args.steps, args.points, args.lr, args.seed)

    x, y = np.meshgrid(np.linspace(LOW[0], HIGH[0], 91), np.linspace(LOW[1], HIGH[1], 121))
    points = np.stack([x, y], axis=-1)
    learned = flow(Tensor(points.reshape(-1, 2), ms.float32)).asnumpy().reshape(*x.shape, 3)
    exact = exact_flow(points)
    pressures = [field[..., 2] - field[..., 2].mean() for field in (learned, exact)]
    print(f"relative L2 error of the pressure: {relative_error(*pressures):.1e}")
    error = relative_error(learned[..., :2], exact[..., :2])
    print(f"relative L2 error: {error:.1e}")
    draw(args.picture, points, learned, exact, error, args.quick)


if __name__ == "__main__":
    main()
