"""Steps of training with what `boost` has."""

from __future__ import annotations

from typing import Any

from msjax import nn
from msjax.boost.boost import AutoBoost
from msjax.boost.grad_accumulation import GradientAccumulation
from msjax.boost.grad_freeze import FreezeOpt, freeze_cell
from msjax.core import dtype as mstype
from msjax.core.effects import has_effects
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor


class BoostTrainOneStepCell(nn.TrainOneStepCell):
    """One step of training, as `nn.TrainOneStepCell` does it; with a `FreezeOpt`, of the group whose turn it is; with
    "grad_accumulation" of `AutoBoost`, of the gradients of several steps.

    Args:
        network: a Cell that gives the loss.
        optimizer: an optimizer of its Parameters.
        sens: the cotangent of the loss; None for 1.

    Inputs:
        inputs: what the network takes.

    Returns:
        The loss.

    Example:
        >>> net = nn.WithLossCell(nn.Dense(2, 1, has_bias=False), nn.MSELoss())
        >>> step = ms.boost.BoostTrainOneStepCell(net, nn.SGD(net.trainable_params()))
        >>> step(ops.zeros((4, 2)), ops.zeros((4, 1)))
        Tensor(shape=[], dtype=Float32, value= 0)
    """

    def __init__(self, network: nn.Cell, optimizer: Any, sens: float | Tensor | None = None):
        super().__init__(network, optimizer, 1.0 if sens is None else sens)
        self.auto_boost = AutoBoost()
        self.freeze = isinstance(optimizer, FreezeOpt)
        self.max_accumulation_step = self.auto_boost.grad_accumulation_step
        self.use_grad_accumulation = (
            self.auto_boost.boost_config["grad_accumulation"] and self.max_accumulation_step > 1
        )
        self.train_strategy = getattr(optimizer, "train_strategy", None)
        self.freeze_nets: Any = None
        if self.freeze:
            self.step = Parameter(Tensor(0, mstype.int32), name="step", requires_grad=False)
            self.freeze_nets = freeze_cell(
                self.reducer_flag, network, optimizer, 1.0 if sens is None else sens, self.grad,
                self.use_grad_accumulation, max_accumulation_step=self.max_accumulation_step,
            )  # fmt: skip
        elif self.use_grad_accumulation:
            self.grad_accumulation = GradientAccumulation(self.max_accumulation_step, optimizer)

    def construct(self, *inputs: Any) -> Any:
        """One step.

        Args:
            inputs: those of the network.

        Returns:
            The loss.
        """
        if self.freeze:
            return self.gradient_freeze_process(*inputs)
        if not self.use_grad_accumulation:
            return super().construct(*inputs)
        loss, gradients = self._differentiate(inputs, self.sens if self.sense_flag else None)
        return self.gradient_accumulation_process(loss, self.grad_reducer(gradients), self.sens, *inputs)

    @has_effects
    def gradient_freeze_process(self, *inputs: Any) -> Tensor:
        """A step of the group whose turn it is.

        Args:
            inputs: those of the network.

        Returns:
            The loss.
        """
        step = int(self.step)
        turns = len(self.freeze_nets) if self.train_strategy is None else len(self.train_strategy)
        number = step if self.train_strategy is None else int(self.train_strategy[step])
        loss = self.freeze_nets[number](*inputs)
        self.step.set_data(Tensor((step + 1) % turns, mstype.int32))
        return loss

    def gradient_accumulation_process(self, loss: Tensor, grads: Any, sens: Any, *inputs: Any) -> Tensor:
        """Add gradients up, and give their mean to the optimizer after the last of several steps.

        Args:
            loss: what is returned.
            grads: the gradients.
            sens, inputs: accepted.

        Returns:
            The loss.
        """
        return self.grad_accumulation(loss, grads)

    def check_adasum_enable(self) -> bool:
        """Whether steps of several machines are added by their angles: that takes Ascend chips.

        Returns:
            False.
        """
        return False

    def check_dim_reduce_enable(self) -> bool:
        """Whether steps are looked for in a space of few dimensions: that takes Ascend chips.

        Returns:
            False.
        """
        return False


class BoostTrainOneStepWithLossScaleCell(nn.TrainOneStepWithLossScaleCell):
    """One step of training with a scaled loss, as `nn.TrainOneStepWithLossScaleCell` does it.

    Args:
        network: a Cell that gives the loss.
        optimizer: an optimizer of its Parameters.
        scale_sense: the scale, a Tensor of one element, or a Cell that updates it.

    Inputs:
        inputs: what the network takes.

    Returns:
        (loss, whether there was an overflow, the scale of this step).

    Raises:
        TypeError, ValueError: if `scale_sense` is not as described, or the optimizer is a `FreezeOpt`.

    Example:
        >>> net = nn.WithLossCell(nn.Dense(2, 1), nn.MSELoss())
        >>> optimizer = nn.SGD(net.trainable_params())
        >>> step = ms.boost.BoostTrainOneStepWithLossScaleCell(net, optimizer, Tensor(1024.0))
        >>> loss, overflow, scale = step(ops.ones((4, 2)), ops.ones((4, 1)))
        >>> bool(overflow), float(scale)
        (False, 1024.0)
    """

    def __init__(self, network: nn.Cell, optimizer: Any, scale_sense: Tensor | nn.Cell):
        if isinstance(optimizer, FreezeOpt):
            raise TypeError("Steps with a scaled loss train all layers: give them the optimizer itself.")
        super().__init__(network, optimizer, scale_sense)
