"""Cells around a network: with its loss, with its gradient, with a step of its optimizer."""

from __future__ import annotations

__stateless__ = True  # see core.effects: a function may make these layers anew on each call

from collections.abc import Callable, Sequence
from types import FunctionType, MethodType
from typing import Any

from msjax import log, ops
from msjax.autodiff import GradOperation, jvp, value_and_grad, vjp
from msjax.autodiff.grad import differentiate
from msjax.autodiff.graph import separate
from msjax.autodiff.sens import nested_alike
from msjax.autodiff.slots import Answer
from msjax.core import dtype as mstype
from msjax.core.context import get_auto_parallel_context
from msjax.core.kinds import check_is, takes
from msjax.core.nested import like
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.tensor import Tensor
from msjax.core.watching import seen
from msjax.nn.cell import Cell
from msjax.nn.grad_reducer import reducer_of, reduces


class WithLossCell(Cell):
    """A network and its loss: `loss_fn(backbone(data), label)`.

    Args:
        backbone: a Cell of one input.
        loss_fn: a Cell or function of output and label.

    Inputs:
        data: what the network takes.
        label: what it should give.

    Returns:
        What `loss_fn` gives.

    Example:
        >>> nn.WithLossCell(nn.Dense(2, 1, has_bias=False), nn.MSELoss())(ops.zeros((4, 2)), ops.zeros((4, 1)))
        Tensor(shape=[], dtype=Float32, value= 0)
    """

    def __init__(self, backbone: Cell, loss_fn: Callable[..., Any]):
        super().__init__(auto_prefix=False)
        self._backbone = backbone
        self._loss_fn = loss_fn

    def construct(self, data: Any, label: Any) -> Any:
        """The loss of one batch.

        Args:
            data: the backbone's input.
            label: what its output should be.

        Returns:
            The loss.
        """
        return seen(self._loss_fn)(seen(self._backbone)(data), label)

    @property
    def backbone_network(self) -> Cell:
        """The network without its loss."""
        return self._backbone


@takes(add_cast_fp32="bool")
class WithEvalCell(Cell):
    """A network and its loss, giving what metrics need: (loss, output, label).

    Args:
        network: a Cell of one input.
        loss_fn: a Cell or function of output and label, or None for (output, label) alone.
        add_cast_fp32: whether output and label are cast to float32 for the loss.

    Inputs:
        data: what the network takes.
        label: what it should give.

    Returns:
        (loss, output, label), or without `loss_fn` (output, label).

    Example:
        >>> len(nn.WithEvalCell(nn.Dense(2, 1, has_bias=False), nn.MSELoss())(ops.zeros((4, 2)), ops.zeros((4, 1))))
        3
    """

    def __init__(self, network: Cell, loss_fn: Callable[..., Any] | None, add_cast_fp32: bool = False):
        super().__init__(auto_prefix=False)
        self._network = network
        self._loss_fn = loss_fn
        self.add_cast_fp32 = add_cast_fp32

    def construct(self, data: Any, label: Any) -> Any:
        """What metrics need of one batch.

        Args:
            data: the network's input.
            label: what its output should be.

        Returns:
            (loss, output, label), or (output, label) without a loss.
        """
        outputs = seen(self._network)(data)
        if self.add_cast_fp32:
            outputs, label = cast_floats((outputs, label), mstype.float32)
        if self._loss_fn is None:
            return outputs, label
        return seen(self._loss_fn)(outputs, label), outputs, label


class WithGradCell(Cell):
    """The gradients of a network's loss with respect to its trainable Parameters, as a tuple.

    Args:
        network: a Cell of one input, or of (data, label) if it has its loss inside.
        loss_fn: a Cell or function of output and label, or None.
        sens: the cotangent of the loss, or None for 1.

    Inputs:
        inputs: what the network takes, and the label.

    Returns:
        A tuple of Tensors, one for each Parameter.

    Example:
        >>> gradients = nn.WithGradCell(nn.Dense(2, 1), nn.MSELoss())(ops.ones((4, 2)), ops.ones((4, 1)))
        >>> [g.shape for g in gradients]
        [(1, 2), (1,)]
    """

    def __init__(self, network: Cell, loss_fn: Callable[..., Any] | None = None, sens: Any = None):
        super().__init__(auto_prefix=False)
        self.network = network
        self.loss_fn = loss_fn
        self.weights = ParameterTuple(network.trainable_params())
        self.network_with_loss = network if loss_fn is None else WithLossCell(network, loss_fn)
        self.sens = sens
        network.set_train()

    def construct(self, *inputs: Any) -> Any:
        """The gradients for one batch.

        Args:
            inputs: those of the network with its loss.

        Returns:
            One gradient for each trainable Parameter.
        """
        grad = GradOperation(get_by_list=True, sens_param=self.sens is not None)
        sens = () if self.sens is None else (self.sens,)
        return grad(seen(self.network_with_loss), self.weights)(*inputs, *sens)


