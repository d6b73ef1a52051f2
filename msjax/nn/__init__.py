"""Networks: Cell, layers, losses, optimizers, learning-rate schedules."""

from msjax.nn.cell import Cell
from msjax.nn.container import CellDict, CellList, SequentialCell
