# Made by scripts/make_stubs.py.
"""Networks: Cell, layers, losses, optimizers, learning-rate schedules."""

from msjax.nn import optim as optim
from msjax.nn.cell import Cell as Cell
from msjax.nn.container import CellDict as CellDict
from msjax.nn.container import CellList as CellList
from msjax.nn.container import SequentialCell as SequentialCell
from msjax.nn.grad_reducer import DistributedGradReducer as DistributedGradReducer
from msjax.nn.graph_cell import GraphCell as GraphCell
from msjax.nn.layer.activation import GELU as GELU
from msjax.nn.layer.activation import Hardtanh as Hardtanh
from msjax.nn.layer.activation import PReLU as PReLU
from msjax.nn.layer.activation import RReLU as RReLU
from msjax.nn.layer.activation import Softmax2d as Softmax2d
from msjax.nn.layer.activation import Tanhshrink as Tanhshrink
from msjax.nn.layer.activation import get_activation as get_activation
from msjax.nn.layer.combined import Conv2dBnAct as Conv2dBnAct
from msjax.nn.layer.combined import DenseBnAct as DenseBnAct
from msjax.nn.layer.convolution import Conv1d as Conv1d
from msjax.nn.layer.convolution import Conv1dTranspose as Conv1dTranspose
from msjax.nn.layer.convolution import Conv2d as Conv2d
from msjax.nn.layer.convolution import Conv2dTranspose as Conv2dTranspose
from msjax.nn.layer.convolution import Conv3d as Conv3d
from msjax.nn.layer.convolution import Conv3dTranspose as Conv3dTranspose
from msjax.nn.layer.dense import BiDense as BiDense
from msjax.nn.layer.dense import Dense as Dense
from msjax.nn.layer.dense import Dropout as Dropout
from msjax.nn.layer.dense import Dropout1d as Dropout1d
from msjax.nn.layer.dense import Dropout2d as Dropout2d
from msjax.nn.layer.dense import Dropout3d as Dropout3d
from msjax.nn.layer.dense import Embedding as Embedding
from msjax.nn.layer.dense import EmbeddingLookup as EmbeddingLookup
from msjax.nn.layer.normalization import BatchNorm1d as BatchNorm1d
from msjax.nn.layer.normalization import BatchNorm2d as BatchNorm2d
from msjax.nn.layer.normalization import BatchNorm3d as BatchNorm3d
from msjax.nn.layer.normalization import GroupNorm as GroupNorm
from msjax.nn.layer.normalization import InstanceNorm1d as InstanceNorm1d
from msjax.nn.layer.normalization import InstanceNorm2d as InstanceNorm2d
from msjax.nn.layer.normalization import InstanceNorm3d as InstanceNorm3d
from msjax.nn.layer.normalization import LayerNorm as LayerNorm
from msjax.nn.layer.normalization import SyncBatchNorm as SyncBatchNorm
from msjax.nn.layer.older import ClipByNorm as ClipByNorm
from msjax.nn.layer.older import L1Regularizer as L1Regularizer
from msjax.nn.layer.older import LBeta as LBeta
from msjax.nn.layer.older import MatMul as MatMul
from msjax.nn.layer.older import Moments as Moments
from msjax.nn.layer.older import Norm as Norm
from msjax.nn.layer.older import OneHot as OneHot
from msjax.nn.layer.older import PSNR as PSNR
from msjax.nn.layer.older import Range as Range
from msjax.nn.layer.older import TimeDistributed as TimeDistributed
from msjax.nn.layer.older import Tril as Tril
from msjax.nn.layer.older import Triu as Triu
from msjax.nn.layer.pooling import AdaptiveAvgPool1d as AdaptiveAvgPool1d
from msjax.nn.layer.pooling import AdaptiveAvgPool2d as AdaptiveAvgPool2d
from msjax.nn.layer.pooling import AdaptiveAvgPool3d as AdaptiveAvgPool3d
from msjax.nn.layer.pooling import AdaptiveMaxPool1d as AdaptiveMaxPool1d
from msjax.nn.layer.pooling import AdaptiveMaxPool2d as AdaptiveMaxPool2d
from msjax.nn.layer.pooling import AdaptiveMaxPool3d as AdaptiveMaxPool3d
from msjax.nn.layer.pooling import AvgPool1d as AvgPool1d
from msjax.nn.layer.pooling import AvgPool2d as AvgPool2d
from msjax.nn.layer.pooling import AvgPool3d as AvgPool3d
from msjax.nn.layer.pooling import LPPool1d as LPPool1d
from msjax.nn.layer.pooling import LPPool2d as LPPool2d
from msjax.nn.layer.pooling import MaxPool1d as MaxPool1d
from msjax.nn.layer.pooling import MaxPool2d as MaxPool2d
from msjax.nn.layer.pooling import MaxPool3d as MaxPool3d
from msjax.nn.layer.pooling import MaxUnpool1d as MaxUnpool1d
from msjax.nn.layer.pooling import MaxUnpool2d as MaxUnpool2d
from msjax.nn.layer.pooling import MaxUnpool3d as MaxUnpool3d
from msjax.nn.layer.recurrent import GRU as GRU
from msjax.nn.layer.recurrent import GRUCell as GRUCell
from msjax.nn.layer.recurrent import LSTM as LSTM
from msjax.nn.layer.recurrent import LSTMCell as LSTMCell
from msjax.nn.layer.recurrent import RNN as RNN
from msjax.nn.layer.recurrent import RNNCell as RNNCell
from msjax.nn.layer.shape import ChannelShuffle as ChannelShuffle
from msjax.nn.layer.shape import ConstantPad1d as ConstantPad1d
from msjax.nn.layer.shape import ConstantPad2d as ConstantPad2d
from msjax.nn.layer.shape import ConstantPad3d as ConstantPad3d
from msjax.nn.layer.shape import Flatten as Flatten
from msjax.nn.layer.shape import Identity as Identity
from msjax.nn.layer.shape import Pad as Pad
from msjax.nn.layer.shape import PixelShuffle as PixelShuffle
from msjax.nn.layer.shape import PixelUnshuffle as PixelUnshuffle
from msjax.nn.layer.shape import ReflectionPad1d as ReflectionPad1d
from msjax.nn.layer.shape import ReflectionPad2d as ReflectionPad2d
from msjax.nn.layer.shape import ReflectionPad3d as ReflectionPad3d
from msjax.nn.layer.shape import ReplicationPad1d as ReplicationPad1d
from msjax.nn.layer.shape import ReplicationPad2d as ReplicationPad2d
from msjax.nn.layer.shape import ReplicationPad3d as ReplicationPad3d
from msjax.nn.layer.shape import Unflatten as Unflatten
from msjax.nn.layer.shape import Unfold as Unfold
from msjax.nn.layer.shape import Upsample as Upsample
from msjax.nn.layer.shape import ZeroPad2d as ZeroPad2d
from msjax.nn.layer.transformer import MultiheadAttention as MultiheadAttention
from msjax.nn.layer.transformer import Transformer as Transformer
from msjax.nn.layer.transformer import TransformerDecoder as TransformerDecoder
from msjax.nn.layer.transformer import TransformerDecoderLayer as TransformerDecoderLayer
from msjax.nn.layer.transformer import TransformerEncoder as TransformerEncoder
from msjax.nn.layer.transformer import TransformerEncoderLayer as TransformerEncoderLayer
from msjax.nn.loss import BCELoss as BCELoss
from msjax.nn.loss import BCEWithLogitsLoss as BCEWithLogitsLoss
from msjax.nn.loss import CosineEmbeddingLoss as CosineEmbeddingLoss
from msjax.nn.loss import CrossEntropyLoss as CrossEntropyLoss
from msjax.nn.loss import DiceLoss as DiceLoss
from msjax.nn.loss import FocalLoss as FocalLoss
from msjax.nn.loss import GaussianNLLLoss as GaussianNLLLoss
from msjax.nn.loss import HingeEmbeddingLoss as HingeEmbeddingLoss
from msjax.nn.loss import HuberLoss as HuberLoss
from msjax.nn.loss import KLDivLoss as KLDivLoss
from msjax.nn.loss import L1Loss as L1Loss
from msjax.nn.loss import LossBase as LossBase
from msjax.nn.loss import MAELoss as MAELoss
from msjax.nn.loss import MSELoss as MSELoss
from msjax.nn.loss import MarginRankingLoss as MarginRankingLoss
from msjax.nn.loss import MultiClassDiceLoss as MultiClassDiceLoss
from msjax.nn.loss import MultiLabelSoftMarginLoss as MultiLabelSoftMarginLoss
from msjax.nn.loss import MultiMarginLoss as MultiMarginLoss
from msjax.nn.loss import MultilabelMarginLoss as MultilabelMarginLoss
from msjax.nn.loss import NLLLoss as NLLLoss
from msjax.nn.loss import PoissonNLLLoss as PoissonNLLLoss
from msjax.nn.loss import RMSELoss as RMSELoss
from msjax.nn.loss import SmoothL1Loss as SmoothL1Loss
from msjax.nn.loss import SoftMarginLoss as SoftMarginLoss
from msjax.nn.loss import SoftmaxCrossEntropyWithLogits as SoftmaxCrossEntropyWithLogits
from msjax.nn.loss import TripletMarginLoss as TripletMarginLoss
from msjax.nn.loss_scale import DynamicLossScaleUpdateCell as DynamicLossScaleUpdateCell
from msjax.nn.loss_scale import FixedLossScaleUpdateCell as FixedLossScaleUpdateCell
from msjax.nn.loss_scale import TrainOneStepWithLossScaleCell as TrainOneStepWithLossScaleCell
from msjax.nn.optim import ASGD as ASGD
from msjax.nn.optim import AdaFactor as AdaFactor
from msjax.nn.optim import AdaMax as AdaMax
from msjax.nn.optim import AdaSumByDeltaWeightWrapCell as AdaSumByDeltaWeightWrapCell
from msjax.nn.optim import AdaSumByGradWrapCell as AdaSumByGradWrapCell
from msjax.nn.optim import Adadelta as Adadelta
from msjax.nn.optim import Adagrad as Adagrad
from msjax.nn.optim import Adam as Adam
from msjax.nn.optim import AdamOffload as AdamOffload
from msjax.nn.optim import AdamWeightDecay as AdamWeightDecay
from msjax.nn.optim import FTRL as FTRL
from msjax.nn.optim import LARS as LARS
from msjax.nn.optim import Lamb as Lamb
from msjax.nn.optim import LazyAdam as LazyAdam
from msjax.nn.optim import Momentum as Momentum
from msjax.nn.optim import OptTFTWrapper as OptTFTWrapper
from msjax.nn.optim import Optimizer as Optimizer
from msjax.nn.optim import ProximalAdagrad as ProximalAdagrad
from msjax.nn.optim import RMSProp as RMSProp
from msjax.nn.optim import Rprop as Rprop
from msjax.nn.optim import SGD as SGD
from msjax.nn.schedule import CosineDecayLR as CosineDecayLR
from msjax.nn.schedule import ExponentialDecayLR as ExponentialDecayLR
from msjax.nn.schedule import InverseDecayLR as InverseDecayLR
from msjax.nn.schedule import LearningRateSchedule as LearningRateSchedule
from msjax.nn.schedule import NaturalExpDecayLR as NaturalExpDecayLR
from msjax.nn.schedule import PolynomialDecayLR as PolynomialDecayLR
from msjax.nn.schedule import WarmUpLR as WarmUpLR
from msjax.nn.schedule import cosine_decay_lr as cosine_decay_lr
from msjax.nn.schedule import exponential_decay_lr as exponential_decay_lr
from msjax.nn.schedule import inverse_decay_lr as inverse_decay_lr
from msjax.nn.schedule import natural_exp_decay_lr as natural_exp_decay_lr
from msjax.nn.schedule import piecewise_constant_lr as piecewise_constant_lr
from msjax.nn.schedule import polynomial_decay_lr as polynomial_decay_lr
from msjax.nn.schedule import warmup_lr as warmup_lr
from msjax.nn.wrap import ForwardValueAndGrad as ForwardValueAndGrad
from msjax.nn.wrap import Jvp as Jvp
from msjax.nn.wrap import ParameterUpdate as ParameterUpdate
from msjax.nn.wrap import TrainOneStepCell as TrainOneStepCell
from msjax.nn.wrap import Vjp as Vjp
from msjax.nn.wrap import WithEvalCell as WithEvalCell
from msjax.nn.wrap import WithGradCell as WithGradCell
from msjax.nn.wrap import WithLossCell as WithLossCell
from typing import Any

