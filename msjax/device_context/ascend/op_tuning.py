"""Settings for the speed of operators on Ascend."""

from msjax.core.names import unknown_name
from msjax.device_context.settings import setting

aclnn_cache = setting("ascend.op_tuning.aclnn_cache", "enable_global_cache=False, cache_queue_length=10000")
aoe_job_type = setting("ascend.op_tuning.aoe_job_type", "config")
aoe_tune_mode = setting("ascend.op_tuning.aoe_tune_mode", "tune_mode")
op_compile = setting("ascend.op_tuning.op_compile", "value")

__getattr__ = unknown_name(__name__)
