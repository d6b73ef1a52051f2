"""Optimizers under torch's names, of the room `msjax.nn`."""

from msjax.core.names import unknown_name
from msjax.nn.optim.grouped_adam import Adam, AdamW
from msjax.nn.optim.grouped_optimizers import SGD

FusedAdamW = AdamW
__all__ = ["Adam", "AdamW", "FusedAdamW", "SGD"]
__getattr__ = unknown_name(__name__)
