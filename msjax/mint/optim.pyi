# Made by scripts/make_stubs.py.
"""Optimizers under torch's names, of the room `msjax.nn`."""

from msjax.nn.optim.grouped_rules import AdamW as AdamW

FusedAdamW = AdamW
