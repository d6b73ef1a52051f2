"""Faces of special functions under torch's names."""

from msjax.core.names import unknown_name
from msjax.ops import table

__getattr__ = unknown_name(__name__, table.lazily("mint.special"))


def __dir__():
    return sorted({*globals(), *table.names("mint.special")})
