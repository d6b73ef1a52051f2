"""Layers under torch's names, of the room `msjax.nn`; and `functional`."""

from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__, "functional", after="msjax.nn")
