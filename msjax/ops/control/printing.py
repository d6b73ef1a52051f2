"""Printing as an operator, also in compiled functions."""

from __future__ import annotations

import jax
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import printing
from msjax.core.effects import has_effects, keeps_functions
from msjax.core.kinds import is_a
from msjax.core.tensor import Tensor, raw
from msjax.core.trace import Tracer, detach
from msjax.ops.table import publish
from msjax.ops.table.primitive import Primitive


class _Shown(str):
    """The text of a Tensor, also inside of containers."""

    __repr__ = str.__str__


def _shown(array) -> _Shown:
    return _Shown(printing.to_repr(np.asarray(array), mstype.of(array)))


@has_effects
def print_(*input_x) -> None:
    """Print each argument on a line of its own; in a compiled function, whenever that runs.

    Example:
        >>> ops.print_("x", Tensor([1.0]))
        x
        Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])
    """
    leaves, tree = jax.tree.flatten(input_x, is_leaf=lambda leaf: isinstance(leaf, Tensor))
    arrays = {i: detach(raw(leaf)) for i, leaf in enumerate(leaves) if isinstance(leaf, Tensor)}

    def show(values):
        for item in tree.unflatten(_shown(values[i]) if i in values else leaf for i, leaf in enumerate(leaves)):
            print(item)

    if any(isinstance(array, Tracer) for array in arrays.values()):
        jax.debug.callback(show, arrays)
    else:
        show(arrays)


@keeps_functions
@has_effects
class Print(Primitive):
    """`ops.print_` as a primitive."""

    def __call__(self, *input_x) -> None:
        print_(*input_x)


@has_effects
class Assert(Primitive):
    """Raises an error if a condition is False, and prints Tensors before.

    Args:
        summarize: how many elements of each Tensor are printed.

    Inputs:
        condition: a bool, or a Tensor of one.
        input_data: a tuple or list of Tensors.

    Raises:
        RuntimeError: if the condition is False.
        TypeError: if an input is of another type.

    Example:
        >>> try:
        ...     ops.Assert(2)(False, [Tensor([1, 2, 3])])
        ... except RuntimeError as error:
        ...     print(error)
        For 'Assert' condition is false.
        input data: [1 2]
        assert failed
    """

    def __init__(self, summarize=3):
        super().__init__()
        if not is_a(summarize, "int"):
            raise TypeError(f"For 'Assert', 'summarize' must be an int, but got {summarize!r}.")
        self.summarize = summarize

    def __call__(self, condition, input_data) -> Tensor:
        if not isinstance(condition, Tensor | bool):
            raise TypeError(f"For 'Assert', 'condition' must be a Tensor or a bool, but got {condition!r}.")
        if not isinstance(input_data, tuple | list):
            raise TypeError(f"For 'Assert', 'input_data' must be a tuple or list, but got {type(input_data).__name__}.")
        if not condition:
            print("For 'Assert' condition is false.")
            for tensor in input_data:
                print("input data:", tensor.asnumpy().ravel()[: self.summarize])
            raise RuntimeError("assert failed")
        return Tensor([0], mstype.int32)


publish("ops", Assert=Assert, Print=Print, print_=print_)
