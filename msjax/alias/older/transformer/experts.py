"""Layers of several experts, of which only the options are here: one expert is a layer as any other."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from msjax import nn
from msjax.alias.older.transformer.config import _Config


class MoEConfig(_Config):
    """How many experts there are, and how tokens are given to them."""

    options: ClassVar = {
        "expert_num": ("int > 0", 1),
        "capacity_factor": ("float or int", 1.1),
        "aux_loss_factor": ("float or int", 0.05),
        "num_experts_chosen": ("int > 0", 1),
        "expert_group_size": ("None or int > 0", None),
        "group_wise_a2a": ("bool", False),
        "comp_comm_parallel": ("bool", False),
        "comp_comm_parallel_degree": ("int > 0", 2),
    }

    expert_num: int


default_moe_config = MoEConfig()


class MoE(nn.Cell):
    """Several experts, which are not in msjax: to build one is an error that says what to use."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__()
        _refuse("MoE")


def _check_moe_config(moe_config: Any = None, parallel_config: Any = None) -> None:
    """A configuration of one expert, or none."""
    if not isinstance(moe_config, MoEConfig):
        raise TypeError(f"'moe_config' must be a MoEConfig, but got {type(moe_config).__name__}.")
    if moe_config.expert_num > 1:
        _refuse("moe_config")


def _refuse(name: str) -> NoReturn:
    raise ValueError(
        f"For '{name}', layers of several experts are not in msjax: they are two products with a weight for each "
        "expert, and ops.moe_token_permute."
    )
