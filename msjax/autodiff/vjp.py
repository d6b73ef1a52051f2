"""vjp: the value of a function, and its pullback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from msjax.autodiff import graph
from msjax.autodiff.engine import Linearized, whole
from msjax.autodiff.grad import leaves_for
from msjax.autodiff.sens import cotangents
from msjax.autodiff.slots import Answer, check_function, check_has_aux, check_weights, first_output, is_made_here, rest
from msjax.core import context
from msjax.core.tensor import Tensor


def vjp(fn: Callable, *inputs, weights: Any = None, has_aux: bool = False) -> Any:
    """The value of `fn` and the function from cotangents to gradients.

    Args:
        fn: a function or Cell.
        inputs: its arguments, Tensors; a tuple of Tensors is passed along without gradient.
        weights: Parameters to differentiate too: one, or a list, tuple or ParameterTuple.
        has_aux: whether only the first output is differentiated and the others are passed along.

    Returns:
        (output, vjp_fn), with `has_aux` (output, vjp_fn, aux), aux bare if it is one. `vjp_fn(*v)` takes one cotangent
        for each output, or a tuple of them, and gives a tuple of the inputs' gradients, with weights (that tuple,
        gradients of the weights: a tuple, or bare for a single Parameter). It can be called as often as one likes.

    Raises:
        TypeError: if an input or cotangent is not a Tensor, or the cotangent's dtype is not the output's.
        ValueError: if the cotangent's shape is not the output's, or `has_aux` is set for a function of one output.
        RuntimeError: if the number of cotangents is not that of the outputs.

    Differs from MindSpore: a second call of vjp_fn does not run `fn` again, and does not warn; see "Repeated pullbacks"
    in docs/differences.md.

    Example:
        >>> out, pull = ms.vjp(lambda x: x * x, Tensor([3.0]))
        >>> pull(Tensor([1.0]))
        (Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00]),)
    """
    check_function(fn)
    check_has_aux(has_aux)
    _check_tensors(inputs, Tensor)
    # In graph mode a Tensor that is passed twice is two variables, in PyNative mode one, whose gradient counts both.
    args = graph.separate(inputs, hooks=True) if context.in_graph() else inputs
    positions = tuple(i for i, a in enumerate(args) if isinstance(a, Tensor))
    answer = Answer(positions, weights, always_tuple=True, listed=is_made_here(weights))
    trained = check_weights(weights)
    leaves = leaves_for([args[p] for p in positions], trained)
    result = Linearized(fn, args, {}, leaves, first_output if has_aux else whole)

    def pull(*v):
        _check_tensors(v, Tensor, jax.Array)
        sens = v[0] if len(v) == 1 else v  # `pull(a, b)` and `pull((a, b))` are the same
        gradients = result.pull(cotangents(sens, result.differentiated))
        of_inputs = [(p, leaves.gradient(args[p], gradients)) for p in positions]
        return answer.nest(of_inputs, [result.of_weight(w, gradients) for w in trained])

    return (result.value[0], pull, rest(result.value)) if has_aux else (result.value, pull)


def _check_tensors(values, *kinds: type) -> None:
    for value in values:
        if not isinstance(value, (*kinds, tuple, list)):
            raise TypeError(f"The inputs type must be Tensor, but got {type(value).__name__}.")
