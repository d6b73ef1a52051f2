"""What programs ask of MindSpore's auto-parallel context behind its public functions.

    auto_parallel_context().get_device_num()     _get_parallel_mode()     _get_gradients_mean()

All is read from the one context that `set_auto_parallel_context` writes.
"""

from __future__ import annotations

from typing import Any

from msjax.core import context, random
from msjax.device import communication
from msjax.device.parallel import Options

# Options that the object gives another name than `set_auto_parallel_context`.
_RENAMED = {"strategy_search_mode": "search_mode", "all_reduce_fusion_split_indices": "all_reduce_fusion_config"}
# Options that are in one of the two dicts among the options: which, under which key, and the default.
_PARTS: dict[str, tuple[str, str, Any]] = {
    "pipeline_interleave": ("pipeline_config", "pipeline_interleave", False),
    "pipeline_scheduler": ("pipeline_config", "pipeline_scheduler", "1f1b"),
    "grad_accumulation_shard": ("parallel_optimizer_config", "gradient_accumulation_shard", False),
    "parallel_optimizer_threshold": ("parallel_optimizer_config", "parallel_optimizer_threshold", -1),
}
_IS_SET = "_is_set"
_STAND_ALONE = context.ParallelMode.STAND_ALONE


class AutoParallelContext:
    """The auto-parallel context as an object: `get_X()`, `set_X(value)` and `get_X_is_set()` for each option X."""

    def __getattr__(self, name: str) -> Any:
        verb, _, option = name.partition("_")
        option = _RENAMED.get(option, option)
        if verb == "get" and option in _PARTS:
            whole, key, default = _PARTS[option]
            return lambda: context.get_auto_parallel_context(whole).get(key, default)
        if verb == "get" and option.endswith(_IS_SET) and self._has(option.removesuffix(_IS_SET)):
            return lambda: context.is_auto_parallel_set(option.removesuffix(_IS_SET))
        if verb == "get" and self._has(option):
            return lambda group="": context.get_auto_parallel_context(option)
        if verb == "set" and self._has(option):
            return lambda value, group="": context.set_auto_parallel_context(**{option: value})
        raise AttributeError(f"the auto-parallel context has no {name!r}", name=name, obj=self)

    def _has(self, option: str) -> bool:
        try:
            context.get_auto_parallel_context(option)
        except ValueError:
            return False
        return True

    def check_context_handle(self) -> None:
        """Nothing can be wrong with it: it is a dict of Python's."""

    def reset(self) -> None:
        """Put all options back to their defaults."""
        context.reset_auto_parallel_context()


_THE_ONE = AutoParallelContext()


def auto_parallel_context() -> AutoParallelContext:
    """The one auto-parallel context."""
    return _THE_ONE


_set_auto_parallel_context = context.set_auto_parallel_context
_get_auto_parallel_context = context.get_auto_parallel_context
_reset_auto_parallel_context = context.reset_auto_parallel_context


def _asks(option: str):
    def ask() -> Any:
        return context.get_auto_parallel_context(option)

    ask.__doc__ = f"The option `{option}` of the auto-parallel context."
    return ask


_get_parallel_mode = _asks("parallel_mode")
_get_gradients_mean = _asks("gradients_mean")
_get_full_batch = _asks("full_batch")
_get_pipeline_stages = _asks("pipeline_stages")
_get_parameter_broadcast = _asks("parameter_broadcast")
_get_enable_parallel_optimizer = _asks("enable_parallel_optimizer")
_get_seed = random.get_seed


def _get_device_num() -> int:
    """How many devices take part: 1 alone, else what is set, else the number of processes."""
    return _of_the_group("device_num", 1, communication.get_group_size)


def _get_global_rank() -> int:
    """Which of them this one is: 0 alone, else what is set, else the number of this process."""
    return _of_the_group("global_rank", 0, communication.get_rank)


def _of_the_group(option: str, alone: int, ask) -> int:
    if _get_parallel_mode() == _STAND_ALONE:
        return alone
    return context.get_auto_parallel_context(option) if context.is_auto_parallel_set(option) else ask()


def _get_stage_device_num() -> int:
    """How many devices each stage of a pipeline has."""
    return _get_device_num() // _get_pipeline_stages()


