"""Training: Model, callbacks, metrics, checkpoints, mixed precision, scales of the loss."""

from msjax.core.names import unknown_name
from msjax.train.callback import (
    BackupAndRestore,
    Callback,
    CheckpointConfig,
    EarlyStopping,
    FlopsUtilizationCollector,
    History,
    LambdaCallback,
    LearningRateScheduler,
    LossMonitor,
    ModelCheckpoint,
    OnRequestExit,
    Progress,
    ReduceLROnPlateau,
    RunContext,
    SummaryCollector,
    TimeMonitor,
    TrainFaultTolerance,
)
from msjax.train.checkpoint import (
    async_ckpt_thread_status,
    ckpt_to_safetensors,
    load_checkpoint,
    load_checkpoint_async,
    load_param_into_net,
    safetensors_to_ckpt,
    save_checkpoint,
)
from msjax.train.curves import draw_curves
from msjax.train.export import export, load
from msjax.train.helper import DatasetHelper, connect_network_with_dataset
from msjax.train.loss_scale import DynamicLossScaleManager, FixedLossScaleManager, LossScaleManager
from msjax.train.metrics import (
    F1,
    MAE,
    MSE,
    ROC,
    Accuracy,
    BleuScore,
    ConfusionMatrix,
    ConfusionMatrixMetric,
    CosineSimilarity,
    Dice,
    Fbeta,
    HausdorffDistance,
    Loss,
    MeanSurfaceDistance,
    Metric,
    OcclusionSensitivity,
    Perplexity,
    Precision,
    Recall,
    RootMeanSquareDistance,
    Top1CategoricalAccuracy,
    Top5CategoricalAccuracy,
    TopKCategoricalAccuracy,
    auc,
    get_metric_fn,
    names,
    rearrange_inputs,
)
from msjax.train.mixed_precision import build_train_network
from msjax.train.model import Model
from msjax.train.refused import (
    SummaryLandscape,
    export_split_mindir,
    load_mindir,
    load_obf_params_into_net,
    obfuscate_ckpt,
    save_mindir,
)
from msjax.train.sink import data_sink
from msjax.train.summary import SummaryRecord
from msjax.train.thor import ConvertModelUtils, ConvertNetUtils

__getattr__ = unknown_name(__name__)