@takes(get_all="bool", get_by_list="bool", sens_param="bool")
class ForwardValueAndGrad(Cell):
    """The value of a network and its gradients, nested as `GradOperation` nests them.

    Args:
        network: a Cell or function.
        weights: the Parameters to differentiate, with `get_by_list`.
        get_all: whether all inputs are differentiated; else the first, or with `get_by_list` none.
        get_by_list: whether `weights` are differentiated.
        sens_param: whether the last argument of a call is the cotangent of the value.

    Inputs:
        inputs, kwargs: what the network takes, and with `sens_param` the cotangent.

    Returns:
        (value, gradients).

    Raises:
        TypeError: if an argument is of the wrong type.

    Example:
        >>> value, gradient = nn.ForwardValueAndGrad(lambda x: (x * x).sum())(Tensor([3.0]))
        >>> gradient
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """

    _is_step = True

    def __init__(
        self,
        network: Callable[..., Any],
        weights: Sequence[Parameter] | None = None,
        get_all: bool = False,
        get_by_list: bool = False,
        sens_param: bool = False,
    ):
        super().__init__(auto_prefix=False)
        if not isinstance(network, Cell | FunctionType | MethodType):
            raise TypeError(
                "For 'ForwardValueAndGrad', the argument 'network' must be a Cell, a function or a method, "
                f"but got '{type(network)}'."
            )
        if get_by_list and not isinstance(weights, ParameterTuple | tuple | list):
            raise TypeError(
                "For 'ForwardValueAndGrad' with 'get_by_list', the argument 'weights' must be a tuple or list of "
                f"Parameters, but got '{type(weights)}'."
            )
        self.network = network
        self.weights = weights
        self.get_all, self.get_by_list, self.sens_param = get_all, get_by_list, sens_param

    def construct(self, *inputs: Any, **kwargs: Any) -> Any:
        """The value and its gradients.

        Args:
            inputs, kwargs: those of the network, and with `sens_param` the cotangent at the end.

        Returns:
            (value, gradients).
        """
        count = len(inputs) + len(kwargs) - self.sens_param
        positions = tuple(range(count)) if self.get_all else () if self.get_by_list else (0,)
        position = None if self.get_by_list and not self.get_all else positions
        weights = ParameterTuple(self.weights) if self.get_by_list else None
        answer = Answer(position, weights, always_tuple=self.get_all)
        return differentiate(seen(self.network), inputs, kwargs, positions, answer, sens_param=self.sens_param)


class Jvp(Cell):
    """`ops.jvp` as a Cell, deprecated: called with the function's arguments and the directions.

    Args:
        fn: a Cell or function.

    Inputs:
        args: the function's arguments, then the directions, nested as they are.

    Returns:
        (output, its derivative along the directions).

    Raises:
        TypeError: when called, if the directions are not nested as the arguments.

    Example:
        >>> nn.Jvp(lambda x: x * x)(Tensor([3.0]), Tensor([1.0]))[1]
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """

    def __init__(self, fn: Callable[..., Any]):
        super().__init__(auto_prefix=False)
        log.warning("'nn.Jvp' is deprecated and may be removed; use 'ops.jvp' instead.")
        self.fn = fn

    def construct(self, *args: Any) -> Any:
        """The value, and its derivative along a direction.

        Args:
            args: those of the function, and the direction, nested as they are.

        Returns:
            (value, derivative).
        """
        *inputs, v = args
        if not nested_alike(v, inputs[0] if len(inputs) == 1 else tuple(inputs)):
            raise TypeError("For 'Jvp', the direction must be nested as the inputs are.")
        return jvp(seen(self.fn), tuple(inputs), v)


class Vjp(Cell):
    """`ops.vjp` as a Cell, deprecated: called with the function's arguments and the cotangents.

    It gives (output, gradients), the latter a tuple unless there is one argument. A Tensor that is given twice has two
    gradients.

    Args:
        fn: a Cell or function.

    Inputs:
        args: the function's arguments, then the cotangents of its output.

    Returns:
        (output, gradients).

    Raises:
        TypeError: when called, if the cotangents are not nested as the output.

    Example:
        >>> nn.Vjp(lambda x: x * x)(Tensor([3.0]), Tensor([1.0]))[1]
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """

    def __init__(self, fn: Callable[..., Any]):
        super().__init__(auto_prefix=False)
        log.warning("'nn.Vjp' is deprecated and may be removed; use 'ops.vjp' instead.")
        self.fn = fn

    def construct(self, *args: Any) -> Any:
        """The value, and its gradients.

        Args:
            args: those of the function, and the cotangent, nested as the value is.

        Returns:
            (value, gradients).
        """
        *inputs, sens = args
        output, pull = vjp(seen(self.fn), *separate(tuple(inputs), hooks=True))
        if not nested_alike(sens, output):
            raise TypeError("For 'Vjp', the cotangent must be nested as the output is.")
        gradients = pull(sens)
        return output, gradients[0] if len(inputs) == 1 else gradients


