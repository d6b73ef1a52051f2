# Made by scripts/make_stubs.py.
"""MindSpore's Python API on JAX."""

from msjax import amp as amp
from msjax import autodiff as autodiff
from msjax import communication as communication
from msjax import diffops as diffops
from msjax import experimental as experimental
from msjax import hal as hal
from msjax import interop as interop
from msjax import log as log
from msjax import mint as mint
from msjax import nn as nn
from msjax import numpy as numpy
from msjax import ops as ops
from msjax import profiler as profiler
from msjax import rewrite as rewrite
from msjax import runtime as runtime
from msjax import scipy as scipy
from msjax import train as train
from msjax.alias import install_as as install_as
from msjax.alias import load_ipython_extension as load_ipython_extension
from msjax.alias import uninstall as uninstall
from msjax.alias import unload_ipython_extension as unload_ipython_extension
from msjax.autodiff import _Function as _Function
from msjax.autodiff import _no_grad as _no_grad
from msjax.autodiff import get_grad as get_grad
from msjax.autodiff import grad as grad
from msjax.autodiff import jacfwd as jacfwd
from msjax.autodiff import jacrev as jacrev
from msjax.autodiff import jvp as jvp
from msjax.autodiff import recompute as recompute
from msjax.autodiff import register_saved_tensors_hooks as register_saved_tensors_hooks
from msjax.autodiff import saved_tensors_hooks as saved_tensors_hooks
from msjax.autodiff import value_and_grad as value_and_grad
from msjax.autodiff import vjp as vjp
from msjax.autodiff import vmap as vmap
from msjax.compile import explain as explain
from msjax.compile import jit as jit
from msjax.compile import set_compile as set_compile
from msjax.compile.marks import JitConfig as JitConfig
from msjax.compile.marks import enable_dynamic as enable_dynamic
from msjax.compile.marks import jit_class as jit_class
from msjax.compile.marks import lazy_inline as lazy_inline
from msjax.compile.marks import no_inline as no_inline
from msjax.compile.marks import set_dump as set_dump
from msjax.compile.marks import set_recursion_limit as set_recursion_limit
from msjax.compile.memory import ms_memory_recycle as ms_memory_recycle
from msjax.compile.symbol import Symbol as Symbol
from msjax.core import context as context
from msjax.core import dtype as dtype
from msjax.core.context import COMPATIBLE as COMPATIBLE
from msjax.core.context import GRAPH_MODE as GRAPH_MODE
from msjax.core.context import LAX as LAX
from msjax.core.context import PYNATIVE_MODE as PYNATIVE_MODE
from msjax.core.context import ParallelMode as ParallelMode
from msjax.core.context import STRICT as STRICT
from msjax.core.context import get_auto_parallel_context as get_auto_parallel_context
from msjax.core.context import get_context as get_context
from msjax.core.context import get_current_device as get_current_device
from msjax.core.context import reset_auto_parallel_context as reset_auto_parallel_context
from msjax.core.context import set_auto_parallel_context as set_auto_parallel_context
from msjax.core.context import set_context as set_context
from msjax.core.context import set_deterministic as set_deterministic
from msjax.core.context import set_device as set_device
from msjax.core.dlpack import from_dlpack as from_dlpack
from msjax.core.dlpack import to_dlpack as to_dlpack
from msjax.core.dtype import *
from msjax.core.dtype import _Quantized
from msjax.core.layout import Layout as Layout
from msjax.core.mutable import mutable as mutable
from msjax.core.parameter import Parameter as Parameter
from msjax.core.parameter import ParameterTuple as ParameterTuple
from msjax.core.precision import get_matmul_precision as get_matmul_precision
from msjax.core.precision import set_matmul_precision as set_matmul_precision
from msjax.core.random import Generator as Generator
from msjax.core.random import default_generator as default_generator
from msjax.core.random import get_rng_state as get_rng_state
from msjax.core.random import get_seed as get_seed
from msjax.core.random import initial_seed as initial_seed
from msjax.core.random import manual_seed as manual_seed
from msjax.core.random import seed as seed
from msjax.core.random import set_rng_state as set_rng_state
from msjax.core.random import set_seed as set_seed
from msjax.core.tensor import Tensor as Tensor
from msjax.core.tensor import from_numpy as from_numpy
from msjax.core.tensor import is_tensor as is_tensor
from msjax.core.tensor import tensor as tensor
from msjax.device import device_context as device_context
from msjax.device.parallel import get_algo_parameters as get_algo_parameters
from msjax.device.parallel import get_ps_context as get_ps_context
from msjax.device.parallel import reset_algo_parameters as reset_algo_parameters
from msjax.device.parallel import reset_ps_context as reset_ps_context
from msjax.device.parallel import set_algo_parameters as set_algo_parameters
from msjax.device.parallel import set_ps_context as set_ps_context
from msjax.device.runtime import run_check as run_check
from msjax.interop.late import after_import as after_import
from msjax.log import get_level as get_level
from msjax.log import get_log_config as get_log_config
from msjax.mindrecord.converters.cifar import Cifar100ToMR as Cifar100ToMR
from msjax.mindrecord.converters.cifar import Cifar10ToMR as Cifar10ToMR
from msjax.mindrecord.converters.csv import CsvToMR as CsvToMR
from msjax.mindrecord.converters.imagenet import ImageNetToMR as ImageNetToMR
from msjax.mindrecord.converters.mnist import MnistToMR as MnistToMR
from msjax.mindrecord.converters.tfrecord import TFRecordToMR as TFRecordToMR
from msjax.mindrecord.encryption import set_dec_mode as set_dec_mode
from msjax.mindrecord.encryption import set_enc_key as set_enc_key
from msjax.mindrecord.encryption import set_enc_mode as set_enc_mode
from msjax.mindrecord.filereader import FileReader as FileReader
from msjax.mindrecord.filewriter import FileWriter as FileWriter
from msjax.mindrecord.mindpage import MindPage as MindPage
from msjax.nn.sharding import shard as shard
from msjax.ops.arrays.memory import frombuffer as frombuffer
from msjax.ops.arrays.memory import swap_tensors as swap_tensors
from msjax.ops.arrays.storage import UntypedStorage as UntypedStorage
from msjax.ops.control.marks import constexpr as constexpr
from msjax.ops.sparse.tensors import COOTensor as COOTensor
from msjax.ops.sparse.tensors import CSRTensor as CSRTensor
from msjax.ops.sparse.tensors import RowTensor as RowTensor
from msjax.ops.sparse.tensors import SparseTensor as SparseTensor
from msjax.parallel.conversion import get_ckpt_path_with_strategy as get_ckpt_path_with_strategy
from msjax.parallel.conversion import rank_list_for_transform as rank_list_for_transform
from msjax.parallel.conversion import transform_checkpoint_by_rank as transform_checkpoint_by_rank
from msjax.parallel.conversion import transform_checkpoints as transform_checkpoints
from msjax.parallel.conversion import unified_safetensors as unified_safetensors
from msjax.parallel.pipelines import parameter_broadcast as parameter_broadcast
from msjax.parallel.pipelines import sync_pipeline_shared_parameters as sync_pipeline_shared_parameters
from msjax.parallel.slices import load_distributed_checkpoint as load_distributed_checkpoint
from msjax.parallel.slices import load_segmented_checkpoints as load_segmented_checkpoints
from msjax.parallel.slices import merge_sliced_parameter as merge_sliced_parameter
from msjax.parallel.strategy_files import build_searched_strategy as build_searched_strategy
from msjax.parallel.strategy_files import merge_pipeline_strategys as merge_pipeline_strategys
from msjax.parallel.strategy_files import restore_group_info_list as restore_group_info_list
from msjax.profiler.profiler import Profiler as Profiler
from msjax.train.callback.callback import Callback as Callback
from msjax.train.callback.callback import RunContext as RunContext
from msjax.train.callback.flops import FlopsUtilizationCollector as FlopsUtilizationCollector
from msjax.train.callback.functions import LambdaCallback as LambdaCallback
from msjax.train.callback.functions import LearningRateScheduler as LearningRateScheduler
from msjax.train.callback.model_checkpoint import CheckpointConfig as CheckpointConfig
from msjax.train.callback.model_checkpoint import ModelCheckpoint as ModelCheckpoint
from msjax.train.callback.monitors import History as History
from msjax.train.callback.monitors import LossMonitor as LossMonitor
from msjax.train.callback.monitors import TimeMonitor as TimeMonitor
from msjax.train.callback.plateau import EarlyStopping as EarlyStopping
from msjax.train.callback.plateau import ReduceLROnPlateau as ReduceLROnPlateau
from msjax.train.callback.safety import BackupAndRestore as BackupAndRestore
from msjax.train.callback.safety import OnRequestExit as OnRequestExit
from msjax.train.callback.safety import TrainFaultTolerance as TrainFaultTolerance
from msjax.train.callback.summary import SummaryCollector as SummaryCollector
from msjax.train.checkpoint.conversion import ckpt_to_safetensors as ckpt_to_safetensors
from msjax.train.checkpoint.conversion import safetensors_to_ckpt as safetensors_to_ckpt
from msjax.train.checkpoint.into_net import load_param_into_net as load_param_into_net
from msjax.train.checkpoint.load import load_checkpoint as load_checkpoint
from msjax.train.checkpoint.load import load_checkpoint_async as load_checkpoint_async
from msjax.train.checkpoint.save import async_ckpt_thread_status as async_ckpt_thread_status
from msjax.train.checkpoint.save import save_checkpoint as save_checkpoint
from msjax.train.export import export as export
from msjax.train.export import load as load
from msjax.train.helper import DatasetHelper as DatasetHelper
from msjax.train.helper import connect_network_with_dataset as connect_network_with_dataset
from msjax.train.loss_scale import DynamicLossScaleManager as DynamicLossScaleManager
from msjax.train.loss_scale import FixedLossScaleManager as FixedLossScaleManager
from msjax.train.loss_scale import LossScaleManager as LossScaleManager
from msjax.train.metrics.by_name import get_metric_fn as get_metric_fn
from msjax.train.metrics.by_name import names as names
from msjax.train.metrics.classification import Accuracy as Accuracy
from msjax.train.metrics.classification import F1 as F1
from msjax.train.metrics.classification import Fbeta as Fbeta
from msjax.train.metrics.classification import Precision as Precision
from msjax.train.metrics.classification import Recall as Recall
from msjax.train.metrics.classification import Top1CategoricalAccuracy as Top1CategoricalAccuracy
from msjax.train.metrics.classification import Top5CategoricalAccuracy as Top5CategoricalAccuracy
from msjax.train.metrics.classification import TopKCategoricalAccuracy as TopKCategoricalAccuracy
from msjax.train.metrics.confusion import ConfusionMatrix as ConfusionMatrix
from msjax.train.metrics.confusion import ConfusionMatrixMetric as ConfusionMatrixMetric
from msjax.train.metrics.curves import ROC as ROC
from msjax.train.metrics.curves import auc as auc
from msjax.train.metrics.errors import Loss as Loss
from msjax.train.metrics.errors import MAE as MAE
from msjax.train.metrics.errors import MSE as MSE
from msjax.train.metrics.errors import Perplexity as Perplexity
from msjax.train.metrics.likeness import BleuScore as BleuScore
from msjax.train.metrics.likeness import CosineSimilarity as CosineSimilarity
from msjax.train.metrics.metric import Metric as Metric
from msjax.train.metrics.metric import rearrange_inputs as rearrange_inputs
from msjax.train.metrics.occlusion import OcclusionSensitivity as OcclusionSensitivity
from msjax.train.metrics.segmentation import Dice as Dice
from msjax.train.metrics.segmentation import HausdorffDistance as HausdorffDistance
from msjax.train.metrics.segmentation import MeanSurfaceDistance as MeanSurfaceDistance
from msjax.train.metrics.segmentation import RootMeanSquareDistance as RootMeanSquareDistance
from msjax.train.mixed_precision import build_train_network as build_train_network
from msjax.train.model import Model as Model
from msjax.train.refused import SummaryLandscape as SummaryLandscape
from msjax.train.sink import data_sink as data_sink
from msjax.train.summary.record import SummaryRecord as SummaryRecord
from msjax.train.thor import ConvertModelUtils as ConvertModelUtils
from msjax.train.thor import ConvertNetUtils as ConvertNetUtils
from msjax.version import __msjax_version__ as __msjax_version__
from msjax.version import __version__ as __version__
from typing import Any

