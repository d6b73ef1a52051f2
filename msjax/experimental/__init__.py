"""What MindSpore calls experimental: optimizers with open groups of Parameters."""

from msjax.core.names import unknown_name
from msjax.experimental import optim

__getattr__ = unknown_name(__name__)
