"""Fourier transforms with numpy's parameters."""

from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__)
