"""Iterative solvers for systems of linear equations; as MindSpore had them up to 2.2."""

from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__)
