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
from msjax.nn.initializer import HeUniform, Normal, Uniform, initializer
from msjax.nn.layer import shape
from msjax.nn.layer.checks import in_range, ints, positive_int
from msjax.nn.layer.rows import layers
from msjax.ops.table import lookup, publish, publish_later


def _functional(name: str) -> Any:
    return lookup("mint.nn.functional", name)


AVERAGE = "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
EXTRA = "AvgPool2dExt AvgPool3dExt L1LossExt LogSoftmaxExt".split()  # in `nn`
RESIZE = "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None"
CLASSES = "weight=None, ignore_index=-100, reduction='mean'"

layers(
    {
        "mint.nn.ELU(alpha=1.0, inplace=False)(input)": "mint.nn.functional.elu",
        "mint.nn.GELU(approximate='none')(input)": "mint.nn.functional.gelu",
        "mint.nn.GLU(dim=-1)(input)": "mint.nn.functional.glu",
        "mint.nn.Hardshrink(lambd=0.5)(input)": "mint.nn.functional.hardshrink",
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
        f"mint.nn.AvgPool1d({AVERAGE})(input)": "mint.nn.functional.avg_pool1d",
        f"nn.AvgPool2dExt({AVERAGE}, divisor_override=None)(input)": "mint.nn.functional.avg_pool2d",
        f"nn.AvgPool3dExt({AVERAGE}, divisor_override=None)(input)": "mint.nn.functional.avg_pool3d",
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
        "nn.L1LossExt(reduction='mean')(input, target)": "mint.nn.functional.l1_loss",
        "mint.nn.MSELoss(reduction='mean')(input, target)": "mint.nn.functional.mse_loss",
        f"mint.nn.NLLLoss({CLASSES})(input, target)": "mint.nn.functional.nll_loss",
        "mint.nn.SmoothL1Loss(reduction='mean', beta=1.0)(input, target)": "mint.nn.functional.smooth_l1_loss",
        "mint.nn.SoftMarginLoss(reduction='mean')(input, target)": "mint.nn.functional.soft_margin_loss",
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
    _random = True
    function: str

    def __init__(self, p: Any = 0.5, inplace: Any = False):
        super().__init__()
        self.p, self.inplace = p, inplace

    def construct(self, input):
        return _functional(self.function)(input, p=self.p, inplace=self.inplace, training=self.training)


class Dropout(_Dropout):
    """`mint.nn.functional.dropout` in training, else the input itself."""

    function = "dropout"


class Dropout2d(_Dropout):
    """`mint.nn.functional.dropout2d` in training, else the input itself."""

    function = "dropout2d"


_PADS = "ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d".split()
_PADS += "ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad2d".split()
publish("mint.nn", **{name: getattr(shape, name) for name in (*_PADS, "Identity")})
for _name in ("Flatten", *EXTRA):
    publish_later("mint.nn", _name.removesuffix("Ext"), partial(lookup, "nn", _name))


class ZeroPad1d(shape.ZeroPad2d):
    """Zeros around the last axis: (left, right), or one int for both."""

    n = 1


class ZeroPad3d(shape.ZeroPad2d):
    """Zeros around the last 3 axes: (left, right, top, bottom, front, back), or one int for all."""

    n = 3


# -- with Parameters -------------------------------------------------------------------------------------------------


def _uniform_bias(size: int, fan_in: int, dtype, init=None) -> Parameter:
    return Parameter(initializer(Uniform(1 / math.sqrt(fan_in)) if init is None else init, (size,), dtype), name="bias")


@takes(bias="bool", dtype="None or dtype")
class Linear(Cell):
    """x @ weight.T + bias, of sizes `in_features` to `out_features`; initialized as `nn.Dense`."""

    def __init__(self, in_features, out_features, bias=True, weight_init=None, bias_init=None, dtype=None):
        super().__init__()
        self.in_features = positive_int("Linear", "in_features", in_features)
        self.out_features = positive_int("Linear", "out_features", out_features)
        dtype, first = dtype or mstype.float32, HeUniform(math.sqrt(5)) if weight_init is None else weight_init
        self.has_bias = bias
        self.weight = Parameter(initializer(first, (out_features, in_features), dtype), name="weight")
        self.bias = _uniform_bias(out_features, in_features, dtype, bias_init) if bias else None

    def construct(self, x):
        return _functional("linear")(x, self.weight, self.bias)

    def extend_repr(self) -> str:
        return f"input_features={self.in_features}, output_features={self.out_features}, has_bias={self.has_bias}"


class _Conv(Cell):
    """Weight and bias are uniform between plus and minus 1 / sqrt(fan in)."""

    n: int
    function: str

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: Any = 1,
        bias=True,
        padding_mode: Any = "zeros",
        dtype=None,
    ):
        super().__init__()
        self._spread(stride=stride, padding=padding, dilation=dilation)
        self._make(in_channels, out_channels, kernel_size, groups, bias, padding_mode, dtype)

    def _spread(self, **windows) -> None:
        """Note the window's numbers, for each axis one or one for all.

        Raises:
            TypeError, ValueError: if they are something else.
        """
        for name, value in windows.items():
            if name != "padding" or value not in ("same", "valid"):
                ints(type(self).__name__, name, value, self.n, -math.inf if "padding" in name else 1)
            setattr(self, name, value)

    @takes(in_channels="int > 0", out_channels="int > 0", groups="int > 0", bias="bool")
    def _make(self, in_channels, out_channels, kernel_size, groups, bias, padding_mode, dtype):
        name = type(self).__name__
        if padding_mode != "zeros":
            raise ValueError(
                f"For '{name}', 'padding_mode' must be 'zeros', but got {padding_mode!r}; pad the input first."
            )
        if in_channels % groups or out_channels % groups:
            raise ValueError(
                f"For '{name}', {groups} groups must divide the channels {in_channels} and {out_channels}."
            )
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.groups, dtype = (
            ints(name, "kernel_size", kernel_size, self.n),
            groups,
            dtype or mstype.float32,
        )
        size = (*self._channels(in_channels, out_channels), *self.kernel_size)
        self.weight = Parameter(initializer(HeUniform(math.sqrt(5)), size, dtype), name="weight")
        self.bias = _uniform_bias(out_channels, math.prod(size[1:]), dtype) if bias else None

    def _channels(self, in_channels, out_channels):
        return out_channels, in_channels // self.groups

    def construct(self, input):
        settings = (self.stride, self.padding, self.dilation, self.groups)
        return _functional(self.function)(input, self.weight, self.bias, *settings)

    def extend_repr(self) -> str:
        each = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
        shown = "".join(f", {k}={(v,) * self.n if isinstance(v, int) else v}" for k, v in each.items())
        return (
            f"input_channels={self.in_channels}, output_channels={self.out_channels}, kernel_size={self.kernel_size}"
            f"{shown}, groups={self.groups}, bias={self.bias is not None}"
        )


class Conv1d(_Conv):
    """The layer of `mint.nn.functional.conv1d`."""

    n, function = 1, "conv1d"


class Conv2d(_Conv):
    """The layer of `mint.nn.functional.conv2d`."""

    n, function = 2, "conv2d"


class Conv3d(_Conv):
    """The layer of `mint.nn.functional.conv3d`."""

    n, function = 3, "conv3d"


class ConvTranspose2d(_Conv):
    """The layer of `mint.nn.functional.conv_transpose2d`."""

    n, function = 2, "conv_transpose2d"

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: Any = 1,
        bias=True,
        dilation: Any = 1,
        padding_mode: Any = "zeros",
        dtype=None,
    ):
        Cell.__init__(self)
        self._spread(stride=stride, padding=padding, output_padding=output_padding, dilation=dilation)
        self._make(in_channels, out_channels, kernel_size, groups, bias, padding_mode, dtype)

    def _channels(self, in_channels, out_channels):
        return in_channels, out_channels // self.groups

    def construct(self, input, output_size=None):
        extra = self.output_padding
        if output_size is not None:
            extra = self._extra_for(input.shape[-2:], tuple(output_size)[-2:])
        settings = (self.stride, self.padding, extra, self.groups, self.dilation)
        return _functional(self.function)(input, self.weight, self.bias, *settings)

    def _extra_for(self, sizes, wanted):
        settings = (ints("ConvTranspose2d", "stride", v, 2, 0) for v in (self.stride, self.padding, self.dilation))
        each = zip(sizes, wanted, self.kernel_size, *settings, strict=True)
        return tuple(out - ((i - 1) * s - 2 * p + d * (k - 1) + 1) for i, out, k, s, p, d in each)


