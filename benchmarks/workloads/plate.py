"""A step of `examples/plate.py`: a loss of fourth derivatives, its gradient, Adam.

By `diffops`, as there, and by nested gradients, as MindSpore programs are written; the JAX and PyTorch of both nest.
"""

from __future__ import annotations

import math

from benchmarks.workload import (
    Numbers,
    Workload,
    jax_training,
    layers_of,
    mindspore_training,
    torch_leaves,
    torch_training,
)
from benchmarks.workloads.mlp import jax_mlp, mindspore_mlp, names, torch_mlp
from benchmarks.workloads.physics import jax_nested, mindspore_nested, torch_laplacian

LOAD_SCALE = 64 * math.pi**4
MODES = [(1, 1, 1), (0.4, 2, 1)]


def data():
    numbers = Numbers()
    points = 0.5 + numbers.normal(300, 2, scale=0.15)
    return {**numbers.dense([2, 32, 32, 32, 1]), "x": points.clip(0, 1), "load": load(points.clip(0, 1))}


def load(points):
    """The load of the plate at points, as in the example."""
    import numpy as np

    total = 0
    for a, m, n in MODES:
        kx, ky = 2 * m * math.pi, 2 * n * math.pi
        both = (kx**2 + ky**2) ** 2 * np.cos(kx * points[:, 0]) * np.cos(ky * points[:, 1])
        total = total + a / 4 * (both - kx**4 * np.cos(kx * points[:, 0]) - ky**4 * np.cos(ky * points[:, 1]))
    return total.astype(np.float32)


def clamped(net, points):
    """The deflection at points, from (N, 2) to (N,); the border is clamped."""
    x, y = points[:, 0], points[:, 1]
    return (16 * x * (1 - x) * y * (1 - y)) ** 2 * net(4 * points - 2)[:, 0]


def _mindspore(own: bool):
    def make(data, jit):
        import mindspore as ms
        from mindspore import nn, ops

        class Plate(nn.Cell):
            def __init__(self):
                super().__init__()
                self.network = mindspore_mlp(data, ops.tanh)

            def construct(self, points):
                return clamped(self.network, points)

        plate = Plate()

        def total(points):
            return plate(points).sum()

        if own and hasattr(ms, "diffops"):
            biharmonic = ms.diffops.biharmonic(plate)
        else:
            inner = mindspore_nested(ms, total, 2)

            def bent(points):
                return inner(points).sum()

            biharmonic = mindspore_nested(ms, bent, 2)

        def loss(points, load):
            return (((biharmonic(points) - load) / LOAD_SCALE) ** 2).mean()

        optimizer = nn.Adam(plate.trainable_params(), learning_rate=1e-3)
        return mindspore_training(plate, loss, optimizer, jit, data["x"], data["load"])

    return make


def jax_(data, jit):
    import jax.numpy as jnp
    import optax

    def loss(weights, points, load):
        def total(points):
            return clamped(lambda x: jax_mlp(weights, jnp.tanh, x), points).sum()

        inner = jax_nested(total, 2)
        biharmonic = jax_nested(lambda x: inner(x).sum(), 2)
        return (((biharmonic(points) - load) / LOAD_SCALE) ** 2).mean()

    return jax_training(layers_of(data), loss, optax.adam(1e-3), jit, data["x"], data["load"])


def torch_(data):
    import torch

    weights = torch_leaves(data, names(data))
    points, load = torch.tensor(data["x"], requires_grad=True), torch.tensor(data["load"])

    def loss():
        deflection = clamped(lambda x: torch_mlp(weights, torch.tanh, x), points)
        biharmonic = torch_laplacian(torch_laplacian(deflection, points), points)
        return (((biharmonic - load) / LOAD_SCALE) ** 2).mean()

    return torch_training(weights, loss, torch.optim.Adam(weights, 1e-3))


WORKLOADS = [
    Workload(f"plate (biharmonic) step, N = 300, {how}", data, _mindspore(own), jax_, torch_, rtol=5e-3)
    for how, own in (("nested", False), ("diffops", True))
]
