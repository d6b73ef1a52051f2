"""Wrappers of optimizers for many workers; with one worker, all there is here, they leave the step as it is."""

from __future__ import annotations

from msjax.nn.cell import Cell
from msjax.nn.optim.optimizer import Optimizer


class _Wrapper(Cell):
    def __init__(self, optimizer):
        super().__init__(auto_prefix=False)
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                f"For '{self.cls_name}', 'optimizer' must be an Optimizer, but got {type(optimizer).__name__}."
            )
        self.optimizer = optimizer

    @property
    def parameters(self):
        """The optimizer's."""
        return self.optimizer.parameters

    @property
    def learning_rate(self):
        """The optimizer's."""
        return self.optimizer.learning_rate

    def construct(self, grads):
        return self.optimizer(grads)


class AdaSumByGradWrapCell(_Wrapper):
    """Adaptive summation (Maleki et al. 2020) of the workers' gradients: of one worker, its gradients.

    Args:
        optimizer: the Optimizer that takes the step.

    Raises:
        TypeError: if it is not an Optimizer.
    """


class AdaSumByDeltaWeightWrapCell(_Wrapper):
    """Adaptive summation (Maleki et al. 2020) of the workers' moves: of one worker, its move.

    Args:
        optimizer: the Optimizer that takes the step.

    Raises:
        TypeError: if it is not an Optimizer.
    """


class OptTFTWrapper(_Wrapper):
    """An optimizer that reports the beginning and end of its step to a watcher of workers: here, the optimizer.

    Args:
        opt: the Optimizer.
        kwargs: accepted for compatibility.

    Raises:
        TypeError: if it is not an Optimizer.
    """

    def __init__(self, opt, **kwargs):
        super().__init__(opt)
        self.opt = self.optimizer
