"""Layers under torch's names, of the room `msjax.nn`; and `functional`."""

import importlib

from msjax.core.names import unknown_name
from msjax.ops import table

_from_table = table.lazily("mint.nn")


def _first(name: str):
    if name == "functional":
        return importlib.import_module("msjax.mint.nn.functional")
    importlib.import_module("msjax.nn")  # publishes the layers

    return _from_table(name)


__getattr__ = unknown_name(__name__, _first)


def __dir__():
    return sorted({*globals(), "functional", *table.names("mint.nn")})
