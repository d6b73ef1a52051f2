"""Operators of linear algebra and assignments as primitives."""

from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__)
