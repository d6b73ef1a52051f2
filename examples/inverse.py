"""How fast does it diffuse, and how fast does it react? A network finds both numbers from noisy measurements.

    u_t = D u_xx + k (u - u^3)      for t in [0, 2] and x in [-5, 5], D and k unknown

(The equation of Allen and Cahn, or of Newell and Whitehead.) A front travels through the domain; 1000 measurements of u
have errors of 0.01 each, and no two are taken at the same place. D and k are Parameters beside the network's weights:
`diffops.second_order` takes a Tensor as its coefficient and is differentiated by it, so that D is found by the same
`value_and_grad` as the weights.

    python examples/inverse.py
    python examples/inverse.py --quick     # to see that it runs

The front, which makes the measurements, is exact: J. D. Murray, Mathematical biology (2002), doi:10.1007/b98868,
chapter 13. To find coefficients with a network: M. Raissi, P. Perdikaris and G. E. Karniadakis, Physics-informed neural
networks (2019), doi:10.1016/j.jcp.2018.10.045.
"""

import argparse
import os
import time

import numpy as np

import msjax as ms
from msjax import Parameter, Tensor, diffops, nn, ops

TRUE_D, TRUE_K = 0.5, 1.5
LAST, WIDE = 2.0, 5.0
NOISE = 0.01


def front(t, x):
    """u = 1 / (1 + exp(z)) travels to the right with the speed 3 sqrt(D k / 2)."""
    steepness, speed = np.sqrt(TRUE_K / (2 * TRUE_D)), 3 * np.sqrt(TRUE_D * TRUE_K / 2)
    return 1 / (1 + np.exp(steepness * (x - speed * t + 1.5)))


class Model(nn.Cell):
    """u at points (t, x), of shape (N, 2), and the two unknown numbers, which begin far from the truth."""

    def __init__(self, width=24, depth=3):
        super().__init__()
        layers = []
        for inputs in [2] + [width] * (depth - 1):
            layers += [nn.Dense(inputs, width, weight_init="xavier_uniform", bias_init="zeros"), nn.Tanh()]
        layers.append(nn.Dense(width, 1, weight_init="xavier_uniform", bias_init="zeros"))
        self.network = nn.SequentialCell(layers)
        self.log_d = Parameter(Tensor([0.0]), name="log_d")  # of the logarithms, so that both stay positive
        self.log_k = Parameter(Tensor([0.0]), name="log_k")
        self.scale, self.shift = Tensor([2 / LAST, 3 / WIDE]), Tensor([1.0, 0.0])

    def construct(self, points):
        return self.network(points * self.scale - self.shift)

    def coefficients(self):
        return ops.exp(self.log_d), ops.exp(self.log_k)


def make_loss(model):
    def loss(points, measured_at, measured):
        d, k = model.coefficients()
        diffusion = diffops.second_order(model, ops.concat((ops.zeros_like(d), d)), lower=True)
        u, slopes, spread = diffusion(points)
        residual = slopes[:, :, 0] - spread - k * (u - u**3)
        equation, misfit = ops.mean(ops.square(residual)), ops.mean(ops.square(model(measured_at) - measured))
        return equation + 10 * misfit, equation, misfit

    return loss


def make_train_step(model, lr, steps):
    falling_lr = [lr * 0.01 ** (step / steps) for step in range(steps)]
    optimizer = nn.Adam(model.trainable_params(), learning_rate=falling_lr)
    loss_and_gradients = ms.value_and_grad(make_loss(model), None, optimizer.parameters, has_aux=True)

    @ms.jit
    def train_step(points, measured_at, measured):
        losses, gradients = loss_and_gradients(points, measured_at, measured)
        optimizer(gradients)
        return losses

    return train_step


def random_points(rng, count):
    return np.stack([rng.uniform(0, LAST, count), rng.uniform(-WIDE, WIDE, count)], axis=1)


def measure(rng, count):
    """Where and when, (N, 2), and what: (N, 1), with errors."""
    points = random_points(rng, count)
    return points, front(*points.T)[:, None] + NOISE * rng.standard_normal((count, 1))


