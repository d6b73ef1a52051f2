"""The assignment problem, an operator."""

from msjax.ops import table

linear_sum_assignment = table.lookup("scipy.optimize", "linear_sum_assignment")
