"""A network learns to balance a pole on a cart, from rewards alone.

The physics is a few lines of numpy; many carts run at once, so that a step of the network serves them all. The policy
gives the probability of a push to the right; after each round its gradient is followed, weighted with how much better
than the others a run was (REINFORCE, with the mean of the runs as the baseline).

    python examples/pole.py                         with MindSpore
    python -m msjax examples/pole.py                the same with msjax

R. Williams, Simple statistical gradient-following algorithms (1992), doi:10.1007/BF00992696. The cart is that of Barto,
Sutton and Anderson (1983).
"""

import argparse
import os
import time

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops

GRAVITY, CART, POLE, HALF, PUSH, STEP = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02


def moved(state, right):
    """The states, of shape (n, 4), after a push."""
    _, speed, angle, turning = state.T
    force = np.where(right, PUSH, -PUSH)
    sine, cosine, total = np.sin(angle), np.cos(angle), CART + POLE
    pull = (force + POLE * HALF * turning**2 * sine) / total
    bend = (GRAVITY * sine - cosine * pull) / (HALF * (4 / 3 - POLE * cosine**2 / total))
    slide = pull - POLE * HALF * bend * cosine / total
    return state + STEP * np.stack([speed, slide, turning, bend], 1)


def stands(state):
    return (abs(state[:, 0]) < 2.4) & (abs(state[:, 2]) < np.deg2rad(12))


def play(policy, rng, carts, longest):
    """States, pushes, and which carts stood, of shape (steps, carts, ...)."""
    state, alive, seen = rng.uniform(-0.05, 0.05, (carts, 4)), np.ones(carts, bool), []
    for _ in range(longest):
        probability = 1 / (1 + np.exp(-policy(Tensor(state.astype(np.float32))).asnumpy()[:, 0]))
        right = rng.uniform(size=carts) < probability
        seen.append((state, right, alive))
        state = np.where(alive[:, None], moved(state, right), state)
        alive = alive & stands(state)
        if not alive.any():
            break
    return [np.stack(part) for part in zip(*seen, strict=True)]


def padded(array, length):
    """An array of `length` rows, so that all rounds are of one shape."""
    return np.concatenate([array, np.zeros((length - len(array), *array.shape[1:]), array.dtype)])


def draw(path, history):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
    axis.plot(np.arange(1, len(history) + 1), history)
    axis.set(title="a pole on a cart", xlabel="round", ylabel="steps that it stands")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="Reinforcement learning: a pole on a cart.")
    parser.add_argument("--rounds", type=int, default=120, help="(default: %(default)s)")
    parser.add_argument("--carts", type=int, default=32, help="that run at once (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="25 rounds, of at most 100 steps")
    parser.add_argument("--picture", default="pole.png", help="(default: %(default)s)")
    options = parser.parse_args()
    rounds, longest = (25, 100) if options.quick else (options.rounds, 500)

    ms.set_seed(1)
    rng = np.random.default_rng(1)
    policy = nn.SequentialCell(nn.Dense(4, 32), nn.Tanh(), nn.Dense(32, 1))
    optimizer = nn.Adam(policy.trainable_params(), learning_rate=2e-2)

    def loss(states, right, weights):
        scores = policy(states)[..., 0]
        log_probability = ops.where(right, ops.logsigmoid(scores), ops.logsigmoid(-scores))
        return -(log_probability * weights).sum()

    gradients_of = ms.grad(loss, None, optimizer.parameters)
    print(" round     steps  seconds", flush=True)
    history, start = [], time.perf_counter()
    for number in range(1, rounds + 1):
        states, right, alive = play(policy, rng, options.carts, longest)
        history.append(alive.sum(0).mean())
        # How long each run still lasts, compared with the other runs at that time.
        remaining = alive[::-1].cumsum(0)[::-1].astype(float)
        advantage = (remaining - remaining.mean(1, keepdims=True)) * alive
        weights = (advantage / (advantage.std() + 1e-6) / alive.sum()).astype(np.float32)
        arrays = (states.astype(np.float32), right, weights)
        optimizer(gradients_of(*(Tensor(padded(array, longest)) for array in arrays)))
        if number == 1 or number % max(rounds // 12, 1) == 0:
            print(f"{number:6d}  {history[-1]:8.1f}  {time.perf_counter() - start:7.1f}", flush=True)
    print("steps that it stands, at first:", f"{history[0]:.1f}")
    print("steps that it stands, at last:", f"{np.mean(history[-5:]):.1f} of {longest}")
    draw(options.picture, history)


if __name__ == "__main__":
    main()
