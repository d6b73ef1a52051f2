"""Wrappers of optimizers for many workers; with one worker, all there is here, they leave the step as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msjax.core.kinds import check_is
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.documented import documented_optimizer
from msjax.nn.optim.optimizer import Optimizer


class _Wrapper(Cell):
    """Returns:
        What the optimizer gives.

    Raises:
        TypeError: if it is not an Optimizer.
    """

    def __init__(self, optimizer: Optimizer):
        super().__init__(auto_prefix=False)
        check_is(self.cls_name, "optimizer", optimizer, Optimizer)
        self.optimizer = optimizer

    @property
    def parameters(self) -> Any:
        """The optimizer's."""
        return self.optimizer.parameters

    @property
    def learning_rate(self) -> Any:
        """The optimizer's."""
        return self.optimizer.learning_rate

    def construct(self, grads: Sequence[Tensor]) -> Any:
        """Let the optimizer take its step.

        Args:
            grads: one gradient for each Parameter.

        Returns:
            What the optimizer gives.
        """
        return self.optimizer(grads)


@documented_optimizer
class AdaSumByGradWrapCell(_Wrapper):
    """Adaptive summation (Maleki et al. 2020) of the workers' gradients: of one worker, its gradients.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = nn.AdaSumByGradWrapCell(nn.SGD([w], learning_rate=0.5))((Tensor([1.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """


@documented_optimizer
class AdaSumByDeltaWeightWrapCell(_Wrapper):
    """Adaptive summation (Maleki et al. 2020) of the workers' moves: of one worker, its move.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = nn.AdaSumByDeltaWeightWrapCell(nn.SGD([w], learning_rate=0.5))((Tensor([1.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """


@documented_optimizer
class OptTFTWrapper(_Wrapper):
    """An optimizer that reports the beginning and end of its step to a watcher of workers: here, the optimizer.

    Args:
        opt: the Optimizer.
        kwargs: accepted for compatibility.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = nn.OptTFTWrapper(nn.SGD([w], learning_rate=0.5))((Tensor([1.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    def __init__(self, opt: Optimizer, **kwargs: Any):
        super().__init__(opt)
        self.opt = self.optimizer
