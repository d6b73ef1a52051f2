# Made by scripts/make_stubs.py.
"""Faces of the operators of linear algebra under torch's names."""

from msjax.core.methods import TensorLike
from msjax.core.tensor import Tensor
from typing import Any

def inv(input: TensorLike) -> Tensor:
    """The inverses of square matrices (or of their adjoints)."""
    ...
def matrix_norm(A: TensorLike, ord: Any = 'fro', dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The norm of the matrices in the two axes `dim`."""
    ...
def norm(A: TensorLike, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The norm of vectors or matrices along `dim`: of all elements for None; `ord` as in numpy.linalg.norm."""
    ...
def qr(A: TensorLike, mode: Any = 'reduced') -> tuple[Tensor, Tensor]:
    """The orthogonal Q and upper triangular R with A = Q @ R; `mode` is "reduced", "complete" or "r"."""
    ...
def vecdot(x: TensorLike, y: TensorLike, *, dim: Any = -1) -> Tensor:
    """The sum over `dim` of conj(x) * y."""
    ...
def vector_norm(x: TensorLike, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The `ord`-norm of vectors along `dim`, of all elements for None."""
    ...
