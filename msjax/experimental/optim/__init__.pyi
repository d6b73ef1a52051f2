# Made by scripts/make_stubs.py.
"""Optimizers whose groups are open dicts, as in PyTorch; of the room `msjax.nn`."""

from msjax.experimental.optim import lr_scheduler as lr_scheduler
from msjax.nn.optim.grouped import GroupedOptimizer
from msjax.nn.optim.grouped_adam import Adam as Adam
from msjax.nn.optim.grouped_adam import AdamW as AdamW
from msjax.nn.optim.grouped_adam import Adamax as Adamax
from msjax.nn.optim.grouped_adam import NAdam as NAdam
from msjax.nn.optim.grouped_adam import RAdam as RAdam
from msjax.nn.optim.grouped_optimizers import ASGD as ASGD
from msjax.nn.optim.grouped_optimizers import Adadelta as Adadelta
from msjax.nn.optim.grouped_optimizers import Adagrad as Adagrad
from msjax.nn.optim.grouped_optimizers import RMSprop as RMSprop
from msjax.nn.optim.grouped_optimizers import Rprop as Rprop
from msjax.nn.optim.grouped_optimizers import SGD as SGD

Optimizer = GroupedOptimizer
