"""Ascend: whether there are any, and MindSpore's settings for them."""

from msjax.core.names import unknown_name
from msjax.device_context.ascend import op_debug, op_precision, op_tuning
from msjax.device_context.settings import presence

is_available, device_count = presence("Ascend")

__getattr__ = unknown_name(__name__)
