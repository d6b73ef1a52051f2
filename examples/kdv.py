"""A network learns how one solitary wave overtakes another, from the Korteweg-de Vries equation and the start.

    u_t + 6 u u_x + u_xxx = 0      for t in [-1.5, 1.5] and x in [-10, 10]

A high wave is faster than a low one. When it has caught up it hands its height on, and both go on unharmed but shifted.
The network's u, u_x and u_xxx come from one call of `diffops.partial(u, "xxx", lower=True)`, which nests forward mode:
each order about doubles the work, where each reverse pass of nested `grad` about triples it.

Training is by the method of Gauss and Newton: `diffops.per_sample_grad` gives how each residual depends on each weight,
and a step solves damped linear equations for the change of the weights.

    python examples/kdv.py
    python examples/kdv.py --quick     # to see that it runs

The equation: D. J. Korteweg and G. de Vries, On the change of form of long waves advancing in a rectangular canal
(1895), doi:10.1080/14786449508620739. The solution of two solitons, which gives the start and measures the error at the
end: R. Hirota, Exact solution of the Korteweg-de Vries equation for multiple collisions of solitons (1971),
doi:10.1103/PhysRevLett.27.1192.
"""

import argparse
import os
import time

import numpy as np

import msjax as ms
from msjax import Tensor, diffops, nn, ops

FIRST, LAST, WIDE = -1.5, 1.5, 10.0
FAST, SLOW = 1.6, 1.0  # the waves are k^2 / 2 high and travel with speed k^2
DAMPING = 1e-6


def two_solitons(t, x, exp=np.exp):
    """u = 2 (log F)_xx, which meet at t = 0 and x = 0; of arrays, or of Tensors with `exp=ops.exp`."""
    apart = (FAST + SLOW) / (FAST - SLOW)
    a, b = apart * exp(FAST * x - FAST**3 * t), apart * exp(SLOW * x - SLOW**3 * t)
    c = a * b / apart**2
    total = 1 + a + b + c  # F
    slope = (FAST * a + SLOW * b + (FAST + SLOW) * c) / total
    bend = (FAST**2 * a + SLOW**2 * b + (FAST + SLOW) ** 2 * c) / total
    return 2 * (bend - slope**2)


class Water(nn.Cell):
    """u(t, x): the start, and what a tanh network adds to it.

    That is nothing at first and at the edges, and has no slope at the right one: the equation needs three conditions.
    """

    def __init__(self, width=24, depth=3):
        super().__init__()
        options = dict(weight_init="xavier_uniform", bias_init="zeros", dtype=ms.float64)
        layers = []
        for inputs in [2] + [width] * (depth - 1):
            layers += [nn.Dense(inputs, width, **options), nn.Tanh()]
        self.network = nn.SequentialCell([*layers, nn.Dense(width, 1, **options)])

    def construct(self, t, x):
        start = two_solitons(FIRST, x, ops.exp)
        added = self.network(ops.concat((t, 0.6 * x), axis=1))
        edges = (1 + x / WIDE) * (1 - x / WIDE) ** 2
        return start + (t - FIRST) * edges * added


def make_residual(u):
    along_x = diffops.partial(u, "xxx", lower=True)
    along_t = diffops.partial(u, "t")

    def residual(t, x):
        value, u_x, _, u_xxx = along_x(t, x)
        return along_t(t, x) + 6 * value * u_x + u_xxx

    return residual


def make_train_step(residual, weights, steps):
    falling_lr = [0.5 * min(1, 3 * (1 - step / steps)) for step in range(steps)]
    optimizer = nn.SGD(weights, learning_rate=falling_lr)
    slopes = diffops.per_sample_grad(residual, weights)

    @ms.jit
    def train_step(t, x):
        r = residual(t, x) / len(t) ** 0.5
        j = ops.concat([slope.flatten(start_dim=1) for slope in slopes(t, x)], axis=1) / len(t) ** 0.5
        # The least change that solves j @ change = r, with fewer residuals than weights.
        kernel = j @ j.T + DAMPING * ops.eye(len(r), dtype=j.dtype)
        change = (j.T @ ops.cholesky_solve(r, ops.cholesky(kernel)))[:, 0]
        change = change / ops.maximum(ops.norm(change), 1)
        parts = ops.split(change, [w.size for w in weights])
        optimizer([part.reshape(w.shape) for part, w in zip(parts, weights, strict=True)])
        return ops.square(r).sum()

    return train_step


def random_points(rng, count):
    """Fresh points for one step."""
    return Tensor(rng.uniform(FIRST, LAST, (count, 1))), Tensor(rng.uniform(-WIDE, WIDE, (count, 1)))


def train(u, steps, count, rng):
    train_step = make_train_step(make_residual(u), u.trainable_params(), steps)
    print("  step     loss   ms/step", flush=True)
    print_every = max(steps // 20, 1)
    begin, begin_step = time.perf_counter(), 0
    for step in range(1, steps + 1):
        loss = train_step(*random_points(rng, count))
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

    figure, axes = plt.subplots(1, 3, figsize=(15, 4), layout="constrained")
    difference = np.abs(learned - exact)
    for axis, values, colors, title, label in (
        (axes[0], learned, "viridis", "network u(t, x)", "u"),
        (axes[1], difference, "magma", f"|difference|, at most {difference.max():.1e}", "|difference| of u"),
    ):
        image = axis.pcolormesh(t, x, values, cmap=colors, rasterized=True)
        axis.set(title=title, xlabel="t", ylabel="x")
        figure.colorbar(image, ax=axis, label=label)
    for row in (0, len(t) // 2, len(t) - 1):
        axes[2].plot(x[row], learned[row], label=f"network, t = {t[row, 0]:.1f}")
        axes[2].plot(x[row], exact[row], "k:", label="exact" if row == len(t) - 1 else None)
    axes[2].set(title="before, in between and after", xlabel="x", ylabel="u", xlim=(-WIDE, WIDE), ylim=(-0.05, 1.75))
    axes[2].legend(loc="upper center", ncols=2, fontsize="small")
    figure.get_layout_engine().set(w_pad=0.12)
    figure.suptitle(f"Korteweg-de Vries equation: relative L2 error {error:.1e}" + quick * ", quick run")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network learns two solitons of the Korteweg-de Vries equation.")
    parser.add_argument("--steps", type=int, default=200, help="training steps (default: %(default)s)")
    parser.add_argument("--points", type=int, default=400, help="points for the equation (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of weights and points (default: %(default)s)")
    parser.add_argument("--picture", default="kdv.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 40 steps with few points, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(args.seed)
    u = Water()
    steps, points = (40, 100) if args.quick else (args.steps, args.points)
    train(u, steps, points, np.random.default_rng(args.seed))

    t, x = np.meshgrid(np.linspace(FIRST, LAST, 101), np.linspace(-WIDE, WIDE, 401), indexing="ij")
    exact = two_solitons(t, x)
    learned = u(Tensor(t.reshape(-1, 1)), Tensor(x.reshape(-1, 1))).asnumpy().reshape(t.shape)
    error = np.linalg.norm(learned - exact) / np.linalg.norm(exact)
    print(f"relative L2 error: {error:.4f}")
    draw(args.picture, t, x, learned, exact, error, args.quick)


if __name__ == "__main__":
    main()
