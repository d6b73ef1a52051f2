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
from msjax.nn.layer.mint import _Dropout
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
from msjax.nn.layer.pooling import AvgPool1d as AvgPool1d
from msjax.nn.layer.pooling import AvgPool2d as AvgPool2d
from msjax.nn.layer.pooling import AvgPool3d as AvgPool3d
from msjax.nn.layer.pooling import MaxPool1d as MaxPool1d
from msjax.nn.layer.pooling import MaxPool2d as MaxPool2d
from msjax.nn.layer.pooling import MaxPool3d as MaxPool3d
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
from msjax.nn.layer.shape import Identity as Identity
from msjax.nn.layer.shape import Pad as Pad
from msjax.nn.layer.shape import ReflectionPad1d as ReflectionPad1d
from msjax.nn.layer.shape import ReflectionPad2d as ReflectionPad2d
from msjax.nn.layer.shape import ReflectionPad3d as ReflectionPad3d
from msjax.nn.layer.shape import ReplicationPad1d as ReplicationPad1d
from msjax.nn.layer.shape import ReplicationPad2d as ReplicationPad2d
from msjax.nn.layer.shape import ReplicationPad3d as ReplicationPad3d
from msjax.nn.layer.shape import Unflatten as Unflatten
from msjax.nn.layer.shape import Unfold as Unfold
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

class Linear(Cell):
    """x @ weight.T + bias, of sizes `in_features` to `out_features`; initialized as `nn.Dense`."""
    def __init__(self, in_features: Any, out_features: Any, bias: Any = True, weight_init: Any = None, bias_init: Any = None, dtype: Any = None) -> None: ...
    def construct(self, x: Any) -> Any:
        """What this Cell computes; to be defined by a subclass."""
        ...
class AdaptiveAvgPool1d(Cell):
    """The means of as many regions of the last axis as `output_size` says; None keeps an axis."""
    def __init__(self, output_size: Any) -> None: ...
    def construct(self, input: Any) -> Any: ...
class AdaptiveAvgPool2d(Cell):
    """The means of as many regions of the last 2 axes as `output_size` says; None keeps an axis."""
    def __init__(self, output_size: Any) -> None: ...
    def construct(self, input: Any) -> Any: ...
class AdaptiveAvgPool3d(Cell):
    """The means of as many regions of the last 3 axes as `output_size` says; None keeps an axis."""
    def __init__(self, output_size: Any) -> None: ...
    def construct(self, input: Any) -> Any: ...
class AdaptiveMaxPool1d(Cell):
    """The maxima of as many regions of the last axis as `output_size` says, and where they are if asked."""
    def __init__(self, output_size: Any) -> None: ...
    def construct(self, x: Any) -> Any: ...
class AdaptiveMaxPool2d(Cell):
    """The maxima of as many regions of the last 2 axes as `output_size` says, and where they are if asked."""
    def __init__(self, output_size: Any, return_indices: Any = False) -> None: ...
    def construct(self, input: Any) -> Any: ...
class AdaptiveMaxPool3d(Cell):
    """The maxima of as many regions of the last 3 axes as `output_size` says, and where they are if asked."""
    def __init__(self, output_size: Any, return_indices: Any = False) -> None: ...
    def construct(self, input: Any) -> Any: ...
class AvgPool2dExt(Cell):
    """The mean of each window over the last 2 axes."""
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: Any = False, count_include_pad: Any = True, divisor_override: Any = None) -> None: ...
    def construct(self, input: Any) -> Any: ...
class AvgPool3dExt(Cell):
    """The mean of each window over the last 3 axes."""
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: Any = False, count_include_pad: Any = True, divisor_override: Any = None) -> None: ...
    def construct(self, input: Any) -> Any: ...
class CELU(Cell):
    """x where positive, else alpha * (exp(x / alpha) - 1)."""
    def __init__(self, alpha: Any = 1.0) -> None: ...
    def construct(self, x: Any) -> Any: ...
