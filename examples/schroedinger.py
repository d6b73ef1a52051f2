"""A network learns how two solitons of the nonlinear Schroedinger equation beat, from the equation and their start.

    i h_t + 0.5 h_xx + |h|^2 h = 0      for t in [0, pi / 2] and x in [-6, 6]
    h(0, x) = 2 sech(x)                 and h as good as 0 at x = -6 and x = 6

The start is two solitons in one place: they pull together until the wave is twice as high, and part again. The complex
h is a network (t, x) -> (u, v) with h = u + i v, built such that the start is met. Its value, its slopes and the second
derivatives of u and v come from one forward pass, `diffops.second_order(..., lower=True)`, where nested `grad` would go
backwards and backwards again, for u and for v.

Training is by the method of Gauss and Newton: `diffops.per_sample_grad` gives how each residual depends on each weight,
and a step solves damped linear equations for the change of the weights. Two hundred steps do what ten thousand of Adam
do not.

    python examples/schroedinger.py
    python examples/schroedinger.py --quick     # to see that it runs

The exact solution, which only measures the error at the end: J. Satsuma and N. Yajima, Initial value problems of
one-dimensional self-modulation of nonlinear waves in dispersive media (1974), doi:10.1143/PTPS.55.284. The equation as
an example for networks: M. Raissi, P. Perdikaris and G. E. Karniadakis, Physics-informed neural networks (2019),
doi:10.1016/j.jcp.2018.10.045. The training: A. Jnini, F. Vella and M. Zeinhofer, Gauss-Newton natural gradient descent
for physics-informed computational fluid dynamics (2024), arXiv:2402.10680.
"""

import argparse
import math
import os
import time

import numpy as np

import msjax as ms
from msjax import Tensor, diffops, nn, ops

LAST, WIDE = math.pi / 2, 6.0
DAMPING = 1e-6


class Wave(nn.Cell):
    """h at points (t, x), of shape (N, 2), as columns (u, v): the start, and what a tanh network adds to it.

    The network sees x^2, for the solution is even in x. Nothing is added at t = 0 and at the edges.
    """

    def __init__(self, width=24, depth=3):
        super().__init__()
        options = dict(weight_init="xavier_uniform", bias_init="zeros", dtype=ms.float64)
        layers = []
        for inputs in [2] + [width] * (depth - 1):
            layers += [nn.Dense(inputs, width, **options), nn.Tanh()]
        self.network = nn.SequentialCell([*layers, nn.Dense(width, 2, **options)])

    def construct(self, points):
        t, x = points[:, :1], points[:, 1:]
        start = ops.concat((2 / ops.cosh(x), ops.zeros_like(x)), axis=1)
        square = x * x
        near = square / (1 + square)
        added = self.network(ops.concat((2 * t / LAST - 1, 4 * near - 2), axis=1))
        return start + t * (1 - square / WIDE**2) * added


def make_residual(wave):
    derivatives = diffops.second_order(wave, [0.0, 1.0], lower=True)  # h, (h_t, h_x) and h_xx

    def residual(points):
        """What h does wrong in the equation, its real and its imaginary part: (N, 2)."""
        h, slopes, h_xx = derivatives(points)
        h_t = slopes[:, :, 0]
        i_h_t = ops.concat((-h_t[:, 1:], h_t[:, :1]), axis=1)
        return i_h_t + 0.5 * h_xx + ops.square(h).sum(1, keepdims=True) * h

    return residual


def make_train_step(residual, weights, steps):
    falling_lr = [0.5 * min(1, 3 * (1 - step / steps)) for step in range(steps)]
    optimizer = nn.SGD(weights, learning_rate=falling_lr)
    slopes = [diffops.per_sample_grad(lambda points, part=part: residual(points)[:, part], weights) for part in (0, 1)]

    def jacobian(points):
        """Row by row, the derivatives of the residuals by all weights."""
        rows = [[slope.flatten(start_dim=1) for slope in part(points)] for part in slopes]
        return ops.concat([ops.concat(row, axis=1) for row in rows], axis=0)

    @ms.jit
    def train_step(points):
        r = residual(points).T.reshape(-1, 1) / len(points) ** 0.5
        j = jacobian(points) / len(points) ** 0.5
        loss = ops.square(r).sum()
        # The least change that solves j @ change = r, with fewer residuals than weights.
        kernel = j @ j.T + DAMPING * ops.eye(len(r), dtype=j.dtype)
        change = (j.T @ ops.cholesky_solve(r, ops.cholesky(kernel)))[:, 0]
        change = change / ops.maximum(ops.norm(change), 1)
        parts = ops.split(change, [w.size for w in weights])
        optimizer([part.reshape(w.shape) for part, w in zip(parts, weights, strict=True)])
        return loss

    return train_step


