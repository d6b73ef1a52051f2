"""Settings for the precision of operators on GPUs."""

from msjax.core.names import unknown_name
from msjax.device_context.settings import setting

conv_allow_tf32 = setting("gpu.op_precision.conv_allow_tf32", "value")
matmul_allow_tf32 = setting("gpu.op_precision.matmul_allow_tf32", "value")

__getattr__ = unknown_name(__name__)
