"""Operators that write their result into their first argument: assign, and scatter into a Parameter."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from msjax.core import trace
from msjax.core.opaque import value_of
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind, to_array
from msjax.ops.arrays import scatter
from msjax.ops.arrays.gather import array
from msjax.ops.call.operator import Operator
from msjax.ops.call.promotion import cast
from msjax.ops.table import declare, family


class Assignment(Operator):
    """An operator whose result becomes the value of its first argument. A Parameter takes it without its gradient."""

    def call(self, arrays, statics=()) -> Any:
        target = arrays[0]
        if not isinstance(target, Tensor):
            raise TypeError(
                f"For '{self.name}', the first argument must be a Parameter or Tensor, but got {type(target).__name__}."
            )
        result: Any = super().call(arrays, statics)
        value = raw(result)
        fixed = not target._rewritable  # unlike items, it may be written also while it is differentiated
        if fixed:
            target._rewritable = True
        try:
            if isinstance(target, Parameter):
                rebind(target, trace.written_into(target, value))
            else:
                rebind(target, value, result._shadow)
        finally:
            if fixed:
                del target._rewritable
        return result


def assignment(*faces: str, name: str | None = None):
    """Declare the faces of a definition that writes into its first argument."""

    def declared(definition):
        operator = Assignment(definition, name=name, jit=False)
        for text in faces:
            declare(operator, text)
        return definition

    return declared


def _value(variable, value, what: str, spread: bool = False):
    """`value` as the variable's elements.

    Args:
        spread: whether a number may stand for the single element of a variable with axes.

    Raises:
        ValueError: if the shapes differ.
        TypeError: if the value's dtype would have to be narrowed.
    """
    number = value_of(value)
    if isinstance(number, (int, float)):
        if isinstance(number, float) and not jnp.issubdtype(variable.dtype, jnp.inexact):
            raise TypeError(f"For '{what}', the number {number} does not fit into {variable.dtype}.")
        value = to_array(value, variable.dtype)
        value = value.reshape(variable.shape) if spread and variable.size == 1 else value
    value = array(value, "value")
    if value.shape != variable.shape:
        raise ValueError(
            f"For '{what}', 'value' must have the same shape as 'variable', but got {value.shape} and {variable.shape}."
        )
    if jnp.promote_types(value.dtype, variable.dtype) != variable.dtype:
        raise TypeError(
            f"For '{what}', data type conversion is not supported for a 'Parameter': {value.dtype} does not fit into "
            f"{variable.dtype}; cast the value first."
        )
    return cast(value, variable.dtype)


@assignment("ops.assign(variable, value)", "ops.Assign()(variable, value)")
def assign(variable, value):
    """Write `value` into a Parameter.

    Raises:
        ValueError: if the shapes differ.

    Example:
        >>> p = Parameter([1.0, 2.0], name="p")
        >>> ops.assign(p, Tensor([3.0, 4.0]))
        Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00])
    """
    return _value(variable, value, "Assign")


@assignment("ops.assign_add(variable, value)", "ops.AssignAdd()(variable, value)")
def assign_add(variable, value):
    """Add `value` to a Parameter, in place.

    Raises:
        ValueError: if the shapes differ.
    """
    return variable + _value(variable, value, "AssignAdd", spread=True)


@assignment("ops.assign_sub(variable, value)", "ops.AssignSub()(variable, value)")
def assign_sub(variable, value):
    """Subtract `value` from a Parameter, in place.

    Raises:
        ValueError: if the shapes differ.
    """
    return variable - _value(variable, value, "AssignSub", spread=True)


_OTHERS = [meeting for meeting in scatter.MEETINGS if meeting != "update"]


@assignment(
    "ops.scatter_update(input_x, indices, updates; meeting='update')",
    "ops.ScatterUpdate(use_locking: _ = True)(input_x, indices, updates; meeting='update')",
    *family(
        "meeting",
        _OTHERS,
        "ops.scatter_{meeting}(input_x, indices, updates)",
        "ops.Scatter{Meeting}(use_locking: _ = False)(input_x, indices, updates)",
    ),
    name="scatter_{meeting}",
)
def scatter_rows(x, indices, updates, *, meeting="update"):
    """Write into a Parameter: its rows at `indices` are {meeting}."""
    what = f"Scatter{meeting.title()}"
    indices = scatter.indices_of(indices)
    updates = array(updates, "updates")
    scatter.check_shape(updates.shape, indices.shape + x.shape[1:], what)
    return scatter.put_slices(x, indices, updates, 0, meeting, what)


@assignment(
    "ops.scatter_nd_update(input_x, indices, updates, use_locking: _ = True; meeting='update')",
    "ops.ScatterNdUpdate(use_locking: _ = True)(input_x, indices, updates; meeting='update')",
    *family(
        "meeting",
        _OTHERS,
        "ops.scatter_nd_{meeting}(input_x, indices, updates, use_locking: _ = False)",
        "ops.ScatterNd{Meeting}(use_locking: _ = False)(input_x, indices, updates)",
    ),
    name="scatter_nd_{meeting}",
)
def scatter_places(x, indices, updates, *, meeting="update"):
    """Write into a Parameter: its elements at places are {meeting}."""
    return scatter.scatter_at(x, indices, updates, meeting, f"ScatterNd{meeting.title()}")


@assignment("ops.ScatterNonAliasingAdd()(input_x, indices, updates)")
def scatter_non_aliasing_add(x, indices, updates):
    """A Parameter with the updates added at places, in place."""
    return scatter.scatter_at(x, indices, updates, "add", "ScatterNonAliasingAdd")


@assignment(
    "ops.index_add(x, indices, y, axis, use_lock: _ = True, check_index_bound: _ = True)",
    "ops.IndexAdd(axis, use_lock: _ = True, check_index_bound: _ = True)(x, indices, y)",
    "ops.inplace_index_add(var, indices, updates, axis)",
    "ops.InplaceIndexAdd(axis)(var, indices, updates)",
)
def index_add(x, indices, y, *, axis):
    """Add the slices of `y` to the slices of an axis of a Parameter, in place.

    Raises:
        RuntimeError: if an index is out of range.
    """
    return scatter.put_slices(x, indices, array(y), axis, "add", "IndexAdd")
