"""Settings for looking for faults in operators on Ascend."""

from msjax.core.names import unknown_name
from msjax.device_context.settings import setting

aclinit_config = setting("ascend.op_debug.aclinit_config", "config")
debug_option = setting("ascend.op_debug.debug_option", "option_value")
execute_timeout = setting("ascend.op_debug.execute_timeout", "op_timeout")

__getattr__ = unknown_name(__name__)
