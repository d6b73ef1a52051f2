"""Positions as rotations of pairs of features (Su et al., 2021)."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from msjax.ops.table import op


@op(
    "ops.rotary_position_embedding(x, cos, sin, mode=0)",
    "ops.RotaryPositionEmbedding()(x, cos, sin, mode=0)",
    kinds={"mode": "int [0, 1]"},
)
def rotary_position_embedding(x, cos, sin, *, mode=0) -> jax.Array:
    """Rotate pairs of features: x * `cos` + turned * `sin`, where turned has the pairs (a, b) of x as (-b, a).

    With `mode` 0 the two of a pair are as far apart as half of the features, with 1 they are neighbours.

    Returns:
        A Tensor of the shape and dtype of the input.

    Raises:
        ValueError: if x has an odd number of features, or if `cos` and `sin` do not broadcast to it.
    """
    if x.shape[-1] % 2 or jnp.broadcast_shapes(x.shape, cos.shape, sin.shape) != x.shape:
        raise ValueError(
            "For 'rotary_position_embedding', x must have an even number of features, and cos and sin must broadcast "
            f"to it, but got the shapes {x.shape}, {cos.shape}, {sin.shape}."
        )
    halves = (x[..., 0::2], x[..., 1::2]) if mode else jnp.split(x, 2, axis=-1)
    turned = (-halves[1], halves[0])
    turned = jnp.stack(turned, axis=-1).reshape(x.shape) if mode else jnp.concatenate(turned, axis=-1)
    return (x * cos + turned * sin).astype(x.dtype)
