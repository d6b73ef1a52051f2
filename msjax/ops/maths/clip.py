"""Limiting values: clamp and clip, clipping by norm, nan_to_num."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.core.tensor import Tensor
from msjax.ops.call.promotion import array, check_broadcast, inexact, is_inexact, saturated
from msjax.ops.maths.rules import p_norm, root
from msjax.ops.table import op, publish


def _common(x, bounds, what: str):
    """x and the bounds that are not None in their common dtype."""
    x = array(x)
    if all(b is None for b in bounds):
        raise ValueError(f"For '{what}', at least one of 'min' or 'max' must not be None.")
    arrays = [x, *(array(b) for b in bounds if b is not None)]
    if any(a.dtype == np.bool_ for a in arrays):
        raise ValueError(f"For '{what}', the dtype of 'input', 'min' and 'max' must not be bool.")
    check_broadcast(*(a.shape for a in arrays))
    dtype = jnp.result_type(*arrays)
    return x.astype(dtype), [None if b is None else saturated(b, dtype) for b in bounds]


@op(
    "ops.clamp(input, min=None, max=None)",
    "ops.clip(input, min=None, max=None)",
    "Tensor.clamp(min=None, max=None)",
    "Tensor.clip(min=None, max=None)",
    "Tensor.clamp_(min=None, max=None)",
    "mint.clamp(input, min=None, max=None)",
    "mint.clip(input, min=None, max=None)",
)
def clamp(x, min=None, max=None):
    """x, but min where below it, and max where above it.

    The derivative is 1 on the closed interval (jnp.clip has 1/2 at both ends).

    Raises:
        ValueError: if both bounds are None, or something is bool.
    """
    x, (low, high) = _common(x, (min, max), "clamp")
    if low is not None:
        x = jnp.where(x < low, low, x)
    return x if high is None else jnp.where(x > high, high, x)


@op("numpy.clip(x, xmin, xmax, dtype=None)")
def clip(x, xmin, xmax):
    """x between xmin and xmax; at a bound the derivative is shared between x and the bound."""
    x, (low, high) = _common(x, (xmin, xmax), "clip")
    return jnp.clip(x, low, high)


@op("ops.clip_by_value(x, clip_value_min=None, clip_value_max=None)")
def clip_by_value(x, clip_value_min=None, clip_value_max=None):
    """`x`, or each of a list or tuple of Tensors, between two values; the derivative is that of `numpy.clip`.

    The values are taken in the dtype of `x`.

    Raises:
        ValueError: if both bounds are None.
    """
    if isinstance(x, (list, tuple)):
        return tuple(clip_by_value(each, clip_value_min, clip_value_max) for each in x)
    dtype = array(x).dtype
    low, high = (None if b is None else saturated(b, dtype) for b in (clip_value_min, clip_value_max))
    return clip(x, low, high)


def _total_norm(arrays, norm_type):
    flat = jnp.concatenate([inexact(a).ravel() for a in arrays])
    return p_norm(flat, norm_type)


@op("ops.clip_by_norm(x, max_norm, norm_type=2.0, error_if_nonfinite=False)")
def clip_by_norm(x, max_norm, *, norm_type=2.0, error_if_nonfinite=False):
    """x, scaled down so that its norm, of all Tensors together if it is a list, is at most `max_norm`."""
    many = isinstance(x, (list, tuple))
    arrays = list(x) if many else [x]
    scale = jnp.minimum(max_norm / (_total_norm(arrays, norm_type) + 1e-6), 1)
    clipped = tuple((a * scale).astype(a.dtype) for a in arrays)
    return clipped if many else clipped[0]


@op("ops.clip_by_global_norm(x, clip_norm=1.0, use_norm=None)")
def clip_by_global_norm(x, clip_norm=1.0, *, use_norm=None):
    """x, scaled down so that the 2-norm of all its Tensors together is at most `clip_norm`.

    Raises:
        ValueError: if `use_norm` is not None.
    """
    if use_norm is not None:
        raise ValueError(
            f"For 'clip_by_global_norm', input 'use_norm' only supports None currently, but got 'use_norm': {use_norm}"
        )
    many = isinstance(x, (list, tuple))
    arrays = list(x) if many else [x]
    square = sum(jnp.sum(jnp.square(a.astype(np.float32))) for a in arrays)
    scale = clip_norm / jnp.maximum(root(square), clip_norm)
    clipped = tuple((a * scale).astype(a.dtype) for a in arrays)
    return clipped if many else clipped[0]


@op(
    "ops.nan_to_num(input, nan=None, posinf=None, neginf=None)",
    "ops.NanToNum(nan=None, posinf=None, neginf=None)(input)",
    "Tensor.nan_to_num(nan=None, posinf=None, neginf=None)",
    "mint.nan_to_num(input, nan=None, posinf=None, neginf=None)",
    "numpy.nan_to_num(x, nan=0.0, posinf=None, neginf=None)",
    numbers="nan posinf neginf",
)
def nan_to_num(x, *, nan=None, posinf=None, neginf=None):
    """x with nan as 0 and infinities as the largest finite numbers, or as what is given."""
    x = array(x)
    return jnp.nan_to_num(x, nan=0 if nan is None else nan, posinf=posinf, neginf=neginf) if is_inexact(x) else x


def clamp_(input, min=None, max=None) -> Tensor:
    """`clamp` that writes into `input`."""
    return input.clamp_(min, max)


publish("ops", clamp_=clamp_)
publish("mint", clamp_=clamp_)
