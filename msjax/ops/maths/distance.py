"""Distances between points, and angles."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.ops.call.checks import one_dtype
from msjax.ops.call.promotion import inexact, inexact_pair, pair
from msjax.ops.maths.rules import p_norm, root
from msjax.ops.table import op


@op(
    "ops.cdist(x1, x2, p=2.0)",
    "ops.Cdist(p=2.0)(x1, x2)",
    "mint.cdist(x1, x2, p=2.0, compute_mode: _='use_mm_for_euclid_dist_if_necessary')",
)
def cdist(x, y, *, p=2.0):
    """The p-norm distances between each row of `x1` and each row of `x2`.

    Raises:
        ValueError: if `p` is negative, or the rows differ in length.
    """
    x, y = inexact(x), inexact(y)
    one_dtype("cdist", x, y)
    if p < 0:
        raise ValueError(f"For 'cdist', 'p' must not be negative, but got {p}.")
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(f"For 'cdist', the rows must be equally long, but the shapes are {x.shape} and {y.shape}.")
    return p_norm(x[..., :, None, :] - y[..., None, :, :], p)


@op("ops.pdist(input, p=2.0)", "ops.Pdist(p=2.0)(x)")
def pdist(x, *, p=2.0):
    """The p-norm distances between all pairs of different rows."""
    x = inexact(x)
    first, second = np.triu_indices(x.shape[-2], 1)
    return p_norm(x[..., first, :] - x[..., second, :], p)


@op("ops.dist(input, other, p=2)", numbers="p")
def dist(x, y, *, p=2):
    """The p-norm of the difference of two Tensors."""
    x, y = inexact_pair(x, y)
    return p_norm((x - y).ravel(), p)


@op("ops.cosine_similarity(x1: x, x2: y, dim=1, eps=1e-8)")
def cosine_similarity(x, y, *, axis=1, eps=1e-8):
    """The cosine of the angle between vectors along an axis; the product of their lengths counts as `eps` at least."""
    x, y = jnp.broadcast_arrays(*pair(x, y))
    return (x * y).sum(axis) / jnp.maximum(root((x * x).sum(axis)) * root((y * y).sum(axis)), eps)
