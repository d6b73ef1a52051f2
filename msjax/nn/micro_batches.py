"""Cells that take a batch in pieces: gradient accumulation, and what MindSpore needs for pipelines and interleaving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msjax import log
from msjax.core.cells import is_cell
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.tensor import Tensor
from msjax.core.watching import seen
from msjax.nn.cell import Cell
from msjax.nn.container import CellList


class _MicroBatch(Cell):
    """One piece of each of the inputs, by its number."""

    def __init__(self, pieces: int):
        super().__init__()
        self.pieces = pieces

    def construct(self, number, *inputs):
        return tuple(self._piece(number, value) for value in inputs)

    def _piece(self, number: int, value: Any) -> Any:
        if not isinstance(value, Tensor) or not value.ndim:
            return value
        if value.shape[0] % self.pieces:
            raise ValueError(
                f"For micro batch initialization, the 0th dimension shape of input({value.shape[0]}) must be divided "
                f"by micro size({self.pieces})"
            )
        rows = value.shape[0] // self.pieces
        return value[rows * number : rows * (number + 1)]


def _check_pieces(owner: str, name: str, pieces: Any) -> None:
    if type(pieces) is not int:
        raise TypeError(f"For '{owner}', the argument '{name}' must be integer, but got the type : {type(pieces)}.")
    if pieces < 1:
        raise ValueError(f"For '{owner}', the argument '{name}' must be large than 0, but got {pieces}.")


def _check_network(owner: str, network: Any) -> None:
    if not is_cell(network):
        raise TypeError(f"For '{owner}', the argument 'network' must cell type, but got the type : {type(network)}.")


def _summed(pieces: CellList, network: Cell, inputs: tuple) -> Any:
    """The sum of what a network gives for each piece of its inputs."""
    total = None
    for number, piece in enumerate(pieces):
        value = seen(network)(*piece(number, *inputs))
        total = value if total is None else total + value
    return total


class GradAccumulationCell(Cell):
    """A network taken over the pieces of a batch: the sum of its values, so gradients are the sums over the pieces.

    Args:
        network: what is called with each piece.
        micro_size: how many pieces each input is cut into, along its first axis.

    Inputs:
        inputs: as the network takes them.

    Returns:
        The sum of what the network gives for the pieces.

    Raises:
        TypeError: if `network` is no Cell, or `micro_size` no int.
        ValueError: if `micro_size` is not positive, or does not divide the first axis.

    Example:
        >>> net = nn.GradAccumulationCell(nn.WithLossCell(nn.ReLU(), nn.MSELoss()), 2)
        >>> net(ops.ones((4, 2)), ops.zeros((4, 2)))
        Tensor(shape=[], dtype=Float32, value= 2)
    """

    def __init__(self, network: Cell, micro_size: int):
        super().__init__(auto_prefix=False)
        _check_network(type(self).__name__, network)
        _check_pieces(type(self).__name__, "micro_size", micro_size)
        self.network, self.micro_size = network, micro_size
        self.micro_inputs = CellList([_MicroBatch(micro_size) for _ in range(micro_size)])

    def construct(self, *inputs: Any) -> Any:
        return _summed(self.micro_inputs, self.network, inputs)


class PipelineCell(Cell):
    """A network taken over the pieces of a batch, as MindSpore's pipelines need it: the sum of its values.

    The stages of a pipeline are accepted and noted on the Cells; all of them run where the program runs, since XLA
    divides programs by Tensors.

    Args:
        network: what is called with each piece.
        micro_size: how many pieces each input is cut into, along its first axis.
        stage_config: the stage of each of the Cells in the network, by their names; None if they have theirs.
        segment_config: the segment of each of them; accepted.

    Inputs:
        inputs: as the network takes them.

    Returns:
        The sum of what the network gives for the pieces.

    Raises:
        TypeError: if `network` is no Cell, or `micro_size` no int.
        ValueError: if `micro_size` is not positive, or does not divide the first axis.
        KeyError: if a Cell in `stage_config` or `segment_config` is not in the network.

    Example:
        >>> net = nn.PipelineCell(nn.WithLossCell(nn.ReLU(), nn.MSELoss()), 2)
        >>> net(ops.ones((4, 2)), ops.zeros((4, 2)))
        Tensor(shape=[], dtype=Float32, value= 2)
    """

    def __init__(
        self,
        network: Cell,
        micro_size: int,
        stage_config: dict[str, int] | None = None,
        segment_config: dict[str, int] | None = None,
    ):
        super().__init__(auto_prefix=False)
        _check_network("PipelineCell", network)
        _check_pieces("PipelineCell", "micro_size", micro_size)
        self.network, self.micro_size = network, micro_size
        self.micro_inputs = CellList([_MicroBatch(micro_size) for _ in range(micro_size)])
        cells = dict(network.cells_and_names())
        for what, config in (("stage_config", stage_config), ("segment_config", segment_config)):
            for name, number in (config or {}).items():
                if name not in cells:
                    raise KeyError(
                        f"For 'PipelineCell', the argument '{what}' : {config} is not found in 'network' : {network}"
                    )
                setattr(cells[name], f"pipeline_{what.removesuffix('_config')}", number)
        if stage_config:
            log.info("The stages of a pipeline have no effect: XLA divides programs by Tensors.")

    def construct(self, *inputs: Any) -> Any:
        return _summed(self.micro_inputs, self.network, inputs)


class MicroBatchInterleaved(Cell):
    """A network taken over the pieces of a batch: the sum of its values. XLA decides what runs at the same time.

    Args:
        network: what is called with each piece.
        interleave_num: how many pieces each input is cut into, along its first axis.

    Inputs:
        inputs: as the network takes them.

    Returns:
        The sum of what the network gives for the pieces.

    Raises:
        TypeError: if `interleave_num` is no int.
        ValueError: if it is not positive, or does not divide the first axis.

    Example:
        >>> net = nn.MicroBatchInterleaved(nn.WithLossCell(nn.ReLU(), nn.MSELoss()), 2)
        >>> net(ops.ones((4, 2)), ops.zeros((4, 2)))
        Tensor(shape=[], dtype=Float32, value= 2)
    """

    def __init__(self, network: Cell, interleave_num: int = 2):
        super().__init__(auto_prefix=False)
        _check_pieces("MicroBatchInterleaved", "interleave_num", interleave_num)
        self.network, self.interleave_num = network, interleave_num
        self.interleave_inputs = CellList([_MicroBatch(interleave_num) for _ in range(interleave_num)])

    def construct(self, *inputs: Any) -> Any:
        return _summed(self.interleave_inputs, self.network, inputs)


class PipelineGradReducer(Cell):
    """The gradients of a pipeline, divided by the scale of the loss: one program computes those of all stages.

    Args:
        parameters: what the gradients are of.
        scale_sense: the scale of the loss.
        opt_shard: accepted.

    Inputs:
        grads: a tuple of Tensors.

    Returns:
        A tuple of Tensors.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> reduce = nn.PipelineGradReducer(ParameterTuple(net.trainable_params()), scale_sense=2.0)
        >>> print(reduce((Tensor([[2.0, 4.0]]), Tensor([6.0])))[1])
        [3.]
    """

    def __init__(self, parameters: Sequence[Parameter], scale_sense: Any = 1.0, opt_shard: Any = None):
        super().__init__(auto_prefix=False)
        self.accu_grads = ParameterTuple(parameters).clone(prefix="accu_grads", init="zeros")
        self.scale_sense = Parameter(scale_sense, name="scale_sense")

    def construct(self, grads: Sequence[Tensor]) -> tuple[Tensor, ...]:
        return tuple(g / self.scale_sense for g in grads)
