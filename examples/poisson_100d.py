"""A network learns to solve Poisson's equation in a ball of 100 dimensions, where no grid can go.

    Laplace u = f  for |x| < 1,    u = 0  for |x| = 1

The network is multiplied by 1 - |x|^2, so the boundary condition holds exactly. The source belongs to the solution

    u(x) = (1 - |x|^2) (sin(a_1.x + b_1) + sin(a_2.x + b_2) + sin(a_3.x + b_3))

with vectors a_k of random signs, so that all coordinates count; `diffops.laplacian` computes its Laplacian too, some
points at a time.

Nested `grad` would go through the network hundreds of times for 100 second derivatives. `diffops.laplacian` pushes all
directions forward at once and keeps only the sum of their second derivatives. With `--samples S`,
`diffops.stochastic.laplacian` estimates it by S random directions instead, which is faster and noisier. The square of
an estimate would be biased by its variance, so the loss is then the product of two independent ones.

    python examples/poisson_100d.py
    python examples/poisson_100d.py --samples 16

After Hu, Shi, Karniadakis and Kawaguchi, Hutchinson trace estimation for high-dimensional and high-order
physics-informed neural networks (2024), doi:10.1016/j.cma.2024.116883.
"""

import argparse
import os
import time

import numpy as np

import msjax as ms
from msjax import Tensor, diffops, nn, ops

DIMENSIONS = 100
WAVES = 3


def make_exact_solution(rng):
    signs = Tensor(rng.choice([-1, 1], (DIMENSIONS, WAVES)), ms.float32)
    phases = Tensor(rng.uniform(0, 2 * np.pi, WAVES), ms.float32)

    def exact_solution(points):
        waves = ops.sin(ops.matmul(points, signs) + phases)
        return (1 - ops.square(points).sum(1)) * waves.sum(1)

    return exact_solution


class Solution(nn.Cell):
    """u(points), from (N, DIMENSIONS) to (N,)."""

    def __init__(self, width=64, depth=3):
        super().__init__()
        layers = []
        for inputs in [DIMENSIONS] + [width] * (depth - 1):
            layers += [nn.Dense(inputs, width, weight_init="xavier_uniform", bias_init="zeros"), nn.Tanh()]
        layers.append(nn.Dense(width, 1, weight_init="xavier_uniform", bias_init="zeros"))
        self.network = nn.SequentialCell(layers)

    def construct(self, points):
        return (1 - ops.square(points).sum(1)) * self.network(3 * points)[:, 0]


def make_loss(u, samples):
    if samples is None:
        laplacian = diffops.laplacian(u)

        def loss(points, source):
            return ops.mean(ops.square(laplacian(points) - source))
    else:
        estimate = diffops.stochastic.laplacian(u, samples)  # by new random directions in each call

        def loss(points, source):
            return ops.mean((estimate(points) - source) * (estimate(points) - source))

    return loss


def make_train_step(u, lr, steps, samples):
    falling_lr = [lr * 0.01 ** (step / steps) for step in range(steps)]
    optimizer = nn.Adam(u.trainable_params(), learning_rate=falling_lr)
    loss_and_gradients = ms.value_and_grad(make_loss(u, samples), None, optimizer.parameters)

    @ms.jit
    def train_step(points, source):
        value, gradients = loss_and_gradients(points, source)
        optimizer(gradients)
        return value

    return train_step


def random_points(rng, count):
    """Directions and radii are uniform. Points uniform in the ball would nearly all lie close to its boundary."""
    directions = rng.standard_normal((count, DIMENSIONS))
    radii = rng.uniform(0, 1, (count, 1))
    return Tensor(radii * directions / np.linalg.norm(directions, axis=1, keepdims=True), ms.float32)


def relative_error(learned, exact):
    return float(ops.norm(learned - exact) / ops.norm(exact))


def train(u, exact_solution, args, test_points):
    """The errors along training, as a list of (step, error)."""
    rng = np.random.default_rng(args.seed)
    steps = 150 if args.quick else args.steps
    train_step = make_train_step(u, args.lr, steps, args.samples)
    pool = random_points(rng, args.pool)
    source = diffops.laplacian(exact_solution, chunk=500)(pool)
    exact, errors = exact_solution(test_points), []

    print("  step      loss     error   ms/step", flush=True)
    print_every = max(steps // 20, 1)
    begin, begin_step = time.perf_counter(), 0
    for step in range(1, steps + 1):
        chosen = Tensor(rng.integers(0, args.pool, args.points), ms.int32)
        loss = train_step(pool[chosen], source[chosen])
        if step == 1 or step % print_every == 0:
            loss, now = float(loss), time.perf_counter()
            errors.append((step, relative_error(u(test_points), exact)))
            pace = 1e3 * (now - begin) / (step - begin_step)
            print(f"{step:6d}  {loss:8.1e}  {errors[-1][1]:8.1e}  {pace:8.2f}", flush=True)
            begin, begin_step = now, step
    return errors


def draw(path, learned, exact, errors, quick):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (scatter, history) = plt.subplots(1, 2, figsize=(11, 4.8), layout="constrained")
    ends = [min(exact.min(), learned.min()), max(exact.max(), learned.max())]
    scatter.plot(ends, ends, color="0.6", linewidth=1)
    scatter.plot(exact, learned, ".", markersize=3, alpha=0.5)
    scatter.set(title="at random points", xlabel="exact solution", ylabel="network", aspect="equal")
    history.semilogy(*zip(*errors, strict=True), marker=".")
    history.set(title="along training", xlabel="step", ylabel="relative L2 error")
    history.grid(which="both", alpha=0.3)
    figure.suptitle(
        f"Poisson's equation in {DIMENSIONS} dimensions: relative L2 error {errors[-1][1]:.1e}" + quick * ", quick run"
    )
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network learns to solve Poisson's equation in 100 dimensions.")
    parser.add_argument("--steps", type=int, default=3500, help="training steps (default: %(default)s)")
    parser.add_argument("--points", type=int, default=100, help="points in each step (default: %(default)s)")
    parser.add_argument("--pool", type=int, default=20000, help="points to choose them from (default: %(default)s)")
    parser.add_argument("--samples", type=int, help="estimate the Laplacian by so many directions (default: exact)")
    parser.add_argument("--lr", type=float, default=0.01, help="first learning rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of all random numbers (default: %(default)s)")
    parser.add_argument("--picture", default="poisson_100d.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 150 steps, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(args.seed)
    rng = np.random.default_rng(args.seed + 1)
    exact_solution = make_exact_solution(rng)
    test_points = random_points(rng, 2000)
    u = Solution()
    errors = train(u, exact_solution, args, test_points)

    learned, exact = u(test_points), exact_solution(test_points)
    print(f"relative L2 error: {relative_error(learned, exact):.1e}")
    draw(args.picture, learned.asnumpy(), exact.asnumpy(), errors, args.quick)


if __name__ == "__main__":
    main()
