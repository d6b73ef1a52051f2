"""The curvature of a network's loss: Newton's method without the Hessian, and the Hessian's largest eigenvalues.

A tanh network learns a function of two variables from 400 points. Of its loss, `diffops.hvp` gives the product of the
Hessian and a direction for the price of a few gradients, and that is all that is needed:

- For Newton's method: conjugate gradients solve (H + damping) step = -gradient, and the damping goes up and down as
  the steps fail and succeed (Levenberg and Marquardt). It is compared with Adam, at equal numbers of gradients, where a
  product counts as two.
- For the largest eigenvalues of H, by the method of Lanczos. They are compared with those of the whole Hessian, which
  nested `grad` gives, row by row, for so small a network.

    python examples/curvature.py
    python examples/curvature.py --quick     # to see that it runs

After J. Martens, Deep learning via Hessian-free optimization (2010), ICML; B. A. Pearlmutter, Fast exact multiplication
by the Hessian (1994), doi:10.1162/neco.1994.6.1.147; B. Ghorbani, S. Krishnan and Y. Xiao, An investigation into neural
net optimization via Hessian eigenvalue density (2019), arXiv:1901.10159.
"""

import argparse
import os
import time

import numpy as np

import msjax as ms
from msjax import Tensor, diffops, nn, ops


class Network(nn.Cell):
    """Of float64: conjugate gradients and Lanczos suffer from rounding."""

    def __init__(self, width=16):
        super().__init__()
        options = dict(weight_init="xavier_uniform", bias_init="zeros", dtype=ms.float64)
        self.layers = nn.SequentialCell(
            nn.Dense(2, width, **options), nn.Tanh(), nn.Dense(width, width, **options), nn.Tanh(),
            nn.Dense(width, 1, **options),
        )  # fmt: skip

    def construct(self, x):
        return self.layers(x)


def data(rng, count):
    x = rng.uniform(-1, 1, (count, 2))
    y = np.sin(3 * x[:, :1]) * np.cos(2 * x[:, 1:]) + 0.5 * x[:, :1] * x[:, 1:]
    return Tensor(x), Tensor(y)


class Problem:
    """A network's loss at some data as a function of one vector, its weights."""

    def __init__(self, seed, x, y):
        ms.set_seed(seed)
        self.network = Network()
        self.weights = self.network.trainable_params()
        self.sizes = [w.size for w in self.weights]

        def loss():
            return ops.mean(ops.square(self.network(x) - y))

        self.gradient_parts = ms.value_and_grad(loss, None, self.weights)
        product_parts = diffops.hvp(loss, None, self.weights)

        @ms.jit
        def gradient():
            value, parts = self.gradient_parts()
            return value, self.join(parts)

        @ms.jit
        def product(direction):
            return self.join(product_parts(self.parts(direction)))

        self.gradient, self.product = gradient, product

    def parts(self, vector):
        """A vector in the shapes of the weights."""
        pieces = ops.split(vector, self.sizes)
        return tuple(piece.reshape(w.shape) for piece, w in zip(pieces, self.weights, strict=True))

    def join(self, parts):
        return ops.concat([part.reshape(-1) for part in parts])

    def move(self, vector):
        for w, part in zip(self.weights, self.parts(vector), strict=True):
            ops.assign_add(w, part)


def conjugate_gradients(product, damping, right, most, tolerance=0.1):
    """(x with about product(x) + damping * x = right, how many products it took)."""
    x, residual = ops.zeros_like(right), right
    direction, square = right, float((right * right).sum())
    goal = tolerance**2 * square
    for count in range(1, most + 1):
        image = product(direction) + damping * direction
        curvature = float((direction * image).sum())
        if curvature <= 0:  # here the loss bends down: what is found so far is good enough, or the gradient itself
            return (right if count == 1 else x), count
        step = square / curvature
        x, residual = x + step * direction, residual - step * image
        square, before = float((residual * residual).sum()), square
        if square < goal:
            break
        direction = residual + square / before * direction
    return x, count


def train_newton(problem, budget):
    """The losses along the way: a list of (gradients so far, loss)."""
    print("Newton-CG\n  step     loss   damping  products", flush=True)
    value, gradient = problem.gradient()
    damping, spent, history = 0.01, 1, [(1, float(value))]
    while spent < budget:
        change, products = conjugate_gradients(problem.product, damping, -gradient, most=100)
        predicted = float((gradient * change).sum() + 0.5 * (change * problem.product(change)).sum())
        problem.move(change)
        value_after, gradient_after = problem.gradient()
        spent += 2 * (products + 1) + 1
        fell = float(value_after) - float(value)
        if fell < 0:
            value, gradient = value_after, gradient_after
        else:
            problem.move(-change)
        # Where the loss falls as the parabola of the Hessian says, longer steps are safe.
        if predicted < 0 and fell < 0.75 * predicted:
            damping = max(0.3 * damping, 1e-9)
        elif predicted >= 0 or fell > 0.25 * predicted:
            damping = 3 * damping
        history.append((spent, float(value)))
        step = len(history) - 1
        if step == 1 or step % 10 == 0:
            print(f"{step:6d}  {float(value):.1e}   {damping:.1e}  {products:8d}", flush=True)
    return history


