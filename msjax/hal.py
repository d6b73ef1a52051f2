"""The devices that are there, under the names of MindSpore's older module; memory is that of `runtime`."""

from __future__ import annotations

import jax

from msjax import runtime
from msjax.core import context
from msjax.core.names import unknown_name

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
    """Whether a device of this kind can be used at once; JAX starts all it has when the first is needed."""
    return is_available(device_target)


def get_device_name(device_id: int, device_target: str | None = None) -> str:
    """What the device calls itself.

    Raises:
        ValueError: if there is no such device.
    """
    devices = _devices("get_device_name", device_target)
    if not 0 <= device_id < len(devices):
        raise ValueError(
            f"For 'hal.get_device_name', there are {len(devices)} devices, but got the number {device_id}."
        )
    kind = devices[device_id].device_kind
    return "CPU" if kind == "cpu" else kind


def _devices(function: str, target: str | None) -> list:
    if target is not None and target not in _TARGETS:
        raise ValueError(
            f"For 'hal.{function}', the argument 'device_target' must be one of {list(_TARGETS)}, but got {target}."
        )
    if target in (None, context.default_target()):
        return jax.local_devices()
    try:
        return jax.local_devices(backend=str(target).lower())
    except RuntimeError:  # a backend that is not here
        return []


def _of_device(statistic):
    def found(device_target: str | None = None):
        return statistic()

    found.__name__, found.__doc__ = statistic.__name__, statistic.__doc__
    return found


empty_cache, synchronize = runtime.empty_cache, runtime.synchronize
memory_stats, memory_summary = _of_device(runtime.memory_stats), _of_device(runtime.memory_summary)
memory_allocated, memory_reserved = _of_device(runtime.memory_allocated), _of_device(runtime.memory_reserved)
max_memory_allocated = _of_device(runtime.max_memory_allocated)
max_memory_reserved = _of_device(runtime.max_memory_reserved)

__getattr__ = unknown_name(__name__)
