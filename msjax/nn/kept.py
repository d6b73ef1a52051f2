"""What MindSpore's layers have as attributes, mostly operators, and classes that derive from those layers use.

Layers here compute in one piece and do not need them; a class that overrides `construct` may.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from msjax import ops
from msjax.core.dtype import float32
from msjax.core.effects import only_computes
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell, registrars

Make = Callable[[Any], Any]


@only_computes
class Kept:
    """An attribute that is made when it is looked for, unless the layer was given another one of that name.

    Args:
        make: makes it for a layer, of what that keeps: compiled functions check no more.
    """

    gives_way = True  # to a Cell or a Parameter, see `Cell._check_free`

    def __init__(self, make: Make):
        self._make = make

    def __get__(self, layer, kind=None) -> Any:
        return self if layer is None else self._make(layer)


def _of(plain: str = "", **others: Make) -> dict[str, Make]:
    """Primitives without arguments, as "name=Primitive name=Primitive", and what makes the others."""
    named = (word.split("=") for word in plain.split())
    return {name: lambda layer, kind=kind: getattr(ops, kind)() for name, kind in named} | others


def _batch_norm(training: bool) -> Make:
    return lambda layer: ops.BatchNorm(training, layer.eps, 1 - layer.momentum, layer.data_format)


def _pool(kind: str) -> Make:
    def make(layer):
        windows = [window if layer.n > 1 else (1, window) for window in (layer.kernel_size, layer.stride)]
        return getattr(ops, kind)(*windows, layer.pad_mode.upper(), layer.data_format)

    return make


def _transposed(layer) -> Any:
    settings = layer.kernel_size, layer.pad_mode, layer.padding, None, 1, layer.stride, layer.dilation, layer.group
    return ops.Conv2DTranspose(layer.in_channels, *settings)


def _mode(mode: str) -> Make:
    return lambda layer: layer.pad_mode == mode


def _betas(*shape: int) -> dict[str, Make]:
    """The numbers of a rule, as Tensors."""

    def number(name: str) -> Make:
        return lambda optimizer: Tensor(np.full(shape, getattr(optimizer._rule, name), np.float32))

    return {name: number(name) for name in ("beta1", "beta2", "eps")}


_BATCH_NORM = _of(
    "shape=Shape reshape=Reshape cast=Cast dtype=DType square=Square sqrt=Sqrt mul_mean=Mul mul_var=Mul sub_mean=Sub "
    "sub_var=Sub assign_sub_mean=AssignSub assign_sub_var=AssignSub",
    bn_train=_batch_norm(True),
    bn_infer=_batch_norm(False),
    reduce_mean=lambda layer: ops.ReduceMean(True),
    format=lambda layer: layer.data_format,
)
_POOL = _of(format=lambda layer: layer.data_format)
_POOL_1D = _POOL | _of(
    "shape=Shape expand=ExpandDims",
    squeeze=lambda layer: ops.Squeeze(2),
    reduce_mean=lambda layer: ops.ReduceMean(True),
)
_RECURRENT = _of(
    reverse=lambda layer: ops.ReverseV2([0]),
    reverse_sequence=lambda layer: ops.ReverseSequence(0, 1),
    is_lstm=lambda layer: (
        isinstance(layer.hidden_size, int) and "LSTM" in {kind.__name__ for kind in type(layer).mro()}
    ),
)
_ON_OFF = {"on_value": lambda layer: Tensor(1.0, float32), "off_value": lambda layer: Tensor(0.0, float32)}

_LAYERS = {
    "Dense": _of("reshape=Reshape shape_op=Shape bias_add=BiasAdd", matmul=lambda layer: ops.MatMul(False, True)),
    "BiDense": _of("matmul=MatMul bias_add=BiasAdd"),
    "_Conv": _of(bias_add=lambda layer: ops.BiasAdd(layer.data_format)),
    "Conv1d": _of(
        "expand_dims=ExpandDims shape=Shape",
        conv2d=lambda layer: ops.Conv2D(*layer._settings()), squeeze=lambda layer: ops.Squeeze(2),
    ),
    "Conv2d": _of(conv2d=lambda layer: ops.Conv2D(*layer._settings())),
    "Conv3d": _of("shape=Shape", conv3d=lambda layer: ops.Conv3D(*layer._settings())),
    "Conv2dTranspose": _of(
        "shape=Shape",
        conv2d_transpose=_transposed, is_pad=_mode("pad"), is_same=_mode("same"), is_valid=_mode("valid"),
    ),
    "BatchNorm1d BatchNorm2d SyncBatchNorm": _BATCH_NORM,
    "BatchNorm3d": _of("shape=Shape reshape=Reshape"),
    "InstanceNorm1d InstanceNorm2d InstanceNorm3d": _of("shape=Shape"),
    "AvgPool1d": _POOL_1D | _of("slice=Slice", avg_pool=_pool("AvgPool")),
    "AvgPool2d": _POOL | _of(avg_pool=_pool("AvgPool")),
    "MaxPool1d": _POOL_1D | _of(max_pool=_pool("MaxPool")),
    "MaxPool2d": _POOL | _of(max_pool=_pool("MaxPool")),
    "AdaptiveAvgPool2d": _of(adaptive_avgpool2d=lambda layer: ops.AdaptiveAvgPool2D(layer.output_size)),
    "Embedding": _ON_OFF | _of(
        "expand=ExpandDims gather=Gather get_shp=Shape reshape=Reshape reshape_flat=Reshape array_mul=MatMul "
        "one_hot=OneHot concat=Concat",
        shp_flat=lambda layer: (-1,),
    ),
    "EmbeddingLookup": _of(
        "gatherv2=SparseGatherV2 gather_revert=Gather reshape=Reshape reshape_first=Reshape shape=Shape unique=Unique"
    ),
    "Dropout": _of(dropout=lambda layer: ops.Dropout(layer.keep_prob)),
    "Dropout2d": _of(keep_prob=lambda layer: 1 - layer.p, dropout2d=lambda layer: ops.Dropout2D(1 - layer.p)),
    "Dropout3d": _of(keep_prob=lambda layer: 1 - layer.p, dropout3d=lambda layer: ops.Dropout3D(1 - layer.p)),
    "LSTM GRU RNN": _RECURRENT,
    "SequentialCell": {"cell_list": list},
}  # fmt: skip
_ACTIVATIONS = {
    "ReLU": _of("relu=ReLU"),
    "ReLU6": _of("relu6=ReLU6"),
    "PReLU": _of("prelu=PReLU"),
    "RReLU": _of("sign=Sign"),
    "ELU": _of(elu=lambda layer: ops.Elu(layer.alpha)),
    "SeLU": _of("selu=SeLU"),
    "Tanh": _of("tanh=Tanh"),
    "Sigmoid": _of("sigmoid=Sigmoid"),
    "LogSigmoid": _of("mul=Mul exp=Exp add=Add rec=Reciprocal log=Log"),
    "HSigmoid": _of("hsigmoid=HSigmoid"),
    "HSwish": _of("hswish=HSwish"),
    "Mish": _of("mish=Mish"),
    "FastGelu": _of("fast_gelu=FastGeLU"),
    "Softsign": _of("softsign=Softsign"),
    "Softmax": _of(softmax=lambda layer: ops.Softmax(layer.axis)),
    "LogSoftmax": _of(log_softmax=lambda layer: ops.LogSoftmax(layer.axis)),
    "GLU": _of(
        "sigmoid=Sigmoid", dim=lambda layer: layer.axis, spilt=lambda layer: ops.Split(layer.axis, 2)
    ),
}  # fmt: skip
_LOSSES = {
    "LossBase": _of("mul=Mul cast=Cast reduce_mean=ReduceMean reduce_sum=ReduceSum"),
    "MAELoss": _of("abs=Abs"),
    "DiceLoss": _of("reshape=Reshape"),
    "CosineEmbeddingLoss": _of("maximum=Maximum"),
    "SmoothL1Loss": _of(smooth_l1_loss=lambda loss: ops.SmoothL1Loss(loss.beta, loss.reduction)),
    "SoftmaxCrossEntropyWithLogits": _ON_OFF | _of(
        "softmax_cross_entropy=SoftmaxCrossEntropyWithLogits one_hot=OneHot "
        "sparse_softmax_cross_entropy=SparseSoftmaxCrossEntropyWithLogits"
    ),
    "FocalLoss": _of(
        "expand_dims=ExpandDims gather_d=GatherD tile=Tile dtype=DType", squeeze=lambda loss: ops.Squeeze(1)
    ),
}  # fmt: skip
_RATES = {
    "WarmUpLR": _of("min=Minimum cast=Cast"),
    "CosineDecayLR": _of(
        "min=Minimum cast=Cast cos=Cos",
        math_pi=lambda rate: math.pi, delta=lambda rate: 0.5 * (rate.max_lr - rate.min_lr),
    ),
    "ExponentialDecayLR": _of("pow=Pow cast=Cast"),
    "NaturalExpDecayLR": _of("pow=Pow cast=Cast", math_e=lambda rate: math.e),
    "InverseDecayLR": _of("cast=Cast"),
    "PolynomialDecayLR": _of(
        "pow=Pow ceil=Ceil min=Minimum max=Maximum",
        start_learning_rate=lambda rate: rate.learning_rate,
        diff_learning_rate=lambda rate: rate.learning_rate - rate.end_learning_rate,
    ),
}  # fmt: skip
_OPTIMIZERS = {"Adam AdamOffload LazyAdam AdaMax": _betas(), "AdamWeightDecay Lamb": _betas(1)}

_TABLE = {
    name: makers
    for table in (_LAYERS, _ACTIVATIONS, _LOSSES, _RATES, _OPTIMIZERS)
    for names, makers in table.items()
    for name in names.split()
}


def _give(cls: type[Cell]) -> None:
    """Give a new class what MindSpore's of that name has."""
    if cls.__module__.startswith("msjax."):
        for name, make in _TABLE.get(cls.__name__, {}).items():
            setattr(cls, name, Kept(make))


registrars.append(_give)
