"""DistributedGradReducer: gradients over all processes."""

from __future__ import annotations

from typing import Any

import jax

from msjax.nn.cell import Cell


class DistributedGradReducer(Cell):
    """The sum or mean of gradients over all processes. There is one: its own gradients.

    Args:
        parameters: accepted for compatibility.
        mean: whether the gradients are divided by `degree`.
        degree: how many processes there are.
        fusion_type, group: accepted for compatibility.

    Inputs:
        grads: a tuple of Tensors.

    Returns:
        A tuple of Tensors.

    Raises:
        RuntimeError: when called, if there are several processes: let JAX distribute the arrays instead.

    Example:
        >>> print(nn.DistributedGradReducer([], mean=True, degree=1)((Tensor([2.0]),))[0])
        [2.]
    """

    def __init__(self, parameters, mean=None, degree=None, fusion_type: Any = 1, group: Any = "hccl_world_group"):
        super().__init__(auto_prefix=False)
        self.mean, self.degree = bool(mean), degree or 1

    def construct(self, grads):
        if jax.process_count() > 1:
            raise RuntimeError(
                "'DistributedGradReducer' serves one process; gradients of arrays that JAX distributes over devices "
                "and processes need no reducer, see docs/jax.md."
            )
        return tuple(g / self.degree for g in grads) if self.mean and self.degree != 1 else grads