def train_adam(problem, budget, lr=0.01):
    falling_lr = [lr * 0.01 ** (step / budget) for step in range(budget)]
    optimizer = nn.Adam(problem.weights, learning_rate=falling_lr)

    @ms.jit
    def train_step():
        value, gradients = problem.gradient_parts()
        optimizer(gradients)
        return value

    history = []
    print("Adam\n  step     loss", flush=True)
    for step in range(1, budget + 1):
        value = train_step()
        if step == 1 or step % max(budget // 100, 1) == 0:
            history.append((step, float(value)))
        if step == 1 or step % max(budget // 10, 1) == 0:
            print(f"{step:6d}  {float(value):.1e}", flush=True)
    return history


def lanczos(product, size, steps, rng):
    """The eigenvalues of a matrix from its products, the largest first; those at the ends are good."""
    basis = [rng.standard_normal(size)]
    basis[0] /= np.linalg.norm(basis[0])
    diagonal, beside = [], []
    for _ in range(steps):
        image = product(Tensor(basis[-1])).asnumpy()
        diagonal.append(image @ basis[-1])
        known = np.array(basis)
        for _ in range(2):  # made orthogonal to all before, twice, for rounding
            image = image - known.T @ (known @ image)
        beside.append(np.linalg.norm(image))
        basis.append(image / beside[-1])
    small = np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1)
    return np.linalg.eigvalsh(small)[::-1]


def whole_hessian(problem):
    """Row by row, by nested `grad`: the gradient of each number of the gradient."""
    row = ms.jit(ms.grad(lambda unit: (problem.gradient()[1] * unit).sum(), None, problem.weights))
    size = sum(problem.sizes)
    return np.array([problem.join(row(Tensor(unit))).asnumpy() for unit in np.eye(size)])


def draw(path, histories, whole, found, error, quick):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    for name, history in histories.items():
        left.semilogy(*zip(*history, strict=True), label=name)
    left.set(title="training", xlabel="gradients (a Hessian-vector product counts as two)", ylabel="loss")
    left.legend()
    rank = np.arange(1, len(whole) + 1)
    for sign, color, name in ((1, "C0", "positive"), (-1, "C3", "negative")):
        chosen = sign * whole > 0
        right.loglog(rank[chosen], sign * whole[chosen], ".", color=color, label=f"whole Hessian, {name}")
    right.plot(rank[: len(found)], found, "o", color="k", mfc="none", label="Lanczos")
    right.set(title=f"eigenvalues, the largest {len(found)} by Lanczos", xlabel="rank", ylabel="|eigenvalue|")
    right.legend()
    figure.suptitle(
        f"Curvature of a loss of {len(whole)} weights: relative error of the eigenvalues {error:.1e}"
        + quick * ", quick run"
    )
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="Newton's method and Lanczos with Hessian-vector products.")
    parser.add_argument("--steps", type=int, default=10000, help="gradients for each method (default: %(default)s)")
    parser.add_argument("--lanczos", type=int, default=60, help="products for Lanczos (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of weights and points (default: %(default)s)")
    parser.add_argument("--picture", default="curvature.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 500 gradients, to see that it runs")
    args = parser.parse_args()

    rng = np.random.default_rng(args.seed)
    x, y = data(rng, 400)
    budget = 500 if args.quick else args.steps
    newton, adam = Problem(args.seed, x, y), Problem(args.seed, x, y)
    histories = {"Adam": train_adam(adam, budget), "Newton-CG": train_newton(newton, budget)}
    for name, history in histories.items():
        print(f"{name}: loss {history[-1][1]:.2e} after {history[-1][0]} gradients")

    size = sum(newton.sizes)
    begin = time.perf_counter()
    found = lanczos(newton.product, size, args.lanczos, rng)[:10]
    middle = time.perf_counter()
    whole = np.linalg.eigvalsh(whole_hessian(newton))[::-1]
    end = time.perf_counter()
    print(f"{args.lanczos} products for Lanczos: {middle - begin:.2f} s; the whole Hessian: {end - middle:.2f} s")
    print("largest eigenvalues:", *(f"{value:.6g}" for value in found[:5]))
    error = np.abs(found / whole[: len(found)] - 1).max()
    print(f"relative error of the {len(found)} largest eigenvalues: {error:.1e}")
    draw(args.picture, histories, whole, found, error, args.quick)


if __name__ == "__main__":
    main()