class CELU(Cell):
    """The layer of `ops.celu`."""
    def __init__(self, alpha: Any = 1.0) -> None: ...
    def construct(self, x: Any) -> Any: ...
class ELU(Cell):
    """The layer of `ops.elu`."""
    def __init__(self, alpha: Any = 1.0) -> None: ...
    def construct(self, x: Any) -> Any: ...
class GLU(Cell):
    """The layer of `ops.glu`."""
    def __init__(self, axis: Any = -1) -> None: ...
    def construct(self, x: Any) -> Any: ...
class LRN(Cell):
    """The layer of `ops.lrn`."""
    def __init__(self, depth_radius: Any = 5, bias: Any = 1.0, alpha: Any = 1.0, beta: Any = 0.5, norm_region: Any = 'ACROSS_CHANNELS') -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class FastGelu(Cell):
    """The layer of `ops.fast_gelu`."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class HShrink(Cell):
    """The layer of `ops.hardshrink`."""
    def __init__(self, lambd: Any = 0.5) -> None: ...
    def construct(self, input: Any) -> Any: ...
class HSigmoid(Cell):
    """The layer of `ops.hardsigmoid`."""
    def __init__(self) -> None: ...
    def construct(self, input: Any) -> Any: ...
class HSwish(Cell):
    """The layer of `ops.hardswish`."""
    def __init__(self) -> None: ...
    def construct(self, input: Any) -> Any: ...
class LeakyReLU(Cell):
    """The layer of `ops.leaky_relu`."""
    def __init__(self, alpha: Any = 0.2) -> None: ...
    def construct(self, x: Any) -> Any: ...
class LogSigmoid(Cell):
    """The layer of `ops.logsigmoid`."""
    def __init__(self) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class LogSoftmax(Cell):
    """The layer of `ops.log_softmax`."""
    def __init__(self, axis: Any = -1) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Mish(Cell):
    """The layer of `ops.mish`."""
    def __init__(self) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class ReLU(Cell):
    """The layer of `ops.relu`."""
    def __init__(self) -> None: ...
    def construct(self, input: Any) -> Any: ...
class ReLU6(Cell):
    """The layer of `ops.relu6`."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class SeLU(Cell):
    """The layer of `ops.selu`."""
    def __init__(self) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class Sigmoid(Cell):
    """The layer of `ops.sigmoid`."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class SiLU(Cell):
    """The layer of `ops.silu`."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Softmax(Cell):
    """The layer of `ops.softmax`."""
    def __init__(self, axis: Any = -1) -> None: ...
    def construct(self, input: Any) -> Any: ...
