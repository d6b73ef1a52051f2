"""Checkpoints: Parameters in `.ckpt` files, as MindSpore writes and reads them, and in safetensors files."""

from msjax.train.checkpoint.conversion import ckpt_to_safetensors, safetensors_to_ckpt
from msjax.train.checkpoint.into_net import load_param_into_net
from msjax.train.checkpoint.load import load_checkpoint, load_checkpoint_async
from msjax.train.checkpoint.save import async_ckpt_thread_status, save_checkpoint
