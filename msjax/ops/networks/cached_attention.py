"""Attention for generating text: of whole prompts, and of one query to keys and values that were kept."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.promotion import is_float
from msjax.ops.networks.attention import FAR, attend, join_heads, moments, split_heads
from msjax.ops.networks.visibility import allowed, places
from msjax.ops.table import op

_TWO = {"input_layout": "'BSH' or 'BNSD'"}
_FOUR = {"input_layout": "'BSH' or 'BNSD' or 'BSND' or 'BNSD_BSND'"}


def _whole(kept, lengths):
    """Keys or values as one array; of samples that were given one by one, filled up to the longest, and their lengths.

    Returns:
        (array, lengths (batch,), or None).
    """
    if not isinstance(kept, (list, tuple)):
        return kept, lengths
    if len(kept) == 1:
        return kept[0], lengths
    axis = kept[0].ndim - 2
    sizes = [k.shape[axis] for k in kept]
    padded = [
        jnp.pad(k, [(0, (max(sizes) - n) * (a == axis)) for a in range(k.ndim)])
        for k, n in zip(kept, sizes, strict=True)
    ]
    return jnp.concatenate(padded), jnp.asarray(sizes) if lengths is None else lengths


def _paged(kept, table, layout: str, heads: int):
    """The blocks (blocks, size, features) or (blocks, heads, size, features) that belong to each sample, in a row."""
    blocks = kept[jnp.maximum(table, 0)]
    blocks = blocks.swapaxes(2, 3) if blocks.ndim == 5 else blocks
    return blocks.reshape(table.shape[0], table.shape[1] * blocks.shape[2], heads, -1)


def _unscaled(kept, scale, offset, dtype):
    """Whole numbers (batch, keys, heads, features) as floats, (kept + offset) * scale.

    The two are numbers for all, for each head and feature, or for each sample and key.
    """
    if scale is None:
        return kept

    def spread(x):
        if x.size == 1:
            return x.reshape(1, 1, 1, 1)
        by_token = x.size == kept.shape[0] * kept.shape[1] and x.shape[-2:] == kept.shape[:2]
        return x.reshape(*kept.shape[:2], 1, 1) if by_token else x.reshape(1, 1, *kept.shape[2:])

    moved = kept.astype(np.float32) if offset is None else kept.astype(np.float32) + spread(offset)
    return (moved * spread(scale)).astype(dtype)


def _to_int8(out, scale, offset):
    """(batch, queries, heads, features) as int8, rounded out * scale + offset; as it is without a scale."""
    if scale is None:
        return out
    spread = lambda x: x.reshape(1, 1, *out.shape[2:]) if x.size > 1 else x.reshape(1, 1, 1, 1)  # noqa: E731
    moved = out.astype(np.float32) * spread(scale) + (0 if offset is None else spread(offset))
    return jnp.clip(jnp.round(moved), -128, 127).astype(np.int8)


def _refuse(name: str, query, **quantized) -> None:
    given = [key for key, value in quantized.items() if value is not None]
    if given or not is_float(query):
        raise TypeError(
            f"For '{name}', a quantized query and its scales ({', '.join(given) or query.dtype}) are not supported: "
            "give the query as floats."
        )


def _pair(name, query, key, value, layout, heads, key_heads, table, antiquant):
    """Query, keys and values as floats (batch, length, heads, features)."""
    query = split_heads(query, layout, heads)
    key_heads = key_heads or heads
    if heads <= 0 or heads % key_heads:
        raise RuntimeError(f"For '{name}', {heads} heads of the query are not a multiple of the key's, {key_heads}.")
    split = lambda x: (  # noqa: E731
        split_heads(x, layout, key_heads) if table is None else _paged(x, table, layout, key_heads)
    )
    key, value = (_unscaled(split(x), *how, query.dtype) for x, how in zip((key, value), antiquant, strict=True))
    if not query.dtype == key.dtype == value.dtype:
        raise TypeError(
            f"For '{name}', query, key and value must have one dtype, "
            f"but got {query.dtype}, {key.dtype}, {value.dtype}."
        )
    return query, key, value


def _both(scale, offset):
    """The scale and the offset of keys, and those of values, of arrays that hold both."""
    return tuple(tuple(None if x is None else x[i] for x in (scale, offset)) for i in range(2))


def _of_one_query(keys: int, lengths, padding, mask):
    """Which keys the only query of each sample sees; none where those that count would begin before the first."""
    padding = None if padding is None or lengths is None else jnp.maximum(jnp.asarray(padding).ravel()[0], 0)
    where = places(1, keys, None, lengths, None, padding)
    if padding is not None:
        where = where._replace(real=where.real & (keys - padding >= jnp.asarray(lengths).reshape(-1, 1, 1, 1)))
    mask = None if mask is None else mask.reshape(mask.shape[0], 1, 1, -1)
    return allowed(where, mask, mode=0, before=FAR, after=FAR)


def _of_head_axis(mask):
    """A mask (batch, queries, keys) with an axis for heads."""
    return mask[:, None] if mask is not None and mask.ndim == 3 else mask


@op(
    "ops.prompt_flash_attention(query, key, value, attn_mask=None, actual_seq_lengths=None, actual_seq_lengths_kv=None,"
    " pse_shift=None, deq_scale1=None, quant_scale1=None, deq_scale2=None, quant_scale2=None, quant_offset2=None,"
    " num_heads=1, scale_value=1.0, pre_tokens=2147483647, next_tokens=0, input_layout='BSH', num_key_value_heads=0,"
    " sparse_mode=0, inner_precise: _=1)",
    "ops.PromptFlashAttention(num_heads=1, scale_value=1.0, pre_tokens=2147483647, next_tokens=0, input_layout='BSH',"
    " num_key_value_heads=0, sparse_mode=0, inner_precise: _=1)(query, key, value, attn_mask=None,"
    " actual_seq_lengths=None, actual_seq_lengths_kv=None, pse_shift=None, deq_scale1=None, quant_scale1=None,"
    " deq_scale2=None, quant_scale2=None, quant_offset2=None)",
    kinds=_TWO,
)
def prompt_flash_attention(
    query, key, value, attn_mask=None, actual_seq_lengths=None, actual_seq_lengths_kv=None, pse_shift=None,
    deq_scale1=None, quant_scale1=None, deq_scale2=None, quant_scale2=None, quant_offset2=None, *, num_heads=1,
    scale_value=1.0, pre_tokens=FAR, next_tokens=0, input_layout="BSH", num_key_value_heads=0, sparse_mode=0,
) -> jax.Array:  # fmt: skip
    """Attention of whole prompts: softmax(`scale_value` * `query` @ `key`.T + `pse_shift`) @ `value`, of what is seen.

    Queries beyond the length of their sample, and those that see no key, give 0.

    Returns:
        A Tensor in the shape of the query.

    Raises:
        TypeError: for a quantized query, or unless query, key and value have one dtype.
        ValueError: for another layout, or if shapes do not fit it.
        RuntimeError: if numbers of heads do not fit, or mask and mode.
    """
    name = "prompt_flash_attention"
    _refuse(name, query, deq_scale1=deq_scale1, quant_scale1=quant_scale1, deq_scale2=deq_scale2)
    query, key, value = _pair(
        name, query, key, value, input_layout, num_heads, num_key_value_heads, None, ((None, None),) * 2
    )
    if sparse_mode == 5:
        raise RuntimeError(f"For '{name}', 'sparse_mode' must be one of 0, 1, 2, 3, 4, but got 5.")
    where = places(query.shape[1], key.shape[1], actual_seq_lengths, actual_seq_lengths_kv)
    seen = allowed(where, _of_head_axis(attn_mask), mode=sparse_mode, before=pre_tokens, after=next_tokens)
    out = attend(query, key, value, scale=scale_value, shift=_cut(pse_shift, query, key), seen=seen)
    return join_heads(_to_int8(out, quant_scale2, quant_offset2), input_layout)


def _cut(shift, query, key):
    """The part of a shift that the queries and keys have; it may be larger."""
    return None if shift is None else shift[..., : query.shape[1], : key.shape[1]]


@op(
    "ops.incre_flash_attention(query, key, value, attn_mask=None, actual_seq_lengths=None, pse_shift=None,"
    " dequant_scale1=None, quant_scale1=None, dequant_scale2=None, quant_scale2=None, quant_offset2=None,"
    " antiquant_scale=None, antiquant_offset=None, block_table=None, num_heads=1, input_layout='BSH', scale_value=1.0,"
    " num_key_value_heads=0, block_size: _=0, inner_precise: _=1, kv_padding_size=None)",
    "ops.IncreFlashAttention(num_heads=1, input_layout='BSH', scale_value=1.0, num_key_value_heads=0, block_size: _=0,"
    " inner_precise: _=1)(query, key, value, attn_mask=None, actual_seq_lengths=None, pse_shift=None,"
    " dequant_scale1=None, quant_scale1=None, dequant_scale2=None, quant_scale2=None, quant_offset2=None,"
    " antiquant_scale=None, antiquant_offset=None, block_table=None, kv_padding_size=None)",
    kinds=_TWO,
)
def incre_flash_attention(
    query, key, value, attn_mask=None, actual_seq_lengths=None, pse_shift=None, dequant_scale1=None, quant_scale1=None,
    dequant_scale2=None, quant_scale2=None, quant_offset2=None, antiquant_scale=None, antiquant_offset=None,
    block_table=None, kv_padding_size=None, *, num_heads=1, input_layout="BSH", scale_value=1.0, num_key_value_heads=0,
) -> jax.Array:  # fmt: skip
    """Attention of one query in each sample to keys and values that were kept, of which the first ones count, as many
    as `actual_seq_lengths` says: softmax(`scale_value` * `query` @ `key`.T + `pse_shift`) @ `value`.

    Keys and values may be int8, standing for (`key` + `antiquant_offset`) * `antiquant_scale`, or in blocks that
    `block_table` names for each sample.

    Returns:
        A Tensor in the shape of the query.

    Raises:
        TypeError: for a quantized query, or unless query, key and value have one dtype.
        ValueError: for another layout, or if shapes do not fit it.
        RuntimeError: if numbers of heads do not fit.
    """
    name = "incre_flash_attention"
    _refuse(name, query, dequant_scale1=dequant_scale1, quant_scale1=quant_scale1, dequant_scale2=dequant_scale2)
    key, lengths = _whole(key, actual_seq_lengths)
    value, _ = _whole(value, None)
    antiquant = _both(antiquant_scale, antiquant_offset)
    query, key, value = _pair(
        name, query, key, value, input_layout, num_heads, num_key_value_heads, block_table, antiquant
    )
    seen = _of_one_query(key.shape[1], lengths, kv_padding_size, attn_mask)
    out = attend(query, key, value, scale=scale_value, shift=_cut(pse_shift, query, key), seen=seen)
    return join_heads(_to_int8(out, quant_scale2, quant_offset2), input_layout)


_KEPT = (
    "pse_shift=None, {mask}=None, actual_seq_lengths=None, actual_seq_lengths_kv=None, dequant_scale1=None,"
    " quant_scale1=None, dequant_scale2=None, quant_scale2=None, quant_offset2=None, antiquant_scale=None,"
    " antiquant_offset=None, "
)
_APART = (
    "key_antiquant_scale=None, key_antiquant_offset=None, value_antiquant_scale=None, value_antiquant_offset=None, "
)
_PAGES = "block_table=None, query_padding_size=None, kv_padding_size=None, "
_SHARED = "key_shared_prefix=None, value_shared_prefix=None, actual_shared_prefix_len: _=None"
_HOW = (
    "num_heads=1, scale=1.0, pre_tokens=2147483647, next_tokens=2147483647, input_layout='BSH', num_key_value_heads=0,"
    " sparse_mode=0, inner_precise: _=1, block_size: _=0, antiquant_mode: _=0, "
)
_MODES = "key_antiquant_mode: _=0, value_antiquant_mode: _=0"


@op(
    f"ops.fused_infer_attention_score(query, key, value, *, {_KEPT.format(mask='atten_mask')}{_APART}{_PAGES}{_SHARED},"
    f" {_HOW}{_MODES}, softmax_lse_flag=False)",
    f"ops.FusedInferAttentionScore({_HOW}softmax_lse_flag=False, {_MODES})(query, key, value,"
    f" {_KEPT.format(mask='attn_mask: atten_mask')}{_PAGES}{_APART}{_SHARED})",
    kinds=_FOUR,
)
def fused_infer_attention_score(
    query, key, value, pse_shift=None, atten_mask=None, actual_seq_lengths=None, actual_seq_lengths_kv=None,
    dequant_scale1=None, quant_scale1=None, dequant_scale2=None, quant_scale2=None, quant_offset2=None,
    antiquant_scale=None, antiquant_offset=None, key_antiquant_scale=None, key_antiquant_offset=None,
    value_antiquant_scale=None, value_antiquant_offset=None, block_table=None, query_padding_size=None,
    kv_padding_size=None, key_shared_prefix=None, value_shared_prefix=None, *, num_heads=1, scale=1.0, pre_tokens=FAR,
    next_tokens=FAR, input_layout="BSH", num_key_value_heads=0, sparse_mode=0, softmax_lse_flag=False,
) -> tuple[jax.Array, jax.Array]:  # fmt: skip
    """Attention of prompts, or of one query in each sample to keys and values that were kept.

    What counts of a sample are its first queries and keys, as many as the lengths say, or, with a padding size, the
    last ones but so many. One query sees all keys that count and that the mask lets through.

    Returns:
        The result, in the shape of the query, and on demand the logarithm of the sum of the exponentials of the scores
        (batch, heads, queries, 1), else one 0.

    Raises:
        TypeError: for a quantized query, or unless query, key and value have one dtype.
        ValueError: for another layout, or if shapes do not fit it.
        RuntimeError: if numbers of heads do not fit, or mask and mode.
    """
    name = "fused_infer_attention_score"
    _refuse(
        name, query, dequant_scale1=dequant_scale1, quant_scale1=quant_scale1, dequant_scale2=dequant_scale2,
        key_shared_prefix=key_shared_prefix, value_shared_prefix=value_shared_prefix,
    )  # fmt: skip
    layout, _, out_layout = input_layout.partition("_")
    key, lengths = _whole(key, actual_seq_lengths_kv)
    value, _ = _whole(value, None)
    antiquant = _both(antiquant_scale, antiquant_offset)
    if key_antiquant_scale is not None:
        antiquant = (key_antiquant_scale, key_antiquant_offset), (value_antiquant_scale, value_antiquant_offset)
    query, key, value = _pair(name, query, key, value, layout, num_heads, num_key_value_heads, block_table, antiquant)
    if query.shape[1] == 1:
        seen = _of_one_query(key.shape[1], lengths, kv_padding_size, atten_mask)
    else:
        padding = [None if p is None else jnp.maximum(p.ravel()[0], 0) for p in (query_padding_size, kv_padding_size)]
        where = places(query.shape[1], key.shape[1], actual_seq_lengths, lengths, *padding)
        seen = allowed(where, _of_head_axis(atten_mask), mode=sparse_mode, before=pre_tokens, after=next_tokens)
    shift = _cut(pse_shift, query, key)
    out = attend(query, key, value, scale=scale, shift=shift, seen=seen)
    total = jnp.zeros(1, np.float32)
    if softmax_lse_flag:
        top, sums = moments(query, key, scale, shift, seen)
        total = top + jnp.log(sums)
    return join_heads(_to_int8(out, quant_scale2, quant_offset2), out_layout or layout), total
