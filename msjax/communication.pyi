# Made by scripts/make_stubs.py.
"""Which process of how many this is. Programs over several processes are started with `jax.distributed.initialize`."""

from msjax.device.communication import GlobalComm as GlobalComm
from msjax.device.communication import HCCL_WORLD_COMM_GROUP as HCCL_WORLD_COMM_GROUP
from msjax.device.communication import MCCL_WORLD_COMM_GROUP as MCCL_WORLD_COMM_GROUP
from msjax.device.communication import NCCL_WORLD_COMM_GROUP as NCCL_WORLD_COMM_GROUP
from msjax.device.communication import get_group_rank_from_world_rank as get_group_rank_from_world_rank
from msjax.device.communication import get_group_size as get_group_size
from msjax.device.communication import get_process_group_ranks as get_process_group_ranks
from msjax.device.communication import get_rank as get_rank
from msjax.device.communication import get_world_rank_from_group_rank as get_world_rank_from_group_rank
from msjax.device.communication import init as init
from msjax.device.communication import release as release
