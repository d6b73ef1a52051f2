"""MindSpore's torch-like faces of the operators: `dim` and `keepdim`, and names as in PyTorch.

Everything here is a face of an operator of `msjax.ops`, looked up in the operator table when it is first used.
"""

__only_computes__ = True  # see core.effects

from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__, "distributed", "linalg", "nn", "optim", "special")
