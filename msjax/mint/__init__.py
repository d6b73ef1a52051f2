"""MindSpore's torch-like faces of the operators: `dim` and `keepdim`, and names as in PyTorch.

Everything here is a face of an operator of `msjax.ops`, looked up in the operator table when it is first used.
"""

__only_computes__ = True  # see core.effects

import importlib

from msjax.core.names import unknown_name
from msjax.ops import table

_MODULES = ("linalg", "nn", "optim", "special")
_from_table = table.lazily("mint")


def _first(name: str):
    return importlib.import_module(f"msjax.mint.{name}") if name in _MODULES else _from_table(name)


__getattr__ = unknown_name(__name__, _first)


def __dir__():
    return sorted({*globals(), *_MODULES, *table.names("mint")})
