"""The names of `mint.distributed` that are in `ops`, too; loaded when they are first used."""

from __future__ import annotations

import importlib
from functools import partial

from msjax.ops.table import publish_later

_NAMES = {
    "groups": "destroy_process_group get_backend get_global_rank get_group_rank get_process_group_ranks get_rank "
    "get_world_size init_process_group is_available is_initialized new_group",
    "store": "TCPStore",
    "tensors": "P2POp all_gather all_gather_into_tensor all_gather_into_tensor_uneven all_reduce all_to_all "
    "all_to_all_single barrier batch_isend_irecv broadcast gather_into_tensor irecv isend recv reduce reduce_scatter "
    "reduce_scatter_tensor reduce_scatter_tensor_uneven scatter_tensor send",
    "objects": "all_gather_object broadcast_object_list gather_object recv_object_list scatter_object_list "
    "send_object_list",
}


def _find(module: str, name: str):
    return getattr(importlib.import_module(f"msjax.ops.distributed.{module}"), name)


for _module, _names in _NAMES.items():
    for _name in _names.split():
        publish_later("ops", _name, partial(_find, _module, _name))
