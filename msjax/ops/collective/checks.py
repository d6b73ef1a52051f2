"""What the operators between processes ask of their arrays."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.device.communication.group import Group
from msjax.ops.call.promotion import array


def of_numbers(name: str, x):
    """An array that can be added up."""
    x = array(x)
    if x.dtype == bool:
        raise TypeError(f"For '{name}', the input must be a Tensor of numbers, but its dtype is bool.")
    return x


def with_axes(name: str, x):
    """An array that has a first axis."""
    x = array(x)
    if not jnp.ndim(x):
        raise ValueError(f"For '{name}', the input must have at least one axis, but its shape is ().")
    return x


def divided(name: str, x, group: Group, axis: int = 0):
    """An array of which each process gets a part along an axis."""
    x = with_axes(name, x)
    if x.shape[axis] % group.size:
        raise ValueError(
            f"For '{name}', axis {axis} of the input must be divisible by {group.size}, the number of processes, but "
            f"the shape is {x.shape}."
        )
    return x