def _get_grad_accumulation_shard() -> bool:
    """Whether gradients that are added up are spread over the devices."""
    return _THE_ONE.get_grad_accumulation_shard()


def _is_sharding_propagation() -> bool:
    """Whether layouts are found by propagation."""
    return context.get_auto_parallel_context("search_mode") == "sharding_propagation"


def _is_in_auto_parallel_mode() -> bool:
    """Whether operators are split, by rules or by search."""
    return _get_parallel_mode() in (context.ParallelMode.SEMI_AUTO_PARALLEL, context.ParallelMode.AUTO_PARALLEL)


def _is_in_data_parallel_mode() -> bool:
    """Whether each device has other rows of a batch and the same network."""
    return _get_parallel_mode() == context.ParallelMode.DATA_PARALLEL


def _is_in_hybrid_parallel_mode() -> bool:
    """Whether the program itself says what is where."""
    return _get_parallel_mode() == context.ParallelMode.HYBRID_PARALLEL


def _need_to_full() -> bool:
    """Whether each process brings a part of the batch, of which the whole is made."""
    if not _is_in_auto_parallel_mode():
        return False
    spread = context.get_auto_parallel_context("dataset_strategy")
    return not _get_full_batch() or bool(spread and spread not in ("data_parallel", "full_batch"))


def _check_full_batch() -> None:
    """A whole batch on each device is for the modes that split it."""
    if _get_full_batch() and not _is_in_auto_parallel_mode():
        raise RuntimeError("full_batch could only be used under semi_auto_parallel or auto_parallel.")


def _device_number_check(parallel_mode: str, device_number: int) -> None:
    """Alone is one device."""
    if parallel_mode == _STAND_ALONE and device_number != 1:
        raise ValueError(f"In mode {parallel_mode!r} the number of devices must be 1, but got {device_number}.")


def _parameter_broadcast_check(parallel_mode: str, parameter_broadcast: bool) -> None:
    """Parameters are sent to all devices only where the program says what is where."""
    if parameter_broadcast is True and parallel_mode not in ("data_parallel", "hybrid_parallel"):
        raise ValueError(f"Parameters are not broadcast in mode {parallel_mode!r}.")


# What a search for the best layouts would take into account. XLA searches otherwise, so these are kept and given back.
_costs = Options(
    "context",
    device_memory_capacity=17179869184.0,
    costmodel_alpha=1.0,
    costmodel_beta=400.0,
    costmodel_gamma=0.001,
    costmodel_communi_threshold=2048.0,
    costmodel_communi_const=3072.0,
    costmodel_communi_bias=1024.0,
    run_phase=0,
    costmodel_allreduce_fusion_algorithm=0,
    costmodel_allreduce_fusion_times=0,
    costmodel_allreduce_fusion_tail_percent=0.1,
    costmodel_allreduce_fusion_tail_time=0.1,
    costmodel_allreduce_fusion_allreduce_inherent_time=0.1,
    costmodel_allreduce_fusion_allreduce_bandwidth=0.1,
    costmodel_allreduce_fusion_computation_time_parameter=0.1,
)
set_cost_model_context, get_cost_model_context, reset_cost_model_context = _costs.set, _costs.get, _costs.reset

_search = Options("context", multi_subgraphs=False, dp_algo_single_loop=False, rp_matmul_mem_coef=0.1)


def _set_multi_subgraphs(multi_subgraph: bool = True) -> None:
    """Kept for `_get_multi_subgraphs`."""
    _search.set(multi_subgraphs=multi_subgraph)


def _set_algo_single_loop(single_loop: bool = True) -> None:
    """Kept for `_get_algo_single_loop`."""
    _search.set(dp_algo_single_loop=single_loop)


def _set_rp_matmul_mem_coef(coef: float) -> None:
    """Kept for `_get_rp_matmul_mem_coef`."""
    _search.set(rp_matmul_mem_coef=coef)


def _get_multi_subgraphs() -> bool:
    """What `_set_multi_subgraphs` was given."""
    return _search.get("multi_subgraphs")


def _get_algo_single_loop() -> bool:
    """What `_set_algo_single_loop` was given."""
    return _search.get("dp_algo_single_loop")


def _get_rp_matmul_mem_coef() -> float:
    """What `_set_rp_matmul_mem_coef` was given."""
    return _search.get("rp_matmul_mem_coef")
