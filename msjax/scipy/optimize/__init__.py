"""Minimization, line searches and the assignment problem with scipy's parameters."""

from msjax.core.names import unknown_name
from msjax.scipy.optimize.line_search import line_search
from msjax.scipy.optimize.linear_sum_assignment import linear_sum_assignment
from msjax.scipy.optimize.minimize import minimize

__all__ = ["line_search", "linear_sum_assignment", "minimize"]
__getattr__ = unknown_name(__name__)
