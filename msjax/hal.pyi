# Made by scripts/make_stubs.py.
"""The devices that are there, under the names of MindSpore's older module; memory is that of `runtime`."""

from msjax.device.hal import Event as Event
from msjax.device.hal import Stream as Stream
from msjax.device.hal import StreamCtx as StreamCtx
from msjax.device.hal import communication_stream as communication_stream
from msjax.device.hal import current_stream as current_stream
from msjax.device.hal import default_stream as default_stream
from msjax.device.hal import device_count as device_count
from msjax.device.hal import empty_cache as empty_cache
from msjax.device.hal import get_arch_list as get_arch_list
from msjax.device.hal import get_device_capability as get_device_capability
from msjax.device.hal import get_device_name as get_device_name
from msjax.device.hal import get_device_properties as get_device_properties
from msjax.device.hal import is_available as is_available
from msjax.device.hal import is_initialized as is_initialized
from msjax.device.hal import max_memory_allocated as max_memory_allocated
from msjax.device.hal import max_memory_reserved as max_memory_reserved
from msjax.device.hal import memory_allocated as memory_allocated
from msjax.device.hal import memory_reserved as memory_reserved
from msjax.device.hal import memory_stats as memory_stats
from msjax.device.hal import memory_summary as memory_summary
from msjax.device.hal import reset_max_memory_allocated as reset_max_memory_allocated
from msjax.device.hal import reset_max_memory_reserved as reset_max_memory_reserved
from msjax.device.hal import reset_peak_memory_stats as reset_peak_memory_stats
from msjax.device.hal import set_cur_stream as set_cur_stream
from msjax.device.hal import synchronize as synchronize
