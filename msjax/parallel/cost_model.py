"""MindSpore's cost model of operators, which XLA does not need: its numbers are checked, kept and given back."""

from __future__ import annotations

from msjax.device.parallel import Options

_numbers = Options(
    "context",
    device_memory_capacity=16.0 * 2**30,
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
set_cost_model_context, get_cost_model_context = _numbers.set, _numbers.get
reset_cost_model_context = _numbers.reset
_switches = {"multi_subgraphs": False}


def _set_multi_subgraphs(multi_subgraph: bool = True) -> None:
    """Note whether a network is to be taken as several."""
    _switches["multi_subgraphs"] = bool(multi_subgraph)


def _get_multi_subgraphs() -> bool:
    """What `_set_multi_subgraphs` noted."""
    return bool(_switches["multi_subgraphs"])
