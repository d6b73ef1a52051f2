"""Printing as an operator, also in compiled functions."""

from __future__ import annotations

import jax
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import printing
from msjax.core.effects import has_effects, keeps_functions
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


publish("ops", Print=Print, print_=print_)
