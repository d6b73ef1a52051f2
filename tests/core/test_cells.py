"""Rooms below that of the networks know a Cell when they see one."""

import msjax as ms
from msjax import nn
from msjax.core.cells import is_cell, is_cell_class


class Net(nn.Cell):
    def construct(self, x):
        return x


def test_cells_are_told_from_classes_and_functions():
    assert is_cell(Net()) and is_cell(nn.Dense(1, 1)) and is_cell(nn.Adam(nn.Dense(1, 1).trainable_params()))
    assert not any(map(is_cell, (Net, nn.Cell, Net.construct, ms.jit(Net()), ms.Tensor(1), None)))
    assert is_cell_class(Net) and is_cell_class(nn.Cell) and not is_cell_class(ms.Tensor)
