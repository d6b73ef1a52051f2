"""Settings for the speed of operators on GPUs."""

from msjax.core.names import unknown_name
from msjax.device_context.settings import setting

conv_dgrad_algo = setting("gpu.op_tuning.conv_dgrad_algo", "mode")
conv_fprop_algo = setting("gpu.op_tuning.conv_fprop_algo", "mode")
conv_wgrad_algo = setting("gpu.op_tuning.conv_wgrad_algo", "mode")

__getattr__ = unknown_name(__name__)
