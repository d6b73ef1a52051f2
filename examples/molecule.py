"""A network learns the energy of a molecule from forces alone, and then how the molecule vibrates.

    E(x) = sum over pairs of (1 - exp(-2 (r - 1)))^2      (Morse), F = -dE / dx, for five atoms

The energy network sees the molecule's distances only, each atom the sum over its neighbours, so that the energy does
not change when the molecule is moved or turned, or atoms change places. It is trained on forces: a force is a
derivative by the positions, and the gradient of its error by the weights is a second-order one, by positions and
weights. `diffops.jacobian(energy, lower=True)` gives energy and slope at once. `diffops.hessian` of the trained network
at the minimum gives the vibrations, although the network has seen neither a Hessian nor an energy.

    python examples/molecule.py
    python examples/molecule.py --quick     # to see that it runs

The network is a small kin of K. T. Schuett et al., SchNet: A deep learning architecture for molecules and materials
(2018), doi:10.1063/1.5019779; training on forces: S. Chmiela et al., Machine learning of accurate energy-conserving
molecular force fields (2017), doi:10.1126/sciadv.1603015. The potential: P. M. Morse, Diatomic molecules according to
the wave mechanics (1929), doi:10.1103/PhysRev.34.57.
"""

import argparse
import os
import time

import numpy as np

import msjax as ms
from msjax import Tensor, diffops, nn, ops

ATOMS = 5
PAIRS = [(i, j) for i in range(ATOMS) for j in range(i)]
STEEPNESS = 2.0


class Energy(nn.Cell):
    """The energy (N,) of molecules whose positions (N, 15) are x, y, z of the first atom, of the second, and so on."""

    def __init__(self, width=32):
        super().__init__()
        self.neighbour = nn.SequentialCell(nn.Dense(1, width), nn.Tanh(), nn.Dense(width, width), nn.Tanh())
        self.atom = nn.SequentialCell(nn.Dense(width, width), nn.Tanh(), nn.Dense(width, 1))
        differences, ends = np.zeros((len(PAIRS), ATOMS)), np.zeros((ATOMS, len(PAIRS)))
        for pair, (i, j) in enumerate(PAIRS):
            differences[pair, [i, j]] = 1, -1
            ends[[i, j], pair] = 1
        self.differences, self.ends = Tensor(differences, ms.float32), Tensor(ends, ms.float32)

    def construct(self, positions):
        between = ops.matmul(self.differences, positions.reshape(-1, ATOMS, 3))
        distances = ops.sqrt(ops.square(between).sum(2, keepdims=True))
        surroundings = ops.matmul(self.ends, self.neighbour(2 * (distances - 1)))
        return self.atom(surroundings).sum((1, 2))


def make_train_step(energy, lr, steps):
    falling_lr = [lr * 0.001 ** (step / steps) for step in range(steps)]
    optimizer = nn.Adam(energy.trainable_params(), learning_rate=falling_lr)
    slope = diffops.jacobian(energy)

    def loss(positions, forces):
        return ops.mean(ops.square(slope(positions) + forces))

    loss_and_gradients = ms.value_and_grad(loss, None, optimizer.parameters)

    @ms.jit
    def train_step(positions, forces):
        value, gradients = loss_and_gradients(positions, forces)
        optimizer(gradients)
        return value

    return train_step


