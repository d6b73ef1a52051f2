"""Attention and blocks of old transformers, for the whole sequence at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from msjax import nn, ops
from msjax.alias.older.transformer.config import (
    OpParallelConfig,
    TransformerOpParallelConfig,
    default_dpmp_config,
    default_transformer_config,
)
from msjax.alias.older.transformer.experts import _check_moe_config, default_moe_config
from msjax.alias.older.transformer.layers import _check_past_none_input_none, _Dropout, _LayerNorm, _Linear
from msjax.core import dtype as mstype
from msjax.core.tensor import Tensor

__all__ = [
    "AttentionMask", "FeedForward", "MultiHeadAttention", "OpParallelConfig", "TransformerEncoder",
    "TransformerEncoderLayer", "TransformerOpParallelConfig", "default_transformer_config",
]  # fmt: skip

_HIDDEN = -10000.0  # what is added to the score of a key that is not looked at


class AttentionMask(nn.Cell):
    """Which keys each query looks at: those that are not behind it, and no padding.

    Args:
        seq_length: how long sequences are.

    Inputs:
        input_mask: 1 for tokens, 0 for padding, (batch, seq_length).

    Returns:
        1 where a query looks at a key, (batch, seq_length, seq_length).
    """

    def __init__(self, seq_length: int, parallel_config: Any = default_dpmp_config):
        super().__init__()
        self.seq_length = seq_length
        self._lower = Tensor(np.tril(np.ones((1, seq_length, seq_length), np.float32)))

    def construct(self, input_mask):
        mask = (input_mask != 0).astype(mstype.float16)
        return mask.expand_dims(2) * mask.expand_dims(1) * self._lower


class FeedForward(nn.Cell):
    """Two dense layers with an activation between them, and dropout.

    Args:
        hidden_size, ffn_hidden_size: the lengths of rows outside and inside.
        dropout_rate: the part that is dropped in training.
        hidden_act: the activation's name.
    """

    def __init__(
        self, hidden_size, ffn_hidden_size, dropout_rate, hidden_act="gelu", expert_num=1, expert_group_size=None,
        param_init_type=mstype.float32, parallel_config: Any = default_dpmp_config, compute_dtype=mstype.float16,
    ):  # fmt: skip
        super().__init__()
        options: dict[str, Any] = {
            "transpose_b": False, "expert_num": expert_num, "param_init_type": param_init_type,
            "compute_dtype": compute_dtype,
        }  # fmt: skip
        self.mapping = _Linear(hidden_size, ffn_hidden_size, activation=hidden_act, **options)
        self.projection = _Linear(ffn_hidden_size, hidden_size, **options)
        self.dropout = _Dropout(1 - dropout_rate)
        self._dtype = compute_dtype

    def construct(self, x):
        return self.dropout(self.projection(self.mapping(x.astype(self._dtype))))


class MultiHeadAttention(nn.Cell):
    """Attention by several heads.

    Args:
        batch_size: accepted.
        src_seq_length, tgt_seq_length: how long the sequences of queries and of keys are.
        hidden_size, num_heads: the length of rows, and the number of heads it is divided among.
        hidden_dropout_rate, attention_dropout_rate: the parts of the output and of the weights that are dropped.
        compute_dtype, softmax_compute_type: what dense layers and the softmax compute in.

    Inputs:
        query_tensor, key_tensor, value_tensor: (batch, length, hidden_size).
        attention_mask: 1 where a query looks at a key, (batch, queries, keys); None for everywhere.
        key_past, value_past, batch_valid_length: None, since `use_past` is refused.

    Returns:
        (the output, (keys, values)), keys (batch, heads, size, length), values (batch, heads, length, size).
    """

    def __init__(
        self, batch_size, src_seq_length, tgt_seq_length, hidden_size, num_heads, hidden_dropout_rate=0.1,
        attention_dropout_rate=0.1, compute_dtype=mstype.float16, softmax_compute_type=mstype.float32,
        param_init_type=mstype.float32, use_past=False, parallel_config: Any = default_dpmp_config,
    ):  # fmt: skip
        super().__init__()
        if use_past:
            raise ValueError(f"For '{type(self).__name__}', use_past is not in msjax: call it with the whole sequence.")
        if hidden_size % num_heads:
            raise ValueError(f"'hidden_size' must be a multiple of 'num_heads', but got {hidden_size} and {num_heads}.")
        self.n_head, self.size_per_head = num_heads, hidden_size // num_heads
        options: dict[str, Any] = {"compute_dtype": compute_dtype, "param_init_type": param_init_type}
        self.projection = _Linear(hidden_size, hidden_size, transpose_b=False, **options)
        self.dense1, self.dense2, self.dense3 = (_Linear(hidden_size, hidden_size, **options) for _ in range(3))
        self.dropout, self.prob_dropout = _Dropout(1 - hidden_dropout_rate), _Dropout(1 - attention_dropout_rate)
        self.dtype, self.softmax_dtype = compute_dtype, softmax_compute_type

    def construct(
        self, query_tensor, key_tensor, value_tensor, attention_mask=None, key_past=None, value_past=None,
        batch_valid_length=None,
    ):  # fmt: skip
        past = {"key_past": key_past, "value_past": value_past, "batch_valid_length": batch_valid_length}
        for name, given in past.items():
            _check_past_none_input_none(
                False, name, type(self).__name__, None, isinstance(given, Tensor), given is None
            )
        inputs = (query_tensor, key_tensor, value_tensor)
        layers = (self.dense1, self.dense2, self.dense3)
        query, key, value = (self._heads(layer(x.astype(self.dtype))) for layer, x in zip(layers, inputs, strict=True))
        scores = ops.matmul(query, key.swapaxes(-1, -2)) * (1 / math.sqrt(self.size_per_head))
        scores = scores.astype(self.softmax_dtype)
        if attention_mask is not None:
            scores = scores + (1 - attention_mask.expand_dims(1).astype(scores.dtype)) * _HIDDEN
        weights = self.prob_dropout(ops.softmax(scores, -1).astype(value.dtype))
        merged = ops.matmul(weights, value).swapaxes(1, 2)
        output = self.dropout(self.projection(merged.reshape(*merged.shape[:2], -1)))
        return output.astype(query_tensor.dtype), (key.swapaxes(-1, -2), value)

    def _heads(self, x):
        return x.reshape(*x.shape[:2], self.n_head, self.size_per_head).swapaxes(1, 2)


class TransformerEncoderLayer(nn.Cell):
    """A block: attention and two dense layers, each added to its input and normalized.

    Args:
        batch_size, hidden_size, ffn_hidden_size, num_heads, seq_length, attention_dropout_rate, hidden_dropout_rate,
            hidden_act: as of the parts.
        post_layernorm_residual: whether what is added is the normalized input.

    Inputs:
        x: (batch, length, hidden_size), or (tokens, hidden_size).
        input_mask: as `attention_mask`.

    Returns:
        (the output, (keys, values)).
    """

    def __init__(
        self, batch_size, hidden_size, ffn_hidden_size, num_heads, seq_length, attention_dropout_rate=0.1,
        hidden_dropout_rate=0.1, post_layernorm_residual=False, layernorm_compute_type=mstype.float32,
        softmax_compute_type=mstype.float32, param_init_type=mstype.float32, hidden_act="gelu", use_past=False,
        moe_config: Any = None, parallel_config: Any = default_dpmp_config,
    ):  # fmt: skip
        super().__init__()
        _check_moe_config(default_moe_config if moe_config is None else moe_config, parallel_config)
        self.layernorm1, self.layernorm2 = _LayerNorm((hidden_size,)), _LayerNorm((hidden_size,))
        self.attention = MultiHeadAttention(
            batch_size, seq_length, seq_length, hidden_size, num_heads, hidden_dropout_rate, attention_dropout_rate,
            softmax_compute_type=softmax_compute_type, param_init_type=param_init_type, use_past=use_past,
        )  # fmt: skip
        self.output = FeedForward(
            hidden_size, ffn_hidden_size, hidden_dropout_rate, hidden_act, param_init_type=param_init_type
        )
        self.seq_length, self.hidden_size = seq_length, hidden_size
        self.post_layernorm_residual, self.dtype = post_layernorm_residual, layernorm_compute_type

    def construct(self, x, input_mask=None, init_reset=True, batch_valid_length=None):
        flat = x.reshape(-1, self.hidden_size)
        normal = self.layernorm1(flat.astype(self.dtype)).astype(mstype.float16)
        rows = normal.reshape(-1, self.seq_length, self.hidden_size)
        attention, present = self.attention(rows, rows, rows, input_mask)
        attention = attention.reshape(-1, self.hidden_size)
        flat = (normal if self.post_layernorm_residual else flat) + attention
        normal = self.layernorm2(flat.astype(self.dtype)).astype(mstype.float16)
        output = (normal if self.post_layernorm_residual else flat) + self.output(normal)
        return output.reshape(x.shape), present


class TransformerEncoder(nn.Cell):
    """Blocks, one after the other.

    Args:
        num_layers: how many.
        lambda_func: called with each block, its number, `offset`, the configuration and `num_layers`; or None.
        offset: the number of layers before these.
        batch_size, hidden_size, ffn_hidden_size, seq_length, num_heads, ...: as of `TransformerEncoderLayer`.

    Inputs:
        hidden_states, attention_mask: as there.

    Returns:
        (the output, (keys, values) of each block).
    """

    def __init__(
        self, batch_size, num_layers, hidden_size, ffn_hidden_size, seq_length, num_heads, attention_dropout_rate=0.1,
        hidden_dropout_rate=0.1, hidden_act="gelu", post_layernorm_residual=False,
        layernorm_compute_type=mstype.float32, softmax_compute_type=mstype.float32, param_init_type=mstype.float32,
        lambda_func=None, offset=0, use_past=False, moe_config: Any = None,
        parallel_config: Any = default_transformer_config,
    ):  # fmt: skip
        super().__init__()
        self.num_layers = num_layers
        self.blocks = nn.CellList()
        for number in range(num_layers):
            block = TransformerEncoderLayer(
                batch_size, hidden_size, ffn_hidden_size, num_heads, seq_length, attention_dropout_rate,
                hidden_dropout_rate, post_layernorm_residual, layernorm_compute_type, softmax_compute_type,
                param_init_type, hidden_act, use_past, moe_config,
            )  # fmt: skip
            (lambda_func or _get_lambda_func())(block, number, offset, parallel_config, num_layers)
            self.blocks.append(block)

    def construct(self, hidden_states, attention_mask=None, init_reset=True, batch_valid_length=None):
        present = ()
        for block in self.blocks:
            hidden_states, keys_and_values = block(hidden_states, attention_mask)
            present = (*present, keys_and_values)
        return hidden_states, present


def _get_lambda_func(total_layer: int | None = None):
    """What places a block in a pipeline, and has it computed again on the way back if the configuration says so."""

    def place(network, layer_id, offset, parallel_config, layers):
        layers = total_layer or layers
        network.pipeline_stage = min(
            (layer_id + offset) * parallel_config.pipeline_stage // layers, parallel_config.pipeline_stage - 1
        )
        if getattr(parallel_config.recompute, "recompute", parallel_config.recompute):
            network.recompute()

    return place
