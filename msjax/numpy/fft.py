"""Fourier transforms: faces of the operators of the same names in `msjax.ops`."""

from msjax.core.names import unknown_name
from msjax.ops import table

_NAMES = frozenset(
    "fft fft2 fftfreq fftn fftshift hfft hfft2 hfftn ifft ifft2 ifftn ifftshift ihfft ihfft2 ihfftn "
    "irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn".split()
)


def _first(name: str):
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return table.lookup("ops", name)


__getattr__ = unknown_name(__name__, _first)


def __dir__():
    return sorted({*globals(), *_NAMES & set(table.names("ops"))})
