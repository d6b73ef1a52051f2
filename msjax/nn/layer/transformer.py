"""Attention and the layers of the Transformer (Vaswani et al., 2017)."""

from __future__ import annotations

import copy
import math
from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core import watching
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.container import CellList
from msjax.nn.documented import documented
from msjax.nn.initializer import XavierNormal, XavierUniform, Zero, initializer
from msjax.nn.layer.dense import Dense, Dropout
from msjax.nn.layer.normalization import LayerNorm

_MASKED = float("-inf")


def _added(mask: Tensor, dtype) -> Tensor:
    """A mask as what is added to scores: True hides."""
    if mask.dtype != mstype.bool_:
        return ops.cast(mask, dtype)
    return ops.masked_fill(ops.zeros(mask.shape, dtype), mask, _MASKED)


@documented
@takes(
    embed_dim="int > 0", num_heads="int > 0", kdim="None or int > 0", vdim="None or int > 0", has_bias="bool",
    dropout="real",
)  # fmt: skip
class MultiheadAttention(Cell):
    """Attention of several heads (Vaswani et al., 2017): of each, softmax(q @ k.T / sqrt(features of a head)) @ v.

    Args:
        dropout: the probability with which attention weights are dropped in training.
        add_bias_kv: whether keys and values get one more entry, which is learned.
        add_zero_attn: whether keys and values get one more entry of zeros.
        kdim: the number of features of keys; None for `embed_dim`.
        vdim: the number of features of values; None for `embed_dim`.
        batch_first: whether sequences are (batch, length, features), else (length, batch, features).

    Inputs:
        query: (length, batch, embed_dim), or (length, embed_dim).
        key: (keys, batch, kdim), or (keys, kdim).
        value: (keys, batch, vdim), or (keys, vdim).
        need_weights: whether the attention weights are wanted.
        average_attn_weights: whether these are the mean of all heads.

    Returns:
        (output, attention weights), or (output,) without them; the output is of the query's shape.

    Raises:
        ValueError: if `embed_dim` is not divisible by `num_heads`.

    Example:
        >>> x = ops.ones((5, 2, 8))
        >>> output, weights = nn.MultiheadAttention(8, 2)(x, x, x)
        >>> output.shape, weights.shape
        ((5, 2, 8), (2, 5, 5))
    """

    def __init__(self, embed_dim, num_heads, dropout: Any = 0.0, has_bias=True, add_bias_kv=False, add_zero_attn=False,
                 kdim=None, vdim=None, batch_first=False, dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self.embed_dim, self.num_heads = embed_dim, num_heads
        self.head_dim = embed_dim // num_heads
        if self.head_dim * num_heads != embed_dim:
            raise ValueError(
                "For 'MultiheadAttention', 'embed_dim' must be divisible by 'num_heads', "
                f"but got {embed_dim} and {num_heads}."
            )
        self.kdim, self.vdim = kdim or embed_dim, vdim or embed_dim
        self.dropout, self.batch_first, self.add_zero_attn = dropout, batch_first, add_zero_attn
        self._random = dropout > 0
        self._qkv_same_embed_dim = self.kdim == self.vdim == embed_dim

        def parameter(init, *shape):
            return Parameter(initializer(init, shape, dtype))

        if self._qkv_same_embed_dim:
            self.in_proj_weight = parameter(XavierUniform(), 3 * embed_dim, embed_dim)
        else:
            self.q_proj_weight = parameter(XavierUniform(), embed_dim, embed_dim)
            self.k_proj_weight = parameter(XavierUniform(), embed_dim, self.kdim)
            self.v_proj_weight = parameter(XavierUniform(), embed_dim, self.vdim)
        self.in_proj_bias = parameter(Zero(), 3 * embed_dim) if has_bias else None
        self.out_proj = Dense(embed_dim, embed_dim, has_bias=has_bias, dtype=dtype)
        self.bias_k = parameter(XavierNormal(), 1, 1, embed_dim) if add_bias_kv else None
        self.bias_v = parameter(XavierNormal(), 1, 1, embed_dim) if add_bias_kv else None

    def construct(self, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None,
                  average_attn_weights=True):  # fmt: skip
        batched = query.ndim == 3
        if not batched:
            query, key, value = (ops.expand_dims(t, 1) for t in (query, key, value))
            key_padding_mask = None if key_padding_mask is None else ops.expand_dims(key_padding_mask, 0)
        elif self.batch_first:
            query, key, value = (ops.swapaxes(t, 0, 1) for t in (query, key, value))
        q, k, v = self._projected(query, key, value)
        mask = self._mask(attn_mask, key_padding_mask, q.dtype, query.shape[1])
        k, v, mask = self._extended(k, v, mask)
        q, k, v = (self._heads(t) for t in (q, k, v))  # (batch, heads, length, features)
        scores = ops.matmul(q / math.sqrt(self.head_dim), ops.swapaxes(k, -1, -2))
        weights = ops.softmax(scores if mask is None else scores + mask, -1)
        if self.dropout and self.training:
            weights = ops.dropout(weights, float(self.dropout))
        output = ops.transpose(ops.matmul(weights, v), (2, 0, 1, 3))
        output = self.out_proj(ops.reshape(output, (*query.shape[:2], self.embed_dim)))
        weights = weights.mean(1) if average_attn_weights else weights
        if not batched:
            output, weights = ops.squeeze(output, 1), ops.squeeze(weights, 0)
        elif self.batch_first:
            output = ops.swapaxes(output, 0, 1)
        return (output, weights) if need_weights else (output,)

    def _projected(self, query, key, value):
        if self._qkv_same_embed_dim:
            weights = ops.split(self.in_proj_weight, self.embed_dim)
        else:
            weights = self.q_proj_weight, self.k_proj_weight, self.v_proj_weight
        biases = (0, 0, 0) if self.in_proj_bias is None else ops.split(self.in_proj_bias, self.embed_dim)
        triples = zip((query, key, value), weights, biases, strict=True)
        return [ops.matmul(t, ops.swapaxes(w, 0, 1)) + b for t, w, b in triples]

    def _mask(self, attn_mask, key_padding_mask, dtype, batch: int):
        """What is added to the scores, (batch or 1, heads or 1, queries, keys), or None."""
        parts = []
        if attn_mask is not None:
            mask = _added(attn_mask, dtype)
            shape = (1, 1, *mask.shape) if mask.ndim == 2 else (batch, self.num_heads, *mask.shape[1:])
            parts.append(ops.reshape(mask, shape))
        if key_padding_mask is not None:
            mask = _added(key_padding_mask, dtype)
            parts.append(ops.reshape(mask, (batch, 1, 1, mask.shape[-1])))
        return sum(parts[1:], parts[0]) if parts else None

    def _extended(self, k, v, mask):
        """Keys and values with what `add_bias_kv` and `add_zero_attn` add, which no mask hides."""
        more = []
        if self.bias_k is not None:
            more.append(tuple(ops.tile(b, (1, k.shape[1], 1)) for b in (self.bias_k, self.bias_v) if b is not None))
        if self.add_zero_attn:
            more.append((ops.zeros((1, *k.shape[1:]), k.dtype),) * 2)
        for of_k, of_v in more:
            k, v = ops.concat([k, of_k]), ops.concat([v, of_v])
            if mask is not None:
                mask = ops.concat([mask, ops.zeros((*mask.shape[:-1], 1), mask.dtype)], -1)
        return k, v, mask

    def _heads(self, t):
        return ops.transpose(ops.reshape(t, (*t.shape[:2], self.num_heads, self.head_dim)), (1, 2, 0, 3))


class _Layer(Cell):
    """Each part is added to its input, and normalized.

    Args:
        activation: "relu", "gelu", a Cell or a function.
        layer_norm_eps: what the normalizations add to the variance.
        batch_first: whether sequences are (batch, length, features), else (length, batch, features).
        norm_first: whether each part is normalized before it rather than after.

    Raises:
        ValueError: for another activation, and if `d_model` is not divisible by `nhead`.
    """

    _attentions: tuple[str, ...] = ("self_attn",)

    def __init__(self, d_model, nhead, dim_feedforward: Any = 2048, dropout: Any = 0.1, activation: Any = "relu",
                 layer_norm_eps: Any = 1e-5, batch_first=False, norm_first=False,
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        for name in self._attentions:
            setattr(self, name, MultiheadAttention(d_model, nhead, dropout, batch_first=batch_first, dtype=dtype))
        self.dense1 = Dense(d_model, dim_feedforward, dtype=dtype)
        self.dropout = Dropout(p=dropout)
        self.dense2 = Dense(dim_feedforward, d_model, dtype=dtype)
        self.norm_first = norm_first
        count = len(self._attentions) + 1
        for k in range(count):
            setattr(self, f"norm{k + 1}", LayerNorm((d_model,), epsilon=layer_norm_eps, dtype=dtype))
        for k in range(count):
            setattr(self, f"dropout{k + 1}", Dropout(p=dropout))
        if isinstance(activation, str):
            if activation not in ("relu", "gelu"):
                raise ValueError(
                    f"For '{type(self).__name__}', the 'activation' must be 'relu' or 'gelu', but got {activation!r}."
                )
            activation = getattr(ops, activation)
        self.activation = activation

    def _residual(self, x, norm, part):
        return x + part(norm(x)) if self.norm_first else norm(x + part(x))

    # The parts of a layer, under the names by which classes that derive from it change them.

    def _sa_block(self, x, attn_mask, key_padding_mask):
        return self.dropout1(self.self_attn(x, x, x, key_padding_mask, False, attn_mask)[0])

    def _ff_block(self, x):
        last = self.dropout2 if len(self._attentions) == 1 else self.dropout3
        return last(self.dense2(self.dropout(watching.seen(self.activation)(self.dense1(x)))))


@documented
class TransformerEncoderLayer(_Layer):
    """A layer of an encoder: self-attention and a feed-forward network.

    Returns:
        A Tensor of the shape of `src`.

    Example:
        >>> nn.TransformerEncoderLayer(8, 2)(ops.ones((5, 2, 8))).shape
        (5, 2, 8)
    """

    def construct(self, src, src_mask=None, src_key_padding_mask=None):
        x = self._residual(src, self.norm1, lambda x: self._sa_block(x, src_mask, src_key_padding_mask))
        return self._residual(x, self.norm2, self._ff_block)


@documented
class TransformerDecoderLayer(_Layer):
    """A layer of a decoder: self-attention, attention to the encoder's output, and a feed-forward network.

    Returns:
        A Tensor of the shape of `tgt`.

    Example:
        >>> nn.TransformerDecoderLayer(8, 2)(ops.ones((5, 2, 8)), ops.ones((7, 2, 8))).shape
        (5, 2, 8)
    """

    _attentions = ("self_attn", "multihead_attn")

    def construct(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None,
                  memory_key_padding_mask=None):  # fmt: skip
        x = self._residual(tgt, self.norm1, lambda x: self._sa_block(x, tgt_mask, tgt_key_padding_mask))
        attends = lambda x: self._mha_block(x, memory, memory_mask, memory_key_padding_mask)  # noqa: E731
        return self._residual(self._residual(x, self.norm2, attends), self.norm3, self._ff_block)

    def _mha_block(self, x, mem, attn_mask, key_padding_mask):
        return self.dropout2(self.multihead_attn(x, mem, mem, key_padding_mask, False, attn_mask)[0])


class _Stack(Cell):
    """Several copies of a layer, and a normalization at the end if it is given."""

    def _make(self, layer, num_layers: int, norm) -> None:
        self.layers = CellList([copy.deepcopy(layer) for _ in range(num_layers)])
        self.num_layers, self.norm = num_layers, norm

    def _run(self, x, *others):
        for layer in self.layers:
            x = layer(x, *others)
        return x if self.norm is None else self.norm(x)


@documented
class TransformerEncoder(_Stack):
    """Several layers of an encoder, and a normalization at the end if it is given.

    Args:
        encoder_layer: the layer, of which there are `num_layers` copies.
        norm: a Cell, or None.

    Returns:
        A Tensor of the shape of `src`.

    Example:
        >>> nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2), 2)(ops.ones((5, 2, 8))).shape
        (5, 2, 8)
    """

    def __init__(self, encoder_layer, num_layers, norm=None):
        super().__init__()
        self._make(encoder_layer, num_layers, norm)

    def construct(self, src, src_mask=None, src_key_padding_mask=None):
        return self._run(src, src_mask, src_key_padding_mask)


@documented
class TransformerDecoder(_Stack):
    """Several layers of a decoder, and a normalization at the end if it is given.

    Args:
        decoder_layer: the layer, of which there are `num_layers` copies.
        norm: a Cell, or None.

    Returns:
        A Tensor of the shape of `tgt`.

    Example:
        >>> nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2), 2)(ops.ones((5, 2, 8)), ops.ones((7, 2, 8))).shape
        (5, 2, 8)
    """

    def __init__(self, decoder_layer, num_layers, norm=None):
        super().__init__()
        self._make(decoder_layer, num_layers, norm)

    def construct(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None,
                  memory_key_padding_mask=None):  # fmt: skip
        return self._run(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)


@documented
class Transformer(Cell):
    """Encoder and decoder, both with a normalization at the end (Vaswani et al., 2017). All matrices, those of custom
    parts too, begin as `XavierUniform`.

    Args:
        num_encoder_layers: the number of layers of the encoder.
        num_decoder_layers: the number of layers of the decoder.
        activation: "relu", "gelu", a Cell or a function.
        custom_encoder: a Cell that takes the place of the encoder, or None.
        custom_decoder: a Cell that takes the place of the decoder, or None.
        layer_norm_eps: what the normalizations add to the variance.
        batch_first: whether sequences are (batch, length, features), else (length, batch, features).
        norm_first: whether each part is normalized before it rather than after.

    Returns:
        A Tensor of the shape of `tgt`.

    Raises:
        ValueError: in calls, for another number of features than `d_model`.

    Example:
        >>> model = nn.Transformer(d_model=8, nhead=2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=16)
        >>> model(ops.zeros((5, 2, 8)), ops.zeros((3, 2, 8))).shape
        (3, 2, 8)
    """

    def __init__(self, d_model: Any = 512, nhead: Any = 8, num_encoder_layers: Any = 6, num_decoder_layers: Any = 6,
                 dim_feedforward: Any = 2048, dropout: Any = 0.1, activation: Any = "relu", custom_encoder=None,
                 custom_decoder=None, layer_norm_eps: Any = 1e-5, batch_first=False, norm_first=False,
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        options = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, dtype)

        def norm():
            return LayerNorm((d_model,), epsilon=layer_norm_eps, dtype=dtype)

        self.encoder = custom_encoder or TransformerEncoder(
            TransformerEncoderLayer(*options), num_encoder_layers, norm()
        )
        self.decoder = custom_decoder or TransformerDecoder(
            TransformerDecoderLayer(*options), num_decoder_layers, norm()
        )
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first
        for parameter in self.get_parameters():
            if parameter.ndim > 1:
                parameter.set_data(initializer(XavierUniform(), parameter.shape, parameter.dtype))

    def construct(self, src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None,
                  tgt_key_padding_mask=None, memory_key_padding_mask=None):  # fmt: skip
        if src.shape[-1] != self.d_model or tgt.shape[-1] != self.d_model:
            raise ValueError(
                "For 'Transformer', the features of src and tgt must be as many as 'd_model', "
                f"but got {src.shape[-1]}, {tgt.shape[-1]} and {self.d_model}."
            )
        memory = self.encoder(src, src_mask, src_key_padding_mask)
        return self.decoder(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
