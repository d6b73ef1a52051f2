"""Networks: Cell, layers, losses, optimizers, learning-rate schedules.

Layers that only pass their fields to a function are made when they are first used (`msjax/nn/layer/rows.py`).
"""

__only_computes__ = True  # see core.effects

from msjax.nn import kept as _kept  # before any class of layers
from msjax.nn.cell import Cell
from msjax.nn.container import CellDict, CellList, SequentialCell
from msjax.nn.grad_reducer import DistributedGradReducer
from msjax.nn.graph_cell import GraphCell
from msjax.nn.layer import mint_convolution as _mint_convolution  # gives `mint.nn` its layers
from msjax.nn.layer.activation import (
    GELU,
    Hardtanh,
    PReLU,
    RReLU,
    Softmax2d,
    get_activation,
)
from msjax.nn.layer.combined import Conv2dBnAct, DenseBnAct
from msjax.nn.layer.convolution import (
    Conv1d,
    Conv1dTranspose,
    Conv2d,
    Conv2dTranspose,
    Conv3d,
    Conv3dTranspose,
)
from msjax.nn.layer.dense import (
    BiDense,
    Dense,
    Dropout,
    Dropout1d,
    Dropout2d,
    Dropout3d,
    Embedding,
    EmbeddingLookup,
)
from msjax.nn.layer.fields import MultiFieldEmbeddingLookup
from msjax.nn.layer.image import MSSSIM, SSIM, CentralCrop
from msjax.nn.layer.matrices import (
    ImageGradients,
    MatrixDiag,
    MatrixDiagPart,
    MatrixSetDiag,
    SparseTensorDenseMatmul,
    SparseToDense,
)
from msjax.nn.layer.mint import Linear
from msjax.nn.layer.normalization import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    GroupNorm,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
    LayerNorm,
    SyncBatchNorm,
)
from msjax.nn.layer.older import (
    PSNR,
    ClipByNorm,
    L1Regularizer,
    LBeta,
    MatMul,
    Moments,
    Norm,
    OneHot,
    Range,
    TimeDistributed,
)
from msjax.nn.layer.pooling import (
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
)
from msjax.nn.layer.recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from msjax.nn.layer.shape import (
    ChannelShuffle,
    ConstantPad1d,
    ConstantPad2d,
    ConstantPad3d,
    Identity,
    Pad,
    ReflectionPad1d,
    ReflectionPad2d,
    ReflectionPad3d,
    ReplicationPad1d,
    ReplicationPad2d,
    ReplicationPad3d,
    Unflatten,
    Unfold,
    ZeroPad2d,
)
from msjax.nn.layer.thor import Conv2dThor, DenseThor, EmbeddingLookupThor, EmbeddingThor
from msjax.nn.layer.transformer import (
    MultiheadAttention,
    Transformer,
    TransformerDecoder,
    TransformerDecoderLayer,
    TransformerEncoder,
    TransformerEncoderLayer,
)
from msjax.nn.loss import (
    CTCLoss,
    DiceLoss,
    FocalLoss,
    KLDivLoss,
    LossBase,
    MultiClassDiceLoss,
    MultiMarginLoss,
    PoissonNLLLoss,
    RMSELoss,
    SoftmaxCrossEntropyWithLogits,
    TripletMarginLoss,
    TripletMarginWithDistanceLoss,
)
from msjax.nn.loss_scale import DynamicLossScaleUpdateCell, FixedLossScaleUpdateCell, TrainOneStepWithLossScaleCell
from msjax.nn.micro_batches import GradAccumulationCell, MicroBatchInterleaved, PipelineCell, PipelineGradReducer
from msjax.nn.optim import (
    ASGD,
    FTRL,
    LARS,
    SGD,
    Adadelta,
    AdaFactor,
    Adagrad,
    Adam,
    AdaMax,
    AdamOffload,
    AdamWeightDecay,
    AdaSumByDeltaWeightWrapCell,
    AdaSumByGradWrapCell,
    Lamb,
    LazyAdam,
    Momentum,
    Optimizer,
    OptTFTWrapper,
    ProximalAdagrad,
    RMSProp,
    Rprop,
    thor,
)
from msjax.nn.sampled_loss import SampledSoftmaxLoss
from msjax.nn.schedule import (
    CosineDecayLR,
    ExponentialDecayLR,
    InverseDecayLR,
    LearningRateSchedule,
    NaturalExpDecayLR,
    PolynomialDecayLR,
    WarmUpLR,
    cosine_decay_lr,
    exponential_decay_lr,
    inverse_decay_lr,
    natural_exp_decay_lr,
    piecewise_constant_lr,
    polynomial_decay_lr,
    warmup_lr,
)
from msjax.nn.wrap import (
    ForwardValueAndGrad,
    Jvp,
    ParameterUpdate,
    TrainOneStepCell,
    Vjp,
    WithEvalCell,
    WithGradCell,
    WithLossCell,
)
from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__, "probability")
