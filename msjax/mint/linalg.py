"""Faces of the operators of linear algebra under torch's names."""

from msjax.core.names import unknown_name
from msjax.ops import table

__getattr__ = unknown_name(__name__, table.lazily("mint.linalg"))


def __dir__():
    return sorted({*globals(), *table.names("mint.linalg")})
