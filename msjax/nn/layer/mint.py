"""Layers of `mindspore.mint.nn`, which have torch's names and arguments: one line each where they only pass their
fields to a function of `mint.nn.functional`."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.initializer import HeUniform, Normal, initializer
from msjax.nn.layer import shape
from msjax.nn.layer.mint_normalization import LayerNorm
from msjax.nn.layer.parameters import uniform_bias
from msjax.nn.layer.rows import functional, layers, offer
from msjax.ops.table import lookup, publish, publish_later

AVERAGE = "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
EXTRA = "AvgPool1dExt AvgPool2dExt AvgPool3dExt L1LossExt LogSoftmaxExt".split()  # in `nn`
RESIZE = "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None"
CLASSES = "weight=None, ignore_index=-100, reduction='mean'"

layers(
    {
        "mint.nn.ELU(alpha=1.0, inplace=False)(input)": "mint.nn.functional.elu",
        "mint.nn.GELU(approximate='none')(input)": "mint.nn.functional.gelu",
        "mint.nn.GLU(dim=-1)(input)": "mint.nn.functional.glu",
        "mint.nn.Hardshrink(lambd=0.5)(input)": "mint.nn.functional.hardshrink",
        "mint.nn.Hardtanh(min_val=-1.0, max_val=1.0, inplace=False)(input)": "mint.nn.functional.hardtanh",
        "mint.nn.Hardsigmoid()(input)": "mint.nn.functional.hardsigmoid",
        "mint.nn.Hardswish()(input)": "mint.nn.functional.hardswish",
        "mint.nn.LogSigmoid()(input)": "mint.nn.functional.logsigmoid",
        "nn.LogSoftmaxExt(dim=None)(x)": "mint.nn.functional.log_softmax",
        "mint.nn.Mish()(input)": "mint.nn.functional.mish",
        "mint.nn.ReLU()(input)": "mint.nn.functional.relu",
        "mint.nn.ReLU6(inplace=False)(input)": "mint.nn.functional.relu6",
        "mint.nn.SELU()(input)": "mint.nn.functional.selu",
        "mint.nn.SiLU(inplace=False)(x)": "mint.nn.functional.silu",
        "mint.nn.Sigmoid()(input)": "mint.nn.functional.sigmoid",
        "mint.nn.Softmax(dim=None)(input)": "mint.nn.functional.softmax",
        "mint.nn.Softshrink(lambd=0.5)(input)": "mint.nn.functional.softshrink",
        "mint.nn.Tanh()(input)": "mint.nn.functional.tanh",
        "mint.nn.Threshold(threshold, value, inplace=False)(input)": "mint.nn.functional.threshold",
        "mint.nn.Fold(output_size, kernel_size, dilation=1, padding=0, stride=1)(input)": "mint.nn.functional.fold",
        "mint.nn.Unfold(kernel_size, dilation=1, padding=0, stride=1)(input)": "mint.nn.functional.unfold",
        "mint.nn.AdaptiveAvgPool1d(output_size)(input)": "mint.nn.functional.adaptive_avg_pool1d",
        "mint.nn.AdaptiveAvgPool2d(output_size)(input)": "mint.nn.functional.adaptive_avg_pool2d",
        "mint.nn.AdaptiveAvgPool3d(output_size)(input)": "mint.nn.functional.adaptive_avg_pool3d",
        "mint.nn.AdaptiveMaxPool1d(output_size, return_indices=False)(input)": "mint.nn.functional.adaptive_max_pool1d",
        "mint.nn.AdaptiveMaxPool2d(output_size, return_indices=False)(input)": "mint.nn.functional.adaptive_max_pool2d",
        f"nn.AvgPool1dExt({AVERAGE})(input)": "mint.nn.functional.avg_pool1d",
        f"nn.AvgPool2dExt({AVERAGE}, divisor_override=None)(input)": "mint.nn.functional.avg_pool2d",
        f"nn.AvgPool3dExt({AVERAGE}, divisor_override=None)(input)": "mint.nn.functional.avg_pool3d",
        "nn.MaxPool2dExt(kernel_size=1, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)"
        "(input)": "mint.nn.functional.max_pool2d",
        "mint.nn.MaxUnpool2d(kernel_size, stride=None, padding=0)(input, indices, output_size=None)": (
            "mint.nn.functional.max_unpool2d"
        ),
        "mint.nn.PixelShuffle(upscale_factor)(input)": "mint.nn.functional.pixel_shuffle",
        f"mint.nn.Upsample({RESIZE})(input)": "mint.nn.functional.interpolate",
        "mint.nn.BCELoss(weight=None, reduction='mean')(input, target)": "mint.nn.functional.binary_cross_entropy",
        "mint.nn.BCEWithLogitsLoss(weight=None, reduction='mean', pos_weight=None)(input, target)": (
            "mint.nn.functional.binary_cross_entropy_with_logits"
        ),
        f"mint.nn.CrossEntropyLoss({CLASSES}, label_smoothing=0.0)(input, target)": "mint.nn.functional.cross_entropy",
        "mint.nn.KLDivLoss(reduction='mean', log_target=False)(input, target)": "mint.nn.functional.kl_div",
        "nn.L1LossExt(reduction='mean')(logits, labels)": "mint.nn.functional.l1_loss",
        "mint.nn.MSELoss(reduction='mean')(input, target)": "mint.nn.functional.mse_loss",
        f"mint.nn.NLLLoss({CLASSES})(input, target)": "mint.nn.functional.nll_loss",
        "mint.nn.SmoothL1Loss(reduction='mean', beta=1.0)(input, target)": "mint.nn.functional.smooth_l1_loss",
        "mint.nn.SoftMarginLoss(reduction='mean')(logits, labels)": "mint.nn.functional.soft_margin_loss",
        "mint.nn.CosineEmbeddingLoss(margin=0.0, reduction='mean')(input1, input2, target)": (
            "mint.nn.functional.cosine_embedding_loss"
        ),
    },
    kinds={
        "None or real": "Hardshrink.lambd Softshrink.lambd",
        "'mean' or 'sum' or 'none'": "BCELoss.reduction L1LossExt.reduction",
        "None or 'mean' or 'sum' or 'none'": "BCEWithLogitsLoss.reduction",
    },
)


class _Dropout(Cell):
    """The others are divided by 1 - p; in evaluation it is the input itself.

    Returns:
        A Tensor of the input's shape and dtype.
    """

    _random = True
    function: str

    def __init__(self, p: Any = 0.5, inplace: Any = False):
        super().__init__()
        self.p, self.inplace = p, inplace

    def construct(self, input):
        return functional(self.function)(input, p=self.p, inplace=self.inplace, training=self.training)


@documented
class Dropout(_Dropout):
    """Elements are 0 with probability p in training.

    Example:
        >>> mint.nn.Dropout().set_train(False)(Tensor([1.0, 2.0])).asnumpy().tolist()
        [1.0, 2.0]
    """

    function = "dropout"


@documented
class Dropout2d(_Dropout):
    """Whole channels of (N, C, H, W) are 0 with probability p in training.

    Example:
        >>> mint.nn.Dropout2d().set_train(False)(ops.ones((1, 2, 1, 1))).asnumpy().ravel().tolist()
        [1.0, 1.0]
    """

    function = "dropout2d"


_PADS = "ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d".split()
_PADS += "ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad2d".split()
publish("mint.nn", **{name: getattr(shape, name) for name in (*_PADS, "Identity")})
for _name in ("Flatten", *EXTRA):
    publish_later("mint.nn", _name.removesuffix("Ext"), partial(lookup, "nn", _name))


@documented
class ZeroPad1d(shape.ZeroPad2d):
    """Zeros around the last axis.

    Args:
        padding: (left, right), or one int for both.

    Example:
        >>> mint.nn.ZeroPad1d(1)(ops.ones((1, 2))).asnumpy().tolist()
        [[0.0, 1.0, 1.0, 0.0]]
    """

    n = 1


@documented
class ZeroPad3d(shape.ZeroPad2d):
    """Zeros around the last 3 axes.

    Args:
        padding: (left, right, top, bottom, front, back), or one int for all.

    Example:
        >>> mint.nn.ZeroPad3d(1)(ops.ones((1, 2, 2, 2))).shape
        (1, 4, 4, 4)
    """

    n = 3


class _Upsampling2d(Cell):
    """Either `size` or `scale_factor` is given.

    Args:
        size: the new height and width.
        scale_factor: or how many times as large they become.

    Inputs:
        input: images, (N, C, H, W).

    Returns:
        A Tensor (N, C, height, width).

    Raises:
        ValueError: if both or none are given, or the input has other axes.
    """

    options: tuple[str, bool | None]

    def __init__(self, size=None, scale_factor=None):
        super().__init__()
        self.size, self.scale_factor = size, scale_factor

    def construct(self, input):
        return functional("interpolate")(input, self.size, self.scale_factor, *self.options)


@documented
class UpsamplingBilinear2d(_Upsampling2d):
    """Images in another size, linear between pixels; the corners' centres stay.

    Example:
        >>> mint.nn.UpsamplingBilinear2d((1, 3))(Tensor([[[[0.0, 2.0]]]])).asnumpy().tolist()
        [[[[0.0, 1.0, 2.0]]]]
    """

    options = "bilinear", True


@documented
class UpsamplingNearest2d(_Upsampling2d):
    """Images in another size, of the nearest pixels.

    Example:
        >>> mint.nn.UpsamplingNearest2d((1, 4))(Tensor([[[[0.0, 2.0]]]])).asnumpy().tolist()
        [[[[0.0, 0.0, 2.0, 2.0]]]]
    """

    options = "nearest", None


# -- with Parameters -------------------------------------------------------------------------------------------------


@documented
@takes(in_features="int > 0", out_features="int > 0", bias="bool", dtype="None or dtype")
class Linear(Cell):
    """x @ weight.T + bias, with a weight (out_features, in_features).

    Args:
        weight_init, bias_init: how weight and bias are initialized; None for uniformly between plus and minus
            1 / sqrt(in_features).
        dtype: the dtype of the Parameters; None for float32.

    Inputs:
        x: a Tensor (..., in_features).

    Returns:
        A Tensor (..., out_features).

    Example:
        >>> mint.nn.Linear(3, 4)(ops.ones((2, 3))).shape
        (2, 4)
    """

    def __init__(self, in_features, out_features, bias=True, weight_init=None, bias_init=None, dtype=None):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        dtype, first = dtype or mstype.float32, HeUniform(math.sqrt(5)) if weight_init is None else weight_init
        self.has_bias = bias
        self.weight = Parameter(initializer(first, (out_features, in_features), dtype), name="weight")
        self.bias = uniform_bias(out_features, in_features, dtype, bias_init) if bias else None

    def construct(self, x):
        return functional("linear")(x, self.weight, self.bias)

    def extend_repr(self) -> str:
        return f"input_features={self.in_features}, output_features={self.out_features}, has_bias={self.has_bias}"


@documented
@takes(
    num_embeddings="int > 0",
    embedding_dim="int > 0",
    padding_idx="None or int",
    max_norm="None or float",
    norm_type="None or float",
    scale_grad_by_freq="None or bool",
    sparse="bool",
    _weight="None or Tensor",
)
class Embedding(Cell):
    """Rows of a trained table (num_embeddings, embedding_dim), drawn from the normal distribution.

    Args:
        padding_idx: the number of a row that starts as zeros and is not trained, or None.
        max_norm: the largest norm of a row, larger ones are scaled down in the table; None for any.
        norm_type: the degree of that norm.
        scale_grad_by_freq: whether the gradient of a row is divided by how often it is looked up.
        sparse: accepted for compatibility.
        _weight: the first values of the table, a Tensor, or None.
        _freeze: whether the table is not trained.
        dtype: the dtype of the table; None for float32.

    Inputs:
        input: row numbers, of any shape.

    Returns:
        A Tensor (*input.shape, embedding_dim).

    Raises:
        ValueError: if `padding_idx` is no row.

    Example:
        >>> mint.nn.Embedding(10, 4)(Tensor([[1, 2, 3]])).shape
        (1, 3, 4)
    """

    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type: Any = 2.0,
                 scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, dtype=None):  # fmt: skip
        super().__init__()
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self._settings = (padding_idx, max_norm, norm_type, scale_grad_by_freq)
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ValueError(
                f"For 'Embedding', the 'padding_idx' must be a row of {num_embeddings}, but got {padding_idx}."
            )
        first = _weight
        if first is None:
            first = initializer(Normal(1.0), (num_embeddings, embedding_dim), dtype or mstype.float32)
            if padding_idx is not None:
                rows = first.asnumpy()
                rows[padding_idx] = 0
                first = Tensor(rows)
        self.weight = Parameter(first, name="weight", requires_grad=not _freeze)

    def construct(self, input):
        return functional("embedding")(input, self.weight, *self._settings)

    def extend_repr(self) -> str:
        padding_idx, max_norm, norm_type, by_frequency = self._settings
        return (
            f"num_embeddings={self.num_embeddings}, embedding_dim={self.embedding_dim}, padding_idx={padding_idx}, "
            f"max_norm={max_norm}, norm_type={norm_type}, scale_grad_by_freq={by_frequency}, dtype={self.weight.dtype}"
        )


@documented
@takes(num_parameters="int > 0", dtype="None or dtype")
class PReLU(Cell):
    """The input where positive, else times a trained slope for all channels or for each.

    Args:
        num_parameters: the number of slopes: 1, or that of the channels.
        init: their first value.
        dtype: the dtype of the slopes; None for float32.

    Inputs:
        input: a Tensor (N, C, ...).

    Returns:
        A Tensor of the input's shape and dtype.

    Example:
        >>> mint.nn.PReLU()(Tensor([[-4.0, 3.0]])).asnumpy().tolist()
        [[-1.0, 3.0]]
    """

    def __init__(self, num_parameters: Any = 1, init: Any = 0.25, dtype=None):
        super().__init__()
        self.weight = Parameter(initializer(init, (num_parameters,), dtype or mstype.float32), name="weight")

    def construct(self, input):
        return functional("prelu")(input, self.weight)


offer(
    "mint.nn", Dropout, Dropout2d, ZeroPad1d, ZeroPad3d, UpsamplingBilinear2d, UpsamplingNearest2d, Linear, Embedding,
    PReLU,
)  # fmt: skip

# MindSpore has some of these in `nn` too, under names that tell them from its own layers, and prints these names.
for _layer in (Dropout, Dropout2d, Embedding, LayerNorm, PReLU):
    _layer.__name__ += "Ext"
    publish("nn", **{_layer.__name__: _layer})
