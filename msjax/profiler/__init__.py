"""Where the time of a program goes: MindSpore's profilers, which record with `jax.profiler`.

A trace is a folder `plugins/profile/NAME` with `*.xplane.pb`, for TensorBoard's profile plugin, and `*.trace.json.gz`,
for https://ui.perfetto.dev. What kinds of measurements exist on an Ascend (levels, metrics of its cores) is accepted.
"""

from msjax.core.names import Lazily, unknown_name
from msjax.profiler.marks import mstx
from msjax.profiler.options import (
    AicoreMetrics,
    ExportType,
    HostSystem,
    ProfilerActivity,
    ProfilerLevel,
    _ExperimentalConfig,
)
from msjax.profiler.profiler import Profiler, profile, tensorboard_trace_handler
from msjax.profiler.steps import ProfilerAction, schedule

_lazily = Lazily(__name__, names={"dynamic": "DynamicProfilerMonitor"})  # needs the callbacks of `train`

__getattr__, __dir__ = unknown_name(__name__, _lazily), _lazily.dir
