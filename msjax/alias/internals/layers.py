"""What programs take from behind `mindspore.nn`: bases of layers, checks, and parts of training cells."""

from __future__ import annotations

__only_computes__ = True  # see core.effects

from msjax import nn, ops
from msjax.core.tensor import Tensor
from msjax.nn.layer.activation import BY_NAME

_activation = {name: getattr(nn, kind) for name, kind in BY_NAME.items()}


def _check_input_3d(input_shape, op_name: str) -> None:
    """A shape of three axes."""
    if len(input_shape) != 3:
        raise ValueError(f"For '{op_name}', the dimension of input must be 3d, but got {len(input_shape)}.")


class _VirtualDatasetCell(nn.Cell):
    """A network whose inputs are parts of a batch, each on a device. On one that is the network itself.

    Args:
        backbone: the network.
    """

    def __init__(self, backbone):
        super().__init__(auto_prefix=False)
        self._backbone = backbone

    def construct(self, *inputs):
        return self._backbone(*inputs)


class VirtualDatasetCellTriple(_VirtualDatasetCell):
    """The same, of three inputs."""

    def construct(self, a, b, c):
        return self._backbone(a, b, c)


def grad_scale(scale: Tensor, grad: Tensor, accu_grad: Tensor | None = None) -> Tensor:
    """A gradient without the scale of the loss; one that was added up, if there is such, which begins anew at 0."""
    if accu_grad is not None:
        grad = accu_grad.copy()
        _forget(accu_grad)
    return grad * ops.cast(ops.Reciprocal()(scale), grad.dtype)


def shard_grad_scale(scale: Tensor, grad: Tensor, accu_grad: Tensor) -> Tensor:
    """A gradient without the scale of the loss; that which was added up begins anew at 0."""
    _forget(accu_grad)
    return grad * ops.cast(ops.Reciprocal()(scale), grad.dtype)


def _forget(accu_grad: Tensor) -> None:
    accu_grad.fill_(0)
