"""Attention: MindSpore has it on one kind of device only, so the documented formula is computed here by loops."""

import jax
import numpy as np
import pytest
from jax.test_util import check_grads

import msjax as ms
from msjax import Tensor, ops
from msjax.core.tensor import raw, wrap
from msjax.ops.networks import attention as module

BATCH, HEADS, KEY_HEADS, QUERIES, KEYS, FEATURES = 2, 4, 2, 5, 7, 8
MASK = ops.triu(ops.ones((2048, 2048), ms.uint8), 1)
LAYOUTS = {
    "BNSD": lambda x: x,
    "BSND": lambda x: x.transpose(0, 2, 1, 3),
    "BSH": lambda x: x.transpose(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1),
    "SBH": lambda x: x.transpose(2, 0, 1, 3).reshape(x.shape[2], x.shape[0], -1),
}


def normal(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).normal(size=shape).astype(np.float32)


Q = normal(BATCH, HEADS, QUERIES, FEATURES)
K, V = (normal(BATCH, KEY_HEADS, KEYS, FEATURES, seed=s) for s in (1, 2))


def attention(query, key, value, scale=1.0, shift=None, sees=lambda b, n, i, j: True, weight=lambda b, n, i, j: 1.0):
    """The output, the largest scores and the sums of exponentials, query by query."""
    group = query.shape[1] // key.shape[1]
    out, top, total = np.zeros(query.shape), np.full(query.shape[:3], np.nan), np.zeros(query.shape[:3])
    for b, n, i in np.ndindex(query.shape[:3]):
        seen = [j for j in range(key.shape[2]) if sees(b, n, i, j)]
        if not seen:
            continue
        given = 0 if shift is None else np.broadcast_to(shift, (*query.shape[:3], key.shape[2]))[b, n, i, seen]
        scores = scale * key[b, n // group, seen].astype(float) @ query[b, n, i] + given
        exponentials = np.exp(scores - scores.max())
        top[b, n, i], total[b, n, i] = scores.max(), exponentials.sum()
        weights = exponentials / exponentials.sum() * [weight(b, n, i, j) for j in seen]
        out[b, n, i] = weights @ value[b, n // group, seen]
    return out, top, total


def tensors(*arrays, layout="BNSD"):
    return [Tensor(np.ascontiguousarray(LAYOUTS[layout](a))) for a in arrays]


def close(result, expected, tolerance=1e-5):
    np.testing.assert_allclose(result.asnumpy(), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout):
    expected = attention(Q, K, V, 0.3)[0]
    given = tensors(Q, K, V, layout=layout)
    close(
        ops.flash_attention_score(*given, HEADS, scalar_value=0.3, input_layout=layout),
        LAYOUTS[layout](expected),
    )
    close(ops.speed_fusion_attention(*given, HEADS, layout, scale=0.3)[0], LAYOUTS[layout](expected))


HIDDEN = normal(QUERIES, KEYS) > 0
SPARSE = {
    "mask": (dict(attn_mask=HIDDEN, sparse_mode=1), lambda b, i, j: not HIDDEN[i, j]),
    "no mask, so no window": (dict(pre_tokens=1, next_tokens=0), lambda b, i, j: True),
    "mask and window": (
        dict(attn_mask=np.zeros((QUERIES, KEYS), np.uint8), pre_tokens=1, next_tokens=2),
        lambda b, i, j: -1 <= j - i <= 2,
    ),
    "up to the own place": (dict(attn_mask=MASK, sparse_mode=2), lambda b, i, j: j <= i),
    "counted from the ends": (dict(attn_mask=MASK, sparse_mode=3), lambda b, i, j: j <= i + 2),
    "band": (dict(attn_mask=MASK, sparse_mode=4, pre_tokens=1, next_tokens=0), lambda b, i, j: 1 <= j - i <= 2),
    "band that leaves queries out": (
        dict(attn_mask=MASK, sparse_mode=4, pre_tokens=9, next_tokens=-4),
        lambda b, i, j: j - i <= -2,
    ),
    "prefix": (dict(prefix=[6, 3], sparse_mode=5), lambda b, i, j: j <= i + 2 or j < (6, 3)[b]),
}  # fmt: skip


@pytest.mark.parametrize("name", SPARSE)
def test_sparse_modes(name):
    options, sees = SPARSE[name]
    options = {k: Tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
    expected, top, total = attention(Q, K, V, 0.3, sees=lambda b, n, i, j: sees(b, i, j))
    primitive = {k: options.pop(k) for k in ("pre_tokens", "next_tokens", "sparse_mode") if k in options}
    run = ops.FlashAttentionScore(HEADS, scale_value=0.3, input_layout="BNSD", **primitive)
    found_top, found_total, _, out = run(*tensors(Q, K, V), **options)
    close(out, expected)
    seen = ~np.isnan(top)
    close(found_top[..., 0][Tensor(seen)], top[seen])
    close(found_total[..., 7], total)
    assert found_top.shape == (BATCH, HEADS, QUERIES, 8)


def test_masks_of_heads_and_of_samples():
    one, all_heads = (normal(BATCH, n, QUERIES, KEYS) > 0.5 for n in (1, HEADS))
    for mask in (one, all_heads):
        whole = np.broadcast_to(mask, (BATCH, HEADS, QUERIES, KEYS))
        expected = attention(Q, K, V, sees=lambda b, n, i, j, whole=whole: not whole[b, n, i, j])[0]
        out = ops.flash_attention_score(*tensors(Q, K, V), HEADS, attn_mask=Tensor(mask), input_layout="BNSD")
        close(out, expected)


def test_shift_is_added_to_the_scaled_product_or_scaled_itself():
    shift = normal(1, HEADS, QUERIES, KEYS, seed=3)
    given, options = tensors(Q, K, V), dict(scale=0.3, pse=Tensor(shift))
    added, scaled = (attention(Q, K, V, 0.3, s)[0] for s in (shift, 0.3 * shift))
    close(
        ops.flash_attention_score(*given, HEADS, real_shift=Tensor(shift), scalar_value=0.3, input_layout="BNSD"),
        added,
    )
    close(ops.speed_fusion_attention(*given, HEADS, "BNSD", pse_type=0, **options)[0], added)
    close(ops.speed_fusion_attention(*given, HEADS, "BNSD", **options)[0], scaled)


def test_slopes():
    slopes, distance = np.float32([0.5, 0.25, 0.1, 2.0]), np.abs(np.arange(KEYS) - np.arange(QUERIES)[:, None] - 3)
    for kind, by in ((2, distance), (3, np.sqrt(distance))):
        expected = attention(Q, K, V, 0.3, -slopes[None, :, None, None] * by)[0]
        out = ops.speed_fusion_attention(
            *tensors(Q, K, V), HEADS, "BNSD", pse=Tensor(slopes), pse_type=kind, scale=0.3, q_start_idx=[3]
        )  # fmt: skip
        close(out[0], expected)


def test_last_rows_of_a_shift_stand_for_all():
    size = 1030
    query, key, value = (normal(1, 1, size, 8, seed=s) for s in range(3))
    distance = np.arange(size) - np.arange(size)[:, None]
    shift = (0.01 * np.minimum(distance, 0)).astype(np.float32)[None, None]
    options = dict(attn_mask=MASK, sparse_mode=2, input_layout="BNSD")
    whole = ops.flash_attention_score(*tensors(query, key, value), 1, real_shift=Tensor(shift), **options)
    part = ops.flash_attention_score(*tensors(query, key, value), 1, real_shift=Tensor(shift[:, :, -1024:]), **options)
    close(part, whole.asnumpy())


def packed(x, lengths):
    return np.concatenate([x[b, :, :n].transpose(1, 0, 2) for b, n in enumerate(lengths)])


@pytest.mark.parametrize("mode", [2, 3])
def test_sequences_one_behind_the_other(mode):
    lengths, key_lengths = (3, 5), (4, 6)
    gap = (1, 1) if mode == 3 else (0, 0)
    expected, _, total = attention(Q, K, V, 0.3, sees=lambda b, n, i, j: j <= i + gap[b] and j < key_lengths[b])
    given = [Tensor(packed(Q, lengths)), *(Tensor(packed(x, key_lengths)) for x in (K, V))]
    run = ops.FlashAttentionScore(HEADS, scale_value=0.3, input_layout="TND", sparse_mode=mode)
    for ends in ((3, 8), Tensor([3, 8])):
        _, found, _, out = run(*given, attn_mask=MASK, actual_seq_qlen=ends, actual_seq_kvlen=[4, 10])
        close(out, packed(expected, lengths))
        close(found[..., 0], packed(total[..., None], lengths)[..., 0])


def bits(kept):
    return Tensor(np.packbits(kept.ravel(), bitorder="little"))


def test_dropout_by_a_mask_of_bits():
    kept = normal(BATCH, HEADS, QUERIES, KEYS + 1) > 0  # as many keys as fill bytes
    key, value = (np.concatenate([x, x[:, :, :1]], axis=2) for x in (K, V))
    expected = attention(Q, key, value, weight=lambda b, n, i, j: kept[b, n, i, j] / 0.7)[0]
    out = ops.flash_attention_score(
        *tensors(Q, key, value), HEADS, drop_mask=bits(kept).reshape(BATCH, HEADS, QUERIES, 1), keep_prob=0.7,
        input_layout="BNSD",
    )  # fmt: skip
    close(out, expected)
    with pytest.raises(ValueError, match="drop_mask"):
        ops.flash_attention_score(*tensors(Q, K, V), HEADS, keep_prob=0.7, input_layout="BNSD")


def test_dropout_of_sequences_one_behind_the_other():
    lengths, key_lengths = (3, 5), (4, 6)
    kept = [normal(HEADS, n, m, seed=5) > 0 for n, m in zip(lengths, key_lengths, strict=True)]
    expected = attention(
        Q, K, V, sees=lambda b, n, i, j: j <= min(i, key_lengths[b] - 1),
        weight=lambda b, n, i, j: i < lengths[b] and kept[b][n, i, j] / 0.5,
    )[0]  # fmt: skip
    out = ops.flash_attention_score(
        Tensor(packed(Q, lengths)), *(Tensor(packed(x, key_lengths)) for x in (K, V)), HEADS, attn_mask=MASK,
        sparse_mode=2, drop_mask=bits(np.concatenate([k.ravel() for k in kept])), keep_prob=0.5,
        actual_seq_qlen=[3, 8], actual_seq_kvlen=[4, 10], input_layout="TND",
    )  # fmt: skip
    close(out, packed(expected, lengths))


def test_dropout_that_is_drawn():
    ms.set_seed(3)
    query = Tensor(np.zeros((1, 1, 2000, 8), np.float32))  # all weights are alike
    value = Tensor(np.eye(8, dtype=np.float32)[None, None])
    out, _, _, _, seed, _, numels = ops.speed_fusion_attention(query, value, value, 1, "BNSD", keep_prob=0.75)
    weights = out.asnumpy() * 8 * 0.75
    np.testing.assert_allclose(weights, np.round(weights), atol=1e-5)
    assert set(np.round(weights).ravel()) == {0, 1} and abs(weights.mean() - 0.75) < 0.02
    assert numels.asnumpy().tolist() == [16000] and seed.dtype == ms.int64
    ms.set_seed(3)
    assert np.array_equal(ops.speed_fusion_attention(query, value, value, 1, "BNSD", keep_prob=0.75)[0], out)
    assert ops.speed_fusion_attention(query, value, value, 1, "BNSD")[-1].asnumpy().tolist() == [0]


@pytest.mark.parametrize("dtype", [ms.float16, ms.bfloat16, ms.float64])
def test_dtypes(dtype):
    given = [t.astype(dtype) for t in tensors(Q, K, V)]
    out = ops.flash_attention_score(*given, HEADS, scalar_value=0.3, input_layout="BNSD")
    assert out.dtype == dtype
    as_floats = [t.astype(ms.float64).asnumpy() for t in given]
    close(out.astype(ms.float64), attention(*as_floats, 0.3)[0], 1e-12 if dtype == ms.float64 else 2e-2)


def test_derivatives_to_order_2():
    mask = Tensor(np.tril(np.ones((2, 3), np.uint8), -1) + np.uint8([[0, 0, 0], [1, 1, 1]]))  # the second sees nothing
    drop = dict(drop_mask=Tensor(np.uint8([0b101101])), keep_prob=0.5)

    def function(q, k, v, shift):
        return raw(ops.flash_attention_score(
            *map(wrap, (q, k, v)), 1, real_shift=wrap(shift), attn_mask=mask, scalar_value=0.4, input_layout="BNSD",
            **drop,
        ))  # fmt: skip

    given = [normal(1, 1, n, 2, seed=n).astype(np.float64) for n in (2, 3, 3)] + [normal(1, 1, 2, 3).astype(np.float64)]
    check_grads(jax.jit(function), given, order=2, modes=["rev"], rtol=1e-4)
    narrow = [g.astype(np.float32) for g in given]
    slope = jax.jit(jax.grad(lambda *a: (function(*a) ** 2).sum(), range(4)))
    wide, found = slope(*given), slope(*narrow)
    for one, other in zip(wide, found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("masked", [False, True])
def test_a_kernel_gives_the_same(monkeypatch, masked):
    """By JAX's own implementation in place of cuDNN's, which a CPU has not."""
    scale = 0.41 + masked  # of which no program is known yet
    options = dict(real_shift=Tensor(normal(1, HEADS, QUERIES, KEYS)), scalar_value=scale, input_layout="BNSD")
    if masked:
        options |= dict(attn_mask=MASK, sparse_mode=4, pre_tokens=9, next_tokens=-4)  # some queries see nothing
    ran = []
    monkeypatch.setattr(module, "_has_kernel", lambda *_: True)
    monkeypatch.setattr(module, "_IMPLEMENTATION", "xla")
    monkeypatch.setattr(jax.lax, "platform_dependent", lambda *args, cuda, default: ran.append(1) or cuda(*args))

    def function(q, k, v):
        return ops.flash_attention_score(q, k, v, HEADS, **options)

    out = function(*tensors(Q, K, V))
    gradients = ms.grad(lambda *a: (function(*a) ** 2).sum(), (0, 1, 2))(*tensors(Q, K, V))
    assert ran
    monkeypatch.undo()
    plain = [t.astype(ms.float64) for t in tensors(Q, K, V)]
    close(out, function(*plain).asnumpy())
    for found, expected in zip(
        gradients, ms.grad(lambda *a: (function(*a) ** 2).sum(), (0, 1, 2))(*plain), strict=True
    ):
        close(found, expected.asnumpy(), 1e-4)


REFUSED = [
    (TypeError, "float dtype", lambda q, k, v: (q, k.astype(ms.float16), v, HEADS), {}),
    (ValueError, "input_layout", lambda q, k, v: (q, k, v, HEADS), {"input_layout": "HSB"}),
    (ValueError, "layout", lambda q, k, v: (q, k, v, 3), {}),
    (RuntimeError, "multiple", lambda q, k, v: (q, k[:, :1].tile((1, 3, 1, 1)), v[:, :1].tile((1, 3, 1, 1)), 4), {}),
    (RuntimeError, "sparse_mode", lambda q, k, v: (q, k, v, HEADS), {"sparse_mode": 6}),
    (RuntimeError, "2048", lambda q, k, v: (q, k, v, HEADS), {"sparse_mode": 2}),
    (RuntimeError, "prefix", lambda q, k, v: (q, k, v, HEADS), {"sparse_mode": 5}),
    (RuntimeError, "mask", lambda q, k, v: (q, k, v, HEADS), {"sparse_mode": 1}),
]


@pytest.mark.parametrize(("error", "words", "given", "options"), REFUSED, ids=range(len(REFUSED)))
def test_refuses(error, words, given, options):
    with pytest.raises(error, match=words):
        ops.flash_attention_score(*given(*tensors(Q, K, V)), **{"input_layout": "BNSD", **options})


# -- for generating text ---------------------------------------------------------------------------------------------


def test_prompts():
    lengths, key_lengths = [3, 5], [7, 2]
    sees = lambda b, n, i, j: i < lengths[b] and j < key_lengths[b] and j <= i + 1  # noqa: E731
    expected = attention(Q, K, V, 0.3, sees=sees)[0]
    options = dict(attn_mask=Tensor(np.zeros((1, QUERIES, KEYS), bool)), next_tokens=1, pre_tokens=100)
    given, how = tensors(Q, K, V), dict(num_heads=HEADS, input_layout="BNSD", num_key_value_heads=KEY_HEADS)
    ends = dict(actual_seq_lengths=lengths, actual_seq_lengths_kv=key_lengths)
    close(ops.prompt_flash_attention(*given, **options, **ends, scale_value=0.3, **how), expected)
    mask = options.pop("attn_mask")
    out, lse = ops.fused_infer_attention_score(*given, atten_mask=mask, **options, **ends, scale=0.3, **how)
    close(out, expected)
    assert lse.asnumpy().tolist() == [0]
    with pytest.raises(TypeError, match="quantized"):
        ops.prompt_flash_attention(*(t.astype(ms.int8) for t in given), **how)


def test_triangle_counts_from_the_ends_of_each_sample():
    lengths, key_lengths = [3, 5], [7, 5]
    sees = lambda b, n, i, j: i < lengths[b] and j < key_lengths[b] and j <= i + key_lengths[b] - lengths[b]  # noqa: E731
    out = ops.prompt_flash_attention(
        *tensors(Q, K, V), MASK, lengths, Tensor(key_lengths), num_heads=HEADS, num_key_value_heads=KEY_HEADS,
        input_layout="BNSD", sparse_mode=3,
    )  # fmt: skip
    close(out, attention(Q, K, V, sees=sees)[0])


def test_logarithm_of_the_sum_and_another_layout():
    expected, top, total = attention(Q, K, V, 0.3)
    out, lse = ops.fused_infer_attention_score(
        *tensors(Q, K, V), scale=0.3, num_heads=HEADS, num_key_value_heads=KEY_HEADS, input_layout="BNSD_BSND",
        softmax_lse_flag=True,
    )  # fmt: skip
    close(out, LAYOUTS["BSND"](expected))
    close(lse[..., 0], top + np.log(total))


def test_what_counts_may_stand_at_the_end():
    lengths, key_lengths = np.array([3, 2]), np.array([4, 6])
    first, key_first = QUERIES - 1 - lengths, KEYS - 0 - key_lengths
    sees = lambda b, n, i, j: first[b] <= i < QUERIES - 1 and key_first[b] <= j  # noqa: E731
    out, _ = ops.fused_infer_attention_score(
        *tensors(Q, K, V), num_heads=HEADS, num_key_value_heads=KEY_HEADS, input_layout="BNSD",
        actual_seq_lengths=Tensor(lengths), actual_seq_lengths_kv=Tensor(key_lengths),
        query_padding_size=Tensor([1]), kv_padding_size=Tensor([0]),
    )  # fmt: skip
    close(out, attention(Q, K, V, sees=sees)[0])


ONE = Q[:, :, :1]
KEPT = dict(num_heads=HEADS, num_key_value_heads=KEY_HEADS)


def increment(query, key, value, **options):
    """By both functions; the values are the same."""
    first = ops.incre_flash_attention(
        Tensor(query), [Tensor(key)], [Tensor(value)], input_layout="BNSD", **KEPT, **options
    )
    names = {"attn_mask": "atten_mask", "actual_seq_lengths": "actual_seq_lengths_kv"}
    other = {names.get(k, k): v for k, v in options.items()}
    second, _ = ops.fused_infer_attention_score(
        Tensor(query), Tensor(key), Tensor(value), input_layout="BNSD", **KEPT, **other
    )
    np.testing.assert_allclose(first.asnumpy(), second.asnumpy(), rtol=1e-6)
    return first


def test_one_query():
    lengths, hidden = [3, 6], normal(BATCH, KEYS, seed=4) > 0.5
    shift = normal(1, HEADS, 1, KEYS + 2)
    expected = attention(
        ONE, K, V, shift=shift[..., :KEYS], sees=lambda b, n, i, j: j < lengths[b] and not hidden[b, j]
    )[0]
    for shape in ((BATCH, KEYS), (BATCH, 1, KEYS), (BATCH, 1, 1, KEYS)):
        mask = Tensor(hidden.reshape(shape))
        close(increment(ONE, K, V, attn_mask=mask, actual_seq_lengths=lengths, pse_shift=Tensor(shift)), expected)


def test_keys_that_count_may_stand_at_the_end():
    padded = increment(ONE, K, V, actual_seq_lengths=Tensor([3, 7]), kv_padding_size=Tensor([1]))
    expected = attention(ONE, K, V, sees=lambda b, n, i, j: b == 0 and 3 <= j < 6)[0]  # the second would begin at -1
    close(padded, expected)


def test_keys_of_each_sample_by_itself():
    keys, values = ([Tensor(x[b : b + 1, :, :n]) for b, n in enumerate((4, 7))] for x in (K, V))
    out = ops.incre_flash_attention(Tensor(ONE), keys, values, input_layout="BNSD", **KEPT)
    close(out, attention(ONE, K, V, sees=lambda b, n, i, j: j < (4, 7)[b])[0])


def test_keys_in_blocks():
    table = np.int32([[3, 0, 2, -1], [1, 4, 5, 6]])
    key, value = (normal(7, KEY_HEADS, 2, FEATURES, seed=s) for s in (8, 9))
    whole = [x[np.maximum(table, 0)].transpose(0, 2, 1, 3, 4).reshape(2, KEY_HEADS, 8, FEATURES) for x in (key, value)]
    expected = attention(ONE, *whole, sees=lambda b, n, i, j: j < (5, 8)[b])[0]
    options = dict(block_table=Tensor(table), actual_seq_lengths=[5, 8], block_size=2)
    close(increment(ONE, key, value, **options), expected)
    flat = [x.transpose(0, 2, 1, 3).reshape(7, 2, -1) for x in (key, value)]
    close(increment(ONE, *flat, **options), expected)


def test_keys_as_whole_numbers():
    key, value = (np.round(x * 20).astype(np.int8) for x in (K, V))
    scale, offset = normal(2, KEY_HEADS, 1, FEATURES) * 0.1, normal(2, KEY_HEADS, 1, FEATURES, seed=1)
    floats = [(x + offset[i]) * scale[i] for i, x in enumerate((key, value))]
    out = increment(ONE, key, value, antiquant_scale=Tensor(scale), antiquant_offset=Tensor(offset))
    close(out, attention(ONE, *floats)[0], 1e-4)
    by_token = np.abs(normal(1, BATCH, KEYS))
    out, _ = ops.fused_infer_attention_score(
        Tensor(ONE), Tensor(key), Tensor(value), key_antiquant_scale=Tensor(by_token), input_layout="BNSD",
        value_antiquant_scale=Tensor(by_token), key_antiquant_mode=1, value_antiquant_mode=1, **KEPT,
    )  # fmt: skip
    floats = [x * by_token[0][:, None, :, None] for x in (key, value)]
    close(out, attention(ONE, *floats)[0], 1e-4)


def test_result_as_whole_numbers():
    expected = attention(ONE, K, V)[0]
    out = increment(ONE, K, V, quant_scale2=Tensor([300.0]), quant_offset2=Tensor([2.0]))
    assert out.dtype == ms.int8
    assert np.abs(out.asnumpy() - np.clip(np.round(expected * 300 + 2), -128, 127)).max() <= 1


# -- rotations, and tokens on their way to experts -------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0, 1])
def test_rotations_turn_pairs(mode):
    angles = normal(1, 1, QUERIES, FEATURES // 2).astype(np.float64)
    spread = np.repeat(angles, 2, -1) if mode else np.concatenate([angles, angles], -1)
    out = ops.rotary_position_embedding(Tensor(Q), *(Tensor(np.float32(f(spread))) for f in (np.cos, np.sin)), mode)
    pairs = (lambda x: (x[..., ::2], x[..., 1::2])) if mode else (lambda x: (x[..., :4], x[..., 4:]))
    a, b = pairs(Q)
    turned = (a + 1j * b) * np.exp(1j * angles)
    for found, expected in zip(pairs(out.asnumpy()), (turned.real, turned.imag), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="broadcast"):
        ops.rotary_position_embedding(Tensor(Q), Tensor(Q[..., :3]), Tensor(Q))


def test_tokens_go_to_experts_and_come_back():
    tokens, experts = Tensor(normal(6, 3)), Tensor(np.int32([[5, 0], [0, 3], [3, 1], [1, 5], [2, 0], [4, 2]]))
    there, places = ops.moe_token_permute(tokens, experts)
    order = np.argsort(experts.asnumpy().ravel(), kind="stable")
    assert np.array_equal(there.asnumpy(), tokens.asnumpy()[order // 2]) and places.dtype == ms.int32
    assert np.array_equal(there.asnumpy()[places.asnumpy()], np.repeat(tokens.asnumpy(), 2, 0))
    probs = normal(6, 2, seed=1)
    close(ops.moe_token_unpermute(there, places, Tensor(probs)), tokens.asnumpy() * probs.sum(1, keepdims=True))
    few, places = ops.moe_token_permute(tokens, experts, 7)
    assert np.array_equal(few.asnumpy(), there.asnumpy()[:7])
    kept = (places.asnumpy() < 7).reshape(6, 2)
    close(ops.moe_token_unpermute(few, places, Tensor(probs)), tokens.asnumpy() * (kept * probs).sum(1, keepdims=True))


def test_one_expert_for_each_token():
    rows = np.float32([[1, 1, 1], [7, 7, 7], [2, 2, 2], [1, 1, 1], [2, 2, 2], [3, 3, 3]])
    there, places = ops.moe_token_permute(Tensor(rows), Tensor([5, 0, 3, 1, 2, 4], ms.int32))
    assert there.asnumpy()[:, 0].tolist() == [7, 1, 2, 2, 3, 1] and places.asnumpy().tolist() == [5, 0, 3, 1, 2, 4]
    assert np.array_equal(ops.moe_token_unpermute(there, places).asnumpy(), rows)
    with pytest.raises(ValueError, match="padded_mode"):
        ops.moe_token_permute(Tensor(rows), places, padded_mode=True)
    with pytest.raises(TypeError, match="int32"):
        ops.moe_token_permute(Tensor(rows), Tensor(rows[:, 0]))