class Softmin(Cell):
    """The layer of `ops.softmin`."""
    def __init__(self, axis: Any = -1) -> None: ...
    def construct(self, x: Any) -> Any: ...
class SoftShrink(Cell):
    """The layer of `ops.softshrink`."""
    def __init__(self, lambd: Any = 0.5) -> None: ...
    def construct(self, input: Any) -> Any: ...
class Softsign(Cell):
    """The layer of `ops.softsign`."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Tanh(Cell):
    """The layer of `ops.tanh`."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Threshold(Cell):
    """The layer of `ops.threshold`."""
    def __init__(self, threshold: Any, value: Any) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class AvgPool2dExt(Cell):
    """The layer of `mint.nn.functional.avg_pool2d`."""
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: Any = False, count_include_pad: Any = True, divisor_override: Any = None) -> None: ...
    def construct(self, input: Any) -> Any: ...
class AvgPool3dExt(Cell):
    """The layer of `mint.nn.functional.avg_pool3d`."""
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: Any = False, count_include_pad: Any = True, divisor_override: Any = None) -> None: ...
    def construct(self, input: Any) -> Any: ...
class Dropout2dExt(Cell):
    """The layer of `mint.nn.functional.dropout2d`."""
    def __init__(self, p: Any = 0.5, inplace: Any = False) -> None: ...
    def construct(self, input: Any) -> Any: ...