def train(energy, positions, forces, steps, lr, rng, batch=100):
    train_step = make_train_step(energy, lr, steps)
    print("  step     loss   ms/step", flush=True)
    print_every = max(steps // 20, 1)
    begin, begin_step = time.perf_counter(), 0
    for step in range(1, steps + 1):
        chosen = rng.choice(len(positions), batch, replace=False)
        loss = train_step(Tensor(positions[chosen], ms.float32), Tensor(forces[chosen], ms.float32))
        if step == 1 or step % print_every == 0:
            loss, now = float(loss), time.perf_counter()
            print(f"{step:6d}  {loss:.1e}  {1e3 * (now - begin) / (step - begin_step):8.2f}", flush=True)
            begin, begin_step = now, step


def morse(positions):
    """(forces, Hessian) of one molecule, by formulas."""
    x = positions.reshape(ATOMS, 3)
    forces, hessian = np.zeros((ATOMS, 3)), np.zeros((ATOMS, 3, ATOMS, 3))
    for i, j in PAIRS:
        r = np.linalg.norm(x[i] - x[j])
        direction, decay = (x[i] - x[j]) / r, np.exp(-STEEPNESS * (r - 1))
        slope = 2 * STEEPNESS * (decay - decay**2)
        bend = 2 * STEEPNESS**2 * (2 * decay**2 - decay)
        along = np.outer(direction, direction)
        block = bend * along + slope / r * (np.eye(3) - along)
        forces[i] -= slope * direction
        forces[j] += slope * direction
        for a, b, sign in ((i, i, 1), (j, j, 1), (i, j, -1), (j, i, -1)):
            hessian[a, :, b] += sign * block
    return forces.reshape(-1), hessian.reshape(3 * ATOMS, 3 * ATOMS)


def relaxed():
    """The positions of least energy, by Newton's method from about there: a double pyramid on a triangle."""
    angles = 2 * np.pi / 3 * np.arange(3)
    triangle = np.stack([np.cos(angles), np.sin(angles), np.zeros(3)], axis=1) / 3**0.5
    x = np.concatenate([triangle, [[0, 0, 0.8], [0, 0, -0.8]]]).reshape(-1)
    for _ in range(20):
        forces, hessian = morse(x)
        x = x + np.linalg.pinv(hessian, rcond=1e-8) @ forces
    return x


def shaken(minimum, rng, count, by):
    """Positions around the minimum, and their forces."""
    positions = minimum + by * rng.standard_normal((count, len(minimum)))
    return positions, np.stack([morse(x)[0] for x in positions])


def frequencies(hessian):
    """Of the vibrations, for atoms of mass 1, without the three ways to move and the three to turn."""
    values = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    return np.sqrt(np.maximum(np.sort(values)[6:], 0))


def relative(found, exact):
    return np.linalg.norm(found - exact) / np.linalg.norm(exact)


def draw(path, minimum, forces, hessians, error, quick):
    """`forces` and `hessians` are pairs: of the network, and exact."""
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(15, 4.5), layout="constrained")
    shape = figure.add_subplot(1, 3, 1, projection="3d")
    x = minimum.reshape(ATOMS, 3)
    for i, j in PAIRS:
        near = np.linalg.norm(x[i] - x[j]) < 1.2
        shape.plot(*x[[i, j]].T, color="C0" if near else "lightgray", linewidth=3 if near else 1)
    shape.scatter(*x.T, s=300, color="C1", depthshade=False)
    shape.set(title="the molecule at rest")
    shape.set_aspect("equal")
    shape.set_axis_off()
    shape.view_init(elev=12, azim=35)

    learned, exact = forces
    scatter = figure.add_subplot(1, 3, 2)
    limit = np.abs(exact).max()
    scatter.plot([-limit, limit], [-limit, limit], color="gray", linewidth=0.8)
    scatter.plot(exact.reshape(-1), learned.reshape(-1), ".", markersize=3)
    scatter.set(title="forces on unseen geometries", xlabel="exact", ylabel="network")

    modes = figure.add_subplot(1, 3, 3)
    learned, exact = (frequencies(h) for h in hessians)
    rank = np.arange(1, len(exact) + 1)
    modes.bar(rank - 0.2, learned, 0.4, label="network")
    modes.bar(rank + 0.2, exact, 0.4, label="exact")
    modes.set(title="vibrations, from the Hessian", xlabel="mode", ylabel="frequency", xticks=rank)
    modes.legend()
    figure.get_layout_engine().set(w_pad=0.12)
    figure.suptitle(
        f"An energy learned from forces: relative error of unseen forces {error:.1e}" + quick * ", quick run"
    )
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network learns the energy of a molecule from forces.")
    parser.add_argument("--steps", type=int, default=10000, help="training steps (default: %(default)s)")
    parser.add_argument("--geometries", type=int, default=1000, help="to train on (default: %(default)s)")
    parser.add_argument("--lr", type=float, default=0.01, help="first learning rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of weights and geometries (default: %(default)s)")
    parser.add_argument("--picture", default="molecule.png", help="where to draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only 400 steps, to see that it runs")
    args = parser.parse_args()

    ms.set_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    energy, minimum = Energy(), relaxed()
    train(energy, *shaken(minimum, rng, args.geometries, 0.1), 400 if args.quick else args.steps, args.lr, rng)

    positions, exact = shaken(minimum, rng, 500, 0.1)
    learned = -diffops.jacobian(energy)(Tensor(positions, ms.float32)).asnumpy()
    error = relative(learned, exact)
    hessians = diffops.hessian(energy)(Tensor(minimum[None], ms.float32)).asnumpy()[0], morse(minimum)[1]
    print("frequencies, network:", *(f"{f:.3f}" for f in frequencies(hessians[0])))
    print("frequencies, exact:  ", *(f"{f:.3f}" for f in frequencies(hessians[1])))
    print(f"relative error of the Hessian at the minimum: {relative(*hessians):.4f}")
    print(f"relative error of unseen forces: {error:.4f}")
    draw(args.picture, minimum, (learned, exact), hessians, error, args.quick)


if __name__ == "__main__":
    main()
