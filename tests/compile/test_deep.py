"""What the checks of deep networks cost, and that networks of very many layers compile."""

import sys

import numpy as np
import pytest

import msjax as ms
from contract.run import difference, names, observe
from msjax import Tensor, nn, ops
from msjax.compile import lines, task
from sampling import sampled

X = Tensor(np.ones((1, 2), np.float32))


class Net(nn.Cell):
    def __init__(self, size):
        super().__init__()
        self.layers = nn.CellList([nn.Dense(2, 2) for _ in range(size)])

    def construct(self, x):
        for layer in self.layers:
            x = ops.tanh(layer(x))
        return x.sum()


def lines_of_checks(f) -> int:
    """How many lines of Python run between the beginning of a compiled call and that of its program."""
    lines = 0

    def trace(frame, event, argument):
        nonlocal lines
        if frame.f_code.co_filename == "<guards>" or frame.f_code.co_filename.endswith("many.py"):
            lines += event == "line"
            return trace
        return None

    sys.settrace(trace)
    try:
        f(X)
    finally:
        sys.settrace(None)
    return lines


def compiled_gradient(net):
    f = ms.grad(net, None, net.trainable_params())
    for _ in range(2):
        f(X)
    assert ms.explain(f).compiled, ms.explain(f)
    return f


def test_the_lines_of_the_checks_do_not_grow_with_the_depth():
    shallow, deep = (lines_of_checks(compiled_gradient(Net(size))) for size in (60, 120))
    assert 10 < deep < shallow + 10


def test_a_network_of_480_layers_compiles(monkeypatch):
    monkeypatch.setattr(task, "_FREE", 10_000)  # whether it pays yet is not the matter
    net = Net(480)
    f = compiled_gradient(net)
    assert f(X)[0].shape == (2, 2)
    net.layers[470].weight.set_data(net.layers[470].weight * 0)
    assert np.allclose(f(X)[0], 0)


@pytest.mark.parametrize("name", sampled(5, names("networks")))
def test_networks_checked_in_rows(name, monkeypatch):
    """The programs of the contract about networks, with the checks that deep ones have."""
    monkeypatch.setattr(lines, "_FEW", -1)
    assert not difference(observe("networks", name, "auto"), observe("networks", name, "off"))
