"""Compiled steps in MindSpore-style source against hand-written JAX, on the same numbers, interleaved in one run.

    python benchmarks/steps.py [--repeat N]

Checks first that both compute the same, then prints medians and the median of the ratios.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import optax

import msjax as ms
from msjax import Tensor, nn, ops

RNG = np.random.default_rng(0)


def floats(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape).astype(np.float32)


def dense(n_in: int, n_out: int) -> tuple[np.ndarray, np.ndarray]:
    return (RNG.normal(size=(n_out, n_in)) / np.sqrt(n_in)).astype(np.float32), np.zeros(n_out, np.float32)


class MLP(nn.Cell):
    def __init__(self, weights, activation):
        super().__init__()
        self.layers = nn.CellList(
            [nn.Dense(w.shape[1], w.shape[0], weight_init=Tensor(w), bias_init=Tensor(b)) for w, b in weights]
        )
        self.activation = activation

    def construct(self, x):
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        return self.layers[-1](x)


def apply(weights, activation: Callable, x):
    for w, b in weights[:-1]:
        x = activation(x @ w.T + b)
    w, b = weights[-1]
    return x @ w.T + b


def training(weights, activation, loss, optimizer, plain_activation, plain_loss, transform):
    """(msjax step, JAX step): each call takes one step of an optimizer and gives the loss."""
    net = MLP(weights, activation)
    update = optimizer(net.trainable_params())
    value_and_grad = ms.value_and_grad(lambda *data: loss(net, *data), None, net.trainable_params())

    @ms.jit
    def step(*data):
        value, gradients = value_and_grad(*data)
        update(gradients)
        return value

    state = {"w": jax.tree.map(jnp.asarray, weights)}
    state["s"] = transform.init(state["w"])

    @jax.jit
    def pure(w, s, *data):
        value, gradients = jax.value_and_grad(lambda w: plain_loss(lambda x: apply(w, plain_activation, x), *data))(w)
        changes, s = transform.update(gradients, s, w)
        return optax.apply_updates(w, changes), s, value

    def plain(*data):
        state["w"], state["s"], value = pure(state["w"], state["s"], *data)
        return value

    return step, plain


def mlp(optimizer, transform):
    weights = [dense(784, 512), dense(512, 512), dense(512, 10)]
    x, y = floats(64, 784), RNG.integers(0, 10, 64).astype(np.int32)
    cross_entropy = lambda logits, y: optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()  # noqa: E731
    steps = training(
        weights,
        ops.relu,
        lambda net, x, y: ops.cross_entropy(net(x), y),
        optimizer,
        jax.nn.relu,
        lambda net, x, y: cross_entropy(net(x), y),
        transform,
    )
    return *steps, (x, y)


def pinn(count: int):
    weights = [dense(2, 32), dense(32, 32), dense(32, 32), dense(32, 1)]
    points = floats(count, 2)

    def residual(net, x):
        total = lambda x: net(x).sum()  # noqa: E731
        first = ms.grad(total)(x)
        u_xx = ms.grad(lambda x: ms.grad(total)(x)[:, 1].sum())(x)[:, 1:]
        u = net(x)
        r = first[:, :1] + u * first[:, 1:] - 0.01 * u_xx
        return (r * r).mean()

    def plain_residual(net, x):
        total = lambda x: net(x).sum()  # noqa: E731
        first = jax.grad(total)(x)
        u_xx = jax.grad(lambda x: jax.grad(total)(x)[:, 1].sum())(x)[:, 1:]
        u = net(x)
        r = first[:, :1] + u * first[:, 1:] - 0.01 * u_xx
        return (r * r).mean()

    adam = lambda p: nn.Adam(p, learning_rate=1e-3)  # noqa: E731
    return *training(weights, ops.tanh, residual, adam, jnp.tanh, plain_residual, optax.adam(1e-3)), (points,)


def first_gradient():
    """The first example of a tutorial: next to no work for the device, so that the way there is what is measured."""
    f = ms.jit(ms.grad(lambda x, y: x * x * y, (0, 1)))
    return f, jax.jit(jax.grad(lambda x, y: (x * x * y).sum(), (0, 1))), (floats(1), floats(1))


WORKLOADS: dict[str, Callable] = {
    "gradient of x*x*y": first_gradient,
    "MLP 784-512-512-10, Momentum": lambda: mlp(lambda p: nn.Momentum(p, 0.01, 0.9), optax.sgd(0.01, 0.9)),
    "MLP 784-512-512-10, Adam": lambda: mlp(lambda p: nn.Adam(p, learning_rate=1e-3), optax.adam(1e-3)),
    "Burgers PINN, N = 1024": lambda: pinn(1024),
    "Burgers PINN, N = 8192": lambda: pinn(8192),
}


def seconds(run: Callable, data) -> float:
    start = time.perf_counter()
    jax.block_until_ready(run(*data))
    return time.perf_counter() - start


def check_same(ours: Callable, theirs: Callable, data, plain_data) -> None:
    for _ in range(3):
        mine, plain = jax.tree.leaves(ours(*data)), jax.tree.leaves(theirs(*plain_data))
        for a, b in zip(mine, plain, strict=True):
            np.testing.assert_allclose(a, b, rtol=2e-4, atol=1e-5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=100)
    repeat = parser.parse_args().repeat
    print(f"jax {jax.__version__} on {jax.devices()[0].device_kind}, medians of {repeat}")
    print(f"{'workload':32s} {'msjax':>10s} {'jax.jit':>10s} {'ratio':>6s}")
    for name, make in WORKLOADS.items():
        ours, theirs, data = make()
        tensors, arrays = [Tensor(d) for d in data], [jnp.asarray(d) for d in data]
        check_same(ours, theirs, tensors, arrays)
        times = [(seconds(ours, tensors), seconds(theirs, arrays)) for _ in range(repeat)]
        mine, plain = (statistics.median(column) * 1e6 for column in zip(*times, strict=True))
        ratio = statistics.median(a / b for a, b in times)
        print(f"{name:32s} {mine:7.0f} us {plain:7.0f} us {ratio:6.2f}")


if __name__ == "__main__":
    main()
