"""What solvers from JAX's world minimize: a function of Tensors or a Cell, as a pure function of its Parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from msjax.compile.task import Task
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw
from msjax.nn.pure import lend


class Solution(NamedTuple):
    """What a solver has reached.

    Attributes:
        loss: the loss that the Parameters give now.
        steps: how many steps it took.
        converged: whether it stopped because its tolerance was met.
        message: why it stopped.
        gradient_norm: the Euclidean norm of the gradient there, None if the solver does not compute it.
    """

    loss: float
    steps: int
    converged: bool
    message: str
    gradient_norm: float | None = None


def trained(who: str, parameters: Iterable[Parameter]) -> list[Parameter]:
    """The distinct Parameters that require gradients.

    Args:
        who: the function that asks, for errors.
        parameters: Parameters.

    Returns:
        Those with requires_grad, each once.

    Raises:
        TypeError: if there is something else among them.
        ValueError: if there is none to train.
    """
    members = [] if isinstance(parameters, Tensor) else list(parameters)
    if isinstance(parameters, Tensor) or not all(isinstance(p, Parameter) for p in members):
        raise TypeError(f"For '{who}', 'parameters' must be a list of Parameters, as net.trainable_params() is.")
    distinct = list({id(p): p for p in members if p.requires_grad}.values())
    if not distinct:
        raise ValueError(f"For '{who}', none of the {len(members)} Parameters has requires_grad=True.")
    return distinct


def compiled(kind: str, function: Callable, args: tuple) -> Any:
    """`function(*args)`, compiled: Parameters and Tensors that it captured are read anew on each call.

    Args:
        kind: what `explain` calls it.
        function: a function of Tensors.
        args: its arguments.

    Returns:
        What it returns.
    """
    return Task(function, args, {}, kind, asked=True, at_once=True).run()


def of_parameters(function: Callable, parameters: list, args: tuple, checked: Callable) -> Callable:
    """`function(*args)` as a pure function of the arrays of `parameters`, a list. What it writes is forgotten.

    Args:
        function: a function of Tensors, or a Cell.
        parameters: Parameters that it reads.
        args: its arguments.
        checked: what is taken of its result.

    Returns:
        A function of a list of arrays, which gives arrays.
    """

    def pure(arrays):
        # Some solvers compute in float64 whatever the Parameters are.
        arrays = [a.astype(raw(p).dtype) for p, a in zip(parameters, arrays, strict=True)]
        result, _ = lend(parameters, arrays, lambda: checked(function(*args)))
        return jax.tree.map(raw, result, is_leaf=lambda v: isinstance(v, Tensor))

    return pure


def scalar(value: Any) -> Tensor:
    """A loss as a Tensor without axes.

    Args:
        value: what a loss function gave.

    Returns:
        The same, of shape ().

    Raises:
        TypeError, ValueError: if it is no real number.
    """
    if not isinstance(value, Tensor) or not jnp.issubdtype(raw(value).dtype, jnp.floating):
        what = f"a Tensor of {value.dtype}" if isinstance(value, Tensor) else type(value).__name__
        raise TypeError(f"The loss must be a Tensor of a floating type, but the function returned {what}.")
    if value.size != 1:
        raise ValueError(f"The loss must have one element, but has the shape {value.shape}: take its sum or mean.")
    return value.reshape(())
