"""What a workload is, and what several of them share. Imported by the workers of all frameworks: needs only numpy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

Data = dict[str, np.ndarray]
Step = Callable[[], object]


@dataclass(frozen=True)
class Workload:
    """One computation, written once for each framework on the same numbers.

    Args:
        name: as the tables show it.
        data: draws the numbers.
        mindspore: (data, jit) -> step, in MindSpore's API, which msjax runs, too. `jit` is `ms.jit` or does nothing.
        jax: (data, jit) -> step, as a careful author would write it. `jit` is `jax.jit` or does nothing.
        torch: data -> step, for PyTorch eager.
        rtol: how far apart results may be, in parts of the largest.

    A step is called without arguments and gives its results (nested), the last of which end all of its work.
    """

    name: str
    data: Callable[[], Data]
    mindspore: Callable[[Data, Callable], Step]
    jax: Callable[[Data, Callable], Step]
    torch: Callable[[Data], Step]
    rtol: float = 1e-3


class Numbers:
    """Random numbers that are the same in every version of numpy."""

    def __init__(self, seed: int = 0):
        self._random = np.random.RandomState(seed)

    def normal(self, *shape: int, scale: float = 1.0) -> np.ndarray:
        return (self._random.normal(size=shape) * scale).astype(np.float32)

    def classes(self, count: int, n: int) -> np.ndarray:
        return self._random.randint(0, n, count).astype(np.int32)

    def dense(self, sizes: list[int], scale: float = 1.0) -> Data:
        """Weights (out, in) and biases of dense layers, as w0, b0, w1, b1, ..."""
        layers = {}
        for i, (n_in, n_out) in enumerate(pairwise(sizes)):
            layers[f"w{i}"] = self.normal(n_out, n_in, scale=scale / np.sqrt(n_in))
            layers[f"b{i}"] = self.normal(n_out, scale=0.1)
        return layers


def layers_of(data: Data) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(data[f"w{i}"], data[f"b{i}"]) for i in range(sum(name.startswith("w") for name in data))]


# -- training steps: the same optimizers in each framework -----------------------------------------------------------


def mindspore_training(net, loss: Callable, optimizer, jit: Callable, *inputs) -> Step:
    """A step of training: `loss(*inputs)` is differentiated in respect of the net's Parameters."""
    import mindspore as ms

    value_and_grad = ms.value_and_grad(loss, None, optimizer.parameters)

    @jit
    def train(*inputs):
        value, gradients = value_and_grad(*inputs)
        optimizer(gradients)
        return value

    tensors = [ms.Tensor(x) for x in inputs]
    watched = net.trainable_params()[-2]
    return lambda: [train(*tensors), watched]


def jax_training(weights, loss: Callable, optimizer, jit: Callable, *inputs) -> Step:
    """The same for `loss(weights, *inputs)` and an optimizer of optax; weights and state are donated."""
    import jax
    import jax.numpy as jnp
    import optax

    def train(weights, state, *inputs):
        value, gradients = jax.value_and_grad(loss)(weights, *inputs)
        changes, state = optimizer.update(gradients, state, weights)
        return optax.apply_updates(weights, changes), state, value

    compiled = jit(train, donate_argnums=(0, 1))
    arrays = [jnp.asarray(x) for x in inputs]
    weights = jax.tree.map(jnp.array, weights)
    state = optimizer.init(weights)

    def step():
        nonlocal weights, state
        weights, state, value = compiled(weights, state, *arrays)
        return [value, jax.tree.leaves(weights)[-2]]

    return step


def torch_training(weights: list, loss: Callable, optimizer) -> Step:
    """The same for tensors that require gradients."""

    def step():
        optimizer.zero_grad()
        value = loss()
        value.backward()
        optimizer.step()
        return [value, weights[-2]]

    return step


def torch_leaves(data: Data, names) -> list:
    import torch

    return [torch.tensor(data[name], requires_grad=True) for name in names]