class QuantDtype(_Quantized):
    """Kinds of quantized numbers."""
FAILED: int
SUCCESS: int
def export_split_mindir(*args: Any, **kwargs: Any) -> None:
    """Not in msjax: MINDIR is the graph format of MindSpore's compiler, which msjax does not have. A network is kept by ms.export(..., file_format='STABLEHLO') and ms.load, its Parameters by ms.save_checkpoint."""
    ...
def load_mindir(*args: Any, **kwargs: Any) -> None:
    """Not in msjax: MINDIR is the graph format of MindSpore's compiler, which msjax does not have. A network is kept by ms.export(..., file_format='STABLEHLO') and ms.load, its Parameters by ms.save_checkpoint."""
    ...
def load_obf_params_into_net(*args: Any, **kwargs: Any) -> None:
    """Not in msjax: msjax does not obfuscate weights. A checkpoint is protected by the rights of its file, or by encrypting the file with a tool for that."""
    ...
def obfuscate_ckpt(*args: Any, **kwargs: Any) -> None:
    """Not in msjax: msjax does not obfuscate weights. A checkpoint is protected by the rights of its file, or by encrypting the file with a tool for that."""
    ...
def save_mindir(*args: Any, **kwargs: Any) -> None:
    """Not in msjax: MINDIR is the graph format of MindSpore's compiler, which msjax does not have. A network is kept by ms.export(..., file_format='STABLEHLO') and ms.load, its Parameters by ms.save_checkpoint."""
    ...
