"""Optimizers under torch's names, of the room `msjax.nn`."""

from msjax.core.names import unknown_name
from msjax.ops import table

_from_table = table.lazily("mint.optim")


def _first(name: str):
    import msjax.nn  # noqa: F401  publishes the optimizers

    return _from_table(name)


__getattr__ = unknown_name(__name__, _first)


def __dir__():
    return sorted({*globals(), *table.names("mint.optim")})
