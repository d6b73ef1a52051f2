# Made by scripts/make_stubs.py.
"""Faces of special functions under torch's names."""

from msjax.core.methods import TensorLike
from msjax.core.tensor import Tensor
from typing import Any

def erfc(input: TensorLike) -> Tensor:
    """1 - erf(input) of each element, exact for large input too."""
    ...
def exp2(input: TensorLike) -> Tensor:
    """2 to the power of each element."""
    ...
def expm1(input: TensorLike) -> Tensor:
    """exp(input) - 1 of each element, exact for small input too."""
    ...
def log1p(input: TensorLike) -> Tensor:
    """The natural logarithm of 1 + input, exact for small input too."""
    ...
def log_softmax(input: TensorLike, dim: Any = None, *, dtype: Any = None) -> Tensor:
    """The logarithm of softmax along `dim`; by default axis 0 of 1 or 3 axes, else axis 1."""
    ...
def round(input: TensorLike, *, decimals: int = 0) -> Tensor:
    """Round half to even, to `decimals` places."""
    ...
def sinc(input: TensorLike) -> Tensor:
    """sin(pi input) / (pi input) of each element; 1 at 0."""
    ...
