"""Training on what differs in length from step to step: the same losses compiled as eagerly, by few programs."""

import math

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.compile import table
from sampling import sampled

LENGTHS = 9, 14, 11, 15, 10


class Recurrent(nn.Cell):
    def __init__(self):
        super().__init__()
        self.words, self.memory, self.out = nn.Embedding(30, 8), nn.LSTM(8, 16, batch_first=True), nn.Dense(16, 3)

    def construct(self, words):
        return self.out(self.memory(self.words(words))[0][:, -1])


class Transformer(nn.Cell):
    def __init__(self):
        super().__init__()
        self.words, self.places = nn.Embedding(30, 8), Parameter(ops.randn(20, 8))
        self.mixed, self.out, self.norm, self.head = (
            nn.Dense(8, 24),
            nn.Dense(8, 8),
            nn.LayerNorm((8,)),
            nn.Dense(8, 30),
        )
        self.drop, self.causal = nn.Dropout(p=0.2), Tensor(np.tril(np.ones((20, 20), np.float32)))

    def construct(self, words):
        count, length = words.shape
        x = self.words(words) + self.places[:length]
        parts = [p.view(count, length, 2, -1).swapaxes(1, 2) for p in self.mixed(self.norm(x)).chunk(3, -1)]
        scores = ops.matmul(parts[0], parts[1].swapaxes(-1, -2)) / math.sqrt(4)
        scores = ops.softmax(scores.masked_fill(self.causal[:length, :length] == 0, -1e9), -1)
        mixed = ops.matmul(scores, parts[2]).swapaxes(1, 2).reshape(count, length, 8)
        return self.head(x + self.drop(self.out(mixed)))


class Graph(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Dense(4, 8), nn.Dense(8, 1)

    def construct(self, nodes, here, there):
        x = ops.relu(self.first(nodes))
        arrived = ops.unsorted_segment_sum(ops.gather(x, here, 0), there, x.shape[0])
        degree = ops.unsorted_segment_sum(ops.ones((here.shape[0], 1)), there, x.shape[0])
        return self.second(x + arrived / ops.maximum(degree, Tensor(1.0))).mean()


class Pictures(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first, self.norm, self.pool = nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.MaxPool2d(2, 2)
        self.flat, self.out = nn.Flatten(), nn.Dense(64, 3)

    def construct(self, x):
        return self.out(self.flat(self.pool(ops.relu(self.norm(self.first(x))))))


class Sounds(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv1d(2, 4, 3, pad_mode="pad", padding=1), nn.Conv1d(4, 4, 3)
        self.pool, self.out = nn.MaxPool1d(2, 2), nn.Dense(4, 3)

    def construct(self, x):
        return self.out(ops.relu(self.second(self.pool(ops.relu(self.first(x))))).mean(-1))


def words(rng, length, count=4):
    return Tensor(rng.randint(0, 30, (count, length)), ms.int32)


def floats(rng, *shape):
    return Tensor(rng.standard_normal(shape), ms.float32)


def classes(rng, count):
    return Tensor(rng.randint(0, 3, count), ms.int32)


def recurrent():
    net = Recurrent()
    return net, lambda x, y: ops.cross_entropy(net(x), y), lambda rng, n: (words(rng, n), classes(rng, 4))


def transformer():
    net = Transformer()

    def loss(x):
        return ops.cross_entropy(net(x[:, :-1]).reshape(-1, 30), x[:, 1:].reshape(-1))

    return net, loss, lambda rng, n: (words(rng, n),)


def policy():
    net = nn.SequentialCell(nn.Dense(4, 16), nn.Tanh(), nn.Dense(16, 3))

    def loss(states, actions, returns):
        chosen = ops.gather_elements(ops.log_softmax(net(states), -1), 1, actions.reshape(-1, 1)).squeeze(1)
        return -(chosen * (returns - returns.mean()) / (returns.std() + 1e-6)).sum() / states.shape[0]

    return net, loss, lambda rng, n: (floats(rng, n, 4), classes(rng, n), floats(rng, n))


def graph():
    net = Graph()

    def given(rng, n):
        edges = rng.randint(0, n, (2, 2 * n + rng.randint(5)))
        return floats(rng, n, 4), Tensor(edges[0], ms.int32), Tensor(edges[1], ms.int32), floats(rng)

    return net, lambda *graph: (net(*graph[:-1]) - graph[-1]) ** 2, given


def pictures():
    net = Pictures()
    return net, lambda x, y: ops.cross_entropy(net(x), y), lambda rng, n: (floats(rng, n, 2, 8, 8), classes(rng, n))


def sounds():
    net = Sounds()
    return net, lambda x, y: ops.cross_entropy(net(x), y), lambda rng, n: (floats(rng, 4, 2, 2 * n), classes(rng, 4))


def losses(make) -> list[float]:
    ms.set_seed(3)
    net, loss, given = make()
    net.set_train()
    optimizer = nn.Adam(net.trainable_params(), 0.01)
    step, rng, found = ms.value_and_grad(loss, None, optimizer.parameters), np.random.RandomState(1), []
    for length in LENGTHS:
        value, gradients = step(*given(rng, length))
        optimizer(gradients)
        found.append(float(value))
    return found


@pytest.mark.parametrize("make", sampled(6, [policy, recurrent, transformer, graph, pictures, sounds]))
def test_losses(make, monkeypatch):
    monkeypatch.setattr(table, "entries", type(table.entries)())
    compiled = losses(make)
    assert any(entry.seen and entry.variants for entry in table.entries.values())
    ms.set_compile("off")
    try:
        np.testing.assert_allclose(compiled, losses(make), rtol=2e-5)
    finally:
        ms.set_compile("auto")
