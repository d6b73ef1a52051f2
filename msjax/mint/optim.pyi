# Made by scripts/make_stubs.py.
"""Optimizers under torch's names, of the room `msjax.nn`."""

from msjax.nn.optim.grouped_adam import Adam as Adam
from msjax.nn.optim.grouped_adam import AdamW as AdamW
from msjax.nn.optim.grouped_optimizers import SGD as SGD

FusedAdamW = AdamW