def train(model, measurements, steps, count, lr, rng):
    """How D and k went: a list of (step, D, k)."""
    train_step = make_train_step(model, lr, steps)
    measurements = [Tensor(m, ms.float32) for m in measurements]
    history = []
    print("  step     loss  equation    misfit        D        k   ms/step", flush=True)
    print_every, note_every = max(steps // 20, 1), max(steps // 200, 1)
    begin, begin_step = time.perf_counter(), 0
    for step in range(1, steps + 1):
        losses = train_step(Tensor(random_points(rng, count), ms.float32), *measurements)
        if step < 100 or step % note_every == 0:
            history.append((step, *(float(c[0]) for c in model.coefficients())))
        if step == 1 or step % print_every == 0:
            total, equation, misfit = (float(value) for value in losses)
            d, k = history[-1][1:]
            now = time.perf_counter()
            pace = 1e3 * (now - begin) / (step - begin_step)
            begin, begin_step = now, step
            print(
                f"{step:6d}  {total:.1e}   {equation:.1e}   {misfit:.1e}  {d:7.4f}  {k:7.4f}  {pace:8.2f}", flush=True
            )
    return history


def draw(path, model, measurements, history, quick):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    t, x = np.meshgrid(np.linspace(0, LAST, 101), np.linspace(-WIDE, WIDE, 201), indexing="ij")
    learned = model(Tensor(np.stack([t, x], axis=-1).reshape(-1, 2), ms.float32)).asnumpy().reshape(t.shape)
    points, measured = measurements
    difference = learned - front(t, x)
    largest = np.abs(difference).max()

    figure, axes = plt.subplots(1, 3, figsize=(15, 4), layout="constrained")
    image = axes[0].pcolormesh(t, x, learned, cmap="viridis", vmin=0, vmax=1, rasterized=True)
    axes[0].scatter(*points.T, c=measured[:, 0], cmap="viridis", vmin=0, vmax=1, s=10, edgecolors="w", linewidths=0.3)
    axes[0].set(title="network u(t, x) and the measurements", xlabel="t", ylabel="x")
    figure.colorbar(image, ax=axes[0], label="u")
    image = axes[1].pcolormesh(t, x, difference, cmap="RdBu_r", vmin=-largest, vmax=largest, rasterized=True)
    axes[1].set(title=f"network - truth, at most {largest:.1e}", xlabel="t", ylabel="x")
    figure.colorbar(image, ax=axes[1], label="difference of u")
    steps, *found = zip(*history, strict=True)
    for values, true, name, color in zip(found, (TRUE_D, TRUE_K), ("D", "k"), ("C0", "C1"), strict=True):
        axes[2].plot(steps, values, color=color, label=name)
        axes[2].axhline(true, color=color, linestyle=":", label=f"{name}, true")
    axes[2].set(title="the unknown coefficients", xlabel="step", ylabel="coefficient", xscale="log", ylim=(0, None))
    axes[2].legend(ncols=2, loc="lower right")
    figure.get_layout_engine().set(w_pad=0.12)
    figure.suptitle(
        f"Diffusion and reaction from {len(points)} measurements with errors of {NOISE}" + quick * ", quick run"
    )
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network finds two coefficients from noisy measurements.")
    parser.add_argument("--steps", type=int, default=8000, help="training steps (default: %(default)s)")
    parser.add_argument("--points", type=int, default=400, help="points for the equation (default: %(default)s)")
    parser.add_argument("--measurements", type=int, default=1000, help="how many there are (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=0.01, help="first learning rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of weights, points and noise (default: %(default)s)")
    parser.add_argument("--picture", default="inverse.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 400 steps, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    model = Model()
    measurements = measure(rng, args.measurements)
    history = train(model, measurements, 400 if args.quick else args.steps, args.points, args.lr, rng)

    errors = []
    for name, true, found in zip(("D", "k"), (TRUE_D, TRUE_K), history[-1][1:], strict=True):
        errors.append(abs(found - true) / true)
        print(f"{name}: true {true:.4f}, found {found:.4f}, relative error {errors[-1]:.4f}")
    print(f"largest relative error: {max(errors):.4f}")
    draw(args.picture, model, measurements, history, args.quick)


if __name__ == "__main__":
    main()
