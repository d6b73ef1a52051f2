"""Which arguments of a function are differentiated, and the shape of the answer.

The rules are MindSpore's: positions count positional and keyword arguments in the order of the call, slots that hold
no Tensor are dropped, one surviving slot gives a bare gradient, and weights nest as they were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msjax.core import context, trace, watching
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.tensor import Tensor


def check_position(position: Any) -> None:
    """Check a `grad_position`.

    Raises:
        TypeError: if it is not an int or a tuple of ints.
        ValueError: if a position is negative or given twice.
    """
    if position is None or isinstance(position, int):
        if position is not None and position < 0:
            raise ValueError("grad_position must be >= 0.")
        return
    if not isinstance(position, tuple):
        raise TypeError(f"For 'F.grad', the 'grad_position' must be int or tuple, but got {type(position).__name__}.")
    for element in position:
        if not isinstance(element, int):
            raise TypeError(
                f"For 'F.grad', the element in 'grad_position' must be int, but got {type(element).__name__}."
            )
        if element < 0:
            raise ValueError("The element in grad_position must be >= 0.")
    if len(set(position)) < len(position):
        raise ValueError(f"There are duplicate positions in `grad_position`, please check it: {position}.")


def check_flag(owner: str, name: str, value: Any) -> None:
    """Raises:
    TypeError: if `value` is not a bool."""
    if not isinstance(value, bool):
        raise TypeError(f"For '{owner}', the '{name}' should be bool, but got {type(value).__name__}")


def check_function(fn: Any, error: type[Exception] = TypeError) -> None:
    """Raises:
    TypeError: if `fn` can not be called; another error where MindSpore compiles `fn` first.
    RuntimeError: if gradients are forbidden here."""
    if trace.gradients_forbidden():
        raise RuntimeError("In no_grad context, you can not calculate gradient")
    if not callable(fn):
        raise error(f"The fn should be callable, but got {type(fn).__name__}")


def check_has_aux(value: Any) -> None:
    """Raises:
    TypeError: if `has_aux` is not a bool."""
    if not isinstance(value, bool):
        raise TypeError(f"The 'has_aux' must be bool type, but got {type(value).__name__}.")


def positions_of(position: Any) -> tuple[int, ...]:
    """`grad_position` as a tuple.

    Raises:
        RuntimeError: if it is empty.
    """
    if position is None:
        return ()
    if position == ():
        raise RuntimeError("grad_position should not be empty when grad by position")
    # PyNative mode counts True as 1; graph mode, which has ints and bools of its own, does not.
    if isinstance(position, bool) and context.in_graph():
        raise RuntimeError(f"Position element must be Int64Imm, but got {position}.")
    return (int(position),) if isinstance(position, int) else tuple(map(int, position))


def check_weights(weights: Any) -> list:
    """The weights as a list, read anew at each call.

    Raises:
        TypeError: if they are neither a Tensor nor a list or tuple.
        RuntimeError: if one of them is not a Tensor.
    """
    if weights is None:
        return []
    listed = [weights] if isinstance(weights, Tensor) else weights
    if not isinstance(listed, (list, tuple)):
        raise TypeError(
            "The weights you provided is expected to be a tensor, or a list or tuple of tensors, "
            f"but got {type(weights).__name__}."
        )
    for weight in listed:
        if not isinstance(weight, Tensor):
            raise RuntimeError(
                f"The pointer[tensor] is null: weights must be Parameters, but one is {type(weight).__name__}."
            )
    return list(listed)


def is_made_here(weights: Any) -> bool:
    """Whether the weights are a list that a compiled function makes: their gradients are a list too."""
    watched = context.in_jit() and watching.current() is not None
    return watched and isinstance(weights, list) and not watching.from_outside(weights)


def first_output(value: Any) -> Any:
    """The output to differentiate with `has_aux`.

    Raises:
        ValueError, RuntimeError: if there is no other output.
    """
    graph_mode = context.in_graph()  # where a tuple of one output passes, and the error is another
    if not isinstance(value, tuple) or (len(value) < 2 and not (graph_mode and value)):
        error = RuntimeError if graph_mode else ValueError
        raise error("When has_aux is True, origin fn requires more than one outputs.")
    if len(value) == 2 and value[1] is None:
        raise RuntimeError("With has_aux, the forward function should be multi output, but its second output is None.")
    return value[0]


def rest(outputs: tuple) -> Any:
    """The outputs after the first: bare if it is one, else a tuple."""
    return outputs[1] if len(outputs) == 2 else tuple(outputs[1:])


@dataclass(frozen=True)
class Answer:
    """How gradients are nested.

    Args:
        position, weights: as given by the caller.
        ids: whether each gradient comes with its identifier.
        always_tuple: whether a single input's gradient is a tuple too.
        only_used: whether weights that the function does not use are left out.
        listed: whether the gradients of weights come in a list, see `is_made_here`.
    """

    position: int | tuple | None
    weights: Parameter | list | tuple | ParameterTuple | None
    ids: bool = False
    always_tuple: bool = False
    only_used: bool = False
    listed: bool = False

    def nest(self, inputs: Sequence[tuple[int, object]], weights: list) -> Any:
        """Gradients by position and by weight, as the caller gets them."""
        of_inputs = self._inputs(inputs)
        if self.weights is None:
            return of_inputs
        of_weights = self._weights(self.weights, weights)
        return of_weights if self.position is None else (of_inputs, of_weights)

    def _inputs(self, inputs):
        nested = tuple(inputs) if self.ids else tuple(gradient for _, gradient in inputs)
        return nested[0] if len(nested) == 1 and not self.always_tuple else nested

    def _weights(self, weights: Parameter | Sequence[Parameter], gradients):
        if isinstance(weights, Tensor):
            return (weights.name, gradients[0]) if self.ids else gradients[0]
        if self.ids:
            return tuple((w.name, g) for w, g in zip(weights, gradients, strict=True))
        return gradients if self.listed else tuple(gradients)