class DiGamma(Cell):
    """The derivative of the logarithm of the gamma function."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Dropout2dExt(_Dropout):
    """`mint.nn.functional.dropout2d` in training, else the input itself."""
class DropoutExt(_Dropout):
    """`mint.nn.functional.dropout` in training, else the input itself."""
class ELU(Cell):
    """x where positive, else alpha * (exp(x) - 1)."""
    def __init__(self, alpha: Any = 1.0) -> None: ...
    def construct(self, x: Any) -> Any: ...
class EmbeddingExt(Cell):
    """The layer of `mint.nn.functional.embedding`, with a table drawn from the normal distribution."""
    def __init__(self, num_embeddings: Any, embedding_dim: Any, padding_idx: Any = None, max_norm: Any = None, norm_type: Any = 2.0, scale_grad_by_freq: Any = False, sparse: Any = False, _weight: Any = None, _freeze: Any = False, dtype: Any = None) -> None: ...
    def construct(self, input: Any) -> Any:
        """What this Cell computes; to be defined by a subclass."""
        ...
class FastGelu(Cell):
    """An approximation of gelu by the sigmoid."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Flatten(Cell):
    """Axes `start_dim` to `end_dim` made one, in row-major ("C") or column-major ("F") order."""
    def __init__(self, start_dim: Any = 1, end_dim: Any = -1) -> None: ...
    def construct(self, x: Any) -> Any: ...
class GLU(Cell):
    """The first half along `axis`, times the sigmoid of the second."""
    def __init__(self, axis: Any = -1) -> None: ...
    def construct(self, x: Any) -> Any: ...
class HShrink(Cell):
    """input where |input| > lambd, else 0."""
    def __init__(self, lambd: Any = 0.5) -> None: ...
    def construct(self, input: Any) -> Any: ...
class HSigmoid(Cell):
    """relu6(input + 3) / 6 of each element."""
    def __init__(self) -> None: ...
    def construct(self, input: Any) -> Any: ...
class HSwish(Cell):
    """input * relu6(input + 3) / 6 of each element."""
    def __init__(self) -> None: ...
    def construct(self, input: Any) -> Any: ...
class IGamma(Cell):
    """The regularized lower incomplete gamma function."""
    def __init__(self) -> None: ...
    def construct(self, a: Any, x: Any) -> Any: ...
class L1LossExt(Cell):
    """|input - target|, broadcast; where they are equal the derivative is 0."""
    def __init__(self, reduction: Any = 'mean') -> None: ...
    def construct(self, input: Any, target: Any) -> Any: ...