@takes(
    padding_idx="None or int",
    max_norm="None or float",
    norm_type="None or float",
    scale_grad_by_freq="None or bool",
    sparse="bool",
    _weight="None or Tensor",
)
class Embedding(Cell):
    """The layer of `mint.nn.functional.embedding`, with a table drawn from the normal distribution."""

    def __init__(
        self,
        num_embeddings,
        embedding_dim,
        padding_idx=None,
        max_norm=None,
        norm_type: Any = 2.0,
        scale_grad_by_freq=False,
        sparse=False,
        _weight=None,
        _freeze=False,
        dtype=None,
    ):
        super().__init__()
        self.num_embeddings = positive_int("Embedding", "num_embeddings", num_embeddings)
        self.embedding_dim = positive_int("Embedding", "embedding_dim", embedding_dim)
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
        return _functional("embedding")(input, self.weight, *self._settings)

    def extend_repr(self) -> str:
        padding_idx, max_norm, norm_type, by_frequency = self._settings
        return (
            f"num_embeddings={self.num_embeddings}, embedding_dim={self.embedding_dim}, padding_idx={padding_idx}, "
            f"max_norm={max_norm}, norm_type={norm_type}, scale_grad_by_freq={by_frequency}, dtype={self.weight.dtype}"
        )


@takes(dtype="None or dtype")
class PReLU(Cell):
    """The layer of `mint.nn.functional.prelu`, with `num_parameters` slopes that start as `init`."""

    def __init__(self, num_parameters: Any = 1, init: Any = 0.25, dtype=None):
        super().__init__()
        positive_int("PReLU", "num_parameters", num_parameters)
        self.weight = Parameter(initializer(init, (num_parameters,), dtype or mstype.float32), name="weight")

    def construct(self, input):
        return _functional("prelu")(input, self.weight)


