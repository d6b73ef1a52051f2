"""The device's memory and how it is allocated, waiting for it, streams; settings without effect; a check of the
installation.

Memory is as JAX reports it for the device that Tensors are made on; on the CPU JAX reports none, and all numbers are 0.
"""

from __future__ import annotations

import gc
from typing import Any

import jax

from msjax.core import context, device
from msjax.core.names import unknown_name
from msjax.core.tensor import Tensor
from msjax.device.allocator import set_allocator
from msjax.device.stream import (
    Event,
    Stream,
    StreamCtx,
    communication_stream,
    current_stream,
    default_stream,
    set_cur_stream,
    wait,
)
from msjax.version import __msjax_version__, __version__

# What a statistic here is called in JAX's report.
_STATISTICS = {
    "total_reserved_memory": "bytes_reserved",
    "total_allocated_memory": "bytes_in_use",
    "max_reserved_memory": "peak_bytes_reserved",
    "max_allocated_memory": "peak_bytes_in_use",
}
_PEAKS = {"max_reserved_memory": "total_reserved_memory", "max_allocated_memory": "total_allocated_memory"}


_peaks_from: dict[str, int] = {}  # peaks that `reset_...` has put behind us


def memory_stats(device_target: str | None = None) -> dict[str, Any]:
    """The device's memory in bytes: reserved, allocated, idle, and the peaks. JAX tells nothing of the blocks of its
    pool: none are listed.

    Args:
        device_target: the kind of device, of which the first is meant; None for that which Tensors are made on.

    Example:
        >>> ms.runtime.memory_stats()["total_allocated_memory"] >= 0
        True
    """
    here = device.current() if device_target is None else next(iter(device.devices(device_target)), None)
    report = (here.memory_stats() if here is not None else None) or {}
    statistics = {name: report.get(reported, 0) for name, reported in _STATISTICS.items()}
    pool = report.get("pool_bytes", statistics["total_reserved_memory"])
    statistics["total_reserved_memory"] = max(pool, statistics["total_allocated_memory"])
    for peak, total in _PEAKS.items():
        if statistics[peak] <= _peaks_from.get(peak, -1):  # not reached again since the peaks were reset
            statistics[peak] = 0
        statistics[peak] = max(statistics[peak], statistics[total])
    idle = statistics["total_reserved_memory"] - statistics["total_allocated_memory"]
    return {
        **{total: statistics[total] for total in _PEAKS.values()},
        "total_idle_memory": idle,
        "total_eager_free_memory": 0,
        **{peak: statistics[peak] for peak in _PEAKS},
        "common_mem_pool_stats": {"block_unit_size": 0, "block_counts": 0, "blocks_info": {}},
        "persistent_mem_pool_stats": {"block_counts": 0, "block_unit_size": 0, "blocks_info": {}},
    }


def memory_allocated() -> int:
    """Bytes in use."""
    return memory_stats()["total_allocated_memory"]


def memory_reserved() -> int:
    """Bytes that JAX has taken from the device."""
    return memory_stats()["total_reserved_memory"]


def max_memory_allocated() -> int:
    """The most bytes that were ever in use."""
    return memory_stats()["max_allocated_memory"]


def max_memory_reserved() -> int:
    """The most bytes that JAX has ever taken from the device."""
    return memory_stats()["max_reserved_memory"]


def memory_summary(device_target: str | None = None) -> str:
    """The statistics as a table."""
    totals = {name: value for name, value in memory_stats(device_target).items() if isinstance(value, int)}
    lines = [f"| {name:<24} | {value / 2**20:>12.1f} MB |" for name, value in totals.items()]
    rule = "|" + "=" * (len(lines[0]) - 2) + "|"
    return "\n".join([rule, *lines, rule])


def empty_cache() -> None:
    """Let go of arrays that nothing refers to but each other."""
    gc.collect()


synchronize = wait


def reset_peak_memory_stats() -> None:
    """Let the peaks begin anew at what is in use."""
    for peak in _PEAKS:
        _reset(peak)


def reset_max_memory_allocated() -> None:
    """Let the peak of bytes in use begin anew."""
    _reset("max_allocated_memory")


def reset_max_memory_reserved() -> None:
    """Let the peak of bytes that JAX has taken begin anew."""
    _reset("max_reserved_memory")


def _reset(peak: str) -> None:
    _peaks_from[peak] = memory_stats()[peak]


def set_memory(
    init_size: Any = "2GB",
    increase_size: Any = "2GB",
    max_size: Any = "1024GB",
    optimize_level: Any = "O0",
    huge_page_reserve_size: Any = "0GB",
) -> None:
    """Note sizes of the pool of memory; JAX's own is set by `XLA_PYTHON_CLIENT_MEM_FRACTION`."""
    context.note("runtime.set_memory", dict(locals()))


def set_cpu_affinity(
    enable_affinity: Any, affinity_cpu_list: Any = None, module_to_cpu_dict: Any = None, bind_file: Any = None
) -> None:
    """Note which cores to use; threads are XLA's to place."""
    context.note("runtime.set_cpu_affinity", dict(locals()))


def dispatch_threads_num(threads_num: Any) -> None:
    """Note how many threads launch operators; XLA needs none."""
    context.note("runtime.dispatch_threads_num", threads_num)


def set_kernel_launch_group(thread_num: Any = 2, kernel_group_num: Any = 8) -> None:
    """Note how kernels are launched in groups; XLA needs none."""
    context.note("runtime.set_kernel_launch_group", dict(locals()))


def set_kernel_launch_capture(enable_capture_graph: Any, op_capture_skip: Any = None) -> None:
    """Note that launches shall be captured in graphs; that is for XLA to decide."""
    context.note("runtime.set_kernel_launch_capture", dict(locals()))


def memory_replay(file_path: str) -> None:
    """Note a file with a record of memory; there is nothing to replay."""
    context.note("runtime.memory_replay", file_path)


def launch_blocking() -> None:
    """Nothing: errors of operators are raised where they are called."""


def run_check() -> None:
    """Print the versions, and whether a multiplication on the device is right.

    Example:
        >>> ms.run_check()
        msjax version:  ..., of MindSpore's API 2.10.0, on JAX ...
        The result of multiplication calculation is correct, msjax runs on platform [...] successfully!
    """
    print(f"msjax version:  {__msjax_version__}, of MindSpore's API {__version__}, on JAX {jax.__version__}")
    if (Tensor([1.0, 2.0]) * Tensor([3.0, 4.0])).tolist() != [3.0, 8.0]:
        raise RuntimeError(f"The result of a multiplication on platform [{context.default_target()}] is wrong.")
    print(
        "The result of multiplication calculation is correct, msjax runs on platform "
        f"[{context.default_target()}] successfully!"
    )


__getattr__ = unknown_name("msjax.runtime")
