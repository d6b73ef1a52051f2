"""Attention of several heads, in training: softmax(scale * query @ key.T + shift, of what is allowed) @ value.

MindSpore has it for one device only, in kernels. What is computed is the documented formula; whatever lies between, of
shape (batch, heads, queries, keys), is in float32 at least.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.promotion import array, is_float
from msjax.ops.maths.random import random, unit
from msjax.ops.networks.visibility import Places, allowed, in_sequence, packed_places, places, shifts
from msjax.ops.table import op

FAR = 2147483647  # a window without end

# Layout -> from there to (batch, length, heads, features); B is the batch, S the length, N heads of D features, H is N
# times D, and T all lengths of a batch, one behind the other.
_INWARD = {
    "BSH": lambda x, n: x.reshape(*x.shape[:2], n, -1),
    "SBH": lambda x, n: x.reshape(*x.shape[:2], n, -1).swapaxes(0, 1),
    "BNSD": lambda x, n: x.swapaxes(1, 2),
    "BSND": lambda x, n: x,
    "TND": lambda x, n: x[None],
}
_OUTWARD = {
    "BSH": lambda x: x.reshape(*x.shape[:2], -1),
    "SBH": lambda x: x.swapaxes(0, 1).reshape(x.shape[1], x.shape[0], -1),
    "BNSD": lambda x: x.swapaxes(1, 2),
    "BSND": lambda x: x,
    "TND": lambda x: x[0],
}


def split_heads(x, layout: str, heads: int):
    """An array of a layout as (batch, length, heads, features)."""
    flat = layout[-1] == "H"
    if x.ndim != len(layout) or (flat and x.shape[-1] % heads) or (not flat and x.shape[layout.index("N")] != heads):
        raise ValueError(f"{x.shape} is not the shape of an array of {heads} heads in the layout {layout!r}.")
    return _INWARD[layout](x, heads)


def join_heads(x, layout: str):
    """The way back."""
    return _OUTWARD[layout](x)


def in_heads(name: str, query, key, value, layout: str, heads: int, key_heads: int = 0):
    """Query, key and value as (batch, length, heads, features).

    Raises:
        TypeError: unless they are of one float dtype.
        RuntimeError: if numbers of heads or features do not fit.
    """
    if not (is_float(query) and query.dtype == key.dtype == value.dtype):
        raise TypeError(
            f"For '{name}', query, key and value must have one float dtype, "
            f"but got {query.dtype}, {key.dtype}, {value.dtype}."
        )
    if heads <= 0 or key_heads < 0:
        raise RuntimeError(f"For '{name}', there must be heads, but got {heads} and {key_heads}.")
    query = split_heads(query, layout, heads)
    if not key_heads:
        key_heads = max(key.shape[-1] // query.shape[-1], 1) if layout[-1] == "H" else key.shape[layout.index("N")]
    if heads % key_heads:
        raise RuntimeError(f"For '{name}', {heads} heads of the query are not a multiple of the key's, {key_heads}.")
    key, value = (split_heads(x, layout, key_heads) for x in (key, value))
    if query.shape[-1] != key.shape[-1]:
        raise RuntimeError(
            f"For '{name}', query and key must have as many features, but got {query.shape[-1]}, {key.shape[-1]}."
        )
    return query, key, value


# -- what they see ---------------------------------------------------------------------------------------------------


def attend(query, key, value, *, scale, shift=None, seen=None, drop=None):
    """The attention of arrays (batch, length, heads, features).

    Args:
        shift: added to the scores.
        seen: which keys a query sees; a query that sees none gets 0.
        drop: what happens to the weights (batch, heads, queries, keys).
    """
    if drop is None and _has_kernel(query, value, scale):
        return _fused(scale, query, key, value, shift, seen)
    return _weighted(scale, query, key, value, shift, seen, drop)


def _weighted(scale, query, key, value, shift, seen, drop=None):
    weights = jax.nn.softmax(scores(query, key, scale, shift, seen), axis=-1)
    weights = weights if seen is None else jnp.where(seen.any(-1, keepdims=True), weights, 0)
    weights = weights if drop is None else drop(weights)
    groups = weights.reshape(*_grouped(query, key), *weights.shape[-2:])
    out = jnp.einsum("bkgts,bskd->btkgd", groups.astype(value.dtype), value)
    return out.reshape(*query.shape[:3], -1)


def scores(query, key, scale, shift, seen):
    """The scores (batch, heads, queries, keys), in float32 at least; of keys that are not seen the least number."""
    wide = jnp.promote_types(query.dtype, np.float32)
    batch, heads, group = _grouped(query, key)
    groups = query.reshape(batch, query.shape[1], heads, group, -1)
    found = jnp.einsum("btkgd,bskd->bkgts", groups, key, preferred_element_type=wide) * array(scale).astype(wide)
    found = found.reshape(batch, heads * group, *found.shape[-2:])
    found = found if shift is None else found + shift.astype(wide)
    return found if seen is None else jnp.where(seen, found, np.finfo(wide).min)


def _grouped(query, key) -> tuple[int, int, int]:
    """The batch, the heads of the key, and how many of the query's share one of these."""
    return query.shape[0], key.shape[2], query.shape[2] // key.shape[2]


