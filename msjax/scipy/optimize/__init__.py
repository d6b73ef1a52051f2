"""Minimization, line searches and the assignment problem with scipy's parameters."""

from msjax.core.names import unknown_name
from msjax.ops import table
from msjax.scipy.optimize.quasi_newton import minimize
from msjax.scipy.optimize.wolfe import line_search

linear_sum_assignment = table.lookup(__name__.partition(".")[2], "linear_sum_assignment")

__all__ = ["line_search", "linear_sum_assignment", "minimize"]
__getattr__ = unknown_name(__name__)
