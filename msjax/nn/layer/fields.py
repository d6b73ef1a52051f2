"""Embeddings of features that are of several fields."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.nn.documented import documented
from msjax.nn.layer.dense import EmbeddingLookup


@documented
@takes(field_size="int > 0", operator="'SUM' or 'MEAN' or 'MAX'", feature_num_list="None or tuple")
class MultiFieldEmbeddingLookup(EmbeddingLookup):
    """Rows of a trained table (vocab_size, embedding_size), weighted, and merged where they are of one field.

    Args:
        field_size: how many fields there are.
        target: "CPU" or "DEVICE", accepted for compatibility: where the table lives is JAX's choice.
        slice_mode, feature_num_list, sparse: accepted for compatibility.
        max_norm: the largest norm of a row that is given, larger ones are scaled down to it; None for any.
        operator: "SUM"; "MEAN", the sum divided by that of the weights' sizes; or "MAX", of rows whose weight is not 0.

    Inputs:
        input_indices: the rows, ints of shape (batch, features).
        input_values: their weights, as float32 of the same shape.
        field_ids: their fields, as int32 of the same shape.

    Returns:
        A Tensor (batch, field_size, embedding_size), 0 where a field has no weight.

    Raises:
        TypeError, ValueError: for other arguments, shapes or dtypes.

    Example:
        >>> net = nn.MultiFieldEmbeddingLookup(10, 2, field_size=2, param_init="ones")
        >>> net(Tensor([[2, 4, 6]]), Tensor([[1.0, 2.0, 0.5]]), Tensor([[0, 1, 1]], ms.int32)).tolist()
        [[[1.0, 1.0], [2.5, 2.5]]]
    """

    OPERATOR_SUM, OPERATOR_MEAN, OPERATOR_MAX = "SUM", "MEAN", "MAX"

    def __init__(self, vocab_size, embedding_size, field_size, param_init: Any = "normal", target: Any = "CPU",
                 slice_mode: Any = "batch_slice", feature_num_list=None, max_norm=None, sparse=True, operator="SUM",
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__(
            vocab_size, embedding_size, param_init, target, slice_mode, feature_num_list, max_norm, sparse, dtype
        )
        self.field_size, self.operator = field_size, operator

    def construct(self, input_indices, input_values, field_ids):
        self._check(input_indices=input_indices, input_values=input_values, field_ids=field_ids)
        batch, features = input_indices.shape
        count = batch * self.field_size
        fields = (field_ids + ops.arange(0, count, self.field_size, dtype=mstype.int32).expand_dims(1)).reshape(-1)
        weights = input_values.reshape(-1)
        rows = super().construct(input_indices).reshape(batch * features, -1) * weights.expand_dims(1)
        total = ops.unsorted_segment_sum(weights.abs(), fields, count).expand_dims(1)
        if self.operator == "MAX":
            seen = ops.where((weights == 0).expand_dims(1), ops.full_like(rows, float("-inf")), rows)
            merged = ops.unsorted_segment_max(seen, fields, count)
            merged = ops.where(total == 0, ops.zeros_like(merged), merged)
        else:
            merged = ops.unsorted_segment_sum(rows, fields, count)
            merged = ops.div_no_nan(merged, total) if self.operator == "MEAN" else merged
        return merged.reshape(batch, self.field_size, -1)

    def _check(self, **inputs) -> None:
        name = type(self).__name__
        kinds = {
            "input_indices": (mstype.int32, mstype.int64), "input_values": (mstype.float32,),
            "field_ids": (mstype.int32,),
        }  # fmt: skip
        for given, tensor in inputs.items():
            if tensor.dtype not in kinds[given]:
                wanted = " or ".join(map(str, kinds[given]))
                raise TypeError(f"For '{name}', '{given}' must be of {wanted}, but got {tensor.dtype}.")
            if tensor.ndim != 2:
                raise ValueError(f"For '{name}', '{given}' must have 2 axes, but its shape is {tensor.shape}.")
