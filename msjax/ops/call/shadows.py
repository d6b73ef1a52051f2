"""Derivatives through integers.

MindSpore differentiates integer Tensors as if they were floats, and casts to integers as if they were none. JAX does
not. So a Tensor of integers that is differentiated has a *shadow*: floats of the same values, which carry the
derivative. An operator computes with the integers, and its derivative is that of the same operator on the shadows.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.tensor import Tensor, hold, is_tensor, raw, wrap

# What operators raise that take integers alone: there is no derivative then.
_REFUSALS = (TypeError, ValueError, IndexError, RuntimeError, NotImplementedError)
FLOAT = np.dtype(np.float64)  # the one that holds most integers


def has_shadow(arguments) -> bool:
    """Whether derivatives reach one of the arguments, or of the lists among them, through integers."""
    return any(
        value._shadow is not None
        if isinstance(value, Tensor)
        else isinstance(value, (list, tuple)) and has_shadow(value)
        for value in arguments
    )


def cast_shadow(result: Tensor, argument) -> None:
    """`result` is `argument` as integers."""
    if isinstance(argument, Tensor) and raw(result).dtype.kind in "biu":
        derived = derivative_of(argument)
        if isinstance(derived, trace.Tracer):
            _carry(result, derived)


def floats(value):
    """What stands for a value in a derivative through integers."""
    if not isinstance(value, Tensor) or _inexact(raw(value)):
        return raw(value)
    return raw(value).astype(FLOAT) if value._shadow is None else value._shadow


def with_derivative(output: Tensor, array) -> Tensor:
    """A new handle on the values of `output`, which has the derivative of `array`."""
    if _inexact(raw(output)) or not _inexact(array):
        return wrap(array)
    tensor = wrap(raw(output))
    if isinstance(array, trace.Tracer) and trace.top() is not None:
        trace.shadow(tensor, array)
    return tensor


def carry_over(call, result, arguments):
    """`result`, of `call(arguments)`, with the derivative that the same has on the shadows."""

    def floats(value):
        return wrap(value._shadow) if isinstance(value, Tensor) and value._shadow is not None else value

    try:
        derived = call(jax.tree.map(floats, list(arguments), is_leaf=lambda v: v is None or is_tensor(v)))
    except _REFUSALS:
        return
    outputs = zip(_tensors(result), _tensors(derived), strict=True)
    for output, other in outputs:
        array = raw(other)
        if _inexact(array) and array.shape == raw(output).shape:
            _carry(output, array)


def _tensors(value) -> list[Tensor]:
    return [t for t in jax.tree.leaves(value, is_leaf=is_tensor) if is_tensor(t)]


def _inexact(array) -> bool:
    return jnp.issubdtype(array.dtype, jnp.inexact)


def _carry(output: Tensor, derived) -> None:
    array = raw(output)
    if _inexact(array):
        hold(output, derived_as(array, derived))
        frame = trace.top()
        assert frame is not None  # derivatives are carried inside of transforms only
        frame.created(output)
    else:
        trace.shadow(output, derived_as(array.astype(FLOAT), derived.astype(FLOAT)))


@jax.custom_jvp
def derived_as(value, derived):
    """`value`, with the derivative of `derived`."""
    return value


@derived_as.defjvp
def _derived_as_jvp(primals, tangents):
    value, derived = primals
    return derived_as(value, derived), tangents[1].astype(value.dtype)


def of_leaf(tensor: Tensor):
    """The array that stands for a Tensor as a variable: its shadow for integers."""
    array = raw(tensor)
    if _inexact(array):
        return array
    return array.astype(FLOAT) if tensor._shadow is None else tensor._shadow


def derivative_of(tensor: Tensor):
    """The array that carries a Tensor's derivative, or None if there is none."""
    array = raw(tensor)
    return array if _inexact(array) else tensor._shadow


def as_integers(array, dtype) -> Tensor:
    """A derivative cut off to the integer or bool dtype of its variable."""
    tensor = wrap((array != 0) if dtype == np.bool_ else jnp.trunc(array).astype(dtype))
    if isinstance(array, trace.Tracer) and trace.top() is not None:
        trace.shadow(tensor, array)
    return tensor
