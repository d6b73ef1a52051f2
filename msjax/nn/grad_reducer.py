"""DistributedGradReducer: gradients over all processes."""

from __future__ import annotations

from typing import Any

from msjax.core.context import get_auto_parallel_context
from msjax.device.communication import get_group_size
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP
from msjax.nn.cell import Cell
from msjax.ops.call.operator import Operator
from msjax.ops.collective.sums import sums_over

_SUMS = Operator(sums_over, jit=False)


class DistributedGradReducer(Cell):
    """The sum or mean of gradients over the processes of a group.

    Args:
        parameters: accepted for compatibility.
        mean: whether the sums are divided by `degree`; by default what the parallel context says of `gradients_mean`.
        degree: what they are divided by; by default the number of processes.
        fusion_type: accepted for compatibility: XLA joins what is sent.
        group: the name of the group of processes.

    Inputs:
        grads: a tuple of Tensors.

    Returns:
        A tuple of Tensors.

    Raises:
        ValueError: if `degree` is not a positive number.

    Example:
        >>> print(nn.DistributedGradReducer([], mean=True, degree=1)((Tensor([2.0]),))[0])
        [2.]
    """

    def __init__(
        self, parameters, mean=None, degree=None, fusion_type: Any = 1, group: Any = HCCL_WORLD_COMM_GROUP
    ):
        super().__init__(auto_prefix=False)
        if degree is not None and (not isinstance(degree, int) or degree <= 0):
            raise ValueError(f"For 'DistributedGradReducer', the 'degree' must be an int > 0, but got {degree!r}.")
        self.mean = get_auto_parallel_context("gradients_mean") if mean is None else bool(mean)
        self.degree, self.group = degree or get_group_size(group), group

    def construct(self, grads):
        grads = _SUMS.call(tuple(grads), (self.group,))
        return tuple(g * (1 / self.degree) for g in grads) if self.mean and self.degree != 1 else grads
