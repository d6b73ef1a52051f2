"""What MindSpore's profilers can be asked to measure on an Ascend; here it is accepted and has no effect."""

from __future__ import annotations

from enum import Enum
from typing import Any


class ProfilerLevel(Enum):
    """How much is measured of each operator."""

    LevelNone = "LevelNone"
    Level0 = "Level0"
    Level1 = "Level1"
    Level2 = "Level2"


class ProfilerActivity(Enum):
    """Which devices are watched. Here all are, always."""

    NPU = "NPU"
    GPU = "GPU"
    CPU = "CPU"


class AicoreMetrics(Enum):
    """Which counters of an Ascend's cores are read."""

    PipeUtilization = "PipeUtilization"
    ArithmeticUtilization = "ArithmeticUtilization"
    Memory = "Memory"
    MemoryL0 = "MemoryL0"
    MemoryUB = "MemoryUB"
    ResourceConflictRatio = "ResourceConflictRatio"
    L2Cache = "L2Cache"
    MemoryAccess = "MemoryAccess"
    AiCoreNone = "None"


class ExportType(Enum):
    """The formats of what MindSpore writes about an Ascend."""

    Db = "db"
    Text = "text"


class HostSystem(Enum):
    """What of the host is watched."""

    CPU = "cpu"
    MEM = "mem"
    DISK = "disk"
    NETWORK = "network"
    OSRT = "osrt"


_DEFAULTS = dict(
    profiler_level=ProfilerLevel.Level0, aic_metrics=AicoreMetrics.AiCoreNone, l2_cache=False, mstx=False,
    data_simplification=True, export_type=None, mstx_domain_include=None, mstx_domain_exclude=None, sys_io=False,
    sys_interconnection=False, host_sys=None,
)  # fmt: skip


class _ExperimentalConfig:
    """Further options of `profile`, which are kept and have no effect.

    Args:
        options: those of MindSpore 2.10, by name: `profiler_level`, `aic_metrics`, `l2_cache`, `mstx`, ...

    Raises:
        TypeError: if one is unknown.

    Example:
        >>> ms.profiler._ExperimentalConfig(l2_cache=True).l2_cache
        True
    """

    def __init__(self, **options: Any):
        if unknown := sorted(set(options) - set(_DEFAULTS)):
            raise TypeError(f"For '_ExperimentalConfig', the options {unknown} are not known; there are {[*_DEFAULTS]}")
        vars(self).update(_DEFAULTS | options)
