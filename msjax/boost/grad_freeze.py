"""Layers that are trained by turns: the first ones are frozen in most steps, whose gradients are then not computed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from msjax import nn, ops
from msjax.boost.base import ParameterProcess
from msjax.boost.grad_accumulation import GradientAccumulation
from msjax.core import dtype as mstype
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.nn.optim.optimizer import made_anew, made_with

CONTINUOUS_STRATEGY, INTERVAL_STRATEGY = 0, 1


class FreezeOpt(nn.Cell):
    """An optimizer for each of several groups of Parameters.

    Args:
        opt: the optimizer that these are made like.
        train_parameter_groups: the groups, lists of Parameters or of dicts as optimizers take them; None for one of
            all.
        train_strategy: the number of the group that is trained, for each step; None for one group after the other.

    Raises:
        TypeError, ValueError: if an argument is not as described.

    Example:
        >>> weight, bias = nn.Dense(2, 3).trainable_params()
        >>> optimizer = ms.boost.FreezeOpt(nn.SGD([weight, bias]), [[weight, bias], [bias]], [0, 1, 1])
        >>> [len(one.parameters) for one in optimizer.opts]
        [2, 1]
    """

    def __init__(self, opt: Any, train_parameter_groups: Any = None, train_strategy: Any = None):
        super().__init__()
        if not isinstance(opt, nn.Optimizer):
            raise TypeError(f"The first arg 'opt' must be an Optimizer instance, but got {type(opt)}")
        if train_strategy is not None and train_parameter_groups is None:
            raise ValueError("With a 'train_strategy' there must be 'train_parameter_groups', too.")
        inner = opt.opt if isinstance(opt, nn.LARS) else opt
        self.is_lars, self.parameters = isinstance(opt, nn.LARS), inner.parameters
        self.train_strategy = _strategy(train_strategy)
        groups = [tuple(self.parameters)] if train_parameter_groups is None else train_parameter_groups
        for group in (groups, *(groups if isinstance(groups, list | tuple) else ())):
            if not isinstance(group, list | tuple):
                raise TypeError(
                    "The 'train_parameter_groups' must be a tuple or list of tuples or lists, but got "
                    f"{type(group).__name__}."
                )
        self.groups_num = len(groups)
        self.opts = [self._of(opt, inner, list(group)) for group in groups]

    def _of(self, opt: Any, inner: nn.Optimizer, group: list) -> Any:
        optimizer = made_anew(inner, group)
        return nn.LARS(**{**made_with(opt), "optimizer": optimizer}) if self.is_lars else optimizer


def _strategy(steps: Any) -> Tensor | None:
    if isinstance(steps, list | tuple):
        if not all(isinstance(step, int) for step in steps):
            raise ValueError("The elements of 'train_strategy' must be ints.")
        return Tensor(steps, mstype.int32)
    if isinstance(steps, Tensor) and (steps.ndim != 1 or steps.dtype is not mstype.int32):
        raise ValueError("A 'train_strategy' that is a Tensor must be of one axis and of int32.")
    if steps is not None and not isinstance(steps, Tensor):
        raise TypeError(f"The 'train_strategy' must be None, a tuple, list or Tensor, but got {type(steps).__name__}.")
    return steps


class _TrainFreezeCell(nn.Cell):
    """A step that trains one group: only its gradients are computed."""

    def __init__(self, net, sens, grad, grad_reducer, use_grad_accumulation, optimizer, max_accumulation_step=1):
        super().__init__(auto_prefix=False)
        self.net, self.grad, self.grad_reducer, self.opt, self.sens = net, grad, grad_reducer, optimizer, sens
        self.parameters = optimizer.parameters
        self.grad_accumulation = (
            GradientAccumulation(max_accumulation_step, optimizer) if use_grad_accumulation else None
        )

    def construct(self, *inputs):
        loss = self.net(*inputs)
        gradients = self.grad(self.net, self.parameters)(*inputs, ops.full_like(loss, self.sens))
        gradients = self.grad_reducer(gradients)
        if self.grad_accumulation is not None:
            return self.grad_accumulation(loss, gradients)
        self.opt(gradients)
        return loss


class GradientFreeze:
    """Decides which layers are trained in which step.

    Args:
        param_groups: how many groups of layers there are; the first has all, each next one fewer of the first layers.
        freeze_type: 0 for steps of all layers, then one of each group; 1 for steps of all and of a random group by
            turns.
        freeze_p: the part of steps that train all layers.
        total_steps: how many steps there are.

    Example:
        >>> freeze = ms.boost.GradientFreeze(4, 0, 0.5, 10)
        >>> freeze.generate_freeze_index_sequence(4, 0, 0.5, 10)
        [0, 0, 0, 1, 2, 3, 0, 0, 0, 1, 2, 3]
    """

    def __init__(self, param_groups: int, freeze_type: int, freeze_p: float, total_steps: int):
        self._param_groups, self._freeze_type = param_groups, freeze_type
        self._freeze_p, self._total_steps = freeze_p, total_steps

    def split_parameters_groups(self, net: nn.Cell, freeze_para_groups_number: int) -> list[list[Parameter]]:
        """The groups: all Parameters, then ever fewer of the first ones.

        Args:
            net: the network.
            freeze_para_groups_number: how many groups.

        Returns:
            Lists of Parameters.
        """
        layers: list[list[Parameter]] = [[]]
        for parameter in net.trainable_params():
            belongs = "bn" in parameter.name or "bias" in parameter.name
            if not belongs and len(layers[-1]) >= 3:
                layers.append([])
            layers[-1].append(parameter)
        layers = layers if layers[0] else []
        stride = len(layers) // freeze_para_groups_number
        return [list(chain(*layers[i * stride :])) for i in range(freeze_para_groups_number)]

    def generate_freeze_index_sequence(
        self, parameter_groups_number: int, freeze_strategy: int, freeze_p: float, total_steps: int
    ) -> list[int]:
        """The number of the group that is trained, for each step; a hundredth more than there are steps.

        Args:
            parameter_groups_number: how many groups.
            freeze_strategy, freeze_p, total_steps: as `freeze_type` and so on of the class.

        Returns:
            A list of ints.

        Raises:
            ValueError: for another `freeze_strategy`.
        """
        length = int(total_steps * 1.01)
        if parameter_groups_number <= 1:
            return [0] * length
        others = range(1, parameter_groups_number)
        if freeze_strategy == CONTINUOUS_STRATEGY:
            whole = int(freeze_p * (parameter_groups_number - 1) // (1 - freeze_p) + 0.5)
            round_ = [0] * whole + list(others)
            return round_ * -(-length // len(round_))
        if freeze_strategy != INTERVAL_STRATEGY:
            raise ValueError(f"Unsupported freezing training strategy '{freeze_strategy}'")
        chances = [i / sum(others) for i in others]
        steps = [0]
        while len(steps) < length:
            frozen = sum(step > 0 for step in steps) / len(steps)
            steps.append(int(np.random.choice(others[::-1], p=chances)) if frozen < 1 - freeze_p else 0)
        return steps

    def freeze_generate(self, network: nn.Cell, optimizer: Any) -> tuple[nn.Cell, FreezeOpt]:
        """The network, and an optimizer for `BoostTrainOneStepCell`.

        Args:
            network: the network.
            optimizer: an optimizer of its Parameters.

        Returns:
            The network, and a `FreezeOpt`.
        """
        inner = optimizer.opt if isinstance(optimizer, nn.LARS) else optimizer
        origin = made_with(inner)["params"]
        groups = [
            ParameterProcess.generate_group_params(group, origin)
            for group in self.split_parameters_groups(network, self._param_groups)
        ]
        steps = self.generate_freeze_index_sequence(
            self._param_groups, self._freeze_type, self._freeze_p, self._total_steps
        )
        return network, FreezeOpt(optimizer, groups, steps)


def freeze_cell(
    reducer_flag: bool, network: nn.Cell, optimizer: FreezeOpt, sens: float | Tensor, grad: Any,
    use_grad_accumulation: bool, mean: bool | None = None, degree: int | None = None, max_accumulation_step: int = 1,
) -> Sequence[nn.Cell]:  # fmt: skip
    """A step for each group of an optimizer.

    Args:
        reducer_flag: whether gradients are reduced over processes.
        network: a Cell that gives the loss.
        optimizer: the `FreezeOpt`.
        sens: the cotangent of the loss.
        grad: a `GradOperation` with `get_by_list` and `sens_param`.
        use_grad_accumulation: whether gradients are added up.
        mean, degree: as of `nn.DistributedGradReducer`.
        max_accumulation_step: over how many steps.

    Returns:
        A tuple of Cells.

    Example:
        >>> net = nn.WithLossCell(nn.Dense(2, 1), nn.MSELoss())
        >>> optimizer = ms.boost.FreezeOpt(nn.SGD(net.trainable_params()))
        >>> grad = ops.GradOperation(get_by_list=True, sens_param=True)
        >>> len(ms.boost.freeze_cell(False, net, optimizer, 1.0, grad, False))
        1
    """

    def reducer(one) -> Any:
        return nn.DistributedGradReducer(one.parameters, mean, degree) if reducer_flag else nn.Identity()

    return tuple(
        _TrainFreezeCell(network, sens, grad, reducer(one), use_grad_accumulation, one, max_accumulation_step)
        for one in optimizer.opts
    )
