"""Two networks against each other: one makes points of noise, the other tells them from those of a ring of blobs.

A generative adversarial network in its simplest form. How well it works is measured without either network: by the
energy distance of made points and real ones, 0 for equal distributions, and by how many of the eight blobs are met.

    python examples/ring_gan.py                     with MindSpore
    python -m msjax examples/ring_gan.py            the same with msjax

I. Goodfellow and others, Generative adversarial networks (2014), arXiv:1406.2661.
"""

import argparse
import os
import time

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops

BLOBS, WIDTH, NOISE = 8, 0.15, 4
ANGLES = 2 * np.pi * np.arange(BLOBS) / BLOBS
MIDDLES = 2 * np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1)


def real_points(rng, count):
    return (MIDDLES[rng.integers(0, BLOBS, count)] + WIDTH * rng.standard_normal((count, 2))).astype(np.float32)


def noise(rng, count):
    return rng.standard_normal((count, NOISE)).astype(np.float32)


def mlp(inputs, outputs, width=64):
    return nn.SequentialCell(
        nn.Dense(inputs, width), nn.LeakyReLU(0.2), nn.Dense(width, width), nn.LeakyReLU(0.2),
        nn.Dense(width, outputs),
    )  # fmt: skip


def energy_distance(a, b):
    def mean_distance(x, y):
        return np.sqrt(((x[:, None] - y[None]) ** 2).sum(-1)).mean()

    return 2 * mean_distance(a, b) - mean_distance(a, a) - mean_distance(b, b)


def blobs_met(points):
    """How many blobs have at least a fifth of their share of the points near."""
    distances = np.sqrt(((points[:, None] - MIDDLES[None]) ** 2).sum(-1))
    near = distances.argmin(1)[distances.min(1) < 4 * WIDTH]
    return int((np.bincount(near, minlength=BLOBS) > 0.2 * len(points) / BLOBS).sum())


def draw(path, history, made, real):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    left.semilogy(*zip(*history, strict=True))
    left.set(title="energy distance of made points to real ones", xlabel="step")
    right.plot(*real.T, ".", ms=2, label="real")
    right.plot(*made.T, ".", ms=2, label="made")
    right.set(aspect="equal", title="points")
    right.legend()
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A generative adversarial network for points in the plane.")
    parser.add_argument("--steps", type=int, default=6000, help="(default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="300 steps")
    parser.add_argument("--picture", default="ring_gan.png", help="(default: %(default)s)")
    options = parser.parse_args()
    steps = 300 if options.quick else options.steps

    ms.set_seed(1)
    rng = np.random.default_rng(1)
    generator, critic = mlp(NOISE, 2), mlp(2, 1)
    bce = nn.BCEWithLogitsLoss()
    generator_optimizer = nn.Adam(generator.trainable_params(), learning_rate=1e-3, beta1=0.5)
    critic_optimizer = nn.Adam(critic.trainable_params(), learning_rate=1e-3, beta1=0.5)

    def critic_loss(real, made):
        right, wrong = critic(real), critic(made)
        return bce(right, ops.ones_like(right)) + bce(wrong, ops.zeros_like(wrong))

    def generator_loss(z):
        judged = critic(generator(z))
        return bce(judged, ops.ones_like(judged))

    critic_gradients = ms.value_and_grad(critic_loss, None, critic_optimizer.parameters)
    generator_gradients = ms.value_and_grad(generator_loss, None, generator_optimizer.parameters)

    print("  step  distance  blobs   ms/step", flush=True)
    history, every, begin, begun, count = [], max(steps // 12, 1), time.perf_counter(), 0, 256
    for step in range(1, steps + 1):
        made = generator(Tensor(noise(rng, count)))
        _, gradients = critic_gradients(Tensor(real_points(rng, count)), ops.stop_gradient(made))
        critic_optimizer(gradients)
        _, gradients = generator_gradients(Tensor(noise(rng, count)))
        generator_optimizer(gradients)
        if step == 1 or step % every == 0:
            points = generator(Tensor(noise(rng, 500))).asnumpy()
            history.append((step, energy_distance(points, real_points(rng, 500))))
            now = time.perf_counter()
            speed = 1e3 * (now - begin) / (step - begun)
            print(f"{step:6d}   {history[-1][1]:.1e}  {blobs_met(points):5d}  {speed:8.2f}", flush=True)
            begin, begun = time.perf_counter(), step

    made = generator(Tensor(noise(rng, 2000))).asnumpy()
    print("energy distance:", f"{energy_distance(made, real_points(rng, 2000)):.3f}")
    print("blobs that are met:", f"{blobs_met(made)} of {BLOBS}")
    draw(options.picture, history, made, real_points(rng, 2000))


if __name__ == "__main__":
    main()
