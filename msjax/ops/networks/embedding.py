"""Rows of tables by number."""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from msjax.ops.call.checks import check_range
from msjax.ops.call.promotion import array
from msjax.ops.maths.rules import p_norm
from msjax.ops.table import op

SIGNATURE = "(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False)"


def _check_rows(_, x, weight, **__):
    check_range(x, weight.shape[0], "embedding")


@op(f"ops.embedding{SIGNATURE}", f"mint.nn.functional.embedding{SIGNATURE}", check=_check_rows,
    numbers="padding_idx max_norm")  # fmt: skip
def embedding(x, weight, *, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False):
    """Rows `input` of `weight`.

    Args:
        x: row numbers, of any shape.
        padding_idx: a row that gets no gradient.
        max_norm: rows of a larger `norm_type`-norm are scaled down to it.
        scale_grad_by_freq: divide each row's gradient by how often it occurs.

    Raises:
        TypeError: if `x` is not of an integer dtype.
        ValueError: if padding_idx is no row.
        RuntimeError: if an element of `x` is none; negative ones count from the end.

    Differs from MindSpore: with `max_norm` the result is scaled, `weight` itself is not written to.
    """
    x, weight = array(x), array(weight)
    if not jnp.issubdtype(x.dtype, jnp.integer):
        raise TypeError(f"For 'embedding', the input must be of an integer dtype, but got {x.dtype}.")
    if padding_idx is not None and not -weight.shape[0] <= padding_idx < weight.shape[0]:
        raise ValueError(
            f"For 'embedding', 'padding_idx' must be in [{-weight.shape[0]}, {weight.shape[0]}), but got {padding_idx}."
        )
    rows = weight.at[x].get(mode="fill")
    if max_norm is not None:
        norm = p_norm(rows, norm_type, keepdims=True)
        rows = rows * lax.stop_gradient(jnp.where(norm > max_norm, max_norm / (norm + 1e-7), 1)).astype(rows.dtype)
    share = None
    if scale_grad_by_freq:
        share = 1 / jnp.zeros(weight.shape[0], rows.dtype).at[x].add(1)[x][..., None]
    if padding_idx is not None:
        trained = (x != padding_idx % weight.shape[0])[..., None].astype(rows.dtype)
        share = trained if share is None else share * trained
    return rows if share is None else rows * share + lax.stop_gradient(rows * (1 - share))


@op("ops.EmbeddingLookup()(input_params, input_indices, offset)")
def embedding_lookup(table, indices, *, offset=0):
    """Rows `input_indices - offset`, zeros where there is none."""
    at = indices - offset
    inside = (at >= 0) & (at < table.shape[0])
    rows = table[jnp.where(inside, at, 0)]
    return jnp.where(inside.reshape(*inside.shape, *(1,) * (table.ndim - 1)), rows, jnp.zeros((), rows.dtype))
