"""One-hot codes."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.core.trace import concrete
from msjax.ops.arrays.creation import shape_of
from msjax.ops.call.promotion import array, axis_in
from msjax.ops.table import op


@op(
    "ops.one_hot(indices, depth, on_value=1, off_value=0, axis=-1)",
    "ops.OneHot(axis=-1)(indices, depth, on_value, off_value)",
)
def one_hot(indices, on_value=1, off_value=0, *, depth, axis=-1):
    """`on_value` at each index along a new axis of length `depth`, `off_value` elsewhere.

    An index out of range gives a row of `off_value`.

    Raises:
        TypeError: if the indices are not integers.
        ValueError: if the depth is negative, or the axis less than -1.
    """
    indices, on_value, off_value = array(indices), array(on_value), array(off_value)
    if not jnp.issubdtype(indices.dtype, jnp.integer):
        raise TypeError(f"For 'one_hot', 'indices' must be integers, but got {indices.dtype}.")
    place = axis_in(axis, indices.ndim + 1)
    if axis not in (-1, place):
        raise ValueError(f"For 'one_hot', the axis value must be in [-1,{indices.ndim}], but got {axis}.")
    (length,) = shape_of(depth)
    places = jnp.arange(length).reshape((-1,) + (1,) * (indices.ndim - place))
    dtype = jnp.result_type(on_value, off_value)
    return jnp.where(jnp.expand_dims(indices, place) == places, on_value, off_value).astype(dtype)


@op("mint.nn.functional.one_hot(tensor, num_classes=-1)", jit=False)
def one_hot_of_classes(x, *, num_classes=-1):
    """1 at each index along a new last axis, 0 elsewhere; as long as the largest index needs by default."""
    depth = int(concrete(x).max()) + 1 if num_classes == -1 else num_classes
    return one_hot(x, depth=depth)
