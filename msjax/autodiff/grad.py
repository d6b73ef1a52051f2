"""grad, value_and_grad and get_grad."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import update_wrapper
from typing import Any

import jax.numpy as jnp

from msjax.autodiff import graph, processes
from msjax.autodiff.after_call import rewound
from msjax.autodiff.engine import Leaves, Linearized, whole
from msjax.autodiff.sens import cotangents, take_sens
from msjax.autodiff.slots import (
    Answer,
    check_flag,
    check_function,
    check_position,
    check_weights,
    first_output,
    is_made_here,
    positions_of,
)
from msjax.compile.origin import is_jitted
from msjax.compile.task import automatic
from msjax.core import context
from msjax.core.cells import is_cell
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, wrap


def grad(
    fn: Callable,
    grad_position: int | tuple[int, ...] | None = 0,
    weights: Any = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: bool = False,
) -> Callable:
    """The function that computes the gradient of `fn`.

    Outputs of any shape and number are summed before they are differentiated.

    Args:
        fn: a function or Cell; its result is a Tensor or nested tuples, lists and dicts of them.
        grad_position: which arguments to differentiate, an int, a tuple of ints, or None for none.
        weights: Parameters to differentiate: one, or a list, tuple or ParameterTuple.
        has_aux: whether only the first output is differentiated and the others are passed along.
        return_ids: whether each gradient comes as (position or Parameter name, gradient).
        sens_param: whether the last argument of the result, or `sens=`, is the cotangent of the output.

    Returns:
        A function of the arguments of `fn` which gives: for one position a gradient, for several a tuple; with weights
        (gradients of inputs, gradients of weights), the latter a tuple unless a single Parameter was given; only those
        if `grad_position` is None; with `has_aux` (gradients, tuple of the other outputs). Arguments that are not
        Tensors have no gradient and are left out.

    Raises:
        ValueError, TypeError: if positions, weights or flags are not possible.
        RuntimeError: when called, if a position is beyond the arguments.

    Differs from MindSpore: see "Gradients" in docs/differences.md.

    Example:
        >>> ms.grad(lambda x: x * x)(Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """
    evaluate = _prepare(fn, grad_position, weights, has_aux, return_ids, sens_param)

    def grad(*args, **kwargs):
        value, gradients = evaluate(args, kwargs)
        return (gradients, tuple(value[1:])) if has_aux else gradients

    return compiling(fn, grad, after_calls=True)


def value_and_grad(
    fn: Callable,
    grad_position: int | tuple[int, ...] | None = 0,
    weights: Any = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: bool = False,
) -> Callable:
    """The function that computes the value and the gradient of `fn`.

    Args:
        fn, grad_position, weights, has_aux, return_ids, sens_param: as for `grad`.

    Returns:
        A function of the arguments of `fn` which gives (what fn returns, all outputs, unchanged; what `grad` gives).

    Raises:
        ValueError, TypeError, RuntimeError: as `grad`.

    Example:
        >>> ms.value_and_grad(lambda x: x * x)(Tensor([3.0]))[0]
        Tensor(shape=[1], dtype=Float32, value= [ 9.00000000e+00])
    """
    evaluate = _prepare(fn, grad_position, weights, has_aux, return_ids, sens_param)

    def value_and_grad(*args, **kwargs):
        return evaluate(args, kwargs)

    return compiling(fn, value_and_grad, after_calls=True)


def compiling(fn: Callable, derived: Callable, after_calls: bool = False) -> Callable:
    """What the user gets for `derived`, which was made of `fn`: it compiles by itself, and has the name of `fn`.

    Args:
        after_calls: whether the state that a call of `fn` has changed is to be changed by it once.
    """
    after_calls = after_calls and is_cell(fn)

    def derivative(*args, **kwargs):
        with rewound(fn, args) if after_calls else nullcontext():
            return automatic(derived, args, kwargs)

    # Not `__wrapped__`: the signature is another one.
    copied = ("__name__", "__qualname__", "__doc__", "__module__")
    return update_wrapper(derivative, fn, copied, ()) if callable(fn) else derivative


def _prepare(fn, position, weights, has_aux, return_ids, sens_param):
    if position is None and weights is None:
        raise ValueError("`grad_position` and `weight` can not be None at the same time.")
    check_position(position)
    for name, flag in (("has_aux", has_aux), ("return_ids", return_ids), ("sens_param", sens_param)):
        check_flag("_Grad", name, flag)
    check_weights(weights)
    listed = is_made_here(weights)

    def evaluate(args, kwargs):
        check_function(fn)
        if context.in_graph() and kwargs:
            raise TypeError(
                f"The gradient function got an unexpected keyword argument {next(iter(kwargs))!r} in graph mode."
            )
        answer = Answer(position, weights, ids=return_ids, listed=listed)
        return differentiate(fn, args, kwargs, positions_of(position), answer, has_aux, sens_param)

    return evaluate


def differentiate(
    fn: Callable,
    args: Any,
    kwargs: dict,
    positions: Any,
    answer: Answer,
    has_aux: bool = False,
    sens_param: bool = False,
) -> Any:
    """(value, gradients nested by `answer`) of one call."""
    sens = None
    if sens_param:
        sens, args, kwargs = take_sens(args, kwargs)
    if context.in_graph():
        args = graph.separate(args, hooks=True)
    values = [*args, *kwargs.values()]
    weights = check_weights(answer.weights)
    slots = [(p, values[p]) for p in positions if p < len(values) and _has_slot(values[p])]
    handles = [t for _, value in slots for t in graph.leaves_of(value)]
    leaves = leaves_for(handles, weights)
    result = Linearized(fn, args, kwargs, leaves, first_output if has_aux else whole)
    # Only now: if the function itself fails, that is the error to be seen.
    _check_range(positions, len(values))
    gradients = result.pull(cotangents(sens, result.differentiated) if sens_param else None)
    inputs = [(p, graph.mirror(value, lambda t: leaves.gradient(t, gradients))) for p, value in slots]
    if answer.only_used:
        weights = [w for w in weights if w.requires_grad and result.reads(w)]
        if not (is_jitted(fn) or context.in_graph()):  # else as they are declared
            # Eagerly MindSpore lists the weights in the order in which the function used them.
            weights = sorted(weights, key=result.order_of_use)
    of_weights = [result.of_weight(w, gradients) if isinstance(w, Parameter) else _zeros(w) for w in weights]
    value = result.value
    if of_weights and processes.divide_batches():
        value, of_weights = processes.averaged(value, of_weights)
    return value, answer.nest(inputs, of_weights)


def leaves_for(handles: list[Tensor], weights: list) -> Leaves:
    """Inputs and weights as leaves; of the weights only Parameters, and eagerly only what requires gradients."""
    candidates = [*handles, *(w for w in weights if isinstance(w, Parameter))]
    frozen = [] if context.in_graph() else [h for h in candidates if isinstance(h, Parameter) and not h.requires_grad]
    return Leaves(candidates, constant=frozen)


def _zeros(tensor: Tensor) -> Tensor:
    """The gradient of a weight that is no Parameter."""
    return wrap(jnp.zeros_like(raw(tensor)))


def _check_range(positions, count: int) -> None:
    """Raises:
    RuntimeError: in graph mode IndexError, if a position is beyond the arguments."""
    beyond = [p for p in positions if p >= count]
    if beyond and not (count == 0 and positions == (0,)):
        error = IndexError if context.in_graph() else RuntimeError
        raise error(f"Position index {beyond[0]} is beyond the arguments of the call, of which there are {count}.")


def _has_slot(value) -> bool:
    if context.in_graph():
        return graph.varies(value) or (isinstance(value, Tensor) and not value._const_arg)
    return isinstance(value, Tensor)


def get_grad(gradients: Any, identifier: Any) -> Tensor:
    """The gradient of one position or Parameter, out of gradients computed with `return_ids=True`.

    Args:
        gradients: what `grad(..., return_ids=True)` gave.
        identifier: a position, or a Parameter, found by its name.

    Returns:
        A Tensor: the gradient.

    Raises:
        TypeError: if `identifier` is neither an int nor a Parameter.
        RuntimeError: if its gradient is not there.

    Example:
        >>> ms.get_grad(ms.grad(lambda x: x * x, return_ids=True)(Tensor([3.0])), 0)
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """
    if isinstance(identifier, Parameter):
        wanted = identifier.name
    elif isinstance(identifier, int):
        wanted = int(identifier)
    else:
        raise TypeError(
            f"For `get_grad`, the `x` should be an integer or a Parameter, but got {type(identifier).__name__}."
        )
    gradient = _find(gradients, wanted)
    if gradient is None:
        raise RuntimeError(f"Can not find the gradient for position or Parameter {identifier}")
    return gradient


def _find(gradients, wanted):
    if not isinstance(gradients, tuple):
        return None
    if len(gradients) == 2 and type(gradients[0]) is type(wanted) and gradients[0] == wanted:
        return gradients[1]
    return next((g for part in gradients if (g := _find(part, wanted)) is not None), None)
