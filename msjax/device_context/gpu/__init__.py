"""GPUs: whether there are any, and MindSpore's settings for them."""

from msjax.core.names import unknown_name
from msjax.device_context.gpu import op_precision, op_tuning
from msjax.device_context.settings import presence

is_available, device_count = presence("GPU")

__getattr__ = unknown_name(__name__)
