"""MindSpore's settings of one kind of device each. XLA needs none of them: they are noted, and have no effect.

    ms.device_context.ascend.op_precision.precision_mode("allow_fp32_to_fp16")
    ms.device_context.cpu.is_available()

The modules under this path are made here, of one table.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

from msjax.core import context
from msjax.core.names import unknown_name
from msjax.device import hal

__path__: list[str] = []  # a package, whose modules have no files
_PATH = "msjax.device_context"
_TARGETS = {"ascend": "Ascend", "cpu": "CPU", "gpu": "GPU"}  # as `hal` calls them

# module -> setting -> the parameters of its function
SETTINGS: dict[str, dict[str, str]] = {
    "ascend.op_debug": {
        "aclinit_config": "config",
        "debug_option": "option_value",
        "execute_timeout": "op_timeout",
    },
    "ascend.op_precision": {
        "conv_allow_hf32": "value",
        "matmul_allow_hf32": "value",
        "op_precision_mode": "path",
        "precision_mode": "mode",
    },
    "ascend.op_tuning": {
        "aclnn_cache": "enable_global_cache=False, cache_queue_length=10000",
        "aoe_job_type": "config",
        "aoe_tune_mode": "tune_mode",
        "op_compile": "value",
    },
    "cpu.op_tuning": {"threads_num": "num"},
    "gpu.op_precision": {"conv_allow_tf32": "value", "matmul_allow_tf32": "value"},
    "gpu.op_tuning": {"conv_dgrad_algo": "mode", "conv_fprop_algo": "mode", "conv_wgrad_algo": "mode"},
}


def _setting(module: str, name: str, parameters: str) -> Callable[..., None]:
    """The function that notes a setting, for `context.ignored()` to tell."""
    # The parameters stand in tables of this room, which nothing else fills.
    signature = inspect.signature(eval(f"lambda {parameters}: None"))

    def note(*args, **kwargs) -> None:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        values = bound.arguments
        context.note(f"{module}.{name}", next(iter(values.values())) if len(values) == 1 else dict(values))

    note.__signature__ = signature  # type: ignore[attr-defined]
    note.__name__ = note.__qualname__ = name
    note.__doc__ = f"Note the setting `{module}.{name}`, which has no effect here."
    return note


def _presence(target: str) -> dict[str, Callable[[], int]]:
    """`is_available` and `device_count` of one kind of device."""

    def is_available() -> bool:
        """Whether there is such a device."""
        return hal.is_available(target)

    def device_count() -> int:
        """How many such devices this process can use."""
        return hal.device_count(target)

    return {"is_available": is_available, "device_count": device_count}


def _module(path: str, doc: str, members: dict[str, Any]) -> ModuleType:
    """A module with these members, entered where an import of its path finds it."""
    name = f"{_PATH}.{path}"
    module = sys.modules[name] = module_from_spec(ModuleSpec(name, None, is_package=True))
    module.__doc__ = doc
    vars(module).update(members, __getattr__=unknown_name(name))
    return module


def _modules_of(kind: str) -> ModuleType:
    """The module of one kind of device, with those of its settings."""
    members: dict[str, Any] = _presence(_TARGETS[kind])
    members["device"] = _module(f"{kind}.device", f"{_TARGETS[kind]}: whether there are any.", members)
    for path, settings in SETTINGS.items():
        of, _, topic = path.partition(".")
        if of == kind:
            functions = {name: _setting(path, name, parameters) for name, parameters in settings.items()}
            members[topic] = _module(path, f"Settings of {_TARGETS[kind]}, which are noted.", functions)
    return _module(kind, f"{_TARGETS[kind]}: whether there are any, and MindSpore's settings for them.", members)


ascend, cpu, gpu = _modules_of("ascend"), _modules_of("cpu"), _modules_of("gpu")

__getattr__ = unknown_name(_PATH)