class LGamma(Cell):
    """The logarithm of the absolute value of the gamma function."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class LPPool1d(Cell):
    """The p-norm of each window, without absolute values: (sum of x ** p) ** (1 / p)."""
    def __init__(self, norm_type: Any, kernel_size: Any, stride: Any = None, ceil_mode: Any = False) -> None: ...
    def construct(self, x: Any) -> Any: ...
class LPPool2d(Cell):
    """The p-norm of each window, without absolute values: (sum of x ** p) ** (1 / p)."""
    def __init__(self, norm_type: Any, kernel_size: Any, stride: Any = None, ceil_mode: Any = False) -> None: ...
    def construct(self, x: Any) -> Any: ...
class LRN(Cell):
    """input_x / (bias + alpha * sum of squares over channels at most `depth_radius` away) ** beta."""
    def __init__(self, depth_radius: Any = 5, bias: Any = 1.0, alpha: Any = 1.0, beta: Any = 0.5, norm_region: Any = 'ACROSS_CHANNELS') -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class LayerNormExt(Cell):
    """The layer of `mint.nn.functional.layer_norm`."""
    def __init__(self, normalized_shape: Any, eps: Any = 1e-05, elementwise_affine: Any = True, bias: Any = True, dtype: Any = None) -> None: ...
    def construct(self, input: Any) -> Any:
        """What this Cell computes; to be defined by a subclass."""
        ...
class LeakyReLU(Cell):
    """x where positive, else alpha * x; at 0 the derivative is the mean of both slopes."""
    def __init__(self, alpha: Any = 0.2) -> None: ...
    def construct(self, x: Any) -> Any: ...
class LogSigmoid(Cell):
    """log(1 / (1 + exp(-input_x))) of each element."""
    def __init__(self) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class LogSoftmax(Cell):
    """The logarithm of softmax along `axis`."""
    def __init__(self, axis: Any = -1) -> None: ...
    def construct(self, x: Any) -> Any: ...
class LogSoftmaxExt(Cell):
    """The logarithm of softmax along `dim`; by default axis 0 of 1 or 3 axes, else axis 1."""
    def __init__(self, dim: Any = None) -> None: ...
    def construct(self, x: Any) -> Any: ...
class MatDet(Cell):
    """The determinants of square matrices."""
    def __init__(self) -> None: ...
    def construct(self, a: Any) -> Any: ...
class MatInverse(Cell):
    """The inverses of square matrices (or of their adjoints)."""
    def __init__(self) -> None: ...
    def construct(self, a: Any) -> Any: ...
class MaxUnpool1d(Cell):
    """The inverse of max_pool1d: zeros, with the maxima back at their `indices`."""
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None: ...
    def construct(self, x: Any, indices: Any, output_size: Any = None) -> Any: ...
class MaxUnpool2d(Cell):
    """The inverse of max_pool2d: zeros, with the maxima back at their `indices`."""
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None: ...
    def construct(self, x: Any, indices: Any, output_size: Any = None) -> Any: ...
class MaxUnpool3d(Cell):
    """The inverse of max_pool3d: zeros, with the maxima back at their `indices`."""
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None: ...
    def construct(self, x: Any, indices: Any, output_size: Any = None) -> Any: ...
class Mish(Cell):
    """input_x * tanh(log(1 + exp(input_x))) of each element."""
    def __init__(self) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class PReLUExt(Cell):
    """The layer of `mint.nn.functional.prelu`, with `num_parameters` slopes that start as `init`."""
    def __init__(self, num_parameters: Any = 1, init: Any = 0.25, dtype: Any = None) -> None: ...
    def construct(self, input: Any) -> Any:
        """What this Cell computes; to be defined by a subclass."""
        ...
class PixelShuffle(Cell):
    """(..., C * r * r, H, W) to (..., C, H * r, W * r)."""
    def __init__(self, upscale_factor: Any) -> None: ...
    def construct(self, input: Any) -> Any: ...
class PixelUnshuffle(Cell):
    """(..., C, H * r, W * r) to (..., C * r * r, H, W)."""
    def __init__(self, downscale_factor: Any) -> None: ...
    def construct(self, input: Any) -> Any: ...
class ReLU(Cell):
    """max(input, 0) of each element; at 0 the derivative is 0."""
    def __init__(self) -> None: ...
    def construct(self, input: Any) -> Any: ...
class ReLU6(Cell):
    """max(x, 0) of each element, at most 6."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class ReduceLogSumExp(Cell):
    """log(sum(exp(input))) over `axis`, without overflow."""
    def __init__(self, axis: Any, keep_dims: Any = False) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Roll(Cell):
    """Moved along axes, what leaves at the end coming in at the beginning; flattened first if no axis is given."""
    def __init__(self, shift: Any, axis: Any) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class SeLU(Cell):
    """A scaled elu: scale * input_x where positive, else scale * alpha * (exp(input_x) - 1), with constants."""
    def __init__(self) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class SiLU(Cell):
    """x * sigmoid(x) of each element."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Sigmoid(Cell):
    """1 / (1 + exp(-x)) of each element."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class SoftShrink(Cell):
    """input moved towards 0 by lambd, and 0 between."""
    def __init__(self, lambd: Any = 0.5) -> None: ...
    def construct(self, input: Any) -> Any: ...
class Softmax(Cell):
    """exp(input), divided by its sum along `axis`."""
    def __init__(self, axis: Any = -1) -> None: ...
    def construct(self, input: Any) -> Any: ...
class Softmin(Cell):
    """softmax of -x."""
    def __init__(self, axis: Any = -1) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Softsign(Cell):
    """x / (1 + |x|) of each element."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Tanh(Cell):
    """The hyperbolic tangent of each element."""
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Any: ...
class Threshold(Cell):
    """input_x where above `threshold`, else `value`."""
    def __init__(self, threshold: Any, value: Any) -> None: ...
    def construct(self, input_x: Any) -> Any: ...
class Tril(Cell):
    """The elements on or below a diagonal; the others are 0."""
    def __init__(self) -> None: ...
    def construct(self, x: Any, k: Any = 0) -> Any: ...
class Triu(Cell):
    """The elements on or above a diagonal; the others are 0."""
    def __init__(self) -> None: ...
    def construct(self, x: Any, k: Any = 0) -> Any: ...
class Upsample(Cell):
    """Resize all axes but the first two."""
    def __init__(self, size: Any = None, scale_factor: Any = None, mode: Any = 'nearest', align_corners: Any = None, recompute_scale_factor: Any = None) -> None: ...
    def construct(self, x: Any) -> Any: ...
