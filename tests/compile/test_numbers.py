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


@pytest.fixture(scope="module", autouse=True)
def numbers_that_have_come_up():
    """An operator keeps arrays of numbers that it has met several of; no program may come to hold one."""
    x = Tensor(np.ones((4, 4), np.float32))
    for p in (0.2, 0.3, 0.1, 0.1, 0.1):
        ops.dropout(x, p)


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


@pytest.mark.parametrize("kind", [ms.grad, ms.jit])
def test_marked_numbers_never_compile_again(kind):
    """What `ms.mutable` marks differs from call to call from the beginning."""
    made = kind(lambda x, slope, n: (ops.leaky_relu(x, slope) * n).sum())
    x = Tensor(np.array([-1.0, 2.0], np.float32))
    for k in range(6):
        result = made(x, ms.mutable(0.25 * k), ms.mutable(k))
        expected = [0.25 * k * k, k] if kind is ms.grad else 2 * k - 0.25 * k * k
        assert np.allclose(result.asnumpy(), expected)
    assert {entry["traces"] for entry in ms.explain(made).data} == {1}


def test_static_numbers_of_operators_are_inputs():
    def loss(x, slope):
        y = ops.leaky_relu(x, slope) + ops.softplus(x, 1 + slope)
        return ops.smooth_l1_loss(y, x, slope, "sum") + ops.elu(x, slope).sum()

    step, x = ms.value_and_grad(loss), Tensor(np.array([-1.0, 2.0], np.float32))
    compiled = [step(x, 0.25 * k) for k in range(1, 8)]
    assert ms.explain(step).data[0]["traces"] <= 2
    ms.set_compile("off")
    try:
        for k, (value, slope) in enumerate(compiled, 1):
            eager = step(x, 0.25 * k)
            np.testing.assert_allclose(value.asnumpy(), eager[0].asnumpy(), 1e-6)
            np.testing.assert_allclose(slope.asnumpy(), eager[1].asnumpy(), 1e-6)
    finally:
        ms.set_compile("auto")
