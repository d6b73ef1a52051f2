"""The device's memory, and waiting for it; how memory is allocated on a CPU; a check of the installation.

Memory is as JAX reports it for the first local device; on the CPU JAX reports none, and all numbers are 0.
"""

from __future__ import annotations

import gc

import jax

from msjax.core import context
from msjax.core.allocator import set_allocator as set_allocator
from msjax.core.names import unknown_name

# What a statistic here is called in JAX's report.
_STATISTICS = {
    "total_reserved_memory": "bytes_reserved",
    "total_allocated_memory": "bytes_in_use",
    "max_reserved_memory": "peak_bytes_reserved",
    "max_allocated_memory": "peak_bytes_in_use",
}


def memory_stats() -> dict[str, int]:
    """The device's memory in bytes: reserved, allocated, idle, and the peaks.

    Example:
        >>> ms.runtime.memory_stats()["total_allocated_memory"] >= 0
        True
    """
    report = jax.local_devices()[0].memory_stats() or {}
    found = {name: report.get(reported, 0) for name, reported in _STATISTICS.items()}
    pool = report.get("pool_bytes", found["total_reserved_memory"])
    found["total_reserved_memory"] = max(pool, found["total_allocated_memory"])
    found["max_reserved_memory"] = max(found["max_reserved_memory"], found["total_reserved_memory"])
    found["total_idle_memory"] = found["total_reserved_memory"] - found["total_allocated_memory"]
    return found


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


def memory_summary() -> str:
    """The statistics as a table."""
    lines = [f"| {name:<24} | {value / 2**20:>12.1f} MB |" for name, value in memory_stats().items()]
    rule = "|" + "=" * (len(lines[0]) - 2) + "|"
    return "\n".join([rule, *lines, rule])


def empty_cache() -> None:
    """Let go of arrays that nothing refers to but each other."""
    gc.collect()


def synchronize() -> None:
    """Wait until all that was asked of the device is done."""
    jax.effects_barrier()
    jax.block_until_ready([array for array in jax.live_arrays() if not array.is_deleted()])


def launch_blocking() -> None:
    """Nothing: errors of operators are raised where they are called."""


def run_check() -> None:
    """Print the versions, and whether a multiplication on the device is right.

    Example:
        >>> ms.run_check()  # doctest: +SKIP
        msjax version:  0.1.0, of MindSpore's API 2.10.0, on JAX 0.10.2
        The result of multiplication calculation is correct, msjax runs on platform [CPU] successfully!
    """
    import msjax
    from msjax import Tensor

    print(
        f"msjax version:  {msjax.__msjax_version__}, of MindSpore's API {msjax.__version__}, on JAX {jax.__version__}"
    )
    if (Tensor([1.0, 2.0]) * Tensor([3.0, 4.0])).tolist() != [3.0, 8.0]:
        raise RuntimeError(f"The result of a multiplication on platform [{context.default_target()}] is wrong.")
    print(
        "The result of multiplication calculation is correct, msjax runs on platform "
        f"[{context.default_target()}] successfully!"
    )


__getattr__ = unknown_name(__name__)
