"""Training with a scaled loss, so that small float16 gradients do not vanish, and steps skipped when one overflows."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax import ops
from msjax.autodiff.tree import tensors_in
from msjax.core import dtype as mstype
from msjax.core import trace, watching
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.nn.cell import Cell
from msjax.nn.wrap import TrainOneStepCell
from msjax.ops.control.maps import HyperMap


def finite(tensors) -> Tensor:
    """Whether all elements of all Tensors, nested in tuples, lists and dicts, are finite."""
    return wrap(jnp.stack([jnp.all(jnp.isfinite(raw(t))) for t in tensors_in(tensors)]).all())


class DynamicLossScaleUpdateCell(Cell):
    """Halve the scale after an overflow, double it after a number of steps without.

    Args:
        loss_scale_value: the scale to begin with.
        scale_factor: what it is multiplied with or divided by.
        scale_window: steps in a row without overflow after which it grows.

    Example:
        >>> update, scale = nn.DynamicLossScaleUpdateCell(16, 2, 100), Parameter(Tensor(16.0))
        >>> overflow = update(scale, Tensor(True))
        >>> scale.item()
        8.0
    """

    def __init__(self, loss_scale_value, scale_factor, scale_window):
        super().__init__()
        self.scale_window, self.scale_factor = int(scale_window), int(scale_factor)
        self.loss_scale_value, self.minimum_loss_scale = loss_scale_value, 1.0
        self.cur_iter = Parameter(Tensor(1, mstype.int32), name="current_iterator_step")
        self.last_overflow_iter = Parameter(Tensor(0, mstype.int32), name="last_overflow_iterator_step")

    def get_loss_scale(self):
        """The scale to begin with."""
        return self.loss_scale_value

    def construct(self, loss_scale, overflow):
        step, last, scale = raw(self.cur_iter), raw(self.last_overflow_iter), raw(loss_scale)
        bad = raw(overflow)
        grow = ~bad & (step - last >= self.scale_window)
        smaller = jnp.maximum(scale / self.scale_factor, np.float32(self.minimum_loss_scale))
        rebind(loss_scale, jnp.where(bad, smaller, jnp.where(grow, scale * self.scale_factor, scale)))
        rebind(self.last_overflow_iter, jnp.where(bad | grow, step, last))
        rebind(self.cur_iter, step + 1)
        return overflow


class FixedLossScaleUpdateCell(Cell):
    """Keep the scale.

    Example:
        >>> nn.FixedLossScaleUpdateCell(8)(Tensor(8.0), Tensor(True))
        Tensor(shape=[], dtype=Bool, value= True)
    """

    def __init__(self, loss_scale_value):
        super().__init__()
        self.loss_scale_value = loss_scale_value

    def get_loss_scale(self):
        """The scale."""
        return self.loss_scale_value

    def construct(self, _, overflow):
        return overflow


class TrainOneStepWithLossScaleCell(TrainOneStepCell):
    """One step of training with a scaled loss; a step whose gradients overflow changes no weight.

    Args:
        network: a Cell that gives the loss.
        optimizer: an optimizer of its Parameters.
        scale_sense: the scale, a Tensor of one element, or a Cell that updates it.

    Returns:
        When called: (loss, whether there was an overflow, the scale of this step).

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

    def __init__(self, network, optimizer, scale_sense):
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
        self.is_distributed = self.gpu_target = False

    def construct(self, *inputs):
        scale = wrap(raw(self.scale_sense))
        loss, gradients = self._differentiate(inputs, scale.reshape(()))
        status, _ = self.start_overflow_check(loss, scale)
        gradients = tuple(g / ops.cast(scale.reshape(()), g.dtype) for g in gradients)
        overflow = self.process_loss_scale(self.get_overflow_status(status, gradients))
        self._update_unless(overflow, watching.seen(self.grad_reducer)(gradients))
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

    def set_sense_scale(self, sens) -> None:
        """Set the scale.

        Raises:
            TypeError: if `sens` is no Tensor.
        """
        if not isinstance(sens, Tensor):
            raise TypeError(
                f"For 'TrainOneStepWithLossScaleCell', the type of 'sens' must be Tensor, but got {type(sens)}"
            )
        self.scale_sense.set_data(sens)

    def start_overflow_check(self, pre_cond, compute_input):
        """(a status to pass to `get_overflow_status`, `compute_input`); there is no flag of the device to clear."""
        return wrap(jnp.zeros(8, jnp.int32)), compute_input

    def get_overflow_status(self, status, compute_output) -> Tensor:
        """Whether an element of `compute_output` is not finite."""
        return wrap(~raw(finite(compute_output)))

    def process_loss_scale(self, overflow) -> Tensor:
        """Let the scale's Cell, if there is one, update it."""
        return overflow if self.loss_scaling_manager is None else self.loss_scaling_manager(self.scale_sense, overflow)
