"""Training: checkpoints."""

from msjax.core.names import unknown_name
from msjax.train.checkpoint import (
    async_ckpt_thread_status,
    load_checkpoint,
    load_checkpoint_async,
    save_checkpoint,
)
from msjax.train.conversion import ckpt_to_safetensors, safetensors_to_ckpt
from msjax.train.loading import load_param_into_net

__getattr__ = unknown_name(__name__)
