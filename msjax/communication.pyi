# Made by scripts/make_stubs.py.
"""Several processes of one program: joining them, groups of them, and what they exchange."""

from msjax.device.communication import GlobalComm as GlobalComm
from msjax.device.communication import HCCL_WORLD_COMM_GROUP as HCCL_WORLD_COMM_GROUP
from msjax.device.communication import MCCL_WORLD_COMM_GROUP as MCCL_WORLD_COMM_GROUP
from msjax.device.communication import NCCL_WORLD_COMM_GROUP as NCCL_WORLD_COMM_GROUP
from msjax.device.communication import create_group as create_group
from msjax.device.communication import destroy_group as destroy_group
from msjax.device.communication import get_comm_name as get_comm_name
from msjax.device.communication import get_group_rank_from_world_rank as get_group_rank_from_world_rank
from msjax.device.communication import get_group_size as get_group_size
from msjax.device.communication import get_local_rank as get_local_rank
from msjax.device.communication import get_local_rank_size as get_local_rank_size
from msjax.device.communication import get_process_group_ranks as get_process_group_ranks
from msjax.device.communication import get_rank as get_rank
from msjax.device.communication import get_world_rank_from_group_rank as get_world_rank_from_group_rank
from msjax.device.communication import init as init
from msjax.device.communication import release as release
