"""Faces of the operators of linear algebra under torch's names."""

from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__)
