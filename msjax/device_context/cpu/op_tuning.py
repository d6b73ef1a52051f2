"""Settings for the speed of operators on CPUs."""

from msjax.core.names import unknown_name
from msjax.device_context.settings import setting

threads_num = setting("cpu.op_tuning.threads_num", "num")

__getattr__ = unknown_name(__name__)
