"""Forward mode: jvp and linearize. Each argument slot is a variable of its own, as in MindSpore's graph mode."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from msjax.autodiff import graph
from msjax.autodiff.engine import Evaluation, Leaves, Linearized, whole
from msjax.autodiff.slots import check_function, check_has_aux, first_output, rest
from msjax.autodiff.tree import derived
from msjax.compile.task import automatic
from msjax.core import dtype as mstype
from msjax.core.tensor import Tensor, raw
from msjax.shims.jax import needs_reverse


def jvp(fn: Callable, inputs: Any, v: Any, has_aux: bool = False) -> Any:
    """The value of `fn` and its derivative along a direction.

    Args:
        fn: a function or Cell of Tensors.
        inputs: its arguments: a Tensor, or a tuple or list of Tensors; numbers among them are constants.
        v: the direction: for each input a Tensor of its dtype and shape, or of a shape that broadcasts to it.
        has_aux: whether only the first output is differentiated and the others are passed along.

    Returns:
        (output, tangent), nested alike; with `has_aux` (output, tangent, aux), aux bare if it is one.

    Raises:
        TypeError: if inputs or v are not Tensors or differ in dtype.
        ValueError: if they differ in number or shape, or `has_aux` is set for a function of one output.

    Differs from MindSpore: see "Forward derivatives" in docs/differences.md.

    Example:
        >>> ms.jvp(lambda x: x * x, Tensor([3.0]), Tensor([1.0]))[1]
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """
    check_function(fn, ValueError)
    check_has_aux(has_aux)

    def jvp(inputs, v):
        return _jvp(fn, inputs, v, has_aux)

    return automatic(jvp, (inputs, v), {})


def _jvp(fn, inputs, v, has_aux: bool):
    args = graph.separate(tensors_of(inputs, numbers=True))
    directions = directions_of(args, tensors_of(v))
    select = first_output if has_aux else whole
    leaves = Leaves(t for t in args if isinstance(t, Tensor))
    evaluation, pushed = push_through(fn, args, leaves, tangents_of(leaves, args, directions), select)
    answer = nested(select(evaluation.value), evaluation.filled(pushed))
    return (evaluation.value[0], answer, rest(evaluation.value)) if has_aux else (evaluation.value, answer)


def push_through(
    fn: Callable, args: Any, leaves: Leaves, tangents: list, select: Callable = whole
) -> tuple[Evaluation, list]:
    """(the evaluation of `fn(*args)`, the tangents of its outputs) for tangents of `leaves`."""
    evaluation = Evaluation(lambda: fn(*args), leaves.handles, select)
    try:
        (_, pushed) = evaluation.through(
            partial(jax.jvp, has_aux=True), evaluation.floats, (leaves.arrays(),), (tangents,)
        )
    except Exception as error:
        if not needs_reverse(error):
            raise
        # A rule of JAX's own (`jax.custom_vjp`), of which the frame was not told.
        evaluation.frame.ruled = True
    if evaluation.frame.ruled:
        # The function runs once more, in reverse mode: forward mode has no use for a pullback.
        reverse = Linearized(fn, args, {}, leaves, select)
        return reverse.evaluation, reverse.push(tangents)
    return evaluation, pushed


def linearize(fn: Callable, inputs: Any) -> tuple[Any, Callable[..., Any]]:
    """The value of `fn` and the function from directions to derivatives along them, for many directions.

    Args:
        fn, inputs: as for `jvp`.

    Returns:
        (output, jvp_fn); `jvp_fn(v)` gives the tangent for v, a Tensor for one input, a tuple or list for several.

    Raises:
        TypeError, ValueError: as `jvp`.

    Example:
        >>> out, push = ops.linearize(lambda x: x * x, Tensor([3.0]))
        >>> push(Tensor([1.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """
    check_function(fn)
    args = graph.separate(tensors_of(inputs))
    forward = Forward(fn, args, Leaves(args))

    def push(v):
        pushed = forward.push(tangents_of(forward.leaves, args, directions_of(args, tensors_of(v))))
        return nested(forward.value, forward.filled(pushed))

    return forward.value, push


class Forward:
    """`fn(*args)` evaluated, and the map from tangents of `leaves` to tangents of its outputs."""

    def __init__(self, fn: Callable, args, leaves: Leaves, select: Callable = whole):
        self.leaves = leaves
        self._again = lambda: Linearized(fn, args, {}, leaves, select)
        self.evaluation = evaluation = Evaluation(lambda: fn(*args), leaves.handles, select)
        try:
            _, self._push = evaluation.through(partial(jax.linearize, has_aux=True), evaluation.floats, leaves.arrays())
        except Exception as error:
            self._use_reverse(error)
        else:
            if evaluation.frame.ruled:
                self._use_reverse()
        self.value, self.outputs = self.evaluation.value, self.evaluation.outputs

    def push(self, tangents: list) -> list:
        """Tangents of the outputs that have a derivative, as raw arrays."""
        try:
            return self._push(tangents)
        except Exception as error:
            self._use_reverse(error)
            return self._push(tangents)

    def filled(self, pushed: list) -> list[Tensor]:
        """One Tensor for each output."""
        return self.evaluation.filled(pushed)

    def _use_reverse(self, error: Exception | None = None) -> None:
        if error is not None and not needs_reverse(error):
            raise error
        reverse = self._again()
        self.evaluation, self._push = reverse.evaluation, reverse.push


def tensors_of(value: Any, numbers: bool = False) -> tuple:
    """One Tensor, or a tuple or list of them, as a tuple; with `numbers` a Python number may stand for one of several.

    Raises:
        TypeError: if it is neither.
    """
    tensors = (value,) if isinstance(value, Tensor) else value
    kinds = (Tensor, int, float) if numbers else Tensor
    if not isinstance(tensors, (tuple, list)) or not all(isinstance(t, kinds) for t in tensors):
        raise TypeError("The inputs type must be a Tensor, tuple or list of Tensors.")
    return tuple(tensors)


def directions_of(args: Any, v: Any) -> list:
    """The arrays of v, checked against the inputs; None for an input that is a number.

    Raises:
        ValueError: if they differ in number or shape.
        TypeError: if they differ in dtype.
    """
    if len(v) != len(args):
        raise ValueError(f"v has invalid length: should be {len(args)}, but got {len(v)}.")
    return [_direction(raw(argument), raw(direction)) for argument, direction in zip(args, v, strict=True)]


def _direction(argument, direction):
    if not hasattr(argument, "shape"):
        return None
    if argument.dtype != direction.dtype:
        raise TypeError(
            f"Type Join Failed: dtype1 = {mstype.of(argument)}, dtype2 = {mstype.of(direction)}: v must have the dtype "
            "of the input."
        )
    try:
        return jnp.broadcast_to(direction, argument.shape)
    except ValueError:
        raise ValueError(f"v must have the shape {argument.shape} of the input, but got {direction.shape}.") from None


def tangents_of(leaves: Leaves, args: Any, directions: Any) -> list:
    """For each leaf the sum of the directions of the arguments that it is."""
    tangents = [jnp.zeros_like(a) for a in leaves.arrays()]
    for argument, direction in zip(args, directions, strict=True):
        # A Tensor that is passed twice is one variable: it moves along both directions at once.
        index = leaves.index_of(argument) if isinstance(argument, Tensor) else None
        if index is not None:
            tangents[index] += direction
    return tangents


def nested(value: Any, tensors: list[Tensor]) -> Any:
    """`tensors` in the places of the Tensors and arrays of `value`, zeros in those of numbers."""
    return derived(value, iter(tensors), graph.zero)
