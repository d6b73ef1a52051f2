"""What programs take from `mindspore._c_expression`, which is compiled code there."""

from __future__ import annotations

import enum
from types import SimpleNamespace
from typing import Any

from msjax import mint
from msjax.core import context
from msjax.core.tensor import Tensor

TensorPy = Tensor  # the base of MindSpore's Tensor
_empty_instance = mint.empty

# MindSpore can be built without what could give a program's data away, as saving graphs. This can be asked.
security = SimpleNamespace(enable_security=lambda: False)


class CreationType(enum.IntEnum):
    """What a Tensor that is a view was made by."""

    DEFAULT = 0
    NO_GRAD_MODE = 1
    MULTI_OUTPUT = 2
    CUSTOM_BPROP = 3


class ParamInfo:
    """What MindSpore notes of a Parameter: attributes, with its defaults."""

    def __init__(self):
        self.name, self.key = "Parameter", -1
        self.requires_grad = self.requires_aggr = self.parallel_optimizer = True
        self.layerwise_parallel = self.cache_enable = self.is_param_init = self.use_persistent_storage = False
        self.comm_fusion = 1
        self.storage_format = ""

    def clone(self) -> ParamInfo:
        """The same of another Parameter."""
        other = ParamInfo()
        vars(other).update(vars(self))
        return other


class _Options:
    """`ms_ctx_param.device_target` is the option of that name."""

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return name


ms_ctx_param = _Options()


class MSContext:
    """The one context, in which `get_context` looks and `set_context` writes."""

    _the_one: MSContext | None = None

    @classmethod
    def get_instance(cls) -> MSContext:
        """The context."""
        cls._the_one = cls._the_one or cls()
        return cls._the_one

    def get_param(self, option: str) -> Any:
        """The value of an option."""
        return context.get_context(option)

    def set_param(self, option: str, value: Any) -> None:
        """Set an option."""
        context.set_context(**{option: value})

    def get_ascend_soc_version(self) -> str:
        """The kind of the Ascend chip: there is none."""
        return ""

    def ascend_soc_supports_feature(self, feature: str) -> bool:
        """Whether the Ascend chip has a feature: there is none."""
        return False

    def is_ascend_plugin_loaded(self) -> bool:
        """Whether there is code for Ascend."""
        return False

    def is_pkg_support_device(self, device: str) -> bool:
        """Whether Tensors can be made on such a device."""
        return device.upper() in ("CPU", context.default_target())

    def enable_dump_ir(self) -> bool:
        """Whether graphs can be saved: JAX's ways to look at programs are others."""
        return False


def disable_multi_thread() -> None:
    """Nothing: a thread's operations are begun by that thread."""


def _framework_profiler_step_start() -> None:
    """Nothing: MindSpore's recorder of its own steps is not running, there being none."""


def _framework_profiler_step_end() -> None:
    """Nothing: see `_framework_profiler_step_start`."""
