"""Cosine transforms with scipy's parameters."""

from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__)
