"""Where MindSpore's deep module paths lead.

MindSpore spreads one concept over many modules (`mindspore.common.tensor`, `mindspore.ops.operations.math_ops`), and
programs import from all of them. Here each concept has one room, and this table says which rooms answer for which path.
All paths are relative to the root, which is `mindspore` and `msjax` alike; "" is the root itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

ANY, CLASSES, FUNCTIONS = "any", "classes", "functions"


class Legacy(NamedTuple):
    """One legacy path: the modules that are asked for its names, in order, and what `import *` takes of the first."""

    sources: tuple[str, ...]
    star: str


# Paths that are one of our modules under another name, and that very object.
SAME: dict[str, str] = {
    "_checkparam": "alias.checkparam",
    "amp": "train.amp",
    "common.dtype": "core.dtype",
    "common.initializer": "nn.initializer",
    "communication": "device.communication",
    "communication.comm_func": "ops.distributed.comm_func",
    "context": "core.context",
    "device_context": "device.device_context",
    "dtype": "core.dtype",
    "hal": "device.hal",
    "hal.contiguous_tensors_handle": "device.contiguous",
    "parallel._ps_context": "device.parallel",
    "runtime": "device.runtime",
}

_OLD = "alias.older.transformer"

# Paths whose names come from several places: (modules that have the names, what a star import takes,
# {parent path: the legacy modules below it}).
_ROWS: tuple[tuple[tuple[str, ...], str, dict[str, str]], ...] = (
    # The foundations
    (("core.tensor", ""), ANY, {"common": "tensor"}),
    (("core.parameter", "", "alias.internals.helpers"), ANY, {"common": "parameter"}),
    (("core.random", "alias.internals.seeds", ""), ANY, {"common": "seed generator"}),
    (
        ("", "alias.internals.helpers"),
        ANY,
        {"": "_extends common", "common": "_decorator _register_for_tensor _stub_tensor _utils"},
    ),
    (("alias.internals.compiled", ""), ANY, {"": "_c_expression"}),
    (("alias.internals.typing", "core.dtype"), ANY, {"_c_expression": "typing"}),
    (("log", "alias.internals.helpers"), ANY, {"": "log"}),
    (
        ("",),
        ANY,
        {
            "": "device_manager graph onnx safeguard tools",
            "graph": "dynamic_shape jit_begin_end jit_config jit_context jit_trace lazy_inline mutable no_inline "
            "symbol",
            "onnx": "onnx_export",
            "safeguard": "rewrite_obfuscation",
            "tools": "data_dump",
            "utils": "dlpack",
            "common": "np_dtype _grad_function device dump dynamic_shape file_system hook_handle jit_config "
            "jit_context lazy_inline mutable no_inline recompute storage symbol",
        },
    ),
    (("", "alias.internals.helpers"), ANY, {"common": "sparse_tensor"}),
    (("", "alias.internals.executors"), ANY, {"common": "api", "graph": "api"}),
    (("core.context", "device.parallel"), ANY, {"": "context"}),
    (("core.dtype", "alias.internals.helpers"), ANY, {"": "dtype", "common": "dtype"}),
    (("alias.checkparam", "alias.checkshapes"), ANY, {"": "_checkparam"}),
    # Operators
    (("ops", "alias.internals.helpers"), ANY, {"ops": "_primitive_cache _utils deprecated primitive"}),
    (("alias.internals.kernels",), ANY, {"ops": "op_info_register"}),
    (("alias.internals.primitives",), ANY, {"ops.auto_generate": "pyboost_inner_prim"}),
    (
        ("ops", ""),
        ANY,
        {"ops": "composite", "ops.composite": "array_ops base clip_ops env_ops math_ops multitype_ops random_ops"},
    ),
    (("alias.internals.helpers", "ops"), ANY, {"ops.composite.multitype_ops": "_compile_utils"}),
    (("ops",), FUNCTIONS, {"ops.composite.multitype_ops": "ones_like_impl zeros_like_impl"}),
    (("ops", "", "alias.internals.extended"), FUNCTIONS, {"ops": "function functional", "ops.function": "grad"}),
    (("mint", "ops", ""), FUNCTIONS, {"ops": "functional_overload"}),
    (("ops", "alias.internals.extended"), ANY, {"": "ops"}),
    (("ops.distributed",), ANY, {"ops": "communication"}),
    (
        ("ops", "alias.internals.extended"),
        FUNCTIONS,
        {
            "ops": "_tracefunc auto_generate",
            "ops.auto_generate": "gen_extend_func gen_ops_def",
            "ops.function": "array_func clip_func comm_func debug_func fft_func image_func linalg_func math_func "
            "nn_func other_func parameter_func random_func reshard_func sparse_func sparse_unary_func spectral_func "
            "vmap_func",
            "ops.function.grad": "grad_func",
        },
    ),
    (
        ("ops",),
        CLASSES,
        {
            "ops": "operations",
            "ops.auto_generate": "gen_ops_prim",
            "ops.operations": "_quant_ops _rl_inner_ops _scalar_ops _sequence_ops array_ops "
            "comm_ops control_ops custom_ops debug_ops image_ops inner_ops linalg_ops manually_defined math_ops "
            "other_ops random_ops reshard_ops sparse_ops spectral_ops",
            "ops.operations.manually_defined": "_inner ops_def",
        },
    ),
    (("ops.grad_ops", "ops"), CLASSES, {"ops.operations": "_grad_ops"}),
    (("ops.inner_ops", "ops"), CLASSES, {"ops.operations": "_inner_ops"}),
    (("ops", "ops.grad_ops"), CLASSES, {"ops.operations": "nn_ops"}),
    # Networks
    (
        ("nn",),
        CLASSES,
        {
            "nn": "cell grad layer loss optim sparse wrap",
            "nn.grad": "cell_grad",
            "nn.layer": "basic channel_shuffle combined container dense embedding flash_attention image math "
            "normalization padding pooling rnns thor_layer timedistributed transformer",
            "nn.optim": "ada_grad adadelta adafactor adam adamax adasum asgd ftrl lamb lars lazyadam momentum "
            "optimizer proximal_ada_grad rmsprop rprop sgd tft_wrapper thor",
            "nn.sparse": "sparse",
            "nn.wrap": "grad_reducer",
        },
    ),
    (
        ("nn", "alias.internals.layers"),
        CLASSES,
        {"nn.layer": "activation conv", "nn.wrap": "cell_wrapper loss_scale"},
    ),
    (("nn", "nn.layer.recurrent"), CLASSES, {"nn.layer": "rnn_cells"}),
    (("nn", "nn.loss"), CLASSES, {"nn.loss": "loss"}),
    (("nn", "train.metrics"), ANY, {"": "nn"}),  # has the metrics, too
    (("nn",), ANY, {"nn": "dynamic_lr learning_rate_schedule", "nn.utils": "init"}),
    (("nn", "nn.initializer"), ANY, {"nn": "utils"}),
    (("train", "nn"), ANY, {"nn": "metrics"}),
    (
        ("nn.probability.distribution",),
        CLASSES,
        {
            "nn.probability.distribution": "bernoulli beta categorical cauchy distribution exponential gamma geometric "
            "gumbel half_normal laplace log_normal logistic normal poisson student_t transformed_distribution uniform"
        },
    ),
    (
        ("nn.probability.bijector",),
        CLASSES,
        {"nn.probability.bijector": "bijector exp gumbel_cdf invert power_transform scalar_affine softplus"},
    ),
    (
        ("nn.probability.bnn_layers",),
        CLASSES,
        {"nn.probability.bnn_layers": "conv_variational dense_variational"},
    ),
    (("scipy.optimize",), FUNCTIONS, {"scipy.optimize": "line_search linear_sum_assignment minimize"}),
    # Training
    (("alias.internals.checkpoints",), ANY, {"train": "checkpoint_pb2"}),
    (
        ("train", "", "alias.internals.training"),
        ANY,
        {"train": "_utils callback serialization", "train.callback": "_callback"},
    ),
    (
        ("train", ""),
        ANY,
        {
            "train": "data_sink dataset_helper loss_scale_manager metrics model parallel_utils summary train_thor",
            "train.callback": "_backup_and_restore _checkpoint _early_stop _flops_collector _history _lambda_callback "
            "_landscape _loss_monitor _lr_scheduler_callback _on_request_exit _reduce_lr_on_plateau "
            "_summary_collector _time_monitor",
            "train.metrics": "accuracy auc bleu_score confusion_matrix cosine_similarity dice error fbeta "
            "hausdorff_distance loss mean_surface_distance metric occlusion_sensitivity perplexity precision recall "
            "roc root_mean_square_surface_distance topk",
            "train.summary": "enums summary_record writer",
            "train.train_thor": "convert_utils dataset_helper",
        },
    ),
    (
        ("experimental.optim",),
        CLASSES,
        {"experimental.optim": "adadelta adagrad adam adamax adamw asgd nadam optimizer radam rmsprop rprop sgd"},
    ),
    # Arrays
    (
        ("numpy",),
        FUNCTIONS,
        {"numpy": "array_creations array_ops dtypes logic_ops math_ops utils utils_const"},
    ),
    (
        ("mint.nn",),
        CLASSES,
        {"mint.nn": "layer", "mint.nn.layer": "activation basic conv normalization padding pooling"},
    ),
    (("mint.optim",), CLASSES, {"mint.optim": "adam adamw fused_adamw sgd"}),
    # Data
    (
        ("dataset",),
        ANY,
        {
            "dataset": "core ds engine",
            "dataset.core": "datatypes",
            "dataset.engine": "cache_client datasets datasets_audio datasets_standard_format datasets_text "
            "datasets_user_defined datasets_vision iterators samplers serializer_deserializer",
        },
    ),
    (("alias.internals.rows",), ANY, {"dataset.core": "validator_helpers", "dataset.transforms": "validators"}),
    (("alias.internals.images",), ANY, {"dataset.vision": "py_transforms_util"}),
    (("context",), ANY, {"dataset": "context"}),
    (("dataset.callback",), ANY, {"dataset.callback": "ds_callback"}),
    (("dataset.debug",), ANY, {"dataset.debug": "debug_hook"}),
    (("dataset.utils",), ANY, {"dataset.utils": "browse_dataset line_reader"}),
    (("dataset.config",), ANY, {"dataset.core": "config"}),
    (("dataset.transforms",), ANY, {"dataset.transforms": "c_transforms py_transforms transforms"}),
    (
        ("dataset.vision",),
        ANY,
        {
            "dataset.vision": "c_transforms transforms utils",
            "dataset.transforms": "vision",
            "dataset.transforms.vision": "c_transforms",
        },
    ),
    (
        ("alias.older.images", "dataset.vision"),
        ANY,
        {"dataset.vision": "py_transforms", "dataset.transforms.vision": "py_transforms"},
    ),
    (
        ("mindrecord",),
        ANY,
        {
            "mindrecord": "common config filereader filewriter mindpage shardutils tools",
            "mindrecord.common": "exceptions",
            "mindrecord.tools": "cifar10_to_mr cifar100_to_mr csv_to_mr imagenet_to_mr mnist_to_mr tfrecord_to_mr",
        },
    ),
    (("dataset.audio",), ANY, {"dataset.audio": "transforms utils"}),
    (("dataset.text",), ANY, {"dataset.text": "transforms utils"}),
    # Devices
    (("device.faults",), ANY, {"": "utils", "utils": "dryrun sdc_detect stress_detect"}),
    (("device.hal",), ANY, {"hal": "device event memory stream"}),
    (("device.runtime",), ANY, {"runtime": "event executor memory stream"}),
    # Watching a run
    (
        ("profiler", ""),
        ANY,
        {"profiler": "common dynamic_profiler experimental_config profiling", "profiler.common": "constant"},
    ),
    (("rewrite",), ANY, {"rewrite": "api", "rewrite.api": "node node_type scoped_value symbol_tree"}),
    # Transformers of older releases
    (
        (f"{_OLD}.transformer", f"{_OLD}.config", f"{_OLD}.experts", f"{_OLD}.loss"),
        ANY,
        {"nn": "transformer", "parallel": "_transformer"},
    ),
    (
        (f"{_OLD}.transformer", f"{_OLD}.config", f"{_OLD}.experts"),
        ANY,
        {"nn.transformer": "transformer", "parallel._transformer": "transformer"},
    ),
    ((f"{_OLD}.layers",), ANY, {"nn.transformer": "layers", "parallel._transformer": "layers"}),
    ((f"{_OLD}.experts",), ANY, {"nn.transformer": "moe", "parallel._transformer": "moe"}),
    ((f"{_OLD}.loss",), ANY, {"nn.transformer": "loss", "parallel._transformer": "loss"}),
    (
        (f"{_OLD}.config",),
        ANY,
        {"nn.transformer": "op_parallel_config", "parallel._transformer": "op_parallel_config"},
    ),
    # Many devices
    (("communication",), FUNCTIONS, {"communication": "_comm_helper management"}),
    (
        ("alias.internals.parallel", "communication", "parallel", ""),
        ANY,
        {"parallel": "_auto_parallel_context _cost_model_context _utils"},
    ),
    (
        ("parallel",),
        ANY,
        {
            "parallel": "algo_parameter_config checkpoint_convert checkpoint_transform parameter_broadcast shard "
            "transform_safetensors"
        },
    ),
    (("parallel.nn",), ANY, {"parallel.nn": "parallel_cell_wrapper parallel_grad_reducer"}),
    (("parallel.function",), ANY, {"parallel.function": "reshard_func"}),
)


# Single names that MindSpore offers in another room, too, than the one that is their home. A home that is not there yet
# counts as none.
_ELSEWHERE: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "runtime",
        {
            "": "Event Stream StreamCtx communication_stream current_stream default_stream dispatch_threads_num "
            "empty_cache launch_blocking max_memory_allocated max_memory_reserved memory_allocated memory_replay "
            "memory_reserved memory_stats memory_summary reset_max_memory_allocated reset_max_memory_reserved "
            "reset_peak_memory_stats set_cpu_affinity set_cur_stream set_kernel_launch_capture "
            "set_kernel_launch_group set_memory synchronize"
        },
    ),
    (
        "train",
        {
            "": "BackupAndRestore BleuScore ConfusionMatrix ConfusionMatrixMetric ConvertModelUtils ConvertNetUtils "
            "CosineSimilarity Dice FlopsUtilizationCollector HausdorffDistance MeanSurfaceDistance "
            "OcclusionSensitivity OnRequestExit ROC RootMeanSquareDistance SummaryCollector SummaryLandscape "
            "SummaryRecord TrainFaultTolerance auc"
        },
    ),
    (
        "parallel",
        {
            "": "Layout build_searched_strategy load_distributed_checkpoint load_segmented_checkpoints "
            "merge_pipeline_strategys merge_sliced_parameter parameter_broadcast rank_list_for_transform "
            "restore_group_info_list shard sync_pipeline_shared_parameters transform_checkpoint_by_rank "
            "transform_checkpoints unified_safetensors",
            "train": "build_searched_strategy get_ckpt_path_with_strategy load_distributed_checkpoint "
            "merge_sliced_parameter restore_group_info_list",
        },
    ),
    ("rewrite", {"": "Node NodeType ScopedValue SymbolTree"}),
    ("", {"ops": "Tensor"}),
    ("alias.internals.primitives", {"ops": "_VirtualDataset", "ops.operations._inner_ops": "PsROIPooling"}),
    ("alias.internals.helpers", {"ops": "tensor_operator_registry"}),
    ("alias.internals.layers", {"nn": "VirtualDatasetCellTriple"}),
    ("nn.initializer", {"nn": "no_init_parameters"}),
    ("alias.internals.checkpoints", {"train.serialization": "Checkpoint"}),
    (
        "alias.internals.kernels",
        {
            "ops": "AiCPURegOp CpuRegOp CustomRegOp DataType TBERegOp custom_info_register get_vm_impl_fn "
            "op_info_register vm_impl_registry"
        },
    ),
    (
        "alias.internals.values",
        {
            "ops": "augassign_add augassign_div augassign_floordiv augassign_mod augassign_mul augassign_sub "
            "broadcast_gradient_args dict_getitem hyper_add in_dict is_ is_not is_sequence_shape_unknown "
            "is_sequence_value_unknown list_equal list_getitem list_setitem make_list make_slice make_tuple "
            "not_in_dict reduced_shape shape_mul switch tuple_div tuple_equal tuple_getitem tuple_reversed "
            "tuple_setitem"
        },
    ),
    ("ops", {"mint": "addcdiv", "mint.nn.functional": "upsample"}),
    ("mint", {"mint.nn.functional": "flatten"}),
)


def _expand() -> Iterator[tuple[str, Legacy]]:
    for sources, star, groups in _ROWS:
        for parent, leaves in groups.items():
            for leaf in leaves.split():
                yield f"{parent}.{leaf}".lstrip("."), Legacy(sources, star)


TABLE: dict[str, Legacy] = dict(_expand())
# A path of a name -> the path of its home.
NAMES: dict[str, str] = {
    f"{room}.{name}".lstrip("."): f"{home}.{name}".lstrip(".")
    for home, rooms in _ELSEWHERE
    for room, names in rooms.items()
    for name in names.split()
} | {"ops.P": "ops.operations"}
PARENTS: frozenset[str] = frozenset(path.rpartition(".")[0] for path in (*TABLE, *SAME))
