"""Gradients added up over several steps, of which the optimizer sees the mean."""

from __future__ import annotations

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.effects import has_effects
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.nn import Cell


def gradient_accumulation_op(accumulation_step: int, cumulative_grad: Tensor, grad: Tensor) -> Tensor:
    """Add a part of a gradient, one by `accumulation_step`, to a sum.

    Args:
        accumulation_step: of how many steps this is one.
        cumulative_grad: the sum, which is changed.
        grad: the gradient.

    Returns:
        The sum.
    """
    return cumulative_grad.assign_value(cumulative_grad + grad / accumulation_step)


def gradient_clear_op(cumulative_grad: Tensor) -> Tensor:
    """Begin a sum anew at 0.

    Args:
        cumulative_grad: the sum, which is changed.

    Returns:
        The sum.
    """
    return cumulative_grad.assign_value(ops.zeros_like(cumulative_grad))


class GradientAccumulation(Cell):
    """Adds gradients up, and gives their mean to the optimizer after so many steps.

    Args:
        max_accumulation_step: how many.
        optimizer: the optimizer.

    Inputs:
        loss: what is returned.
        grads: the gradients of the optimizer's Parameters.

    Returns:
        `loss`.

    Raises:
        TypeError, ValueError: if `max_accumulation_step` is no positive int.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> add = ms.boost.GradientAccumulation(2, nn.SGD([w], learning_rate=0.5))
        >>> for gradient in (1.0, 3.0):
        ...     _ = add(Tensor(0.0), (Tensor([gradient]),))
        >>> w.asnumpy()
        array([0.], dtype=float32)
    """

    @takes(max_accumulation_step="int > 0")
    def __init__(self, max_accumulation_step: int, optimizer):
        super().__init__()
        self._max_accumulation_step = max_accumulation_step
        self.optimizer = optimizer
        self.hyper_map = ops.HyperMap()  # looked for by classes that derive from this one
        self.weights = optimizer.parameters
        self._grad_accumulation = self.weights.clone(prefix="grad_accumulation", init="zeros")
        self._accumulation_step = Parameter(Tensor(0, mstype.int32), name="accumulation_step", requires_grad=False)

    @has_effects
    def construct(self, loss, grads):
        for cumulative, grad in zip(self._grad_accumulation, grads, strict=True):
            gradient_accumulation_op(self._max_accumulation_step, cumulative, grad)
        self._accumulation_step += 1
        if self._accumulation_step >= self._max_accumulation_step:
            self.optimizer(tuple(self._grad_accumulation))
            for cumulative in self._grad_accumulation:
                gradient_clear_op(cumulative)
            self._accumulation_step.assign_value(Tensor(0, mstype.int32))
        return loss