class DropoutExt(Cell):
    """The layer of `mint.nn.functional.dropout`."""
    def __init__(self, p: Any = 0.5, inplace: Any = False) -> None: ...
    def construct(self, input: Any) -> Any: ...
class EmbeddingExt(Cell):
    """The layer of `mint.nn.functional.embedding`, with a table drawn from the normal distribution."""
    def __init__(self, num_embeddings: Any, embedding_dim: Any, padding_idx: Any = None, max_norm: Any = None, norm_type: Any = 2.0, scale_grad_by_freq: Any = False, sparse: Any = False, _weight: Any = None, _freeze: Any = False, dtype: Any = None) -> None: ...
    def construct(self, input: Any) -> Any:
        """What this Cell computes; to be defined by a subclass."""
        ...
class L1LossExt(Cell):
    """The layer of `mint.nn.functional.l1_loss`."""
    def __init__(self, reduction: Any = 'mean') -> None: ...
    def construct(self, input: Any, target: Any) -> Any: ...
class LayerNormExt(Cell):
    """The layer of `mint.nn.functional.layer_norm`."""
    def __init__(self, normalized_shape: Any, eps: Any = 1e-05, elementwise_affine: Any = True, bias: Any = True, dtype: Any = None) -> None: ...
    def construct(self, input: Any) -> Any:
        """What this Cell computes; to be defined by a subclass."""
        ...
