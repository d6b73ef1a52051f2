"""Optimizers under torch's names, of the room `msjax.nn`."""

import importlib

from msjax.core.names import unknown_name
from msjax.ops import table

_from_table = table.lazily("mint.optim")


def _first(name: str):
    importlib.import_module("msjax.nn")  # publishes the optimizers

    return _from_table(name)


__getattr__ = unknown_name(__name__, _first)


def __dir__():
    return sorted({*globals(), *table.names("mint.optim")})
