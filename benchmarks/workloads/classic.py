"""A step of MindSpore 1.x: operators as attributes, Cells around Cells, gradients clipped by a map.

`jit` is given the whole step, as GRAPH_MODE would compile it.
"""

from __future__ import annotations

from benchmarks.workload import Workload, layers_of, torch_leaves
from benchmarks.workloads.mlp import SIZES, data, jax_cross_entropy, names, torch_mlp

LIMIT, RATE, MOMENTUM = 0.1, 0.01, 0.9
FEW = [32, 64, 64, 10]


def few():
    """The same network, small: what is measured is the way to the device."""
    return data(FEW, 16)


def many():
    return data(SIZES, 64)


def _classes():
    """The classes of the program."""
    from mindspore import Parameter, Tensor, nn
    from mindspore.ops import composite as C
    from mindspore.ops import functional as F
    from mindspore.ops import operations as P

    class MLP(nn.Cell):
        def __init__(self, layers):
            super().__init__()
            (w0, b0), (w1, b1), (w2, b2) = layers
            self.w0, self.b0 = Parameter(Tensor(w0), name="w0"), Parameter(Tensor(b0), name="b0")
            self.w1, self.b1 = Parameter(Tensor(w1), name="w1"), Parameter(Tensor(b1), name="b1")
            self.w2, self.b2 = Parameter(Tensor(w2), name="w2"), Parameter(Tensor(b2), name="b2")
            self.matmul = P.MatMul(transpose_b=True)
            self.bias_add = P.BiasAdd()
            self.relu = P.ReLU()

        def construct(self, x):
            x = self.relu(self.bias_add(self.matmul(x, self.w0), self.b0))
            x = self.relu(self.bias_add(self.matmul(x, self.w1), self.b1))
            return self.bias_add(self.matmul(x, self.w2), self.b2)

    clip = C.MultitypeFuncGraph("clip")

    @clip.register("Number", "Tensor")
    def _clip(limit, gradient):
        norm = F.sqrt(F.reduce_sum(F.square(gradient)))
        return gradient * (limit / F.maximum(norm, limit))

    class ClippedTrainOneStepCell(nn.TrainOneStepCell):
        def __init__(self, network, optimizer, limit):
            super().__init__(network, optimizer)
            self.gradient = C.GradOperation(get_by_list=True, sens_param=True)
            self.hyper_map = C.HyperMap()
            self.limit = limit

        def construct(self, x, labels):
            loss = self.network(x, labels)
            sens = F.ones_like(loss)
            gradients = self.gradient(self.network, self.weights)(x, labels, sens)
            gradients = self.hyper_map(F.partial(clip, self.limit), gradients)
            return F.depend(loss, self.optimizer(gradients))

    return MLP, ClippedTrainOneStepCell


def mindspore(data, jit):
    from mindspore import Tensor, nn

    MLP, TrainOneStep = _classes()
    net = MLP(layers_of(data))
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    optimizer = nn.Momentum(net.trainable_params(), RATE, MOMENTUM)
    train = TrainOneStep(nn.WithLossCell(net, loss), optimizer, LIMIT)
    train.set_train()
    train = jit(train)
    x, labels, watched = Tensor(data["x"]), Tensor(data["labels"]), net.trainable_params()[-2]
    return lambda: [train(x, labels), watched]


def jax_(data, jit):
    import jax
    import jax.numpy as jnp

    def clipped(gradient):
        return gradient * (LIMIT / jnp.maximum(jnp.sqrt((gradient**2).sum()), LIMIT))

    def train(weights, moments, x, labels):
        value, gradients = jax.value_and_grad(jax_cross_entropy)(weights, x, labels)
        moments = jax.tree.map(lambda m, g: MOMENTUM * m + clipped(g), moments, gradients)
        return jax.tree.map(lambda w, m: w - RATE * m, weights, moments), moments, value

    compiled = jit(train, donate_argnums=(0, 1))
    weights = jax.tree.map(jnp.array, layers_of(data))
    moments = jax.tree.map(jnp.zeros_like, weights)
    x, labels = jnp.asarray(data["x"]), jnp.asarray(data["labels"])

    def step():
        nonlocal weights, moments
        weights, moments, value = compiled(weights, moments, x, labels)
        return [value, jax.tree.leaves(weights)[-2]]

    return step


def torch_(data):
    import torch

    weights = torch_leaves(data, names(data))
    x, labels = torch.tensor(data["x"]), torch.tensor(data["labels"]).long()
    optimizer = torch.optim.SGD(weights, RATE, momentum=MOMENTUM)

    def step():
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(torch_mlp(weights, torch.relu, x), labels)
        value.backward()
        for weight in weights:
            weight.grad *= LIMIT / weight.grad.norm().clamp(min=LIMIT)
        optimizer.step()
        return [value, weights[-2]]

    return step


WORKLOADS = [
    Workload("clipped step of MindSpore 1.x, MLP 784-512-512-10", many, mindspore, jax_, torch_),
    Workload("clipped step of MindSpore 1.x, MLP 32-64-64-10", few, mindspore, jax_, torch_),
]
