"""Dense layers, embeddings and dropout."""

from __future__ import annotations

import math
from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core import narrow
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.core.watching import seen
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.initializer import Uniform, initializer
from msjax.nn.layer.activation import get_activation
from msjax.nn.layer.parameters import weight_and_bias
from msjax.ops import Primitive


def _check_init(layer: str, name: str, init, shape: tuple[int, ...]) -> None:
    if isinstance(init, Tensor) and init.shape != shape:
        raise ValueError(f"For '{layer}', the '{name}_init' must be of shape {shape}, but got {init.shape}.")


def dense(x, weight, bias):
    """`ops.dense`, of which a narrow level takes the product alone."""
    if bias is None or narrow.state.dtype is None:
        return ops.dense(x, weight, bias)
    return ops.dense(x, weight) + bias


@documented
@takes(in_channels="int > 0", out_channels="int > 0", has_bias="bool")
class Dense(Cell):
    """activation(x @ weight.T + bias), with a weight (out_channels, in_channels).

    Args:
        weight_init, bias_init: how weight and bias are initialized; None for uniformly between plus and minus
            1 / sqrt(in_channels).
        activation: the name of an activation layer, a Cell, a Primitive or None.

    Inputs:
        x: a Tensor (..., in_channels).

    Returns:
        A Tensor (..., out_channels).

    Raises:
        TypeError, ValueError: for unfit sizes, shapes or activations.

    Example:
        >>> nn.Dense(3, 4)(ops.ones((2, 3))).shape
        (2, 4)
    """

    def __init__(self, in_channels, out_channels, weight_init=None, bias_init=None, has_bias=True, activation=None,
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self.in_channels, self.out_channels = in_channels, out_channels
        self.has_bias, self.weight_init, self.bias_init = has_bias, weight_init, bias_init
        _check_init("Dense", "weight", weight_init, (out_channels, in_channels))
        _check_init("Dense", "bias", bias_init, (out_channels,))
        weight_and_bias(self, (out_channels, in_channels), out_channels, dtype)
        self.activation = get_activation(activation) if isinstance(activation, str) else activation
        if activation is not None and not isinstance(self.activation, (Cell, Primitive)):
            raise TypeError(
                f"For 'Dense', the 'activation' must be str or Cell or Primitive, but got {type(activation).__name__}."
            )
        self.activation_flag = activation is not None

    def construct(self, x):
        y = dense(x, self.weight, self.bias)
        return y if self.activation is None else seen(self.activation)(y)

    def extend_repr(self) -> str:
        bias = f", has_bias={self.has_bias}" if self.has_bias else ""
        shown = f", activation={self.activation}" if self.activation is not None else ""
        return f"input_channels={self.in_channels}, output_channels={self.out_channels}{bias}{shown}"


@documented
@takes(in1_channels="int > 0", in2_channels="int > 0", out_channels="int > 0", has_bias="bool")
class BiDense(Cell):
    """input1 @ weight[k] @ input2 + bias[k] for each output channel k.

    Args:
        weight_init, bias_init: how weight and bias are initialized; None for uniformly between plus and minus
            1 / sqrt(in1_channels).

    Inputs:
        input1: a Tensor (..., in1_channels).
        input2: a Tensor (..., in2_channels).

    Returns:
        A Tensor (..., out_channels).

    Example:
        >>> nn.BiDense(3, 4, 5)(ops.ones((2, 3)), ops.ones((2, 4))).shape
        (2, 5)
    """

    def __init__(self, in1_channels, in2_channels, out_channels, weight_init=None, bias_init=None, has_bias=True,
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self.in1_channels, self.in2_channels, self.out_channels = in1_channels, in2_channels, out_channels
        shape = (out_channels, in1_channels, in2_channels)
        self.has_bias, uniform = has_bias, Uniform(1 / math.sqrt(in1_channels))
        _check_init("BiDense", "weight", weight_init, shape)
        self.weight = Parameter(
            initializer(uniform if weight_init is None else weight_init, shape, dtype), name="weight"
        )
        first = uniform if bias_init is None else bias_init
        self.bias = Parameter(initializer(first, (out_channels,), dtype), name="bias") if has_bias else None

    def construct(self, input1, input2):
        return ops.bidense(input1, input2, self.weight, self.bias)

    def extend_repr(self) -> str:
        bias = f", has_bias={self.has_bias}" if self.has_bias else ""
        sizes = f"in1_channels={self.in1_channels}, in2_channels={self.in2_channels}"
        return f"{sizes}, output_channels={self.out_channels}{bias}"


@documented
@takes(vocab_size="int > 0", embedding_size="int > 0", use_one_hot="bool", padding_idx="None or int or scalar")
class Embedding(Cell):
    """Rows of a trained table (vocab_size, embedding_size).

    Args:
        use_one_hot: accepted for compatibility; the result is the same.
        padding_idx: the number of a row that starts as zeros, or None.

    Returns:
        A Tensor (*ids.shape, embedding_size).

    Raises:
        ValueError: if `padding_idx` is no row.

    Example:
        >>> nn.Embedding(10, 4)(Tensor([[1, 2, 3]])).shape
        (1, 3, 4)
    """

    def __init__(self, vocab_size, embedding_size, use_one_hot=False, embedding_table: Any = "normal",
                 dtype: Any = mstype.float32, padding_idx=None):  # fmt: skip
        super().__init__()
        self.vocab_size, self.embedding_size = vocab_size, embedding_size
        self.use_one_hot, self.dtype, self.padding_idx = use_one_hot, dtype, padding_idx
        first = initializer(embedding_table, (vocab_size, embedding_size), dtype)
        if padding_idx is not None:
            if not 0 <= padding_idx < vocab_size:
                raise ValueError(
                    f"For 'Embedding', the 'padding_idx' must be in range of [0, {vocab_size}), "
                    f"but got {padding_idx} with type '{type(padding_idx).__name__}'."
                )
            rows = first.asnumpy()
            rows[padding_idx] = 0
            first = Tensor(rows)
        self.embedding_table = Parameter(first, name="embedding_table")

    def construct(self, ids):
        return ops.gather(self.embedding_table, ids, 0)

    def extend_repr(self) -> str:
        return (
            f"vocab_size={self.vocab_size}, embedding_size={self.embedding_size}, use_one_hot={self.use_one_hot}, "
            f"embedding_table={self.embedding_table}, dtype={self.dtype}, padding_idx={self.padding_idx}"
        )


@documented
@takes(
    vocab_size="int > 0",
    embedding_size="int > 0",
    target="'CPU' or 'DEVICE'",
    max_norm="None or float > 0",
    sparse="bool",
)
class EmbeddingLookup(Cell):
    """Rows of a trained table (vocab_size, embedding_size), zeros for a number that is none.

    Args:
        target: "CPU" or "DEVICE", accepted for compatibility: where the table lives is JAX's choice.
        slice_mode, manual_shapes, sparse: accepted for compatibility.
        max_norm: the largest norm of a row that is given, larger ones are scaled down to it; None for any.

    Returns:
        A Tensor (*indices.shape, embedding_size).

    Example:
        >>> nn.EmbeddingLookup(10, 4)(Tensor([1, 20])).asnumpy()[1].tolist()
        [0.0, 0.0, 0.0, 0.0]
    """

    BATCH_SLICE, FIELD_SLICE, TABLE_ROW_SLICE, TABLE_COLUMN_SLICE = (
        "batch_slice",
        "field_slice",
        "table_row_slice",
        "table_column_slice",
    )

    def __init__(self, vocab_size, embedding_size, param_init: Any = "normal", target: Any = "CPU",
                 slice_mode: Any = "batch_slice", manual_shapes=None, max_norm=None, sparse=True,
                 dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self.vocab_size, self.embedding_size = vocab_size, embedding_size
        self.target, self.sparse, self.max_norm = target, sparse, max_norm
        self.embedding_table = Parameter(
            initializer(param_init, (vocab_size, embedding_size), dtype), name="embedding_table"
        )

    def construct(self, indices):
        rows = ops.EmbeddingLookup()(self.embedding_table, indices, 0)
        if self.max_norm is None:
            return rows
        norm = ops.sqrt(ops.maximum((rows * rows).sum(-1, keepdims=True), 1e-24))
        return rows * ops.minimum(self.max_norm / norm, 1.0)


@documented
@takes(keep_prob="float (0, 1]", p="None or real [0, 1) or scalar [0, 1)")
class Dropout(Cell):
    """In training, elements are 0 with probability p and divided by 1 - p otherwise; else the input itself.

    Args:
        keep_prob: 1 - p, the older way to say it.
        p: the probability, in [0, 1); None for 1 - keep_prob.
        dtype: accepted for compatibility.

    Returns:
        A Tensor of the input's shape and dtype.

    Raises:
        TypeError, ValueError: if the probability is something else.

    Example:
        >>> nn.Dropout(p=0.5)(Tensor([1.0, 2.0])).asnumpy().tolist()
        [1.0, 2.0]
    """

    def __init__(self, keep_prob: Any = 0.5, p=None, dtype: Any = mstype.float32):
        super().__init__()
        self.keep_prob, self.p = keep_prob, p
        self._rate = 1 - keep_prob if p is None else p
        self._random = self._rate > 0

    def construct(self, x):
        if not self.training or self.p == 0 or self.keep_prob == 1:  # by which programs turn it off
            return x
        return ops.dropout(x, float(self._rate))

    def extend_repr(self) -> str:
        return f"keep_prob={self.keep_prob}" if self.p is None else f"p={self.p}"


@takes(p="float [0, 1]")
class _DropoutChannels(Cell):
    """The others are divided by 1 - p; in evaluation it is the input itself.

    Returns:
        A Tensor of the input's shape and dtype.
    """

    _random = True

    def __init__(self, p: Any = 0.5):
        super().__init__()
        self.p = p

    def construct(self, x):
        return self._function(x, float(self.p)) if self.training and self.p else x

    def extend_repr(self) -> str:
        return f"p={self.p}"


@documented
class Dropout1d(_DropoutChannels):
    """Whole channels of (N, C, L) are 0 with probability p in training.

    Example:
        >>> nn.Dropout1d(p=0.5)(ops.ones((2, 3, 4))).shape
        (2, 3, 4)
    """

    def _function(self, x, p):
        return ops.dropout1d(x, p)


@documented
class Dropout2d(_DropoutChannels):
    """Whole channels of (N, C, H, W) are 0 with probability p in training.

    Example:
        >>> nn.Dropout2d(p=0.5)(ops.ones((2, 3, 4, 4))).shape
        (2, 3, 4, 4)
    """

    def _function(self, x, p):
        return ops.dropout2d(x, p)


@documented
class Dropout3d(_DropoutChannels):
    """Whole channels of (N, C, D, H, W) are 0 with probability p in training.

    Example:
        >>> nn.Dropout3d(p=0.5)(ops.ones((2, 3, 4, 4, 4))).shape
        (2, 3, 4, 4, 4)
    """

    def _function(self, x, p):
        return ops.dropout3d(x, p)