class TrainOneStepCell(Cell):
    """One step of training: the network's value, after its optimizer has used the gradients.

    Args:
        network: a Cell that gives the loss.
        optimizer: an optimizer of its Parameters.
        sens: the cotangent of the loss.
        return_grad: whether the gradients are returned too, as a dict by name.

    Inputs:
        inputs: what the network takes.

    Returns:
        The loss, or with `return_grad` (loss, gradients).

    Raises:
        ValueError: if `sens` is 0.

    Example:
        >>> net = nn.WithLossCell(nn.Dense(2, 1, has_bias=False), nn.MSELoss())
        >>> step = nn.TrainOneStepCell(net, nn.SGD(net.trainable_params()))
        >>> step(ops.zeros((4, 2)), ops.zeros((4, 1)))
        Tensor(shape=[], dtype=Float32, value= 0)
    """

    _is_step = True

    def __init__(self, network: Cell, optimizer: Any, sens: float | Tensor | None = 1.0, return_grad: bool = False):
        super().__init__(auto_prefix=False)
        if isinstance(sens, int | float) and sens == 0:
            raise ValueError("The input argument of 'sens' can not be 0.")
        self.network = network
        self.network.set_grad()
        self.optimizer = optimizer
        self.weights = optimizer.parameters
        self.sens = sens
        self.return_grad = return_grad
        # For subclasses with a `construct` of their own.
        self.grad = GradOperation(get_by_list=True, sens_param=True)
        self.grad_no_sens = GradOperation(get_by_list=True)
        self.parallel_mode = get_auto_parallel_context("parallel_mode")
        self.sense_flag, self.reducer_flag = sens != 1.0, reduces()
        self.grad_reducer = reducer_of(self.weights)

    def construct(self, *inputs: Any) -> Any:
        """One step.

        Args:
            inputs: those of the network.

        Returns:
            The loss; with `return_grad`, (loss, gradients by the names of Parameters).
        """
        loss, gradients = self._differentiate(inputs, self.sens if self.sense_flag else None)
        gradients = seen(self.grad_reducer)(gradients)
        self.optimizer(gradients)
        if self.return_grad:
            return loss, {weight.name: gradient for weight, gradient in zip(self.weights, gradients, strict=True)}
        return loss

    def _differentiate(self, inputs: tuple, sens=None):
        """(value, gradients of the weights), with `sens` as the cotangent of the value."""
        if sens is None:
            return value_and_grad(seen(self.network), None, self.weights)(*inputs)

        def scaled(*inputs):
            value = seen(self.network)(*inputs)
            return _times(value, sens), value

        (_, value), gradients = value_and_grad(scaled, None, self.weights, has_aux=True)(*inputs)
        return value, gradients


class ParameterUpdate(Cell):
    """Give a Parameter the value that is passed at the call.

    Args:
        param: the Parameter.

    Inputs:
        x: the value, a Tensor of the Parameter's shape.

    Returns:
        x.

    Raises:
        TypeError: if `param` is no Parameter.

    Example:
        >>> net = nn.Dense(1, 1)
        >>> nn.ParameterUpdate(net.bias)(Tensor([2.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 2.00000000e+00])
    """

    def __init__(self, param: Parameter):
        super().__init__(auto_prefix=False)
        check_is("ParameterUpdate", "param", param, Parameter)
        self._param = param

    def construct(self, x: Tensor) -> Tensor:
        """Give the value.

        Args:
            x: the value.

        Returns:
            The same.
        """
        self._param.set_data(x)
        return x


def cast_floats(value, dtype):
    """`value` with its float Tensors, also those inside tuples and lists, in `dtype`."""
    if isinstance(value, Tensor):
        return ops.cast(value, dtype) if value.dtype in mstype.float_type and value.dtype is not dtype else value
    if isinstance(value, tuple | list):
        return like(value, (cast_floats(v, dtype) for v in value))
    return value


def _times(value, factor):
    if isinstance(value, tuple | list):
        return tuple(_times(v, factor) for v in value)
    return value * ops.cast(factor, value.dtype) if isinstance(factor, Tensor) else value * factor