class Linear(Cell):
    """x @ weight.T + bias, of sizes `in_features` to `out_features`; initialized as `nn.Dense`."""
    def __init__(self, in_features: Any, out_features: Any, bias: Any = True, weight_init: Any = None, bias_init: Any = None, dtype: Any = None) -> None: ...
    def construct(self, x: Any) -> Any:
        """What this Cell computes; to be defined by a subclass."""
        ...
class LogSoftmaxExt(Cell):
    """The layer of `mint.nn.functional.log_softmax`."""
    def __init__(self, dim: Any = None) -> None: ...
    def construct(self, x: Any) -> Any: ...
class PReLUExt(Cell):
    """The layer of `mint.nn.functional.prelu`, with `num_parameters` slopes that start as `init`."""
    def __init__(self, num_parameters: Any = 1, init: Any = 0.25, dtype: Any = None) -> None: ...
    def construct(self, input: Any) -> Any:
        """What this Cell computes; to be defined by a subclass."""
        ...
class DiGamma(Cell):
    """The layer of `ops.digamma`."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class IGamma(Cell):
    """The layer of `ops.igamma`."""
    def __init__(self) -> None: ...
    def construct(self, a: Any, x: Any) -> Any: ...
class LGamma(Cell):
    """The layer of `ops.lgamma`."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class MatDet(Cell):
    """The layer of `ops.det`."""
    def __init__(self) -> None: ...
    def construct(self, a: Any) -> Any: ...
class MatInverse(Cell):
    """The layer of `ops.inverse`."""
    def __init__(self) -> None: ...
    def construct(self, a: Any) -> Any: ...
class ReduceLogSumExp(Cell):
    """The layer of `ops.logsumexp`."""
    def __init__(self, axis: Any, keep_dims: Any = False) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Roll(Cell):
    """The layer of `ops.roll`."""
    def __init__(self, shift: Any, axis: Any) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
