"""The devices that are there, under the names of MindSpore's older module; memory is that of `runtime`."""

from __future__ import annotations

from msjax.core.device import current_target, devices
from msjax.core.names import unknown_name
from msjax.device import runtime
from msjax.device.stream import (
    Event,
    Stream,
    StreamCtx,
    communication_stream,
    current_stream,
    default_stream,
    set_cur_stream,
)
from msjax.shims.distributed import backend_started

_TARGETS = ("CPU", "GPU", "TPU", "Ascend")


def device_count(device_target: str | None = None) -> int:
    """How many devices of a kind, of the default one if none is named, this process can use.

    Example:
        >>> ms.hal.device_count("CPU") >= 1
        True
    """
    return len(_devices("device_count", device_target))


def is_available(device_target: str) -> bool:
    """Whether there is a device of this kind.

    Raises:
        ValueError: if it is no kind of device.
    """
    return bool(_devices("is_available", device_target))


def is_initialized(device_target: str) -> bool:
    """Whether a device of this kind has been used; JAX starts all it has when the first is needed."""
    return backend_started() and is_available(device_target)


def get_device_name(device_id: int, device_target: str | None = None) -> str:
    """What the device calls itself.

    Raises:
        ValueError: if there is no such device.
    """
    return _name(_device("get_device_name", device_id, device_target))


def get_device_properties(device_id: int, device_target: str | None = None) -> dict:
    """What JAX knows of a device: its name, platform and bytes of memory."""
    chip = _device("get_device_properties", device_id, device_target)
    limit = (chip.memory_stats() or {}).get("bytes_limit", 0)
    return {"name": _name(chip), "platform": chip.platform, "total_memory": limit}


def get_device_capability(device_id: int, device_target: str | None = None) -> tuple[int, int] | None:
    """The compute capability (major, minor) of a GPU; None of other devices."""
    capability = getattr(_device("get_device_capability", device_id, device_target), "compute_capability", None)
    if capability is None:
        return None
    major, _, minor = str(capability).partition(".")
    return int(major), int(minor or 0)


def get_arch_list(device_target: str | None = None) -> list[str] | None:
    """None: programs are compiled for the device that is there."""
    _devices("get_arch_list", device_target)


def _device(function: str, device_id: int, target: str | None):
    devices = _devices(function, target)
    if not 0 <= device_id < len(devices):
        raise ValueError(f"For 'hal.{function}', there are {len(devices)} devices, but got the number {device_id}.")
    return devices[device_id]


def _name(chip) -> str:
    return "CPU" if chip.device_kind == "cpu" else chip.device_kind


def _devices(function: str, target: str | None) -> list:
    if target is not None and target not in _TARGETS:
        raise ValueError(
            f"For 'hal.{function}', the argument 'device_target' must be one of {list(_TARGETS)}, but got {target}."
        )
    return devices(target or current_target())


def _of_device(name: str):
    """The statistic of `runtime.memory_stats` under a name, of a kind of device."""

    def statistic(device_target: str | None = None) -> int:
        return runtime.memory_stats(device_target)[name]

    return statistic


def reset_peak_memory_stats(device_target: str | None = None) -> None:
    """Let the peaks begin anew at what is in use."""
    runtime.reset_peak_memory_stats()


def reset_max_memory_allocated(device_target: str | None = None) -> None:
    """Let the peak of bytes in use begin anew."""
    runtime.reset_max_memory_allocated()


def reset_max_memory_reserved(device_target: str | None = None) -> None:
    """Let the peak of bytes that JAX has taken begin anew."""
    runtime.reset_max_memory_reserved()


def memory_summary(device_target: str | None = None) -> str:
    """The statistics as a table."""
    return runtime.memory_summary(device_target)


empty_cache, synchronize, memory_stats = runtime.empty_cache, runtime.synchronize, runtime.memory_stats
memory_allocated, memory_reserved = _of_device("total_allocated_memory"), _of_device("total_reserved_memory")
max_memory_allocated, max_memory_reserved = _of_device("max_allocated_memory"), _of_device("max_reserved_memory")

__getattr__ = unknown_name("msjax.hal")
