"""jacfwd and jacrev: all derivatives of all outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from msjax.autodiff import graph
from msjax.autodiff.engine import Leaves, Linearized, bases, for_each, whole
from msjax.autodiff.forward import Forward
from msjax.autodiff.grad import compiling
from msjax.autodiff.slots import check_function, check_has_aux, check_position, first_output, positions_of, rest
from msjax.autodiff.tree import differentiable
from msjax.core import dtype as mstype
from msjax.core import trace
from msjax.core.tensor import Tensor, raw, wrap


def jacfwd(fn: Callable, grad_position: Any = 0, has_aux: bool = False) -> Callable:
    """The function that computes the Jacobian of `fn` in forward mode, one input element at a time.

    Args:
        fn: a function or Cell; its result is a Tensor or a tuple of Tensors.
        grad_position: which arguments to differentiate, an int or a tuple of ints.
        has_aux: whether only the first output is differentiated and the others are passed along.

    Returns:
        A function of the arguments of `fn` which gives the Jacobian, of shape `out.shape + in.shape`: for several
        outputs a tuple, for several positions a tuple inside of it; with `has_aux` (Jacobian, aux).

    Raises:
        TypeError, ValueError: when called, if positions are not possible, an argument to differentiate or an output is
            not a Tensor of floats, or `has_aux` is set for a function of one output.

    Differs from MindSpore: floats of every width can be differentiated, not only float32; see "Forward derivatives" in
    docs/differences.md.

    Example:
        >>> ms.jacfwd(lambda x: x * x)(Tensor([3.0]))
        Tensor(shape=[1, 1], dtype=Float32, value= [[ 6.00000000e+00]])
    """
    return _jacobian(fn, grad_position, has_aux, _forward)


def jacrev(fn: Callable, grad_position: Any = 0, has_aux: bool = False) -> Callable:
    """The function that computes the Jacobian of `fn` in reverse mode, one output element at a time.

    Args:
        fn: a function or Cell, as for `jacfwd`.
        grad_position: which arguments are differentiated: an int, or a tuple of ints.
        has_aux: whether outputs after the first one only come along.

    Returns:
        A function of the arguments of `fn` which gives the Jacobian, shaped and nested as that of `jacfwd`.

    Raises:
        TypeError, ValueError: as `jacfwd`.

    Differs from MindSpore: floats of every width can be differentiated, not only float32; see "Forward derivatives" in
    docs/differences.md.

    Example:
        >>> ms.jacrev(ms.grad(lambda x: x**3))(Tensor([1.0]))
        Tensor(shape=[1, 1], dtype=Float32, value= [[ 6.00000000e+00]])
    """
    return _jacobian(fn, grad_position, has_aux, _reverse)


def _jacobian(fn, position, has_aux, blocks: Callable) -> Callable:
    check_has_aux(has_aux)

    def jacobian(*args):
        check_function(fn, ValueError)
        args = graph.separate(args)
        slots = [args[p] for p in _positions(position, len(args))]
        for slot in slots:
            _check_float("argument", slot)
        leaves = Leaves(slots)
        value, rows = blocks(fn, args, leaves, first_output if has_aux else whole)
        by_output = [tuple(wrap(row[leaves.index_of(s)]) for s in slots) for row in rows]
        several = isinstance(position, tuple) and len(position) > 1
        answer = tuple(by_output if several else [row[0] for row in by_output])
        answer = answer[0] if len(answer) == 1 else answer
        return (answer, rest(value)) if has_aux else answer

    return compiling(fn, jacobian)


def _positions(position, count: int) -> tuple[int, ...]:
    if position is None:
        raise TypeError("For 'F.grad', the 'grad_position' must be int or tuple, but got NoneType.")
    check_position(position)
    positions = positions_of(position)
    if any(p >= count for p in positions):
        raise ValueError(
            f"The element in grad_position must belong to [0, args_num), but got {position} for {count} arguments."
        )
    return positions


def _check_float(what: str, value) -> None:
    if not isinstance(value, (Tensor, jax.Array)):
        raise TypeError(f"A Jacobian needs Tensors, but the {what} is {type(value).__name__}.")
    if not differentiable(raw(value)):
        raise TypeError(
            f"A Jacobian needs floats, but the {what} has the dtype {mstype.of(raw(value))}: cast it to float32."
        )


def _outputs(value) -> list[Tensor]:
    outputs = list(value) if isinstance(value, (tuple, list)) else [value]
    for output in outputs:
        _check_float("output", output)
    return outputs


def _forward(fn, args, leaves: Leaves, select):
    """fn's value, and for each output the blocks of all leaves."""
    forward = Forward(fn, args, leaves, select)
    outputs = _outputs(select(forward.value))
    return forward.value, _by_columns(forward, outputs, leaves)


def _by_columns(derivative: Forward | Linearized, outputs: list[Tensor], leaves: Leaves) -> list[list]:
    columns = [for_each(derivative.push, basis, derivative.evaluation) for basis in bases(leaves.arrays())]
    return [
        [jnp.moveaxis(c[i], 0, -1).reshape(o.shape + x.shape) for c, x in zip(columns, leaves.arrays(), strict=True)]
        for i, o in enumerate(map(raw, outputs))
    ]


def _pays(result: Linearized) -> bool:
    """Whether to push a Jacobian of gradients forward: under `vmap`, where nothing is kept for each point then.

    Elsewhere that gains nothing, and where a slope is infinite, other elements would be nan than in what is written.
    """
    # Forward mode costs one push for each argument, reverse one pull for each result.
    arguments, results = (sum(a.size for a in arrays) for arrays in (result.leaves.arrays(), result.results))
    return trace.batching() and result.in_compiled_nest() and arguments <= results


def _reverse(fn, args, leaves: Leaves, select):
    result = Linearized(fn, args, {}, leaves, select)
    outputs = _outputs(select(result.value))
    if _pays(result):
        return result.value, _by_columns(result, outputs, leaves)
    rows = [
        [g.reshape(o.shape + x.shape) for g, x in zip(gradients, leaves.arrays(), strict=True)]
        for gradients, o in zip(result.rows(), map(raw, outputs), strict=True)
    ]
    return result.value, rows
