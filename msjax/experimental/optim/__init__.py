"""Optimizers whose groups are open dicts, as in PyTorch; of the room `msjax.nn`."""

from msjax.core.names import unknown_name
from msjax.experimental.optim import lr_scheduler
from msjax.nn.optim.grouped import GroupedOptimizer as Optimizer
from msjax.nn.optim.grouped_adam import Adam, Adamax, AdamW, NAdam, RAdam
from msjax.nn.optim.grouped_optimizers import ASGD, SGD, Adadelta, Adagrad, RMSprop, Rprop

__all__ = [
    "ASGD", "SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "NAdam", "Optimizer", "RAdam", "RMSprop", "Rprop",
]  # fmt: skip
__getattr__ = unknown_name(__name__)
