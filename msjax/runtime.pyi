# Made by scripts/make_stubs.py.
"""The device's memory and how it is allocated, waiting for it, streams; settings without effect; a check of the
installation."""

from msjax.device.runtime import Event as Event
from msjax.device.runtime import Stream as Stream
from msjax.device.runtime import StreamCtx as StreamCtx
from msjax.device.runtime import communication_stream as communication_stream
from msjax.device.runtime import current_stream as current_stream
from msjax.device.runtime import default_stream as default_stream
from msjax.device.runtime import dispatch_threads_num as dispatch_threads_num
from msjax.device.runtime import empty_cache as empty_cache
from msjax.device.runtime import launch_blocking as launch_blocking
from msjax.device.runtime import max_memory_allocated as max_memory_allocated
from msjax.device.runtime import max_memory_reserved as max_memory_reserved
from msjax.device.runtime import memory_allocated as memory_allocated
from msjax.device.runtime import memory_replay as memory_replay
from msjax.device.runtime import memory_reserved as memory_reserved
from msjax.device.runtime import memory_stats as memory_stats
from msjax.device.runtime import memory_summary as memory_summary
from msjax.device.runtime import reset_max_memory_allocated as reset_max_memory_allocated
from msjax.device.runtime import reset_max_memory_reserved as reset_max_memory_reserved
from msjax.device.runtime import reset_peak_memory_stats as reset_peak_memory_stats
from msjax.device.runtime import run_check as run_check
from msjax.device.runtime import set_allocator as set_allocator
from msjax.device.runtime import set_cpu_affinity as set_cpu_affinity
from msjax.device.runtime import set_cur_stream as set_cur_stream
from msjax.device.runtime import set_kernel_launch_capture as set_kernel_launch_capture
from msjax.device.runtime import set_kernel_launch_group as set_kernel_launch_group
from msjax.device.runtime import set_memory as set_memory
from msjax.device.runtime import synchronize as synchronize
from msjax.device.runtime import wait as wait
