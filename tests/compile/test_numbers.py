"""No float64 in a float32 program: not of an array, not of a number."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.compile import program


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layers = nn.SequentialCell(
            nn.Dense(4, 8), nn.GELU(), nn.LayerNorm((8,)), nn.Dropout(p=0.1), nn.Dense(8, 8), nn.Tanh(), nn.Dense(8, 1)
        )

    def construct(self, x):
        return ops.clamp(self.layers(x) * 0.5 + 1.5, -2.0, 2.5) / 3


@pytest.mark.parametrize("optimizer", ["SGD", "Momentum", "Adam", "AdamWeightDecay"])
def test_a_train_step(optimizer, monkeypatch):
    net = Net().set_train()
    options = {"momentum": 0.9} if optimizer == "Momentum" else {}
    update = getattr(nn, optimizer)(net.trainable_params(), learning_rate=0.01, **options)
    loss = nn.MSELoss()
    value_and_grad = ms.value_and_grad(lambda x, y: loss(net(x), y), None, net.trainable_params())

    def step(x, y):
        value, gradients = value_and_grad(x, y)
        update(gradients)
        return value

    programs = []
    traced = program.Program._traced
    monkeypatch.setattr(program.Program, "_traced", lambda *given: programs.append(traced(*given)) or programs[-1])
    ms.jit(step)(Tensor(np.ones((16, 4), np.float32)), Tensor(np.zeros((16, 1), np.float32)))
    _, jaxpr = programs[-1]
    assert "f64" not in str(jaxpr)
    assert "f32[16,8]" in str(jaxpr)


def test_float64_keeps_its_digits():
    x = Tensor(np.array([1.0]))
    assert float(ms.jit(lambda x: x * 0.1)(x)) == 0.1 == float(x * 0.1)
