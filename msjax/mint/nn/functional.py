"""Faces of the operators that networks use, under torch's names."""

from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__)
