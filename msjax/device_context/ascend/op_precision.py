"""Settings for the precision of operators on Ascend."""

from msjax.core.names import unknown_name
from msjax.device_context.settings import setting

conv_allow_hf32 = setting("ascend.op_precision.conv_allow_hf32", "value")
matmul_allow_hf32 = setting("ascend.op_precision.matmul_allow_hf32", "value")
op_precision_mode = setting("ascend.op_precision.op_precision_mode", "path")
precision_mode = setting("ascend.op_precision.precision_mode", "mode")

__getattr__ = unknown_name(__name__)