def _affine(cell: Cell, size: tuple[int, ...], weight: bool, bias: bool, dtype) -> None:
    for name, wanted, init in (("weight", weight, "ones"), ("bias", bias, "zeros")):
        setattr(cell, name, Parameter(initializer(init, size, dtype or mstype.float32), name=name) if wanted else None)


@takes(dtype="None or dtype")
class LayerNorm(Cell):
    """The layer of `mint.nn.functional.layer_norm`."""

    def __init__(self, normalized_shape, eps: Any = 1e-5, elementwise_affine=True, bias=True, dtype=None):
        super().__init__()
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        _affine(self, self.normalized_shape, elementwise_affine, elementwise_affine and bias, dtype)

    def construct(self, input):
        return _functional("layer_norm")(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extend_repr(self) -> str:
        return f"normalized_shape={self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


@takes(num_groups="int > 0", eps="float", affine="bool", dtype="None or dtype")
class GroupNorm(Cell):
    """The layer of `mint.nn.functional.group_norm`."""

    def __init__(self, num_groups, num_channels, eps: Any = 1e-5, affine=True, dtype=None):
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(f"For 'GroupNorm', {num_groups} groups must divide {num_channels} channels.")
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        _affine(self, (num_channels,), affine, affine, dtype)

    def construct(self, input):
        return _functional("group_norm")(input, self.num_groups, self.weight, self.bias, self.eps)

    def extend_repr(self) -> str:
        return f"num_groups={self.num_groups}, num_channels={self.num_channels}, eps={self.eps}, affine={self.affine}"


@takes(dtype="None or dtype")
class _BatchNorm(Cell):
    """The layer of `mint.nn.functional.batch_norm`: in training, the running moments move towards the batch's by
    `momentum`. Without `track_running_stats` the batch's moments are used always."""

    ranks: tuple[int, ...]

    def __init__(
        self, num_features: int, eps: Any = 1e-5, momentum: Any = 0.1, affine=True, track_running_stats=True, dtype=None
    ):
        super().__init__()
        positive_int(type(self).__name__, "num_features", num_features)
        self.num_features, self.eps, self.track_running_stats = num_features, eps, track_running_stats
        self.momentum = in_range(type(self).__name__, "momentum", momentum, 0, 1)
        _affine(self, (num_features,), affine, affine, dtype)
        self.affine, self.running_mean, self.running_var, self.num_batches_tracked = affine, None, None, None
        if track_running_stats:
            size, dtype = (num_features,), dtype or mstype.float32
            self.running_mean = Parameter(initializer("zeros", size, dtype), "running_mean", False)
            self.running_var = Parameter(initializer("ones", size, dtype), "running_var", False)
            self.num_batches_tracked = Parameter(Tensor(0, mstype.int64), "num_batches_tracked", False)

    def construct(self, input):
        if input.ndim not in self.ranks:
            raise ValueError(
                f"For '{type(self).__name__}', the input must have {self.ranks} dims, but got {input.ndim}."
            )
        batch = self.training or not self.track_running_stats
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked.set_data(self.num_batches_tracked + 1)
        moments = (self.running_mean, self.running_var)
        return _functional("batch_norm")(input, *moments, self.weight, self.bias, batch, self.momentum, self.eps)

    def extend_repr(self) -> str:
        return (
            f"num_features={self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    __doc__ = f"Of (N, C) or (N, C, L). {_BatchNorm.__doc__}"
    ranks = (2, 3)


class BatchNorm2d(_BatchNorm):
    __doc__ = f"Of (N, C, H, W). {_BatchNorm.__doc__}"
    ranks = (4,)


class BatchNorm3d(_BatchNorm):
    __doc__ = f"Of (N, C, D, H, W). {_BatchNorm.__doc__}"
    ranks = (5,)


@takes(process_group="None or str")
class SyncBatchNorm(_BatchNorm):
    __doc__ = f"{_BatchNorm.__doc__} Across devices the moments are those of the whole batch."
    ranks = (2, 3, 4, 5)

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = True,
                 track_running_stats: bool = True, process_group: str | None = None, dtype=None):  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype)
        self.process_group = process_group


for _layer in (
    Dropout, Dropout2d, ZeroPad1d, ZeroPad3d, Linear, Conv1d, Conv2d, Conv3d, ConvTranspose2d, Embedding, PReLU,
    LayerNorm, GroupNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d, SyncBatchNorm,
):  # fmt: skip
    _layer.__module__ = "msjax.mint.nn"
    publish("mint.nn", **{_layer.__name__: _layer})

for _layer in (Dropout, Dropout2d, Embedding, LayerNorm, PReLU):
    _layer.__name__ += "Ext"
    publish("nn", **{_layer.__name__: _layer})
