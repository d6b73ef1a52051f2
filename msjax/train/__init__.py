"""Training: Model, callbacks, metrics, checkpoints, mixed precision, scales of the loss."""

from msjax.core.names import unknown_name
from msjax.train.callback import (
    Callback,
    History,
    LambdaCallback,
    LearningRateScheduler,
    LossMonitor,
    RunContext,
    TimeMonitor,
)
from msjax.train.checkpoint import (
    async_ckpt_thread_status,
    load_checkpoint,
    load_checkpoint_async,
    save_checkpoint,
)
from msjax.train.conversion import ckpt_to_safetensors, safetensors_to_ckpt
from msjax.train.export import export, load
from msjax.train.loading import load_param_into_net
from msjax.train.loss_scale import DynamicLossScaleManager, FixedLossScaleManager, LossScaleManager
from msjax.train.metrics import (
    F1,
    MAE,
    MSE,
    Accuracy,
    Fbeta,
    Loss,
    Metric,
    Perplexity,
    Precision,
    Recall,
    Top1CategoricalAccuracy,
    Top5CategoricalAccuracy,
    TopKCategoricalAccuracy,
    get_metric_fn,
    names,
    rearrange_inputs,
)
from msjax.train.mixed_precision import build_train_network
from msjax.train.model import Model
from msjax.train.model_checkpoint import CheckpointConfig, ModelCheckpoint
from msjax.train.plateau import EarlyStopping, ReduceLROnPlateau

__getattr__ = unknown_name(__name__)
