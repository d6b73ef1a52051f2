"""MindSpore's Python API on JAX.

Importing msjax turns on JAX's 64-bit types, which MindSpore has; float32 stays the default. No array is made and no
device is touched before the first Tensor.
"""

import sys

# `python -m msjax` puts the current folder first; a file there that is named as a module of Python's is not to be ours.
_launched = sys.argv[:1] == ["-m"] and " ".join(sys.orig_argv).partition(" -m ")[2].startswith("msjax")
if _launched and not sys.flags.safe_path:
    sys.path[0] = "/dev/null"  # until the launcher sets it to the script's folder, as python does

import importlib
import logging

if not logging.getLogger("jax").level:  # a log of the user's is to hold what the program says
    logging.getLogger("jax").setLevel(logging.WARNING)

import jax

jax.config.update("jax_enable_x64", True)

from msjax import autodiff, log, ops
from msjax.alias import install_as, load_ipython_extension, uninstall, unload_ipython_extension
from msjax.autodiff import (
    _Function,
    _no_grad,
    get_grad,
    grad,
    jacfwd,
    jacrev,
    jvp,
    recompute,
    register_saved_tensors_hooks,
    saved_tensors_hooks,
    value_and_grad,
    vjp,
    vmap,
)
from msjax.compile import cache, explain, jit, set_compile
from msjax.compile.marks import (
    JitConfig,
    enable_dynamic,
    jit_class,
    lazy_inline,
    no_inline,
    set_dump,
    set_recursion_limit,
)
from msjax.compile.memory import ms_memory_recycle
from msjax.compile.symbol import Symbol
from msjax.core import context, dtype, forks, parameter
from msjax.core.context import (
    COMPATIBLE,
    GRAPH_MODE,
    LAX,
    PYNATIVE_MODE,
    STRICT,
    ParallelMode,
    get_auto_parallel_context,
    get_context,
    get_current_device,
    reset_auto_parallel_context,
    set_auto_parallel_context,
    set_context,
    set_deterministic,
    set_device,
)
from msjax.core.dlpack import from_dlpack, to_dlpack
from msjax.core.dtype import *
from msjax.core.dtype import QuantDtype
from msjax.core.mutable import mutable
from msjax.core.names import Lazily, unknown_name
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.precision import get_matmul_precision, set_matmul_precision
from msjax.core.random import (
    Generator,
    default_generator,
    get_rng_state,
    get_seed,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
    set_seed,
)
from msjax.core.tensor import Tensor, from_numpy, is_tensor, tensor
from msjax.device import allocator
from msjax.device.parallel import (
    get_algo_parameters,
    get_ps_context,
    reset_algo_parameters,
    reset_ps_context,
    set_algo_parameters,
    set_ps_context,
)
from msjax.interop.late import after_import
from msjax.log import get_level, get_log_config
from msjax.ops.arrays.memory import frombuffer, swap_tensors
from msjax.ops.arrays.storage import UntypedStorage
from msjax.ops.control.marks import constexpr
from msjax.ops.sparse.tensors import COOTensor, CSRTensor, RowTensor, SparseTensor
from msjax.version import __msjax_version__, __version__

cache.switch_on()
allocator.follow_environment()
del allocator, cache, forks, sys, _launched

# Rooms that are loaded when they are first used.
_LAZY = (
    "nn mint numpy scipy amp train dataset mindrecord experimental interop diffops parallel runtime hal communication "
    "device_context profiler rewrite boost"
).split()

# ... and those of their names that are also here.
_NAMES = {
    "train": "Accuracy BackupAndRestore BleuScore Callback CheckpointConfig ConfusionMatrix ConfusionMatrixMetric "
    "ConvertModelUtils ConvertNetUtils CosineSimilarity DatasetHelper Dice DynamicLossScaleManager "
    "EarlyStopping F1 Fbeta FixedLossScaleManager FlopsUtilizationCollector HausdorffDistance History "
    "LambdaCallback LearningRateScheduler Loss LossMonitor LossScaleManager MAE MSE MeanSurfaceDistance "
    "Metric Model ModelCheckpoint OcclusionSensitivity OnRequestExit Perplexity Precision ROC Recall "
    "ReduceLROnPlateau RootMeanSquareDistance RunContext SummaryCollector SummaryLandscape SummaryRecord TimeMonitor "
    "Top1CategoricalAccuracy Top5CategoricalAccuracy TopKCategoricalAccuracy TrainFaultTolerance "
    "async_ckpt_thread_status auc build_train_network ckpt_to_safetensors connect_network_with_dataset "
    "data_sink export export_split_mindir get_metric_fn load load_checkpoint "
    "load_checkpoint_async load_mindir load_obf_params_into_net load_param_into_net names obfuscate_ckpt "
    "rearrange_inputs safetensors_to_ckpt save_checkpoint save_mindir",
    "profiler": "Profiler",
    "mindrecord": "Cifar10ToMR Cifar100ToMR CsvToMR FAILED FileReader FileWriter ImageNetToMR MindPage MnistToMR "
    "SUCCESS TFRecordToMR set_dec_mode set_enc_key set_enc_mode",
    "parallel": "Layout build_searched_strategy get_ckpt_path_with_strategy load_distributed_checkpoint "
    "load_segmented_checkpoints merge_pipeline_strategys merge_sliced_parameter parameter_broadcast "
    "rank_list_for_transform restore_group_info_list shard sync_pipeline_shared_parameters "
    "transform_checkpoint_by_rank transform_checkpoints unified_safetensors",
    "runtime": "run_check",
}
_lazily = Lazily(__name__, _LAZY, _NAMES)


def _first(name: str):
    # In `dtype` are bool, int, float and complex, too: not imported above, to keep the builtins.
    return _lazily(name) if name in _lazily else getattr(dtype, name)


def _initialized(*how):
    return importlib.import_module("msjax.nn.initializer").initializer(*how)


parameter.initialized = _initialized
del parameter
after_import("flax.nnx", "msjax.interop.node")

__getattr__ = unknown_name(__name__, _first)
