"""Tokens on their way to the experts of a mixture, and back."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.promotion import array
from msjax.ops.table import op


def _refuse_padded(padded_mode: bool) -> None:
    if padded_mode:
        raise ValueError("'padded_mode' must be False, as in MindSpore.")


@op(
    "ops.moe_token_permute(tokens, indices, num_out_tokens=None, padded_mode=False)",
    "ops.MoeTokenPermute()(tokens, indices, num_out_tokens=None, padded_mode=False)",
    kinds={"num_out_tokens": "None or int >= 0", "padded_mode": "bool"},
)
def moe_token_permute(tokens, indices, *, num_out_tokens=None, padded_mode=False) -> tuple[jax.Array, jax.Array]:
    """Tokens in the order of their experts, each as often as it has experts, and where each of them has gone.

    Returns:
        The tokens, and for each expert of each token, as int32, the place among them.

    Raises:
        TypeError: if `indices` is not of int32 or int64.
        ValueError: for `padded_mode`, or if there are not as many tokens as rows of `indices`.
    """
    _refuse_padded(padded_mode)
    if indices.dtype not in (np.int32, np.int64):
        raise TypeError(f"For 'moe_token_permute', 'indices' must be int32 or int64, but got {indices.dtype}.")
    if tokens.ndim != 2 or indices.ndim not in (1, 2):
        raise ValueError(
            "For 'moe_token_permute', tokens must have 2 axes and indices 1 or 2, "
            f"but got the shapes {tokens.shape}, {indices.shape}."
        )
    if tokens.shape[0] != indices.shape[0]:
        raise RuntimeError(f"For 'moe_token_permute', {tokens.shape[0]} tokens have {indices.shape[0]} experts.")
    order = jnp.argsort(indices.ravel(), stable=True)
    places = jnp.argsort(order).astype(np.int32)
    times = indices.size // max(indices.shape[0], 1)
    return tokens[order[: num_out_tokens or None] // times], places


@op(
    "ops.moe_token_unpermute(permuted_tokens, sorted_indices, probs=None, padded_mode=False, restore_shape: _=None)",
    "ops.MoeTokenUnpermute()(permuted_tokens, sorted_indices, probs=None, padded_mode=False, restore_shape: _=None)",
    kinds={"padded_mode": "bool"},
)
def moe_token_unpermute(permuted_tokens, sorted_indices, probs=None, *, padded_mode=False) -> jax.Array:
    """Tokens that come back from their experts, in their first order; with `probs` (tokens, experts of each) their
    sums, weighted by these. Tokens that were left out count as 0.

    Returns:
        A Tensor (tokens, features).

    Raises:
        ValueError: for `padded_mode`.
    """
    _refuse_padded(padded_mode)
    back = array(permuted_tokens).at[sorted_indices].get(mode="fill", fill_value=0)
    if probs is None:
        return back
    weighted = back.reshape(*probs.shape, back.shape[-1]) * probs[..., None].astype(back.dtype)
    return weighted.sum(1).astype(permuted_tokens.dtype)
