"""Callbacks: what `Model` calls at each turn of training and evaluation."""

from msjax.train.callback.callback import Callback, Callbacks, Facts, RunContext
from msjax.train.callback.flops import FlopsUtilizationCollector
from msjax.train.callback.functions import LambdaCallback, LearningRateScheduler
from msjax.train.callback.model_checkpoint import CheckpointConfig, ModelCheckpoint
from msjax.train.callback.monitors import History, LossMonitor, TimeMonitor
from msjax.train.callback.plateau import EarlyStopping, ReduceLROnPlateau
from msjax.train.callback.progress import Progress
from msjax.train.callback.safety import BackupAndRestore, OnRequestExit, TrainFaultTolerance
from msjax.train.callback.summary import SummaryCollector
