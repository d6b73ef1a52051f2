"""Tensors in nested tuples, lists and dicts."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.core.nested import like
from msjax.core.tensor import Tensor


def tensors_in(value) -> list[Tensor]:
    """All Tensors in nested tuples, lists and dicts, in order."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, (tuple, list)):
        return [t for v in value for t in tensors_in(v)]
    if isinstance(value, dict):
        return [t for v in value.values() for t in tensors_in(v)]
    return []


def refilled(value, tensors):
    """`value` with its Tensors replaced by those of the iterator `tensors`, in order."""
    if isinstance(value, Tensor):
        return next(tensors)
    if isinstance(value, dict):
        return {k: refilled(v, tensors) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return like(value, (refilled(v, tensors) for v in value))
    return value


def differentiable(array) -> bool:
    """Whether an array has a dtype with derivatives."""
    return jnp.issubdtype(array.dtype, jnp.inexact)
