"""Inputs that a Cell was told to have by `set_inputs`. What is an error here is one of that type in MindSpore, too."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn

ROWS = Tensor(shape=(None, 3), dtype=ms.float32)


def ones(*shape, dtype=np.float32):
    return Tensor(np.ones(shape, dtype))


class Sum(nn.Cell):
    def construct(self, x, y=None):
        return x * 2 if y is None else x + y


class First(nn.Cell):
    def construct(self, pair):
        return pair[0]


@pytest.fixture(autouse=True)
def graph_mode():
    ms.set_context(mode=ms.GRAPH_MODE)
    yield
    ms.set_context(mode=ms.PYNATIVE_MODE)


@pytest.mark.parametrize(
    ("net", "declared", "given", "error"),
    [
        (Sum, (ROWS,), (ones(2, 3),), None),
        (Sum, (ROWS,), (ones(5, 3),), None),
        (Sum, (ROWS,), (ones(2, 4),), ValueError),
        (Sum, (ROWS,), (ones(3),), ValueError),
        (Sum, (ROWS,), (ones(2, 3, dtype=np.float16),), TypeError),
        (Sum, (ROWS,), (ones(2, 3), ones(2, 3)), ValueError),
        (Sum, (ROWS, ROWS), (ones(2, 3),), ValueError),
        (Sum, (Tensor(shape=None, dtype=ms.float32),), (ones(2, 3, 4),), None),
        (Sum, (ones(2, 3),), (ones(3, 3),), ValueError),
        (Sum, (ROWS, 3), (ones(2, 3), 3), None),
        (Sum, (ROWS, 3), (ones(2, 3), 4), ValueError),
        (First, ((ROWS, ROWS),), ((ones(2, 3), ones(1, 3)),), None),
        (First, ((ROWS, ROWS),), ([ones(2, 3), ones(1, 3)],), ValueError),
        (First, ((ROWS, ROWS),), ((ones(2, 3),) * 3,), ValueError),
        (First, ((ROWS, ROWS),), ((ones(2, 3), ones(2, 4)),), ValueError),
    ],
)
def test_calls_are_held_against_what_was_declared(net, declared, given, error):
    cell = net()
    cell.set_inputs(*declared)
    if error is None:
        cell(*given)
        return
    with pytest.raises(error, match="declared"):
        cell(*given)
    ms.set_context(mode=ms.PYNATIVE_MODE)
    cell(*given)


def test_inputs_by_name():
    cell = Sum()
    cell.set_inputs(x=ROWS)
    assert cell(ones(2, 3), y=ones(2, 3)).shape == (2, 3)
    with pytest.raises(ValueError, match="x was declared"):
        cell(x=ones(2, 4))


@pytest.mark.parametrize(
    ("inputs", "named", "error"),
    [((ROWS,) * 3, {}, TypeError), ((), {"z": ROWS}, ValueError), ((ROWS,), {"y": ROWS}, ValueError)],
)
def test_what_construct_does_not_take(inputs, named, error):
    with pytest.raises(error, match="set_inputs"):
        Sum().set_inputs(*inputs, **named)


def test_what_was_declared_is_given_back():
    cell = Sum()
    assert cell.get_inputs() is None
    cell.set_inputs(ROWS)
    assert cell.get_inputs() == (ROWS,)
