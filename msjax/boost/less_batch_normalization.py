"""Networks with normalized last layers in place of batch normalization."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.nn import Cell, Dense, SequentialCell
from msjax.nn.initializer import initializer


class CommonHeadLastFN(Cell):
    """A dense layer of rows and weights that are of length 1, times one number that is trained.

    Args:
        in_channels, out_channels: the lengths of rows before and after.
        weight_init, bias_init: as of `nn.Dense`.
        has_bias: whether there is a bias.

    Inputs:
        x: (batch, in_channels).

    Returns:
        (batch, out_channels).

    Example:
        >>> layer = ms.boost.less_batch_normalization.CommonHeadLastFN(2, 1, Tensor([[3.0, 4.0]]))
        >>> layer(Tensor([[0.0, 2.0]])).shape
        (1, 1)
    """

    @takes(in_channels="int > 0", out_channels="int > 0", has_bias="bool")
    def __init__(
        self, in_channels, out_channels, weight_init: Any = "normal", bias_init: Any = "zeros", has_bias: bool = True
    ):
        super().__init__()
        self.weight = Parameter(initializer(weight_init, [out_channels, in_channels]), name="weight")
        self.multiplier = Parameter(Tensor([1.0], mstype.float32), name="multiplier")
        self.has_bias = has_bias
        self.bias = Parameter(initializer(bias_init, [out_channels]), name="bias") if has_bias else None

    def construct(self, x):
        normalize = ops.L2Normalize(axis=1)
        y = ops.matmul(normalize(x), normalize(self.weight).T)
        return self.multiplier * (y if self.bias is None else y + self.bias)


class LessBN(Cell):
    """A network whose last dense layers are normalized ones, if that is wanted.

    MindSpore's compiler for Ascend leaves out batch normalization besides; here it stays.

    Args:
        network: the network, which is changed.
        fn_flag: whether the last `nn.Dense` of each Cell is exchanged.

    Inputs:
        inputs: those of the network.

    Returns:
        What the network gives.

    Example:
        >>> net = ms.boost.LessBN(nn.SequentialCell(nn.Dense(2, 3), nn.Dense(3, 2)), fn_flag=True)
        >>> type(net.network[1]).__name__
        'CommonHeadLastFN'
    """

    @takes(fn_flag="bool")
    def __init__(self, network: Cell, fn_flag: bool = False):
        super().__init__()
        self.network = network
        if fn_flag:
            _exchange_last(network)

    def construct(self, *inputs):
        return self.network(*inputs)


def _exchange_last(net: Cell) -> None:
    """Exchange the last dense layer of a Cell, and of those in it."""
    last = None
    for name, cell in net.name_cells().items():
        if isinstance(cell, Dense):
            last = name, cell
        else:
            _exchange_last(cell)
    if last is not None:
        name, dense = last
        layer = CommonHeadLastFN(dense.in_channels, dense.out_channels, dense.weight, has_bias=False)
        if isinstance(net, SequentialCell):
            net[int(name)] = layer
        else:
            setattr(net, name, layer)
