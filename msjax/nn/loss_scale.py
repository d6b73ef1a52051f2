"""Training with a scaled loss, so that small float16 gradients do not vanish, and steps skipped when one overflows."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from msjax import ops
from msjax.autodiff.tree import tensors_in
from msjax.core import dtype as mstype
from msjax.core import trace, watching
from msjax.core.effects import only_computes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.nn.cell import Cell
from msjax.nn.grad_reducer import on_any
from msjax.nn.wrap import TrainOneStepCell
from msjax.ops.control.maps import HyperMap


def finite(tensors) -> Tensor:
    """Whether all elements of all Tensors, nested in tuples, lists and dicts, are finite."""
    return wrap(jnp.stack([jnp.all(jnp.isfinite(raw(t))) for t in tensors_in(tensors)]).all())


def next_scale(scale, overflow, good_steps, factor, window, where=jnp.where):
    """The scale after a step: divided by `factor`, but not below 1, after an overflow; else multiplied with it when
    `window` steps without one are over. The one rule of all that change scales of losses.

    Args:
        good_steps: steps without overflow since the scale last changed, with this one.
        where: chooses by a condition; `if_else` for Python numbers.
    """
    smaller = scale / factor
    larger = where(good_steps >= window, scale * factor, scale)
    return where(overflow, where(smaller > 1, smaller, 1), larger)


def if_else(condition, a, b):
    """`jnp.where` for Python numbers."""
    return a if condition else b


class DynamicLossScaleUpdateCell(Cell):
    """Divide the scale after an overflow, multiply it after a number of steps without.

    Args:
        loss_scale_value: the scale to begin with.
        scale_factor: what it is multiplied with or divided by, an int; the scale does not fall below 1.
        scale_window: steps in a row without overflow after which it grows.

    Example:
        >>> update, scale = nn.DynamicLossScaleUpdateCell(16, 2, 100), Parameter(Tensor(16.0))
        >>> overflow = update(scale, Tensor(True))
        >>> scale.item()
        8.0
    """

    def __init__(self, loss_scale_value: float, scale_factor: int, scale_window: int):
        super().__init__()
        self.scale_window, self.scale_factor = int(scale_window), int(scale_factor)
        self.loss_scale_value, self.minimum_loss_scale = loss_scale_value, 1.0
        self.cur_iter = Parameter(Tensor(1, mstype.int32), name="current_iterator_step")
        self.last_overflow_iter = Parameter(Tensor(0, mstype.int32), name="last_overflow_iterator_step")

    def get_loss_scale(self) -> float:
        """The scale to begin with."""
        return self.loss_scale_value

    def construct(self, loss_scale: Parameter, overflow: Tensor) -> Any:
        """Update the scale after a step.

        Args:
            loss_scale: the scale, which is written to.
            overflow: whether the step had an overflow; of one bool.

        Returns:
            `overflow`.
        """
        step, last, scale, bad = (raw(t) for t in (self.cur_iter, self.last_overflow_iter, loss_scale, overflow))
        changes = bad | (step - last >= self.scale_window)
        rebind(loss_scale, next_scale(scale, bad, step - last, self.scale_factor, self.scale_window))
        rebind(self.last_overflow_iter, jnp.where(changes, step, last))
        rebind(self.cur_iter, step + 1)
        return overflow


class FixedLossScaleUpdateCell(Cell):
    """Keep the scale.

    Args:
        loss_scale_value: the scale.

    Example:
        >>> nn.FixedLossScaleUpdateCell(8)(Tensor(8.0), Tensor(True))
        Tensor(shape=[], dtype=Bool, value= True)
    """

    def __init__(self, loss_scale_value: float):
        super().__init__()
        self.loss_scale_value = loss_scale_value

    def get_loss_scale(self) -> float:
        """The scale."""
        return self.loss_scale_value

    def construct(self, _: Tensor, overflow: Tensor) -> Any:
        """Do nothing.

        Args:
            _: the scale.
            overflow: whether the step had an overflow.

        Returns:
            `overflow`.
        """
        return overflow


class TrainOneStepWithLossScaleCell(TrainOneStepCell):
    """One step of training with a scaled loss; a step whose gradients overflow changes no weight.

    Args:
        network: a Cell that gives the loss.
        optimizer: an optimizer of its Parameters.
        scale_sense: the scale, a Tensor of one element, or a Cell that updates it.

    Raises:
        TypeError: if `scale_sense` is neither a Cell nor a Tensor.
        ValueError: if it has more than one element.

    Example:
        >>> net = nn.WithLossCell(nn.Dense(2, 1), nn.MSELoss())
        >>> step = nn.TrainOneStepWithLossScaleCell(net, nn.SGD(net.trainable_params()), Tensor(1024.0))
        >>> loss, overflow, scale = step(ops.ones((4, 2)), ops.ones((4, 1)))
        >>> bool(overflow), float(scale)
        (False, 1024.0)
    """

    def __init__(self, network: Cell, optimizer: Any, scale_sense: Tensor | Cell):
        super().__init__(network, optimizer, sens=None)
        self.loss_scaling_manager = None
        if isinstance(scale_sense, Cell):
            self.loss_scaling_manager = scale_sense
            scale_sense = Tensor(scale_sense.get_loss_scale(), mstype.float32)
        elif not isinstance(scale_sense, Tensor):
            raise TypeError(
                "For 'TrainOneStepWithLossScaleCell', the 'scale_sense' must be Cell or Tensor, but got 'scale_sense' "
                f"type: {type(scale_sense)}."
            )
        if scale_sense.shape not in ((), (1,)):
            raise ValueError(
                "For 'TrainOneStepWithLossScaleCell', the shape of 'scale_sense' must be (1,) or (), "
                f"but got {scale_sense.shape}."
            )
        self.scale_sense = Parameter(scale_sense, name="scale_sense")
        # For subclasses with a `construct` of their own.
        self.hyper_map, self.base, self.base0 = HyperMap(), Tensor(1, mstype.float32), Tensor(0, mstype.int32)
        self.reduce_sum, self.reduce_all = ops.ReduceSum(keep_dims=False), ops.ReduceAll(keep_dims=False)
        self.less_equal, self.equal, self.logic_not = ops.LessEqual(), ops.Equal(), ops.LogicalNot()
        self.is_distributed, self.gpu_target = self.reducer_flag, False

    def construct(self, *inputs: Any) -> Any:
        """One step.

        Args:
            inputs: those of the network.

        Returns:
            (loss, whether there was an overflow, the scale of this step).
        """
        scale = wrap(raw(self.scale_sense))
        loss, gradients = self._differentiate(inputs, scale.reshape(()))
        status, _ = self.start_overflow_check(loss, scale)
        gradients = tuple(g / ops.cast(scale.reshape(()), g.dtype) for g in gradients)
        gradients = watching.seen(self.grad_reducer)(gradients)
        overflow = self.process_loss_scale(self.get_overflow_status(status, gradients))
        self._update_unless(overflow, gradients)
        return loss, overflow, scale

    def _update_unless(self, overflow: Tensor, gradients) -> None:
        """Let the optimizer do its step, or, where values are not known yet, choose afterwards what stays."""
        frame = trace.top()
        if frame is None or not frame.abstract:
            if not overflow:
                self.optimizer(gradients)
            return
        state = list({id(p): p for p in (*self.optimizer.parameters, *self.optimizer.get_parameters())}.values())
        before = [raw(p) for p in state]
        self.optimizer(gradients)
        for parameter, old in zip(state, before, strict=True):
            rebind(parameter, jnp.where(raw(overflow).reshape(()), old, raw(parameter)))

    def set_sense_scale(self, sens: Tensor) -> None:
        """Set the scale.

        Args:
            sens: the scale, of one element.

        Raises:
            TypeError: if `sens` is no Tensor.
        """
        if not isinstance(sens, Tensor):
            raise TypeError(
                f"For 'TrainOneStepWithLossScaleCell', the type of 'sens' must be Tensor, but got {type(sens)}"
            )
        self.scale_sense.set_data(sens)

    @only_computes
    def start_overflow_check(self, pre_cond: Any, compute_input: Any) -> tuple[Tensor, Any]:
        """Begin to look for an overflow; there is no flag of the device to clear.

        Args:
            pre_cond: what has to be computed before.
            compute_input: what the gradients will be computed of.

        Returns:
            (a status to pass to `get_overflow_status`, `compute_input`).
        """
        return wrap(jnp.zeros(8, jnp.int32)), compute_input

    @only_computes
    def get_overflow_status(self, status: Tensor, compute_output: Any) -> Tensor:
        """Whether there was an overflow, on any process.

        Args:
            status: what `start_overflow_check` gave.
            compute_output: Tensors, nested in tuples, lists and dicts.

        Returns:
            Whether an element of `compute_output` is not finite, a Tensor of one bool.
        """
        overflow = wrap(~raw(finite(compute_output)))
        return on_any(overflow) if self.is_distributed else overflow

    @only_computes
    def process_loss_scale(self, overflow: Tensor) -> Tensor:
        """Let the scale's Cell, if there is one, update it.

        Args:
            overflow: whether the step had an overflow.

        Returns:
            Whether the step is to be skipped.
        """
        return overflow if self.loss_scaling_manager is None else self.loss_scaling_manager(self.scale_sense, overflow)
