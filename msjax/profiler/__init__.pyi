# Made by scripts/make_stubs.py.
"""Where the time of a program goes: MindSpore's profilers, which record with `jax.profiler`."""

from msjax.profiler.marks import mstx as mstx
from msjax.profiler.options import AicoreMetrics as AicoreMetrics
from msjax.profiler.options import ExportType as ExportType
from msjax.profiler.options import HostSystem as HostSystem
from msjax.profiler.options import ProfilerActivity as ProfilerActivity
from msjax.profiler.options import ProfilerLevel as ProfilerLevel
from msjax.profiler.profiler import Profiler as Profiler
from msjax.profiler.profiler import profile as profile
from msjax.profiler.profiler import tensorboard_trace_handler as tensorboard_trace_handler
from msjax.profiler.steps import ProfilerAction as ProfilerAction
from msjax.profiler.steps import schedule as schedule