def moments(query, key, scale, shift, seen):
    """The largest score of each query and the sum of the exponentials of what the others are less, (batch, heads,
    queries, 1)."""
    found = scores(query, key, scale, shift, seen)
    top = found.max(-1, keepdims=True)
    terms = jnp.exp(found - top)
    return top, (terms if seen is None else jnp.where(seen, terms, 0)).sum(-1, keepdims=True)


@partial(jax.custom_jvp, nondiff_argnums=(0,))
def _fused(scale, *arrays):
    """The same by cuDNN's kernel, where no derivative is asked for: it has a first one only, in reverse."""
    return jax.lax.platform_dependent(*arrays, cuda=partial(_kernel, scale), default=partial(_weighted, scale))


@_fused.defjvp
def _fused_jvp(scale, primals, tangents):
    return jax.jvp(partial(_weighted, scale), primals, tangents)


_IMPLEMENTATION = "cudnn"


def _kernel(scale, query, key, value, shift, seen):
    shift = None if shift is None else shift.reshape((1,) * (4 - shift.ndim) + shift.shape).astype(query.dtype)
    out = jax.nn.dot_product_attention(query, key, value, shift, seen, scale=scale, implementation=_IMPLEMENTATION)
    return out if seen is None else jnp.where(seen.any(-1).swapaxes(1, 2)[..., None], out, 0)


def _has_kernel(query, value, scale) -> bool:
    """Whether cuDNN has a kernel for such arrays: of 16 bits, with 8, 16, ... 128 features, of a known scale."""
    features = query.shape[-1]
    fits = query.dtype.itemsize == 2 and features == value.shape[-1] and features % 8 == 0 and features <= 128
    return fits and type(scale) is float and jax.default_backend() == "gpu"


# -- the operators ---------------------------------------------------------------------------------------------------

_LAYOUTS = {"input_layout": "'BSH' or 'SBH' or 'BNSD' or 'BSND' or 'TND'"}


class _Prepared(NamedTuple):
    query: Any
    key: Any
    value: Any
    where: Places
    seen: Any


def _prepare(
    name,
    query,
    key,
    value,
    mask,
    prefix,
    ends,
    key_ends,
    heads,
    layout,
    mode,
    before,
    after,
    error: type[Exception] = RuntimeError,
) -> _Prepared:
    query, key, value = in_heads(name, query, key, value, layout, heads)
    queries, keys = query.shape[1], key.shape[1]
    packed = layout == "TND"
    where = packed_places(queries, keys, ends, key_ends) if packed else places(queries, keys)
    seen = allowed(where, mask, mode=mode, before=before, after=after, prefix=prefix, error=error)
    return _Prepared(query, key, value, where, seen)


def _bits(drop_mask, given: _Prepared, packed: bool, ends, key_ends):
    """Which weights are kept, of a mask with a bit for each: (batch, heads, queries, keys)."""
    bits = jnp.unpackbits(drop_mask.ravel().astype(np.uint8), bitorder="little")
    batch, queries, heads, _ = given.query.shape
    keys = given.key.shape[1]
    if not packed:
        return bits[: batch * heads * queries * keys].reshape(batch, heads, queries, keys) == 1
    lengths, key_lengths = (jnp.diff(jnp.asarray(e), prepend=0) for e in (ends, key_ends))
    pairs = lengths * key_lengths
    sequence = jnp.minimum(in_sequence(queries, ends)[0], len(ends) - 1)[:, None]
    before = heads * (jnp.cumsum(pairs) - pairs)[sequence]
    head = np.arange(heads)[:, None, None]
    place = before + head * pairs[sequence] + given.where.rows * key_lengths[sequence] + given.where.columns
    return (bits[jnp.clip(place, 0, bits.size - 1)] == 1)[None]


