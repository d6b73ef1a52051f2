"""What MindSpore's profilers can be asked to measure on an Ascend; here it is accepted and has no effect."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass
class _ExperimentalConfig:
    """Further options of `profile`, which are kept and have no effect.

    Args:
        profiler_level, aic_metrics, l2_cache, mstx, data_simplification, export_type, mstx_domain_include,
            mstx_domain_exclude, sys_io, sys_interconnection, host_sys: those of MindSpore 2.10.

    Example:
        >>> ms.profiler._ExperimentalConfig(l2_cache=True).l2_cache
        True
    """

    profiler_level: ProfilerLevel = ProfilerLevel.Level0
    aic_metrics: AicoreMetrics = AicoreMetrics.AiCoreNone
    l2_cache: bool = False
    mstx: bool = False
    data_simplification: bool = True
    export_type: Any = None
    mstx_domain_include: Any = None
    mstx_domain_exclude: Any = None
    sys_io: bool = False
    sys_interconnection: bool = False
    host_sys: Any = None
