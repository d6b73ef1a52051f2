"""Systems of linear equations that are given by products with their matrix."""

from msjax.core.names import unknown_name
from msjax.scipy.sparse import linalg

__all__ = ["linalg"]
__getattr__ = unknown_name(__name__)
