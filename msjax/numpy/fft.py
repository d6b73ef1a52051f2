"""Fourier transforms with numpy's parameters."""

from msjax.core.names import unknown_name
from msjax.ops import table

__getattr__ = unknown_name(__name__, table.lazily("numpy.fft"))


def __dir__():
    return sorted({*globals(), *table.names("numpy.fft")})
