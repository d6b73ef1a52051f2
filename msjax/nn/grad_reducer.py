"""Gradients over all processes: DistributedGradReducer, and when a step of training has one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from msjax.core import placement
from msjax.core.context import ParallelMode, get_auto_parallel_context
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.device.communication import get_group_size
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP
from msjax.nn.cell import Cell
from msjax.nn.layer.shape import Identity
from msjax.ops.call.operator import Operator
from msjax.ops.collective.moves import given_by_first
from msjax.ops.collective.sums import all_reduce, sums_over

_REDUCING = (ParallelMode.DATA_PARALLEL, ParallelMode.HYBRID_PARALLEL)
_SUMS, _FROM_FIRST, _REDUCE = (Operator(f, jit=False) for f in (sums_over, given_by_first, all_reduce))


def reduces() -> bool:
    """Whether each step of training is to reduce its gradients, by the parallel context."""
    return get_auto_parallel_context("parallel_mode") in _REDUCING


def reducer_of(parameters: Sequence[Parameter]) -> Cell:
    """What a step of training does with the gradients of Parameters before its optimizer gets them."""
    return DistributedGradReducer(parameters) if reduces() else Identity()


def share(parameters: Sequence[Parameter], group: str = HCCL_WORLD_COMM_GROUP) -> None:
    """Let Parameters have the values that they have on the first process of a group."""
    if parameters and get_group_size(group) > 1:
        values = _FROM_FIRST.call(tuple(parameters), (group,))
        for parameter, value in zip(parameters, values, strict=True):
            parameter.set_data(value)


def on_any(flag: Tensor) -> Tensor:
    """Whether a bool is true on any process."""
    return _REDUCE.call((flag.astype(jnp.int32),), ("max", HCCL_WORLD_COMM_GROUP)).astype(bool)


class DistributedGradReducer(Cell):
    """The sum or mean of gradients over the processes of a group.

    In the parallel modes "data_parallel" and "hybrid_parallel" Parameters get the values that they have on the first
    process, so that all begin with the same.

    Args:
        parameters: the Parameters that the gradients belong to.
        mean: whether the sums are divided by `degree`; by default what the parallel context says of `gradients_mean`.
        degree: what they are divided by; by default the number of all processes.
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

    def __init__(self, parameters, mean=None, degree=None, fusion_type: Any = 1, group: Any = HCCL_WORLD_COMM_GROUP):
        super().__init__(auto_prefix=False)
        if degree is not None and (not isinstance(degree, int) or degree <= 0):
            raise ValueError(f"For 'DistributedGradReducer', the 'degree' must be an int > 0, but got {degree!r}.")
        self.mean = get_auto_parallel_context("gradients_mean") if mean is None else bool(mean)
        self.degree, self.group = degree or get_group_size(), group
        if reduces():
            share([p for p in parameters if isinstance(p, Parameter)], group)

    def construct(self, grads):
        if placement.mesh() is not None:  # on several devices of one process they are those of the whole batch
            return grads
        grads = _SUMS.call(tuple(grads), (self.group,))
        return tuple(g * (1 / self.degree) for g in grads) if self.mean and self.degree != 1 else grads
