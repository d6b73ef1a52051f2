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
    "context": "core.context",
    "device_context": "device.device_context",
    "dtype": "core.dtype",
    "hal": "device.hal",
    "runtime": "device.runtime",
}

# Paths whose names come from several places: (modules that have the names, what a star import takes,
# {parent path: the legacy modules below it}).
_ROWS: tuple[tuple[tuple[str, ...], str, dict[str, str]], ...] = (
    # The foundations
    (("core.tensor", ""), ANY, {"common": "tensor _stub_tensor"}),
    (("core.parameter", ""), ANY, {"common": "parameter"}),
    (("core.random", ""), ANY, {"common": "seed generator"}),
    (("", "alias.internals"), ANY, {"": "common _c_expression", "common": "_utils _decorator"}),
    (("alias.internals", "core.dtype"), ANY, {"_c_expression": "typing"}),
    (
        ("",),
        ANY,
        {
            "": "device_manager",
            "common": "np_dtype _grad_function _register_for_tensor api device dump file_system hook_handle jit_config "
            "jit_context lazy_inline mutable no_inline recompute sparse_tensor storage symbol",
        },
    ),
    # Operators
    (("ops", "alias.internals"), ANY, {"ops": "_primitive_cache _utils deprecated op_info_register primitive"}),
    (("ops", ""), ANY, {"ops": "composite", "ops.composite": "base env_ops math_ops multitype_ops"}),
    (("ops",), FUNCTIONS, {"ops.composite.multitype_ops": "ones_like_impl zeros_like_impl"}),
    (("ops", ""), FUNCTIONS, {"ops": "function functional functional_overload", "ops.function": "grad"}),
    (
        ("ops",),
        FUNCTIONS,
        {
            "ops": "auto_generate communication",
            "ops.auto_generate": "gen_extend_func gen_ops_def",
            "ops.function": "array_func clip_func comm_func debug_func fft_func image_func linalg_func math_func "
            "nn_func other_func parameter_func random_func sparse_func sparse_unary_func spectral_func vmap_func",
            "ops.function.grad": "grad_func",
        },
    ),
    (
        ("ops",),
        CLASSES,
        {
            "ops": "operations",
            "ops.auto_generate": "gen_ops_prim",
            "ops.operations": "_inner_ops _quant_ops _rl_inner_ops _scalar_ops _sequence_ops array_ops "
            "comm_ops control_ops custom_ops debug_ops image_ops inner_ops linalg_ops math_ops other_ops "
            "random_ops sparse_ops spectral_ops",
        },
    ),
    (("ops.grad_ops", "ops"), CLASSES, {"ops.operations": "_grad_ops"}),
    (("ops", "ops.grad_ops"), CLASSES, {"ops.operations": "nn_ops"}),
    # Networks
    (
        ("nn",),
        CLASSES,
        {
            "nn": "cell grad layer loss optim sparse wrap",
            "nn.grad": "cell_grad",
            "nn.layer": "activation basic channel_shuffle combined container conv dense embedding image math "
            "normalization padding pooling rnn_cells rnns thor_layer timedistributed transformer",
            "nn.optim": "ada_grad adadelta adafactor adam adamax adasum asgd ftrl lamb lars lazyadam momentum "
            "optimizer proximal_ada_grad rmsprop rprop sgd thor",
            "nn.sparse": "sparse",
            "nn.wrap": "cell_wrapper grad_reducer loss_scale",
        },
    ),
    (("nn", "nn.loss"), CLASSES, {"nn.loss": "loss"}),
    (("nn", "train.metrics"), ANY, {"": "nn"}),  # has the metrics, too
    (("nn",), ANY, {"nn": "dynamic_lr learning_rate_schedule utils", "nn.utils": "init"}),
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
    # Training
    (
        ("train", ""),
        ANY,
        {
            "train": "_utils callback data_sink dataset_helper loss_scale_manager metrics model serialization summary "
            "train_thor",
            "train.callback": "_backup_and_restore _callback _checkpoint _early_stop _history _lambda_callback "
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
    (("mint.optim",), CLASSES, {"mint.optim": "adam adamw sgd"}),
    # Data
    (
        ("dataset",),
        ANY,
        {
            "dataset": "core ds engine",
            "dataset.core": "datatypes",
            "dataset.engine": "datasets datasets_audio datasets_standard_format datasets_text datasets_user_defined "
            "datasets_vision iterators samplers serializer_deserializer",
        },
    ),
    (("dataset.callback",), ANY, {"dataset.callback": "ds_callback"}),
    (("dataset.debug",), ANY, {"dataset.debug": "debug_hook"}),
    (("dataset.utils",), ANY, {"dataset.utils": "line_reader"}),
    (("dataset.config",), ANY, {"dataset.core": "config"}),
    (("dataset.transforms",), ANY, {"dataset.transforms": "c_transforms py_transforms transforms"}),
    (
        ("dataset.vision",),
        ANY,
        {"dataset.vision": "c_transforms py_transforms transforms utils", "dataset.transforms": "vision"},
    ),
    (
        ("mindrecord",),
        ANY,
        {
            "mindrecord": "common filereader filewriter mindpage shardutils tools",
            "mindrecord.common": "exceptions",
            "mindrecord.tools": "cifar10_to_mr cifar100_to_mr csv_to_mr imagenet_to_mr mnist_to_mr tfrecord_to_mr",
        },
    ),
    (("dataset.text",), ANY, {"dataset.text": "transforms utils"}),
    # Many devices
    (("communication",), FUNCTIONS, {"communication": "_comm_helper comm_func management"}),
    (("parallel", ""), ANY, {"parallel": "_auto_parallel_context _cost_model_context _utils"}),
)


def _expand() -> Iterator[tuple[str, Legacy]]:
    for sources, star, groups in _ROWS:
        for parent, leaves in groups.items():
            for leaf in leaves.split():
                yield f"{parent}.{leaf}".lstrip("."), Legacy(sources, star)


TABLE: dict[str, Legacy] = dict(_expand())
PARENTS: frozenset[str] = frozenset(path.rpartition(".")[0] for path in (*TABLE, *SAME))
