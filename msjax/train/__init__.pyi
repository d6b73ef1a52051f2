# Made by scripts/make_stubs.py.
"""Training: Model, callbacks, metrics, checkpoints, mixed precision, scales of the loss."""

from msjax.train.callback import Callback as Callback
from msjax.train.callback import CheckpointConfig as CheckpointConfig
from msjax.train.callback import EarlyStopping as EarlyStopping
from msjax.train.callback import History as History
from msjax.train.callback import LambdaCallback as LambdaCallback
from msjax.train.callback import LearningRateScheduler as LearningRateScheduler
from msjax.train.callback import LossMonitor as LossMonitor
from msjax.train.callback import ModelCheckpoint as ModelCheckpoint
from msjax.train.callback import ReduceLROnPlateau as ReduceLROnPlateau
from msjax.train.callback import RunContext as RunContext
from msjax.train.callback import TimeMonitor as TimeMonitor
from msjax.train.checkpoint import async_ckpt_thread_status as async_ckpt_thread_status
from msjax.train.checkpoint import ckpt_to_safetensors as ckpt_to_safetensors
from msjax.train.checkpoint import load_checkpoint as load_checkpoint
from msjax.train.checkpoint import load_checkpoint_async as load_checkpoint_async
from msjax.train.checkpoint import load_param_into_net as load_param_into_net
from msjax.train.checkpoint import safetensors_to_ckpt as safetensors_to_ckpt
from msjax.train.checkpoint import save_checkpoint as save_checkpoint
from msjax.train.export import export as export
from msjax.train.export import load as load
from msjax.train.helper import DatasetHelper as DatasetHelper
from msjax.train.helper import connect_network_with_dataset as connect_network_with_dataset
from msjax.train.loss_scale import DynamicLossScaleManager as DynamicLossScaleManager
from msjax.train.loss_scale import FixedLossScaleManager as FixedLossScaleManager
from msjax.train.loss_scale import LossScaleManager as LossScaleManager
from msjax.train.metrics import Accuracy as Accuracy
from msjax.train.metrics import F1 as F1
from msjax.train.metrics import Fbeta as Fbeta
from msjax.train.metrics import Loss as Loss
from msjax.train.metrics import MAE as MAE
from msjax.train.metrics import MSE as MSE
from msjax.train.metrics import Metric as Metric
from msjax.train.metrics import Perplexity as Perplexity
from msjax.train.metrics import Precision as Precision
from msjax.train.metrics import Recall as Recall
from msjax.train.metrics import Top1CategoricalAccuracy as Top1CategoricalAccuracy
from msjax.train.metrics import Top5CategoricalAccuracy as Top5CategoricalAccuracy
from msjax.train.metrics import TopKCategoricalAccuracy as TopKCategoricalAccuracy
from msjax.train.metrics import get_metric_fn as get_metric_fn
from msjax.train.metrics import names as names
from msjax.train.metrics import rearrange_inputs as rearrange_inputs
from msjax.train.mixed_precision import build_train_network as build_train_network
from msjax.train.model import Model as Model
from msjax.train.sink import data_sink as data_sink

