"""Many devices: layouts and strategies, `AutoParallel`, optimizer state in parts, checkpoints in slices, plans."""

from msjax.core.names import Lazily, unknown_name
from msjax.device.parallel import (
    get_algo_parameters,
    reset_algo_parameters,
    set_algo_parameters,
    set_op_strategy_config,
)

_lazily = Lazily(
    __name__,
    ("auto_parallel", "function", "nn", "traffic"),
    {
        "layout": "Layout",
        "function": "shard",
        "pipelines": "parameter_broadcast sync_pipeline_shared_parameters",
        "slices": "load_distributed_checkpoint load_segmented_checkpoints merge_sliced_parameter",
        "strategy_files": "build_searched_strategy merge_pipeline_strategys restore_group_info_list",
        "conversion": "convert_checkpoint_by_rank convert_checkpoints get_ckpt_path_with_strategy "
        "rank_list_for_convert rank_list_for_transform transform_checkpoint_by_rank transform_checkpoints "
        "unified_safetensors",
    },
)

__getattr__ = unknown_name(__name__, _lazily)
__dir__ = _lazily.dir
