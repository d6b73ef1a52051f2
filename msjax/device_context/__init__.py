"""MindSpore's settings of one kind of device each. XLA needs none of them: they are noted, and have no effect."""

from msjax.core.names import unknown_name
from msjax.device_context import ascend, cpu, gpu

__getattr__ = unknown_name(__name__)
