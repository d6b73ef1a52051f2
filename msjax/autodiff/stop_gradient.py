"""stop_gradient: values that are constants to every gradient."""

from __future__ import annotations

from typing import Any

import jax
from jax import lax

from msjax.core.nested import like
from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.view import View, replaced
from msjax.ops.table.primitive import Primitive


def stop_gradient(value: Any) -> Any:
    """`value` without its gradient; of a tuple, list or dict, the same with every Tensor and array so.

    The result shares the elements of the Tensor. Anything else is returned as it is.

    Args:
        value: a Tensor, an array, or nested tuples, lists and dicts of them.

    Returns:
        The same, of the same types.

    Example:
        >>> ms.grad(lambda x: x * ops.stop_gradient(x))(Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 3.00000000e+00])
    """
    if isinstance(value, Tensor):
        stopped = wrap(lax.stop_gradient(raw(value)))
        # Its elements stay those of the Tensor, so that writing to one writes to the other.
        stopped._view = View(value, lax.stop_gradient, replaced)
        return stopped
    if isinstance(value, jax.Array):
        return lax.stop_gradient(value)
    if isinstance(value, dict):
        return {k: stop_gradient(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return like(value, map(stop_gradient, value))
    return value


class StopGradient(Primitive):
    """`stop_gradient` as a primitive class.

    Example:
        >>> ms.grad(lambda x: x * ops.StopGradient()(x))(Tensor([3.0])).tolist()
        [3.0]
    """

    def __call__(self, value):
        return stop_gradient(value)