def _dropping(kept, keep_prob):
    return lambda weights: jnp.where(kept, weights / keep_prob, 0)


def _eightfold(x, packed: bool):
    """Moments as MindSpore gives them: eight times, (batch, heads, queries, 8) or (queries, heads, 8)."""
    x = jnp.broadcast_to(x, (*x.shape[:3], 8))
    return x[0].swapaxes(0, 1) if packed else x


@op(
    "ops.FlashAttentionScore(head_num, keep_prob=1.0, scale_value: scalar_value=1.0, pre_tokens=2147483647,"
    " next_tokens=2147483647, inner_precise: _=0, input_layout='BSH', sparse_mode=0)"
    "(query, key, value, real_shift=None, drop_mask=None, padding_mask: _=None, attn_mask=None, prefix=None,"
    " actual_seq_qlen=None, actual_seq_kvlen=None)",
    kinds=_LAYOUTS,
)
def flash_attention(
    query, key, value, real_shift=None, drop_mask=None, attn_mask=None, prefix=None, actual_seq_qlen=None,
    actual_seq_kvlen=None, *, head_num, keep_prob=1.0, scalar_value=1.0, pre_tokens=FAR, next_tokens=FAR,
    input_layout="BSH", sparse_mode=0,
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:  # fmt: skip
    """Attention, softmax(`scalar_value` * `query` @ `key`.T + `real_shift`) @ `value` of what is seen, with dropout.

    A query that sees no key gives 0. Scores and weights are in float32 at least. On a GPU cuDNN's kernel computes what
    is of 16 bits, where nothing is dropped and no derivative is asked for.

    Returns:
        The largest score of each query and the sum of the exponentials of what the others are less, each eight times
        (batch, heads, queries, 8), one 0, and the result, in the shape of the query.

    Raises:
        TypeError: unless query, key and value have one float dtype.
        ValueError: for another layout, or if shapes do not fit it.
        RuntimeError: if numbers of heads do not fit, or mask and mode.
    """
    ends = actual_seq_qlen, actual_seq_kvlen
    given = _prepare(
        "flash_attention_score", query, key, value, attn_mask, prefix, *ends, head_num, input_layout, sparse_mode,
        pre_tokens, next_tokens,
    )  # fmt: skip
    query, key, value, where, seen = given
    shift = shifts(real_shift, where, query.shape[1])
    packed = input_layout == "TND"
    if (drop_mask is None) != (keep_prob == 1):
        raise ValueError("For 'flash_attention_score', 'drop_mask' must be given if 'keep_prob' is less than 1, only.")
    drop = None if drop_mask is None else _dropping(_bits(drop_mask, given, packed, *ends), keep_prob)
    out = attend(query, key, value, scale=scalar_value, shift=shift, seen=seen, drop=drop)
    top, total = (_eightfold(x, packed) for x in moments(query, key, scalar_value, shift, seen))
    return top, total, jnp.zeros(1, query.dtype), join_heads(out, input_layout)


@op(
    "ops.flash_attention_score(query, key, value, head_num, real_shift=None, drop_mask=None, padding_mask: _=None,"
    " attn_mask=None, prefix=None, actual_seq_qlen=None, actual_seq_kvlen=None, keep_prob=1.0, scalar_value=1.0,"
    " pre_tokens=2147483647, next_tokens=2147483647, inner_precise: _=0, input_layout='BSH', sparse_mode=0)",
    kinds=_LAYOUTS,
)
def flash_attention_score(
    query, key, value, real_shift=None, drop_mask=None, attn_mask=None, prefix=None, actual_seq_qlen=None,
    actual_seq_kvlen=None, *, head_num, keep_prob=1.0, scalar_value=1.0, pre_tokens=FAR, next_tokens=FAR,
    input_layout="BSH", sparse_mode=0,
) -> jax.Array:  # fmt: skip
    """Attention, softmax(`scalar_value` * `query` @ `key`.T + `real_shift`) @ `value` of what is seen, with dropout.

    As `FlashAttentionScore`, of which it gives the last result.

    Returns:
        A Tensor in the shape of the query.

    Raises:
        TypeError: unless query, key and value have one float dtype.
        ValueError: for another layout, or if shapes do not fit it.
        RuntimeError: if numbers of heads do not fit, or mask and mode.
    """
    return flash_attention(
        query, key, value, real_shift, drop_mask, attn_mask, prefix, actual_seq_qlen, actual_seq_kvlen,
        head_num=head_num, keep_prob=keep_prob, scalar_value=scalar_value, pre_tokens=pre_tokens,
        next_tokens=next_tokens, input_layout=input_layout, sparse_mode=sparse_mode,
    )[-1]  # fmt: skip


def _alibi(slopes, where: Places, root: bool, start, key_start):
    """The distance of query and key, or its root, times a slope for each head, less than 0."""
    first, key_first = (0 if s is None else jnp.asarray(s).ravel()[0] for s in (start, key_start))
    distance = jnp.abs(where.columns + key_first - where.rows - first).astype(np.float32)
    slopes = slopes.reshape(-1, slopes.shape[-1], 1, 1)
    return -slopes * (jnp.sqrt(distance) if root else distance)


@random(
    "ops.speed_fusion_attention(query, key, value, head_num, input_layout, *, pse=None, padding_mask: _=None,"
    " atten_mask=None, scale=1.0, keep_prob=1.0, pre_tokens=2147483647, next_tokens=2147483647, inner_precise: _=0,"
    " prefix=None, actual_seq_qlen=None, actual_seq_kvlen=None, sparse_mode=0, gen_mask_parallel: _=True,"
    " sync: _=False, pse_type=1, q_start_idx=None, kv_start_idx=None)",
)
def speed_fusion_attention(
    draw, query, key, value, pse=None, atten_mask=None, prefix=None, actual_seq_qlen=None, actual_seq_kvlen=None,
    q_start_idx=None, kv_start_idx=None, *, head_num, input_layout, scale=1.0, keep_prob=1.0, pre_tokens=FAR,
    next_tokens=FAR, sparse_mode=0, pse_type=1,
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array, jax.Array, jax.Array, jax.Array]:  # fmt: skip
    """Attention with dropout that it draws: softmax(`scale` * (`query` @ `key`.T + `pse`)) @ `value`, of what is seen.

    With `pse_type` 0 `pse` is added to the scaled product. With 2 it holds a slope for each head (Press et al., 2022),
    by which the distance of query and key counts less; with 3 the root of that distance.

    Returns:
        The result, in the shape of the query; the largest score of each query and the sum of the exponentials of what
        the others are less, each eight times (batch, heads, queries, 8); nothing; two numbers that the drawn ones
        depend on; and how many there are.

    Raises:
        TypeError: unless query, key and value have one float dtype.
        ValueError: for another layout, `sparse_mode` or `pse_type`, or if shapes do not fit.
    """
    if pse_type not in range(4):
        raise ValueError(f"For 'speed_fusion_attention', 'pse_type' must be one of 0, 1, 2, 3, but got {pse_type}.")
    query, key, value, where, seen = _prepare(
        "speed_fusion_attention", query, key, value, atten_mask, prefix, actual_seq_qlen, actual_seq_kvlen, head_num,
        input_layout, sparse_mode, pre_tokens, next_tokens, ValueError,
    )  # fmt: skip
    if pse is None:
        shift = None
    elif pse_type > 1:
        shift = _alibi(pse, where, pse_type == 3, q_start_idx, kv_start_idx)
    else:
        shift = shifts(pse, where, query.shape[1]) * (array(scale) if pse_type else 1)
    packed, drop, sizes = input_layout == "TND", None, (query.shape[0], query.shape[2], query.shape[1], key.shape[1])
    if keep_prob != 1:
        drop = _dropping(unit(draw, sizes) < array(keep_prob), keep_prob)
    out = attend(query, key, value, scale=scale, shift=shift, seen=seen, drop=drop)
    top, total = (_eightfold(x, packed) for x in moments(query, key, scale, shift, seen))
    words = (*jax.random.key_data(draw).ravel()[-2:], 0 if drop is None else math.prod(sizes))
    seed, offset, numels = (jnp.asarray(w).astype(np.int64).reshape(1) for w in words)
    return join_heads(out, input_layout), top, total, jnp.zeros(0, query.dtype), seed, offset, numels