def train(wave, steps, count, rng):
    train_step = make_train_step(make_residual(wave), wave.trainable_params(), steps)
    print("  step     loss   ms/step", flush=True)
    print_every = max(steps // 20, 1)
    begin, begin_step = time.perf_counter(), 0
    for step in range(1, steps + 1):
        loss = train_step(random_points(rng, count))
        if step == 1 or step % print_every == 0:
            loss, now = float(loss), time.perf_counter()
            print(f"{step:6d}  {loss:.1e}  {1e3 * (now - begin) / (step - begin_step):8.2f}", flush=True)
            begin, begin_step = now, step


def random_points(rng, count):
    """Fresh points for one step. By symmetry the right half is enough; most of the wave is near x = 0."""
    return Tensor(np.stack([rng.uniform(0, LAST, count), WIDE * rng.uniform(0, 1, count) ** 2], axis=1))


def exact_solution(t, x):
    above = np.cosh(3 * x) + 3 * np.exp(4j * t) * np.cosh(x)
    return 4 * np.exp(0.5j * t) * above / (np.cosh(4 * x) + 4 * np.cosh(2 * x) + 3 * np.cos(4 * t))


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
        (axes[0], np.abs(learned), "viridis", "network |h(t, x)|", "|h|"),
        (axes[1], difference, "magma", f"|difference|, at most {difference.max():.1e}", "|difference| of h"),
    ):
        image = axis.pcolormesh(t, x, values, cmap=colors, vmin=0, rasterized=True)
        axis.set(title=title, xlabel="t", ylabel="x", ylim=(-4, 4))
        figure.colorbar(image, ax=axis, label=label)
    for row in (0, len(t) // 4, len(t) // 2):
        axes[2].plot(x[row], np.abs(learned[row]), label=f"network, t = {t[row, 0]:.2f}")
        axes[2].plot(x[row], np.abs(exact[row]), "k:", label="exact" if row == len(t) // 2 else None)
    axes[2].set(title="until the peak", xlabel="x", ylabel="|h|", xlim=(-4, 4), ylim=(0, 5.4))
    axes[2].legend(loc="upper center", ncols=2)
    figure.get_layout_engine().set(w_pad=0.12)
    figure.suptitle(f"Nonlinear Schroedinger equation: relative L2 error {error:.1e}" + quick * ", quick run")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network learns solitons of the Schroedinger equation.")
    parser.add_argument("--steps", type=int, default=200, help="training steps (default: %(default)s)")
    parser.add_argument("--points", type=int, default=200, help="points for the equation (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of weights and points (default: %(default)s)")
    parser.add_argument("--picture", default="schroedinger.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 40 steps with few points, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(args.seed)
    wave = Wave()
    steps, points = (40, 60) if args.quick else (args.steps, args.points)
    train(wave, steps, points, np.random.default_rng(args.seed))

    t, x = np.meshgrid(np.linspace(0, LAST, 101), np.linspace(-WIDE, WIDE, 241), indexing="ij")
    u, v = wave(Tensor(np.stack([t, x], axis=-1).reshape(-1, 2), ms.float64)).asnumpy().T
    learned, exact = (u + 1j * v).reshape(t.shape), exact_solution(t, x)
    error = np.linalg.norm(learned - exact) / np.linalg.norm(exact)
    print(f"relative L2 error: {error:.4f}")
    draw(args.picture, t, x, learned, exact, error, args.quick)


if __name__ == "__main__":
    main()
