# Made by scripts/make_stubs.py.
"""What MindSpore calls experimental: optimizers with open groups of Parameters."""

from msjax.experimental import optim as optim

