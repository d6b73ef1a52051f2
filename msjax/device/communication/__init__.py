"""Several processes of one program: joining them, groups of them, and what they exchange."""

from msjax.core.names import unknown_name
from msjax.device.communication.group import (
    HCCL_WORLD_COMM_GROUP,
    MCCL_WORLD_COMM_GROUP,
    NCCL_WORLD_COMM_GROUP,
)
from msjax.device.communication.processes import (
    GlobalComm,
    create_group,
    destroy_group,
    get_comm_name,
    get_group_rank_from_world_rank,
    get_group_size,
    get_local_rank,
    get_local_rank_size,
    get_process_group_ranks,
    get_rank,
    get_world_rank_from_group_rank,
    init,
    is_initialized,
    release,
)

__all__ = [
    "GlobalComm", "init", "release", "get_rank", "get_group_size", "get_process_group_ranks", "create_group",
    "destroy_group", "get_local_rank", "get_local_rank_size", "get_comm_name",
    "get_world_rank_from_group_rank", "get_group_rank_from_world_rank", "HCCL_WORLD_COMM_GROUP",
    "NCCL_WORLD_COMM_GROUP", "MCCL_WORLD_COMM_GROUP",
]  # fmt: skip
__getattr__ = unknown_name("msjax.communication")
